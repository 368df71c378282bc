//! Guessing passwords is slow work, and nobody locks anybody else out by it.
//!
//! Attempts are counted before their passwords are looked at, so that many at once are no way around, and taken
//! back when they succeed. Three counts: of an account from a place, of a place over all accounts, of an account
//! from everywhere. The last does not hold for a place from which its person has signed in before, and it
//! refuses nobody for long: it slows down.

use std::net::IpAddr;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use porchlight_edge::Problem;
use porchlight_store::StoreError;
use sha2::{Digest, Sha256};

use crate::Inbox;

/// Failed attempts on an account from one place.
const OF_AN_ACCOUNT_HERE: u64 = 10;
/// Failed attempts from one place, whatever the account.
const FROM_A_PLACE: u64 = 50;
/// Failed attempts on an account from everywhere, before more are slowed down.
const OF_AN_ACCOUNT: u64 = 100;
/// How long they are held against whom they are held against.
const WINDOW: Duration = Duration::from_mins(15);
/// An account that strangers guess at takes one more attempt of theirs in so long.
const PACE: Duration = Duration::from_secs(10);
/// How long a place is known in which somebody has signed in.
const KNOWN_FOR: Duration = Duration::from_hours(24 * 90);

/// One attempt, by the digests under which it is counted: neither address nor place is kept.
pub struct Attempt {
    account_here: String,
    /// Nothing where everybody would seem to be: this machine itself, or a proxy that is not named to us.
    place: Option<String>,
    account: String,
}

impl Attempt {
    /// To sign in with this address, from wherever the request came.
    pub fn new(email: &str, headers: &HeaderMap) -> Self {
        let email = email.trim().to_lowercase();
        let place = caller(headers).unwrap_or_default();
        let is_somewhere = place.parse::<IpAddr>().is_ok_and(|address| !address.to_canonical().is_loopback());
        Self {
            account_here: digest(&[&email, place]),
            place: is_somewhere.then(|| digest(&["place", place])),
            account: digest(&[&email]),
        }
    }

    /// The name under which the place is known for the account.
    fn known(&self) -> String {
        digest(&["known", &self.account_here])
    }

    fn pace(&self) -> String {
        digest(&["pace", &self.account])
    }
}

fn digest(parts: &[&str]) -> String {
    hex::encode(Sha256::digest(parts.join("\n")))
}

/// Where the request came from: what CloudFront, or the gateway, wrote before the last hop. No request comes past
/// both (`porchlight_edge::origin`), so nobody claims another place.
fn caller(headers: &HeaderMap) -> Option<&str> {
    let hops: Vec<&str> = headers.get("x-forwarded-for")?.to_str().ok()?.split(',').map(str::trim).collect();
    hops.get(hops.len().saturating_sub(2)).copied()
}

impl Inbox {
    /// Counts the attempt, and refuses it when there were too many.
    pub async fn refuse_guessing(&self, attempt: &Attempt) -> Result<(), Problem> {
        let known_here = attempt.known();
        let (here, in_place, known) = tokio::try_join!(
            self.count(&attempt.account_here, WINDOW),
            self.count_in_place(attempt),
            self.store.is_known_place(&known_here, self.now()),
        )?;
        if here > OF_AN_ACCOUNT_HERE || (in_place > FROM_A_PLACE && !known) {
            return Err(too_many(WINDOW));
        }
        if known || self.count(&attempt.account, WINDOW).await? <= OF_AN_ACCOUNT {
            return Ok(());
        }
        if self.count(&attempt.pace(), PACE).await? == 1 { Ok(()) } else { Err(too_many(PACE)) }
    }

    /// Neither this attempt nor, of this account from here, any before; what others tried still counts.
    pub async fn hold_nothing_against(&self, attempt: &Attempt) -> Result<(), StoreError> {
        let (known_here, known_until) = (attempt.known(), self.now() + KNOWN_FOR);
        let place = async {
            match &attempt.place {
                Some(place) => self.store.take_back_login(place).await,
                None => Ok(()),
            }
        };
        tokio::try_join!(
            self.store.clear_logins(&attempt.account_here),
            place,
            self.store.take_back_login(&attempt.account),
            self.store.know_place(&known_here, known_until),
        )
        .map(drop)
    }

    async fn count(&self, digest: &str, window: Duration) -> Result<u64, StoreError> {
        self.store.count_login(digest, window, self.now()).await
    }

    async fn count_in_place(&self, attempt: &Attempt) -> Result<u64, StoreError> {
        match &attempt.place {
            Some(place) => self.count(place, WINDOW).await,
            None => Ok(0),
        }
    }
}

fn too_many(wait: Duration) -> Problem {
    let again =
        if wait == PACE { "Try again in a few seconds." } else { "Try again in a quarter of an hour." };
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-failures", "Too many failed attempts")
        .detail(again)
        .retry_after(wait.as_secs())
}
