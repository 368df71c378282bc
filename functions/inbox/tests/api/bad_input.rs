//! What is wrong is answered in RFC 9457's words, and loses nothing.

use serde_json::{Value, json};

use crate::support::House;
use crate::support::house::OFFICE;

#[tokio::test]
async fn what_is_not_there_is_a_404_and_a_wrong_method_a_405() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    assert_eq!(ana.get("/api/nothing").await.problem(404), "not-found");
    assert_eq!(ana.get("/api/conversations/xyz").await.problem(404), "not-found");
    assert_eq!(ana.post("/api/messages/01/dismiss", json!({})).await.problem(404), "not-found");
    assert_eq!(ana.get("/api/conversations/%FF").await.problem(404), "not-found");
    let wrong = ana.put("/api/me", json!({})).await;
    assert_eq!(wrong.problem(405), "method-not-allowed");
    assert_eq!(wrong.headers["allow"], "GET,HEAD");
    assert_eq!(wrong.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn nothing_but_signing_in_and_out_health_and_the_document_is_open_to_strangers() {
    let house = House::new().await;
    let document: Value = serde_json::from_str(porchlight_inbox::openapi::COMMITTED).expect("JSON");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let is_open = operation["security"] == json!([{}]);
            if is_open || path == "/api/live" {
                continue;
            }
            let id = "0".repeat(32);
            let path = path.replace("/api/conversations/{id}", &format!("/api/conversations/{id}"));
            let path = path.replace("{id}", "01JD0000000000000000000000").replace("{contact}", "24273");
            let path = path.replace("{staff_id}", "01JD0000000000000000000000");
            let answer = house.stranger().ask(&method.to_uppercase(), &path, None, &[]).await;
            assert_eq!(answer.problem(401), "unauthenticated", "{method} {path}");
        }
    }
    house.stranger().get("/api/health").await.expect(200);
    let served = house.stranger().get("/api/openapi.json").await.expect(200);
    assert_eq!(served, document);
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_told_apart_from_a_wrong_one() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = house.conversation(1).await;
    let path = format!("/api/conversations/{}/draft", conversation.id);
    let put = async |body: &str, headers: &[(&str, &str)]| {
        ana.ask("PUT", &path, Some(body.to_owned()), headers).await
    };
    assert_eq!(put("{\"text\": ", &[]).await.problem(400), "bad-request");
    assert_eq!(put("", &[]).await.problem(400), "bad-request");
    assert_eq!(put("{\"text\": 1}", &[]).await.problem(422), "invalid");
    assert_eq!(put("{\"text\": \"x\", \"more\": 1}", &[]).await.problem(422), "invalid");
    assert_eq!(put("{}", &[]).await.problem(422), "invalid");
    assert_eq!(put("[\"x\"]", &[]).await.problem(422), "invalid");
    assert_eq!(
        put("text=x", &[("content-type", "application/x-www-form-urlencoded")]).await.problem(415),
        "not-json"
    );
    let ten_megabytes = json!({"text": "x".repeat(10 << 20)}).to_string();
    assert_eq!(put(&ten_megabytes, &[]).await.problem(413), "too-large");
    assert_eq!(
        ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200)["draft"],
        Value::Null
    );
}

#[tokio::test]
async fn another_site_writes_nothing() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let conversation = house.conversation(1).await;
    let path = format!("/api/conversations/{}/close", conversation.id);
    for headers in [
        [("origin", "https://evil.example")],
        [("sec-fetch-site", "cross-site")],
        [("sec-fetch-site", "same-site")],
        [("origin", "null")],
    ] {
        assert_eq!(ana.ask("POST", &path, Some("{}".to_owned()), &headers).await.problem(403), "forbidden");
    }
    let row = ana.get(&format!("/api/conversations/{}", conversation.id)).await.expect(200);
    assert_eq!(row["state"], "open");
    let own = [("origin", "http://localhost:7878"), ("sec-fetch-site", "same-origin")];
    ana.ask("POST", &path, Some("{}".to_owned()), &own).await.expect(200);
}
