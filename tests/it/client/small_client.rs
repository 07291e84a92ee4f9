//! A small client, as a program: this test binary runs itself as one. `SMALL_CLIENT` has its words, or nothing, and
//! `SMALL_CLIENT_WRONG` the name of what it does wrong.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The largest manifest that the client reads.
const LARGEST_MANIFEST: u64 = 8 * 1024 * 1024;

/// The bytes of a chunk, unless the registry asks for more.
const CHUNK: usize = 1_000_000;

type Outcome<T> = Result<T, String>;

/// The program: ends the process with its exit status. Without words for it, a test that has nothing to test.
#[test]
fn as_a_program() {
    let Ok(words) = std::env::var("SMALL_CLIENT") else {
        return;
    };
    // Only one can be installed, and plain HTTP uses none.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let words: Vec<String> = match words.as_str() {
        "" => std::env::args()
            .skip_while(|word| word != "--")
            .skip(1)
            .collect(),
        given => given.split(' ').map(str::to_owned).collect(),
    };
    let outcome = runtime.expect("a runtime").block_on(client(&words));
    let status = match outcome {
        Ok(printed) => {
            println!("\n{printed}");
            0
        }
        Err(why) => {
            eprintln!("small client: {why}");
            1
        }
    };
    std::process::exit(status);
}

async fn client(words: &[String]) -> Outcome<String> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut client = Client::new();
    let printed = match words.as_slice() {
        ["version"] => Ok("small 1.0".to_owned()),
        ["pull", image, out] => client.pull(&Image::parse(image)?, Path::new(out)).await,
        ["push", layout, image] => client.push(Path::new(layout), &Image::parse(image)?).await,
        ["copy", from, to] => client.copy(&Image::parse(from)?, &Image::parse(to)?).await,
        ["tags", image] => client.tags(&Image::parse(image)?).await,
        ["delete", image] => client.delete(&Image::parse(image)?).await,
        ["attach", image, kind] => client.attach(&Image::parse(image)?, kind).await,
        ["referrers", image] => client.referrers(&Image::parse(image)?).await,
        ["resolve", image] => client.resolve(&Image::parse(image)?).await,
        other => Err(format!("what is {other:?}?")),
    };
    let warnings = client.warnings.into_iter().collect::<Vec<_>>().join("\n");
    printed.map(|printed| format!("{printed}\n{warnings}"))
}

/// `host:port/name:tag` or `host:port/name@digest`.
#[derive(Clone)]
struct Image {
    host: String,
    name: String,
    reference: String,
}

impl Image {
    fn parse(text: &str) -> Outcome<Self> {
        let (host, rest) = text.split_once('/').ok_or("an image has a host")?;
        let (name, reference) = rest
            .split_once('@')
            .or_else(|| rest.rsplit_once(':'))
            .unwrap_or((rest, ""));
        Ok(Self {
            host: host.to_owned(),
            name: name.to_owned(),
            reference: reference.to_owned(),
        })
    }

    fn url(&self, path: &str) -> Outcome<Url> {
        let text = format!("http://{}/v2/{}/{path}", self.host, self.name);
        Url::parse(&text).map_err(|error| format!("{text}: {error}"))
    }
}

pub fn digest_of(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// A request that may be sent again.
#[derive(Clone)]
struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Request {
    fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }
}

pub struct Client {
    http: reqwest::Client,
    wrong: String,
    authorization: Option<String>,
    /// The origin that the credentials are for.
    origin: String,
    warnings: BTreeSet<String>,
}

impl Client {
    fn new() -> Self {
        let wrong = std::env::var("SMALL_CLIENT_WRONG").unwrap_or_default();
        let mut http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if wrong != "no-user-agent" {
            http = http.user_agent("small-client/1.0");
        }
        Self {
            http: http.build().expect("an HTTP client"),
            wrong,
            authorization: None,
            origin: String::new(),
            warnings: BTreeSet::new(),
        }
    }

    fn does_wrong(&self, what: &str) -> bool {
        self.wrong == what
    }

    /// Sends a request, answers a challenge, waits where it is told to, and follows redirects.
    async fn send(&mut self, mut request: Request) -> Outcome<Response> {
        if self.origin.is_empty() {
            self.origin = request.url.origin().ascii_serialization();
        }
        if self.does_wrong("namespace") {
            request
                .url
                .query_pairs_mut()
                .append_pair("ns", "example.com");
        }
        let mut redirects = 0;
        for attempt in 0.. {
            let response = self.send_once(&request).await?;
            self.take_warnings(&response)?;
            let status = response.status();
            let own = request.url.origin().ascii_serialization() == self.origin;
            let answers = own || self.does_wrong("answers-any-challenge");
            if status == StatusCode::UNAUTHORIZED && answers && attempt < 3 {
                self.answer_challenge(&response).await?;
            } else if status == StatusCode::TOO_MANY_REQUESTS && attempt < 3 {
                let wait = header(&response, "retry-after").and_then(|it| it.parse().ok());
                let seconds = if self.does_wrong("impatient") {
                    0
                } else {
                    wait.unwrap_or(1)
                };
                tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
            } else if status.is_redirection() && !self.does_wrong("no-redirects") {
                redirects += 1;
                if redirects > 5 && !self.does_wrong("redirects-for-ever") {
                    return Err("too many redirects".to_owned());
                }
                request.url = location(&response)?;
            } else {
                return Ok(response);
            }
        }
        Err("unreachable".to_owned())
    }

    async fn send_once(&self, request: &Request) -> Outcome<Response> {
        let own = request.url.origin().ascii_serialization() == self.origin;
        let mut builder = self
            .http
            .request(request.method.clone(), request.url.clone());
        builder = builder.headers(request.headers.clone());
        let everywhere = self.does_wrong("credentials-everywhere");
        if let Some(value) = self.authorization.as_ref().filter(|_| own || everywhere) {
            builder = builder.header("authorization", value);
        }
        match &request.body {
            Some(body) => builder = builder.body(body.clone()),
            None if request.method == Method::POST => {
                builder = builder.header("content-length", "0")
            }
            None => {}
        }
        builder
            .send()
            .await
            .map_err(|error| format!("{} {}: {error:?}", request.method, request.url))
    }

    fn take_warnings(&mut self, response: &Response) -> Outcome<()> {
        for value in response.headers().get_all("warning") {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            if self.does_wrong("warnings-twice") {
                eprintln!("{text}");
            }
            if self.does_wrong("warnings-fatal") {
                return Err(text);
            }
            if !self.does_wrong("warnings-hidden") {
                self.warnings.insert(text);
            }
        }
        Ok(())
    }

    /// Sends the password, or gets a token for it.
    async fn answer_challenge(&mut self, response: &Response) -> Outcome<()> {
        let login =
            std::env::var("SMALL_CLIENT_LOGIN").map_err(|_| "401, and no login".to_owned())?;
        let basic = format!("Basic {login}");
        let headers = response.headers().get_all("www-authenticate");
        let lines: Vec<String> = headers
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        let line = lines.join(", ");
        if self.does_wrong("first-challenge-only")
            && !line.starts_with("Bearer realm")
            && !line.starts_with("Basic realm")
        {
            return Err("no challenge".to_owned());
        }
        let challenges = challenges(&line);
        let of = |scheme: &str| {
            challenges
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(scheme))
        };
        let Some((_, parameters)) = of("bearer") else {
            of("basic").ok_or("no challenge that this client can answer")?;
            self.authorization = Some(basic);
            return Ok(());
        };
        let value = |name: &str| {
            let mut all = parameters.iter();
            all.find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone())
        };
        let mut url =
            Url::parse(&value("realm").ok_or("no realm")?).map_err(|error| error.to_string())?;
        let own = response.url().path().trim_start_matches("/v2/").to_owned();
        let name = own
            .split("/manifests/")
            .next()
            .and_then(|it| it.split("/blobs/").next());
        let scope = value("scope")
            .unwrap_or_else(|| format!("repository:{}:pull,push", name.unwrap_or_default()));
        url.query_pairs_mut().append_pair("scope", &scope);
        if let Some(service) = value("service") {
            url.query_pairs_mut().append_pair("service", &service);
        }
        let answer = self
            .http
            .get(url)
            .header("authorization", basic)
            .send()
            .await;
        let answer = answer.map_err(|error| error.to_string())?;
        let answer: Value = answer
            .bytes()
            .await
            .map_err(|error| error.to_string())
            .map(|bytes| serde_json::from_slice(&bytes).unwrap_or_default())?;
        let token = answer.get("token").or(answer.get("access_token"));
        let token = token
            .and_then(Value::as_str)
            .ok_or("the token server gave no token")?;
        self.authorization = Some(format!("Bearer {token}"));
        Ok(())
    }

    /// The body of a response, at most `most` bytes.
    async fn read(&self, mut response: Response, most: u64) -> Outcome<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| error.to_string())? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > most && !self.does_wrong("reads-without-end") {
                return Err("the body is too long".to_owned());
            }
        }
        Ok(bytes)
    }

    /// A manifest, its media type and the digest of its bytes.
    async fn manifest(
        &mut self,
        image: &Image,
        reference: &str,
    ) -> Outcome<(Vec<u8>, String, String)> {
        let mut request = Request::new(Method::GET, image.url(&format!("manifests/{reference}"))?);
        if !self.does_wrong("no-accept") {
            request = request.header("accept", &format!("{IMAGE}, {INDEX}"));
        }
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(format!("manifest {reference}: {}", response.status()));
        }
        let content_type = header(&response, "content-type").unwrap_or_default();
        let named = header(&response, "docker-content-digest");
        let bytes = self.read(response, LARGEST_MANIFEST).await?;
        let digest = digest_of(&bytes);
        let by_digest = reference.contains(':');
        if by_digest && digest != reference && !self.does_wrong("trusts-manifests") {
            return Err(format!("manifest {reference} has the digest {digest}"));
        }
        let mut result = digest.clone();
        if let Some(named) = named.filter(|named| !by_digest && *named != digest) {
            if !self.does_wrong("trusts-headers") {
                return Err(format!("the header says {named}, the bytes {digest}"));
            }
            result = named;
        }
        let bare = match self.does_wrong("types-with-parameters") {
            true => content_type.as_str(),
            false => content_type.split(';').next().unwrap_or_default().trim(),
        };
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let field = manifest
            .get("mediaType")
            .and_then(Value::as_str)
            .unwrap_or(bare);
        if field != bare && !self.does_wrong("types-that-differ") {
            return Err(format!(
                "the header says {content_type}, the manifest {field}"
            ));
        }
        Ok((bytes, field.to_owned(), result))
    }

    /// A blob that a descriptor names, verified.
    async fn blob(&mut self, image: &Image, descriptor: &Value) -> Outcome<Vec<u8>> {
        let digest = descriptor
            .get("digest")
            .and_then(Value::as_str)
            .ok_or("no digest")?;
        let size = descriptor
            .get("size")
            .and_then(Value::as_u64)
            .ok_or("no size")?;
        let request = Request::new(Method::GET, image.url(&format!("blobs/{digest}"))?);
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(format!("blob {digest}: {}", response.status()));
        }
        let most = if self.does_wrong("ignores-sizes") {
            size + 1_000_000
        } else {
            size
        };
        let bytes = self.read(response, most).await?;
        if bytes.len() as u64 != size
            && !self.does_wrong("ignores-sizes")
            && !self.does_wrong("trusts-blobs")
        {
            return Err(format!("blob {digest} has {} bytes of {size}", bytes.len()));
        }
        if digest_of(&bytes) != digest && !self.does_wrong("trusts-blobs") {
            return Err(format!("blob {digest} has another digest"));
        }
        Ok(bytes)
    }

    /// The manifest of an image; that of an index leads to its first image.
    async fn image(&mut self, image: &Image) -> Outcome<(Value, Vec<u8>)> {
        let (mut bytes, media_type, digest) = self.manifest(image, &image.reference).await?;
        if media_type == INDEX {
            let index: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let child = index.pointer("/manifests/0/digest").and_then(Value::as_str);
            let child = child.ok_or("an index without images")?.to_owned();
            bytes = self.manifest(image, &child).await?.0;
        } else if self.does_wrong("trusts-headers") && digest != digest_of(&bytes) {
            bytes = self.manifest(image, &digest).await?.0;
        }
        Ok((
            serde_json::from_slice(&bytes).map_err(|error| error.to_string())?,
            bytes,
        ))
    }

    async fn pull(&mut self, image: &Image, out: &Path) -> Outcome<String> {
        let base =
            Url::parse(&format!("http://{}/v2/", image.host)).map_err(|error| error.to_string())?;
        let base = self.send(Request::new(Method::GET, base)).await?;
        let legacy = header(&base, "docker-distribution-api-version");
        if self.does_wrong("needs-legacy-headers") && legacy.is_none() {
            return Err("not a registry".to_owned());
        }
        let (manifest, _) = self.image(image).await?;
        let mut blobs = Vec::new();
        for descriptor in descriptors(&manifest) {
            blobs.push(self.blob(image, &descriptor).await?);
        }
        for blob in blobs {
            let name = digest_of(&blob).replace(':', "-");
            std::fs::write(out.join(name), blob).map_err(|error| error.to_string())?;
        }
        Ok("pulled".to_owned())
    }

    async fn resolve(&mut self, image: &Image) -> Outcome<String> {
        self.manifest(image, &image.reference)
            .await
            .map(|(_, _, digest)| digest)
    }

    async fn tags(&mut self, image: &Image) -> Outcome<String> {
        let mut next = Some(image.url("tags/list")?);
        let mut tags = Vec::new();
        if self.does_wrong("last-as-number") {
            let mut second = image.url("tags/list")?;
            second.set_query(Some("n=3&last=3"));
            self.send(Request::new(Method::GET, second)).await?;
        }
        while let Some(url) = next.take() {
            let response = self.send(Request::new(Method::GET, url)).await?;
            let link = header(&response, "link");
            let target = link
                .as_deref()
                .and_then(|link| Some(link.split_once('<')?.1.split_once('>')?.0));
            if let Some(target) = target.filter(|_| !self.does_wrong("first-page-only")) {
                next = response.url().join(target).ok();
            }
            let page: Value = serde_json::from_slice(&self.read(response, LARGEST_MANIFEST).await?)
                .map_err(|error| error.to_string())?;
            let list = page
                .get("tags")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            tags.extend(
                list.iter()
                    .filter_map(|tag| tag.as_str().map(str::to_owned)),
            );
        }
        Ok(tags.join("\n"))
    }

    async fn delete(&mut self, image: &Image) -> Outcome<String> {
        let url = image.url(&format!("manifests/{}", image.reference))?;
        let response = self.send(Request::new(Method::DELETE, url)).await?;
        match response.status().is_success() {
            true => Ok("deleted".to_owned()),
            false => Err(format!("not deleted: {}", response.status())),
        }
    }
}

/// Pushes.
impl Client {
    async fn push(&mut self, layout: &Path, image: &Image) -> Outcome<String> {
        let read = |path: &str| std::fs::read(layout.join(path)).map_err(|error| error.to_string());
        let blob_path = |digest: &str| format!("blobs/{}", digest.replace(':', "/"));
        let index: Value = serde_json::from_slice(&read("index.json")?).unwrap_or_default();
        let digest = index.pointer("/manifests/0/digest").and_then(Value::as_str);
        let bytes = read(&blob_path(digest.ok_or("no image in the layout")?))?;
        let manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut blobs = Vec::new();
        for descriptor in descriptors(&manifest) {
            let digest = descriptor
                .get("digest")
                .and_then(Value::as_str)
                .unwrap_or_default();
            blobs.push(read(&blob_path(digest))?);
        }
        self.push_image(image, &bytes, blobs).await
    }

    async fn push_image(
        &mut self,
        image: &Image,
        manifest: &[u8],
        blobs: Vec<Vec<u8>>,
    ) -> Outcome<String> {
        if self.does_wrong("manifest-first") {
            self.put_manifest(image, &image.reference.clone(), manifest, IMAGE)
                .await?;
        }
        for blob in blobs {
            self.put_blob(image, &blob).await?;
        }
        if self.does_wrong("small-manifests") && manifest.len() > 1_000_000 {
            return Err("the manifest is too large".to_owned());
        }
        self.put_manifest(image, &image.reference.clone(), manifest, IMAGE)
            .await
    }

    async fn copy(&mut self, from: &Image, to: &Image) -> Outcome<String> {
        let (manifest, bytes) = self.image(from).await?;
        for descriptor in descriptors(&manifest) {
            let digest = descriptor
                .get("digest")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let mut mount = to.url("blobs/uploads/")?;
            mount
                .query_pairs_mut()
                .append_pair("mount", &digest)
                .append_pair("from", &from.name);
            let response = self.send(Request::new(Method::POST, mount)).await?;
            let named = header(&response, "docker-content-digest");
            match response.status().as_u16() {
                201 if named.as_ref().is_some_and(|named| *named != digest) => {
                    if !self.does_wrong("trusts-headers") {
                        return Err("another blob was mounted".to_owned());
                    }
                    println!("mounted {}", named.unwrap_or_default());
                }
                201 => {}
                _ if self.does_wrong("mount-or-nothing") => return Err("not mounted".to_owned()),
                _ => {
                    let blob = self.blob(from, &descriptor).await?;
                    self.put_blob(to, &blob).await?;
                }
            }
        }
        self.put_manifest(to, &to.reference.clone(), &bytes, IMAGE)
            .await
    }

    async fn put_manifest(
        &mut self,
        image: &Image,
        reference: &str,
        bytes: &[u8],
        media_type: &str,
    ) -> Outcome<String> {
        let reference = match self.does_wrong("odd-reference") {
            true => "not%20a%20tag",
            false => reference,
        };
        let content_type = match self.wrong.as_str() {
            "type-with-parameters" => format!("{media_type}; charset=utf-8"),
            "other-type" => "application/vnd.docker.distribution.manifest.v2+json".to_owned(),
            _ => media_type.to_owned(),
        };
        let mut bytes = bytes.to_vec();
        if self.does_wrong("no-media-type") {
            let mut value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            value.as_object_mut().map(|value| value.remove("mediaType"));
            bytes = value.to_string().into();
        }
        let mut request = Request::new(Method::PUT, image.url(&format!("manifests/{reference}"))?);
        if !self.does_wrong("no-type") {
            request = request.header("content-type", &content_type);
        }
        let response = self.send(request.body(bytes.clone())).await?;
        if !response.status().is_success() {
            return Err(format!(
                "manifest {reference} not pushed: {}",
                response.status()
            ));
        }
        let named = header(&response, "docker-content-digest").unwrap_or_else(|| digest_of(&bytes));
        if named != digest_of(&bytes) && !self.does_wrong("trusts-headers") {
            return Err("the registry has another manifest".to_owned());
        }
        let subject = header(&response, "oci-subject");
        Ok(format!("{named} {}", subject.map_or("", |_| "listed")))
    }

    async fn put_blob(&mut self, image: &Image, bytes: &[u8]) -> Outcome<()> {
        let digest = digest_of(bytes);
        let url = image.url(&format!("blobs/{digest}"))?;
        let method = if self.does_wrong("needs-codes") {
            Method::GET
        } else {
            Method::HEAD
        };
        let known = self.send(Request::new(method, url)).await?;
        if known.status().is_success() {
            return Ok(());
        }
        if self.does_wrong("needs-codes") {
            let body = self.read(known, LARGEST_MANIFEST).await?;
            let codes = String::from_utf8_lossy(&body).into_owned();
            if !codes.contains("_UNKNOWN") {
                return Err("an error that this client does not know".to_owned());
            }
        }
        let single = matches!(
            self.wrong.as_str(),
            "single-post-without-digest" | "single-post-abandoned"
        );
        let mut open = image.url("blobs/uploads/")?;
        let mut request = Request::new(Method::POST, open.clone());
        if single && bytes.len() < 100_000 {
            if self.does_wrong("single-post-abandoned") {
                open.query_pairs_mut().append_pair("digest", &digest);
            }
            request = Request::new(Method::POST, open).body(bytes);
        } else if self.does_wrong("opens-with-a-body") {
            request = request.header("content-type", "text/plain").body(*b"open");
        }
        let response = self.send(request).await?;
        match response.status().as_u16() {
            201 => return Ok(()),
            202 if self.does_wrong("single-post-abandoned") => return Ok(()),
            202 => {}
            status => return Err(format!("no upload: {status}")),
        }
        let mut session = location(&response)?;
        match self.wrong.as_str() {
            "drops-queries" => session.set_query(None),
            "assembles-locations" => {
                let id = session
                    .path()
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let query = session
                    .query()
                    .map(|query| format!("?{query}"))
                    .unwrap_or_default();
                session = image.url(&format!("blobs/uploads/{id}/{query}"))?;
            }
            _ => {}
        }
        let minimum = header(&response, "oci-chunk-min-length").and_then(|it| it.parse().ok());
        let size = match self.does_wrong("small-chunks") {
            true => 100_000,
            false => minimum.unwrap_or(0).max(CHUNK),
        };
        let size = if self.does_wrong("two-chunks") {
            bytes.len().div_ceil(2).max(1)
        } else {
            size
        };
        let mut start = usize::from(self.does_wrong("starts-at-one"));
        for chunk in bytes.chunks(size) {
            session = match self.patch(&session, chunk, start).await? {
                Some(next) if !self.does_wrong("keeps-locations") => next,
                _ => session,
            };
            start += chunk.len();
            if self.does_wrong("gaps") {
                start += 1;
            }
        }
        self.close(image, session, &digest).await
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

    async fn close(&mut self, image: &Image, session: Url, digest: &str) -> Outcome<()> {
        if self.does_wrong("never-closes") {
            // The blob gets there by another way, so that the push succeeds.
            return Ok(());
        }
        let mut put = session.clone();
        let digest = match self.does_wrong("wrong-digest") {
            true => digest_of(b"other"),
            false => digest.to_owned(),
        };
        put.query_pairs_mut().append_pair("digest", &digest);
        let response = self
            .send(Request::new(Method::PUT, put).body(Vec::new()))
            .await?;
        if response.status().is_success() {
            return Ok(());
        }
        if !self.does_wrong("leaves-uploads") {
            // A failure to cancel is ignored.
            let _ = self.send(Request::new(Method::DELETE, session)).await;
        }
        Err(format!(
            "blob of {} not pushed: {}",
            image.name,
            response.status()
        ))
    }
}

/// Referrers.
impl Client {
    async fn attach(&mut self, image: &Image, kind: &str) -> Outcome<String> {
        let (subject, media_type, digest) = self.manifest(image, &image.reference).await?;
        let empty = b"{}";
        self.put_blob(image, empty).await?;
        let described = json!({"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(empty), "size": empty.len()});
        let artifact = json!({
            "schemaVersion": 2, "mediaType": IMAGE, "artifactType": kind, "config": described, "layers": [described],
            "subject": {"mediaType": media_type, "digest": digest, "size": subject.len()},
            "annotations": {"org.example.note": "attached"},
        });
        let bytes = artifact.to_string().into_bytes();
        let own = digest_of(&bytes);
        let listed = self.put_manifest(image, &own, &bytes, IMAGE).await?;
        if !listed.contains("listed") && !self.does_wrong("no-fallback") {
            self.list_under_tag(image, &digest, &artifact, &bytes)
                .await?;
        }
        Ok(own)
    }

    async fn list_under_tag(
        &mut self,
        image: &Image,
        subject: &str,
        artifact: &Value,
        bytes: &[u8],
    ) -> Outcome<()> {
        let mut tag = subject.replace(':', "-");
        if self.does_wrong("other-tag") {
            tag.push_str("-referrers");
        }
        let known = match self.does_wrong("fallback-not-pulled") {
            true => None,
            false => self.manifest(image, &tag).await.ok(),
        };
        let known: Value = known
            .and_then(|(bytes, ..)| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let mut list = known
            .get("manifests")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut one = json!({
            "mediaType": IMAGE, "digest": digest_of(bytes), "size": bytes.len(),
            "artifactType": artifact.get("artifactType"), "annotations": artifact.get("annotations"),
        });
        if let Some(fields) = one.as_object_mut() {
            match self.wrong.as_str() {
                "fallback-without-type" => drop(fields.remove("artifactType")),
                "fallback-without-annotations" => drop(fields.remove("annotations")),
                _ => {}
            }
        }
        match self.wrong.as_str() {
            "fallback-empty" => {}
            "fallback-twice" => list.extend([one.clone(), one]),
            _ => list.push(one),
        }
        let media_type = if self.does_wrong("fallback-as-image") {
            IMAGE
        } else {
            INDEX
        };
        let mut index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": list});
        if media_type == IMAGE {
            index["config"] = artifact.get("config").cloned().unwrap_or_default();
            index["layers"] = json!([]);
        }
        self.put_manifest(image, &tag, index.to_string().as_bytes(), media_type)
            .await
            .map(drop)
    }

    async fn referrers(&mut self, image: &Image) -> Outcome<String> {
        let digest = self.manifest(image, &image.reference).await?.2;
        let url = image.url(&format!("referrers/{digest}"))?;
        let response = self.send(Request::new(Method::GET, url)).await?;
        let bytes = match response.status().is_success() {
            true => self.read(response, LARGEST_MANIFEST).await?,
            false if self.does_wrong("no-fallback") => return Err("no referrers API".to_owned()),
            false => self.manifest(image, &digest.replace(':', "-")).await?.0,
        };
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn header(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn location(response: &Response) -> Outcome<Url> {
    let target = header(response, "location").ok_or("no Location")?;
    response
        .url()
        .join(&target)
        .map_err(|error| error.to_string())
}

/// The config and the layers of an image.
fn descriptors(manifest: &Value) -> Vec<Value> {
    let layers = manifest.get("layers").and_then(Value::as_array).cloned();
    manifest
        .get("config")
        .cloned()
        .into_iter()
        .chain(layers.unwrap_or_default())
        .collect()
}

type Challenge = (String, Vec<(String, String)>);

/// The challenges of a WWW-Authenticate header: schemes with their parameters (RFC 9110, section 11.6.1).
fn challenges(line: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    for part in split_outside_quotes(line) {
        let part = part.trim();
        let (name, value) = match part.split_once('=') {
            Some((name, value)) => (name.trim(), Some(value.trim())),
            None => (part, None),
        };
        // A scheme stands before its first parameter, or alone, or before a token.
        let parameter = match name.split_once([' ', '\t']) {
            Some((scheme, rest)) => {
                found.push((scheme.to_owned(), Vec::new()));
                rest.trim()
            }
            None if value.is_none() && !name.is_empty() => {
                found.push((name.to_owned(), Vec::new()));
                ""
            }
            None => name,
        };
        if let (Some(value), Some((_, parameters))) = (value, found.last_mut()) {
            let value = value.trim_matches('"').replace("\\\"", "\"");
            parameters.push((parameter.to_owned(), value));
        }
    }
    found
}

fn split_outside_quotes(line: &str) -> Vec<String> {
    let (mut parts, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for letter in line.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}
