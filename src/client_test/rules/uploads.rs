//! Rules for uploads that need the end of the client.

use crate::client_test::trial::Trial;
use crate::traffic::{Finding, first_violation, sessions};

fn nothing(why: &str) -> Finding {
    Finding::NotExercised(why.to_owned())
}

/// Where the client did well, every session that got a chunk is closed.
pub fn session_closed(trial: &Trial) -> Finding {
    if !trial.succeeded() {
        return nothing("the client failed");
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
    let found: Vec<Finding> = found.collect();
    first_violation(found).unwrap_or_else(|| nothing("no upload with PATCH"))
}
