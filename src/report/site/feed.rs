//! The Atom feed of the site (RFC 4287): an entry for each result, the newest first.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::history::{DatedRun, History};
use crate::report::compare::Kind;
use crate::report::{phrases, sanitize_line};

/// The most entries.
const ENTRIES: usize = 100;

/// The feed. Its links are relative to its own address.
///
/// # Errors
/// When the XML cannot be written.
pub fn feed(histories: &[History]) -> io::Result<String> {
    let mut entries: Vec<(&str, &DatedRun)> = histories
        .iter()
        .flat_map(|one| one.runs.iter().map(|run| (one.name.as_str(), run)))
        .collect();
    entries.sort_by(|(a, left), (b, right)| right.date.cmp(&left.date).then(a.cmp(b)));
    entries.truncate(ENTRIES);
    let updated = entries.iter().map(|(_, run)| updated(run)).max();
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = writer.create_element("feed");
    let root = root.with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    root.write_inner_content(|feed| {
        text(feed, "id", "urn:x-assay:fleet")?;
        text(feed, "title", "Registry conformance")?;
        text(
            feed,
            "updated",
            &updated.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
        )?;
        feed.create_element("author")
            .write_inner_content(|author| text(author, "name", "assay"))?;
        feed.create_element("link")
            .with_attribute(("href", "index.html"))
            .write_empty()?;
        entries
            .iter()
            .try_for_each(|(name, run)| entry(feed, name, run))
    })?;
    let bytes = writer.into_inner();
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn updated(run: &DatedRun) -> String {
    match run.started.is_empty() {
        true => format!("{}T00:00:00Z", run.date),
        false => run.started.clone(),
    }
}

fn entry(feed: &mut Writer<Vec<u8>>, name: &str, run: &DatedRun) -> io::Result<()> {
    let verdict = run.verdict.map_or("no report", |verdict| verdict.name());
    let count = |kind: Kind| run.changes.iter().filter(|one| one.kind == kind).count();
    let mut summary = format!(
        "{} new, {} fixed",
        count(Kind::Regression),
        count(Kind::Fix)
    );
    for change in &run.changes {
        let word = |verdict: Option<_>| verdict.map_or("not in run", phrases::verdict);
        let (before, after) = (word(change.before), word(change.after));
        summary.push_str(&format!("\n{}: {before}, now {after}", change.requirement));
    }
    if let Some(reason) = &run.reason {
        summary = sanitize_line(reason).into_owned();
    }
    let href = match run.report {
        true => format!("{name}/{}/report.html", run.date),
        false => format!("{name}/index.html#{}", run.date),
    };
    feed.create_element("entry").write_inner_content(|entry| {
        text(
            entry,
            "id",
            &format!("urn:x-assay:fleet:{name}:{}", run.date),
        )?;
        text(entry, "title", &format!("{name}: {verdict}"))?;
        text(entry, "updated", &updated(run))?;
        entry
            .create_element("link")
            .with_attribute(("href", href.as_str()))
            .write_empty()?;
        text(entry, "summary", &summary)
    })?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> io::Result<()> {
    writer
        .create_element(name)
        .write_text_content(BytesText::new(text))?;
    Ok(())
}
