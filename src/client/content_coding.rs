//! Content codings (RFC 9110, section 8.4). The client asks for none, and decodes what a response names nevertheless.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;

use crate::data::cut;

/// The value of `Accept-Encoding` in every request that has none of its own. Without the header, any coding would do (RFC
/// 9110, section 12.5.3).
pub const ACCEPTED: &str = "identity";

/// The most codings of one body that are decoded.
const MAX_LAYERS: usize = 4;

/// The most codings of a response that are read, and the most bytes of the name of one: a registry may send headers of any length.
const MAX_NAMES: usize = 16;
const MAX_NAME: usize = 100;

/// Registered codings that are not decoded.
const UNSUPPORTED: [&str; 8] = [
    "br",
    "compress",
    "dcb",
    "dcz",
    "exi",
    "pack200-gzip",
    "x-compress",
    "zstd",
];

/// What the Content-Encoding of a response means for its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Coding {
    /// The body came without a coding, or with one that nobody registered: its bytes are those that came.
    #[default]
    None,
    /// The body was decoded.
    Decoded,
    /// The body does not have the coding that the response names: its bytes are those that came.
    Wrong,
    /// The body has this coding, which is not decoded: its bytes are those that came.
    Unsupported(String),
}

/// How many responses named a content coding that their requests did not ask for.
#[derive(Debug, Default)]
pub struct CodingCount(Mutex<(u64, String)>);

impl CodingCount {
    pub fn add(&self, coding: &str) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.0 += 1;
        if counted.1.is_empty() {
            counted.1 = cut(coding.to_owned(), MAX_NAME);
        }
    }

    pub fn note(&self) -> Option<String> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, coding) = &*counted;
        (*count > 0).then(|| {
            format!(
                "{count} responses have a Content-Encoding (the first: {coding}), although the requests have `Accept-Encoding: {ACCEPTED}`"
            )
        })
    }
}

/// Why a body is not decoded.
#[derive(Debug)]
pub enum DecodeError {
    /// It has more bytes than permitted, decoded.
    TooLarge,
    /// It does not have this coding.
    Wrong(&'static str, io::Error),
    /// This coding is not decoded.
    Unsupported(String),
}

/// The codings that a response names, the last one that was applied first. `identity` is none, and `x-gzip` is `gzip`
/// (RFC 9110, section 8.4.1.3). Of a longer list, the first sixteen are read, which are more than [`decode`] accepts; a name
/// without end is cut.
pub fn codings(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all("content-encoding").iter();
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).to_ascii_lowercase());
    let mut codings: Vec<String> = Vec::new();
    for line in lines {
        let names = line.split(',').map(str::trim);
        let names = names.filter(|name| !name.is_empty() && *name != "identity");
        let names = names.map(|name| if name == "x-gzip" { "gzip" } else { name });
        let names = names.map(|name| cut(name.to_owned(), MAX_NAME));
        codings.extend(names.take(MAX_NAMES.saturating_sub(codings.len())));
    }
    codings.reverse();
    codings
}

/// Whether `Accept-Encoding`, its lines joined by commas, permits all codings of a response (RFC 9110, section 12.5.3).
/// Without the header, any coding is permitted.
pub fn permits_codings(accept: Option<&str>, response: &HeaderMap) -> bool {
    let Some(accept) = accept.map(str::to_ascii_lowercase) else {
        return true;
    };
    let quality = |wanted: &str| {
        let mut elements = accept.split(',').map(|element| {
            let (name, quality) = element.split_once(';').unwrap_or((element, ""));
            let quality = quality.trim().strip_prefix("q=").unwrap_or("1");
            (name.trim(), quality.parse::<f32>().unwrap_or(1.0))
        });
        elements
            .find(|(name, _)| *name == wanted)
            .map(|(_, quality)| quality)
    };
    codings(response).iter().all(|coding| {
        quality(coding)
            .or_else(|| quality("*"))
            .is_some_and(|quality| quality > 0.0)
    })
}

/// Removes the codings of a body that has at most `largest` bytes before and after each.
///
/// # Errors
/// When the body has more bytes, not this coding, or a coding that is not decoded.
pub fn decode(codings: &[String], body: &Bytes, largest: usize) -> Result<Bytes, DecodeError> {
    if let Some(one) = codings.get(MAX_LAYERS) {
        return Err(DecodeError::Unsupported(one.clone()));
    }
    let mut body = body.clone();
    for coding in codings {
        body = match coding.as_str() {
            "gzip" => bounded(MultiGzDecoder::new(&body[..]), "gzip", largest)?,
            "deflate" => inflate(&body, largest)?,
            name if UNSUPPORTED.contains(&name) => {
                return Err(DecodeError::Unsupported(name.to_owned()));
            }
            // No client knows what to do with it.
            _ => return Ok(body),
        };
    }
    Ok(body)
}

/// Many servers send `deflate` without the zlib format that it names (RFC 9110, section 8.4.1.2).
fn inflate(body: &Bytes, largest: usize) -> Result<Bytes, DecodeError> {
    match bounded(ZlibDecoder::new(&body[..]), "deflate", largest) {
        Err(DecodeError::Wrong(..)) => bounded(DeflateDecoder::new(&body[..]), "deflate", largest),
        other => other,
    }
}

fn bounded(decoder: impl Read, coding: &'static str, largest: usize) -> Result<Bytes, DecodeError> {
    let mut decoded = Vec::new();
    let most = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    let read = decoder.take(most).read_to_end(&mut decoded);
    if decoded.len() > largest {
        return Err(DecodeError::TooLarge);
    }
    read.map_err(|error| DecodeError::Wrong(coding, error))?;
    Ok(decoded.into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    fn gzip(bytes: &[u8]) -> Bytes {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap().into()
    }

    fn decoded(names: &str, body: &Bytes) -> Result<Bytes, DecodeError> {
        let mut headers = HeaderMap::new();
        headers.append("content-encoding", names.parse().unwrap());
        decode(&codings(&headers), body, 1000)
    }

    #[test]
    fn names_without_end_are_cut() {
        let name = "x".repeat(100_000);
        let many = format!("{name}, {}gzip", "br,".repeat(50_000));
        let value = many.parse().unwrap();
        let headers: HeaderMap = [(http::header::CONTENT_ENCODING, value)]
            .into_iter()
            .collect();
        let named = codings(&headers);
        assert_eq!(named.len(), MAX_NAMES);
        assert!(
            named.iter().all(|one| one.len() < 2 * MAX_NAME),
            "{named:?}"
        );
        let refused = decode(&named, &Bytes::from_static(b"x"), 100);
        assert!(matches!(refused, Err(DecodeError::Unsupported(_))));
        let count = CodingCount::default();
        count.add(&many);
        assert!(count.note().unwrap().len() < 400);
    }

    #[test]
    fn codings_are_removed_from_the_last_to_the_first() {
        let tea = Bytes::from_static(b"tea");
        assert_eq!(decoded("gzip", &gzip(b"tea")).unwrap(), tea);
        assert_eq!(decoded("identity, X-GZIP", &gzip(b"tea")).unwrap(), tea);
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(b"tea").unwrap();
        let zlib = zlib.finish().unwrap();
        let both = gzip(&zlib);
        assert_eq!(decoded("deflate, gzip", &both).unwrap(), tea);
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        raw.write_all(b"tea").unwrap();
        let raw = raw.finish().unwrap().into();
        assert_eq!(decoded("deflate", &raw).unwrap(), tea);
        assert_eq!(
            decoded("aws-chunked", &tea).unwrap(),
            tea,
            "nobody registered it"
        );
    }

    #[test]
    fn a_coding_is_permitted_by_its_name_or_by_an_asterisk() {
        let mut gzip = HeaderMap::new();
        gzip.append("content-encoding", "gzip".parse().unwrap());
        for accept in [None, Some("gzip"), Some("br, GZIP;q=0.5"), Some("*")] {
            assert!(permits_codings(accept, &gzip), "{accept:?}");
        }
        let mut old_name = HeaderMap::new();
        old_name.append("content-encoding", "X-Gzip".parse().unwrap());
        assert!(permits_codings(Some("gzip"), &old_name));
        for accept in ["identity", "gzip;q=0", "*;q=0", ""] {
            assert!(!permits_codings(Some(accept), &gzip), "{accept:?}");
        }
        assert!(permits_codings(Some("identity"), &HeaderMap::new()));
    }

    #[test]
    fn a_body_that_is_not_decoded_says_why() {
        let tea = Bytes::from_static(b"tea");
        let wrong = decoded("gzip", &tea);
        assert!(
            matches!(wrong, Err(DecodeError::Wrong("gzip", _))),
            "{wrong:?}"
        );
        let cut = gzip(b"tea").slice(..15);
        assert!(matches!(decoded("gzip", &cut), Err(DecodeError::Wrong(..))));
        let br = decoded("br", &tea);
        assert!(matches!(br, Err(DecodeError::Unsupported(_))), "{br:?}");
        let many = decoded("gzip, gzip, gzip, gzip, gzip", &tea);
        assert!(matches!(many, Err(DecodeError::Unsupported(_))), "{many:?}");
        let bomb = decoded("gzip", &gzip(&[0; 1001]));
        assert!(matches!(bomb, Err(DecodeError::TooLarge)), "{bomb:?}");
        assert_eq!(decoded("gzip", &gzip(&[0; 1000])).unwrap().len(), 1000);
    }
}
