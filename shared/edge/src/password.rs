//! Passwords: argon2id, in PHC strings.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use crate::ambient::Entropy;

/// The PHC string of a password. Takes tens of milliseconds of processor time: keep it off async workers.
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
