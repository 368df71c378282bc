//! Who a conversation is with, as its viewer sees it.

use porchlight_domain::conversation::{Conversation, CrewJob};
use porchlight_domain::id::{JobId, StaffId};
use porchlight_domain::party::Party;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{StaffNames, StaffRef};

/// With whom conversations are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConversationType {
    /// A customer, or somebody who may become one.
    Customer,
    /// Members of staff, between themselves.
    Internal,
}

/// What kind of party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A customer, or somebody who may become one.
    Customer,
    /// A colleague: a thread that the two alone read.
    Pair,
    /// The crew of a job, as it is assigned, and the office.
    Crew,
    /// A member of staff and the office: where texts from their own number land.
    Staff,
}

/// Who a conversation is with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Party)]
pub struct PartyView {
    /// What kind.
    pub kind: PartyKind,
    /// Of a pair the other one; of a member of staff's thread with the office that person.
    #[schema(required)]
    pub colleague: Option<StaffRef>,
    /// The colleague works here no longer: a pair's thread can be read, and not written.
    pub colleague_left: bool,
    /// Of a crew: its job.
    #[schema(required)]
    pub job: Option<CrewJobView>,
}

/// The job of a crew's thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CrewJob)]
pub struct CrewJobView {
    /// Its id.
    pub id: JobId,
    /// The number people call it by; none for a moment, until it is known.
    #[schema(required)]
    pub number: Option<u32>,
    /// "Water heater replacement".
    pub title: String,
}

impl From<&Party> for ConversationType {
    fn from(party: &Party) -> Self {
        if party.is_internal() { Self::Internal } else { Self::Customer }
    }
}

impl PartyView {
    /// As this person sees it.
    pub fn new(conversation: &Conversation, viewer: &StaffId, names: &StaffNames) -> Self {
        let (kind, colleague) = match &conversation.party {
            Party::Customer(_) | Party::StaffPhone { .. } => (PartyKind::Customer, None),
            Party::Pair(pair) => (PartyKind::Pair, pair.other(viewer)),
            Party::Crew { .. } => (PartyKind::Crew, None),
            Party::Staff { staff } => (PartyKind::Staff, Some(staff)),
        };
        let job = match &conversation.party {
            Party::Crew { job } => Some(CrewJobView::new(job, conversation.crew_job.as_ref())),
            _ => None,
        };
        Self {
            kind,
            colleague_left: colleague.is_some_and(|staff| names.has_left(staff)),
            colleague: colleague.map(|staff| names.get(staff)),
            job,
        }
    }

    /// What an internal thread is called, by its viewer; nothing for a customer's, which has a name of its own.
    pub fn name(&self, viewer: &StaffId) -> Option<String> {
        let colleague = || self.colleague.as_ref().map(|person| person.name.clone()).unwrap_or_default();
        match self.kind {
            PartyKind::Customer => None,
            PartyKind::Staff if self.colleague.as_ref().is_some_and(|it| it.id == *viewer) => {
                Some("Office".to_owned())
            }
            PartyKind::Staff | PartyKind::Pair => Some(colleague()),
            PartyKind::Crew => {
                let number = self.job.as_ref().and_then(|job| job.number);
                Some(number.map_or_else(|| "Job crew".to_owned(), |number| format!("Job {number} crew")))
            }
        }
    }
}

impl CrewJobView {
    fn new(id: &JobId, job: Option<&CrewJob>) -> Self {
        let title = job.map(|job| job.title.clone()).unwrap_or_default();
        Self { id: id.clone(), number: job.map(|job| job.number), title }
    }
}
