//! Faults that show with certain tags: long ones, numbers, those of referrers, those that were deleted and came again.

use serde_json::Value;

use super::deletion_effects::bury;
use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "tags-last-hides-longer",
        &["tags-last-next"],
        "After a tag, no tags are listed that begin with it.",
        |c, a| {
            if let (true, Some(last)) = (got_tags(c, a), c.query("last")) {
                keep_tags(a, |tag| !tag.starts_with(last));
            }
        },
    ),
    response(
        "tags-last-but-one-empty",
        &["tags-last-next"],
        "After the last tag but one, no tag is listed where one is asked for.",
        |c, a| {
            let alone = c.query("n") == Some("1") && a.header("link").is_none();
            if got_tags(c, a) && c.query("last").is_some() && alone {
                keep_tags(a, |_| false);
            }
        },
    ),
    after(
        "tags-last-number-counted",
        &["tags-last-next"],
        "A number as the last tag is taken for a position in the list.",
        |s, c, a| {
            let last = c.query("last").and_then(|last| last.parse::<usize>().ok());
            let name = c.endpoint.repository().unwrap_or_default();
            if let (true, Some(last), Some(repository)) =
                (got_tags(c, a), last, s.repositories.get(name))
            {
                let tags = repository.tags.keys().skip(last);
                let tags: Vec<Value> = tags.map(|tag| tag.as_str().into()).collect();
                edit_list(a, "/tags", |listed| *listed = tags);
            }
        },
    ),
    before(
        "tag-of-digits-refused",
        &["tag-grammar-accepted"],
        "A tag of digits alone is refused.",
        |_, c| {
            let digits = pushed_tag(c)?.bytes().all(|c| c.is_ascii_digit());
            digits.then(|| ApiResponse::error(400, "TAG_INVALID", "this is a number"))
        },
    ),
    before(
        "tag-of-referrers-refused",
        &["tag-grammar-accepted"],
        "A tag under which clients keep referrers is refused.",
        |_, c| {
            let reserved = of_referrers(pushed_tag(c)?);
            reserved.then(|| ApiResponse::error(400, "TAG_INVALID", "this tag is reserved"))
        },
    ),
    response(
        "tags-of-referrers-unlisted",
        &["tags-complete"],
        "Tags under which clients keep referrers are not listed.",
        |c, a| {
            if got_tags(c, a) {
                keep_tags(a, |tag| !of_referrers(tag));
            }
        },
    ),
    request(
        "tag-cut-at-127",
        &["manifest-get-by-tag", "tags-complete"],
        "Tags are cut after 127 characters.",
        |c| {
            if let Endpoint::Manifest(_, tag) = &mut c.endpoint
                && tag.len() == 128
            {
                tag.truncate(127);
            }
        },
    ),
    after(
        "tags-of-docker-unlisted",
        &["tags-complete"],
        "Tags of manifests of Docker's types are not listed.",
        |s, c, a| unlist_types(s, c, a, "docker"),
    ),
    after(
        "tags-of-unregistered-unlisted",
        &["tags-complete"],
        "Tags of manifests of types that nobody has registered are not listed.",
        |s, c, a| unlist_types(s, c, a, "vnd.example"),
    ),
    before(
        "tags-deleted-unlisted-for-good",
        &["tags-complete"],
        "A tag that was deleted, alone or with its manifest, works when it is pushed again, and is not listed.",
        |s, c| {
            bury(s, c);
            let name = match &c.endpoint {
                Endpoint::Tags(name) if c.query.is_empty() => name,
                _ => return None,
            };
            let tags = s.repositories.get(name)?.tags.keys();
            let buried = |tag: &&String| s.tombstones.contains_key(&(name.clone(), (*tag).clone()));
            let tags: Vec<&String> = tags.filter(|tag| !buried(tag)).collect();
            let body = serde_json::json!({"name": name, "tags": tags});
            Some(ApiResponse::json(200, "application/json", &body))
        },
    ),
    before(
        "tag-pushed-again-leads-back",
        &["tag-delete-again"],
        "A tag that was deleted leads to its old manifest when it is pushed again for another.",
        |s, c| {
            let Endpoint::Manifest(name, tag) = &c.endpoint else {
                return None;
            };
            let grave = (name.clone(), tag.clone());
            let repository = s.repositories.get(name)?;
            let leads = repository.tags.get(tag)?.digest.clone();
            match s.tombstones.get(&grave) {
                Some(old) if c.is("GET") => {
                    let old = String::from_utf8_lossy(old).into_owned();
                    c.endpoint = Endpoint::Manifest(grave.0, old);
                }
                _ if c.is("DELETE") => {
                    s.tombstones.insert(grave, leads.into());
                }
                _ => {}
            }
            None
        },
    ),
    response(
        "tags-link-next-page",
        &["tags-link-form"],
        "The Link of a list of tags is of a relation that is called next-page.",
        |c, a| relink(c, a, |link| link.replace("\"next\"", "\"next-page\"")),
    ),
    response(
        "tags-link-empty",
        &["tags-link-form"],
        "A list of tags that does not end has an empty Link.",
        |c, a| relink(c, a, |_| String::new()),
    ),
];

/// Keeps some of the tags that are listed.
fn keep_tags(response: &mut ApiResponse, wanted: impl Fn(&str) -> bool) {
    edit_list(response, "/tags", |tags| {
        tags.retain(|tag| tag.as_str().is_none_or(&wanted));
    });
}

/// Leaves tags out whose manifest is of a type that holds this.
fn unlist_types(store: &Store, request: &ApiRequest, response: &mut ApiResponse, part: &str) {
    let name = request.endpoint.repository().unwrap_or_default();
    if let (true, Some(repository)) = (got_tags(request, response), store.repositories.get(name)) {
        let of_type = |tag: &str| {
            let leads = repository.tags.get(tag);
            let manifest = leads.and_then(|tag| repository.manifests.get(&tag.digest));
            manifest.is_some_and(|manifest| manifest.media_type.contains(part))
        };
        keep_tags(response, |tag| !of_type(tag));
    }
}

fn relink(request: &ApiRequest, response: &mut ApiResponse, change: fn(&str) -> String) {
    let link = response.header("link").map(change);
    if let (true, Some(link)) = (got_tags(request, response), link) {
        response.set("Link", link);
    }
}

/// The tag of a push.
fn pushed_tag(request: &ApiRequest) -> Option<&str> {
    match &request.endpoint {
        Endpoint::Manifest(_, at) if request.is("PUT") && !at.contains(':') => Some(at),
        _ => None,
    }
}

/// Whether a tag is of the form that the referrers tag schema has.
fn of_referrers(tag: &str) -> bool {
    ["sha256-", "sha512-"]
        .iter()
        .any(|start| tag.starts_with(start))
}
