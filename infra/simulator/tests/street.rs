//! The phones of the street: each has an owner, and no two bursts are alike.

mod common;

use std::collections::BTreeSet;

use common::{LINE, MARIA, Street, config, text};
use porchlight_simulator::{Persona, Personas, TextError, TextIn};
use serde_json::{Value, json};

#[tokio::test]
async fn twenty_texts_at_once_come_from_other_phones_with_other_words_each_time() {
    let street = Street::new().await;
    for _ in 0..3 {
        let (status, burst) = street.post("/simulator/burst", json!({})).await;
        assert_eq!((status, burst["texts"].as_array().map(Vec::len)), (201, Some(20)));
    }
    let messages = street.simulator.messages();
    let phones: BTreeSet<&str> = messages.iter().map(|message| message.from.as_str()).collect();
    let words: BTreeSet<&str> = messages.iter().map(|message| message.body.as_str()).collect();
    assert_eq!((messages.len(), phones.len(), words.len()), (60, 60, 60));
    assert!(!phones.contains(LINE), "the line does not text itself");
}

#[tokio::test]
async fn every_phone_has_a_name_and_none_is_a_landline() {
    let mut config = config();
    let landline = "+12075550156".to_owned();
    let maria = Persona { number: MARIA.into(), name: "Maria Delgado".into() };
    config.personas =
        Personas { people: vec![maria], landlines: vec![landline.clone()], ..Personas::default() };
    let street = Street::with(config, "").await;
    street.post("/simulator/burst", json!({})).await;
    let (_, body) = street.get("/simulator/phones").await;
    let phones: Vec<Value> = body["phones"].as_array().cloned().unwrap_or_default();
    assert_eq!(phones.len(), 21);
    for phone in &phones {
        assert!(phone["name"].as_str().is_some_and(|name| name.contains(' ')), "{phone}");
        assert_ne!(phone["number"], json!(landline));
    }
    let refused = street.simulator.text(TextIn { from: landline, ..text("Hello") }).await;
    assert_eq!(refused.err(), Some(TextError::Landline));
}
