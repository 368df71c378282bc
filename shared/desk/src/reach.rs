//! Who sees how much of a conversation, and what they may do with it (P7). The facts are read consistently, the
//! domain decides, and what is hidden, foreign or unknown is the same to whoever asks.

use porchlight_domain::access::{AccessFacts, Act, Permit, Person, Sight, sight};
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, LastMessage, Obstacle, ReadMarker};
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId, StaffId};
use porchlight_domain::party::{Party, Route};
use porchlight_domain::phone::ContactPoint;
use porchlight_store::{Store, StoreError};

use crate::{Desk, Refusal};

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

/// The same, with how far somebody has read it.
#[derive(Debug)]
pub struct SeenMarked {
    /// The conversation.
    pub seen: Seen,
    /// Their marker.
    pub marker: ReadMarker,
}

impl Seen {
    /// The customer linked last; of a shared number, one of the viewer's own jobs.
    pub fn customer(&self) -> Option<&CustomerId> {
        let last = self.conversation.customer.as_ref().map(|customer| &customer.id);
        match &self.sight {
            Sight::Jobs(jobs) => {
                let theirs = jobs.first().map(|(_, customer)| customer);
                last.filter(|customer| self.sight.shows_customer(customer)).or(theirs)
            }
            _ => last,
        }
    }

    /// Proof that this person may do this here.
    pub fn permit(&self, who: &Person, act: Act) -> Result<Permit, Refusal> {
        let usual = self.sight.permit(&who.viewer, act).ok_or(Refusal::NotAllowed(act.right()))?;
        match self.sight.permit_here(&who.viewer, &self.conversation, act) {
            Some(_) => Ok(usual),
            None => Err(Refusal::Obstacle { obstacle: Obstacle::OfficeOnly, admins: Vec::new() }),
        }
    }
}

/// The end of the timeline as far as somebody sees it: the summary's, or the newest message before it that is theirs
/// to read (a shared number, a note).
pub async fn last_in_sight(
    store: &Store,
    conversation: &Conversation,
    sight: &Sight,
) -> Result<Option<LastMessage>, StoreError> {
    let Some(last) = &conversation.last_message else { return Ok(None) };
    if sight.shows_last(last) {
        return Ok(Some(last.clone()));
    }
    let (business, id) = (&conversation.business, &conversation.id);
    let newest = store.newest_message(business, id, |message| sight.shows_in_row(message)).await?;
    Ok(newest.as_ref().map(LastMessage::of))
}

impl Desk {
    /// The conversation, if this person may see it.
    pub async fn see(&self, who: &Person, id: &ConversationId) -> Result<Seen, Refusal> {
        let Some(conversation) = self.store.conversation(&who.business.id, id).await? else {
            return Err(self.as_if_hidden(who).await);
        };
        let facts = self.store.access_facts(&who.viewer, &conversation, self.now()).await?;
        let sight = sight(&who.viewer, &conversation, &facts, self.now());
        if sight.is_hidden() {
            return Err(Refusal::NotFound);
        }
        Ok(Seen { conversation, sight, facts })
    }

    /// What is not there takes the reads of what is there and hidden: the time does not tell them apart (P7).
    async fn as_if_hidden(&self, who: &Person) -> Refusal {
        let (business, at) = (who.business.id.clone(), self.now());
        let Ok(nobody) = ContactPoint::phone("anonymous") else { return Refusal::NotFound };
        let route =
            Route { group: self.new_id(at), channel: Channel::Sms, contact: nobody.clone(), line: nobody };
        let stand_in =
            Conversation::begin(Beginning { business, party: Party::Customer(route), customer: None, at });
        match self.store.access_facts(&who.viewer, &stand_in, at).await {
            Ok(_) => Refusal::NotFound,
            Err(error) => error.into(),
        }
    }

    /// The same with how far this person has read it.
    pub(crate) async fn marked(&self, who: &Person, seen: Seen) -> Result<SeenMarked, Refusal> {
        let id = &seen.conversation.id;
        let mut marker = self.store.read_marker(&who.business.id, id, &who.staff.id).await?;
        // Whoever `index` has not let in yet joins by looking: nothing of before is unread.
        if seen.sight == Sight::Insider && !marker.has_joined() {
            marker.read(&seen.conversation);
        }
        Ok(SeenMarked { seen, marker })
    }

    /// Whether a person works there now.
    pub(crate) async fn works(&self, business: &BusinessId, staff: &StaffId) -> Result<bool, StoreError> {
        let person = self.store.staff(business, staff).await?;
        Ok(person.is_some_and(|person| person.disabled_at.is_none()))
    }

    /// A person who is named in an address and does not work there is not found.
    pub(crate) async fn known_staff(&self, business: &BusinessId, staff: &StaffId) -> Result<(), Refusal> {
        if self.works(business, staff).await? { Ok(()) } else { Err(Refusal::NotFound) }
    }
}
