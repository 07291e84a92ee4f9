//! exchanges.har: the exchanges that the record has, for the developer tools of a browser (HAR 1.2).
//!
//! The format has -1 or an empty list for what the record does not have. Where an exchange has no
//! time of its own (in reports of an older assay), those of a case follow each other from the start of the run.
//! `ci/har-test.mjs` opens the file in Chromium's developer tools. They read more than the format says: the port from
//! `connection`, the kind of a request from `_resourceType`, the error of a request from the text of the status.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::failure::Failure;
use super::sanitize::sanitize_json;
use super::{phrases, sanitize_line};
use crate::record::{Body, Case, Exchange, Header, Run};

/// The exchanges as HAR: a page a case.
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let started = OffsetDateTime::parse(&run.started, &Rfc3339)
        .map_err(|error| format!("`started` is no time ({error}): {:?}", run.started))?;
    let (mut pages, mut entries) = (Vec::new(), Vec::new());
    for case in run.cases.iter().filter(|case| !case.exchanges.is_empty()) {
        let mut at = case.exchanges.iter().find_map(began).unwrap_or(started);
        pages.push(page(case, &at.format(&Rfc3339)?));
        for exchange in &case.exchanges {
            at = began(exchange).unwrap_or(at);
            entries.push(entry(case, exchange, &at.format(&Rfc3339)?));
            let took = i64::try_from(exchange.duration_ms).unwrap_or(0);
            at = at.checked_add(Duration::milliseconds(took)).unwrap_or(at);
        }
    }
    let har = json!({ "log": {
        "version": "1.2",
        "creator": { "name": run.tool.name, "version": run.tool.version },
        "pages": pages,
        "entries": entries,
        "comment": sanitize_line(&run.notes.join("; ")),
    }});
    let text = serde_json::to_string_pretty(&har)?;
    Ok(sanitize_json(&text).into_owned() + "\n")
}

/// When an exchange began, where that is known.
fn began(exchange: &Exchange) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(exchange.started.as_deref()?, &Rfc3339).ok()
}

fn page(case: &Case, started: &str) -> Value {
    json!({
        "id": case.id,
        "title": sanitize_line(&format!("{}: {} ({})", case.id, case.title, phrases::verdict(case.verdict))),
        "startedDateTime": started,
        "pageTimings": {},
    })
}

fn entry(case: &Case, exchange: &Exchange, started: &str) -> Value {
    let (time, transport) = (exchange.duration_ms, exchange.transport.as_ref());
    let wait = transport.map_or(time, |transport| transport.head_ms.min(time));
    let mut entry = json!({
        "pageref": case.id,
        "startedDateTime": started,
        "time": time,
        "request": request(exchange),
        "response": response(exchange),
        "cache": {},
        // Connecting and sending are in the wait.
        "timings": { "send": 0, "wait": wait, "receive": time - wait },
        "comment": exchange.step,
        "_resourceType": "fetch",
    });
    if let (Some(server), Some(entry)) = (
        transport.and_then(|transport| transport.server),
        entry.as_object_mut(),
    ) {
        let address = server.ip().to_string();
        entry.insert("serverIPAddress".to_owned(), json!(address));
        entry.insert("connection".to_owned(), json!(server.port().to_string()));
    }
    entry
}

fn request(exchange: &Exchange) -> Value {
    let mut request = json!({
        "method": exchange.method,
        "url": address(&exchange.url),
        "httpVersion": protocol(exchange),
        "cookies": [],
        "headers": headers(&exchange.request_headers),
        "queryString": query(&exchange.url),
        "headersSize": -1,
        "bodySize": exchange.request_body.size,
    });
    if let (1.., Some(request)) = (exchange.request_body.size, request.as_object_mut()) {
        let body = &exchange.request_body;
        let post = json!({
            "mimeType": named(&exchange.request_headers, "content-type"),
            "params": [],
            "text": body.text,
            "comment": comment(body),
        });
        request.insert("postData".to_owned(), post);
    }
    request
}

fn response(exchange: &Exchange) -> Value {
    let error = exchange.error.as_deref().map(sanitize_line);
    json!({
        "status": exchange.status.unwrap_or(0),
        "statusText": error.as_deref().unwrap_or_default(),
        "httpVersion": protocol(exchange),
        "cookies": [],
        "headers": headers(&exchange.response_headers),
        "content": content(&exchange.body, named(&exchange.response_headers, "content-type")),
        "redirectURL": match exchange.status {
            Some(300..400) => named(&exchange.response_headers, "location"),
            _ => "",
        },
        "headersSize": -1,
        "bodySize": exchange.body.size,
        "_error": error,
    })
}

/// The version of HTTP of the response; without a response it is not known.
fn protocol(exchange: &Exchange) -> &str {
    exchange
        .transport
        .as_ref()
        .map_or("", |transport| &transport.protocol)
}

fn content(body: &Body, media_type: &str) -> Value {
    let bytes = if body.binary {
        hex::decode(&body.text).ok()
    } else {
        None
    };
    match bytes {
        Some(bytes) => json!({
            "size": body.size, "mimeType": media_type, "text": STANDARD.encode(bytes),
            "encoding": "base64", "comment": comment(body),
        }),
        None => json!({
            "size": body.size, "mimeType": media_type, "text": body.text, "comment": comment(body),
        }),
    }
}

fn comment(body: &Body) -> &'static str {
    if body.cut {
        "cut: this is its beginning"
    } else {
        ""
    }
}

fn headers(headers: &[Header]) -> Vec<Value> {
    headers
        .iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect()
}

fn named<'a>(headers: &'a [Header], wanted: &str) -> &'a str {
    let found = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map_or("", |(_, value)| value)
}

/// An address as the format wants it. A text that is not a URL becomes a URL that leads nowhere.
fn address(url: &str) -> String {
    url::Url::parse(url).map_or_else(
        |_| {
            let escaped: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
            format!("about:invalid#{escaped}")
        },
        String::from,
    )
}

fn query(url: &str) -> Vec<Value> {
    let pairs = url::Url::parse(url).map(|url| {
        let pair = |(name, value)| json!({ "name": name, "value": value });
        url.query_pairs().map(pair).collect()
    });
    pairs.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn every_exchange_has_its_entry() {
        for (name, run) in sample::every() {
            let har: Value = serde_json::from_str(&render(&run).unwrap()).unwrap();
            let exchanges: usize = run.cases.iter().map(|case| case.exchanges.len()).sum();
            let entries = har["log"]["entries"].as_array().unwrap();
            assert_eq!(entries.len(), exchanges, "{name}");
            for entry in entries {
                let of = |page: &&Value| page["id"] == entry["pageref"];
                let pages = har["log"]["pages"].as_array().unwrap();
                assert_eq!(pages.iter().filter(of).count(), 1);
            }
        }
    }

    #[test]
    fn what_is_no_address_leads_nowhere() {
        assert_eq!(address("http://h/v2/?a=%3D"), "http://h/v2/?a=%3D");
        assert_eq!(address("</script> x"), "about:invalid#%3C%2Fscript%3E+x");
    }

    #[test]
    fn an_entry() {
        let run = sample::all_states();
        let (case, broken) = run
            .cases
            .iter()
            .find_map(|case| {
                case.exchanges
                    .iter()
                    .find(|e| e.error.is_some())
                    .map(|e| (case, e))
            })
            .unwrap();
        insta::assert_json_snapshot!(entry(case, broken, "2026-02-03T04:05:06Z"));
    }
}
