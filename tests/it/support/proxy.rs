//! A proxy on loopback that makes a healthy registry a distant or an unwell one. It delays without limiting
//! how much is under way at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::Instant;

/// What the proxy does to requests and answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unwell {
    /// The round trip: of each request and its answer, and of making a connection.
    pub round_trip: Duration,
    /// How much longer a request takes for each other one that is under way.
    pub for_each_other: Duration,
    /// One answer in so many is lost: the registry did what was asked, and the connection closes.
    pub lost: u64,
    /// One answer in so many breaks off within its body; one without a body arrives.
    pub cut: u64,
    /// One request in so many is refused with `refusal`, and never reaches the registry.
    pub refused: u64,
    /// The status and header lines of a refusal.
    pub refusal: &'static str,
    /// What chance is drawn from.
    pub seed: u64,
}

/// A running proxy.
pub struct Proxy {
    pub url: String,
    state: Arc<State>,
    task: tokio::task::JoinHandle<()>,
}

struct State {
    unwell: Unwell,
    under_way: AtomicUsize,
    most: AtomicUsize,
    dice: AtomicU64,
}

impl Proxy {
    pub async fn start(to: &str, unwell: Unwell) -> Self {
        let to: SocketAddr = to.trim_start_matches("http://").parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(State {
            unwell,
            under_way: AtomicUsize::new(0),
            most: AtomicUsize::new(0),
            dice: AtomicU64::new(unwell.seed.wrapping_mul(2).wrapping_add(0x9e37_79b9)),
        });
        let task = tokio::spawn(accept(listener, to, state.clone()));
        Self { url, state, task }
    }

    /// The most requests that were under way at once.
    pub fn most(&self) -> usize {
        self.state.most.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, to: SocketAddr, state: Arc<State>) {
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        while connections.try_join_next().is_some() {}
        let state = state.clone();
        connections.spawn(async move {
            // The connection is closed when either side breaks off.
            let _ = connection(client, to, state).await;
        });
    }
}

impl State {
    /// Whether it happens that is to happen once in `one_in`.
    fn chance(&self, one_in: u64) -> bool {
        let next = |seed: u64| seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let drawn = self
            .dice
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |seed| Some(next(seed)));
        one_in > 0 && (drawn.unwrap() >> 33).is_multiple_of(one_in)
    }
}

async fn connection(client: TcpStream, to: SocketAddr, state: Arc<State>) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let server = TcpStream::connect(to).await?;
    server.set_nodelay(true)?;
    // Making a connection takes a round trip too.
    let made = Instant::now() + state.unwell.round_trip;
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (answered, answers) = mpsc::unbounded_channel();
    let (send, sending) = mpsc::unbounded_channel();
    tokio::select! {
        ended = requests(from_client, to_server, answered, send.clone(), &state, made) => ended,
        ended = replies(from_server, answers, send, &state) => ended,
        ended = late(to_client, sending) => ended,
    }
}

/// Takes whole requests, and passes them on.
async fn requests(
    from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    answered: mpsc::UnboundedSender<bool>,
    reply: mpsc::UnboundedSender<(Instant, Due)>,
    state: &State,
    made: Instant,
) -> std::io::Result<()> {
    let mut from = BufReader::new(from);
    loop {
        let mut whole = Vec::new();
        let mut length = 0;
        loop {
            let start = whole.len();
            if from.read_until(b'\n', &mut whole).await? == 0 {
                return Ok(());
            }
            let line = String::from_utf8_lossy(&whole[start..]).to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let head = whole.len();
        whole.resize(head + length, 0);
        from.read_exact(&mut whole[head..]).await?;
        let others = state.under_way.fetch_add(1, Ordering::SeqCst);
        state.most.fetch_max(others + 1, Ordering::SeqCst);
        let load = state.unwell.for_each_other * u32::try_from(others).unwrap();
        let half = state.unwell.round_trip / 2;
        if state.chance(state.unwell.refused) {
            state.under_way.fetch_sub(1, Ordering::SeqCst);
            let refusal = format!(
                "HTTP/1.1 {}\r\nContent-Length: 0\r\n\r\n",
                state.unwell.refusal.replace('\n', "\r\n")
            );
            let at = Instant::now().max(made) + half * 2;
            let _ = reply.send((at, Due::Bytes(refusal.into_bytes())));
            continue;
        }
        tokio::time::sleep_until(Instant::now().max(made) + half + load).await;
        let _ = answered.send(state.chance(state.unwell.lost));
        to.write_all(&whole).await?;
    }
}

/// Passes answers on; the first bytes after a request are the beginning of its answer.
async fn replies(
    mut from: OwnedReadHalf,
    mut answers: mpsc::UnboundedReceiver<bool>,
    send: mpsc::UnboundedSender<(Instant, Due)>,
    state: &State,
) -> std::io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        let begins = answers.try_recv().ok();
        if begins.is_some() {
            state.under_way.fetch_sub(1, Ordering::SeqCst);
        }
        if read == 0 || begins == Some(true) {
            return Ok(());
        }
        let at = Instant::now() + state.unwell.round_trip / 2;
        if begins.is_some() && state.chance(state.unwell.cut) {
            let head = buffer[..read].windows(4).position(|end| end == b"\r\n\r\n");
            let sent = head.map_or(0, |head| (head + 4 + read) / 2);
            let _ = send.send((at, Due::Bytes(buffer[..sent].to_vec())));
            let _ = send.send((at, Due::Close));
            // The connection is closed when that is written.
            return std::future::pending().await;
        }
        let _ = send.send((at, Due::Bytes(buffer[..read].to_vec())));
    }
}

/// What is done on the side of the client.
enum Due {
    Bytes(Vec<u8>),
    Close,
}

/// Writes what is due when it is due.
async fn late(
    mut to: OwnedWriteHalf,
    mut due: mpsc::UnboundedReceiver<(Instant, Due)>,
) -> std::io::Result<()> {
    while let Some((at, what)) = due.recv().await {
        tokio::time::sleep_until(at).await;
        match what {
            Due::Bytes(bytes) => to.write_all(&bytes).await?,
            Due::Close => break,
        }
    }
    Ok(())
}
