//! The commands that run a part of a report again.

use super::word::{one_line, quote_pasted};
use crate::catalogue::Version;
use crate::record::{Case, JudgedBy, REQUIRED, Run, SET_UP, Target};

/// The folder of the new reports: those that the command is copied from stay.
const OUT: &str = " --out rerun";

/// The features that the run required, and that this case found missing.
pub fn required(case: &Case) -> Vec<&str> {
    let checks = case.checks.iter();
    let required = checks.filter(|check| check.requirement.starts_with(REQUIRED));
    required
        .filter_map(|check| check.lacks.as_deref())
        .collect()
}

/// Whether a run can select the case. A set-up is run for the cases that use it, and an invariant is judged where all cases
/// are run.
pub fn is_selectable(run: &Run, case: &Case) -> bool {
    let invariant = case.checks.iter().any(|check| check.answers.is_some());
    run.target.judged_by != JudgedBy::Run || (case.suite != SET_UP && !invariant)
}

/// The command that runs the case again, with the same content.
pub fn advice(run: &Run, case: &Case) -> String {
    let id = quote_pasted(&one_line(&case.id));
    let id = is_selectable(run, case).then_some(id);
    if run.target.judged_by != JudgedBy::Run {
        return judge_again(run, id.as_deref());
    }
    let required = required(case).into_iter();
    let required =
        required.map(|feature| format!(" --require {}", quote_pasted(&one_line(feature))));
    format!(
        "{}{}{} --spec {} --seed {}{OUT}",
        run_target(run),
        only(id.as_deref()),
        required.collect::<String>(),
        run.spec,
        run.seed
    )
}

/// The command that judges the target of a report again: of its cases only the one that is named, where the command can
/// tell cases apart.
pub fn judge_again(run: &Run, id: Option<&str>) -> String {
    let spec = match run.spec == Version::RELEASED {
        true => String::new(),
        false => format!(" --spec {}", run.spec),
    };
    let word = |text: &str| quote_pasted(&one_line(text));
    let only = only(id);
    match &run.target.judged_by {
        JudgedBy::Run => {
            // What was pushed for a seed is found with the same seed alone.
            let seed = match run.target.no_push {
                true => format!(" --seed {}", run.seed),
                false => String::new(),
            };
            format!("{}{spec}{only}{seed}{OUT}", run_target(run))
        }
        JudgedBy::Client(name) => format!("assay client run {}{spec}{only}{OUT}", word(name)),
        JudgedBy::Adapter(file) => {
            format!("assay client run --adapter {}{spec}{only}{OUT}", word(file))
        }
        JudgedBy::Proxy => format!("assay proxy --target {}{spec}{OUT}", word(&run.target.url)),
        JudgedBy::Recording(file) => format!("assay judge {}{spec}{OUT}", word(file)),
    }
}

fn only(id: Option<&str>) -> String {
    id.map(|id| format!(" --only {id}")).unwrap_or_default()
}

/// The command that tests the target of a report as the run did.
fn run_target(run: &Run) -> String {
    let target = &run.target;
    let mut words = vec!["assay run".to_owned()];
    if !target.bundled {
        words.push(quote_pasted(&one_line(&target.url)));
    }
    let names = [("--repo", &target.repo), ("--repo2", &target.repo2)];
    for ((option, name), default) in names.into_iter().zip(Target::REPOSITORIES) {
        if name != default {
            words.push(format!("{option} {}", quote_pasted(&one_line(name))));
        }
    }
    let options = target.options.iter();
    words.extend(options.map(|option| quote_pasted(&one_line(option))));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Answers;
    use crate::report::sample;
    use crate::reproduce::{NotSayable, script};

    #[test]
    fn the_target_of_a_report_is_one_word_of_the_command() {
        let mut run = sample::all_states();
        for (url, command) in [
            ("http://127.0.0.1:5000", "assay run http://127.0.0.1:5000"),
            ("http://h; touch x", "assay run 'http://h; touch x'"),
            ("http://h\n$(x)", "assay run 'http://h $(x)'"),
        ] {
            url.clone_into(&mut run.target.url);
            assert_eq!(run_target(&run), command);
        }
    }

    #[test]
    fn a_run_is_repeated_with_its_repositories_and_options() {
        let mut run = sample::all_states();
        run.target.repo = "team/x".to_owned();
        run.target.options = vec!["--ca=my tls/ca.pem".to_owned()];
        let command = "assay run http://127.0.0.1:5000 --repo team/x '--ca=my tls/ca.pem' --only x --out rerun";
        assert_eq!(judge_again(&run, Some("x")), command);
        run.target.no_push = true;
        let command = judge_again(&run, None);
        assert!(
            command.ends_with("ca.pem' --seed 3141592653 --out rerun"),
            "{command}"
        );
    }

    #[test]
    fn what_no_run_selects_is_run_with_all_cases() {
        let run = sample::all_states();
        for mut case in run.cases.iter().take(1).cloned() {
            assert!(advice(&run, &case).contains(" --only "));
            for check in &mut case.checks {
                check.answers = Some(Answers::default());
            }
            assert!(!advice(&run, &case).contains("--only"));
            case.checks.clear();
            SET_UP.clone_into(&mut case.suite);
            assert!(!advice(&run, &case).contains("--only"));
        }
    }

    #[test]
    fn a_target_is_judged_again_by_the_command_that_judged_it() {
        let mut run = sample::all_states();
        for (judged_by, command) in [
            (JudgedBy::Run, "assay run http://127.0.0.1:5000 --only x"),
            (
                JudgedBy::Client("tea".to_owned()),
                "assay client run tea --only x",
            ),
            (
                JudgedBy::Adapter("my tea.toml".to_owned()),
                "assay client run --adapter 'my tea.toml' --only x",
            ),
            (
                JudgedBy::Proxy,
                "assay proxy --target http://127.0.0.1:5000",
            ),
            (JudgedBy::Recording("a.har".to_owned()), "assay judge a.har"),
        ] {
            let is_run = judged_by == JudgedBy::Run;
            run.target.judged_by = judged_by;
            assert_eq!(
                judge_again(&run, Some("x")),
                format!("{command} --out rerun")
            );
            let case = run.cases.first().cloned();
            let script = case.map(|case| script(&run, &case));
            let refused = matches!(script, Some(Err(NotSayable::NotOfRun)));
            assert_eq!(refused, !is_run, "{script:?}");
        }
    }

    #[test]
    fn no_script_pushes_where_the_run_pushed_nothing() {
        let mut run = sample::all_states();
        run.target.no_push = true;
        let case = run.cases.first().cloned();
        let script = case.map(|case| script(&run, &case));
        assert!(matches!(script, Some(Err(NotSayable::Beyond(_)))));
    }
}
