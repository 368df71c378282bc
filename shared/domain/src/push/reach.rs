//! Whether pushes reach somebody who sees a conversation, as colleagues are told ("who sees this").

use super::{Asked, PushPreferences, wakes_for_customer, wakes_internally};
use crate::access::Viewer;
use crate::conversation::Conversation;
use crate::party::Party;
use crate::staff::Staff;
use crate::time::Timestamp;

/// One person and one conversation, whatever is written in it.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The conversation.
    pub conversation: &'a Conversation,
    /// The person.
    pub staff: &'a Staff,
    /// The same, as the policy knows them.
    pub viewer: &'a Viewer,
    /// They work on the job that a message is about.
    pub is_crew: bool,
    /// Somebody who is not off works on it.
    pub has_crew: bool,
    /// The office added them to the conversation.
    pub is_participant: bool,
    /// What they want to be woken for.
    pub preferences: &'a PushPreferences,
}

impl<'a> From<&Asked<'a>> for Standing<'a> {
    fn from(asked: &Asked<'a>) -> Self {
        let Asked { conversation, staff, viewer, is_crew, has_crew, is_participant, preferences, .. } =
            *asked;
        Self { conversation, staff, viewer, is_crew, has_crew, is_participant, preferences }
    }
}

/// Whether the next message wakes somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// At one device or more.
    Woken,
    /// They are off today.
    Off,
    /// They have quiet hours now.
    Quiet,
    /// None of their devices can be reached.
    NoDevice,
    /// What comes here is not for them to be woken by: it wakes others.
    Others,
}

/// Whether the next usual message here would wake this person. `has_device` says that one of theirs can be reached;
/// `shows_next` that the next message is among those which they see.
pub fn reach(standing: &Standing<'_>, has_device: bool, shows_next: bool, now: Timestamp) -> Reach {
    let wakes = match standing.conversation.party {
        Party::Customer(_) => wakes_for_customer(standing, false),
        Party::Pair(_) | Party::Crew { .. } | Party::Staff { .. } | Party::StaffPhone { .. } => {
            wakes_internally(standing)
        }
    };
    if standing.staff.is_off(now) {
        Reach::Off
    } else if !wakes || !shows_next || standing.conversation.blocked {
        Reach::Others
    } else if !has_device {
        Reach::NoDevice
    } else if standing.preferences.quiet.as_ref().is_some_and(|quiet| quiet.holds(now)) {
        Reach::Quiet
    } else {
        Reach::Woken
    }
}
