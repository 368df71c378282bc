//! What is spoken becomes words by the configured provider.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode as Status, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use porchlight_edge::secrets::TRANSCRIBE_KEY;
use porchlight_flows::{House, Person, Setup};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

/// What was asked of the provider: the key, and the form.
type Asked = Arc<Mutex<Vec<(String, String)>>>;

/// As OpenAI's answers, and as it refuses, by what is spoken.
async fn answer(State(asked): State<Asked>, headers: HeaderMap, body: axum::body::Bytes) -> Response {
    let form = String::from_utf8_lossy(&body).into_owned();
    let key = headers.get(header::AUTHORIZATION).and_then(|key| key.to_str().ok()).unwrap_or_default();
    asked.lock().expect("nobody panics").push((key.to_owned(), form.clone()));
    match () {
        () if form.contains("[crowd]") => (Status::TOO_MANY_REQUESTS, "{}").into_response(),
        () if form.contains("[locked]") => (Status::UNAUTHORIZED, "{}").into_response(),
        () if form.contains("[broken]") => (Status::BAD_REQUEST, "{}").into_response(),
        () if form.contains("[silence]") => r#"{"text":" "}"#.into_response(),
        () => r#"{"text":"The relief valve leaks."}"#.into_response(),
    }
}

async fn provider() -> (String, Asked) {
    let asked = Asked::default();
    let router = Router::new().route("/v1/audio/transcriptions", post(answer)).with_state(Arc::clone(&asked));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

async fn house_with(url: String) -> House {
    let options =
        Box::new(|options: &mut porchlight_local::local::Options| options.transcribe_base_url = url);
    House::with(Setup { options, ..Setup::default() }).await
}

fn spoken(words: &str) -> Vec<u8> {
    [&[0x1a, 0x45, 0xdf, 0xa3][..], words.as_bytes()].concat()
}

async fn dictate(who: &Person, query: &str, kind: &str, recording: Vec<u8>) -> (StatusCode, Value) {
    let request = who.request(Method::POST, &format!("/api/transcriptions{query}"));
    let answer = request.header("content-type", kind).body(recording).send().await.expect("an answer");
    let status = answer.status();
    (status, serde_json::from_str(&answer.text().await.expect("a whole body")).unwrap_or_default())
}

fn slug(problem: &Value) -> &str {
    problem["type"].as_str().and_then(|kind| kind.strip_prefix("urn:porchlight:problem:")).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_becomes_words_in_the_language_that_is_said() {
    let (url, asked) = provider().await;
    let house = house_with(url).await;
    let secrets = house.running.platform().secrets().expect("a platform that may do everything");
    secrets.put(TRANSCRIBE_KEY, "sk-tests").await.expect("it is kept");
    let luis = house.luis().await;
    let (status, body) = dictate(&luis, "?language=es", "audio/webm;codecs=opus", spoken("gotea")).await;
    assert_eq!((status, &body), (StatusCode::OK, &json!({ "text": "The relief valve leaks." })));
    let (status, body) = dictate(&luis, "", "audio/webm", spoken("[silence]")).await;
    assert_eq!((status, &body), (StatusCode::OK, &json!({ "text": "" })));
    let asked = asked.lock().expect("nobody panics").clone();
    assert_eq!(asked[0].0, "Bearer sk-tests");
    assert!(asked[0].1.contains("name=\"language\"\r\n\r\nes") && asked[0].1.contains("gotea"));
    assert!(!asked[1].1.contains("name=\"language\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_says_who_can_mend_it() {
    let (url, _) = provider().await;
    let house = house_with(url).await;
    let ben = house.ben().await;
    let of = async |words: &str| {
        let (status, problem) = dictate(&ben, "", "audio/webm", spoken(words)).await;
        (status.as_u16(), slug(&problem).to_owned())
    };
    assert_eq!(of("[crowd]").await, (503, "provider-busy".to_owned()));
    assert_eq!(of("[locked]").await, (502, "provider-refuses".to_owned()));
    assert_eq!(of("[broken]").await, (502, "provider-cannot-use".to_owned()));
    let (status, problem) = dictate(&ben, "", "audio/webm", b"<html>".to_vec()).await;
    assert_eq!((status.as_u16(), slug(&problem)), (422, "not-audio"));
    let (status, _) = dictate(&ben, "", "audio/webm", spoken(&"x".repeat(4_000_000))).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    // A form of another site could send this.
    let (status, _) = dictate(&ben, "", "text/plain", spoken("hello")).await;
    assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let (status, _) = dictate(&ben, "?language=english", "audio/webm", spoken("hello")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let other = house_with("http://127.0.0.1:1".to_owned()).await;
    let (status, problem) = dictate(&other.ben().await, "", "audio/webm", spoken("hello")).await;
    assert_eq!((status.as_u16(), slug(&problem)), (504, "provider-silent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_it_says_so_and_the_languages_are_an_admins_to_choose() {
    let house = House::new().await;
    let (ana, ben) = (house.ana().await, house.ben().await);
    let path = "/api/settings/dictation";
    assert_eq!(ben.get(path).await, json!({ "set_up": false, "languages": ["en", "es"] }));
    let (status, problem) = dictate(&ben, "", "audio/webm", spoken("hello")).await;
    assert_eq!((status.as_u16(), slug(&problem)), (409, "not-set-up"));
    let (status, _) = ben.ask(Method::PUT, path, json!({ "languages": ["fr"] })).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    ana.put(path, json!({ "languages": ["fr", "en"] })).await;
    assert_eq!(ben.get(path).await["languages"], json!(["fr", "en"]));
    for wrong in [json!([]), json!(["fr", "fr"]), json!(["French"])] {
        let (status, _) = ana.ask(Method::PUT, path, json!({ "languages": wrong })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
