//! What is sent again, and only that: what cannot be done twice, or was never done at all.
//!
//! - A read whose answer was lost, or ends early; a read that a gateway did not get through (502, 504).
//! - Anything for which there was no connection, and so nothing was sent.
//! - Anything answered with 503: the target says that it did not handle it (RFC 9110, section 15.6.4). After a
//!   few times the 503 counts as the answer.
//!
//! A write whose answer was lost is never sent again: it may have been done, and a second POST, PATCH or
//! DELETE would be answered differently. Its case is run again from its beginning, with content of its own.

use std::time::Duration;

use http::Method;

use super::{RequestError, Response};

/// How often something is sent again.
const MOST: u32 = 3;

/// The first pause; each after it is three times as long. A connection that the target had closed meanwhile is
/// made anew at once.
const FIRST: Duration = Duration::from_millis(50);

/// The repetitions of one request.
#[derive(Debug, Default)]
pub struct Retries {
    sent_again: u32,
}

impl Retries {
    /// How long to wait before the request is sent again; nothing where it is not.
    pub fn pause(
        &mut self,
        method: &Method,
        outcome: &Result<Response, RequestError>,
    ) -> Option<Duration> {
        let reads = matches!(*method, Method::GET | Method::HEAD);
        let lost = match outcome {
            Ok(response) => response.status < 400 && response.broken.is_some(),
            Err(failure) => matches!(failure, RequestError::Broken(_)),
        };
        let again = match outcome {
            Err(RequestError::Broken(_)) => reads,
            Err(RequestError::Connection(_)) => true,
            Ok(_) if lost => reads,
            Ok(response) => match response.status {
                502 | 504 => reads,
                503 => !response.headers.contains_key("retry-after"),
                _ => false,
            },
            Err(_) => false,
        };
        if !again || self.sent_again >= MOST {
            return None;
        }
        let pause = match self.sent_again {
            0 if lost => Duration::ZERO,
            before => FIRST.saturating_mul(3_u32.saturating_pow(before)),
        };
        self.sent_again += 1;
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16) -> Result<Response, RequestError> {
        Ok(Response {
            status,
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            broken: None,
            transport: None,
            budget: None,
        })
    }

    fn again(method: &Method, outcome: &Result<Response, RequestError>) -> usize {
        let mut retries = Retries::default();
        std::iter::from_fn(|| retries.pause(method, outcome)).count()
    }

    #[test]
    fn only_what_is_safe_is_sent_again() {
        let lost = Err(RequestError::Broken("reset".to_owned()));
        let unsent = Err(RequestError::Connection("refused".to_owned()));
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(again(&method, &lost), MOST as usize);
            assert_eq!(again(&method, &response(502)), MOST as usize);
        }
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(again(&method, &lost), 0, "{method}");
            assert_eq!(again(&method, &response(502)), 0, "{method}");
            assert_eq!(again(&method, &unsent), MOST as usize, "{method}");
            assert_eq!(again(&method, &response(503)), MOST as usize, "{method}");
        }
        for status in [200, 404, 429, 500, 501] {
            assert_eq!(again(&Method::GET, &response(status)), 0, "{status}");
        }
        let late = Err(RequestError::Timeout(FIRST));
        assert_eq!(again(&Method::GET, &late), 0, "time is spent once");
    }

    #[test]
    fn pauses_grow() {
        let mut retries = Retries::default();
        let lost = Err(RequestError::Broken(String::new()));
        let pauses = std::iter::from_fn(|| retries.pause(&Method::GET, &lost));
        let pauses: Vec<u128> = pauses.map(|pause| pause.as_millis()).collect();
        assert_eq!(pauses, [0, 150, 450]);
    }
}
