//! What runs for each exchange: parsing, digests, matchers, redaction, and the record of the exchange.
//!
//! `cargo bench --bench exchange`
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use divan::{Bencher, black_box};
use http::{HeaderMap, HeaderValue, Method};
use oci_assay::internals::client::{Coding, CurlOptions, Recorder, Redactor, Request, Response};
use oci_assay::internals::engine::{ParsedResponse, Scope, Subject, evaluate};
use oci_assay::internals::fixture::{Fixtures, Seed, is_digest_of};
use oci_assay::internals::suite::{Sources, Suites};
use url::Url;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;
const TOKEN: &str = "a-secret-that-no-report-holds";

fn main() {
    divan::main();
}

fn url() -> Url {
    "http://registry.example/v2/conformance/repo1/tags/list"
        .parse()
        .unwrap()
}

/// The list of so many tags.
fn tag_list(tags: usize) -> Response {
    let tags: Vec<String> = (0..tags).map(|tag| format!("\"tag-{tag}\"")).collect();
    let body = format!(
        "{{\"name\":\"conformance/repo1\",\"tags\":[{}]}}",
        tags.join(",")
    );
    let json = ("content-type", "application/json");
    let headers = [
        json,
        ("docker-distribution-api-version", "registry/2.0"),
        ("x-request-id", TOKEN),
    ];
    let headers =
        headers.map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
    Response {
        status: 200,
        headers: HeaderMap::from_iter(headers),
        body: body.into(),
        broken: None,
        coding: Coding::None,
        transport: None,
        local: None,
        budget: None,
    }
}

#[divan::bench(args = [10, 1_000, 10_000])]
fn parse_a_tag_list(bencher: Bencher, tags: usize) {
    let response = tag_list(tags);
    bencher
        .with_inputs(|| response.clone())
        .bench_values(|response| {
            ParsedResponse::new(url(), response)
                .unwrap()
                .json()
                .is_some()
        });
}

#[divan::bench(args = [KIB, MIB, 10 * MIB])]
fn digest(bencher: Bencher, bytes: usize) {
    let content = vec![7; bytes];
    let digest = format!("sha256:{}", "0".repeat(64));
    let counted = bencher.counter(divan::counter::BytesCount::new(bytes));
    counted.bench(|| is_digest_of(black_box(&digest), black_box(&content)));
}

/// Every expectation of the cases' own steps, compared with one response.
#[divan::bench]
fn all_matchers(bencher: Bencher) {
    let suites = Suites::load(&Sources::embedded()).unwrap();
    let steps = suites.cases().flat_map(|case| &case.steps);
    let matchers: Vec<_> = steps
        .flat_map(|step| &step.expect)
        .map(|one| &one.matcher)
        .collect();
    let response = ParsedResponse::new(url(), tag_list(100)).unwrap();
    let fixtures = Fixtures::default();
    bencher.bench_local(|| {
        let mut scope = Scope::new(&fixtures, Seed::new(0), None);
        let results = matchers
            .iter()
            .map(|one| evaluate(one, Subject::Response(&response), &mut scope));
        results.filter(Result::is_ok).count()
    });
}

#[divan::bench(args = [100, 8 * KIB])]
fn redact(bencher: Bencher, bytes: usize) {
    let redactor = Redactor::new(&[TOKEN.to_owned()]);
    let mut text = "a line of a header, or of a body; ".repeat(bytes / 34);
    text.push_str(TOKEN);
    bencher.bench(|| redactor.text(black_box(&text)));
}

#[divan::bench(args = [10, 1_000])]
fn record(bencher: Bencher, tags: usize) {
    let recorder = Recorder::new(
        Arc::new(Redactor::new(&[TOKEN.to_owned()])),
        CurlOptions::default(),
    );
    let request = Request::bare(Method::GET, url(), "GET the tag list");
    let accept = [("Accept".to_owned(), "application/json".to_owned())];
    let response = tag_list(tags);
    let took = (SystemTime::now(), Duration::from_millis(3));
    bencher.bench(|| recorder.exchange(&request, &accept, Ok(&response), took));
}
