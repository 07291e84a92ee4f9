//! What came of a trial, compared with what a scenario expects.

use super::alter::url_at;
use super::content::Content;
use super::effect::{self, effect};
use super::exchanges::Seen;
use super::format::{Action, ContentKind, Judgement, OtherHost, Printed, Redirect};
use super::trial::Trial;
use crate::registry::Endpoint;
use crate::traffic::Finding;

/// Judges one expectation of a scenario.
pub fn judge(judgement: &Judgement, trial: &Trial) -> Finding {
    if let Some(why) = unanswered(trial) {
        return Finding::NotExercised(why);
    }
    match judgement {
        Judgement::Refused => refused(trial),
        Judgement::Succeeds => unproved(trial).unwrap_or_else(|| succeeds(trial)),
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

/// Why the end of the client says nothing about the scenario, although it was answered.
fn unproved(trial: &Trial) -> Option<Finding> {
    let name = OtherHost::Name;
    let leads_there = trial
        .setup
        .answers
        .iter()
        .any(|answer| answer.location == Some(name) || answer.redirect == Some(Redirect::Name));
    let was_there = trial.seen.iter().any(|seen| seen.host == Some(name));
    if leads_there && !was_there && !trial.succeeded() {
        // Only the proxy of its environment knows the name.
        let why = format!("the client sent nothing to {}", name.describe());
        return Some(Finding::NotExercised(why));
    }
    let asked = &trial.setup.asked;
    let large = asked.content == ContentKind::LargeManifest && asked.action == Action::Push;
    if large && trial.succeeded() && !trial.seen.iter().any(pushes_large_manifest) {
        let why = "the client pushes a smaller manifest of its own";
        return Some(Finding::not_exercised(why));
    }
    None
}

/// The bytes of a manifest that is large.
const LARGE: usize = 3_900_000;

fn pushes_large_manifest(seen: &Seen) -> bool {
    let manifest = matches!(seen.request.endpoint, Endpoint::Manifest(..));
    manifest && seen.request.is("PUT") && seen.request.body.len() >= LARGE
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
        (true, Err(_)) if trial.is_judged_by_output() && trial.output_is_cut() => {
            Finding::not_exercised(CUT)
        }
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

/// Why nothing is said about an output that is too long.
const CUT: &str = "the client prints so much that only the beginning and the end were read";

fn prints(printed: &Printed, trial: &Trial) -> Finding {
    let found = trial.output().matches(&printed.text).count();
    let times = |count: usize| match count {
        0 => "not at all".to_owned(),
        1 => "once".to_owned(),
        many => format!("{many} times"),
    };
    let text = &printed.text;
    match printed.at_most {
        None if found == 0 && trial.output_is_cut() => Finding::not_exercised(CUT),
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
    let expected = format!("at most {} of a body without end, and an end", mib(bytes));
    let actual = format!("took {}, {}", mib(taken), trial.ending());
    Finding::of(taken <= bytes && !trial.hung(), expected, actual).shown_by_first_answer(trial)
}

/// Whether a line of standard output has a digest, and none of the content's own: a warning may name both, and one that names
/// the wrong digest alone belongs to standard error.
fn prints_digest(trial: &Trial, digest: &str) -> bool {
    let Content { image, .. } = trial.content.as_ref();
    let own = [
        &image.manifest,
        &image.config,
        &image.layer,
        trial.content.root().0,
    ];
    let mut lines = trial.commands.iter().flat_map(|one| one.stdout.lines());
    lines.any(|line| line.contains(digest) && !own.iter().any(|one| line.contains(&one.digest)))
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
    if prints_digest(trial, wrong) {
        let actual = format!("exit status 0, and {wrong} on standard output");
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
