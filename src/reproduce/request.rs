//! The request of a step as a command.

use url::form_urlencoded::byte_serialize;

use super::builder::Builder;
use super::not_sayable::NotSayable;
use super::scope::Scope;
use super::value::Value;
use super::word::{Piece, Word};
use crate::endpoint::{Endpoint, EndpointKind, UNKNOWN_DIGEST};
use crate::suite::{BodyText, RequestText};

/// A request as the words of a command.
pub struct SaidRequest {
    pub url: Word,
    /// Options of curl: headers and the body.
    pub options: Vec<String>,
    /// The file of the body.
    pub body: Option<String>,
    /// The captured values that it needs.
    pub needs: Vec<String>,
}

impl<'a> Builder<'a> {
    /// A request as the words of a command.
    ///
    /// # Errors
    /// When it cannot be said with curl.
    pub fn request(
        &mut self,
        text: &RequestText,
        scope: &mut Scope<'a>,
    ) -> Result<SaidRequest, NotSayable> {
        let (url, mut words) = self.url(text, scope)?;
        let mut headers: Vec<(String, Word)> = Vec::new();
        let body = self.body(text, scope, &mut headers)?;
        // A header may have several lines: they replace what the body needs, and not each other.
        headers.retain(|(known, _)| {
            !text
                .headers
                .iter()
                .any(|(name, _)| known.eq_ignore_ascii_case(name))
        });
        for (name, value) in &text.headers {
            let value = self.text(scope, value)?;
            words.push(value.clone());
            if value.literal() != Some("") {
                headers.push((name.clone(), value));
            }
        }
        let writes = matches!(text.method.name(), "POST" | "PUT" | "PATCH");
        let mut needs: Vec<String> = Vec::new();
        for name in words.iter().flat_map(Word::variables) {
            if self.captured.contains_key(name) && !needs.iter().any(|known| known == name) {
                needs.push(name.to_owned());
            }
        }
        Ok(SaidRequest {
            url,
            options: options(writes, headers, body.as_deref()),
            body,
            needs,
        })
    }

    /// The URL of a request, and the words that are in it.
    fn url(
        &mut self,
        text: &RequestText,
        scope: &mut Scope<'a>,
    ) -> Result<(Word, Vec<Word>), NotSayable> {
        let mut url = self.text(scope, &text.url)?.map_text(path_encoded);
        let from_response = url.variables().any(|name| self.captured.contains_key(name));
        let mut words = Vec::from([url.clone()]);
        for (name, value) in &text.query {
            let value = self.text(scope, value)?;
            if value.literal() == Some("") {
                continue;
            }
            words.push(value.clone());
            let encoded = self.query_word(&value);
            if from_response {
                let parameter = Word::text(format!("{name}=")).and(&encoded);
                url = Word::command(format!("with_query {url} {parameter}"));
                continue;
            }
            let asks = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains('?'));
            let mark = if url.pieces().iter().any(asks) {
                '&'
            } else {
                '?'
            };
            url = url.and_text(format!("{mark}{name}=")).and(&encoded);
        }
        Ok((url, words))
    }

    /// The value of a query parameter: what a response gave is encoded when the script runs.
    fn query_word(&self, value: &Word) -> Word {
        let mut encoded = Word::default();
        for piece in value.pieces() {
            encoded = match piece {
                Piece::Text(text) => encoded.and_text(query_encoded(text)),
                Piece::Variable(name) if self.captured.contains_key(name) => {
                    encoded.and(&Word::command(format!("url_encoded \"${name}\"")))
                }
                Piece::Variable(name) => encoded.and(&Word::variable(name)),
                Piece::Command(command) => encoded.and(&Word::command(command)),
                Piece::File(_) => encoded,
            };
        }
        encoded
    }

    fn body(
        &mut self,
        text: &RequestText,
        scope: &mut Scope<'a>,
        headers: &mut Vec<(String, Word)>,
    ) -> Result<Option<String>, NotSayable> {
        match &text.body {
            None => Ok(None),
            Some(BodyText::Plain(body, kind)) => {
                let kind = match kind {
                    Some(kind) => self.text(scope, kind)?,
                    None => "application/octet-stream".into(),
                };
                headers.push(("Content-Type".to_owned(), kind));
                self.file(scope, body).map(Some)
            }
            Some(BodyText::Chunk(chunk)) => {
                let value = self.value(scope, chunk)?;
                let range = value.get("range").and_then(Value::word).unwrap_or_default();
                headers.push(("Content-Type".to_owned(), "application/octet-stream".into()));
                headers.push(("Content-Range".to_owned(), range));
                let file = value.file().map(str::to_owned);
                file.map(Some)
                    .ok_or_else(|| NotSayable::Unknown(chunk.source().to_owned()))
            }
        }
    }

    /// The endpoint of a URL. What a response gave is of no known kind.
    pub fn endpoint(&self, url: &Word) -> EndpointKind {
        let mut text = String::new();
        for piece in url.pieces() {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Variable(name) if name == "REPO" || name == "REPO2" => {
                    text.push_str("repository")
                }
                Piece::Variable(name)
                    if ["_digest", "_sha256", "_sha512"]
                        .iter()
                        .any(|end| name.ends_with(end)) =>
                {
                    text.push_str(UNKNOWN_DIGEST);
                }
                Piece::Variable(name) if self.captured.contains_key(name) => {
                    return EndpointKind::Other;
                }
                Piece::Command(command) if command.starts_with("with_query") => {
                    return EndpointKind::Other;
                }
                Piece::Variable(_) | Piece::Command(_) | Piece::File(_) => text.push_str("word"),
            }
        }
        Endpoint::of_url(&text).kind()
    }
}

/// The options of curl for headers and a body.
fn options(writes: bool, mut headers: Vec<(String, Word)>, body: Option<&str>) -> Vec<String> {
    let is_type = |(name, _): &(String, Word)| name.eq_ignore_ascii_case("content-type");
    if (writes || body.is_some()) && !headers.iter().any(is_type) {
        // curl would send the type of a form.
        headers.push(("Content-Type".to_owned(), Word::default()));
    }
    let headers = headers.into_iter().map(|(name, value)| {
        let space = if value.is_empty() { "" } else { " " };
        format!("-H {}", Word::text(format!("{name}:{space}")).and(&value))
    });
    let body = match body {
        Some(file) => Some(format!("--data-binary @{file}")),
        None => writes.then(|| "--data-binary ''".to_owned()),
    };
    headers.chain(body).collect()
}

/// A literal part of a path or query as a URL has it.
fn path_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if !matches!(byte, b'"' | b'<' | b'>' | b'`' | b'{' | b'}') => {
                encoded.push(char::from(byte))
            }
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// A literal part of a query's value. Colons and slashes stay: digests and names are easier to read.
fn query_encoded(text: &str) -> String {
    let encoded: String = byte_serialize(text.as_bytes()).collect();
    encoded.replace("%3A", ":").replace("%2F", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_urls_are_encoded() {
        assert_eq!(
            path_encoded("/v2/a?b=%41&c=é {"),
            "/v2/a?b=%41&c=%C3%A9%20%7B"
        );
        assert_eq!(query_encoded("a+b c:d/e&f"), "a%2Bb+c:d/e%26f");
    }
}
