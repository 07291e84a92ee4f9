//! The parts of a HAR file that are read. Everything else in it is ignored.

use serde::{Deserialize, Deserializer};

#[derive(Debug, Deserialize)]
pub struct Har {
    pub log: Log,
}

#[derive(Debug, Deserialize)]
pub struct Log {
    pub entries: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    #[serde(default)]
    pub started_date_time: String,
    /// Milliseconds.
    #[serde(default)]
    pub time: Option<f64>,
    pub request: Request,
    /// Some recorders leave it out where none came.
    #[serde(default, deserialize_with = "or_default")]
    pub response: Response,
}

/// What a recorder writes as null is what it does not know.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub headers: Vec<Header>,
    #[serde(default)]
    pub post_data: Option<PostData>,
    /// -1 where it is not known.
    #[serde(default)]
    pub body_size: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct PostData {
    #[serde(default)]
    pub text: Option<String>,
    /// An extension: "base64".
    #[serde(default)]
    pub encoding: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// 0 where no response came.
    #[serde(default, deserialize_with = "or_default")]
    pub status: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub http_version: String,
    #[serde(default)]
    pub headers: Vec<Header>,
    #[serde(default, deserialize_with = "or_default")]
    pub content: Content,
    /// Of Chromium and assay; `_failureText` of Playwright.
    #[serde(default, rename = "_error", alias = "_failureText")]
    pub error: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub struct Content {
    /// The number of bytes without content codings; -1 where it is not known.
    #[serde(default)]
    pub size: Option<i64>,
    /// The bytes that a content coding saved.
    #[serde(default)]
    pub compression: Option<i64>,
    #[serde(default)]
    pub text: Option<String>,
    #[serde(default)]
    pub encoding: Option<String>,
}

impl Content {
    /// The number of bytes without content codings, where it is known. mitmproxy has that of the coded bytes under `size`.
    pub fn decoded_size(&self) -> Option<u64> {
        let size = self.size?;
        let decoded = size.checked_add(self.compression.unwrap_or(0))?;
        let text = self.text.as_ref().filter(|_| self.encoding.is_none());
        let length = text.and_then(|text| i64::try_from(text.len()).ok());
        let size = match length == Some(decoded) {
            true => decoded,
            false => size,
        };
        u64::try_from(size).ok()
    }
}

#[derive(Debug, Deserialize)]
pub struct Header {
    pub name: String,
    #[serde(default)]
    pub value: String,
}
