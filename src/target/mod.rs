//! stub
use bytes::Bytes;
use std::time::Duration;
use url::Url;
/// a
#[derive(Clone)]
pub struct Target;
impl Target {
    /// a
    pub async fn send(&self, _request: Request) -> Reply {
        unimplemented!()
    }
    /// a
    pub fn base(&self) -> &Url {
        unimplemented!()
    }
    /// a
    pub fn requests(&self) -> u64 {
        0
    }
    /// a
    pub fn notes(&self) -> Vec<String> {
        vec![]
    }
}
/// a
#[derive(Clone, Debug)]
pub struct Request {
    pub method: http::Method,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    pub step: String,
}
/// a
pub struct Reply {
    pub url: Url,
    pub exchanges: Vec<crate::record::Exchange>,
    pub answer: Result<Answer, Failure>,
}
/// a
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}
/// a
#[derive(thiserror::Error, Debug, Clone)]
pub enum Failure {
    #[error("x")]
    Timeout(Duration),
}
