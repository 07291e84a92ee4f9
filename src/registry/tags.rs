//! Tags: end-8 (section "Listing Tags").

use serde_json::json;

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::handler_switches::HandlerSwitches;
use super::locations::url_for;
use super::options::Options;
use super::store::Store;
use super::tag_map::{Tag, case_insensitive_key};

/// GET of the tags of a repository.
pub fn list(store: &Store, options: &Options, request: &ApiRequest, name: &str) -> ApiResponse {
    let repository = store.repositories.get(name);
    if repository.is_none() && options.unknown_tags_404 {
        return ApiResponse::repository_unknown();
    }
    let page_size = match request.query("n").map(str::parse::<usize>) {
        None => None,
        Some(Ok(n)) => Some(n),
        Some(Err(_)) => return ApiResponse::error(400, "UNSUPPORTED", "n must be a number"),
    };
    let limit = page_size.unwrap_or(usize::MAX).min(options.tags_page);
    let switches = &options.switches;
    let shown = |(name, tag): &(&String, &Tag)| {
        let late = &options.visibility_delay;
        !late.hides(late.tag_list, name, tag.since) || tag.before.is_some()
    };
    let last = request.query("last");
    let last = last.filter(|_| !(switches.ignore_last_without_n && page_size.is_none()));
    let mut tags: Vec<&str> = match repository {
        Some(one) if lists_in_order(switches) => {
            let found: Box<dyn Iterator<Item = _>> = match is_by_letters(options) {
                true => Box::new(one.tags.after_by_letters(last)),
                false => Box::new(one.tags.after(last)),
            };
            let page = found.filter(shown).take(limit.saturating_add(1));
            page.map(|(tag, _)| tag.as_str()).collect()
        }
        _ => {
            let found = all_tags(store, switches, name).filter(shown);
            let found = found.map(|(tag, _)| tag.as_str()).collect();
            with_faults(found, options, last)
        }
    };
    let more = tags.len() > limit;
    tags.truncate(limit);
    let body = json!({"name": name, "tags": tags});
    let response = ApiResponse::json(200, "application/json", &body);
    match tags.last().filter(|_| more) {
        Some(last) => {
            let n = page_size.map(|n| format!("n={n}&")).unwrap_or_default();
            let path = format!("/v2/{name}/tags/list");
            let next = url_for(options, request, &path, &format!("{n}last={last}"));
            response.with("Link", format!("<{next}>; rel=\"next\""))
        }
        None => response,
    }
}

/// The tags after `last`, in an order and with gaps that the faults ask for.
fn with_faults<'s>(mut tags: Vec<&'s str>, options: &Options, last: Option<&str>) -> Vec<&'s str> {
    let switches = &options.switches;
    if switches.omit_every_second_tag {
        let mut kept = 0;
        tags.retain(|_| {
            kept += 1;
            kept % 2 == 1
        });
    }
    if is_by_letters(options) {
        tags.sort_by_key(|tag| case_insensitive_key(tag));
    }
    if switches.sort_tags_by_number {
        tags.sort_by_cached_key(|tag| natural_sort_key(tag));
    }
    if switches.sort_tags_by_length {
        tags.sort_by_key(|tag| tag.len());
    }
    if let Some(last) = last {
        let after = |tag: &&str| match is_by_letters(options) {
            true => case_insensitive_key(tag) > case_insensitive_key(last),
            false => **tag > *last,
        };
        let included = switches.include_last;
        tags.retain(|tag| after(tag) || (included && **tag == *last));
    }
    tags
}

/// Whether tags are sorted regardless of case.
fn is_by_letters(options: &Options) -> bool {
    options.case_insensitive_order && !options.switches.sort_tags_by_bytes
}

/// Whether no fault but byte order changes the order of the tags, or which are listed.
fn lists_in_order(switches: &HandlerSwitches) -> bool {
    !(switches.list_tags_of_all_repositories
        || switches.omit_every_second_tag
        || switches.sort_tags_by_number
        || switches.sort_tags_by_length
        || switches.include_last)
}

/// The tags of a repository; with a fault, those of all others too.
fn all_tags<'s>(
    store: &'s Store,
    switches: &HandlerSwitches,
    name: &'s str,
) -> impl Iterator<Item = (&'s String, &'s Tag)> {
    let others = store
        .repositories
        .iter()
        .filter(move |(other, _)| *other != name);
    let others = others.map(|(_, other)| other);
    let all = switches.list_tags_of_all_repositories;
    let repositories = store.repositories.get(name).into_iter();
    let repositories = repositories.chain(others.filter(move |_| all));
    repositories.flat_map(|one| one.tags.iter())
}

/// Sorts a number after the last hyphen by its value: pads it with zeros.
fn natural_sort_key(tag: &str) -> String {
    match tag.rsplit_once('-') {
        Some((before, number)) if number.chars().all(|c| c.is_ascii_digit()) => {
            format!("{}-{number:0>9}", before.to_ascii_lowercase())
        }
        _ => tag.to_ascii_lowercase(),
    }
}
