//! Rules for upload sessions that need to know how the client ended.

use crate::client_test::trial::Trial;
use crate::traffic::{Finding, first_violation, sessions};

/// Where the client did well, every session that got a chunk is closed.
pub fn session_closed(trial: &Trial) -> Finding {
    if !trial.succeeded() {
        return Finding::not_exercised("the client failed");
    }
    let sessions = sessions(&trial.traffic);
    let found = sessions.iter().filter_map(|session| {
        let patches = session.with_method("PATCH");
        let last = patches.filter(|one| one.succeeds()).last()?;
        let closed = ["PUT", "DELETE"]
            .iter()
            .any(|method| session.with_method(method).next().is_some());
        let actual = if closed { "a PUT" } else { "no PUT" };
        Some(Finding::of(closed, "a PUT after the last chunk", actual).shown_by(last.number))
    });
    first_violation(found).unwrap_or_else(|| Finding::not_exercised("no upload with PATCH"))
}

/// After an upload that failed, its session is cancelled.
pub fn cancelled(trial: &Trial) -> Finding {
    if trial.succeeded() {
        return Finding::not_exercised("the client did not fail");
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
    first_violation(found).unwrap_or_else(|| Finding::not_exercised("no upload failed"))
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
    first_violation(found)
        .unwrap_or_else(|| Finding::not_exercised("the client cancelled no upload in vain"))
}
