//! The bar of a run under way, and its words.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::record::millis;
use crate::report::phrases;

/// After how long without an event the bar says so: a target may be silent.
pub(super) const SILENCE: Duration = Duration::from_secs(5);

/// The bar; hidden where it is not wanted.
pub(super) struct Bar {
    pub bar: ProgressBar,
    began: Instant,
    /// When the last event came, in milliseconds since the beginning.
    last: Arc<AtomicU64>,
}

impl Bar {
    pub(super) fn new(shown: bool) -> Self {
        let target = match shown {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        Self {
            bar: ProgressBar::with_draw_target(None, target),
            began: Instant::now(),
            last: Arc::default(),
        }
    }

    /// Records that something happened.
    pub(super) fn heard(&self) {
        self.last
            .store(millis(self.began.elapsed()), Ordering::Relaxed);
    }

    /// A line that says what is waited for.
    pub(super) fn wait(&self, what: String) {
        let style = ProgressStyle::with_template("{spinner} {msg} ({elapsed})");
        self.bar
            .set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        self.bar.set_message(what);
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// The bar of this many cases.
    pub(super) fn start(&self, cases: usize) {
        self.bar.set_style(self.style());
        self.bar.set_message("");
        self.bar.reset_elapsed();
        self.bar
            .set_length(u64::try_from(cases).unwrap_or(u64::MAX));
        self.bar.enable_steady_tick(Duration::from_millis(200));
    }

    /// As wide as the terminal has room for next to the numbers.
    fn style(&self) -> ProgressStyle {
        let template = "{elapsed:>4} {wide_bar} {pos}/{len} cases{pace}  {msg}{silence}";
        let (began, last) = (self.began, self.last.clone());
        let silent = move || millis(began.elapsed()).saturating_sub(last.load(Ordering::Relaxed));
        let silence = silent.clone();
        // A line that cannot be written is a line less.
        let pace = move |state: &ProgressState, to: &mut dyn std::fmt::Write| {
            let over = usize::try_from(state.pos()).unwrap_or(usize::MAX);
            let of = state.len().and_then(|len| usize::try_from(len).ok());
            let pace = of.and_then(|of| pace(over, of, state.elapsed()));
            if let Some(pace) = pace.filter(|_| silent() < millis(SILENCE)) {
                let _ = write!(to, ", {pace}");
            }
        };
        let silence = move |_: &ProgressState, to: &mut dyn std::fmt::Write| {
            let silent = silence();
            if silent >= millis(SILENCE) {
                let _ = write!(to, "  no case ended for {}", phrases::duration(silent));
            }
        };
        ProgressStyle::with_template(template)
            .map(|style| {
                let style = style.with_key("pace", pace).with_key("silence", silence);
                style.progress_chars("━━─")
            })
            .unwrap_or_else(|_| ProgressStyle::default_bar())
    }
}

/// "12/s, 4.0 s left", once there is something to judge by; without the rate where it is below one.
pub(super) fn pace(over: usize, of: usize, elapsed: Duration) -> Option<String> {
    let ms = elapsed.as_millis().max(1);
    let (over, of) = (u128::try_from(over).ok()?, u128::try_from(of).ok()?);
    let rate = over.checked_mul(1000)?.checked_div(ms)?;
    let left = of
        .saturating_sub(over)
        .checked_mul(ms)?
        .checked_div(over.max(1))?;
    let left = phrases::duration(u64::try_from(left).ok()?);
    match rate {
        _ if over == 0 || over >= of => None,
        0 => Some(format!("{left} left")),
        rate => Some(format!("{rate}/s, {left} left")),
    }
}
