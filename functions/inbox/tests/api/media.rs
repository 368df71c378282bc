//! Files of messages (P7).

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::get;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::message::{Body, Media};
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE, business, inbound};
use crate::support::{House, Person, at};

const FILES: &str = "/2010-04-01/Accounts/AC1/Messages/MM1/Media";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on \xff";
const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

/// A provider that gives files to the account AC1.
async fn provider() -> String {
    let known = |headers: &HeaderMap| {
        headers.get(header::AUTHORIZATION).is_some_and(|token| token == "Basic QUMxOnQ=")
    };
    let file = move |bytes: Vec<u8>| {
        get(
            async move |headers: HeaderMap| {
                if known(&headers) { Ok(bytes) } else { Err(StatusCode::UNAUTHORIZED) }
            },
        )
    };
    let router = Router::new()
        .route(&format!("{FILES}/picture"), file(PNG.to_vec()))
        .route(&format!("{FILES}/svg"), file(SVG.to_vec()))
        .route(&format!("{FILES}/large"), file(vec![0; 4_500_001]))
        .route(&format!("{FILES}/broken"), get(async || StatusCode::SERVICE_UNAVAILABLE));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A message of the customer with these files at the provider.
async fn send_files(house: &House, conversation: &mut Conversation, files: &[(&str, &str)]) {
    let mut message = inbound(conversation, "Look", at(100));
    let media = |(url, content_type): &(&str, &str)| Media {
        provider_url: (*url).to_owned(),
        content_type: (*content_type).to_owned(),
    };
    if let Body::Customer(received) = &mut message.body {
        received.media = files.iter().map(media).collect();
    }
    conversation.record_other(&message);
    let commit = house.store.commit(&business()).create_message(&mut message);
    commit.conversation(conversation).run().await.expect("a message");
}

/// The files of the newest message.
async fn files(person: &Person, conversation: &Conversation) -> Vec<Value> {
    let page = person.get(&format!("/api/conversations/{}/messages", conversation.id)).await.expect(200);
    let messages = page["messages"].as_array().expect("messages");
    messages.last().expect("a message")["media"].as_array().expect("files").clone()
}

fn url(file: &Value) -> &str {
    file["url"].as_str().expect("an address")
}

#[tokio::test]
async fn a_picture_is_shown_and_anything_else_is_for_saving_whatever_it_calls_itself() {
    let base = provider().await;
    let house = House::with_provider(&base).await;
    let mut conversation = house.conversation(1).await;
    let (picture, svg) = (format!("{base}{FILES}/picture"), format!("{base}{FILES}/svg"));
    send_files(&house, &mut conversation, &[(&picture, "text/html"), (&svg, "image/svg+xml")]).await;
    let ana = house.person(OFFICE).await;
    let files = files(&ana, &conversation).await;
    let shown = ana.get(url(&files[0])).await;
    assert_eq!((shown.status, &shown.bytes[..]), (200, PNG));
    assert_eq!(
        (&shown.headers["content-type"], &shown.headers["content-disposition"]),
        (&"image/png".parse().expect("a value"), &"inline".parse().expect("a value"))
    );
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");
    assert_eq!(shown.headers["cache-control"], "private, max-age=86400, immutable");
    assert!(shown.headers["content-security-policy"].to_str().expect("text").contains("sandbox"));
    let saved = ana.get(url(&files[1])).await;
    assert_eq!((saved.status, &saved.bytes[..]), (200, SVG));
    assert_eq!(saved.headers["content-type"], "application/octet-stream");
    assert_eq!(saved.headers["content-disposition"], "attachment; filename=\"file-2-1.bin\"");
    let head = ana.ask("HEAD", url(&files[0]), None, &[]).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(head.headers["content-length"], PNG.len().to_string());
}

#[tokio::test]
async fn a_file_is_for_whoever_sees_its_message_p7() {
    let base = provider().await;
    let house = House::with_provider(&base).await;
    let mut conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    send_files(&house, &mut conversation, &[(&format!("{base}{FILES}/picture"), "image/png")]).await;
    let (ana, luis, marta) =
        (house.person(OFFICE).await, house.person(LUIS).await, house.person(MARTA).await);
    let file = files(&luis, &conversation).await.remove(0);
    assert_eq!(luis.get(url(&file)).await.status, 200);
    let foreign = house.person(100 + OFFICE).await;
    for nobody in [&marta, &foreign] {
        assert_eq!(nobody.get(url(&file)).await.problem(404), "not-found");
    }
    assert_eq!(house.stranger().get(url(&file)).await.problem(401), "unauthenticated");
    ana.put("/api/contacts/%2B12075550101", json!({"cannot_text": false, "shared": true})).await.expect(200);
    assert_eq!(luis.get(url(&file)).await.problem(404), "not-found", "another's message on a shared number");
    ana.post(&format!("/api/conversations/{}/close", conversation.id), json!({})).await.expect(200);
    luis.get(url(&file)).await.expect(404);
    for other in
        ["/api/media/x".to_owned(), format!("{}A", url(&file)), "/api/media/".to_owned() + &"A".repeat(35)]
    {
        assert_eq!(ana.get(&other).await.problem(404), "not-found");
    }
}

#[tokio::test]
async fn what_the_provider_does_not_give_is_told_in_plain_words() {
    let base = provider().await;
    let house = House::with_provider(&base).await;
    let mut conversation = house.conversation(1).await;
    let cases = [
        (format!("{base}{FILES}/none"), 404, "gone"),
        (format!("{base}{FILES}/large"), 502, "media-too-large"),
        (format!("{base}{FILES}/broken"), 502, "media-unavailable"),
        ("http://169.254.169.254/latest/meta-data".to_owned(), 502, "media-unavailable"),
        (format!("{base}/2010-04-01/Accounts/AC2/Messages/MM1/Media/picture"), 502, "media-unavailable"),
    ];
    let sent: Vec<(&str, &str)> = cases.iter().map(|(url, ..)| (url.as_str(), "image/png")).collect();
    send_files(&house, &mut conversation, &sent).await;
    let ana = house.person(OFFICE).await;
    for (file, (_, status, kind)) in files(&ana, &conversation).await.iter().zip(&cases) {
        let answer = ana.get(url(file)).await;
        assert_eq!(answer.problem(*status), *kind);
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
}
