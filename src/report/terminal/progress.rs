//! A run while it happens: one more reader of its events.

use std::io::Write;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;

use super::bar::{Bar, SILENCE, pace};
use super::live::Live;
use super::style::OutputStyle;
use crate::engine::{Event, Reason};
use crate::record::Verdict;
use crate::report::{phrases, sanitize_line};

/// How a run is shown while it happens, on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressMode {
    /// Not at all.
    Nothing,
    /// Only that a registry is still starting, where the run waits for that.
    Start,
    /// Only what the first request is waited for, where that takes long.
    Waiting,
    /// A bar that moves, with the rate and the time left, and above it what deviates.
    Bar,
    /// Lines: what deviates, and now and then how far the run is. For what cannot take a line back.
    Lines,
}

/// Reads a run's events to their end, and shows each deviation, and each case without a verdict, as it happens. A silent
/// target is named.
pub async fn follow(mut events: UnboundedReceiver<Event>, mode: ProgressMode, output: OutputStyle) {
    let mut progress = Progress::new(mode, output);
    loop {
        match tokio::time::timeout(SILENCE, events.recv()).await {
            Ok(Some(event)) => progress.on_event(&event),
            Ok(None) => break,
            Err(_) => progress.on_silence(),
        }
    }
    progress.bar.bar.finish_and_clear();
}

/// How many lines show the progress, where there is no bar.
const PARTS: usize = 10;

struct Progress {
    mode: ProgressMode,
    output: OutputStyle,
    bar: Bar,
    /// Where lines go instead of the bar.
    lines: Option<Box<dyn Write + Send>>,
    began: Instant,
    /// The target's address, until it answers.
    connecting: Option<String>,
    /// Whether lines named the target that is waited for.
    named: bool,
    /// How many cases there are, and how many are over.
    cases: usize,
    over: usize,
    live: Live,
}

impl Progress {
    fn new(mode: ProgressMode, output: OutputStyle) -> Self {
        Self {
            mode,
            output,
            bar: Bar::new(mode == ProgressMode::Bar),
            lines: match mode {
                ProgressMode::Start | ProgressMode::Waiting | ProgressMode::Lines => {
                    Some(Box::new(std::io::stderr()))
                }
                ProgressMode::Nothing | ProgressMode::Bar => None,
            },
            began: Instant::now(),
            connecting: None,
            named: false,
            cases: 0,
            over: 0,
            live: Live::default(),
        }
    }

    fn on_event(&mut self, event: &Event) {
        self.bar.heard();
        match event {
            Event::Connecting { url } => {
                self.bar.wait(format!("waiting for {url} to answer"));
                self.connecting = Some(url.clone());
            }
            Event::WaitingForStart { reason, left_ms } => self.wait_for_start(reason, *left_ms),
            Event::Started { cases, .. } => {
                self.connecting = None;
                self.cases = *cases;
                self.began = Instant::now();
                self.bar.start(*cases);
            }
            Event::CaseStarted { .. } => {}
            Event::CleaningUp { items } => {
                let state = format!("deleting {items} items that the run pushed");
                self.bar.bar.set_message(state);
            }
            Event::CaseFinished {
                id,
                verdict,
                reason,
                ..
            } => {
                self.over += 1;
                self.name(id, *verdict, reason.as_ref());
                self.advance(self.began.elapsed());
            }
            Event::RateLimited { pause_ms } => {
                let pause = phrases::duration(*pause_ms);
                let state = format!("rate limited: waiting {pause}");
                self.bar.bar.set_message(state);
            }
            Event::Finished { cases, .. } => self.finish(*cases),
        }
    }

    /// Says, once, that a registry is still starting; the bar always says why.
    fn wait_for_start(&mut self, reason: &str, left_ms: u64) {
        let url = self.connecting.clone().unwrap_or_default();
        let left = phrases::duration(left_ms);
        let text = format!("waiting up to {left} for {url} to start: {reason}");
        let text = sanitize_line(&text).into_owned();
        if self.mode == ProgressMode::Bar {
            self.bar.wait(text);
        } else if !std::mem::replace(&mut self.named, true) {
            self.say(&text);
        }
    }

    /// Lines say what is waited for; the bar does so by itself.
    fn on_silence(&mut self) {
        if let Some(url) = self.connecting.clone() {
            let waits = matches!(self.mode, ProgressMode::Waiting | ProgressMode::Lines);
            if waits && !std::mem::replace(&mut self.named, true) {
                self.say(&format!("waiting for {} to answer", sanitize_line(&url)));
            }
        } else if self.mode == ProgressMode::Lines && self.over < self.cases {
            let silent = phrases::duration(crate::record::millis(SILENCE));
            let (over, cases) = (self.over, self.cases);
            self.say(&format!("{over} of {cases} cases, none ended for {silent}"));
        }
    }

    /// Says what deviates, and why there is no verdict.
    fn name(&mut self, id: &str, verdict: Verdict, reason: Option<&Reason>) {
        let bad = matches!(verdict, Verdict::Fail | Verdict::Error);
        let Some(reason) = reason.filter(|_| bad) else {
            return;
        };
        if let Some(lines) = self.live.add(id, reason, &self.output)
            && matches!(self.mode, ProgressMode::Bar | ProgressMode::Lines)
        {
            self.say(&lines);
        }
    }

    fn advance(&mut self, elapsed: Duration) {
        self.bar.bar.set_message(self.live.state());
        self.bar.bar.inc(1);
        if self.mode == ProgressMode::Lines && self.ends_a_part() {
            let mut parts = Vec::from([format!("{} of {} cases", self.over, self.cases)]);
            parts.extend(pace(self.over, self.cases, elapsed));
            parts.extend(Some(self.live.state()).filter(|state| !state.is_empty()));
            self.say(&parts.join(", "));
        }
    }

    fn ends_a_part(&self) -> bool {
        let part = (self.cases / PARTS).max(1);
        self.over.is_multiple_of(part)
    }

    /// The number of cases of the record, set-ups and invariants included.
    fn finish(&mut self, cases: usize) {
        let all = u64::try_from(cases).unwrap_or(u64::MAX);
        self.bar.bar.set_length(all);
        self.bar.bar.set_position(all);
        self.bar.bar.disable_steady_tick();
        // A bar that is drawn seldom would end below the number of cases.
        self.bar.bar.force_draw();
        let said = self.over == cases && self.ends_a_part();
        if self.mode == ProgressMode::Lines && !said {
            self.say(&format!("{cases} of {cases} cases"));
        }
    }

    /// Says a line above the bar, or where there is none, alone.
    fn say(&mut self, line: &str) {
        match &mut self.lines {
            // Progress that nobody reads any more changes nothing about the run.
            Some(to) => drop(writeln!(to, "{line}")),
            None => self.bar.bar.println(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn ended(verdict: Verdict) -> Event {
        Event::CaseFinished {
            id: Arc::from("a-case"),
            verdict,
            reason: match verdict {
                Verdict::Fail => Some(Reason::Deviates {
                    requirement: "chunk-order".to_owned(),
                    message: "expected status 416, got \u{1b}[31m202".to_owned(),
                }),
                Verdict::Error => Some(Reason::NoVerdict("no response".to_owned())),
                _ => None,
            },
            duration_ms: 1,
        }
    }

    fn started(cases: usize) -> Event {
        Event::Started {
            cases,
            target: crate::report::sample::all_pass().target,
            spec: crate::catalogue::Version::V1_1,
            seed: 1,
        }
    }

    /// A writer that can be read.
    #[derive(Clone, Default)]
    struct Shared(Arc<std::sync::Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().map_or(Ok(0), |mut all| all.write(bytes))
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn lines_of(mode: ProgressMode, act: impl FnOnce(&mut Progress)) -> String {
        let mut progress = Progress::new(mode, OutputStyle::default());
        let to = Shared::default();
        progress.lines = Some(Box::new(to.clone()));
        act(&mut progress);
        let text =
            to.0.lock()
                .map(|all| String::from_utf8_lossy(&all).into_owned());
        text.unwrap_or_default()
    }

    #[test]
    fn the_bar_counts_cases_and_ends_with_the_number_of_the_record() {
        let mut progress = Progress::new(ProgressMode::Nothing, OutputStyle::default());
        progress.on_event(&started(6));
        for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Fail, Verdict::Error] {
            progress.on_event(&ended(verdict));
        }
        assert_eq!(progress.bar.bar.position(), 4);
        let state = "1 deviation so far, 1 case in error";
        assert_eq!(progress.bar.bar.message(), state);
        progress.on_event(&Event::RateLimited { pause_ms: 2000 });
        let waiting = "rate limited: waiting 2.0 s";
        assert_eq!(progress.bar.bar.message(), waiting);
        let (requests, cases) = (9, 7);
        progress.on_event(&Event::Finished { requests, cases });
        assert_eq!(progress.bar.bar.position(), 7);
    }

    #[test]
    fn without_a_bar_lines_tell_how_far_it_is() {
        let text = lines_of(ProgressMode::Lines, |progress| {
            progress.cases = 20;
            for n in 1..=20 {
                progress.over = n;
                let reason = match ended(Verdict::Fail) {
                    Event::CaseFinished { reason, .. } if n == 5 => reason,
                    _ => None,
                };
                let verdict = if n == 5 { Verdict::Fail } else { Verdict::Pass };
                progress.name("a-case", verdict, reason.as_ref());
                let elapsed = u64::try_from(n).unwrap_or_default() * 100;
                progress.advance(Duration::from_millis(elapsed));
            }
            progress.finish(22);
        });
        insta::assert_snapshot!(text);
    }

    #[test]
    fn what_is_waited_for_is_said_once() {
        let url = "http://h:5000".to_owned();
        for mode in [ProgressMode::Start, ProgressMode::Waiting] {
            let text = lines_of(mode, |progress| {
                progress.on_event(&Event::Connecting { url: url.clone() });
                for left_ms in [60_000, 59_000] {
                    let reason = "cannot connect: connection refused".to_owned();
                    progress.on_event(&Event::WaitingForStart { reason, left_ms });
                }
                progress.on_silence();
                progress.on_event(&started(1));
                progress.on_event(&ended(Verdict::Fail));
                progress.on_silence();
            });
            let expected = "waiting up to 1 min 0 s for http://h:5000 to start: cannot connect: connection refused\n";
            assert_eq!(text, expected, "{mode:?}");
        }
    }

    #[test]
    fn a_silent_target_is_named() {
        let url = "http://h:5000".to_owned();
        let text = lines_of(ProgressMode::Lines, |progress| {
            progress.on_event(&Event::Connecting { url });
            progress.on_silence();
            progress.on_silence();
            progress.on_event(&started(2));
            progress.on_silence();
        });
        let expected = "waiting for http://h:5000 to answer\n0 of 2 cases, none ended for 5.0 s\n";
        assert_eq!(text, expected);
    }

    #[tokio::test]
    async fn it_ends_with_the_events() {
        let (sender, events) = tokio::sync::mpsc::unbounded_channel();
        assert!(sender.send(ended(Verdict::Pass)).is_ok());
        drop(sender);
        follow(events, ProgressMode::Nothing, OutputStyle::default()).await;
    }
}
