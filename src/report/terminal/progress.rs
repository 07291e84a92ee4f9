//! A run while it happens: one more reader of its events.

use std::io::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::engine::Event;
use crate::record::Verdict;
use crate::report::visible_line;

/// How many cases without a good end are named as they happen: a registry that is down has hundreds.
const NAMED: usize = 12;

/// Reads a run's events to their end. Where `shown`, standard error has a bar with the rate and the time left,
/// and above it each case that failed or reached no verdict; where standard error is no terminal, it has these
/// cases and a line every so often instead of the bar. Otherwise nothing is written.
pub async fn follow(mut events: UnboundedReceiver<Event>, shown: bool) {
    let target = if shown {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let mut progress = Progress::new(target);
    if shown && progress.bar.is_hidden() {
        progress.lines = Some(Box::new(std::io::stderr()));
    }
    while let Some(event) = events.recv().await {
        progress.hear(&event);
    }
    progress.bar.finish_and_clear();
}

/// How many lines tell how far a run is, where there is no bar.
const PARTS: usize = 10;

/// What is shown of a run that goes on.
struct Progress {
    bar: ProgressBar,
    /// Where lines go instead of the bar.
    lines: Option<Box<dyn Write + Send>>,
    /// How many cases there are, and how many are over.
    cases: usize,
    over: usize,
    failed: usize,
    unfinished: usize,
}

impl Progress {
    fn new(target: ProgressDrawTarget) -> Self {
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template(
            "{elapsed:>4} {bar:32} {pos}/{len} cases, {per_sec}, {eta} left  {msg}",
        );
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("━━─"));
        }
        Self {
            bar,
            lines: None,
            cases: 0,
            over: 0,
            failed: 0,
            unfinished: 0,
        }
    }

    fn hear(&mut self, event: &Event) {
        match event {
            Event::Started { cases, .. } => {
                self.cases = *cases;
                self.bar
                    .set_length(u64::try_from(*cases).unwrap_or(u64::MAX));
                self.bar.enable_steady_tick(Duration::from_millis(200));
            }
            Event::CaseStarted { .. } => {}
            Event::CaseFinished { id, verdict, .. } => self.finished(id, *verdict),
            Event::Waiting { pause_ms } => {
                let pause = crate::report::words::duration(*pause_ms);
                self.bar
                    .set_message(format!("waiting {pause}, as the target asks"));
            }
            Event::Finished { .. } => self.bar.disable_steady_tick(),
        }
    }

    fn finished(&mut self, id: &str, verdict: Verdict) {
        match verdict {
            Verdict::Fail => self.failed += 1,
            Verdict::Error => self.unfinished += 1,
            Verdict::Pass
            | Verdict::Warn
            | Verdict::Unsupported
            | Verdict::Blocked
            | Verdict::Skipped => {}
        }
        let bad = self.failed + self.unfinished;
        if matches!(verdict, Verdict::Fail | Verdict::Error) && bad <= NAMED {
            self.say(&format!("{verdict} {}", visible_line(id)));
            if bad == NAMED {
                self.say("… more are told at the end");
            }
        }
        self.bar.set_message(self.state());
        self.bar.inc(1);
        self.over += 1;
        let part = (self.cases / PARTS).max(1);
        if self.lines.is_some() && (self.over.is_multiple_of(part) || self.over == self.cases) {
            let state = self.state();
            let state = if state.is_empty() {
                state
            } else {
                format!(", {state}")
            };
            self.say(&format!("{} of {} cases{state}", self.over, self.cases));
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn ended(verdict: Verdict) -> Event {
        Event::CaseFinished {
            id: Arc::from("a-case"),
            verdict,
            duration_ms: 1,
        }
    }

    #[test]
    fn cases_are_counted_and_what_fails_is_said() {
        let mut progress = Progress::new(ProgressDrawTarget::hidden());
        for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Fail, Verdict::Error] {
            progress.hear(&ended(verdict));
        }
        assert_eq!(progress.bar.position(), 4);
        assert_eq!(progress.bar.message(), "2 failed, 1 in error");
        progress.hear(&Event::Waiting { pause_ms: 2000 });
        assert_eq!(progress.bar.message(), "waiting 2.0 s, as the target asks");
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
    fn without_a_terminal_lines_tell_how_far_it_is() {
        let mut progress = Progress::new(ProgressDrawTarget::hidden());
        let to = Shared::default();
        progress.lines = Some(Box::new(to.clone()));
        progress.cases = 20;
        for n in 0..20 {
            progress.hear(&ended(if n == 4 { Verdict::Fail } else { Verdict::Pass }));
        }
        let said =
            to.0.lock()
                .map(|all| String::from_utf8_lossy(&all).into_owned());
        let said = said.unwrap_or_default();
        assert!(
            said.starts_with(
                "2 of 20 cases\n4 of 20 cases\nfail a-case\n6 of 20 cases, 1 failed\n"
            )
        );
        assert_eq!(said.lines().count(), 11);
    }

    #[tokio::test]
    async fn it_ends_with_the_events() {
        let (tell, hear) = tokio::sync::mpsc::unbounded_channel();
        assert!(tell.send(ended(Verdict::Pass)).is_ok());
        drop(tell);
        follow(hear, false).await;
    }
}
