//! Who sees how much of a conversation (P7). The facts are read consistently, the domain decides, and what is
//! hidden, foreign or unknown is the same 404.

use porchlight_domain::access::{AccessFacts, Act, Permit, Right, Sight, sight};
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::id::{BusinessId, ConversationId, StaffId};
use porchlight_domain::time::Timestamp;
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use porchlight_edge::view::row::Reader;
use porchlight_edge::view::{ConversationRow, StaffNames};
use porchlight_store::StoreError;

use crate::Inbox;
use crate::attempt::Refusal;

/// A conversation, as much of it as somebody may see, and why.
#[derive(Debug)]
pub struct Seen {
    /// As it was read.
    pub conversation: Conversation,
    /// Never hidden.
    pub sight: Sight,
    /// On what that was decided; empty for the office.
    pub facts: AccessFacts,
}

impl Seen {
    /// This person, as the reader of its row.
    pub const fn reader<'a>(
        &'a self,
        who: &'a SignedIn,
        marker: &'a ReadMarker,
        now: Timestamp,
    ) -> Reader<'a> {
        Reader { viewer: &who.viewer, sight: &self.sight, marker, now }
    }

    /// Proof that this person may do this here, or the words for whoever may not.
    pub fn permit(&self, who: &SignedIn, act: Act) -> Result<Permit, Problem> {
        self.sight.permit(&who.viewer, act).ok_or_else(|| {
            Problem::forbidden(match act.right() {
                Right::Texting => "Writing to customers is not switched on for you.",
                Right::Everybody | Right::Office | Right::Admin => "This is the office's to do.",
            })
        })
    }
}

impl Inbox {
    /// The conversation, if this person may see it.
    pub async fn see(&self, who: &SignedIn, id: &ConversationId) -> Result<Seen, Refusal> {
        let found = self.store.conversation(&who.business.id, id).await?;
        let conversation = found.ok_or_else(Problem::not_found)?;
        let facts = self.store.access_facts(&who.viewer, &conversation, self.now()).await?;
        let sight = sight(&who.viewer, &conversation, &facts, self.now());
        if sight.is_hidden() {
            return Err(Problem::not_found().into());
        }
        Ok(Seen { conversation, sight, facts })
    }

    /// The list row of what somebody sees.
    pub async fn row(
        &self,
        who: &SignedIn,
        seen: &Seen,
        marker: &ReadMarker,
    ) -> Result<ConversationRow, StoreError> {
        let names = self.names(&who.business.id).await?;
        Ok(ConversationRow::new(&seen.conversation, seen.reader(who, marker, self.now()), &names))
    }

    /// The names of everybody who works, or worked, there.
    pub async fn names(&self, business: &BusinessId) -> Result<StaffNames, StoreError> {
        Ok(StaffNames::new(&self.store.staff_of(business).await?))
    }

    /// Whether a person works there now.
    pub async fn works(&self, business: &BusinessId, staff: &StaffId) -> Result<bool, StoreError> {
        let person = self.store.staff(business, staff).await?;
        Ok(person.is_some_and(|person| person.disabled_at.is_none()))
    }

    /// A person who is named in a path and does not work there is a 404.
    pub async fn known_staff(&self, business: &BusinessId, staff: &StaffId) -> Result<(), Refusal> {
        if self.works(business, staff).await? { Ok(()) } else { Err(Problem::not_found().into()) }
    }
}
