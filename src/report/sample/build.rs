//! What samples are made with: a builder of cases, and the run that counts them.

#![allow(clippy::indexing_slicing)]

use indexmap::IndexMap;

use super::requirements::{REQUIREMENTS, requirements};
use crate::catalogue::{Category, Level, Party, Version};
use crate::record::{
    Body, Case, CategoryResult, Check, CheckVerdict, Conformance, Counts, Exchange, FeatureState,
    JudgedBy, Run, SCHEMA, Target, Tool, Transport, Verdict,
};

/// What a hostile target puts wherever it can.
const HOSTILE: &str = "</script><script>alert(1)</script> ]]> \u{1b}[31mred\u{1b}[0m \u{202e}drow\u{202c} \0\u{8}\u{ffff} `|*_ & \"q\" 'q'";

/// A run of these cases, counted.
pub(super) fn run(cases: Vec<Builder>) -> Run {
    let cases: Vec<Case> = cases.into_iter().map(|builder| builder.0).collect();
    let summary = Counts::of(cases.iter().map(|case| case.verdict));
    let categories = Category::ALL
        .into_iter()
        .map(|category| {
            let within = cases.iter().filter(|case| case.category == category);
            let counts = Counts::of(within.map(|case| case.verdict));
            (
                category,
                CategoryResult {
                    verdict: conformance(counts),
                    counts,
                },
            )
        })
        .collect();
    Run {
        schema: SCHEMA.into(),
        tool: Tool {
            name: "assay".into(),
            version: "0.1.0".into(),
        },
        target: Target {
            url: "http://127.0.0.1:5000".into(),
            repo: "conformance/repo1".into(),
            repo2: "conformance/repo2".into(),
            options: Vec::new(),
            no_push: false,
            bundled: false,
            party: Party::Registry,
            judged_by: JudgedBy::Run,
        },
        spec: Version::V1_1,
        seed: 3_141_592_653,
        started: "2026-02-03T04:05:06Z".into(),
        duration_ms: 1234,
        verdict: conformance(summary),
        interrupted: false,
        partial: false,
        summary,
        requests: cases.iter().map(|case| case.exchanges.len() as u64).sum(),
        diagnoses: Vec::new(),
        notes: Vec::new(),
        leftovers: Vec::new(),
        baseline: None,
        rerun: None,
        categories,
        features: features(),
        requirements: requirements(&cases),
        cases,
        timings: None,
        as_of: None,
        uncounted: Vec::new(),
        file: Run::beside(),
    }
}

fn features() -> IndexMap<String, FeatureState> {
    IndexMap::from([
        ("mount".into(), FeatureState::Supported),
        ("referrers".into(), FeatureState::Supported),
        ("tag-delete".into(), FeatureState::Unsupported),
        ("sha512".into(), FeatureState::Unknown),
    ])
}

fn conformance(counts: Counts) -> Conformance {
    if counts.fail > 0 {
        Conformance::NonConformant
    } else if counts.blocked + counts.error + counts.skipped > 0 {
        Conformance::Inconclusive
    } else {
        Conformance::Conformant
    }
}

/// A case in the making.
pub(super) struct Builder(pub(super) Case);

/// A case that passes until a builder function changes that.
pub(super) fn case(suite: &str, id: &str, title: &str) -> Builder {
    let category = suite.split('/').next().and_then(Category::from_name);
    let category = category.unwrap_or(Category::Push);
    let section = REQUIREMENTS.iter().find(|known| known.2 == category);
    Builder(Case {
        id: id.into(),
        suite: suite.into(),
        category,
        title: title.into(),
        section: section.map_or("", |known| known.3).into(),
        verdict: Verdict::Pass,
        flaky: false,
        attempts: Vec::new(),
        known: None,
        duration_ms: 12,
        waited_ms: 0,
        features: Vec::new(),
        declined: Vec::new(),
        stopped: None,
        blocked_by: None,
        reason: None,
        notes: Vec::new(),
        canonical: false,
        checks: Vec::new(),
        exchanges: Vec::new(),
    })
}

impl Builder {
    /// A check that passes.
    pub(super) fn pass(self, requirement: &str) -> Self {
        self.check(
            requirement,
            CheckVerdict::Pass,
            "it holds",
            "status 200",
            "status 200",
        )
    }

    /// A violated MUST.
    pub(super) fn fail(
        mut self,
        requirement: &str,
        message: &str,
        expected: &str,
        actual: &str,
    ) -> Self {
        self.0.verdict = Verdict::Fail;
        self.check(requirement, CheckVerdict::Fail, message, expected, actual)
    }

    /// A violated SHOULD.
    pub(super) fn warn(
        mut self,
        requirement: &str,
        message: &str,
        expected: &str,
        actual: &str,
    ) -> Self {
        self.0.verdict = Verdict::Warn;
        self.check(requirement, CheckVerdict::Warn, message, expected, actual)
    }

    /// Another verdict, and why.
    pub(super) fn ends(mut self, verdict: Verdict, why: &str) -> Self {
        self.0.verdict = verdict;
        self.0.reason = Some(why.into());
        self
    }

    /// Blocked by what another case shows.
    pub(super) fn blocked_by(mut self, owner: &str, why: &str) -> Self {
        self.0.blocked_by = Some(owner.into());
        self.ends(Verdict::Blocked, why)
    }

    pub(super) fn note(mut self, note: &str) -> Self {
        self.0.notes.push(note.into());
        self
    }

    pub(super) fn feature(mut self, name: &str) -> Self {
        self.0.features.push(name.into());
        self
    }

    pub(super) fn chunk_accepted(self) -> Self {
        self.fail(
            "chunk-order",
            "a chunk out of order was accepted",
            "status 416",
            "status 202",
        )
    }

    pub(super) fn cut_short(mut self) -> Self {
        let mut last = exchange(&self.0.id, 0);
        last.status = None;
        last.error = Some("connection closed before the answer was whole".into());
        self.0.exchanges.push(last);
        self
    }

    pub(super) fn hostile(self) -> Self {
        let mut this = self.fail(
            "chunk-order",
            HOSTILE,
            HOSTILE,
            &format!("{HOSTILE} and more"),
        );
        this.0.title = HOSTILE.into();
        if let Some(last) = this.0.exchanges.last_mut() {
            last.url = format!("http://127.0.0.1:5000/v2/{HOSTILE}");
            last.curl = format!("curl -i 'http://127.0.0.1:5000/v2/{HOSTILE}'");
            last.response_headers
                .push(("X-Long".into(), "v".repeat(3000)));
            last.response_headers
                .push(("X-Hostile".into(), HOSTILE.into()));
            last.body = Body {
                size: 10 << 20,
                text: HOSTILE.into(),
                binary: false,
                cut: true,
            };
            last.request_body = Body {
                size: 4,
                text: "00ff10ab".into(),
                binary: true,
                cut: false,
            };
        }
        this.note(HOSTILE)
    }

    fn check(
        mut self,
        requirement: &str,
        verdict: CheckVerdict,
        message: &str,
        expected: &str,
        actual: &str,
    ) -> Self {
        let level = REQUIREMENTS.iter().find(|known| known.0 == requirement);
        self.0
            .exchanges
            .push(exchange(&self.0.id, self.0.exchanges.len()));
        let level = level.map_or(Level::Must, |known| known.1);
        self.0.checks.push(Check {
            message: message.into(),
            expected: expected.into(),
            actual: actual.into(),
            exchange: Some(self.0.exchanges.len() - 1),
            ..Check::new(requirement, level, verdict)
        });
        self
    }
}

fn exchange(case: &str, number: usize) -> Exchange {
    let url = format!(
        "http://127.0.0.1:5000/v2/conformance/repo1/manifests/sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08?n={number}"
    );
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let body = "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\",\"detail\":{\"Tag\":\"t\"}}]}";
    Exchange {
        step: format!("Pull the manifest of {case}"),
        method: "GET".into(),
        curl: format!("curl -i -H 'Accept: application/vnd.oci.image.manifest.v1+json' '{url}'"),
        url,
        request_headers: Vec::from([
            header("accept", "application/vnd.oci.image.manifest.v1+json"),
            header("user-agent", "assay/0.1.0"),
            header("authorization", "Bearer [redacted]"),
        ]),
        request_body: Body::default(),
        status: Some(200),
        response_headers: Vec::from([
            header("Content-Type", "application/vnd.oci.image.manifest.v1+json"),
            header(
                "Docker-Content-Digest",
                "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            ),
            header("Content-Length", "96"),
            header("Date", "Tue, 03 Feb 2026 04:05:06 GMT"),
        ]),
        body: Body {
            size: body.len() as u64,
            text: body.into(),
            binary: false,
            cut: false,
        },
        error: None,
        started: Some(format!("2026-02-03T04:05:06.{:03}Z", number % 1000)),
        duration_ms: 3,
        transport: Some(Transport {
            protocol: "HTTP/1.1".into(),
            server: Some(([127, 0, 0, 1], 5000).into()),
            head_ms: 2,
        }),
    }
}
