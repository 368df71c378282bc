//! One conversation, with what stands beside its thread.

use porchlight_api::message::PriceView;
use porchlight_api::row::LeadView;
use porchlight_api::words::{ChannelWord, ConsentWord, JobStatusWord, ObstacleWord, PurposeWord};
use porchlight_api::{ConversationRow, StaffNames, StaffRef};
use porchlight_domain::access::Sight;
use porchlight_domain::consent::{self, Consent, ConsentSource};
use porchlight_domain::customer::{Block, ContactLink, Customer, Job};
use porchlight_domain::id::{CustomerId, JobId, StaffId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::facts::JobFactView;

/// A conversation's row, with what stands beside its thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationDetail {
    /// As in the list.
    #[serde(flatten)]
    pub row: ConversationRow,
    /// The customer behind the contact point.
    #[schema(required)]
    pub customer_detail: Option<CustomerDetail>,
    /// The line that a reply leaves from; none of an internal thread.
    #[schema(required)]
    pub line: Option<ContactPoint>,
    /// Whether the viewer may write here.
    pub can_send: CanSend,
    /// What the customer last said about being texted, where they did.
    #[schema(required)]
    pub consent_detail: Option<ConsentDetail>,
    /// By whom and when it was blocked, where it is.
    #[schema(required)]
    pub block: Option<BlockView>,
    /// The place of the first message that the viewer has not read.
    #[schema(required)]
    pub first_unread_seq: Option<u64>,
    /// What its texts have cost so far, by currency; the office's to see, and for others empty.
    pub cost: Vec<PriceView>,
    /// Whom an internal thread is between: a pair's two, a crew's technicians as they are now (the office reads along),
    /// or whose thread with the office it is; empty for a customer's.
    pub members: Vec<StaffRef>,
    /// Staff whom the office added to this conversation.
    pub participants: Vec<StaffRef>,
}

/// Who blocked a contact point, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Block)]
pub struct BlockView {
    /// By whom.
    pub by: StaffRef,
    /// When.
    pub at: Timestamp,
    /// As a sender of spam.
    pub spam: bool,
}

impl BlockView {
    /// With the names of the staff.
    pub fn new(block: &Block, names: &StaffNames) -> Self {
        Self { by: names.get(&block.by), at: block.at, spam: block.spam }
    }
}

/// Whether somebody may write in a conversation, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CanSend {
    /// They may.
    pub allowed: bool,
    /// Why not.
    #[schema(required)]
    pub reason: Option<ObstacleWord>,
    /// The same in a sentence for the screen.
    #[schema(required)]
    pub detail: Option<String>,
}

impl CanSend {
    /// Nothing stands in the way.
    pub const YES: Self = Self { allowed: true, reason: None, detail: None };

    /// Something does.
    pub fn no(reason: ObstacleWord, detail: impl Into<String>) -> Self {
        Self { allowed: false, reason: Some(reason), detail: Some(detail.into()) }
    }
}

/// What the customer last said about being texted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentDetail {
    /// Open or closed.
    pub state: ConsentWord,
    /// When it was said.
    pub at: Timestamp,
    /// How.
    pub how: ConsentHow,
    /// How far it goes while it is open.
    pub scope: PurposeWord,
    /// Only the customer can open it again: they opted out themselves.
    pub only_they_can_open: bool,
}

/// How consent was opened or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsentHow {
    /// The customer wrote STOP, or said it in other words.
    Stop,
    /// The customer wrote START.
    Start,
    /// The customer wrote HELP; it changes nothing.
    Help,
    /// The provider refused a text because they opted out there.
    ProviderRefused,
    /// The office, on the customer's wish.
    Office,
}

impl From<&Consent> for ConsentDetail {
    fn from(consent: &Consent) -> Self {
        let open = Consent::allows(Some(consent));
        Self {
            state: if open { ConsentWord::Open } else { ConsentWord::Closed },
            at: consent.at,
            scope: consent.scope.into(),
            only_they_can_open: consent.only_they_can_open(),
            how: match consent.how {
                ConsentSource::Word(
                    consent::ConsentWord::Stop | consent::ConsentWord::Unclear | consent::ConsentWord::Asked,
                ) => ConsentHow::Stop,
                ConsentSource::Word(consent::ConsentWord::Start) => ConsentHow::Start,
                ConsentSource::Word(consent::ConsentWord::Help) => ConsentHow::Help,
                ConsentSource::ProviderRefused => ConsentHow::ProviderRefused,
                ConsentSource::Office => ConsentHow::Office,
            },
        }
    }
}

/// A customer, as the panel beside the thread shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerDetail {
    /// Their id.
    pub id: CustomerId,
    /// Their name.
    pub name: String,
    /// Where the work is.
    #[schema(required)]
    pub address: Option<String>,
    /// What they owe, in cents; the office's to see.
    #[schema(required)]
    pub balance_cents: Option<i64>,
    /// What the office wrote about them; the office's to see.
    #[schema(required)]
    pub notes: Option<String>,
    /// What whoever stands at the door needs.
    #[schema(required)]
    pub access_notes: Option<String>,
    /// Since when they are known.
    pub since: Timestamp,
    /// Present while they are, or were, a lead.
    #[schema(required)]
    pub lead: Option<LeadView>,
    /// How they are reached.
    pub contacts: Vec<ContactView>,
    /// Their jobs, the latest first.
    pub jobs: Vec<JobDetail>,
}

/// A contact point of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Contact)]
pub struct ContactView {
    /// The number or address.
    pub contact: ContactPoint,
    /// "Maria's cell".
    #[schema(required)]
    pub label: Option<String>,
    /// The channel it is used on.
    pub channel: ChannelWord,
    /// A landline, or unreachable for texts.
    pub cannot_text: bool,
}

/// A job of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Job)]
pub struct JobDetail {
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
    /// What it costs, in cents; the office's to see.
    #[schema(required)]
    pub amount_cents: Option<i64>,
    /// Who works on it.
    pub technicians: Vec<StaffRef>,
    /// What stands above its threads, the first one kept first.
    pub facts: Vec<JobFactView>,
}

impl CustomerDetail {
    /// As much of a customer as `sight` of a conversation with them shows. `contacts` are those that they use now, with
    /// whether texts do not reach them; `jobs` come with their crews.
    pub fn new(
        customer: Customer,
        contacts: &[(ContactLink, bool)],
        jobs: &[(Job, Vec<StaffId>)],
        sight: &Sight,
        names: &StaffNames,
    ) -> Self {
        let for_office = *sight == Sight::Office;
        Self {
            contacts: contacts.iter().map(contact).collect(),
            jobs: jobs_in_sight(jobs, sight)
                .map(|(job, crew)| job_detail(job, crew, for_office, names))
                .collect(),
            id: customer.id,
            name: customer.name,
            address: customer.address,
            balance_cents: for_office.then_some(customer.balance_cents),
            notes: customer.notes.filter(|_| for_office),
            access_notes: customer.access_notes,
            since: customer.since,
            lead: customer.lead.map(|stage| LeadView { stage: stage.into() }),
        }
    }
}

fn contact((link, cannot_text): &(ContactLink, bool)) -> ContactView {
    ContactView {
        contact: link.contact.clone(),
        label: link.label.clone(),
        channel: link.channel.into(),
        cannot_text: *cannot_text,
    }
}

fn jobs_in_sight<'j>(
    jobs: &'j [(Job, Vec<StaffId>)],
    sight: &Sight,
) -> impl Iterator<Item = &'j (Job, Vec<StaffId>)> {
    jobs.iter().filter(move |(job, _)| sight.shows_job(&job.id))
}

fn job_detail(job: &Job, crew: &[StaffId], for_office: bool, names: &StaffNames) -> JobDetail {
    JobDetail {
        id: job.id.clone(),
        number: job.number,
        title: job.title.clone(),
        status: job.status.into(),
        scheduled_at: job.scheduled_at,
        amount_cents: for_office.then_some(job.amount_cents),
        technicians: crew.iter().map(|staff| names.get(staff)).collect(),
        facts: JobFactView::of(job, names),
    }
}
