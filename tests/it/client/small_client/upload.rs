//! Uploads of blobs.

use reqwest::{Method, Response};
use url::Url;

use super::parts::{Image, LARGEST_MANIFEST, Outcome, Request, digest_of, header, location};
use super::transport::Client;

/// The bytes of a chunk, unless the registry asks for more.
const CHUNK: usize = 1_000_000;

/// The most questions for the state of one upload.
const MOST_QUESTIONS: usize = 3;

impl Client {
    pub(super) async fn put_blob(
        &mut self,
        image: &Image,
        bytes: &[u8],
        digest: &str,
    ) -> Outcome<()> {
        let again = self.does_wrong("uploads-again") || self.does_wrong("uploads-mounted");
        if self.has_blob(image, digest).await? && !again {
            return Ok(());
        }
        let response = self.open(image, bytes, digest).await?;
        match response.status().as_u16() {
            201 => return Ok(()),
            202 if self.does_wrong("single-post-abandoned") => return Ok(()),
            202 => {}
            status => return Err(format!("no upload: {status}")),
        }
        let session = self.session(image, &response)?;
        let minimum = header(&response, "oci-chunk-min-length").and_then(|it| it.parse().ok());
        let size = match self.does_wrong("small-chunks") {
            true => 100_000,
            false => minimum.unwrap_or(0).max(CHUNK),
        };
        if self.has_habit("new-session") {
            return self.put_in_sessions(image, session, bytes, digest).await;
        }
        let session = self.put_chunks(session, bytes, size).await?;
        if self.does_wrong("never-closes") {
            // The blob gets there by another session, so that the push succeeds.
            let second = self.open(image, &[], digest).await?;
            let second = self.session(image, &second)?;
            return self.close(image, second, digest, bytes).await;
        }
        self.close(image, session, digest, &[]).await
    }

    /// Sends a small chunk and the rest; where one fails, everything in a new session.
    async fn put_in_sessions(
        &mut self,
        image: &Image,
        mut session: Url,
        bytes: &[u8],
        digest: &str,
    ) -> Outcome<()> {
        for _ in 0..=MOST_QUESTIONS {
            let (first, rest) = bytes.split_at(bytes.len().min(50_000));
            let mut sent = self.patch(&session, first, 0).await;
            if let Ok(next) = &sent {
                session = next.clone().unwrap_or(session);
                if !rest.is_empty() {
                    sent = self.patch(&session, rest, first.len()).await;
                }
            }
            match sent {
                Ok(next) => {
                    let session = next.unwrap_or(session);
                    return self.close(image, session, digest, &[]).await;
                }
                Err(_) => {
                    let opened = self.open(image, &[], digest).await?;
                    session = self.session(image, &opened)?;
                }
            }
        }
        Err("no session takes the blob".to_owned())
    }

    async fn has_blob(&mut self, image: &Image, digest: &str) -> Outcome<bool> {
        let url = image.url(&format!("blobs/{digest}"))?;
        let needs_codes = self.does_wrong("needs-codes");
        let method = if needs_codes {
            Method::GET
        } else {
            Method::HEAD
        };
        let known = self.send(Request::new(method, url)).await?;
        if known.status().is_success() {
            return Ok(true);
        }
        if needs_codes {
            let body = self.read(known, LARGEST_MANIFEST).await?;
            if !String::from_utf8_lossy(&body).contains("_UNKNOWN") {
                return Err("an error that this client does not know".to_owned());
            }
        }
        Ok(false)
    }

    /// Opens an upload, or pushes the blob with it.
    async fn open(&mut self, image: &Image, bytes: &[u8], digest: &str) -> Outcome<Response> {
        let mut open = image.url("blobs/uploads/")?;
        let algorithm = digest.split(':').next().unwrap_or_default();
        if algorithm != "sha256" && !self.does_wrong("no-algorithm") {
            open.query_pairs_mut()
                .append_pair("digest-algorithm", algorithm);
        }
        let single = self.wrong.starts_with("single-post") && bytes.len() < 100_000;
        if single && !bytes.is_empty() {
            if !self.does_wrong("single-post-without-digest") {
                open.query_pairs_mut().append_pair("digest", digest);
            }
            let mut request = Request::new(Method::POST, open).body(bytes);
            request.streamed = self.does_wrong("single-post-without-length");
            return self.send(request).await;
        }
        let mut request = Request::new(Method::POST, open);
        if self.does_wrong("opens-with-a-body") {
            request = request.header("content-type", "text/plain").body(*b"open");
        }
        self.send(request).await
    }

    /// The URL of an upload.
    fn session(&self, image: &Image, response: &Response) -> Outcome<Url> {
        let mut session = location(response)?;
        match self.wrong.as_str() {
            "drops-queries" => session.set_query(None),
            "assembles-locations" => {
                let id = session.path().rsplit('/').next().unwrap_or_default();
                let query = session.query().map(|query| format!("?{query}"));
                session = image.url(&format!("blobs/uploads/{id}{}", query.unwrap_or_default()))?;
            }
            _ => {}
        }
        Ok(session)
    }

    /// Sends the chunks of a blob; asks for the state of the upload where one fails. Gives the URL that closes it.
    async fn put_chunks(&mut self, mut session: Url, bytes: &[u8], size: usize) -> Outcome<Url> {
        let mut taken = 0;
        let mut shift = usize::from(self.does_wrong("starts-at-one"));
        let mut questions = 0;
        while let Some(chunk) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
            let chunk = &chunk[..chunk.len().min(size)];
            match self.patch(&session, chunk, taken + shift).await {
                Ok(next) => {
                    taken += chunk.len();
                    shift += usize::from(self.does_wrong("gaps"));
                    if let Some(next) = next.filter(|_| !self.does_wrong("keeps-locations")) {
                        session = next;
                    }
                }
                Err(_) if questions < MOST_QUESTIONS => {
                    questions += 1;
                    let (next, has) = self.state(&session).await?;
                    taken = if self.does_wrong("skips-a-chunk") {
                        has + size
                    } else {
                        has
                    };
                    if !self.does_wrong("resumes-at-old-location") {
                        session = next;
                    }
                }
                Err(why) => return Err(why),
            }
        }
        Ok(session)
    }

    /// Where an upload goes on, and the bytes that it has.
    async fn state(&mut self, session: &Url) -> Outcome<(Url, usize)> {
        let request = Request::new(Method::GET, session.clone());
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(format!("no state: {}", response.status()));
        }
        let range = header(&response, "range").unwrap_or_default();
        let last = range.rsplit('-').next().and_then(|it| it.parse().ok());
        Ok((location(&response)?, last.map_or(0, |last: usize| last + 1)))
    }

    async fn patch(&mut self, session: &Url, chunk: &[u8], start: usize) -> Outcome<Option<Url>> {
        let end = start + chunk.len();
        let range = match self.wrong.as_str() {
            "exclusive-ranges" => format!("{start}-{end}"),
            "ranges-with-unit" => format!("bytes {start}-{}/*", end.saturating_sub(1)),
            _ => format!("{start}-{}", end.saturating_sub(1)),
        };
        let request = Request::new(Method::PATCH, session.clone())
            .header("content-range", &range)
            .header("content-type", "application/octet-stream");
        let response = self.send(request.body(chunk)).await?;
        match response.status().is_success() {
            true => Ok(location(&response).ok()),
            false => Err(format!("chunk {range}: {}", response.status())),
        }
    }

    async fn close(
        &mut self,
        image: &Image,
        session: Url,
        digest: &str,
        bytes: &[u8],
    ) -> Outcome<()> {
        let mut put = session.clone();
        let digest = match self.does_wrong("wrong-digest") {
            true => digest_of(b"other"),
            false => digest.to_owned(),
        };
        put.query_pairs_mut().append_pair("digest", &digest);
        let response = self
            .send(Request::new(Method::PUT, put).body(bytes))
            .await?;
        if response.status().is_success() {
            return Ok(());
        }
        let cancels = match self.wrong.as_str() {
            "leaves-uploads" => 0,
            "cancels-again" => 2,
            _ => 1,
        };
        for _ in 0..cancels {
            // A failure to cancel is ignored.
            let request = Request::new(Method::DELETE, session.clone());
            let _ = self.send(request).await;
        }
        let status = response.status();
        Err(format!("blob of {} not pushed: {status}", image.name))
    }
}
