//! Passwords: argon2id, in PHC strings.
//!
//! Each takes 19 MB and tens of milliseconds of processor time on purpose, so they are worked on away from
//! the async workers, two at a time: a burst of sign-ins must not take the memory that everything else needs. The
//! last comer is next, so that a burst of wrong ones does not keep anybody waiting.

use std::time::Duration;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use crate::turns::{Crowded, Turns};
use porchlight_ambient::Entropy;

/// Passwords that are worked on at once.
static AT_WORK: Turns = Turns::new(2);
/// Who signs in waits no longer than this for others' passwords.
const PATIENCE: Duration = Duration::from_secs(5);
/// Who makes a password comes rarely, and not in crowds.
const LONG_PATIENCE: Duration = Duration::from_mins(10);

/// A hash that no password has: comparing with it takes as long as with anybody's, so that nobody can tell
/// by the time whether an address is known.
pub const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keS4$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// [`hash`], away from the async workers.
pub async fn hash_aside(password: String, entropy: Entropy) -> Result<String, Crowded> {
    aside(LONG_PATIENCE, move || hash(&password, &entropy)).await
}

/// [`matches`], away from the async workers.
pub async fn matches_aside(password: String, phc: String) -> Result<bool, Crowded> {
    aside(PATIENCE, move || matches(&password, &phc)).await
}

async fn aside<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Crowded> {
    let turn = AT_WORK.turn(patience).await?;
    let worked = tokio::task::spawn_blocking(move || {
        // Held by the work and not by whoever asked for it, who may be gone before it ends.
        let _turn = turn;
        work()
    });
    Ok(worked.await.expect("hashing does not panic"))
}

/// The PHC string of a password.
pub fn hash(password: &str, entropy: &Entropy) -> String {
    let salt: [u8; 16] = entropy.bytes();
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hash.expect("the salt has a proper length").to_string()
}

/// Whether the password is the one that was hashed. Takes as long as hashing.
pub fn matches(password: &str, phc: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(phc) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_matches_its_own_hash_only() {
        let phc = hash("correct horse", &Entropy::seeded(1));
        assert!(matches("correct horse", &phc));
        assert!(!matches("correct  horse", &phc));
    }

    #[test]
    fn comparing_with_nobodys_hash_costs_what_anybodys_costs() {
        let (nobodys, anybodys) = (NOBODYS, hash("x", &Entropy::seeded(1)));
        let cost = |phc: &str| phc.split('$').nth(3).map(str::to_owned);
        assert!(PasswordHash::new(nobodys).is_ok());
        assert_eq!(cost(nobodys), cost(&anybodys));
        assert!(!matches("", nobodys));
    }
}
