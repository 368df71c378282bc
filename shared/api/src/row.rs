//! A conversation, as the list shows it.

use porchlight_domain::access::{Act, Sight, Viewer};
use porchlight_domain::conversation::{Conversation, Doubt, Draft, JobSummary, LastMessage, ReadMarker};
use porchlight_domain::customer::LeadStage;
use porchlight_domain::id::{ConversationId, CustomerId, JobId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_store::conversations::Drafts;
use serde::Serialize;
use utoipa::ToSchema;

use super::party::{ConversationType, PartyKind, PartyView};
use super::words::{
    ActWord, AttentionReasonWord, ChannelWord, ConsentWord, ConversationState, JobStatusWord, LeadStageWord,
    MessageDirection, MessageKindWord, MessageStatus,
};
use super::{StaffNames, StaffRef};

/// A conversation, as the list shows it to one viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the shape of the API: each is a fact of its own on the screen"
)]
pub struct ConversationRow {
    /// Its id.
    pub id: ConversationId,
    /// Counts the writes, its viewer's marks too: of two versions of a row the larger one is the later one.
    pub version: u64,
    /// The place of the newest entry of its timeline.
    pub seq: u64,
    /// With whom: a customer, or colleagues.
    pub r#type: ConversationType,
    /// Who that is.
    pub party: PartyView,
    /// The customer's name, else the contact point; of an internal thread the colleague's name, or its crew's.
    pub name: String,
    /// The other end: E.164, a short code, another sender, or an address; none of an internal thread.
    #[schema(required)]
    pub contact: Option<ContactPoint>,
    /// How its messages travel; an internal thread's do not.
    #[schema(required)]
    pub channel: Option<ChannelWord>,
    /// Open or closed.
    pub state: ConversationState,
    /// Needs a person.
    pub attention: bool,
    /// Why it needs a person.
    #[schema(required)]
    pub attention_reason: Option<AttentionReasonWord>,
    /// What to do about it, in a sentence for the screen, where the thread does not say it by itself.
    #[schema(required)]
    pub attention_advice: Option<String>,
    /// An emergency word was said.
    pub emergency: bool,
    /// Since when somebody waits for a person.
    #[schema(required)]
    pub waiting_since: Option<Timestamp>,
    /// Present while the customer is, or was, a lead, or is not known at all.
    #[schema(required)]
    pub lead: Option<LeadView>,
    /// Whose it is.
    #[schema(required)]
    pub assignee: Option<StaffRef>,
    /// Who the contact point belongs to.
    #[schema(required)]
    pub customer: Option<CustomerRef>,
    /// The viewer's unread messages; at least 1 while marked unread. None else for whoever sees only some jobs.
    pub unread: u64,
    /// Marked unread by the viewer's hand.
    pub marked_unread: bool,
    /// On top of the viewer's own list.
    pub pinned: bool,
    /// Whether the contact point may be texted.
    pub consent: ConsentWord,
    /// The customer's text that seems to ask for no more texts: nothing leaves until a person has decided.
    #[schema(required)]
    pub consent_doubt: Option<DoubtView>,
    /// The contact point is a landline, or unreachable for texts.
    pub cannot_text: bool,
    /// It is blocked: in no list, and nobody is told of what it sends.
    pub blocked: bool,
    /// "Office only": the crew reads, and cannot write to the customer.
    pub office_only: bool,
    /// Out of Active until then.
    #[schema(required)]
    pub snoozed_until: Option<Timestamp>,
    /// A thanks came while nothing waited: "looked settled · undo".
    pub settled_hint: bool,
    /// The place of the newest message that did not arrive, and was neither sent again nor put aside nor settled.
    #[schema(required)]
    pub failed_seq: Option<u64>,
    /// How many messages wait here for a time that somebody chose, or for a person.
    pub planned: usize,
    /// The end of the timeline, where the viewer may see it.
    #[schema(required)]
    pub last_message: Option<LastMessageView>,
    /// Orders the list.
    pub last_activity_at: Timestamp,
    /// The customer's job that matters most: under way, else next, else last.
    #[schema(required)]
    pub job: Option<JobView>,
    /// That job is under way or still to come: closing would hide the thread from its crew, and asks first.
    pub job_ahead: bool,
    /// What the viewer may do with it.
    pub may: Vec<ActWord>,
    /// What the viewer is writing to the customer, on whichever device of theirs.
    #[schema(required)]
    pub draft: Option<DraftView>,
    /// What the viewer is writing to colleagues.
    #[schema(required)]
    pub note_draft: Option<DraftView>,
    /// The place of the newest note that names the viewer, since they last looked.
    #[schema(required)]
    pub mentioned_seq: Option<u64>,
}

/// A customer's text that seems to ask for no more texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsentDoubt)]
pub struct DoubtView {
    /// Its place.
    pub seq: u64,
    /// When it came.
    pub at: Timestamp,
}

/// What somebody is writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    /// The words so far.
    pub text: String,
    /// When they were kept.
    pub updated_at: Timestamp,
}

impl From<Draft> for DraftView {
    fn from(draft: Draft) -> Self {
        Self { text: draft.text, updated_at: draft.updated_at }
    }
}

/// Who reads a row, and how.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The person.
    pub viewer: &'a Viewer,
    /// As much of the conversation as they see.
    pub sight: &'a Sight,
    /// As far as they have read it.
    pub marker: &'a ReadMarker,
    /// The end of the timeline, as far as they see it.
    pub last: Option<&'a LastMessage>,
    /// When.
    pub now: Timestamp,
}

impl Reader<'_> {
    /// With a colleague who left nothing is written.
    fn may(&self, conversation: &Conversation, colleague_left: bool) -> Vec<ActWord> {
        let may = |act: &Act| {
            let is_read_only = *act == Act::Write && colleague_left;
            self.sight.permit_here(self.viewer, conversation, *act).is_some() && !is_read_only
        };
        Act::ALL.into_iter().filter(may).map(ActWord::from).collect()
    }
}

/// A lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Lead)]
pub struct LeadView {
    /// How far it has come.
    pub stage: LeadStageWord,
}

/// A customer, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerRef {
    /// Their id.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
}

/// A job, in a few words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobBrief)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// The number people call it by.
    pub number: u32,
    /// "Water heater replacement".
    pub title: String,
    /// Where it stands.
    pub status: JobStatusWord,
    /// When the crew comes.
    #[schema(required)]
    pub scheduled_at: Option<Timestamp>,
}

/// The end of a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LastMessage)]
pub struct LastMessageView {
    /// Its place.
    pub seq: u64,
    /// The start of what it says, in one line.
    pub text: String,
    /// Who or what wrote it.
    pub kind: MessageKindWord,
    /// Which way it went.
    pub direction: MessageDirection,
    /// The member of staff who wrote it.
    #[schema(required)]
    pub author: Option<StaffRef>,
    /// Where it stands.
    pub status: MessageStatus,
    /// When it was received or written.
    pub created_at: Timestamp,
}

impl ConversationRow {
    /// The row for this reader.
    pub fn new(conversation: &Conversation, reader: Reader<'_>, names: &StaffNames) -> Self {
        let Reader { viewer, sight, marker, last, .. } = reader;
        let attention = conversation.shown_attention();
        // Of a shared number, only the customer of one's own jobs is told (P7).
        let customer = conversation.customer.as_ref().filter(|customer| sight.shows_customer(&customer.id));
        let hidden = customer.is_none() && conversation.customer.is_some();
        let job = customer.and_then(|customer| customer.job.as_ref()).filter(|job| sight.shows_job(&job.id));
        let party = PartyView::new(conversation, &viewer.staff, names);
        let is_read_only = party.kind == PartyKind::Pair && party.colleague_left;
        Self {
            id: conversation.id.clone(),
            version: conversation.version + marker.version,
            seq: conversation.seq,
            r#type: (&conversation.party).into(),
            name: if let Some(name) = party.name(&viewer.staff) {
                name
            } else if hidden {
                conversation.contact().map_or("", ContactPoint::label).to_owned()
            } else {
                conversation.name().to_owned()
            },
            party,
            contact: conversation.contact().cloned(),
            channel: conversation.route().map(|route| route.channel.into()),
            state: conversation.state.into(),
            attention: attention.is_some(),
            attention_reason: attention.map(|attention| attention.reason.into()),
            attention_advice: attention.and_then(|attention| attention.reason.advice()).map(str::to_owned),
            emergency: attention.is_some_and(|attention| attention.emergency),
            waiting_since: attention.map(|attention| attention.waiting_since),
            lead: lead(conversation).filter(|_| !hidden),
            assignee: conversation.assignee.as_ref().map(|staff| names.get(staff)),
            customer: customer
                .map(|customer| CustomerRef { id: customer.id.clone(), name: customer.name.clone() }),
            unread: sight.unread(conversation, marker),
            marked_unread: marker.marked_unread,
            pinned: marker.pinned && sight.permit(viewer, Act::Unpin).is_some(),
            consent: if conversation.opted_out || conversation.doubt.is_some() {
                ConsentWord::Closed
            } else {
                ConsentWord::Open
            },
            consent_doubt: conversation.doubt.map(|Doubt { seq, at }| DoubtView { seq, at }),
            cannot_text: conversation.cannot_text,
            blocked: conversation.blocked,
            office_only: conversation.office_only,
            snoozed_until: conversation.snoozed_until,
            settled_hint: conversation.looked_settled,
            failed_seq: conversation.failed.filter(|_| !matches!(sight, Sight::Jobs(_))),
            planned: if matches!(sight, Sight::Jobs(_)) { 0 } else { conversation.planned.len() },
            last_message: last.map(|last| last_message(last, names)),
            last_activity_at: conversation.last_activity_at,
            job: job.map(job_view),
            job_ahead: job.is_some() && conversation.job_ahead(reader.now).is_some(),
            may: reader.may(conversation, is_read_only),
            draft: None,
            note_draft: None,
            mentioned_seq: marker.mentioned,
        }
    }

    /// The row for whoever is writing this.
    #[must_use]
    pub fn with_drafts(self, drafts: Drafts) -> Self {
        let Drafts { reply, note } = drafts;
        Self { draft: reply.map(DraftView::from), note_draft: note.map(DraftView::from), ..self }
    }
}

/// Somebody unknown is a new lead until the office says who they are.
fn lead(conversation: &Conversation) -> Option<LeadView> {
    let stage = match &conversation.customer {
        Some(customer) => customer.lead,
        None => conversation.is_lead().then_some(LeadStage::New),
    };
    stage.map(|stage| LeadView { stage: stage.into() })
}

fn last_message(last: &LastMessage, names: &StaffNames) -> LastMessageView {
    LastMessageView {
        seq: last.seq,
        text: last.text.clone(),
        kind: last.kind.into(),
        direction: last.direction.into(),
        author: last.author.as_ref().map(|staff| names.get(staff)),
        status: last.status.into(),
        created_at: last.at,
    }
}

fn job_view(job: &JobSummary) -> JobView {
    JobView {
        id: job.id.clone(),
        number: job.number,
        title: job.title.clone(),
        status: job.status.into(),
        scheduled_at: job.scheduled_at,
    }
}
