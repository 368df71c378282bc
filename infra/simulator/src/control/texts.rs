//! Be a phone: one text, or twenty at once.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures::future::join_all;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::problem::{Given, Problem};
use crate::draw::draw;
use crate::inbound::{TextError, TextIn, TextSent, text};

impl From<TextError> for Problem {
    fn from(error: TextError) -> Self {
        let status = match error {
            TextError::NoSuchLine => StatusCode::NOT_FOUND,
            TextError::NoSender | TextError::TooMuch => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self::new(status, error.to_string())
    }
}

/// `POST /simulator/texts`
pub(super) async fn send(
    State(world): Shared,
    Given(given): Given<TextIn>,
) -> Result<(StatusCode, Json<TextSent>), Problem> {
    Ok((StatusCode::CREATED, Json(text(&world, given).await?)))
}

/// What `POST /simulator/burst` may say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Burst {
    #[serde(default = "twenty")]
    count: u32,
    /// One phone for all; without it each has its own.
    #[serde(default)]
    from: Option<String>,
    #[serde(default)]
    to: Option<String>,
    /// The words; without them each has its own.
    #[serde(default)]
    body: Option<String>,
}

const fn twenty() -> u32 {
    20
}

#[derive(Serialize)]
pub(super) struct BurstSent {
    texts: Vec<TextSent>,
}

const LARGEST_BURST: u32 = 1_000;
const WORDS: [&str; 8] = [
    "Hi, are you taking new customers?",
    "No hot water since this morning",
    "Can someone come by this week?",
    "The kitchen faucet is dripping again",
    "What time will Luis be here?",
    "Thanks for yesterday, works great",
    "There is water under the heater",
    "Could you send me the invoice?",
];

/// `POST /simulator/burst`
pub(super) async fn burst(
    State(world): Shared,
    Given(burst): Given<Burst>,
) -> Result<(StatusCode, Json<BurstSent>), Problem> {
    if !(1..=LARGEST_BURST).contains(&burst.count) {
        return Err(Problem::unprocessable("count must be from 1 to 1000"));
    }
    let one = |at: u32| {
        let world = Arc::clone(&world);
        let given = TextIn {
            from: burst.from.clone().unwrap_or_else(|| phone(world.seed, at)),
            to: burst.to.clone(),
            body: burst.body.clone().unwrap_or_else(|| words(at)),
            ..TextIn::default()
        };
        async move { text(&world, given).await }
    };
    let texts = join_all((0..burst.count).map(one)).await.into_iter().collect::<Result<_, _>>()?;
    Ok((StatusCode::CREATED, Json(BurstSent { texts })))
}

/// A number kept for fiction, +1 207 555 01xx while there are enough of them.
fn phone(seed: u64, at: u32) -> String {
    let first = draw(seed, "burst", 0) % 100;
    match at {
        0..100 => format!("+1207555{:04}", 100 + (first + at) % 100),
        _ => format!("+1207556{at:04}"),
    }
}

fn words(at: u32) -> String {
    let at = usize::try_from(at).unwrap_or(0);
    format!("{} ({})", WORDS[at % WORDS.len()], at + 1)
}
