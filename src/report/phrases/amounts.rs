//! Numbers with their units.

use crate::data::count;
use crate::record::{Body, Run};

/// "6 requirements (15 cases)": the unit in which every report says how much is violated.
pub(in crate::report) fn extent(requirements: usize, cases: usize) -> String {
    let requirements = count(requirements, "requirement");
    format!("{requirements} ({})", count(cases, "case"))
}

/// "12 ms", "1.2 s", "2 min 3 s".
pub(in crate::report) fn duration(ms: u64) -> String {
    if ms < 1000 {
        return format!("{ms} ms");
    }
    let tenths = ms / 100;
    if tenths < 600 {
        return format!("{}.{} s", tenths / 10, tenths % 10);
    }
    let seconds = ms / 1000;
    format!("{} min {} s", seconds / 60, seconds % 60)
}

/// "12 bytes", "1.5 KiB", "10.0 MiB".
pub(in crate::report) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        1 => "1 byte".to_owned(),
        0..KIB => format!("{bytes} bytes"),
        KIB..0x10_0000 => format!("{} KiB", tenths(KIB)),
        _ => format!("{} MiB", tenths(KIB * KIB)),
    }
}

/// The size of a body and how the record has it: "96 bytes", "10.0 MiB, cut, in hexadecimal".
pub(in crate::report) fn body(body: &Body) -> String {
    let cut = if body.cut { ", cut" } else { "" };
    let binary = if body.binary { ", in hexadecimal" } else { "" };
    format!("{}{cut}{binary}", size(body.size))
}

/// ", seed 7", where the content of a run has one.
pub(in crate::report) fn seed(run: &Run) -> String {
    run.content_seed()
        .map_or_else(String::new, |seed| format!(", seed {seed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_and_clients_have_no_seed() {
        let mut run = crate::report::sample::all_pass();
        run.seed = 7;
        assert_eq!(seed(&run), ", seed 7");
        run.target.judged_by = crate::record::JudgedBy::Proxy;
        assert_eq!(seed(&run), "");
    }

    #[test]
    fn amounts_have_their_unit() {
        let texts: Vec<String> = [0, 999, 1234, 59_999, 60_000, 123_456].map(duration).into();
        assert_eq!(
            texts,
            [
                "0 ms",
                "999 ms",
                "1.2 s",
                "59.9 s",
                "1 min 0 s",
                "2 min 3 s"
            ]
        );
        let texts: Vec<String> = [0, 1, 1536, 10 << 20].map(size).into();
        assert_eq!(texts, ["0 bytes", "1 byte", "1.5 KiB", "10.0 MiB"]);
    }
}
