//! Cursors: where a list goes on, good for one person and one query only.

use std::cmp::Reverse;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_domain::conversation::Conversation;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_store::lists::{ListCursor, ListQuery, Sort};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where a list goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// In the index of folders.
    List(ListCursor),
    /// After this standing among a technician's own.
    Own(Standing),
    /// After so many of those that a search found.
    Found(usize),
}

/// Where a conversation stands among a technician's own: smaller is further up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Standing {
    /// Waits: emergencies first, then the longest.
    Waiting {
        /// No emergency.
        calm: bool,
        /// Since when, and the id.
        since: String,
    },
    /// By its last activity, and the id.
    Recent(Reverse<String>),
}

impl Standing {
    /// In a list of this order.
    pub fn of(conversation: &Conversation, sort: Sort) -> Self {
        match conversation.shown_attention().filter(|_| sort == Sort::Waiting) {
            Some(attention) => Self::Waiting {
                calm: !attention.emergency,
                since: format!("{}#{}", attention.waiting_since, conversation.id),
            },
            None => Self::Recent(Reverse(format!("{}#{}", conversation.last_activity_at, conversation.id))),
        }
    }
}

/// Bytes of the digest that a cursor begins with.
const DIGEST: usize = 16;

/// The person and the query that a cursor belongs to.
pub struct Binding(Sha256);

impl Binding {
    /// Of this person and what they ask for.
    pub fn new(who: &SignedIn, query: &ListQuery, words: Option<&str>) -> Self {
        let asked = serde_json::to_vec(&(&who.staff.id, query, words)).expect("a query is plain data");
        Self(Sha256::new().chain_update((asked.len() as u64).to_be_bytes()).chain_update(asked))
    }

    /// The cursor's text. The digest is no signature: whoever forges one gets another place in their own list.
    pub fn seal(&self, place: &Place) -> String {
        let place = serde_json::to_vec(place).expect("a place is plain data");
        let mut token = self.digest(&place);
        token.extend(place);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// The place behind a cursor's text; refuses one of another person or query, and one that was tampered with.
    pub fn open(&self, token: &str) -> Result<Place, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| foreign())?;
        let (digest, place) = bytes.split_at_checked(DIGEST).ok_or_else(foreign)?;
        if digest != self.digest(place) {
            return Err(foreign());
        }
        serde_json::from_slice(place).map_err(|_| foreign())
    }

    fn digest(&self, place: &[u8]) -> Vec<u8> {
        self.0.clone().chain_update(place).finalize()[..DIGEST].to_vec()
    }
}

/// A cursor that is none of this list.
pub fn foreign() -> Problem {
    Problem::foreign_cursor()
}
