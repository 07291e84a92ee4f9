//! Exchanges for the tests of rules.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::wire_exchange::{WireBody, WireExchange, WireRequest, WireResponse};
use crate::endpoint::Endpoint;

/// An exchange without bodies.
pub fn exchange(
    method: &str,
    url: &str,
    sent: &[(&str, &str)],
    status: u16,
    received: &[(&str, &str)],
) -> WireExchange {
    let url: Url = url.parse().unwrap();
    WireExchange {
        number: 0,
        request: WireRequest {
            method: method.to_owned(),
            endpoint: Endpoint::parse(url.path()),
            url,
            headers: headers(sent),
            body: WireBody::default(),
            connection: None,
            complete: true,
        },
        response: Some(WireResponse {
            status,
            headers: headers(received),
            body: WireBody::default(),
            protocol: String::new(),
        }),
        error: None,
        began: SystemTime::UNIX_EPOCH,
        took: Duration::ZERO,
        trusted: false,
    }
}

/// The same with the body of the request, and with a number.
pub fn with_body(number: usize, body: &'static [u8], exchange: WireExchange) -> WireExchange {
    let mut exchange = exchange;
    exchange.number = number;
    exchange.request.body = WireBody::whole(Bytes::from_static(body));
    exchange
}

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().unwrap();
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}
