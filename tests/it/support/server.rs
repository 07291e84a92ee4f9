//! Small HTTP servers whose answers are written byte for byte, for what no HTTP library would send.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub target: String,
    /// The header lines.
    pub headers: String,
    /// The position among all requests to the server.
    pub number: usize,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.headers.lines();
        lines.find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// What a script answers with: it writes as it likes; whether the connection goes on.
pub type Script = dyn Fn(&Asked, &mut TcpStream) -> std::io::Result<bool> + Send + Sync;

/// A server that follows a script, until it is dropped.
pub struct Server {
    pub url: String,
    address: std::net::SocketAddr,
    over: Arc<AtomicBool>,
}

impl Server {
    pub fn start(
        script: impl Fn(&Asked, &mut TcpStream) -> std::io::Result<bool> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let (ended, script, count) = (
            over.clone(),
            Arc::new(script),
            Arc::new(AtomicUsize::new(0)),
        );
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let (ended, script, count) = (ended.clone(), script.clone(), count.clone());
                std::thread::spawn(move || {
                    // A client that breaks off is expected here.
                    let _ = talk(stream, &*script, &count, &ended);
                });
            }
        });
        Self {
            url: format!("http://{address}"),
            address,
            over,
        }
    }

    /// Greets like a registry, and answers everything else by the script.
    pub fn behind_a_greeting(
        script: impl Fn(&Asked, &mut TcpStream) -> std::io::Result<bool> + Send + Sync + 'static,
    ) -> Self {
        Self::start(move |asked, stream| match asked.target.as_str() {
            "/v2/" => {
                stream.write_all(&answer("200 OK", "", b"{}"))?;
                Ok(true)
            }
            _ => script(asked, stream),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the one that waits for connections.
        let _ = TcpStream::connect(self.address);
    }
}

fn talk(
    mut stream: TcpStream,
    script: &Script,
    count: &AtomicUsize,
    over: &AtomicBool,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    while !over.load(Ordering::SeqCst) {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let mut words = line.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default().to_owned();
        let mut headers = String::new();
        loop {
            let start = headers.len();
            if reader.read_line(&mut headers)? == 0 || headers[start..].trim().is_empty() {
                break;
            }
        }
        let asked = Asked {
            method,
            target,
            headers,
            number: count.fetch_add(1, Ordering::SeqCst),
        };
        let length = asked.header("content-length");
        let length = length.and_then(|text| text.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body)?;
        if !script(&asked, &mut stream)? {
            return Ok(());
        }
    }
    Ok(())
}

/// An answer with these header lines (each with its line end) and a body of the right length.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

/// A server that answers the first bytes of each connection with the same bytes, whatever they are, and closes.
pub fn answering_bytes(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut buffer = [0; 65536];
                // A client that breaks off is expected here.
                let _ = stream.read(&mut buffer);
                let _ = stream.write_all(answer);
            });
        }
    });
    format!("http://{address}")
}

/// A server that answers by a function, and records every request.
pub struct Recorder {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    _server: Server,
}

/// `answer` makes the bytes of a response of a request and the URL of the server.
pub fn recorder(answer: impl Fn(&Asked, &str) -> Vec<u8> + Send + Sync + 'static) -> Recorder {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let record = asked.clone();
    let server = Server::start(move |request, stream| {
        record.lock().unwrap().push(request.clone());
        let base = format!("http://{}", stream.local_addr()?);
        stream.write_all(&answer(request, &base))?;
        Ok(false)
    });
    Recorder {
        url: server.url.clone(),
        asked,
        _server: server,
    }
}

impl Recorder {
    /// The requests whose target contains this.
    pub fn requests(&self, part: &str) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        let asked = asked.iter().filter(|one| one.target.contains(part));
        asked.cloned().collect()
    }
}

/// A response after which the connection closes.
pub fn last(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let headers = format!("Connection: close\r\n{headers}");
    answer(&format!("{status} X"), &headers, body.as_bytes())
}
