//! Checks of `assay lint` beyond those of a run: mistakes in suites that can be run.

use super::compile::Doubt;
use super::model::{Action, Case, Given, Step, Suite};
use super::{Method, Suites};
use crate::catalogue::Version;
use crate::data::{Diagnostic, SourceSpan};

impl Suites {
    /// Reports mistakes in the suites and the catalogue that do not stop a run. The suites are loaded with doubts.
    pub fn lint(&self) -> Vec<Diagnostic> {
        let mut found = self.mistakes();
        found.extend(self.skeletons());
        found
    }

    /// The same of suites that may still be skeletons.
    pub fn mistakes(&self) -> Vec<Diagnostic> {
        let mut found = self.catalogue.unresolved_references();
        found.extend(self.doubts.iter().map(Doubt::diagnostic));
        for case in self.cases() {
            changed_shared_content(case, &case.steps, &mut found);
            found.extend(self.serial_probe(case));
        }
        for suite in &self.suites {
            found.extend(self.unknown_sections(suite));
        }
        found
    }

    /// Reports a serial case that decides a feature. A serial case waits until no other case changes tags, and a case that
    /// needs the feature waits for the case that decides it: both would wait for ever.
    fn serial_probe(&self, case: &Case) -> Option<Diagnostic> {
        if !case.serial {
            return None;
        }
        let declinable = case.declinable();
        let waiting = self.cases().find_map(|other| {
            let mut needs = other.needed_features().into_iter();
            let feature = needs.find(|need| declinable.contains(need.as_str()))?;
            (other.id != case.id).then_some((feature, &other.id))
        });
        let (feature, other) = waiting?;
        let message = format!(
            "a serial case decides the feature `{feature}`, which the case `{other}` needs"
        );
        let help = "let a case that is not serial decide the feature";
        Some(case.span.at("serial").diagnostic(message).help(help))
    }

    /// Reports the sections that are in no version to which their cases apply: that of the suite once.
    fn unknown_sections(&self, suite: &Suite) -> Vec<Diagnostic> {
        let unknown = suite.cases.iter().filter(|case| !self.has_section(case));
        let (of_suite, own): (Vec<_>, Vec<_>) =
            unknown.partition(|case| case.section == suite.section);
        let spans = own.into_iter().map(|case| (&case.section, &case.span));
        let of_suite = of_suite.first().map(|_| (&suite.section, &suite.span));
        let report = |(section, span): (&String, &SourceSpan)| {
            let message = format!("the specification has no section `{section}`");
            let help = self.catalogue.section_help(section);
            span.at("section").diagnostic(message).help(help)
        };
        of_suite.into_iter().chain(spans).map(report).collect()
    }

    /// Whether a version to which the case applies has its section.
    fn has_section(&self, case: &Case) -> bool {
        let mut versions = Version::ALL
            .into_iter()
            .filter(|version| case.holds_in(*version));
        case.category.is_extra()
            || versions.any(|version| self.catalogue.has_section(version, &case.section))
    }
}

/// Reports requests that change the content of a shared fixture, which other cases read.
fn changed_shared_content(case: &Case, steps: &[Step], found: &mut Vec<Diagnostic>) {
    for step in steps {
        if let Action::Request(request) = &step.action {
            let changes = matches!(request.method, Method::Put | Method::Patch | Method::Delete);
            let url = request.url.source();
            let named = request.url.references().find_map(|reference| {
                let given = case.given.get(reference.root())?;
                (!given.own && is_in_its_repository(url, given)).then(|| reference.root())
            });
            if let Some(name) = named.filter(|_| changes) {
                let method = request.method.name();
                let message = format!("{method} changes `{name}`, which other cases share");
                let fixture = case.given.get(name).map_or("", |given| &given.fixture);
                let help =
                    format!("write `given: {{ {name}: {{ fixture: {fixture}, own: true }} }}`");
                let key = method.to_lowercase();
                found.push(step.span.at(key).diagnostic(message).help(help));
            }
        }
        for branch in &step.then {
            changed_shared_content(case, &branch.steps, found);
        }
    }
}

fn is_in_its_repository(url: &str, given: &Given) -> bool {
    url.strip_prefix("/v2/")
        .and_then(|rest| rest.strip_prefix(given.repo.source()))
        .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use super::*;
    use crate::data::File;
    use crate::suite::Sources;

    /// The diagnostics of the bundled catalogue, procedures and features with one suite, those about ids included.
    fn lint(suite: &str, texts: &[(&str, &str)]) -> Vec<String> {
        let mut sources = Sources::embedded();
        let folders = ["requirements/", "procedures", "features", "everywhere/"];
        let files = &mut sources.suites.files;
        files.retain(|file| folders.iter().any(|known| file.path.starts_with(known)));
        for (path, text) in [("management/tea.yaml", suite)].iter().chain(texts) {
            files.retain(|file| file.path != *path);
            files.push(File::new(*path, *text));
        }
        let mut suites = Suites::load_with_doubts(&sources).unwrap();
        let mut found = suites.lint();
        suites
            .unused
            .retain(|one| !one.message().starts_with("nothing uses"));
        found.append(&mut suites.unused);
        let shown = found
            .iter()
            .map(|one| format!("{}:{}: {one}", one.file(), one.line()));
        shown.collect()
    }

    fn suite(case: &str) -> String {
        format!(
            "title: Tea\nsection: deleting-manifests\ncases:\n  - id: tea\n    title: T\n{case}"
        )
    }

    const DELETE: &str = "
    steps:
      - delete: /v2/{repo}/manifests/{image.digest}
        expect:
          manifest-delete-status: { status: 202 }
";

    #[test]
    fn shared_content_is_not_changed() {
        let shared = suite(&format!("    given: {{ image: small-image }}{DELETE}"));
        assert_eq!(
            lint(&shared, &[]),
            ["management/tea.yaml:8: DELETE changes `image`, which other cases share"]
        );
        let own = "    given: { image: { fixture: small-image, own: true } }";
        assert_eq!(lint(&suite(&format!("{own}{DELETE}")), &[]), [""; 0]);
        let made = "    content: { image: { fixture: small-image } }";
        assert_eq!(lint(&suite(&format!("{made}{DELETE}")), &[]), [""; 0]);
    }

    #[test]
    fn sections_and_fingerprints_are_in_the_text() {
        let given =
            "    section: deleting-tea\n    given: { image: { fixture: small-image, own: true } }";
        assert_eq!(
            lint(&suite(&format!("{given}{DELETE}")), &[]),
            ["management/tea.yaml:6: the specification has no section `deleting-tea`"]
        );
        let two = "    steps:\n      - get: /v2/\n  - id: milk\n    title: M\n    steps:\n      - get: /v2/\n";
        let two = suite(two).replace("deleting-manifests", "deleting-manifest");
        assert_eq!(
            lint(&two, &[]),
            ["management/tea.yaml:2: the specification has no section `deleting-manifest`"]
        );
        let catalogue = "
category: pull
requirements:
  - id: tea-hot
    section: { 1.0: pulling-tea, 1.1: pulling-blobs }
    level: MUST
    says: Tea is hot.
    text: { 1.0: [\"0123456789ab\"], dev: [\"0123456789ab\"] }
";
        let own = "    given: { image: { fixture: small-image, own: true } }";
        let found = lint(
            &suite(&format!("{own}{DELETE}")),
            &[("requirements/tea.yaml", catalogue)],
        );
        assert_eq!(
            found,
            [
                "requirements/tea.yaml:5: the text of 1.0 has no section `pulling-tea`",
                "requirements/tea.yaml:8: the section `pulling-blobs` of the text of 1.1 has no passage `0123456789ab`",
                "requirements/tea.yaml:8: the section `pulling-blobs` of the text of dev has no passage `0123456789ab`",
            ]
        );
    }

    #[test]
    fn what_is_probably_a_mistake_is_doubted() {
        let step = |step: &str| suite(&format!("    steps:\n      - {step}\n"));
        for (url, says) in [
            ("v2/{repo}/tags/list", "does not begin with one `/`"),
            (
                "\"{repo}/tags/list\"",
                "begins with a name, and not with a path",
            ),
            ("/v2/{repo}/tag/list", "is no path of the API"),
            ("/v2/{repo}/blob/uploads/", "is no path of the API"),
            ("/{repo}/tags/list", "is no path of the API"),
        ] {
            let found = lint(&step(&format!("get: {url}")), &[]);
            assert_eq!(found.len(), 1, "{url}: {found:?}");
            assert!(found.iter().all(|one| one.ends_with(says)), "{found:?}");
        }
        for url in [
            "/v2/",
            "/v2/_tea/pot",
            "/v2/{repo}/tags/list?n=1",
            "https://x/y",
        ] {
            assert_eq!(lint(&step(&format!("get: {url}")), &[]), [""; 0], "{url}");
        }
        let code = |code: &str| {
            lint(
                &step(&format!(
                    "get: /v2/\n        expect: {{ base-status: {{ error: {code} }} }}"
                )),
                &[],
            )
        };
        assert_eq!(
            code("MANIFEST_UNKNOW"),
            ["management/tea.yaml:8: `MANIFEST_UNKNOW` is not an error code of the specification"]
        );
        let map = "    content: { cup: { random: 3 } }\n    steps:\n      - get: /v2/{repo}/blobs/{cup.digest}\n        expect: { base-status: { json: { /a: { equals: {cup.digest} } } } }\n";
        assert_eq!(
            lint(&suite(map), &[]),
            ["management/tea.yaml:9: `cup.digest` is an empty key of a map, and not a reference"]
        );
        // A registry may have codes of its own.
        for right in ["MANIFEST_UNKNOWN", "TAG_INVALID", "QUOTA_EXCEEDED"] {
            assert_eq!(code(right), [""; 0], "{right}");
        }
        let unused = "    given: { pot: small-blob }\n    content: { cup: { random: 3 }, lid: { text: \"{cup.digest}\" }, tea: { random: 3 } }\n    steps:\n      - get: /v2/{repo}/blobs/{lid.digest}\n";
        assert_eq!(
            lint(&suite(unused), &[]),
            ["management/tea.yaml:7: no step uses `tea`"]
        );
    }

    #[test]
    fn a_serial_case_decides_no_feature_that_another_needs() {
        let cases = "    serial: true
    steps:
      - get: /v2/
        declined: { referrers: { status: 404 } }
  - id: milk
    title: M
    needs: [referrers]
    steps:
      - get: /v2/
        expect: { base-status: { status: 200 } }
";
        assert_eq!(
            lint(&suite(cases), &[]),
            [
                "management/tea.yaml:6: a serial case decides the feature `referrers`, which the case `milk` needs"
            ]
        );
        let alone = suite(&cases.replace("    serial: true\n", ""));
        assert_eq!(lint(&alone, &[]), [""; 0]);
    }

    #[test]
    fn a_new_case_needs_since() {
        let own = "    given: { image: { fixture: small-image, own: true } }";
        let history = |ids: &str| {
            let everywhere = Suites::load(&Sources::embedded()).unwrap();
            let of = everywhere.suites.iter();
            let of = of.filter(|suite| suite.name.starts_with("everywhere/"));
            let mut versions: BTreeMap<_, Vec<String>> = BTreeMap::new();
            for suite in of {
                let cases = suite.cases.iter().map(|one| (&one.id, one.history.since));
                let others = suite.invariants.iter();
                let others = others.map(|one| (&one.id, one.history.since));
                for (id, since) in cases.chain(others) {
                    versions.entry(since).or_default().push(id.clone());
                }
            }
            let mut text = "versions:\n".to_owned();
            for (version, added) in versions {
                let more = if version == crate::suite::SuiteVersion::FIRST {
                    ids
                } else {
                    ""
                };
                text.push_str(&format!("  {version}: [{}{more}]\n", added.join(", ")));
            }
            text
        };
        let tea = suite(&format!("{own}{DELETE}"));
        assert_eq!(
            lint(&tea, &[("history.yaml", &history(""))]),
            ["management/tea.yaml:4: `tea` is new and has no `since`"]
        );
        let since = tea.replace("    title: T", "    since: 0.2.0\n    title: T");
        assert_eq!(lint(&since, &[("history.yaml", &history(""))]), [""; 0]);
        assert_eq!(
            lint(&since, &[("history.yaml", &history(", tea"))]),
            ["management/tea.yaml:5: version 0.1.0 of the suites added `tea`, not 0.2.0"]
        );
        assert_eq!(
            lint(&tea, &[("history.yaml", &history(", tea, milk"))]),
            ["history.yaml:2: no case or invariant has the id `milk`"]
        );
    }
}
