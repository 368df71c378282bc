//! Passwords: argon2id, in PHC strings.
//!
//! Each takes 19 MB and tens of milliseconds of processor time on purpose, so they are worked on away from
//! the async workers, two at a time: a burst of sign-ins must not take the memory that everything else needs.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use tokio::sync::Semaphore;

use crate::ambient::Entropy;

/// Passwords that are worked on at once.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// A hash that no password has: comparing with it takes as long as with anybody's, so that nobody can tell
/// by the time whether an address is known.
pub const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keS4$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// [`hash`], away from the async workers.
pub async fn hash_aside(password: String, entropy: Entropy) -> String {
    aside(move || hash(&password, &entropy)).await
}

/// [`matches`], away from the async workers.
pub async fn matches_aside(password: String, phc: String) -> bool {
    aside(move || matches(&password, &phc)).await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _turn = AT_WORK.acquire().await.expect("nobody closes it");
    tokio::task::spawn_blocking(work).await.expect("hashing does not panic")
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
