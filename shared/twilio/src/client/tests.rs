//! Against servers on loopback that answer badly in every way PROTOCOLS §2 names.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::account::{Account, AuthToken};

/// What a server does with each connection once it has read the request.
#[derive(Clone)]
enum Then {
    Answer(String),
    Close,
    Never,
}

struct BadServer {
    account: Account,
    requests: Arc<AtomicUsize>,
}

impl BadServer {
    async fn start(script: Vec<Then>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                read_request(&mut stream).await;
                let turn = seen.fetch_add(1, Ordering::SeqCst).min(script.len() - 1);
                match &script[turn] {
                    Then::Answer(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                    Then::Close => {}
                    Then::Never => held.push(stream),
                }
            }
        });
        Self { account: Account::new(&base, "AC1", AuthToken::new("t")).unwrap(), requests }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn read_request(stream: &mut TcpStream) {
    let mut read = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).await.unwrap();
        read.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&read);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
        if count == 0 || body.len() >= length.unwrap_or(0) {
            return;
        }
    }
}

fn answer(status: u16, headers: &str, body: &str) -> Then {
    let length = body.len();
    Then::Answer(format!(
        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    ))
}

const SID: &str = "SM0123456789abcdef0123456789abcdef";

fn message() -> CreateMessage {
    CreateMessage {
        to: "+12075550188".into(),
        from: "+12075550142".into(),
        body: "On my way".into(),
        status_callback: "https://example.com/twilio/b/status/m#rc=5&rp=all".into(),
        media_urls: vec![],
    }
}

async fn create_against(script: Vec<Then>) -> (CreateOutcome, usize) {
    let server = BadServer::start(script).await;
    let client = CreateClient::with_timeout(Duration::from_millis(300)).unwrap();
    let outcome = client.create(&server.account, &message()).await;
    (outcome, server.requests())
}

#[tokio::test]
async fn a_201_with_a_sid_is_accepted() {
    let body = format!(
        r#"{{"sid":"{SID}","status":"queued","num_segments":"1","error_code":null,"price":null,
            "date_created":"Sat, 21 Nov 2026 09:04:17 +0000"}}"#
    );
    let (outcome, requests) = create_against(vec![answer(201, "", &body)]).await;
    let CreateOutcome::Accepted(resource) = outcome else { panic!("{outcome:?}") };
    assert_eq!((resource.sid.as_str(), requests), (SID, 1));
    assert_eq!(resource.status, "queued");
    assert_eq!(resource.created_unix_ms(), Some(1_795_251_857_000));
}

#[tokio::test]
async fn a_4xx_with_twilios_code_is_rejected_for_certain() {
    let body =
        r#"{"code":21610,"message":"Attempt to send to unsubscribed recipient","more_info":"","status":400}"#;
    let (outcome, _) = create_against(vec![answer(400, "", body)]).await;
    let CreateOutcome::Rejected(rejection) = outcome else { panic!("{outcome:?}") };
    assert_eq!((rejection.http_status, rejection.code), (400, 21610));
}

#[tokio::test]
async fn a_429_is_not_accepted_and_keeps_when_to_come_back() {
    let body = r#"{"code":20429,"message":"Too Many Requests","status":429}"#;
    for (script, expected) in [
        (answer(429, "Retry-After: 7\r\n", body), (Some(Duration::from_secs(7)), Some(20429))),
        (answer(429, "", "<html>"), (None, None)),
    ] {
        let (outcome, requests) = create_against(vec![script]).await;
        let CreateOutcome::NotAccepted(NotAccepted::TooManyRequests { retry_after, code }) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(((retry_after, code), requests), (expected, 1));
    }
}

#[tokio::test]
async fn a_connection_refused_is_not_accepted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let account = Account::new(&base, "AC1", AuthToken::new("t")).unwrap();
    let outcome = CreateClient::new().unwrap().create(&account, &message()).await;
    assert!(matches!(outcome, CreateOutcome::NotAccepted(NotAccepted::ConnectFailed(_))), "{outcome:?}");
}

/// P4: whatever is not proof of refusal leaves the message unknown, after exactly one request.
#[tokio::test]
async fn everything_else_is_unknown_and_posted_once() {
    let proxy_json = r#"{"code":408,"message":"stream timeout"}"#;
    let twilio_json = r#"{"code":20500,"message":"Internal Server Error","status":500}"#;
    for script in [
        Then::Close,
        Then::Never,
        Then::Answer("HTTP/1.1 201 Created\r\nContent-Length: 90\r\n\r\n{\"sid\":".into()),
        Then::Answer("SSH-2.0-OpenSSH_9.2\r\n".into()),
        answer(200, "", "<html>welcome</html>"),
        answer(200, "", &format!(r#"{{"sid":"{SID}","status":"queued"}}"#)),
        answer(201, "", "{}"),
        answer(201, "", r#"{"sid":"nonsense","status":"queued"}"#),
        answer(302, "Location: http://127.0.0.1:1/\r\n", ""),
        answer(307, "Location: /again\r\n", ""),
        answer(400, "", "Bad Request"),
        answer(400, "", proxy_json),
        answer(403, "", "<html>blocked by the firewall</html>"),
        answer(408, "", ""),
        answer(408, "", proxy_json),
        answer(408, "", r#"{"code":20408,"message":"","status":408}"#),
        answer(500, "", twilio_json),
        answer(502, "", ""),
        answer(503, "Retry-After: 1\r\n", ""),
        answer(504, "", ""),
    ] {
        let shown = if let Then::Answer(text) = &script { text.clone() } else { "no answer".into() };
        let (outcome, requests) = create_against(vec![script]).await;
        assert!(matches!(outcome, CreateOutcome::Unknown(_)), "{shown}: {outcome:?}");
        assert_eq!(requests, 1, "{shown}");
    }
}

#[tokio::test]
async fn connections_are_never_reused_for_a_create() {
    let body = format!(r#"{{"sid":"{SID}","status":"queued"}}"#);
    let keep = Then::Answer(format!("HTTP/1.1 201 X\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    let server = BadServer::start(vec![keep]).await;
    let client = CreateClient::new().unwrap();
    for _ in 0..3 {
        let outcome = client.create(&server.account, &message()).await;
        assert!(matches!(outcome, CreateOutcome::Accepted(_)), "{outcome:?}");
    }
    assert_eq!(server.requests(), 3, "one connection each: the server drops a connection after one request");
}

#[tokio::test]
async fn neither_words_nor_token_show_in_debug_output() {
    assert!(!format!("{:?}", message()).contains("On my way"), "P11");
    let resource: MessageResource =
        serde_json::from_str(&format!(r#"{{"sid":"{SID}","status":"sent","body":"secret","to":"+1"}}"#))
            .unwrap();
    assert!(!format!("{resource:?}").contains("secret"), "P11");
}

fn page(sid_end: u8, next: &str) -> Then {
    let sid = format!("SM{sid_end:032x}");
    let body = format!(r#"{{"messages":[{{"sid":"{sid}","status":"sent"}}],"next_page_uri":{next}}}"#);
    answer(200, "", &body)
}

#[tokio::test]
async fn a_list_follows_its_pages_to_the_end() {
    let next = r#""/2010-04-01/Accounts/AC1/Messages.json?Page=1""#;
    let server = BadServer::start(vec![page(1, next), page(2, next), page(3, "null")]).await;
    let list = ReadClient::new().unwrap().list_messages(&server.account, "+1", "+2").await.unwrap();
    assert_eq!((list.messages.len(), list.complete, server.requests()), (3, true, 3));
}

#[tokio::test]
async fn a_list_without_end_is_cut_and_says_so() {
    let server = BadServer::start(vec![page(1, r#""/2010-04-01/Accounts/AC1/Messages.json?Page=1""#)]).await;
    let list = ReadClient::new().unwrap().list_messages(&server.account, "+1", "+2").await.unwrap();
    assert_eq!((list.messages.len(), list.complete), (5, false));
}

#[tokio::test]
async fn the_token_never_follows_a_page_to_another_host() {
    for next in [r#""http://evil.example/x""#, r#""//evil.example/x""#] {
        let server = BadServer::start(vec![page(1, next)]).await;
        let error = ReadClient::new().unwrap().list_messages(&server.account, "+1", "+2").await.unwrap_err();
        assert!(matches!(error, ReadError::ForeignPage) && !error.is_transient(), "{error:?}");
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn reading_errors_say_whether_to_ask_again() {
    let unauthorised = answer(401, "", r#"{"code":20003,"message":"Authenticate","status":401}"#);
    for (script, transient) in [
        (Then::Close, true),
        (Then::Never, true),
        (answer(503, "", ""), true),
        (answer(429, "", ""), true),
        (unauthorised, false),
        (answer(404, "", ""), false),
        (answer(200, "", "garbage"), false),
        (answer(302, "Location: /x\r\n", ""), false),
    ] {
        let server = BadServer::start(vec![script]).await;
        let client = ReadClient::with_timeout(Duration::from_millis(300)).unwrap();
        let error = client.fetch_message(&server.account, SID).await.unwrap_err();
        assert_eq!(error.is_transient(), transient, "{error:?}");
    }
}

#[tokio::test]
async fn a_sid_that_is_none_is_never_put_into_a_path() {
    let server = BadServer::start(vec![Then::Close]).await;
    let client = ReadClient::new().unwrap();
    for sid in ["", "../Calls", "SM1.json?x"] {
        assert!(matches!(client.fetch_message(&server.account, sid).await, Err(ReadError::NotFound)));
    }
    assert_eq!(server.requests(), 0);
}
