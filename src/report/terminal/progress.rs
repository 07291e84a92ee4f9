//! A run while it happens: one more reader of its events.

use std::io::Write;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::record::Verdict;
use crate::report::{phrases, sanitize_line};

/// How a run is shown while it happens, on standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressMode {
    /// Not at all.
    Nothing,
    /// A bar that moves, with the rate and the time left, and above it what fails.
    Bar,
    /// Lines: what fails, and now and then how far the run is. For what cannot take a line back.
    Lines,
}

/// Reads a run's events to their end, and shows each case that failed or reached no verdict as it happens.
pub async fn follow(mut events: UnboundedReceiver<Event>, mode: ProgressMode) {
    let mut progress = Progress::new(mode);
    while let Some(event) = events.recv().await {
        progress.on_event(&event);
    }
    progress.bar.finish_and_clear();
}

/// How many cases without a good end are named as they happen: a registry that is down has hundreds.
const NAMED: usize = 20;

/// The most characters of a line.
const REASON: usize = 160;

/// How many lines show the progress, where there is no bar.
const PARTS: usize = 10;

struct Progress {
    bar: ProgressBar,
    /// Where lines go instead of the bar.
    lines: Option<Box<dyn Write + Send>>,
    began: Instant,
    /// How many cases there are, and how many are over.
    cases: usize,
    over: usize,
    failed: usize,
    unfinished: usize,
}

impl Progress {
    fn new(mode: ProgressMode) -> Self {
        let target = match mode {
            ProgressMode::Bar => ProgressDrawTarget::stderr(),
            ProgressMode::Nothing | ProgressMode::Lines => ProgressDrawTarget::hidden(),
        };
        Self {
            bar: ProgressBar::with_draw_target(None, target).with_style(style()),
            lines: match mode {
                ProgressMode::Lines => Some(Box::new(std::io::stderr())),
                ProgressMode::Nothing | ProgressMode::Bar => None,
            },
            began: Instant::now(),
            cases: 0,
            over: 0,
            failed: 0,
            unfinished: 0,
        }
    }

    fn on_event(&mut self, event: &Event) {
        match event {
            Event::Started { cases, .. } => {
                self.cases = *cases;
                self.began = Instant::now();
                self.bar
                    .set_length(u64::try_from(*cases).unwrap_or(u64::MAX));
                self.bar.enable_steady_tick(Duration::from_millis(200));
            }
            Event::CaseStarted { .. } => {}
            Event::CleaningUp { items } => {
                let state = format!("deleting {items} items that the run pushed");
                self.bar.set_message(state);
            }
            Event::CaseFinished {
                id,
                verdict,
                reason,
                ..
            } => {
                self.count(*verdict);
                self.name(id, *verdict, reason.as_deref());
                self.advance(self.began.elapsed());
            }
            Event::RateLimited { pause_ms } => {
                let pause = phrases::duration(*pause_ms);
                self.bar
                    .set_message(format!("rate limited: waiting {pause}"));
            }
            Event::Finished { .. } => self.bar.disable_steady_tick(),
        }
    }

    fn count(&mut self, verdict: Verdict) {
        self.over += 1;
        match verdict {
            Verdict::Fail => self.failed += 1,
            Verdict::Error => self.unfinished += 1,
            Verdict::Pass
            | Verdict::Warn
            | Verdict::Unsupported
            | Verdict::Blocked
            | Verdict::Skipped
            | Verdict::Untested => {}
        }
    }

    /// Says what failed, and why.
    fn name(&mut self, id: &str, verdict: Verdict, reason: Option<&str>) {
        let bad = self.failed + self.unfinished;
        if !matches!(verdict, Verdict::Fail | Verdict::Error) || bad > NAMED {
            return;
        }
        let line = match reason {
            Some(reason) => format!("{verdict:<5} {id}  {reason}"),
            None => format!("{verdict:<5} {id}"),
        };
        let mut line = sanitize_line(&line).into_owned();
        if let Some((end, _)) = line.char_indices().nth(REASON) {
            line.truncate(end);
            line.push('…');
        }
        self.say(&line);
        if bad == NAMED {
            self.say("… the summary lists more");
        }
    }

    fn advance(&mut self, elapsed: Duration) {
        self.bar.set_message(self.state());
        self.bar.inc(1);
        let part = (self.cases / PARTS).max(1);
        if self.lines.is_some() && (self.over.is_multiple_of(part) || self.over == self.cases) {
            let mut parts = Vec::from([format!("{} of {} cases", self.over, self.cases)]);
            parts.extend(pace(self.over, self.cases, elapsed));
            parts.extend(Some(self.state()).filter(|state| !state.is_empty()));
            self.say(&parts.join(", "));
        }
    }

    /// Says a line above the bar, or where there is none, alone.
    fn say(&mut self, line: &str) {
        match &mut self.lines {
            // Progress that nobody reads any more changes nothing about the run.
            Some(to) => drop(writeln!(to, "{line}")),
            None => self.bar.println(line),
        }
    }

    fn state(&self) -> String {
        match (self.failed, self.unfinished) {
            (0, 0) => String::new(),
            (failed, 0) => format!("{failed} failed"),
            (0, unfinished) => format!("{unfinished} in error"),
            (failed, unfinished) => format!("{failed} failed, {unfinished} in error"),
        }
    }
}

/// The bar, as wide as the terminal has room for next to the numbers.
fn style() -> ProgressStyle {
    let template = "{elapsed:>4} {wide_bar} {pos}/{len} cases, {rate}, {eta} left  {msg}";
    let rate = |state: &ProgressState, to: &mut dyn std::fmt::Write| {
        // A line that cannot be written is a line less.
        let _ = write!(to, "{:.0}/s", state.per_sec());
    };
    ProgressStyle::with_template(template)
        .map(|style| style.with_key("rate", rate).progress_chars("━━─"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// "12/s, 4.0 s left", once there is something to judge by.
fn pace(over: usize, of: usize, elapsed: Duration) -> Option<String> {
    let ms = elapsed.as_millis().max(1);
    let (over, of) = (u128::try_from(over).ok()?, u128::try_from(of).ok()?);
    let rate = over.checked_mul(1000)?.checked_div(ms)?;
    let left = of
        .saturating_sub(over)
        .checked_mul(ms)?
        .checked_div(over.max(1))?;
    let left = phrases::duration(u64::try_from(left).ok()?);
    (over < of).then(|| format!("{rate}/s, {left} left"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn ended(verdict: Verdict) -> Event {
        Event::CaseFinished {
            id: Arc::from("a-case"),
            verdict,
            reason: (verdict == Verdict::Fail).then(|| "chunk-order: \u{1b}[31mred".to_owned()),
            duration_ms: 1,
        }
    }

    #[test]
    fn cases_are_counted_and_what_fails_is_said() {
        let mut progress = Progress::new(ProgressMode::Nothing);
        for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Fail, Verdict::Error] {
            progress.on_event(&ended(verdict));
        }
        assert_eq!(progress.bar.position(), 4);
        assert_eq!(progress.bar.message(), "2 failed, 1 in error");
        progress.on_event(&Event::RateLimited { pause_ms: 2000 });
        assert_eq!(progress.bar.message(), "rate limited: waiting 2.0 s");
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

    #[test]
    fn without_a_bar_lines_tell_how_far_it_is() {
        let mut progress = Progress::new(ProgressMode::Nothing);
        let to = Shared::default();
        progress.lines = Some(Box::new(to.clone()));
        progress.cases = 20;
        for n in 1..=20 {
            let verdict = if n == 5 { Verdict::Fail } else { Verdict::Pass };
            progress.count(verdict);
            progress.name("a-case", verdict, Some("chunk-order: \u{1b}[31mred"));
            progress.advance(Duration::from_millis(n * 100));
        }
        let text =
            to.0.lock()
                .map(|all| String::from_utf8_lossy(&all).into_owned());
        insta::assert_snapshot!(text.unwrap_or_default());
    }

    #[test]
    fn a_registry_that_is_down_is_not_told_a_hundred_times() {
        let mut progress = Progress::new(ProgressMode::Nothing);
        let to = Shared::default();
        progress.lines = Some(Box::new(to.clone()));
        for _ in 0..100 {
            progress.count(Verdict::Error);
            progress.name("a-case", Verdict::Error, None);
        }
        let lines =
            to.0.lock()
                .map_or(0, |all| all.split(|b| *b == b'\n').count() - 1);
        assert_eq!(lines, NAMED + 1);
    }

    #[tokio::test]
    async fn it_ends_with_the_events() {
        let (sender, events) = tokio::sync::mpsc::unbounded_channel();
        assert!(sender.send(ended(Verdict::Pass)).is_ok());
        drop(sender);
        follow(events, ProgressMode::Nothing).await;
    }
}
