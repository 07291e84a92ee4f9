//! Faults of referrers that show in a corner only: of many, of large ones, of odd types, after a deletion.

use super::deletion_effects::bury;
use super::*;

pub const FAULTS: &[Fault] = &[
    before(
        "subject-header-without-referrers",
        &["subject-header-kept"],
        "OCI-Subject is sent, though there is no referrers API.",
        |_, c| {
            let listed = matches!(c.endpoint, Endpoint::Referrers(..));
            listed.then(|| ApiResponse::error(404, "UNSUPPORTED", "referrers are not listed here"))
        },
    ),
    response(
        "referrers-ten-at-most",
        &["referrers-complete"],
        "No more than ten referrers are listed.",
        |c, a| {
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |them| them.truncate(10));
            }
        },
    ),
    response(
        "referrers-large-lost",
        &["referrers-complete"],
        "Referrers of more than a MiB are not listed.",
        |c, a| {
            let small = |one: &Value| one.pointer("/size").and_then(Value::as_u64) <= Some(1 << 20);
            if got_referrers(c, a) {
                edit_list(a, "/manifests", |them| them.retain(small));
            }
        },
    ),
    response(
        "referrers-type-lowered",
        &["referrers-artifact-type"],
        "The artifact types of referrers are in small letters.",
        |c, a| {
            if got_referrers(c, a) {
                let text = String::from_utf8_lossy(&a.body);
                a.body = text.replace("Example.CAPITALS", "example.capitals").into();
            }
        },
    ),
    response(
        "referrers-annotations-cut",
        &["referrers-annotations"],
        "Annotations of referrers are cut after 255 characters.",
        |c, a| annotate(c, a, |text| text.chars().take(255).collect()),
    ),
    response(
        "referrers-annotations-trimmed",
        &["referrers-annotations"],
        "Annotations of referrers are without the white space around them.",
        |c, a| annotate(c, a, |text| text.trim().to_owned()),
    ),
    request(
        "referrers-filter-lowered",
        &["referrers-filter-complete"],
        "What is filtered for is taken in small letters.",
        |c| {
            for (name, value) in &mut c.query {
                if name == "artifactType" {
                    value.make_ascii_lowercase();
                }
            }
        },
    ),
    after(
        "referrers-of-index-children",
        &["referrers-empty"],
        "The images of an index are listed as its referrers.",
        |s, c, a| {
            let Endpoint::Referrers(name, digest) = &c.endpoint else {
                return;
            };
            let repository = s.repositories.get(name);
            let index = repository.and_then(|one| one.manifests.get(digest));
            let index = index.and_then(|one| serde_json::from_slice::<Value>(&one.bytes).ok());
            if let Some(Value::Array(children)) = index.as_ref().and_then(|i| i.get("manifests")) {
                edit_list(a, "/manifests", |them| {
                    them.extend(children.iter().cloned())
                });
            }
        },
    ),
    request(
        "referrers-digest-by-length",
        &["referrers-invalid-digest"],
        "Anything of 64 characters is taken for a digest.",
        |c| {
            if let Endpoint::Referrers(_, digest) = &mut c.endpoint
                && digest.len() == WRONG.len()
                && digest.starts_with("sha256:")
                && !digest
                    .bytes()
                    .skip(7)
                    .all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
            {
                WRONG.clone_into(digest);
            }
        },
    ),
    before(
        "referrers-of-deleted-lost",
        &["referrers-complete"],
        "A subject that was deleted has no referrers when it is pushed again.",
        |s, c| {
            bury(s, c);
            let (Endpoint::Manifest(name, digest), true) = (&c.endpoint, c.is("PUT")) else {
                return None;
            };
            if s.tombstones.contains_key(&(name.clone(), digest.clone())) {
                let all = s.repositories.get_mut(name)?.manifests.values_mut();
                for referrer in all.filter(|one| one.subject.as_ref() == Some(digest)) {
                    referrer.subject = None;
                }
            }
            None
        },
    ),
    before(
        "referrers-untagged-lost",
        &["referrers-complete"],
        "A referrer whose tag was deleted is no longer listed.",
        |s, c| {
            let (Endpoint::Manifest(name, tag), true) = (&c.endpoint, c.is("DELETE")) else {
                return None;
            };
            let repository = s.repositories.get_mut(name)?;
            let digest = &repository.tags.get(tag)?.digest;
            repository.manifests.get_mut(digest)?.subject = None;
            None
        },
    ),
];

/// Changes the annotations of all referrers that are listed.
fn annotate(request: &ApiRequest, response: &mut ApiResponse, change: fn(&str) -> String) {
    if !got_referrers(request, response) {
        return;
    }
    edit_list(response, "/manifests", |them| {
        let annotations = them.iter_mut().filter_map(|one| one.get_mut("annotations"));
        for value in annotations
            .filter_map(Value::as_object_mut)
            .flat_map(|all| all.values_mut())
        {
            *value = value.as_str().map(change).into();
        }
    });
}
