//! Against servers on loopback that give files, lead astray, and hang.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;
use crate::account::AuthToken;

const FILE: &str = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1";

/// A server that answers each path with what the script says, and remembers who showed a token.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<(String, bool)>>>,
}

type Script = Vec<(&'static str, String)>;

impl Server {
    async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
                let path = head.split(' ').nth(1).unwrap().to_owned();
                let answer = script.iter().find(|(known, _)| known.eq_ignore_ascii_case(&path));
                seen.lock().unwrap().push((path, head.contains("authorization: basic")));
                let answer = answer.map_or_else(|| answer_of(404, "", ""), |(_, answer)| answer.clone());
                // Whoever asks may hang up before it has everything.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, asked }
    }

    fn account(&self) -> Account {
        Account::new(&self.url, "AC1", AuthToken::new("t")).unwrap()
    }

    fn address(&self) -> String {
        format!("{}{FILE}", self.url)
    }

    /// Whether each request showed a token.
    fn tokens(&self) -> Vec<bool> {
        self.asked.lock().unwrap().iter().map(|(_, token)| *token).collect()
    }
}

fn answer_of(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}")
}

fn leads_to(address: &str) -> String {
    answer_of(307, &format!("Location: {address}\r\n"), "")
}

/// Bytes.
const LARGEST: usize = 16;

fn client(allow_loopback: bool) -> MediaClient {
    MediaClient { patience: Duration::from_millis(500), ..MediaClient::new(allow_loopback).unwrap() }
}

#[tokio::test]
async fn a_file_is_fetched_with_the_token_that_is_shown_to_nobody_else() {
    let store = Server::start(vec![("/signed", answer_of(200, "", "picture"))]).await;
    let api = Server::start(vec![(FILE, leads_to(&format!("{}/signed", store.url)))]).await;
    let file = client(true).fetch(&api.account(), &api.address(), LARGEST).await.unwrap();
    assert_eq!(file, b"picture");
    assert_eq!((api.tokens(), store.tokens()), (vec![true], vec![false]));
}

#[tokio::test]
async fn an_address_that_is_not_our_accounts_is_not_asked() {
    let api = Server::start(vec![]).await;
    let base = &api.url;
    for address in [
        "https://evil.example/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1".to_owned(),
        format!("{base}/2010-04-01/Accounts/AC2/Messages/MM1/Media/ME1"),
        format!("{base}/2010-04-01/Accounts/AC1/../AC2/x"),
        format!("{base}/2010-04-01/Accounts/AC1/%2e%2e/AC2/x"),
        format!("{}{FILE}", base.replace("http://", "http://u:p@")),
        "file:///etc/passwd".to_owned(),
        "nonsense".to_owned(),
    ] {
        let answer = client(true).fetch(&api.account(), &address, LARGEST).await;
        assert!(matches!(answer, Err(MediaError::Refused)), "{address}");
    }
    assert!(api.tokens().is_empty());
}

#[tokio::test]
async fn nothing_leads_into_a_private_network_or_off_https() {
    let inside = Server::start(vec![("/", answer_of(200, "", "secret"))]).await;
    let by_name = inside.url.replace("http://127.0.0.1", "https://localhost");
    for target in [
        inside.url.clone(),
        inside.url.replace("http:", "https:"),
        by_name,
        "https://[::1]/".into(),
        "http://example.com/".into(),
        "ftp://example.com/".into(),
    ] {
        let api = Server::start(vec![(FILE, leads_to(&target))]).await;
        let answer = client(false).fetch(&api.account(), &api.address(), LARGEST).await;
        assert!(matches!(answer, Err(MediaError::Refused)), "{target}: {answer:?}");
    }
    assert!(inside.tokens().is_empty());
}

#[tokio::test]
async fn it_is_followed_a_few_steps_only_and_another_accounts_path_gets_no_token() {
    let round = Server::start(vec![(FILE, leads_to(FILE))]).await;
    let answer = client(true).fetch(&round.account(), &round.address(), LARGEST).await;
    assert!(matches!(answer, Err(MediaError::TooManyRedirects)));
    assert_eq!(round.tokens().len(), MOST_REDIRECTS + 1);
    let other = "/2010-04-01/Accounts/AC2/Messages/MM1/Media/ME1";
    let aside = Server::start(vec![(FILE, leads_to(other)), (other, answer_of(200, "", "x"))]).await;
    client(true).fetch(&aside.account(), &aside.address(), LARGEST).await.unwrap();
    assert_eq!(aside.tokens(), [true, false]);
}

#[tokio::test]
async fn gone_too_large_broken_off_and_silent_are_told_apart() {
    let chunked = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n20\r\n                   0123456789abcdef0123456789abcdef\r\n0\r\n\r\n";
    let scripts = [
        (answer_of(404, "", ""), "Gone"),
        (answer_of(410, "", ""), "Gone"),
        (answer_of(200, "", &"x".repeat(17)), "TooLarge"),
        (chunked.to_owned(), "TooLarge"),
        (answer_of(401, "", ""), "Status(401)"),
        (answer_of(503, "", ""), "Status(503)"),
        (answer_of(302, "", ""), "Status(302)"),
        ("HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\nx".to_owned(), "NoAnswer"),
    ];
    for (script, expected) in scripts {
        let api = Server::start(vec![(FILE, script)]).await;
        let error = client(true).fetch(&api.account(), &api.address(), LARGEST).await.unwrap_err();
        assert_eq!(format!("{error:?}"), expected);
    }
}

#[tokio::test]
async fn a_server_that_never_answers_is_not_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let account = Account::new(&base, "AC1", AuthToken::new("t")).unwrap();
    let answer = client(true).fetch(&account, &format!("{base}{FILE}"), LARGEST).await;
    assert!(matches!(answer, Err(MediaError::NoAnswer)));
}
