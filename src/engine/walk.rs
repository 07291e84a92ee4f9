//! Getting pages along their Links, bounded.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::evidence::Stop;
use super::link::{Next, next_of};
use super::matching::{Ending, Page, Walk};
use super::runner::Runner;
use crate::target::Request;

/// The most pages that are asked for.
const MOST_PAGES: usize = 2_000;

/// The most items that are kept.
const MOST_ITEMS: usize = 200_000;

/// How many pages are kept as evidence: the first ones, and the last.
const KEPT: usize = 12;

/// Walks from a first request along `rel="next"`, to the end or to the bounds.
pub async fn walk(runner: &mut Runner<'_>, first: Request, items: &str) -> Result<Walk, Stop> {
    let mut walked = Walk {
        pages: Vec::new(),
        items: Vec::new(),
        ending: Ending::TooLong,
    };
    let shown = runner.shown();
    let mut visited = HashSet::new();
    let mut request = first;
    while walked.pages.len() < MOST_PAGES && walked.items.len() < MOST_ITEMS {
        visited.insert(request.url.to_string());
        let reply = runner.send(request.clone()).await?;
        let page = runner.page(reply)?;
        runner.shorten(shown, KEPT);
        let (list, next) = read(&page, items);
        let asked = page.url.clone();
        walked.pages.push(page);
        match list {
            Some(list) => walked.items.extend(list),
            None => {
                walked.ending = Ending::NoList;
                return Ok(walked);
            }
        }
        let reference = match next {
            Next::None => {
                walked.ending = Ending::Complete;
                return Ok(walked);
            }
            Next::Malformed(link) => {
                walked.ending = Ending::BadLink(link);
                return Ok(walked);
            }
            Next::At(reference) => reference,
        };
        match asked.join(&reference) {
            Ok(url) if visited.contains(url.as_str()) => {
                walked.ending = Ending::Loop(url.to_string());
                return Ok(walked);
            }
            Ok(url) => request.url = url,
            Err(error) => {
                walked.ending = Ending::BadLink(format!("{reference}: {error}"));
                return Ok(walked);
            }
        }
    }
    Ok(walked)
}

/// What a page lists (null counts as nothing), and where the next one is.
fn read(page: &Page, items: &str) -> (Option<Vec<Json>>, Next) {
    let list = match page.json().and_then(|json| json.pointer(items)) {
        Some(Json::Array(list)) => Some(list.clone()),
        Some(Json::Null) => Some(Vec::new()),
        _ => None,
    };
    let next = page
        .header("link")
        .map_or(Next::None, |link| next_of(&link));
    (list.filter(|_| page.answer.status == 200), next)
}
