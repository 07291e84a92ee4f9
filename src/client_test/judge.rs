//! What came of a trial, compared with what a scenario expects.

use super::alter::url_at;
use super::format::{Action, Judgement, OtherHost, Printed};
use super::rules::judge_rule;
use super::setup::{ARTIFACT_TYPE, MORE_TAGS, TAG};
use super::trial::Trial;
use crate::registry::ApiRequest;
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
        Judgement::Rule(rule) => judge_rule(*rule, trial),
    }
}

/// Why nothing can be said: the client made no request that the scenario answers in its own way.
fn unanswered(trial: &Trial) -> Option<String> {
    // The first answer is the point of the scenario; others follow from it.
    trial.given.first().filter(|count| **count == 0)?;
    let to = &trial.setup.answers.first()?.to;
    let mut what = to.method.clone().unwrap_or_else(|| "request".to_owned());
    if let Some(kind) = to.endpoint {
        what.push_str(&format!(" for a {}", format!("{kind:?}").to_lowercase()));
    }
    if let Some(content) = to.content {
        what.push_str(&format!(
            " for the {}",
            format!("{content:?}").to_lowercase()
        ));
    }
    Some(format!("the client sent no {what}"))
}

fn refused(trial: &Trial) -> Finding {
    let expected = "a failure, and nothing of the wrong content in its destination";
    let actual = match trial.setup.action {
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
}

/// Whether a client that did well also did what it was asked for.
pub fn succeeds(trial: &Trial) -> Finding {
    let expected = "exit status 0, and the effect of the action";
    let ending = match trial.last_line() {
        Some(line) => format!("{}: {line}", trial.ending()),
        None => trial.ending(),
    };
    match (trial.succeeded(), effect(trial)) {
        (true, Ok(())) => Finding::holds(expected, "exit status 0, and the effect"),
        (true, Err(lacks)) => Finding::violated(expected, format!("exit status 0, but {lacks}")),
        (false, _) => {
            let last = trial
                .seen
                .iter()
                .rposition(|seen| seen.response.status >= 400);
            let found = Finding::violated(expected, ending);
            match last.or_else(|| trial.seen.len().checked_sub(1)) {
                Some(at) => found.shown_by(at),
                None => found,
            }
        }
    }
}

/// # Errors
/// What the action did not do.
fn effect(trial: &Trial) -> Result<(), String> {
    let output = trial.output();
    let says = |text: &str| match output.contains(text) {
        true => Ok(()),
        false => Err(format!("the output does not contain `{text}`")),
    };
    let (root, _) = trial.content.root();
    match trial.setup.action {
        Action::Pull if trial.landed.expected => Ok(()),
        Action::Pull => Err(trial.landed.describe().to_owned()),
        Action::Push => is_complete(trial, &trial.name),
        Action::Copy => is_complete(trial, &trial.copy),
        Action::Tags => [TAG].iter().chain(&MORE_TAGS).try_for_each(|tag| {
            let listed = output.split(|letter: char| !letter.is_alphanumeric());
            match listed.into_iter().any(|word| word == *tag) {
                true => Ok(()),
                false => Err(format!("the tag `{tag}` is not in the output")),
            }
        }),
        Action::Delete => match get(trial, &format!("manifests/{TAG}")).status {
            404 => Ok(()),
            _ => Err(format!("the tag `{TAG}` still exists")),
        },
        Action::Attach => {
            let listed = get(trial, &format!("referrers/{}", root.digest));
            let tag = root.digest.replace(':', "-");
            let fallback = get(trial, &format!("manifests/{tag}"));
            let lists = [listed, fallback].into_iter().any(|response| {
                let body = String::from_utf8_lossy(&response.body).into_owned();
                response.status == 200 && body.contains(ARTIFACT_TYPE)
            });
            match lists {
                true => Ok(()),
                false => Err("no list of referrers has the artifact".to_owned()),
            }
        }
        Action::Referrers => says(ARTIFACT_TYPE),
        Action::Resolve => says(&root.digest),
    }
}

/// # Errors
/// What is missing of the image under the tag.
fn is_complete(trial: &Trial, name: &str) -> Result<(), String> {
    let read = |path: &str| {
        let path = format!("/v2/{name}/{path}");
        trial
            .stored
            .request(&ApiRequest::new("GET", "http://localhost", &path))
    };
    let manifest = read(&format!("manifests/{TAG}"));
    if manifest.status != 200 {
        return Err(format!("the tag `{TAG}` does not exist in {name}"));
    }
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.body).unwrap_or_default();
    let layers = manifest.get("layers").and_then(|it| it.as_array());
    let children = manifest.get("manifests").and_then(|it| it.as_array());
    let lists = [layers, children].into_iter().flatten().flatten();
    let named: Vec<&str> = lists
        .chain(manifest.get("config"))
        .filter_map(|one| one.get("digest")?.as_str())
        .collect();
    if named.is_empty() {
        return Err("the manifest names no content".to_owned());
    }
    for digest in named {
        let kinds = ["blobs", "manifests"];
        // A redirect leads to content that exists.
        let exists = kinds
            .iter()
            .any(|kind| read(&format!("{kind}/{digest}")).status < 400);
        if !exists {
            return Err(format!("{name} lacks {digest}"));
        }
    }
    Ok(())
}

fn get(trial: &Trial, path: &str) -> crate::registry::ApiResponse {
    let path = format!("/v2/{}/{path}", trial.name);
    trial
        .stored
        .request(&ApiRequest::new("GET", "http://localhost", &path))
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
            Finding::NotExercised(format!("the client does not print `{text}`"))
        }
        Some(most) => {
            let expected = format!("`{text}` in the output, {} at most", times(most));
            Finding::of(found <= most, expected, times(found))
        }
    }
}

fn keeps_credentials(host: OtherHost, trial: &Trial) -> Finding {
    let expected = format!("no password and no token to {}", shown(host));
    let asked = trial.seen.iter().enumerate();
    let asked: Vec<_> = asked.filter(|(_, seen)| seen.host == Some(host)).collect();
    let leaks = |(at, seen): &(usize, &super::wire::Seen)| {
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
            Finding::NotExercised(format!("the client sent nothing to {}", shown(host)))
        }
    }
}

const fn shown(host: OtherHost) -> &'static str {
    match host {
        OtherHost::Name => "the other host",
        OtherHost::Port => "the other port",
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
        None => Finding::NotExercised("the client does not use the header".to_owned()),
    }
}
