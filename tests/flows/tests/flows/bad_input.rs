//! Bad input: a clear error, and nothing is lost (P1).

use porchlight_flows::post::{form, text_fields, with_field};
use porchlight_flows::{House, new_id};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_business_is_a_404() {
    let house = House::new().await;
    let fields = form(&text_fields(MARIA, "Hello?", 1));
    for business in [new_id(), "harbor".to_owned(), "%00".to_owned()] {
        let url = format!("{}/twilio/{business}/messages", house.running.public_url());
        house.post_signed_to(&url, fields.clone()).await.is_refused(StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn extra_fields_and_odd_words_are_texts_like_any_other_p1() {
    let house = House::new().await;
    let extra = with_field(text_fields(MARIA, "with more", 1), "NewFieldOf2031", Some("🙂 ünïcode & = %"));
    house.post_signed("messages", &extra).await.is_taken();
    let no_media_count = with_field(text_fields(MARIA, "with less", 2), "NumMedia", None);
    house.post_signed("messages", &no_media_count).await.is_taken();
    let files = with_field(text_fields(MARIA, "", 3), "NumMedia", Some("1"));
    let files = with_field(files, "MediaUrl0", Some("https://api.twilio.com/x/ME1"));
    house.post_signed("messages", &files).await.is_taken();
    let long = "64 KB ".repeat(64 * 1024 / 6);
    house.post_signed("messages", &text_fields(MARIA, &long, 4)).await.is_taken();
    let mut lossy = form(&with_field(text_fields(MARIA, "", 5), "Body", None));
    lossy.extend_from_slice(b"&Body=caf%E9+%FF+ok");
    house.post_signed_bytes("messages", lossy).await.is_taken();

    let ben = house.ben().await;
    let messages = ben.messages(&ben.thread(MARIA).await).await;
    let texts: Vec<_> = messages.iter().filter_map(|message| message["text"].as_str()).collect();
    assert_eq!(
        texts,
        ["with more", "with less", "", long.trim_end(), "caf\u{fffd} \u{fffd} ok"]
            .map(|text| if text.starts_with("64") { long.as_str() } else { text })
    );
    assert_eq!(messages[2]["media"].as_array().map(Vec::len), Some(1), "an empty body with media");
    ben.settled_counts().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_too_large_to_keep_is_refused() {
    let house = House::new().await;
    let huge = text_fields(MARIA, &"x".repeat(400 << 10), 1);
    house.post_signed("messages", &huge).await.is_refused(StatusCode::PAYLOAD_TOO_LARGE);
    let beyond_the_gateway = text_fields(MARIA, &"x".repeat(11 << 20), 2);
    house.post_signed("messages", &beyond_the_gateway).await.is_refused(StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(house.ben().await.recount().await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_webhooks_change_nothing_and_are_kept_within_bounds_p1() {
    let house = House::with_still_clock().await;
    let url = house.webhook("messages");
    for n in 0..40 {
        let body = form(&text_fields(MARIA, "forged", n));
        house.post_bytes(&url, body, "bm90IGEgc2lnbmF0dXJl").await.is_refused(StatusCode::FORBIDDEN);
    }
    let ana = house.ana().await;
    let kept =
        ana.get("/api/quarantine?tray=unverified&limit=200").await["items"].as_array().map_or(0, Vec::len);
    assert_eq!(kept, 10, "of forty within a minute");
    assert_eq!(ana.recount().await, (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_cannot_be_read_are_problems() {
    let house = House::new().await;
    house.text(MARIA, "Hello?").await;
    let ben = house.ben().await;
    let send = format!("/api/conversations/{}/messages", ben.thread(MARIA).await);
    let body = |json: Value| json.to_string().into_bytes();
    let whole = json!({ "id": new_id(), "text": "hi", "seen_seq": 1 });
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000)).into_bytes();
    let more = body(json!({ "id": new_id(), "text": "hi", "seen_seq": 1, "sudo": true }));
    let bodies: Vec<(&str, Vec<u8>, u16)> = vec![
        ("nothing", Vec::new(), 400),
        ("half", b"{\"id\": ".to_vec(), 400),
        ("no UTF-8", b"{\"id\": \"\xff\xfe\"}".to_vec(), 400),
        ("deep", deep, 422),
        ("null", body(Value::Null), 422),
        ("a list", body(json!([])), 422),
        ("no text", body(json!({ "id": new_id(), "seen_seq": 1 })), 422),
        ("a bad id", body(json!({ "id": "1", "text": "hi", "seen_seq": 1 })), 422),
        ("a lower-case id", body(json!({ "id": new_id().to_lowercase(), "text": "hi", "seen_seq": 1 })), 422),
        ("a negative place", body(json!({ "id": new_id(), "text": "hi", "seen_seq": -1 })), 422),
        ("a number as text", body(json!({ "id": new_id(), "text": 5, "seen_seq": 1 })), 422),
        ("an unknown field", more, 422),
        ("10 MB", body(json!({ "id": new_id(), "text": "x".repeat(10 << 20), "seen_seq": 1 })), 413),
        ("200 KB", body(json!({ "id": new_id(), "text": "x".repeat(200 << 10), "seen_seq": 1 })), 413),
    ];
    for (what, body, status) in bodies {
        let request = ben.request(Method::POST, &send).header("content-type", "application/json").body(body);
        is_problem(what, request, status).await;
    }
    let form = ben.request(Method::POST, &send).header("content-type", "text/plain").body(whole.to_string());
    is_problem("no JSON", form, 415).await;
    let elsewhere = ben.request(Method::POST, &send).header("origin", "https://evil.example").json(&whole);
    is_problem("another site", elsewhere, 403).await;
    let cross = ben.request(Method::POST, &send).header("sec-fetch-site", "cross-site").json(&whole);
    is_problem("another site, as the browser says", cross, 403).await;
    assert_eq!(ben.messages(&ben.thread(MARIA).await).await.len(), 1, "none of it was sent");
}

async fn is_problem(what: &str, request: reqwest::RequestBuilder, status: u16) {
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), status, "{what}");
    assert_eq!(answer.headers()["content-type"], "application/problem+json", "{what}");
    let problem: Value = answer.json().await.expect("a problem is JSON");
    assert_eq!(problem["status"], status, "{what}");
    assert!(problem["title"].is_string() && problem["type"].is_string(), "{what}: {problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_name_nothing_are_404_and_wrong_methods_405() {
    let house = House::new().await;
    let ben = house.ben().await;
    for path in [
        "/api/nothing",
        "/api/conversations/x",
        "/api/conversations/%00",
        "/api/conversations/x/messages",
        "/twilio",
        "/api",
    ] {
        is_problem(path, ben.request(Method::GET, path), 404).await;
    }
    is_problem("a wrong method", ben.request(Method::DELETE, "/api/conversations"), 405).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passwords_are_refused_alike_and_only_failures_are_counted() {
    let house = House::new().await;
    let client = reqwest::Client::builder().build().expect("a client");
    let attempt = async |email: &str, password: &str| {
        let url = format!("{}/api/session", house.running.url());
        let answer = client.post(url).json(&json!({ "email": email, "password": password })).send().await;
        let answer = answer.expect("an answer");
        (answer.status(), answer.json::<Value>().await.expect("JSON"))
    };
    let wrong = attempt("ben@harbor.example", "x").await;
    assert_eq!(wrong.0, StatusCode::UNAUTHORIZED);
    assert_eq!(attempt("nobody@harbor.example", "x").await, wrong, "who works here is nobody's business");
    for _ in 0..15 {
        assert_eq!(attempt("ana@harbor.example", porchlight_flows::PASSWORD).await.0, StatusCode::OK);
    }
    let mut last = StatusCode::UNAUTHORIZED;
    for _ in 0..12 {
        last = attempt("marta@harbor.example", "x").await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}
