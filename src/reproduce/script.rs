//! The script for a case of a report.

use std::cmp::Reverse;
use std::sync::LazyLock;

use super::builder::Builder;
use super::checks::Checks;
use super::commands::{advice, judge_again, required};
use super::helpers::helpers;
use super::not_sayable::NotSayable;
use super::word::{one_line, quote};
use crate::endpoint::EndpointKind;
use crate::fixture::{Algorithm, Seed};
use crate::record::{self, JudgedBy, REQUIRED, Run};
use crate::suite::{Case, Invariant, Sources, Suites};

/// The bundled suites: a page has many scripts, and reads them once.
static BUNDLED: LazyLock<Option<Suites>> =
    LazyLock::new(|| Suites::load(&Sources::embedded()).ok());

/// The script that shows whether a registry still does what a case of the report found, for cases of the bundled suites.
///
/// # Errors
/// When the case cannot be said as a script.
pub fn script(run: &Run, case: &record::Case) -> Result<String, NotSayable> {
    let suites = BUNDLED.as_ref().ok_or(NotSayable::NoSuites)?;
    script_of(suites, run, case).map_err(|why| match why {
        NotSayable::NotInSuites(id, version) => NotSayable::NotBundled(id, version),
        other => other,
    })
}

/// Whether a case of the bundled suites can be said as a script.
pub fn has_script(run: &Run, case: &record::Case) -> bool {
    let suites = BUNDLED.as_ref();
    suites.is_some_and(|suites| said(suites, run, case).is_ok())
}

/// The same for cases of any suites.
///
/// # Errors
/// When the case cannot be said as a script.
pub fn script_of(suites: &Suites, run: &Run, case: &record::Case) -> Result<String, NotSayable> {
    said(suites, run, case).map(|builder| assemble(builder, run, case))
}

/// The commands of a script.
fn said<'a>(suites: &'a Suites, run: &Run, case: &record::Case) -> Result<Builder<'a>, NotSayable> {
    if run.target.judged_by != JudgedBy::Run {
        return Err(NotSayable::NotOfRun);
    }
    if run.target.no_push {
        return Err(NotSayable::beyond(
            "the run pushed nothing, and a script pushes its own content",
        ));
    }
    let mut checks = Checks::of(case);
    if let Some(required) = only_required(case) {
        let why = format!(
            "the specification permits that {} is missing, and only --require makes it a failure",
            one_line(&required.join(", "))
        );
        return Err(NotSayable::Beyond(why));
    }
    let ids: Vec<&str> = match suites.invariants().find(|one| one.id == case.id) {
        Some(invariant) => {
            checks.invariant = Some(invariant.clone());
            violated_in(run, case, invariant)
        }
        None => vec![&case.id],
    };
    let mut why = NotSayable::beyond(
        "the case compares every response of a run, and no response of a case violated it",
    );
    for id in ids {
        match written(suites, run, id, checks.clone()) {
            Ok(builder) => return Ok(builder),
            Err(error) => why = error,
        }
    }
    Err(why)
}

/// The required features, where the case fails for nothing else.
fn only_required(case: &record::Case) -> Option<Vec<&str>> {
    let mut broken = case.checks.iter().filter(|check| check.verdict.is_broken());
    let required = required(case);
    let all = broken.all(|check| check.requirement.starts_with(REQUIRED));
    (all && !required.is_empty()).then_some(required)
}

/// The commands for a case, or for the push of a shared fixture.
fn written<'a>(
    suites: &'a Suites,
    run: &Run,
    id: &str,
    checks: Checks,
) -> Result<Builder<'a>, NotSayable> {
    let seed = Seed::new(run.seed).of(id);
    let mut builder = Builder::new(suites, run.spec, seed, checks);
    match instance(suites, id) {
        Some((case, values)) => builder.case(case, &values)?,
        None => {
            let set_up = shared_fixture(suites, id);
            let (fixture, algorithm, repo) = set_up
                .ok_or_else(|| NotSayable::NotInSuites(id.to_owned(), run.spec.to_string()))?;
            builder.shared_fixture(fixture, algorithm, repo)?;
        }
    }
    match builder.judges {
        true => Ok(builder),
        false => Err(NotSayable::beyond(format!(
            "no request of the case {id} is one that the violated requirements are judged by"
        ))),
    }
}

/// The cases that got a response that violates the invariant. A list of tags has the tags of all cases: the case with most
/// requests comes first, whose script pushes most tags.
fn violated_in<'r>(run: &Run, case: &'r record::Case, invariant: &Invariant) -> Vec<&'r str> {
    let answers = case
        .checks
        .iter()
        .filter_map(|check| check.answers.as_ref());
    let cases = answers.flat_map(|answers| answers.cases.iter());
    let mut cases: Vec<&str> = cases.map(String::as_str).collect();
    let lists_tags = |(_, of): &(_, Vec<EndpointKind>)| of.contains(&EndpointKind::TagList);
    if invariant.to.iter().any(lists_tags) {
        let requests = |id: &&str| {
            let found = run.cases.iter().find(|one| one.id == *id);
            found.map_or(0, |one| one.exchanges.len())
        };
        cases.sort_by_key(|id| Reverse(requests(id)));
    }
    cases
}

/// Whether a case of the bundled suites reads content that is pushed once for several cases. Its script pushes this content
/// anew, and no other case requests it.
pub fn reads_shared(case: &record::Case) -> bool {
    let suites = BUNDLED.as_ref();
    let known = suites.and_then(|suites| instance(suites, &case.id));
    known.is_some_and(|(case, _)| case.given.iter().any(|(_, given)| !given.own))
}

/// The case with this name, and its values: `chunked-upload/sha512`.
fn instance<'a>(suites: &'a Suites, id: &str) -> Option<(&'a Case, Vec<(String, String)>)> {
    suites.cases().find_map(|case| {
        let rest = id.strip_prefix(&case.id)?;
        let chosen: Vec<&str> = rest.split('/').skip(1).collect();
        let fits = chosen.len() == case.each.len() && (rest.is_empty() || rest.starts_with('/'));
        let values = case.each.iter().zip(&chosen);
        let values = values.map(|((name, all), value)| {
            let known = all.iter().any(|one| one == value);
            known.then(|| (name.clone(), (*value).to_owned()))
        });
        let values: Option<Vec<(String, String)>> = values.collect();
        values.filter(|_| fits).map(|values| (&**case, values))
    })
}

/// The fixture of the name that `engine` gives a set-up: `set-up-small-image`, with the algorithm and `repo2` where they
/// are unusual, each after a slash.
fn shared_fixture<'i>(suites: &Suites, id: &'i str) -> Option<(&'i str, Algorithm, &'static str)> {
    let mut parts = id.strip_prefix("set-up-")?.split('/');
    let fixture = parts
        .next()
        .filter(|name| suites.fixtures.get(name).is_some())?;
    let more: Vec<&str> = parts.collect();
    let algorithm = more.iter().find_map(|part| part.parse().ok());
    let repo = if more.contains(&"repo2") {
        "REPO2"
    } else {
        "REPO"
    };
    Some((fixture, algorithm.unwrap_or_default(), repo))
}

/// The whole text of a script.
fn assemble(builder: Builder<'_>, run: &Run, case: &record::Case) -> String {
    let target = match run.target.bundled {
        true => "",
        false => run.target.url.as_str(),
    };
    let mut lines = builder.content;
    let constants = lines.len();
    lines.push("");
    lines.append(builder.body);
    debug_assert!(constants < lines.len());
    let steps = lines.finish(1);
    let mut options = run.target.options.iter();
    let login = options.find_map(|option| option.strip_prefix("--username="));
    let mut main = format!(
        "main() {{\n  CASE={}\n  RUN={}\n  LOGIN={}\n",
        quote(&one_line(&case.id)),
        quote(&judge_again(run, None)),
        quote(&one_line(login.unwrap_or_default()))
    );
    for (name, value) in [("REPO", &run.target.repo), ("REPO2", &run.target.repo2)] {
        if name == "REPO" || steps.contains("$REPO2") {
            main.push_str(&format!("  {name}={}\n", quote(&one_line(value))));
        }
    }
    main.push_str(&format!(
        "  begin {} \"$@\"\n\n{steps}\n  finish\n}}\n",
        quote(&one_line(target))
    ));
    let helpers = helpers(&main);
    format!("{}\n{main}\n{helpers}\n\nmain \"$@\"\n", heading(run, case))
}

/// What a reader should know first.
fn heading(run: &Run, case: &record::Case) -> String {
    let default = match run.target.bundled {
        true => String::new(),
        false => format!(" {} by default.", one_line(&run.target.url)),
    };
    let mut text = format!(
        "#!/bin/sh\n# shellcheck disable=SC2317,SC2034,SC1111 # Functions are called by name; not every case uses every variable; quotes are content.\n# Case {}, specification {}: {}\n",
        one_line(&case.id),
        run.spec,
        one_line(&case.title)
    );
    let mut named: Vec<&str> = Vec::new();
    for check in case.checks.iter().filter(|check| check.verdict.is_broken()) {
        if !named.contains(&check.requirement.as_str()) {
            named.push(&check.requirement);
            text.push_str(&format!(
                "# Violated: {}: {}\n",
                one_line(&check.requirement),
                one_line(&check.message)
            ));
        }
    }
    text.push_str(&format!(
        "#\n# Usage: sh SCRIPT [TARGET]. TARGET, or ASSAY_TARGET, is the URL of the registry.{default}\n\
         # ASSAY_USERNAME and ASSAY_PASSWORD log in, ASSAY_CA names a file of certificates, ASSAY_CERT and ASSAY_KEY name the client's,\n\
         # ASSAY_INSECURE=1 accepts every certificate,\n\
         # and ASSAY_SETTLE is for how many seconds a read is repeated until it shows a write (2 by default).\n\
         # Exit status: 1 reproduced, 0 not reproduced, 3 no result, or not exercised: no response was one to judge.\n"
    ));
    text
}

/// The script that says why there is none, and what to run instead.
pub fn substitute(run: &Run, case: &record::Case, why: &NotSayable) -> String {
    let advice = advice(run, case);
    let text = format!(
        "no result: {}\nrun instead: {advice}",
        one_line(&why.to_string())
    );
    format!("#!/bin/sh\nprintf '%s\\n' {} >&2\nexit 3\n", quote(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Answers;
    use crate::report::sample;

    #[test]
    fn the_name_of_a_set_up_tells_its_fixture_algorithm_and_repository() {
        let suites = BUNDLED.as_ref();
        let found = |id| suites.and_then(|suites| shared_fixture(suites, id));
        let image = |algorithm, repo| Some(("small-image", algorithm, repo));
        for (id, expected) in [
            ("set-up-small-image", image(Algorithm::Sha256, "REPO")),
            (
                "set-up-small-image/sha512",
                image(Algorithm::Sha512, "REPO"),
            ),
            (
                "set-up-small-image/repo2",
                image(Algorithm::Sha256, "REPO2"),
            ),
            (
                "set-up-small-image/sha512/repo2",
                image(Algorithm::Sha512, "REPO2"),
            ),
            ("set-up-no-such-fixture", None),
            ("small-image", None),
        ] {
            assert_eq!(found(id), expected, "{id}");
        }
    }

    #[test]
    fn a_list_of_tags_is_shown_by_the_case_with_most_requests() {
        let suites = BUNDLED.as_ref().expect("the bundled suites are right");
        let mut run = sample::all_states();
        let mut shown: Vec<record::Case> = run.cases.iter().take(2).cloned().collect();
        for (case, requests) in shown.iter_mut().zip([1, 3]) {
            let exchange = run.cases.iter().find_map(|one| one.exchanges.first());
            case.exchanges = exchange
                .cloned()
                .into_iter()
                .cycle()
                .take(requests)
                .collect();
        }
        let cases: Vec<String> = shown.iter().map(|case| case.id.clone()).collect();
        let mut violated = run
            .cases
            .iter()
            .find(|case| !case.checks.is_empty())
            .cloned();
        for check in violated.iter_mut().flat_map(|case| &mut case.checks) {
            let cases = cases.clone();
            check.answers = Some(Answers {
                cases,
                ..Answers::default()
            });
        }
        run.cases = shown;
        for (invariant, expected) in [("every-tag-list", 1), ("every-blob-pulled", 0)] {
            let invariant = suites.invariants().find(|one| one.id == invariant);
            let (invariant, case) = invariant.zip(violated.as_ref()).expect("both are known");
            let first = violated_in(&run, case, invariant).first().copied();
            assert_eq!(
                first,
                cases.get(expected).map(String::as_str),
                "{}",
                invariant.id
            );
        }
    }
}
