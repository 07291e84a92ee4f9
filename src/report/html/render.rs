//! From the page's model to its text.

use std::fmt::Write as _;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Output, UndefinedBehavior, context};

use super::evidence::{Evidence, Limits};
use super::index::Index;
use super::{case, page};
use crate::record::Run;
use crate::report::failure::Failure;
use crate::report::fix_first::problems;
use crate::report::timings;

/// The largest size of a page, in bytes, as far as leaving out evidence of passing cases can ensure it.
const LARGEST: usize = 1_900_000;

const SCRIPT: &str = concat!(
    include_str!("dom.js"),
    include_str!("case.js"),
    include_str!("card.js"),
    include_str!("search.js"),
    include_str!("address.js"),
    include_str!("page.js"),
);

/// The record as a page of HTML. Evidence of passing cases is shown as far as the size of the page allows.
///
/// # Errors
/// When a template cannot be rendered.
pub(in crate::report) fn render(run: &Run) -> Result<String, Failure> {
    let mut environment = environment()?;
    environment.add_template("comparisons.html", include_str!("comparisons.html.j2"))?;
    environment.add_template("report.html", include_str!("report.html.j2"))?;
    let template = environment.get_template("report.html")?;
    let timings = timings::html(run);
    let problems = problems(run);
    let model = Value::from(Serde(page::of(run, &problems)));
    let index = Index::of(run, &problems).script()?;
    let page = |evidence: &str, whole: bool| {
        template.render(context! {
            page => model.clone(),
            css => safe(include_str!("report.css")),
            js => safe(SCRIPT),
            index => safe(&index),
            evidence => safe(evidence),
            timings => safe(&timings),
            whole => whole,
        })
    };
    let room = LARGEST.saturating_sub(page("", false)?.len());
    let (evidence, whole) = evidence(run, room)?;
    Ok(page(&evidence, whole)?)
}

/// As much evidence as there is room for, and whether that is all.
fn evidence(run: &Run, room: usize) -> Result<(String, bool), Failure> {
    let mut script = String::new();
    for limits in Limits::LADDER {
        script = Evidence::of(run, case::in_order(run), limits).script()?;
        if script.len() < room {
            return Ok((script, limits.is_all()));
        }
    }
    Ok((script, false))
}

fn safe(text: &str) -> Value {
    Value::from_safe_string(text.to_owned())
}

fn environment() -> Result<Environment<'static>, Failure> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(|out, _, value| write_escaped(out, value));
    Ok(environment)
}

/// Another page in the same manner: a template, filled and escaped.
pub(in crate::report) fn render_page(template: &str, values: Value) -> Result<String, Failure> {
    let mut environment = environment()?;
    environment.add_template_owned("page.html", template.to_owned())?;
    Ok(environment.get_template("page.html")?.render(values)?)
}

/// Writes a value into text or a quoted attribute. Unlike the default, which writes six characters for every
/// slash of every address, this escapes no more than those two places need.
fn write_escaped(out: &mut Output<'_>, value: &Value) -> Result<(), minijinja::Error> {
    if value.is_undefined() {
        return Err(minijinja::ErrorKind::UndefinedError.into());
    }
    let text = value.to_string();
    if value.is_safe() {
        return Ok(out.write_str(&text)?);
    }
    for c in text.chars() {
        match c {
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            '&' => out.write_str("&amp;")?,
            '"' => out.write_str("&quot;")?,
            '\'' => out.write_str("&#39;")?,
            other => out.write_char(other)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn what_a_target_sent_stays_text() {
        let page = render(&sample::all_states()).unwrap();
        assert!(!page.contains("<script>alert"));
        assert!(!page.contains('\u{202e}') && !page.contains('\u{1b}') && !page.contains('\0'));
        assert!(page.contains("⟨U+202E⟩drow") && page.contains("⟨ESC⟩[31mred"));
    }

    #[test]
    fn nothing_is_fetched() {
        let page = render(&sample::all_states()).unwrap();
        for outside in [
            "src=",
            "<link",
            "@import",
            "url(",
            "fetch(",
            "XMLHttpRequest",
        ] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    /// The data of the page's rows.
    fn index(page: &str) -> serde_json::Value {
        let (_, script) = page.split_once("id=\"_index\">").unwrap();
        let (script, _) = script.split_once("</script>").unwrap();
        serde_json::from_str(script).unwrap()
    }

    #[test]
    fn every_case_and_requirement_has_its_row() {
        for (name, run) in sample::every() {
            let index = index(&render(&run).unwrap());
            let ids = |part: &str| -> Vec<String> {
                let rows = index[part].as_array().unwrap().iter();
                rows.map(|row| row["id"].as_str().unwrap().to_owned())
                    .collect()
            };
            for case in &run.cases {
                let rows = ids("cases");
                let number = rows.iter().filter(|id| **id == case.id).count();
                assert_eq!(number, 1, "{name}: {}", case.id);
            }
            let rows = ids("requirements");
            assert_eq!(rows.len(), run.requirements.len(), "{name}");
            let evidence = index["suites"].as_array().unwrap().iter();
            let listed: usize = evidence.map(|suite| suite.as_array().unwrap().len()).sum();
            assert_eq!(listed, run.cases.len() + run.uncounted.len(), "{name}");
        }
    }

    #[test]
    fn six_hundred_cases_stay_below_two_megabytes() {
        let page = render(&sample::large(600)).unwrap();
        assert!(page.len() < 2_000_000, "{} bytes", page.len());
        assert!(!page.contains("shown in part"), "all exchanges are there");
    }

    #[test]
    fn the_page_of_all_states() {
        let page = render(&sample::all_states()).unwrap();
        let body = page.split_once("<body").map_or("", |(_, body)| body);
        let body = body.split_once("<script>").map_or(body, |(body, _)| body);
        let body = body.replace("],[", "],\n[");
        insta::assert_snapshot!(body);
    }

    #[test]
    fn each_comparison_has_its_section() {
        let run = sample::with_context();
        let page = render(&run).unwrap();
        let problems = index(&page)["problems"].to_string();
        assert!(
            !problems.contains("chunk-order"),
            "a known failure is not listed as new"
        );
        for view in ["_rerun", "_known", "_leftovers", "_uncounted"] {
            assert_eq!(page.matches(&format!("id=\"{view}\"")).count(), 1, "{view}");
        }
        for text in [
            "quay#6388",
            "curl -si -X DELETE",
            "since 0.2.0",
            "\"id\":\"chunk-new\"",
        ] {
            assert!(page.contains(text), "{text}");
        }
        let plain = render(&sample::all_states()).unwrap();
        assert!(!plain.contains("id=\"_known\"") && !plain.contains("id=\"_leftovers\""));
    }
}
