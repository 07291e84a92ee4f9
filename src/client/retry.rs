//! Which requests are retried: those that change nothing, and those that the registry did not process.
//!
//! - A read without a response or with an incomplete one, and a read that a gateway did not forward (502, 504).
//! - Any request for which there was no connection: nothing was sent.
//! - Any request with the response 503, by which the registry says that it did not process the request (RFC 9110, section
//!   15.6.4). After [`MAX_RETRIES`] the 503 is the response.
//!
//! A write without a response is never retried: it may have been processed, and a second POST, PATCH or DELETE would have
//! another response. Its case is run again from the start, with other content.

use std::time::Duration;

use http::Method;

use super::exchange::Response;
use super::request_error::RequestError;

/// The pause before the second retry of a request whose connection was closed; each after it is twice as long. Such a request
/// reached the registry, which closes an idle connection now and then, or this kind of request each time.
const CLOSED_PAUSE: Duration = Duration::from_millis(50);

/// The most retries of one request.
const MAX_RETRIES: u32 = 3;

/// The first pause; each after it is three times as long. A request without a response is first retried at once, since the
/// registry may only have closed an idle connection.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The retries of one request.
#[derive(Debug, Default)]
pub struct Retries {
    count: u32,
}

impl Retries {
    /// The pause before the next retry; none where the outcome is final.
    pub fn pause(
        &mut self,
        method: &Method,
        outcome: &Result<Response, RequestError>,
    ) -> Option<Duration> {
        let read = matches!(*method, Method::GET | Method::HEAD);
        let lost = match outcome {
            Ok(response) => response.breaks_off(),
            Err(error) => matches!(error, RequestError::Broken(_)),
        };
        let retried = match outcome {
            Err(RequestError::Broken(_)) => read,
            Err(RequestError::Connection(_)) => true,
            Ok(_) if lost => read,
            Ok(response) => match response.status {
                502 | 504 => read,
                503 => !response.headers.contains_key("retry-after"),
                _ => false,
            },
            Err(_) => false,
        };
        if !retried || self.count >= MAX_RETRIES {
            return None;
        }
        let pause = match self.count {
            0 if lost => Duration::ZERO,
            retries if matches!(outcome, Err(error) if error.is_closed()) => {
                CLOSED_PAUSE.saturating_mul(2_u32.saturating_pow(retries.saturating_sub(1)))
            }
            retries => FIRST_PAUSE.saturating_mul(3_u32.saturating_pow(retries)),
        };
        self.count += 1;
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16) -> Result<Response, RequestError> {
        Ok(Response::bare(status))
    }

    fn retries(method: &Method, outcome: &Result<Response, RequestError>) -> usize {
        let mut retries = Retries::default();
        std::iter::from_fn(|| retries.pause(method, outcome)).count()
    }

    #[test]
    fn only_safe_requests_are_retried() {
        let lost = Err(RequestError::Broken("reset".into()));
        let unsent = Err(RequestError::Connection("refused".into()));
        for method in [Method::GET, Method::HEAD] {
            assert_eq!(retries(&method, &lost), MAX_RETRIES as usize);
            assert_eq!(retries(&method, &response(502)), MAX_RETRIES as usize);
        }
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            assert_eq!(retries(&method, &lost), 0, "{method}");
            assert_eq!(retries(&method, &response(502)), 0, "{method}");
            assert_eq!(retries(&method, &unsent), MAX_RETRIES as usize, "{method}");
            assert_eq!(
                retries(&method, &response(503)),
                MAX_RETRIES as usize,
                "{method}"
            );
        }
        for status in [200, 404, 429, 500, 501] {
            assert_eq!(retries(&Method::GET, &response(status)), 0, "{status}");
        }
        let late = Err(RequestError::Timeout(FIRST_PAUSE));
        assert_eq!(retries(&Method::GET, &late), 0, "a time-out is not retried");
    }

    #[test]
    fn pauses_grow() {
        let mut retries = Retries::default();
        let lost = Err(RequestError::Broken("".into()));
        let pauses = std::iter::from_fn(|| retries.pause(&Method::GET, &lost));
        let pauses: Vec<u128> = pauses.map(|pause| pause.as_millis()).collect();
        assert_eq!(pauses, [0, 150, 450]);
    }
}
