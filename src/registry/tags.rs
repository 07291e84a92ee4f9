//! Tags: end-8 (section "Listing Tags").

use serde_json::json;

use super::api_request::ApiRequest;
use super::api_response::ApiResponse;
use super::options::Options;
use super::router::reference;
use super::store::Store;

/// GET of the tags of a repository.
pub fn list(store: &Store, options: &Options, request: &ApiRequest, name: &str) -> ApiResponse {
    let repository = store.repositories.get(name);
    if repository.is_none() && options.unknown_tags_404 {
        return ApiResponse::error(404, "NAME_UNKNOWN", "there is no such repository");
    }
    let asked = match request.query("n").map(str::parse::<usize>) {
        None => None,
        Some(Ok(n)) => Some(n),
        Some(Err(_)) => return ApiResponse::error(400, "UNSUPPORTED", "n is a number"),
    };
    let others = store
        .repositories
        .iter()
        .filter(|(other, _)| *other != name);
    let others = others.map(|(_, other)| other);
    let others = others.filter(|_| options.breaks.tags_everywhere);
    let mut tags: Vec<&str> = repository
        .into_iter()
        .chain(others)
        .flat_map(|one| &one.tags)
        .filter(|(_, tag)| tag.since.elapsed() >= options.delay || tag.before.is_some())
        .map(|(tag, _)| tag.as_str())
        .collect();
    if options.breaks.lose_tags {
        let mut kept = 0;
        tags.retain(|_| {
            kept += 1;
            kept % 2 == 1
        });
    }
    if options.letters_order {
        tags.sort_by_key(|tag| key(tag));
    }
    if options.breaks.tags_by_number {
        tags.sort_by_cached_key(|tag| by_number(tag));
    }
    if options.breaks.tags_by_length {
        tags.sort_by_key(|tag| tag.len());
    }
    if let Some(last) = request
        .query("last")
        .filter(|_| !(options.breaks.last_ignored && asked.is_none()))
    {
        let after = |tag: &&str| match options.letters_order {
            true => key(tag) > key(last),
            false => **tag > *last,
        };
        let included = options.breaks.include_last;
        tags.retain(|tag| after(tag) || (included && **tag == *last));
    }
    let most = asked.unwrap_or(usize::MAX).min(options.tags_page);
    let more = tags.len() > most;
    tags.truncate(most);
    let body = json!({"name": name, "tags": tags});
    let response = ApiResponse::json(200, "application/json", &body);
    match tags.last().filter(|_| more) {
        Some(last) => {
            let n = asked.map(|n| format!("n={n}&")).unwrap_or_default();
            let path = format!("/v2/{name}/tags/list");
            let next = reference(options, request, &path, &format!("{n}last={last}"));
            response.with("Link", format!("<{next}>; rel=\"next\""))
        }
        None => response,
    }
}

/// Alphabetical regardless of case; by bytes where that leaves a choice.
fn key(tag: &str) -> (String, String) {
    (tag.to_ascii_lowercase(), tag.to_owned())
}

/// With numbers as they count: a last part that is a number is filled up with zeros.
fn by_number(tag: &str) -> String {
    match tag.rsplit_once('-') {
        Some((before, number)) if number.chars().all(|c| c.is_ascii_digit()) => {
            format!("{}-{number:0>9}", before.to_ascii_lowercase())
        }
        _ => tag.to_ascii_lowercase(),
    }
}
