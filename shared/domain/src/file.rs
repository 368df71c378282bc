//! Files of messages: what they are, how they are called, what they must not tell, how they leave.
//!
//! # Layout
//!
//! - [`FileType`]: what a file is, told by its bytes and never believed. [`name`]: its name, made harmless.
//! - [`clean`](self::clean()): a picture without place, device and owner, its pixels untouched.
//! - [`carried`]: what MMS carries, and what goes as a link.
//! - [`Kept`], [`Fetch`]: a file that lies with us, and one that is still on its way from the provider.
//!
//! Invariant: no file is decoded here: sizes are read from headers, so that a picture that is a bomb is bytes.

pub mod carried;
mod clean;
mod fetch;
pub mod name;
pub mod token;
mod types;

use serde::{Deserialize, Serialize};

pub use self::carried::GoesAs;
pub use self::clean::{Cleaned, clean};
pub use self::fetch::{Fetch, FileState, NotFetched};
pub use self::types::FileType;

/// Bytes of the largest file that is taken, in and out.
pub const LARGEST: u64 = 25 * 1024 * 1024;

/// Pictures of more pixels than this are for saving: they would take a browser gigabytes.
pub const MOST_PIXELS: u64 = 100_000_000;

/// A file that lies with us.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where in the bucket.
    pub key: String,
    /// Its bytes.
    pub size: u64,
    /// How wide a picture is shown, in pixels.
    #[serde(default)]
    pub width: Option<u32>,
    /// How high.
    #[serde(default)]
    pub height: Option<u32>,
}

impl Kept {
    /// A file of this many bytes under this key, with what its header tells.
    pub fn new(key: String, bytes: &[u8]) -> Self {
        let shown = clean::shown_size(bytes);
        Self {
            key,
            size: bytes.len() as u64,
            width: shown.map(|(width, _)| width),
            height: shown.map(|(_, height)| height),
        }
    }

    /// Whether a browser can draw it without harm.
    pub fn is_drawable(&self) -> bool {
        let pixels = |(width, height)| u64::from(width) * u64::from(height);
        self.width.zip(self.height).map_or(0, pixels) <= MOST_PIXELS
    }
}
