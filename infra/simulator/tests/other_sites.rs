//! No web site but the simulator's own page moves or reads it; scripts and Twilio's API go on as before.

mod common;

use common::{ACCOUNT, LINE, MARIA, Street, TOKEN};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::json;

/// Every route of the control API that changes something.
const UNSAFE: [(&str, &str, &str); 10] = [
    ("POST", "texts", r#"{"from":"+12075550188","body":"from elsewhere"}"#),
    ("POST", "burst", "{}"),
    ("PUT", "faults", "{}"),
    ("POST", "faults/next", r#"{"fault":"fail"}"#),
    ("DELETE", "faults/next", ""),
    ("POST", "bad-monday", "{}"),
    ("PUT", "answering", r#"{"answering":true}"#),
    ("PUT", "lines", "[]"),
    ("POST", "reset", ""),
    ("POST", "nowhere", "{}"),
];

/// Every route that shows something.
const SAFE: [&str; 11] = [
    "health",
    "summary",
    "phones",
    "phones/+12075550188/messages",
    "messages",
    "media/MM1/ME1",
    "events",
    "events/live",
    "faults",
    "answering",
    "lines",
];

/// What a browser says of a page that is not the simulator's own.
const ELSEWHERE: [(&str, &str); 5] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-site", "same-site"),
    ("origin", "https://evil.example"),
    ("origin", "http://localhost:7878"),
    ("origin", "null"),
];

fn ask(street: &Street, method: &str, path: &str) -> RequestBuilder {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    street.http.request(method, format!("{}{path}", street.simulator.url()))
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

async fn refused(request: RequestBuilder, status: u16) {
    let response: Response = request.send().await.unwrap();
    assert_eq!(response.status(), status, "{}", response.url());
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

async fn untouched(street: &Street) {
    assert!(street.simulator.messages().is_empty(), "nothing was texted");
    assert_eq!(street.get("/simulator/answering").await.1["answering"], json!(false));
    assert_eq!(street.get("/simulator/lines").await.1[0]["number"], json!(LINE));
    let (_, faults) = street.get("/simulator/faults").await;
    assert_eq!((&faults["next"], &faults["rates"]["fail"]), (&json!([]), &json!(0.0)));
}

#[tokio::test]
async fn another_site_can_change_nothing() {
    let street = Street::new().await;
    for (method, path, body) in UNSAFE {
        let write = || ask(&street, method, &format!("/simulator/{path}")).body(body);
        for (name, value) in ELSEWHERE {
            refused(write().header("content-type", "application/json").header(name, value), 403).await;
            refused(write().header("content-type", "text/plain").header(name, value), 403).await;
        }
    }
    untouched(&street).await;
}

#[tokio::test]
async fn what_a_form_can_send_is_no_json_and_is_refused_whoever_sends_it() {
    let street = Street::new().await;
    for (method, path, body) in UNSAFE.into_iter().filter(|(.., body)| !body.is_empty()) {
        let write = || ask(&street, method, &format!("/simulator/{path}")).body(body);
        refused(write(), 415).await;
        for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"] {
            refused(write().header("content-type", kind), 415).await;
        }
    }
    untouched(&street).await;
}

#[tokio::test]
async fn another_site_can_read_nothing_nor_follow_events() {
    let street = Street::new().await;
    for path in SAFE.map(|path| format!("/simulator/{path}")) {
        for (name, value) in ELSEWHERE {
            refused(ask(&street, "GET", &path).header(name, value), 403).await;
        }
    }
}

/// DNS rebinding: the other site's name means this machine, so its pages and ours are one origin to a browser.
#[tokio::test]
async fn a_site_that_points_its_name_here_gets_no_answer() {
    let street = Street::new().await;
    let host = format!("evil.example:{}", street.simulator.address().port());
    let rebound = |request: RequestBuilder| {
        let origin = format!("http://{host}");
        let request = request.header("host", &host).header("origin", origin);
        request.header("sec-fetch-site", "same-origin").header("content-type", "application/json")
    };
    for (method, path, body) in UNSAFE {
        refused(rebound(ask(&street, method, &format!("/simulator/{path}")).body(body)), 403).await;
    }
    for path in SAFE {
        refused(rebound(ask(&street, "GET", &format!("/simulator/{path}"))), 403).await;
    }
    refused(rebound(ask(&street, "GET", "/")), 403).await;
    refused(rebound(ask(&street, "GET", "/assets/main.js")), 403).await;
    untouched(&street).await;
}

#[tokio::test]
async fn its_own_page_scripts_and_a_typed_address_are_answered() {
    let street = Street::new().await;
    let port = street.simulator.address().port();
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), "localhost".to_owned()] {
        let own = |request: RequestBuilder| request.header("host", &host);
        assert_eq!(status(own(ask(&street, "GET", "/"))).await, 200, "{host}");
        let text =
            || own(ask(&street, "POST", "/simulator/texts")).json(&json!({"from": MARIA, "body": "Hi"}));
        assert_eq!(status(text()).await, 201, "a script, as {host}");
        assert_eq!(status(text().header("origin", format!("http://{host}"))).await, 201, "an old browser");
        assert_eq!(status(text().header("sec-fetch-site", "same-origin")).await, 201, "a browser");
        let typed = own(ask(&street, "GET", "/simulator/messages")).header("sec-fetch-site", "none");
        assert_eq!(status(typed).await, 200);
        let live = own(ask(&street, "GET", "/simulator/events/live")).header("sec-fetch-site", "same-origin");
        assert_eq!(status(live).await, 200);
    }
    let linked = ask(&street, "GET", "/").header("sec-fetch-site", "same-site");
    assert_eq!(status(linked).await, 200, "the inbox links to the page");
    assert_eq!(status(ask(&street, "POST", "/simulator/reset")).await, 204, "without a body");
}

/// Its password is its guard; containers and tunnels call it by any name.
#[tokio::test]
async fn twilios_api_takes_its_forms_under_any_name() {
    let street = Street::new().await;
    let create = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json");
    let form = [("To", MARIA), ("From", LINE), ("Body", "Hi")];
    let request = ask(&street, "POST", &create).header("host", "twilio.internal:7879").form(&form);
    assert_eq!(status(request.try_clone().unwrap()).await, 401);
    assert_eq!(status(request.basic_auth(ACCOUNT, Some(TOKEN))).await, 201);
}
