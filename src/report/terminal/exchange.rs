//! A request and its response on the terminal.

use super::page::Page;
use super::style::TextStyle;
use crate::record::{Body, Exchange, Header};
use crate::report::phrases;

/// How many lines of a body are shown.
const BODY_LINES: usize = 20;

/// The exchange, with the bodies where `bodies` are wanted.
pub(super) fn exchange(page: &mut Page<'_>, exchange: &Exchange, bodies: bool) {
    page.transport(&format!("> {} {}", exchange.method, exchange.url));
    headers(page, '>', &exchange.request_headers);
    if bodies {
        body(page, '>', &exchange.request_body);
    }
    let took = phrases::duration(exchange.duration_ms);
    page.transport(&format!("< {} ({took})", phrases::status(exchange)));
    headers(page, '<', &exchange.response_headers);
    if bodies {
        body(page, '<', &exchange.body);
    }
    if let Some(error) = &exchange.error {
        page.labelled(4, "", TextStyle::Bad, error);
    }
}

fn headers(page: &mut Page<'_>, sign: char, headers: &[Header]) {
    for (name, value) in headers {
        page.transport(&format!("{sign} {name}: {value}"));
    }
}

fn body(page: &mut Page<'_>, sign: char, body: &Body) {
    if body.size == 0 {
        return;
    }
    page.transport(&format!("{sign} ({})", phrases::body(body)));
    for line in body.text.lines().take(BODY_LINES) {
        page.transport(&format!("{sign} {line}"));
    }
}
