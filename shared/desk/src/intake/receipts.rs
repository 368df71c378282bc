//! A post as it is kept.

use std::time::Duration;

use porchlight_channel::{Post, ReceiptName};
use porchlight_domain::id::BusinessId;
use porchlight_store::inbound::ReceiptState;
use porchlight_store::receipts::{Receipt, ReceiptKey, UnverifiedCaps};

/// Whoever signs wrongly cannot fill the vault, nor hide a mistake in the settings behind noise.
pub(super) const UNVERIFIED_CAPS: UnverifiedCaps =
    UnverifiedCaps { per_minute: 10, per_day: 200, lasts: Duration::from_hours(24 * 7) };
/// A longer body that is not genuine is not worth keeping; a provider's own are a few kilobytes.
pub(super) const LONGEST_UNVERIFIED: usize = 64 << 10;

pub(super) fn key(business: BusinessId, name: ReceiptName) -> ReceiptKey {
    match name {
        ReceiptName::Message { sid } => ReceiptKey::Message { business, sid },
        ReceiptName::Status { sid, digest } => ReceiptKey::Status { business, sid, digest },
    }
}

pub(super) fn kept(post: Post, key: ReceiptKey) -> Receipt {
    let Post { path, headers, body, received_at } = post;
    Receipt { key, path, headers, body, received_at, state: ReceiptState::Unapplied }
}

pub(super) fn post(receipt: &Receipt) -> Post {
    Post {
        path: receipt.path.clone(),
        headers: receipt.headers.clone(),
        body: receipt.body.clone(),
        received_at: receipt.received_at,
    }
}
