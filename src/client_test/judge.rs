//! What came of a trial, compared with what a scenario expects.

use super::alter::url_at;
use super::effect::{self, effect};
use super::format::{Action, Judgement, OtherHost, Printed};
use super::trial::Trial;
use super::wire::Seen;
use crate::traffic::Finding;

/// Judges one expectation of a scenario.
pub fn judge(judgement: &Judgement, trial: &Trial) -> Finding {
    if let Some(why) = unanswered(trial) {
        return Finding::NotExercised(why);
    }
    match judgement {
        Judgement::Refused => refused(trial),
        Judgement::Succeeds => succeeds(trial),
        Judgement::Ends => Finding::of(!trial.hung(), "the client ends", trial.ending()),
        Judgement::Prints(printed) => prints(printed, trial),
        Judgement::KeepsCredentialsFrom(host) => keeps_credentials(*host, trial),
        Judgement::TakesAtMost(bytes) => takes_at_most(*bytes, trial),
        Judgement::IgnoresOrRefusesDigest => digest_of_header(trial),
        Judgement::FindsNothing => finds_nothing(trial),
        Judgement::StaysInside => stays_inside(trial),
        Judgement::Rule(rule) => rule.judge(trial),
    }
}

/// Why nothing can be said: the client made no request that the scenario answers in its own way.
fn unanswered(trial: &Trial) -> Option<String> {
    // The first answer is the point of the scenario; others follow from it.
    trial.given.first().filter(|count| **count == 0)?;
    let to = &trial.setup.answers.first()?.to;
    Some(format!("the client sent no {}", to.describe()))
}

fn refused(trial: &Trial) -> Finding {
    let expected = "a failure, and nothing of the wrong content in its destination";
    let actual = match trial.setup.asked.action {
        Action::Pull => format!("{}; {}", trial.ending(), trial.landed.describe()),
        _ => trial.ending(),
    };
    let kept = trial.landed.changed || trial.landed.other;
    Finding::of(
        !trial.succeeded() && !trial.hung() && !kept,
        expected,
        actual,
    )
    .shown_by_first_answer(trial)
}

impl Finding {
    /// Shown by the first exchange that the scenario answered in its own way.
    fn shown_by_first_answer(self, trial: &Trial) -> Self {
        match trial.seen.iter().position(|seen| seen.answer.is_some()) {
            Some(at) => self.shown_by(at),
            None => self,
        }
    }

    /// Shown by the last exchange whose status is an error, or by the last one.
    fn shown_by_last_refusal(self, trial: &Trial) -> Self {
        let refuses = |seen: &Seen| seen.response.status >= 400;
        let last = trial.seen.iter().rposition(refuses);
        match last.or_else(|| trial.seen.len().checked_sub(1)) {
            Some(at) => self.shown_by(at),
            None => self,
        }
    }
}

/// Whether a client that did well also did what it was asked for.
pub fn succeeds(trial: &Trial) -> Finding {
    ends_well(trial, "the effect of the action", effect(trial))
}

/// The client succeeds, and lists nothing that is not attached.
fn finds_nothing(trial: &Trial) -> Finding {
    let found = effect::finds_nothing(&trial.output());
    ends_well(trial, "no referrers", found)
}

/// The client succeeds, and with this effect; otherwise `found` says what it lacks.
fn ends_well(trial: &Trial, effect: &str, found: Result<(), String>) -> Finding {
    let expected = format!("exit status 0, and {effect}");
    match (trial.succeeded(), found) {
        (true, Ok(())) => Finding::holds(expected.clone(), expected),
        (true, Err(lacks)) => Finding::violated(expected, format!("exit status 0, but {lacks}")),
        (false, _) => {
            let ending = match trial.last_line() {
                Some(line) => format!("{}: {line}", trial.ending()),
                None => trial.ending(),
            };
            Finding::violated(expected, ending).shown_by_last_refusal(trial)
        }
    }
}

/// A client that refuses a layer with hostile paths is safe; one that does not unpack layers is not asked.
fn stays_inside(trial: &Trial) -> Finding {
    let expected = "nothing outside of the destination";
    if !trial.outside.is_empty() {
        let actual = format!("{}; {}", trial.outside.join(", "), trial.ending());
        return Finding::violated(expected, actual);
    }
    match (trial.succeeded(), trial.landed.unpacked) {
        (true, false) => Finding::not_exercised("the client does not unpack layers"),
        (true, true) => Finding::holds(expected, "the layer is unpacked, and nothing outside"),
        (false, _) => Finding::of(!trial.hung(), expected, trial.ending()),
    }
}

fn prints(printed: &Printed, trial: &Trial) -> Finding {
    let found = trial.output().matches(&printed.text).count();
    let times = |count: usize| match count {
        0 => "not at all".to_owned(),
        1 => "once".to_owned(),
        many => format!("{many} times"),
    };
    let text = &printed.text;
    match printed.at_most {
        None => Finding::of(found > 0, format!("`{text}` in the output"), times(found)),
        Some(_) if found == 0 => {
            Finding::not_exercised(format!("the client does not print `{text}`"))
        }
        Some(most) => {
            let expected = format!("`{text}` in the output, {} at most", times(most));
            Finding::of(found <= most, expected, times(found))
        }
    }
}

fn keeps_credentials(host: OtherHost, trial: &Trial) -> Finding {
    let expected = format!("no password and no token to {}", host.describe());
    let asked = trial.seen.iter().enumerate();
    let asked: Vec<_> = asked.filter(|(_, seen)| seen.host == Some(host)).collect();
    let leaks = |(at, seen): &(usize, &Seen)| {
        Some((
            *at,
            trial.wire.secrets.carried(&seen.request)?,
            seen.request.method.clone(),
        ))
    };
    match (asked.iter().find_map(leaks), asked.first()) {
        (Some((at, leak, method)), _) => {
            let authority = trial.hosts.authority(host);
            let actual = format!("{method} sent {} to {authority}", leak.name());
            Finding::violated(expected, actual).shown_by(at)
        }
        (None, Some((at, _))) => Finding::holds(expected, "neither").shown_by(*at),
        // A client that does not go there is safe; that it could not is the fault of a proxy that it does not use.
        (None, None) => {
            Finding::not_exercised(format!("the client sent nothing to {}", host.describe()))
        }
    }
}

fn takes_at_most(bytes: u64, trial: &Trial) -> Finding {
    let mib = |bytes: u64| format!("{} MiB", bytes / (1024 * 1024));
    let taken = trial.wire.taken();
    let expected = format!("at most {} of a body without end", mib(bytes));
    let actual = format!("took {}, {}", mib(taken), trial.ending());
    Finding::of(taken <= bytes, expected, actual).shown_by_first_answer(trial)
}

/// A header of the response names the digest of another image: a client may ignore it, or refuse the response, and must not
/// take it for the digest of what it received.
fn digest_of_header(trial: &Trial) -> Finding {
    let wrong = &trial.content.other.manifest.digest;
    let expected = "a failure, or the digest of the received bytes";
    if !trial.succeeded() {
        let found = match trial.hung() {
            true => Finding::violated(expected, trial.ending()),
            false => Finding::holds(expected, trial.ending()),
        };
        return found.shown_by_first_answer(trial);
    }
    let followed = trial.seen.iter().position(|seen| {
        url_at("", &seen.request).contains(wrong.as_str())
            && seen.request.method != "PUT"
            && seen.response.succeeds()
    });
    if trial.output().contains(wrong.as_str()) {
        let actual = format!("exit status 0, and {wrong} in the output");
        return Finding::violated(expected, actual).shown_by_first_answer(trial);
    }
    match followed {
        Some(at) => {
            let actual = format!("exit status 0, after a request for {wrong}");
            Finding::violated(expected, actual).shown_by(at)
        }
        None => Finding::not_exercised("the client does not use the header"),
    }
}
