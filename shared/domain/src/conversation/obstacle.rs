//! What stands in the way of a text to the customer.

use super::Conversation;
use crate::consent::{Consent, Purpose};
use crate::phone::ContactPoint;

/// What stands in the way of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The contact point is blocked.
    Blocked,
    /// The customer opted out.
    OptedOut,
    /// The customer seems to have asked for no more texts: a person decides first.
    InDoubt,
    /// Whoever wrote hid their number: they are nobody who could be answered.
    HiddenNumber,
    /// A landline, a short code, or unreachable for texts; an internal thread has no number at all.
    CannotText,
    /// The person is not allowed to write to customers.
    NotPermitted,
    /// The office has switched the thread to itself: the crew reads it.
    OfficeOnly,
    /// The colleague no longer works here.
    ColleagueLeft,
}

impl Conversation {
    /// What stands in the way of a text by whoever may write, given the consent on record. Whoever may not is
    /// told so first: the rest is not theirs to mend.
    pub fn obstacle(&self, may_write: bool, consent: Option<&Consent>) -> Option<Obstacle> {
        if !may_write {
            return Some(Obstacle::NotPermitted);
        }
        if self.blocked {
            return Some(Obstacle::Blocked);
        }
        if !Consent::permits(consent, self.purpose_of_answer()) {
            return Some(Obstacle::OptedOut);
        }
        if self.doubt.is_some() {
            return Some(Obstacle::InDoubt);
        }
        if self.contact().is_some_and(ContactPoint::is_hidden) {
            return Some(Obstacle::HiddenNumber);
        }
        (!self.is_reachable()).then_some(Obstacle::CannotText)
    }

    /// Whether texts reach the other end, as far as is known.
    pub fn is_reachable(&self) -> bool {
        !self.cannot_text && self.contact().is_some_and(ContactPoint::is_e164)
    }

    /// What a person's own text is for: an answer where the customer has ever written.
    pub fn purpose_of_answer(&self) -> Purpose {
        if self.customer_count > 0 { Purpose::Reply } else { Purpose::Service }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::{AttentionReason, InboundEffect};
    use crate::samples::{at, conversation, message};

    #[test]
    fn the_permission_comes_first_then_consent_then_the_number() {
        let mut conversation = conversation();
        let stop = Consent::not_this_person(at(1));
        assert_eq!(conversation.obstacle(true, None), None);
        conversation.know_cannot_text(true);
        assert_eq!(conversation.obstacle(true, None), Some(Obstacle::CannotText));
        assert_eq!(conversation.obstacle(true, Some(&stop)), Some(Obstacle::OptedOut), "P6");
        conversation.block(true);
        assert_eq!(conversation.obstacle(true, Some(&stop)), Some(Obstacle::Blocked));
        assert_eq!(conversation.obstacle(false, Some(&stop)), Some(Obstacle::NotPermitted));
    }

    #[test]
    fn nothing_leaves_while_a_person_has_not_decided_what_was_meant_p6() {
        let mut conversation = conversation();
        let asked = InboundEffect::AskedToStop { emergency: false };
        conversation.record_inbound(&message(1).of_customer(), asked);
        assert_eq!(conversation.obstacle(true, None), Some(Obstacle::InDoubt));
        let mut dismissed = conversation.clone();
        dismissed.dismiss_doubt();
        assert_eq!(dismissed.obstacle(true, None), None);
        let reason = |conversation: &Conversation| conversation.attention.map(|it| it.reason);
        assert_eq!(reason(&dismissed), Some(AttentionReason::Customer), "it still waits for an answer");
        conversation.confirm_doubt();
        assert_eq!((conversation.doubt, reason(&conversation)), (None, None));
    }
}
