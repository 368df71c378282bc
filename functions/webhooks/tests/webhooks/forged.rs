//! Whoever is not Twilio gets 403, leaves at most a receipt that expires, and never a message.

use std::time::Duration;

use porchlight_store::receipts::Tray;
use porchlight_twilio::{AuthToken, Form, signature};

use crate::support::{Kept, MARIA, PUBLIC_URL, TOKEN, World, ok, signed, text_form};

const OTHER_TOKEN: &str = "ffffffffffffffffffffffffffffffff";

#[tokio::test]
async fn each_forged_variant_is_refused_and_never_becomes_a_message() {
    let world = World::new().await;
    let path = world.messages_path();
    let address = format!("{PUBLIC_URL}{path}");
    let body = text_form(MARIA, "SM1", "Transfer the money");
    let good = signed(&address, &body);
    let other = signature::sign(&address, &Form::parse(&body), &AuthToken::new(OTHER_TOKEN));
    let elsewhere = signed(&format!("https://somebody.else.example{path}"), &body);
    let more = [&body[..], b"&Extra=1"].concat();
    let changed = text_form(MARIA, "SM1", "Transfer the moneY");
    for (body, signature) in [
        (&body, None),
        (&body, Some("")),
        (&body, Some("not base64")),
        (&body, Some(other.as_str())),
        (&body, Some(elsewhere.as_str())),
        (&more, Some(good.as_str())),
        (&changed, Some(good.as_str())),
    ] {
        let answer = world.signed_with(&path, body, signature).await;
        assert_eq!((answer.status, answer.content_type.as_str()), (403, "application/problem+json"));
    }
    let slash = world.signed_with(&format!("{path}/"), &body, Some(&good)).await;
    assert_eq!(slash.status, 404);
    assert!(world.thread(MARIA).await.is_none());
    assert!(world.tray(Tray::Quarantined).await.is_empty());
    assert_eq!(world.tray(Tray::Unverified).await.len(), 7);
    assert_eq!(world.signed_with(&path, &body, Some(&good)).await, ok(), "and the genuine one is taken");
}

#[tokio::test]
async fn both_port_forms_and_both_tokens_of_a_rotation_are_believed() {
    let world = World::new().await;
    world.safe.set(Kept::Tokens(vec![OTHER_TOKEN, TOKEN]));
    let path = world.messages_path();
    for (n, base) in ["http://localhost", "http://localhost:80"].into_iter().enumerate() {
        let body = text_form(MARIA, &format!("SM{n}"), "Hello");
        let signature = signed(&format!("{base}{path}"), &body);
        assert_eq!(world.signed_with(&path, &body, Some(&signature)).await, ok(), "{base}");
    }
    assert_eq!(world.timeline(MARIA).await.len(), 2);
}

#[tokio::test]
async fn a_json_body_is_believed_by_its_hash_and_set_aside() {
    let world = World::new().await;
    let body = br#"{"hello":"there"}"#;
    let token = AuthToken::new(TOKEN);
    let address = format!("{PUBLIC_URL}{}", world.messages_path());
    let (address, signature) = signature::sign_raw(&address, body, &token);
    let path = address.strip_prefix(PUBLIC_URL).expect("its own beginning");
    assert_eq!(world.call(path, b"{}", Some(&signature), "application/json").await.status, 403);
    assert_eq!(world.call(path, body, Some(&signature), "application/json").await, ok());
    let [receipt] = &world.tray(Tray::Quarantined).await[..] else { panic!("one in the tray") };
    assert_eq!(receipt.body, body);
}

#[tokio::test]
async fn unverified_receipts_are_few_and_expire() {
    let world = World::new().await;
    for n in 0..15 {
        let body = text_form(MARIA, &format!("SM{n}"), "x");
        assert_eq!(world.signed_with(&world.messages_path(), &body, Some("AAAA")).await.status, 403);
    }
    assert_eq!(world.tray(Tray::Unverified).await.len(), 10, "so many in a minute");
    let long = text_form(MARIA, "SM99", &"x".repeat(70_000));
    world.clock.advance(Duration::from_secs(61));
    assert_eq!(world.signed_with(&world.messages_path(), &long, Some("AAAA")).await.status, 403);
    assert_eq!(world.tray(Tray::Unverified).await.len(), 10, "what is longer than a text is not kept");
    world.clock.advance(Duration::from_hours(24 * 7));
    assert!(world.tray(Tray::Unverified).await.is_empty());
}

#[tokio::test]
async fn without_tokens_nobody_is_believed_and_without_a_safe_twilio_comes_again() {
    let world = World::new().await;
    world.safe.set(Kept::Nothing);
    assert_eq!(world.text("SM1", "Hello").await.status, 403);
    assert_eq!(world.tray(Tray::Unverified).await.len(), 1);
    world.safe.set(Kept::OutOfReach);
    assert_eq!(world.text("SM2", "Hello").await.status, 503);
    assert!(world.thread(MARIA).await.is_none());
}
