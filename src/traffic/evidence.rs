//! Exchanges as the record has them: bounded, and without secrets.

use super::wire_exchange::{WireBody, WireExchange};
use crate::client::{self, Bounds, Redactor, SEARCHED_BEYOND, header_lines, timestamp};
use crate::data::cut;
use crate::endpoint::Endpoint;
use crate::record::{Body, Exchange, Transport, millis};

/// What is kept of each exchange.
const BOUNDS: Bounds = Bounds {
    body: 2 * 1024,
    binary: 32,
    line: 2 * 1024,
    url: 2 * 1024,
    ..Bounds::FULL
};

/// The bytes of a body that evidence needs: all that is searched for secrets, and one character more, so that a character at
/// its end is known to be cut.
pub const KEPT: usize = BOUNDS.body + SEARCHED_BEYOND + 4;

/// An exchange as evidence of what was found in traffic.
pub fn of_traffic(seen: &WireExchange, redactor: &Redactor) -> Exchange {
    let step = format!("Request {} of the traffic", seen.number + 1);
    exchange(seen, redactor, step)
}

/// An exchange as evidence of a step.
pub fn exchange(seen: &WireExchange, redactor: &Redactor, step: String) -> Exchange {
    let request = &seen.request;
    let secret = is_login(seen);
    let body = |body: &WireBody| match secret && body.size > 0 {
        true => hidden(body.size),
        false => shown(body, redactor),
    };
    let response = seen.response.as_ref();
    Exchange {
        step,
        method: request.method.clone(),
        url: cut(redactor.url(&request.url), BOUNDS.url),
        request_headers: header_lines(&request.headers, redactor, BOUNDS),
        request_body: body(&request.body),
        status: seen.status(),
        response_headers: response.map_or_else(Vec::new, |response| {
            header_lines(&response.headers, redactor, BOUNDS)
        }),
        body: match (request.method.as_str(), response) {
            ("HEAD", _) | (_, None) => Body::default(),
            (_, Some(response)) => body(&response.body),
        },
        error: seen.error.as_ref().map(|why| redactor.text(why)),
        started: timestamp(seen.began),
        duration_ms: millis(seen.took),
        transport: response
            .filter(|response| !response.protocol.is_empty())
            .map(|response| Transport {
                protocol: response.protocol.clone(),
                server: None,
                head_ms: millis(seen.took),
            }),
        curl: String::new(),
    }
}

/// Whether passwords and tokens may be in the bodies: a request that is neither the registry's API nor an upload.
fn is_login(seen: &WireExchange) -> bool {
    let reads = matches!(seen.request.method.as_str(), "GET" | "POST");
    reads && seen.request.endpoint == Endpoint::Other
}

fn hidden(size: u64) -> Body {
    Body {
        size,
        text: "[redacted]".to_owned(),
        binary: false,
        cut: true,
    }
}

fn shown(body: &WireBody, redactor: &Redactor) -> Body {
    let shown = client::body(&body.kept, redactor, BOUNDS);
    Body {
        cut: shown.cut || (body.kept.len() as u64) < body.size,
        size: body.size,
        ..shown
    }
}
