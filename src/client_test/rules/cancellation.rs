//! Rules for upload sessions after a failure.

use super::session::sessions;
use super::uploads::with_method;
use crate::client_test::finding::Finding;
use crate::client_test::trial::Trial;

/// After an upload that failed, its session is cancelled.
pub fn cancelled(trial: &Trial) -> Finding {
    if trial.succeeded() {
        return Finding::NotExercised("the client did not fail".to_owned());
    }
    let found = sessions(trial).into_iter().filter_map(|session| {
        let closing = with_method(trial, &session, "PUT").last();
        closing.filter(|(_, seen)| seen.response.status >= 400)?;
        let cancels = with_method(trial, &session, "DELETE").next().is_some();
        let actual = if cancels { "a DELETE" } else { "no DELETE" };
        let found = Finding::of(cancels, "DELETE on the upload session", actual);
        Some(match session.requests.last() {
            Some(at) => found.shown_by(*at),
            None => found,
        })
    });
    Finding::over(found, "no upload failed")
}

/// A session whose cancellation the registry refuses is not cancelled again.
pub fn failure_ignored(trial: &Trial) -> Finding {
    let found = sessions(trial).into_iter().filter_map(|session| {
        let mut cancels = with_method(trial, &session, "DELETE");
        let (at, _) = cancels.find(|(_, seen)| seen.response.status >= 400)?;
        let again = cancels.count();
        let actual = format!("{} of them", again + 1);
        let expected = "one DELETE on the upload session";
        Some(Finding::of(again == 0 && !trial.hung(), expected, actual).shown_by(at))
    });
    Finding::over(found, "the client cancelled no upload in vain")
}
