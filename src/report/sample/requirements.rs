//! The requirements of the samples, and their verdicts.

use crate::catalogue::{Category, Level, Version};
use crate::record::{Case, Check, CheckVerdict, RequirementResult, Verdict};

/// The requirements that sample cases test: id, level, category, section, sentence.
pub(super) const REQUIREMENTS: [(&str, Level, Category, &str, &str); 10] = [
    (
        "manifest-get-status",
        Level::Must,
        Category::Pull,
        "pulling-manifests",
        "A GET of a manifest that the registry has is answered with 200.",
    ),
    (
        "manifest-get-content",
        Level::Must,
        Category::Pull,
        "pulling-manifests",
        "The body of the answer is the manifest, byte for byte as it was pushed.",
    ),
    (
        "blob-range-status",
        Level::Should,
        Category::Pull,
        "pulling-blobs",
        "A request for a part of a blob is answered with 206 and that part.",
    ),
    (
        "chunk-order",
        Level::Must,
        Category::Push,
        "pushing-a-blob-in-chunks",
        "A chunk that does not start where the upload ends is refused with 416.",
    ),
    (
        "chunk-status",
        Level::Must,
        Category::Push,
        "pushing-a-blob-in-chunks",
        "A chunk that is accepted is answered with 202.",
    ),
    (
        "manifest-put-status",
        Level::Must,
        Category::Push,
        "pushing-manifests",
        "A manifest that is accepted is answered with 201.",
    ),
    (
        "tag-list-order",
        Level::Must,
        Category::Discovery,
        "listing-tags",
        "Tags are listed in lexical order.",
    ),
    (
        "tag-list-link",
        Level::Must,
        Category::Discovery,
        "listing-tags",
        "A list of tags that is cut has a `Link` header.",
    ),
    (
        "tag-delete-status",
        Level::Must,
        Category::Management,
        "deleting-tags",
        "The deletion of a tag is answered with 202.",
    ),
    (
        "error-body-codes",
        Level::May,
        Category::Everywhere,
        "error-codes",
        "An error may carry a body that names its code.",
    ),
];

/// The verdicts that these cases give the requirements.
pub(super) fn requirements(cases: &[Case]) -> Vec<RequirementResult> {
    let about = |(id, level, category, section, says): (&str, Level, Category, &str, &str)| {
        let tests = |case: &&Case| case.checks.iter().any(|check| check.requirement == id);
        let found = |verdict| {
            let has = |case: &Case| {
                let is = |c: &Check| c.requirement == id && c.verdict == verdict;
                case.checks.iter().any(is)
            };
            cases.iter().any(has)
        };
        let verdict = if found(CheckVerdict::Fail) {
            Verdict::Fail
        } else if found(CheckVerdict::Warn) {
            Verdict::Warn
        } else if found(CheckVerdict::Pass) {
            Verdict::Pass
        } else if cases
            .iter()
            .any(|case| case.id == id && case.verdict == Verdict::Untested)
        {
            Verdict::Untested
        } else {
            Verdict::Blocked
        };
        RequirementResult {
            id: id.into(),
            level,
            category,
            section: section.into(),
            says: says.into(),
            link: Version::V1_1.link(section),
            basis: "keyword".into(),
            why: String::new(),
            verdict,
            cases: cases
                .iter()
                .filter(tests)
                .map(|case| case.id.clone())
                .collect(),
        }
    };
    REQUIREMENTS.into_iter().map(about).collect()
}
