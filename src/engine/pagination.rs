//! Getting pages along their Links, bounded.

use std::collections::HashSet;

use serde_json::Value as Json;
use url::Url;

use super::evidence::Stop;
use super::link::{Next, next_of};
use super::matching::{LONGEST_REFERENCE, Pages, PaginationEnd, ParsedResponse};
use super::runner::Runner;
use crate::client::Request;

/// The most pages that are asked for.
const MOST_PAGES: usize = 2_000;

/// The most items that are kept.
const MOST_ITEMS: usize = 100_000;

/// The most bytes that all pages may have together.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// From how many bytes on a walk waits for its turn: pages stay until it is over.
const HEAVY: usize = 64 * 1024;

/// How many pages without an entry may follow one another.
const MOST_IDLE: usize = 200;

/// How many pages are kept as evidence: the first ones, and the last.
const KEPT: usize = 12;

/// What a walk looks at, and how far it goes.
#[derive(Debug, Clone, Copy)]
pub struct PageRequest<'a> {
    /// Where a page has its list: a JSON pointer.
    pub items: &'a str,
    /// The most pages that are asked for, where the end does not matter.
    pub pages: Option<usize>,
    /// Whether a full page without a Link is followed by asking for what comes after its last entry.
    pub follow_last: bool,
}

/// Walks from a first request along `rel="next"`, to the end or to the bounds.
///
/// # Errors
/// When an answer does not come, or the list has more than is read: what it would hold further on is not known.
pub async fn walk(
    runner: &mut Runner<'_>,
    first: Request,
    path: PageRequest<'_>,
) -> Result<Pages, Stop> {
    let mut pages = Pages {
        pages: Vec::new(),
        items: Vec::new(),
        end: PaginationEnd::TooLong,
    };
    let shown = runner.shown();
    let (mut visited, mut bytes, mut idle) = (HashSet::new(), 0_usize, 0);
    let start = first.url.clone();
    let mut request = first;
    loop {
        if bytes > HEAVY {
            runner.take_turn().await?;
        }
        visited.insert(request.url.to_string());
        let exchanged = runner.send(request.clone()).await?;
        let mut response = runner.parse_response(&request, exchanged)?;
        runner.shorten(shown, KEPT);
        let (list, next) = read(&mut response, path.items);
        let asked = response.url.clone();
        bytes = bytes.saturating_add(response.http.body.len());
        pages.pages.push(response);
        let Some(list) = list else {
            pages.end = PaginationEnd::NoList;
            return Ok(pages);
        };
        idle = if list.is_empty() { idle + 1 } else { 0 };
        let next = match next {
            Next::None if path.follow_last => after_last(&start, &list),
            said => said,
        };
        pages.items.extend(list);
        match following(&asked, next, &visited) {
            Ok(url) => request.url = url,
            Err(end) => {
                pages.end = end;
                return Ok(pages);
            }
        }
        let enough = path.pages.is_some_and(|most| pages.pages.len() >= most);
        if idle >= MOST_IDLE || enough {
            return Ok(pages);
        }
        let long = pages.pages.len() >= MOST_PAGES || pages.items.len() >= MOST_ITEMS;
        if long || bytes >= MOST_BYTES {
            return past_the_bounds(pages);
        }
    }
}

/// The page after one that is full and has no Link: the first request again, with its last entry.
fn after_last(start: &Url, list: &[Json]) -> Next {
    let asked = start.query_pairs().find(|(name, _)| name == "n");
    let asked = asked.and_then(|(_, n)| n.parse::<usize>().ok());
    let full = asked.is_some_and(|n| n > 0 && list.len() >= n);
    let Some(last) = list.last().and_then(Json::as_str).filter(|_| full) else {
        return Next::None;
    };
    let mut url = start.clone();
    let kept: Vec<(String, String)> = start
        .query_pairs()
        .filter(|(name, _)| name != "last")
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .append_pair("last", last);
    Next::At(url.into())
}

/// Where a page leads to; otherwise how the walk ends there.
fn following(asked: &Url, next: Next, visited: &HashSet<String>) -> Result<Url, PaginationEnd> {
    let reference = match next {
        Next::None => return Err(PaginationEnd::Complete),
        Next::Malformed(link) => return Err(PaginationEnd::BadLink(link)),
        Next::At(reference) if reference.len() > LONGEST_REFERENCE => {
            return Err(PaginationEnd::BadLink(format!("{} bytes", reference.len())));
        }
        Next::At(reference) => reference,
    };
    match asked.join(&reference) {
        Ok(url) if visited.contains(url.as_str()) => Err(PaginationEnd::Loop(url.to_string())),
        Ok(url) => Ok(url),
        Err(error) => Err(PaginationEnd::BadLink(format!("{reference}: {error}"))),
    }
}

/// A walk that has come to the bounds: without end where it lists the same again and again, and otherwise not
/// to be judged, since a long list is no fault.
fn past_the_bounds(pages: Pages) -> Result<Pages, Stop> {
    let known: HashSet<String> = pages.items.iter().map(Json::to_string).collect();
    if known.len() * 2 <= pages.items.len() {
        return Ok(pages);
    }
    Err(Stop::Error(format!(
        "the list goes on after {} pages and {} entries, which is more than is read",
        pages.pages.len(),
        pages.items.len()
    )))
}

/// What a page lists (null counts as nothing), and where the next one is.
fn read(response: &mut ParsedResponse, items: &str) -> (Option<Vec<Json>>, Next) {
    let mut json = response.take_json();
    let list = match json.as_mut().and_then(|json| json.pointer_mut(items)) {
        Some(Json::Array(list)) => Some(std::mem::take(list)),
        Some(Json::Null) => Some(Vec::new()),
        _ => None,
    };
    let next = response
        .header("link")
        .map_or(Next::None, |link| next_of(&link));
    (list.filter(|_| response.http.status == 200), next)
}
