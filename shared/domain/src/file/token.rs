//! Who has a token has the file, for a while. It is kept as its hash, so that whoever reads the table has no file.

use sha2::{Digest as _, Sha256};

/// Under what a token is kept.
pub fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
