//! Hostile HTTP/2, with frames written byte by byte (RFC 9113).

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::bounds::run_with_reports_at;
use crate::support::assay::Outcome;

type Secure = StreamOwned<ServerConnection, TcpStream>;
type Script = dyn Fn(u32, &mut Secure) -> std::io::Result<()> + Send + Sync;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:status: 200` and `:status: 204`, by their index in HPACK's static table.
const OK: &[u8] = &[0x88];
const NO_CONTENT: &[u8] = &[0x89];

/// `:status: 103`, and a header `x: y`, as literals.
const EARLY_HINTS: &[u8] = &[0x08, 3, b'1', b'0', b'3'];
const X: &[u8] = &[0x00, 1, b'x', 1, b'y'];

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// A server that answers the first request with 204, and each later one by a script.
struct Server {
    url: String,
    address: std::net::SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    fn after_first_response(
        script: impl Fn(u32, &mut Secure) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (ended, config) = (over.clone(), config());
        let (script, asked): (Arc<Script>, _) = (Arc::new(script), Arc::new(AtomicUsize::new(0)));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (config, script, asked) = (config.clone(), script.clone(), asked.clone());
                std::thread::spawn(move || {
                    let secure = ServerConnection::new(config).unwrap();
                    // The client is expected to close the connection.
                    let _ = talk(StreamOwned::new(secure, stream), &*script, &asked);
                });
            }
        });
        let url = format!("https://{address}");
        Self { url, address, over }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn config() -> Arc<ServerConfig> {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    Arc::new(config)
}

fn talk(mut stream: Secure, script: &Script, asked: &AtomicUsize) -> std::io::Result<()> {
    stream.sock.set_nodelay(true)?;
    stream.read_exact(&mut [0; 24])?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[]))?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let [a, b, c, kind, flags, id @ ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload)?;
        match kind {
            SETTINGS if flags & ACK == 0 => stream.write_all(&frame(SETTINGS, ACK, 0, &[]))?,
            HEADERS if asked.fetch_add(1, Ordering::SeqCst) == 0 => {
                let both = END_HEADERS | END_STREAM;
                stream.write_all(&frame(HEADERS, both, u32::from_be_bytes(id), NO_CONTENT))?;
            }
            HEADERS => script(u32::from_be_bytes(id), &mut stream)?,
            _ => {}
        }
    }
}

fn repeat(stream: &mut Secure, bytes: &[u8], pause: Duration) -> std::io::Result<()> {
    loop {
        stream.write_all(bytes)?;
        std::thread::sleep(pause);
    }
}

fn run_over_http2(name: &str, server: &Server) -> Outcome {
    let name = format!("HTTP/2: {name}");
    run_with_reports_at(&name, &server.url, &["--insecure"], 30)
}

#[test]
#[ignore = "long: run by .ci/run"]
fn reset_streams_and_closed_connections() {
    for (name, code) in [
        ("INTERNAL_ERROR", 2_u32),
        ("REFUSED_STREAM", 7),
        ("ENHANCE_YOUR_CALM", 11),
    ] {
        let server = Server::after_first_response(move |id, stream| {
            stream.write_all(&frame(RST_STREAM, 0, id, &code.to_be_bytes()))
        });
        let outcome = run_over_http2(&format!("RST_STREAM {name}, endless"), &server);
        assert_eq!(outcome.status, 3);
    }
    let server = Server::after_first_response(|_, stream| {
        stream.write_all(&frame(GOAWAY, 0, 0, &[0; 8]))?;
        stream.write_all(&frame(GOAWAY, 0, 0, &[0; 8]))
    });
    assert_eq!(
        run_over_http2("GOAWAY instead of every answer", &server).status,
        3
    );
    let server = Server::after_first_response(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        stream.write_all(&frame(RST_STREAM, 0, id, &2_u32.to_be_bytes()))
    });
    assert_eq!(run_over_http2("reset within the body", &server).status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_headers_and_frames() {
    let server = Server::after_first_response(|id, stream| {
        stream.write_all(&frame(HEADERS, 0, id, OK))?;
        let more = frame(CONTINUATION, 0, id, &X.repeat(3000));
        repeat(stream, &more, Duration::ZERO)
    });
    assert_eq!(run_over_http2("CONTINUATION, endless", &server).status, 3);
    let server = Server::after_first_response(|id, stream| {
        stream.write_all(&frame(HEADERS, 0, id, OK))?;
        repeat(stream, &frame(CONTINUATION, 0, id, &[]), Duration::ZERO)
    });
    assert_eq!(
        run_over_http2("empty CONTINUATION, endless", &server).status,
        3
    );
    let server = Server::after_first_response(|id, stream| {
        let hint = frame(HEADERS, END_HEADERS, id, EARLY_HINTS);
        repeat(stream, &hint.repeat(100), Duration::ZERO)
    });
    assert_eq!(run_over_http2("1xx, endless", &server).status, 3);
    for (name, bytes) in [
        ("SETTINGS", frame(SETTINGS, 0, 0, &[])),
        ("PING", frame(PING, 0, 0, &[0; 8])),
    ] {
        let many = bytes.repeat(100);
        let server =
            Server::after_first_response(move |_, stream| repeat(stream, &many, Duration::ZERO));
        assert_eq!(
            run_over_http2(&format!("{name}, endless"), &server).status,
            3
        );
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn endless_bodies() {
    let server = Server::after_first_response(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        repeat(stream, &frame(DATA, 0, id, b"x"), Duration::from_millis(50))
    });
    assert_eq!(run_over_http2("dripping DATA", &server).status, 3);
    let server = Server::after_first_response(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        repeat(stream, &frame(DATA, 0, id, &[b'x'; 16_384]), Duration::ZERO)
    });
    assert_eq!(
        run_over_http2("DATA beyond every window", &server).status,
        3
    );
    let server = Server::after_first_response(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        repeat(stream, &frame(DATA, 0, id, &[]), Duration::ZERO)
    });
    assert_eq!(run_over_http2("empty DATA, endless", &server).status, 3);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn malformed_frames() {
    for (name, bytes) in [
        (
            "a frame of 16 MB",
            [&[0xff, 0xff, 0xff, DATA, 0][..], &1_u32.to_be_bytes()].concat(),
        ),
        (
            "HPACK that refers to nothing",
            frame(HEADERS, END_HEADERS, 1, &[0xff, 0xff, 0xff, 0x7f]),
        ),
        ("garbage", b"HTTP/1.1 200 OK\r\n\r\n".to_vec()),
    ] {
        let server = Server::after_first_response(move |_, stream| stream.write_all(&bytes));
        assert_eq!(run_over_http2(name, &server).status, 3);
    }
}
