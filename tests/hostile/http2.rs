//! The same over HTTP/2, whose frames are written byte for byte (RFC 9113).

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::{Outcome, reported_of};

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

/// `:status: 200` and `:status: 204`, by their places in HPACK's table.
const OK: &[u8] = &[0x88];
const NO_CONTENT: &[u8] = &[0x89];

/// `:status: 103`, and a header `x: y`, spelt out.
const EARLY_HINTS: &[u8] = &[0x08, 3, b'1', b'0', b'3'];
const X: &[u8] = &[0x00, 1, b'x', 1, b'y'];

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let head = [&length[1..], &[kind, flags], &stream.to_be_bytes()].concat();
    [&head, payload].concat()
}

/// A server that greets, and answers each request after that by a script.
struct Server {
    url: String,
    address: std::net::SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    fn behind_a_greeting(
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
                    // A client that breaks off is expected here.
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

fn for_ever(stream: &mut Secure, bytes: &[u8], pause: Duration) -> std::io::Result<()> {
    loop {
        stream.write_all(bytes)?;
        std::thread::sleep(pause);
    }
}

fn survives(name: &str, server: &Server) -> Outcome {
    let name = format!("HTTP/2: {name}");
    reported_of(&name, &server.url, &["--insecure"], 30)
}

#[test]
fn streams_and_connections_that_are_refused() {
    for (name, code) in [
        ("INTERNAL_ERROR", 2_u32),
        ("REFUSED_STREAM", 7),
        ("ENHANCE_YOUR_CALM", 11),
    ] {
        let server = Server::behind_a_greeting(move |id, stream| {
            stream.write_all(&frame(RST_STREAM, 0, id, &code.to_be_bytes()))
        });
        let outcome = survives(&format!("RST_STREAM {name} for ever"), &server);
        assert_eq!(outcome.status, 3);
    }
    let server = Server::behind_a_greeting(|_, stream| {
        stream.write_all(&frame(GOAWAY, 0, 0, &[0; 8]))?;
        stream.write_all(&frame(GOAWAY, 0, 0, &[0; 8]))
    });
    assert_eq!(
        survives("GOAWAY instead of every answer", &server).status,
        3
    );
    let server = Server::behind_a_greeting(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        stream.write_all(&frame(RST_STREAM, 0, id, &2_u32.to_be_bytes()))
    });
    assert_eq!(survives("reset within the body", &server).status, 3);
}

#[test]
fn headers_and_frames_without_end() {
    let server = Server::behind_a_greeting(|id, stream| {
        stream.write_all(&frame(HEADERS, 0, id, OK))?;
        let more = frame(CONTINUATION, 0, id, &X.repeat(3000));
        for_ever(stream, &more, Duration::ZERO)
    });
    assert_eq!(survives("CONTINUATION for ever", &server).status, 3);
    let server = Server::behind_a_greeting(|id, stream| {
        stream.write_all(&frame(HEADERS, 0, id, OK))?;
        for_ever(stream, &frame(CONTINUATION, 0, id, &[]), Duration::ZERO)
    });
    assert_eq!(survives("empty CONTINUATION for ever", &server).status, 3);
    let server = Server::behind_a_greeting(|id, stream| {
        let hint = frame(HEADERS, END_HEADERS, id, EARLY_HINTS);
        for_ever(stream, &hint.repeat(100), Duration::ZERO)
    });
    assert_eq!(survives("1xx for ever", &server).status, 3);
    for (name, bytes) in [
        ("SETTINGS", frame(SETTINGS, 0, 0, &[])),
        ("PING", frame(PING, 0, 0, &[0; 8])),
    ] {
        let many = bytes.repeat(100);
        let server =
            Server::behind_a_greeting(move |_, stream| for_ever(stream, &many, Duration::ZERO));
        assert_eq!(survives(&format!("{name} for ever"), &server).status, 3);
    }
}

#[test]
fn bodies_without_end() {
    let server = Server::behind_a_greeting(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        for_ever(stream, &frame(DATA, 0, id, b"x"), Duration::from_millis(50))
    });
    assert_eq!(survives("dripping DATA", &server).status, 3);
    let server = Server::behind_a_greeting(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        for_ever(stream, &frame(DATA, 0, id, &[b'x'; 16_384]), Duration::ZERO)
    });
    assert_eq!(survives("DATA beyond every window", &server).status, 3);
    let server = Server::behind_a_greeting(|id, stream| {
        stream.write_all(&frame(HEADERS, END_HEADERS, id, OK))?;
        for_ever(stream, &frame(DATA, 0, id, &[]), Duration::ZERO)
    });
    assert_eq!(survives("empty DATA for ever", &server).status, 3);
}

#[test]
fn frames_that_make_no_sense() {
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
        let server = Server::behind_a_greeting(move |_, stream| stream.write_all(&bytes));
        assert_eq!(survives(name, &server).status, 3);
    }
}
