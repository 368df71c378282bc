//! The page and all that it loads are there, under a policy that lets nothing else in.

mod common;

use common::{Street, http};

const MODULES: [&str; 10] = [
    "api.js",
    "burst.js",
    "composer.js",
    "dom.js",
    "events.js",
    "faults.js",
    "files.js",
    "live.js",
    "phone.js",
    "row.js",
];

async fn get(street: &Street, path: &str) -> (reqwest::header::HeaderMap, String) {
    let response = http().get(format!("{}{path}", street.simulator.url())).send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    let headers = response.headers().clone();
    (headers, String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned())
}

#[tokio::test]
async fn the_page_is_served_with_a_strict_policy_and_has_nothing_inline() {
    let street = Street::new().await;
    let (headers, html) = get(&street, "/").await;
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(headers["cache-control"], "no-cache");
    let policy = headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "require-trusted-types-for 'script'",
    ] {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    for inline in ["<style", " style=", "<script>", " onclick=", "http://", "https://"] {
        assert!(!html.contains(inline), "{inline}");
    }
}

#[tokio::test]
async fn all_that_the_page_names_is_there_with_its_type() {
    let street = Street::new().await;
    let (_, html) = get(&street, "/").await;
    let named = html.split(['"']).filter(|part| part.starts_with("/assets/"));
    let named: Vec<String> = named.map(str::to_owned).collect();
    assert!(named.len() >= 4, "{named:?}");
    for path in named.into_iter().chain(MODULES.map(|name| format!("/assets/{name}"))) {
        let (headers, body) = get(&street, &path).await;
        let expected = match path.rsplit('.').next().unwrap() {
            "js" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "svg" => "image/svg+xml",
            other => panic!("{other}"),
        };
        assert_eq!(headers["content-type"], expected, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        for way_to_markup in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write"] {
            assert!(!body.contains(way_to_markup), "{way_to_markup} in {path}");
        }
        for import in body.split("from './").skip(1).filter_map(|rest| rest.split('\'').next()) {
            get(&street, &format!("/assets/{import}")).await;
        }
    }
    let gone = http().get(format!("{}/assets/nothing.js", street.simulator.url())).send().await.unwrap();
    assert_eq!(gone.status(), 404);
}

#[tokio::test]
async fn a_strangers_file_is_never_run_in_the_name_of_the_page() {
    let mut street = Street::new().await;
    let hostile = serde_json::json!({"from": common::MARIA, "media": [
        {"content_type": "text/html", "bytes": "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="}]});
    street.post("/simulator/texts", hostile).await;
    street.next().await;
    let (_, shown) = street.get(&format!("/simulator/phones/{}/messages", common::MARIA)).await;
    let url = shown["messages"][0]["media"][0]["url"].as_str().unwrap().to_owned();
    let (headers, _) = get(&street, &url).await;
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn the_inboxs_address_may_become_known_after_the_start() {
    let street = Street::new().await;
    assert_eq!(street.get("/simulator/health").await.1["inbox_url"], serde_json::Value::Null);
    street.simulator.set_inbox_url("http://127.0.0.1:7878");
    assert_eq!(street.get("/simulator/health").await.1["inbox_url"], "http://127.0.0.1:7878");
}
