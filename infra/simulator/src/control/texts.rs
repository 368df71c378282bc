//! Be a phone: one text, or twenty at once.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use futures::future::join_all;
use serde::{Deserialize, Serialize};

use super::Shared;
use super::problem::{Given, Problem};
use crate::inbound::{TextError, TextIn, TextSent, text};

impl From<TextError> for Problem {
    fn from(error: TextError) -> Self {
        let status = match error {
            TextError::NoSuchLine => StatusCode::NOT_FOUND,
            TextError::NoSender | TextError::TooMuch | TextError::Landline => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
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
    // Each goes on where the one before ended: new phones, new words.
    let first = world.begin_burst(burst.count);
    let one = |at: u32| {
        let world = Arc::clone(&world);
        let given = TextIn {
            from: burst.from.clone().unwrap_or_else(|| phone(at)),
            to: burst.to.clone(),
            body: burst.body.clone().unwrap_or_else(|| words(at)),
            ..TextIn::default()
        };
        async move { text(&world, given).await }
    };
    let texts = join_all((first..first.saturating_add(burst.count)).map(one))
        .await
        .into_iter()
        .collect::<Result<_, _>>()?;
    Ok((StatusCode::CREATED, Json(BurstSent { texts })))
}

/// Codes of New England's other areas: each has a hundred numbers that are kept for fiction, and none is the
/// demo's.
const AREAS: [u32; 8] = [603, 802, 617, 508, 978, 413, 401, 860];

/// The `at`-th phone of the street.
fn phone(at: u32) -> String {
    let (area, number) = (at / 100, at % 100);
    match AREAS.get(usize::try_from(area).unwrap_or(usize::MAX)) {
        Some(area) => format!("+1{area}555{:04}", 100 + number),
        None => format!("+1207{:07}", 5_560_000 + at % 4_000_000),
    }
}

fn words(at: u32) -> String {
    let which = usize::try_from(at).unwrap_or(0) % WORDS.len();
    format!("{} ({})", WORDS[which], at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_of_many_texts_come_from_one_phone_or_say_the_same() {
        let phones: std::collections::BTreeSet<String> = (0..5_000).map(phone).collect();
        let said: std::collections::BTreeSet<String> = (0..5_000).map(words).collect();
        assert_eq!((phones.len(), said.len()), (5_000, 5_000));
        assert!(phones.iter().all(|phone| phone.len() == 12 && !phone.starts_with("+12075550")));
    }
}
