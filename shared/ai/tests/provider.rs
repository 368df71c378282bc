//! The client against a provider on this machine that answers as OpenAI's does, and as it does not.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bytes::Bytes;
use porchlight_ai::{AudioKind, Recording, TranscribeClient, TranscribeError};

/// What was asked last.
#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<Question>>>);

/// The key and the form.
type Question = (Option<String>, String);

/// Answers by what the recording says.
async fn answer(State(asked): State<Asked>, headers: HeaderMap, body: Bytes) -> Response {
    let text = String::from_utf8_lossy(&body).into_owned();
    let key = headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok()).map(str::to_owned);
    asked.0.lock().expect("nobody panics").push((key, text.clone()));
    let openai = |status, code: &str| {
        let body = format!(r#"{{"error":{{"message":"…","type":"…","param":null,"code":"{code}"}}}}"#);
        (status, body).into_response()
    };
    match () {
        () if text.contains("broken") => openai(StatusCode::BAD_REQUEST, "audio_unsupported"),
        () if text.contains("locked") => openai(StatusCode::UNAUTHORIZED, "invalid_api_key"),
        () if text.contains("crowd") => {
            ([(header::RETRY_AFTER, "3")], openai(StatusCode::TOO_MANY_REQUESTS, "rate_limit"))
                .into_response()
        }
        () if text.contains("elsewhere") => {
            (StatusCode::FOUND, [(header::LOCATION, "http://127.0.0.1:1/")]).into_response()
        }
        () if text.contains("endless") => " ".repeat(1 << 20).into_response(),
        () if text.contains("never") => std::future::pending().await,
        () => r#"{"text":"The relief valve leaks."}"#.into_response(),
    }
}

async fn provider() -> (TranscribeClient, Asked) {
    let asked = Asked::default();
    let router = Router::new().route("/v1/audio/transcriptions", post(answer)).with_state(asked.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let base = format!("http://{}/v1", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    (TranscribeClient::new(&base, "whisper-1").expect("a client"), asked)
}

fn saying(what: &str) -> Recording {
    let bytes = [&[0x1a, 0x45, 0xdf, 0xa3][..], what.as_bytes()].concat().into();
    Recording { kind: AudioKind::Webm, bytes, language: Some("en".to_owned()) }
}

#[tokio::test]
async fn a_recording_becomes_words_and_the_key_is_shown_where_there_is_one() {
    let (client, asked) = provider().await;
    let words = client.words(&saying("hello"), Some("sk-1"), "b1").await;
    assert_eq!(words.ok().as_deref(), Some("The relief valve leaks."));
    let words = client.words(&saying("hello"), None, "b1").await;
    assert!(words.is_ok());
    let asked = asked.0.lock().expect("nobody panics").clone();
    let keys: Vec<_> = asked.iter().map(|(key, _)| key.as_deref()).collect();
    assert_eq!(keys, [Some("Bearer sk-1"), None]);
    assert!(asked[0].1.contains("name=\"model\"\r\n\r\nwhisper-1") && asked[0].1.contains("hello"));
}

#[tokio::test]
async fn each_refusal_keeps_its_kind_and_nothing_is_asked_twice() {
    let (client, asked) = provider().await;
    let of = async |what: &str| client.words(&saying(what), Some("sk-1"), "b1").await.err();
    assert!(matches!(of("broken").await, Some(TranscribeError::Unusable(400))));
    assert!(matches!(of("locked").await, Some(TranscribeError::Refused(401))));
    let busy = of("crowd").await;
    assert!(matches!(busy, Some(TranscribeError::Busy { retry_after: Some(it), .. }) if it.as_secs() == 3));
    // The key is not carried to another address.
    assert!(matches!(of("elsewhere").await, Some(TranscribeError::Strange(302))));
    assert!(matches!(of("endless").await, Some(TranscribeError::Strange(200))));
    assert_eq!(asked.0.lock().expect("nobody panics").len(), 5);
}

#[tokio::test]
async fn a_provider_that_never_answers_is_left_in_time_and_its_address_told_to_nobody() {
    let (client, _) = provider().await;
    let client = client.patient_for(Duration::from_millis(200));
    let error = client.words(&saying("never"), None, "b1").await.expect_err("no answer");
    assert!(matches!(error, TranscribeError::NoAnswer(_)));
    let nobody = TranscribeClient::new("http://127.0.0.1:1/secret", "m").expect("a client");
    let error = nobody.words(&saying("hello"), None, "b1").await.expect_err("nobody is there");
    assert!(matches!(error, TranscribeError::NoAnswer(_)) && !format!("{error:?}").contains("secret"));
}
