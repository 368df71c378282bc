//! Requests reach functions as API Gateway would bring them, and answers come back as it would give them.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{fixed, options, run, templates_with};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery};
use axum::routing::{get, post};
use futures::StreamExt as _;
use porchlight_edge::Function;
use porchlight_local::local::{Options, Running};
use reqwest::{Client, Response};
use tokio::sync::mpsc;

fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(10)).build().expect("a client")
}

async fn inbox(router: Router) -> Running {
    run(options(vec![("porchlight-inbox", fixed(Function::new().http(router)))])).await
}

async fn problem(response: Response, status: u16) {
    assert_eq!(response.status(), status);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let body: serde_json::Value = response.json().await.expect("JSON");
    assert_eq!(body["status"], status);
}

#[tokio::test]
async fn path_query_and_body_arrive_as_they_were_sent() {
    let webhooks = Router::new().route(
        "/twilio/{business_id}/messages",
        post(|Path(business): Path<String>, RawQuery(query): RawQuery, body: Bytes| async move {
            format!("{business}|{}|{body:?}", query.unwrap_or_default())
        }),
    );
    let running = run(options(vec![("porchlight-webhooks", fixed(Function::new().http(webhooks)))])).await;
    let url = format!("{}/twilio/b%2B1/messages?a=1&a=2%203", running.url());
    let sent = client().post(url).body(&b"Body=\xff\x00%F0"[..]);
    let sent =
        sent.header("content-type", "application/x-www-form-urlencoded").send().await.expect("an answer");
    let text = sent.text().await.expect("text");
    assert_eq!(text, format!("b+1|a=1&a=2+3|{:?}", Bytes::from_static(b"Body=\xff\x00%F0")));
    running.stop().await;
}

#[tokio::test]
async fn a_route_added_to_the_template_is_served() {
    let router = Router::new().route("/twilio/{business_id}/voice/{step}", post(|| async { "ring" }));
    let mut options = options(vec![("porchlight-webhooks", fixed(Function::new().http(router)))]);
    let event = "        Status:\n          Type: Api\n";
    let added = format!(
        "        Voice:\n          Type: Api\n          Properties: {{ RestApiId: !Ref Api, Path: \"/twilio/{{business_id}}/voice/{{step}}\", Method: POST }}\n{event}"
    );
    options.templates = templates_with(&[(event, &added)]);
    let running = run(options).await;
    let answer =
        client().post(format!("{}/twilio/b/voice/1", running.url())).send().await.expect("an answer");
    assert_eq!(answer.text().await.expect("text"), "ring");
    running.stop().await;
}

#[tokio::test]
async fn long_answers_are_compressed_for_who_takes_that_and_live_streams_never_p8() {
    let text = "water heater ".repeat(200);
    let long = text.clone();
    let live = ([("content-type", "text/event-stream")], text.clone());
    let router = Router::new()
        .route("/api/me", get(async move || long))
        .route("/api/counts", get(|| async { "short" }))
        .route("/api/conversations", get(async move || live));
    let running = inbox(router).await;
    let encoding = async |path: &str, takes: &str| {
        let asked = client().get(format!("{}{path}", running.url())).header("accept-encoding", takes);
        let answer = asked.send().await.expect("an answer");
        let encoding = answer.headers().get("content-encoding").cloned();
        (encoding, answer.bytes().await.expect("a body").len())
    };
    let (gzip, length) = encoding("/api/me", "gzip, br").await;
    assert!(gzip.is_some_and(|gzip| gzip == "gzip") && length < text.len() / 10, "{length}");
    assert_eq!(encoding("/api/me", "identity").await, (None, text.len()));
    assert_eq!(encoding("/api/counts", "gzip").await, (None, "short".len()));
    assert_eq!(encoding("/api/conversations", "gzip").await, (None, text.len()));
    running.stop().await;
}

#[tokio::test]
async fn nothing_is_compressed_when_the_template_does_not_ask_for_it() {
    let router = Router::new().route("/api/me", get(|| async { "water heater ".repeat(20_000) }));
    let mut options = options(vec![("porchlight-inbox", fixed(Function::new().http(router)))]);
    options.templates = templates_with(&[("      MinimumCompressionSize: 1024\n", "")]);
    let running = run(options).await;
    let asked = client().get(format!("{}/api/me", running.url())).header("accept-encoding", "gzip");
    assert!(asked.send().await.expect("an answer").headers().get("content-encoding").is_none());
    running.stop().await;
}

#[tokio::test]
async fn what_no_route_takes_is_a_problem_and_not_found() {
    let running = inbox(Router::new()).await;
    for path in ["/twilio/b/voice/1", "/twilio", "/missing.js"] {
        problem(client().get(running.url() + path).send().await.expect("an answer"), 404).await;
    }
    problem(client().post(running.url() + "/").send().await.expect("an answer"), 404).await;
    running.stop().await;
}

#[tokio::test]
async fn ten_megabytes_of_json_are_too_much() {
    let running = inbox(Router::new().route("/api/echo", post(|body: Bytes| async move { body }))).await;
    let json = format!("\"{}\"", "x".repeat(10 * 1024 * 1024));
    let sent =
        client().post(running.url() + "/api/echo").header("content-type", "application/json").body(json);
    problem(sent.send().await.expect("an answer"), 413).await;
    running.stop().await;
}

#[tokio::test]
async fn an_answer_larger_than_lambda_gives_fails() {
    let large = || async { vec![b'x'; 7 * 1024 * 1024] };
    let running = inbox(Router::new().route("/api/large", get(large))).await;
    problem(client().get(running.url() + "/api/large").send().await.expect("an answer"), 502).await;
    running.stop().await;
}

#[tokio::test]
async fn a_function_that_panics_is_a_bad_gateway_and_lives_on() {
    let router = Router::new()
        .route("/api/panic", get(|| async { panic!("on purpose") as &'static str }))
        .route("/api/fine", get(|| async { "fine" }));
    let running = inbox(router).await;
    problem(client().get(running.url() + "/api/panic").send().await.expect("an answer"), 502).await;
    let fine = client().get(running.url() + "/api/fine").send().await.expect("an answer");
    assert_eq!(fine.text().await.expect("text"), "fine");
    running.stop().await;
}

#[tokio::test]
async fn a_function_that_takes_too_long_is_a_gateway_timeout() {
    let router =
        Router::new().route("/api/slow", get(|| async { std::future::pending::<&'static str>().await }));
    let mut slow: Options = options(vec![("porchlight-inbox", fixed(Function::new().http(router)))]);
    slow.templates = templates_with(&[("      Timeout: 29\n", "      Timeout: 1\n")]);
    let running = run(slow).await;
    problem(client().get(running.url() + "/api/slow").send().await.expect("an answer"), 504).await;
    running.stop().await;
}

/// A stream that sends what the test gives it.
fn streaming() -> (Function, mpsc::UnboundedSender<mpsc::Receiver<&'static str>>) {
    let (bodies, waiting) = mpsc::unbounded_channel::<mpsc::Receiver<&'static str>>();
    let waiting = Arc::new(tokio::sync::Mutex::new(waiting));
    let answer = move || async move {
        let body = waiting.lock().await.recv().await.expect("the test gives a body");
        let chunks = futures::stream::unfold(body, |mut body| async move {
            let chunk = body.recv().await?;
            Some((Ok::<_, std::convert::Infallible>(chunk), body))
        });
        Body::from_stream(chunks)
    };
    (Function::new().streamed_http(Router::new().route("/api/live", get(answer))), bodies)
}

#[tokio::test]
async fn a_streamed_answer_flows_piece_by_piece_and_ends_when_the_client_leaves() {
    let (function, bodies) = streaming();
    let running = run(options(vec![("porchlight-live", fixed(function))])).await;
    let (chunks, body) = mpsc::channel(1);
    bodies.send(body).expect("the function lives");
    let answer = client().get(running.url() + "/api/live").send().await.expect("an answer");
    let mut pieces = answer.bytes_stream();
    for piece in ["one", "two"] {
        chunks.send(piece).await.expect("the stream is open");
        assert_eq!(pieces.next().await.expect("a piece").expect("bytes"), piece);
    }
    drop(pieces);
    tokio::time::timeout(Duration::from_secs(3), chunks.closed()).await.expect("the stream is dropped");
    running.stop().await;
}

#[tokio::test]
async fn an_open_stream_does_not_keep_the_machine_from_stopping() {
    let (function, bodies) = streaming();
    let running = run(options(vec![("porchlight-live", fixed(function))])).await;
    let (chunks, body) = mpsc::channel(1);
    bodies.send(body).expect("the function lives");
    let answer = client().get(running.url() + "/api/live").send().await.expect("an answer");
    tokio::time::timeout(Duration::from_secs(8), running.stop()).await.expect("it stops");
    drop((answer, chunks));
}

#[tokio::test]
async fn head_has_the_headers_and_no_body() {
    let running = inbox(Router::new().route("/api/health", get(|| async { "fine" }))).await;
    let answer = client().head(running.url() + "/api/health").send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-length"], "4");
    assert_eq!(answer.text().await.expect("text"), "");
    running.stop().await;
}

#[tokio::test]
async fn without_a_web_app_the_front_page_says_where_the_api_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(Vec::new());
    folder.path().join("absent").clone_into(&mut options.web);
    let running = run(options).await;
    let answer = client().get(running.url()).send().await.expect("an answer");
    assert!(answer.text().await.expect("text").contains("/api"));
    running.stop().await;
}

#[tokio::test]
async fn the_web_app_is_served_with_its_headers_compressed_and_only_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    };
    file("index.html", "<!doctype html>");
    file("assets/a.js", "plain");
    file("assets/a.js.br", "small");
    file("sw.js", "worker");
    file("manifest.webmanifest", "{}");
    file("icons/192.png", "");
    let mut options = options(Vec::new());
    folder.path().clone_into(&mut options.web);
    let running = run(options).await;

    let page = client().get(running.url() + "/conversations/x").send().await.expect("an answer");
    assert!(page.headers()["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    assert_eq!(page.headers()["cache-control"], "no-cache");
    let tag = page.headers()["etag"].clone();
    assert_eq!(page.text().await.expect("text"), "<!doctype html>");
    let known = client().get(running.url()).header("if-none-match", tag).send().await.expect("an answer");
    assert_eq!(known.status(), 304);

    let asset = client().get(running.url() + "/assets/a.js").header("accept-encoding", "gzip, br");
    let asset = asset.send().await.expect("an answer");
    assert_eq!(asset.headers()["content-encoding"], "br");
    assert!(asset.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    assert_eq!(asset.text().await.expect("text"), "small");

    for (path, content_type) in [
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icons/192.png", "image/png"),
    ] {
        let beside = client().get(running.url() + path).send().await.expect("an answer");
        assert_eq!(beside.headers()["content-type"], content_type, "{path}");
        assert_eq!(beside.headers()["cache-control"], "no-cache", "{path}");
    }

    for path in ["/assets/missing.js", "/..%2fsecret.txt", "/.hidden"] {
        problem(client().get(running.url() + path).send().await.expect("an answer"), 404).await;
    }
    running.stop().await;
}
