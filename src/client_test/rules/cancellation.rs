//! Rules for upload sessions after a failure.

use crate::client_test::trial::Trial;
use crate::traffic::{Finding, first_violation, sessions};

fn nothing(why: &str) -> Finding {
    Finding::NotExercised(why.to_owned())
}

/// After an upload that failed, its session is cancelled.
pub fn cancelled(trial: &Trial) -> Finding {
    if trial.succeeded() {
        return nothing("the client did not fail");
    }
    let sessions = sessions(&trial.traffic);
    let found = sessions.iter().filter_map(|session| {
        let closing = session.with_method("PUT").last()?;
        closing.status().filter(|status| *status >= 400)?;
        let cancels = session.with_method("DELETE").next().is_some();
        let actual = if cancels { "a DELETE" } else { "no DELETE" };
        let found = Finding::of(cancels, "DELETE on the upload session", actual);
        let last = session
            .requests
            .last()
            .map_or(closing.number, |last| last.number);
        Some(found.shown_by(last))
    });
    first_violation(found).unwrap_or_else(|| nothing("no upload failed"))
}

/// A session whose cancellation the registry refuses is not cancelled again.
pub fn failure_ignored(trial: &Trial) -> Finding {
    let sessions = sessions(&trial.traffic);
    let found = sessions.iter().filter_map(|session| {
        let mut cancels = session.with_method("DELETE");
        let first = cancels.find(|one| one.status().is_some_and(|status| status >= 400))?;
        let again = cancels.count();
        let actual = format!("{} of them", again + 1);
        let expected = "one DELETE on the upload session";
        let holds = again == 0 && !trial.hung();
        Some(Finding::of(holds, expected, actual).shown_by(first.number))
    });
    first_violation(found).unwrap_or_else(|| nothing("the client cancelled no upload in vain"))
}
