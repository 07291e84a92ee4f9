//! stub, replaced by the real client
#![allow(missing_docs, clippy::all, clippy::unwrap_used)]
use bytes::Bytes;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use url::Url;
#[derive(Clone)]
pub struct Target {
    base: Url,
    client: reqwest::Client,
    count: Arc<AtomicU64>,
}
impl Target {
    pub fn stub(base: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            base: Url::parse(base).unwrap(),
            client: reqwest::Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .timeout(Duration::from_secs(30))
                .build()
                .unwrap(),
            count: Arc::default(),
        }
    }
    pub async fn send(&self, r: Request) -> Reply {
        self.count.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let mut b = self.client.request(r.method.clone(), r.url.clone());
        for (k, v) in &r.headers {
            b = b.header(k, v);
        }
        if !r.body.is_empty() {
            b = b.body(r.body.clone());
        } else if r.method == "POST" || r.method == "PUT" || r.method == "PATCH" {
            b = b.header("content-length", "0");
        }
        let res = async {
            let res = b.send().await?;
            let (s, h) = (res.status(), res.headers().clone());
            Ok::<_, reqwest::Error>((s, h, res.bytes().await?))
        }
        .await;
        let mut x = crate::record::Exchange {
            step: r.step.clone(),
            method: r.method.to_string(),
            url: r.url.to_string(),
            request_headers: r.headers.clone(),
            request_body: Default::default(),
            status: None,
            response_headers: vec![],
            body: Default::default(),
            error: None,
            duration_ms: 0,
            curl: format!("curl -X {} '{}'", r.method, r.url),
        };
        x.duration_ms = began.elapsed().as_millis() as u64;
        let answer = match res {
            Ok((s, h, b)) => {
                x.status = Some(s.as_u16());
                x.response_headers = h
                    .iter()
                    .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into()))
                    .collect();
                x.body.text = String::from_utf8_lossy(&b).chars().take(300).collect();
                Ok(Answer {
                    status: s.as_u16(),
                    headers: h,
                    body: b,
                })
            }
            Err(e) => {
                x.error = Some(e.to_string());
                Err(Failure::Timeout(e.to_string()))
            }
        };
        Reply {
            url: r.url,
            exchanges: vec![x],
            answer,
        }
    }
    pub fn base(&self) -> &Url {
        &self.base
    }
    pub fn requests(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }
    pub fn notes(&self) -> Vec<String> {
        vec![]
    }
}
#[derive(Clone, Debug)]
pub struct Request {
    pub method: http::Method,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
    pub step: String,
}
pub struct Reply {
    pub url: Url,
    pub exchanges: Vec<crate::record::Exchange>,
    pub answer: Result<Answer, Failure>,
}
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Bytes,
}
#[derive(thiserror::Error, Debug, Clone)]
pub enum Failure {
    #[error("{0}")]
    Timeout(String),
}
