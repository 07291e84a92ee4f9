//! PRODUCT.yaml under review.

use serde_json::Value;

use super::findings::Findings;
use super::text::{one_line, yaml};
use crate::certify::product::{KINDS, is_kind, is_web_address, names_oci};

/// The keys of PRODUCT.yaml, and whether nothing can be certified without.
const KEYS: [(&str, bool); 7] = [
    ("vendor", true),
    ("name", true),
    ("version", false),
    ("website_url", false),
    ("documentation_url", false),
    ("type", false),
    ("description", false),
];

/// The keys whose values are addresses.
const ADDRESSES: [&str; 4] = [
    "website_url",
    "documentation_url",
    "repo_url",
    "product_logo_url",
];

pub fn check(text: &str, found: &mut Findings) {
    let Some(value) = yaml("PRODUCT.yaml", text, found) else {
        return;
    };
    let named = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
    for (key, required) in KEYS {
        match (named(key).trim().is_empty(), required) {
            (true, true) => found.flaw(format!("PRODUCT.yaml has no {key}: fill it in")),
            (true, false) => found.note(format!("PRODUCT.yaml has no {key} yet: fill it in")),
            (false, _) => {}
        }
    }
    if names_oci(named("name")) {
        found.flaw("PRODUCT.yaml: the name contains the term OCI: use another name");
    }
    let kind = named("type");
    if !kind.trim().is_empty() && !is_kind(kind) {
        let (kind, known) = (one_line(kind), KINDS.join(", "));
        found.flaw(format!(
            "PRODUCT.yaml: the type `{kind}` is unknown: use one of {known}"
        ));
    }
    for key in ADDRESSES {
        let address = named(key);
        if !address.trim().is_empty() && !is_web_address(address) {
            let address = one_line(address);
            found.flaw(format!(
                "PRODUCT.yaml: {key} `{address}` is not a web address: write https://…"
            ));
        }
    }
}
