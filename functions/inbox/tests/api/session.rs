//! Signing in and out.

use std::time::Duration;

use futures::future::join_all;
use serde_json::json;

use crate::support::House;
use crate::support::house::{OFFICE, PASSWORD};

#[tokio::test]
async fn signing_in_gives_one_cookie_and_says_who_one_is() {
    let house = House::new().await;
    let answer = house
        .stranger()
        .post("/api/session", json!({"email": "Person12@Example.com ", "password": PASSWORD}))
        .await;
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 1);
    let cookie = cookies[0].to_str().expect("text");
    assert!(
        cookie.starts_with("porchlight=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax")
    );
    assert_eq!(answer.headers["cache-control"], "no-store");
    let me = &answer.expect(200)["me"];
    assert_eq!((&me["name"], &me["role"]), (&json!("Ana"), &json!("office")));
    assert_eq!(me["staff"].as_array().expect("colleagues").len(), 5);
    assert_eq!(me["line"], "+12075550100");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_are_the_same_answer() {
    let house = House::new().await;
    let stranger = house.stranger();
    let wrong =
        stranger.post("/api/session", json!({"email": "person12@example.com", "password": "x"})).await;
    let unknown =
        stranger.post("/api/session", json!({"email": "nobody@example.com", "password": "x"})).await;
    assert_eq!(wrong.problem(401), "wrong-credentials");
    assert_eq!(wrong.body, unknown.body);
    assert!(wrong.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn only_failed_attempts_are_counted_and_then_refused_for_a_while() {
    let house = House::new().await;
    let stranger = house.stranger();
    let attempt = async |password: &str| {
        stranger.post("/api/session", json!({"email": "person12@example.com", "password": password})).await
    };
    for _ in 0..12 {
        attempt(PASSWORD).await.expect(200);
    }
    for _ in 0..10 {
        attempt("wrong").await.expect(401);
    }
    let refused = attempt(PASSWORD).await;
    assert_eq!(refused.problem(429), "too-many-failures");
    assert_eq!(refused.headers["retry-after"], "900");
    house.clock.advance(std::time::Duration::from_mins(16));
    attempt(PASSWORD).await.expect(200);
}

#[tokio::test]
async fn many_guesses_at_once_are_as_many_as_one_after_the_other() {
    let house = House::new().await;
    let stranger = house.stranger();
    let guess = || stranger.post("/api/session", json!({"email": "person12@example.com", "password": "x"}));
    let answers = join_all((0..30).map(|_| guess())).await;
    let looked_at = answers.iter().filter(|answer| answer.status == 401).count();
    let refused = answers.iter().filter(|answer| answer.status == 429).count();
    assert_eq!((looked_at, refused), (10, 20));
}

#[tokio::test]
async fn somebody_elses_place_is_not_held_against_one() {
    let house = House::new().await;
    let body = json!({"email": "person12@example.com", "password": "wrong"}).to_string();
    for _ in 0..11 {
        let from = [("x-forwarded-for", "198.51.100.9, 10.0.0.1")];
        house.stranger().ask("POST", "/api/session", Some(body.clone()), &from).await;
    }
    house.person(OFFICE).await.get("/api/me").await.expect(200);
}

/// What a try to sign in from somewhere is answered.
async fn tries(house: &House, email: &str, password: &str, place: &str) -> u16 {
    let body = json!({"email": email, "password": password}).to_string();
    let from = [("x-forwarded-for", format!("{place}, 10.0.0.1"))];
    let from = from.each_ref().map(|(name, value)| (*name, value.as_str()));
    house.stranger().ask("POST", "/api/session", Some(body), &from).await.status
}

const ANA: &str = "person12@example.com";

#[tokio::test]
async fn a_place_that_guesses_at_many_accounts_is_refused_but_not_who_has_signed_in_there() {
    let house = House::new().await;
    assert_eq!(tries(&house, ANA, PASSWORD, "198.51.100.9").await, 200);
    for n in 0..50 {
        assert_eq!(tries(&house, &format!("guess{n}@example.com"), "x", "198.51.100.9").await, 401);
    }
    assert_eq!(tries(&house, "guess50@example.com", "x", "198.51.100.9").await, 429);
    assert_eq!(tries(&house, ANA, PASSWORD, "198.51.100.9").await, 200);
    assert_eq!(tries(&house, "guess51@example.com", "x", "198.51.100.10").await, 401, "another place");
}

#[tokio::test]
async fn strangers_everywhere_are_slowed_down_and_whoever_has_signed_in_before_is_not() {
    let house = House::new().await;
    assert_eq!(tries(&house, ANA, PASSWORD, "203.0.113.7").await, 200);
    for n in 0..100 {
        assert_eq!(tries(&house, ANA, "x", &format!("198.51.100.{n}")).await, 401);
    }
    assert_eq!(tries(&house, ANA, "x", "198.51.100.200").await, 401, "one more in ten seconds");
    assert_eq!(tries(&house, ANA, PASSWORD, "198.51.100.201").await, 429);
    assert_eq!(tries(&house, ANA, PASSWORD, "203.0.113.7").await, 200, "where she has signed in before");
    house.clock.advance(Duration::from_secs(11));
    assert_eq!(tries(&house, ANA, PASSWORD, "198.51.100.201").await, 200, "nobody is locked out for long");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    ana.get("/api/me").await.expect(200);
    let answer = ana.delete("/api/session").await;
    assert!(answer.headers["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
    answer.expect(204);
    assert_eq!(ana.get("/api/me").await.problem(401), "unauthenticated");
}

#[tokio::test]
async fn signing_out_without_a_living_session_forgets_the_cookie_too() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    house.clock.advance(std::time::Duration::from_hours(24 * 15));
    for _ in 0..2 {
        let answer = ana.delete("/api/session").await;
        assert!(answer.headers["set-cookie"].to_str().expect("text").contains("Max-Age=0"));
        answer.expect(204);
    }
}

#[tokio::test]
async fn who_leaves_is_out_at_once() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let mut staff = house.store.staff_by_login("person12@example.com").await.expect("a read").expect("Ana");
    staff.disabled_at = Some(house.clock.now());
    house.store.put_staff(&staff).await.expect("a write");
    ana.get("/api/me").await.expect(401);
    let body = json!({"email": "person12@example.com", "password": PASSWORD});
    house.stranger().post("/api/session", body).await.expect(401);
}
