//! Keys of whom messages wake, and of what follows where nobody looks.

use porchlight_domain::id::{BusinessId, ConversationId, DeviceId, MessageId, StaffId};

use super::{Key, POINTER, conversation_pk, shard_of};

/// The devices of a business, and what its people want to be woken for.
pub(crate) fn devices_pk(business: &BusinessId) -> String {
    format!("{business}#DEVICES")
}

/// With what the places of one person's devices begin.
pub(crate) fn devices_of(staff: &StaffId) -> String {
    format!("DEVICE#{staff}#")
}

pub(crate) fn device(business: &BusinessId, staff: &StaffId, device: &DeviceId) -> Key {
    Key::new(devices_pk(business), format!("{}{device}", devices_of(staff)))
}

pub(crate) fn push_preferences(business: &BusinessId, staff: &StaffId) -> Key {
    Key::new(devices_pk(business), format!("WANTS#{staff}"))
}

/// What one person agreed to about texts to their own phone.
pub(crate) fn texts_agreement(business: &BusinessId, staff: &StaffId) -> Key {
    Key::new(super::staff_pk(business, staff), "TEXTS")
}

/// Who holds the endpoint or token of this digest.
pub(crate) fn device_address(digest: &str) -> Key {
    Key::new(format!("DEVICE#{digest}"), POINTER)
}

/// A message wakes a device; and once more where nobody of the crew opens it.
pub(crate) fn push(
    business: &BusinessId,
    message: &MessageId,
    device: &DeviceId,
    is_escalation: bool,
) -> Key {
    let again = if is_escalation { "#ESCALATION" } else { "" };
    Key::new(format!("{business}#PUSH#{message}"), format!("{device}{again}"))
}

/// The conversation's push ladder.
pub(crate) fn ladder(business: &BusinessId, conversation: &ConversationId) -> Key {
    Key::new(conversation_pk(business, conversation), "LADDER")
}

/// The partition of the vault's *due* index in which a post to a device waits.
pub(crate) fn push_shard(pk: &str) -> String {
    push_shard_named(shard_of(pk))
}

/// The partition key of a shard of those.
pub(crate) fn push_shard_named(shard: u8) -> String {
    format!("PUSHES#{shard}")
}

/// The partition of the messages' *due* index in which a push ladder waits.
pub(crate) fn ladder_shard(pk: &str) -> String {
    ladder_shard_named(shard_of(pk))
}

/// The partition key of a shard of those.
pub(crate) fn ladder_shard_named(shard: u8) -> String {
    format!("LADDERS#{shard}")
}
