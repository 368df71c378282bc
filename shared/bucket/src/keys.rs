//! Where what lies. The business is in every key: no key of one leads to a file of another.

use porchlight_domain::id::{BusinessId, ConversationId};

/// What a form brought: seen by nobody before it is checked and cleaned, gone after two days.
pub fn upload(business: &BusinessId, id: &str) -> String {
    format!("uploads/{business}/{id}")
}

/// The same, checked and cleaned.
pub fn sent(business: &BusinessId, id: &str) -> String {
    format!("files/{business}/out/{id}")
}

/// A file of a message that came in, by its place.
pub fn received(business: &BusinessId, conversation: &ConversationId, seq: u64, place: usize) -> String {
    format!("files/{business}/in/{conversation}/{seq}-{place}")
}
