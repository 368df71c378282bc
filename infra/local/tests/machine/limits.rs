//! Callers who hold connections and send nothing, or half of something, hold up nobody.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::routing::{get, post};
use futures::future::join_all;
use porchlight_edge::Function;
use porchlight_local::gateway::limits::Limits;
use porchlight_local::local::{Options, Running};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::common::{fixed, options, run, text_of};

/// Far longer than anything here should take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the function takes.
const LONGEST: usize = 60 << 10;

async fn machine(limits: Limits) -> Running {
    let router = Router::new()
        .route("/api/health", get(|| async { "fine" }))
        .route("/api/session", post(|body: Bytes| async move { body.len().to_string() }));
    let options =
        options(vec![("porchlight-inbox", fixed(Function::new().http(router).longest_body(LONGEST)))]);
    run(Options { limits, ..options }).await
}

async fn sends(address: SocketAddr, text: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(text).await.expect("it is taken");
    stream
}

/// All that comes until the connection is closed.
async fn rest(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut heard));
    // A connection that is reset has ended, too.
    drop(read.await.expect("the connection is closed in time"));
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn half_requests_give_way_to_whole_ones() {
    let running = machine(Limits { connections: 4, ..Limits::default() }).await;
    let halves = (0..12).map(|_| sends(running.address(), b"GET /api/health HTTP/1.1\r\nHost: x\r\n"));
    let halves = join_all(halves).await;
    assert_eq!(text_of(&format!("{}/api/health", running.url())).await, "fine");
    drop(halves);
    running.stop().await;
}

#[tokio::test]
async fn half_bodies_give_way_too() {
    let running = machine(Limits { connections: 4, ..Limits::default() }).await;
    let begun = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    let halves = join_all((0..12).map(|_| sends(running.address(), begun))).await;
    assert_eq!(text_of(&format!("{}/api/health", running.url())).await, "fine");
    drop(halves);
    running.stop().await;
}

#[tokio::test]
async fn a_head_and_a_body_must_come_in_time() {
    let soon = Duration::from_millis(50);
    let limits = Limits { head_within: soon, piece_within: soon, ..Limits::default() };
    let running = machine(limits).await;
    assert_eq!(rest(sends(running.address(), b"GET /api/hea").await).await, "");
    let begun = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    let heard = rest(sends(running.address(), begun).await).await;
    assert!(heard.starts_with("HTTP/1.1 408"), "{heard}");
    running.stop().await;
}

#[tokio::test]
async fn bodies_wait_for_room_and_are_all_taken() {
    let running = machine(Limits { body_bytes: 64 << 10, ..Limits::default() }).await;
    let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
    let url = format!("{}/api/session", running.url());
    let sent = (0..20).map(|_| client.post(&url).body(vec![b'x'; 50 << 10]).send());
    for answer in join_all(sent).await {
        assert_eq!(answer.expect("an answer").text().await.expect("text"), (50 << 10).to_string());
    }
    let none = client.post(&url).body("").send().await.expect("an answer");
    assert_eq!(none.text().await.expect("text"), "0");
    running.stop().await;
}

#[tokio::test]
async fn a_body_is_held_only_up_to_what_its_function_takes() {
    let running = machine(Limits { body_bytes: LONGEST, ..Limits::default() }).await;
    let announced =
        b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Length: 5800000\r\nConnection: close\r\n\r\n";
    let halves = join_all((0..12).map(|_| sends(running.address(), announced))).await;
    // None of them took the room that there is for one body.
    let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
    let sent = client.post(format!("{}/api/session", running.url())).body(vec![b'x'; LONGEST]).send();
    assert_eq!(sent.await.expect("an answer").text().await.expect("text"), LONGEST.to_string());
    for mut half in halves {
        let rest = vec![b'x'; 5_800_000];
        // Whoever is refused may find the connection closed.
        drop(half.write_all(&rest).await);
        let heard = self::rest(half).await;
        assert!(heard.is_empty() || heard.starts_with("HTTP/1.1 413"), "{heard}");
    }
    running.stop().await;
}
