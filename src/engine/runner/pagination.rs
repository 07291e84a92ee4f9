//! Pagination: requesting the pages of a list, along their Links, within bounds.

use std::collections::HashSet;

use serde_json::Value as Json;
use url::Url;

use super::page_request::PageRequest;
use super::state::Runner;
use crate::catalogue::Version;
use crate::client::{MAX_REFERENCE, Request};
use crate::endpoint::Endpoint;
use crate::engine::evidence::Stop;
use crate::engine::link::{Next, next_of};
use crate::engine::matching::{Pages, PaginationEnd, ParsedResponse};
use crate::suite::Step;

/// The most pages that are asked for.
const MOST_PAGES: usize = 2_000;

/// The most items that are kept.
const MOST_ITEMS: usize = 100_000;

/// The most bytes that all pages may have together, with their headers.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// From how many bytes on a case with pages takes all of the memory that heavy cases share: pages are kept until the list ends.
const HEAVY_PAGES: usize = 64 * 1024;

/// The most pages without an entry in a row.
const MOST_IDLE: usize = 200;

/// How many pages are kept as evidence: the first ones, and the last.
const KEPT: usize = 12;

impl<'w> Runner<'w> {
    /// Requests the first page and every page that a `Link` with `rel="next"` leads to, within bounds. There are no pages
    /// where the connection is closed instead of a response each time. A `Link` to where nothing answers ends the list.
    ///
    /// # Errors
    /// When no response comes, or the list is longer than the bounds.
    pub async fn paginate(
        &mut self,
        step: &'w Step,
        first: Request,
        path: PageRequest<'_>,
    ) -> Result<Option<Pages>, Stop> {
        let mut pages = Pages {
            pages: Vec::new(),
            items: Vec::new(),
            end: PaginationEnd::TooLong,
        };
        let shown = self.exchange_count();
        let (mut visited, mut bytes, mut idle) = (HashSet::new(), 0_usize, 0);
        let start = first.url.clone();
        let mut request = first;
        loop {
            if bytes > HEAVY_PAGES {
                self.acquire_heavy(usize::MAX).await?;
            }
            visited.insert(request.url.to_string());
            let sent = self.send_step(step, &request).await;
            let shows = sent.as_ref().ok().and_then(Option::as_ref);
            if let Some(why) = self.unreachable_origin(&request, shows).await? {
                pages.end = PaginationEnd::BadLink(why);
                return Ok(Some(pages));
            }
            let Some(exchanged) = sent? else {
                return Ok(None);
            };
            let mut response = self.parse_response(&request, exchanged)?;
            self.trim_exchanges(shown, KEPT);
            let (list, next) = read(&mut response, path.items);
            let asked = response.url.clone();
            bytes = bytes.saturating_add(response.http.body.len() + response.http.header_bytes());
            pages.pages.push(response);
            let Some(list) = list else {
                pages.end = PaginationEnd::NoList;
                return Ok(Some(pages));
            };
            idle = if list.is_empty() { idle + 1 } else { 0 };
            let spec = self.context.settings.spec;
            let next = following(next, &start, &list, path.follow_last, spec);
            pages.items.extend(list);
            match next_url(&asked, next, &visited) {
                Ok(url) => request.url = url,
                Err(end) => {
                    pages.end = end;
                    return Ok(Some(pages));
                }
            }
            let enough = path.pages.is_some_and(|most| pages.pages.len() >= most);
            if idle >= MOST_IDLE || enough {
                return Ok(Some(pages));
            }
            if is_long(&pages, bytes) {
                return at_bounds(pages).map(Some);
            }
        }
    }
}

/// Where the page after a list is: where its Link leads, or, where there is none or none that counts, the first request with the
/// last entry as `last`.
fn following(next: Next, start: &Url, list: &[Json], follow_last: bool, spec: Version) -> Next {
    let by_last = match next {
        Next::None => follow_last && is_full(start, list),
        Next::At(_) | Next::Malformed(_) => !has_links(start, spec),
    };
    let after = by_last.then(|| after_last(start, list)).flatten();
    after.unwrap_or(next)
}

/// Whether a Link says where the next page of a list is. Version 1.0 of the specification has no Link for lists of tags: it
/// only shows that there is another page.
fn has_links(start: &Url, spec: Version) -> bool {
    let tags = || matches!(Endpoint::parse(start.path()), Endpoint::Tags { .. });
    spec.has_tag_links() || !tags()
}

/// Whether a page has as many entries as the first request asks for.
fn is_full(start: &Url, list: &[Json]) -> bool {
    let asked = start.query_pairs().find(|(name, _)| name == "n");
    let asked = asked.and_then(|(_, n)| n.parse::<usize>().ok());
    asked.is_some_and(|n| n > 0 && list.len() >= n)
}

/// The page after a list: the first request with the last entry as `last`. None after a list without a text at its end.
fn after_last(start: &Url, list: &[Json]) -> Option<Next> {
    let last = list.last().and_then(Json::as_str)?;
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
    Some(Next::At(url.into()))
}

/// The URL of the next page; otherwise how the pagination ends.
fn next_url(asked: &Url, next: Next, visited: &HashSet<String>) -> Result<Url, PaginationEnd> {
    let reference = match next {
        Next::None => return Err(PaginationEnd::Complete),
        Next::Malformed(link) => return Err(PaginationEnd::BadLink(link)),
        Next::At(reference) if reference.len() > MAX_REFERENCE => {
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

/// Whether a pagination is at its bounds; `bytes` is what all pages have together.
fn is_long(pages: &Pages, bytes: usize) -> bool {
    pages.pages.len() >= MOST_PAGES || pages.items.len() >= MOST_ITEMS || bytes >= MOST_BYTES
}

/// A pagination at its bounds: without end where entries repeat. A long list without repetition is no failure: the case is
/// in error.
fn at_bounds(pages: Pages) -> Result<Pages, Stop> {
    let known: HashSet<String> = pages.items.iter().map(Json::to_string).collect();
    if known.len() * 2 <= pages.items.len() {
        return Ok(pages);
    }
    Err(Stop::Error(format!(
        "the list has more than {} pages or {} entries, which is the limit",
        pages.pages.len(),
        pages.items.len()
    )))
}

/// The list of a page (null is an empty list), and the reference to the next one.
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
