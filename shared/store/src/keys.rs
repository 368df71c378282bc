//! Every key of every table, in one place; the table of them is in the crate's README.
//!
//! The parts of a key are ULIDs, hex digests, contact points or words; none of them contains `#`.

use std::fmt;

use porchlight_domain::conversation::DraftKind;
use porchlight_domain::id::{
    BusinessId, CommandId, ConversationId, CustomerId, EventId, InviteId, JobId, LineGroupId, MessageId,
    StaffId, TemplateId, UploadId,
};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use ulid::Ulid;

mod push;
mod search;

pub(crate) use push::*;
pub(crate) use search::*;

/// Partitions of each *due* index, and of the counters of a business.
pub const SHARDS: u8 = 8;

/// The sort key of an item that is alone, or first, in its partition.
pub(crate) const META: &str = "META";
/// The sort key of a pointer.
pub(crate) const POINTER: &str = "PTR";

/// The primary key of an item.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The partition.
    pub pk: String,
    /// The place in it.
    pub sk: String,
}

impl fmt::Debug for Key {
    /// Only which kind of key it is: the rest holds numbers, addresses, words that were searched for (P11).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.pk.split('#').find(|part| part.bytes().all(|byte| byte.is_ascii_uppercase()));
        write!(f, "Key({})", kind.unwrap_or("…"))
    }
}

impl Key {
    pub(crate) fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }
}

/// With what the partitions of a business begin.
pub(crate) fn prefix_of(business: &BusinessId) -> String {
    format!("{business}#")
}

// --- conversations and messages: both by conversation -------------------------------------------------

pub(crate) fn conversation_pk(business: &BusinessId, conversation: &ConversationId) -> String {
    format!("{business}#CONV#{conversation}")
}

/// With what the partitions of a business's conversations begin.
pub(crate) fn conversations_prefix(business: &BusinessId) -> String {
    format!("{business}#CONV#")
}

/// The partition of an index that holds a folder of a business.
pub(crate) fn folder_pk(business: &BusinessId, folder: &str) -> String {
    format!("{business}#{folder}")
}

/// A conversation's place in its folder.
pub(crate) fn activity(at: Timestamp, conversation: &ConversationId) -> String {
    format!("{at}#{conversation}")
}

/// Its place among those that wait.
pub(crate) fn waiting(emergency: bool, since: Timestamp, conversation: &ConversationId) -> String {
    format!("{}#{since}#{conversation}", u8::from(!emergency))
}

pub(crate) fn summary(business: &BusinessId, conversation: &ConversationId) -> Key {
    Key::new(conversation_pk(business, conversation), META)
}

pub(crate) fn read_marker(business: &BusinessId, conversation: &ConversationId, staff: &StaffId) -> Key {
    Key::new(conversation_pk(business, conversation), format!("READ#{staff}"))
}

pub(crate) fn draft(
    business: &BusinessId,
    conversation: &ConversationId,
    staff: &StaffId,
    kind: DraftKind,
) -> Key {
    let kind = match kind {
        DraftKind::Reply => "DRAFT",
        DraftKind::Note => "NOTE",
    };
    Key::new(conversation_pk(business, conversation), format!("{kind}#{staff}"))
}

pub(crate) fn cost(business: &BusinessId, conversation: &ConversationId) -> Key {
    Key::new(conversation_pk(business, conversation), "COST")
}

pub(crate) fn member(business: &BusinessId, conversation: &ConversationId, staff: &StaffId) -> Key {
    Key::new(conversation_pk(business, conversation), format!("MEMBER#{staff}"))
}

pub(crate) fn message(business: &BusinessId, conversation: &ConversationId, seq: u64) -> Key {
    Key::new(conversation_pk(business, conversation), message_sk(seq))
}

pub(crate) fn message_sk(seq: u64) -> String {
    format!("MSG#{seq:012}")
}

pub(crate) fn message_pointer(business: &BusinessId, id: &MessageId) -> Key {
    Key::new(format!("{business}#MSG#{id}"), POINTER)
}

pub(crate) fn sid_pointer(business: &BusinessId, sid: &str) -> Key {
    Key::new(format!("{business}#SID#{sid}"), POINTER)
}

// --- directory ----------------------------------------------------------------------------------------

pub(crate) fn business(business: &BusinessId) -> Key {
    Key::new(business.as_str(), "BUSINESS")
}

pub(crate) fn dictation(business: &BusinessId) -> Key {
    Key::new(business.as_str(), "DICTATION")
}

pub(crate) fn group(business: &BusinessId, group: &LineGroupId) -> Key {
    Key::new(business.as_str(), format!("GROUP#{group}"))
}

pub(crate) fn line(business: &BusinessId, number: &ContactPoint) -> Key {
    Key::new(business.as_str(), format!("LINE#{number}"))
}

pub(crate) fn staff(business: &BusinessId, staff: &StaffId) -> Key {
    Key::new(business.as_str(), format!("STAFF#{staff}"))
}

pub(crate) fn login(email: &str) -> Key {
    Key::new(format!("LOGIN#{}", email.to_lowercase()), "LOGIN")
}

pub(crate) fn contact_pk(business: &BusinessId, contact: &ContactPoint) -> String {
    format!("{business}#CONTACT#{contact}")
}

pub(crate) fn contact(business: &BusinessId, contact: &ContactPoint) -> Key {
    Key::new(contact_pk(business, contact), META)
}

pub(crate) fn staff_number(business: &BusinessId, contact: &ContactPoint) -> Key {
    Key::new(contact_pk(business, contact), "STAFF")
}

pub(crate) fn consent(business: &BusinessId, contact: &ContactPoint, group: &LineGroupId) -> Key {
    Key::new(contact_pk(business, contact), format!("CONSENT#{group}"))
}

pub(crate) fn consent_lines_pk(business: &BusinessId, contact: &ContactPoint) -> String {
    format!("{business}#CONSENT#{contact}")
}

pub(crate) fn consent_line(
    business: &BusinessId,
    contact: &ContactPoint,
    group: &LineGroupId,
    line: Ulid,
) -> Key {
    Key::new(consent_lines_pk(business, contact), format!("{group}#{line}"))
}

pub(crate) fn link_of_contact(business: &BusinessId, contact: &ContactPoint, customer: &CustomerId) -> Key {
    Key::new(contact_pk(business, contact), format!("LINK#{customer}"))
}

pub(crate) fn customer_pk(business: &BusinessId, customer: &CustomerId) -> String {
    format!("{business}#CUSTOMER#{customer}")
}

pub(crate) fn customer(business: &BusinessId, customer: &CustomerId) -> Key {
    Key::new(customer_pk(business, customer), META)
}

pub(crate) fn link_of_customer(business: &BusinessId, customer: &CustomerId, contact: &ContactPoint) -> Key {
    Key::new(customer_pk(business, customer), format!("LINK#{contact}"))
}

pub(crate) fn job(business: &BusinessId, customer: &CustomerId, job: &JobId) -> Key {
    Key::new(customer_pk(business, customer), format!("JOB#{job}"))
}

/// The list of a business's customers, and a place in it.
pub(crate) fn customers_list(business: &BusinessId) -> String {
    format!("{business}#CUSTOMER")
}

pub(crate) fn customers_place(name: &str, customer: &CustomerId) -> String {
    format!("{}#{customer}", name.to_lowercase())
}

/// The list of a business's blocked contact points.
pub(crate) fn blocked_list(business: &BusinessId) -> String {
    format!("{business}#BLOCKED")
}

/// The last blocked first.
pub(crate) fn blocked_place(at: Timestamp, contact: &ContactPoint) -> String {
    format!("{:020}#{contact}", i64::MAX - at.millis())
}

/// The list of a business's jobs.
pub(crate) fn jobs_list(business: &BusinessId) -> String {
    format!("{business}#JOB")
}

pub(crate) fn job_pk(business: &BusinessId, job: &JobId) -> String {
    format!("{business}#JOB#{job}")
}

pub(crate) fn job_pointer(business: &BusinessId, job: &JobId) -> Key {
    Key::new(job_pk(business, job), POINTER)
}

pub(crate) fn assignment_of_job(business: &BusinessId, job: &JobId, staff: &StaffId) -> Key {
    Key::new(job_pk(business, job), format!("STAFF#{staff}"))
}

pub(crate) fn staff_pk(business: &BusinessId, staff: &StaffId) -> String {
    format!("{business}#STAFF#{staff}")
}

pub(crate) fn assignment_of_staff(business: &BusinessId, staff: &StaffId, job: &JobId) -> Key {
    Key::new(staff_pk(business, staff), format!("JOB#{job}"))
}

pub(crate) fn participant(business: &BusinessId, conversation: &ConversationId, staff: &StaffId) -> Key {
    Key::new(conversation_pk(business, conversation), format!("PARTICIPANT#{staff}"))
}

/// All that a business keeps to write with.
pub(crate) fn templates_pk(business: &BusinessId) -> String {
    format!("{business}#TEMPLATES")
}

/// Their order, and what is offered.
pub(crate) fn templates(business: &BusinessId) -> Key {
    Key::new(templates_pk(business), META)
}

pub(crate) fn template(business: &BusinessId, template: &TemplateId) -> Key {
    Key::new(templates_pk(business), format!("TEMPLATE#{template}"))
}

pub(crate) fn quick_replies(business: &BusinessId) -> Key {
    Key::new(templates_pk(business), "QUICK")
}

// --- events, derived ----------------------------------------------------------------------------------

pub(crate) fn events_pk(business: &BusinessId, day: &str) -> String {
    format!("{business}#{day}")
}

/// When one person's presence was last told.
pub(crate) fn presence(business: &BusinessId, staff: &StaffId) -> Key {
    Key::new(format!("{business}#PRESENCE"), staff.as_str())
}

pub(crate) fn event(business: &BusinessId, id: &EventId) -> Key {
    Key::new(events_pk(business, &id.time().day()), id.as_str())
}

/// The smallest event id of an instant.
pub(crate) fn first_event_id(at: Timestamp) -> String {
    let millis = u64::try_from(at.millis()).unwrap_or(0);
    Ulid::from_parts(millis, 0).to_string()
}

/// What was counted for the whole office.
pub fn office(business: &BusinessId) -> Key {
    Key::new(format!("{business}#OFFICE"), META)
}

/// The walks over all conversations of a business that have not ended: one partition, there are few.
pub(crate) const WALKS: &str = "WALKS";

pub(crate) fn walk(business: &BusinessId, id: &str) -> Key {
    Key::new(WALKS, format!("{business}#{id}"))
}

/// Customers by what they are called: the partition of a term.
pub(crate) fn who_pk(business: &BusinessId, term: &str) -> String {
    format!("{business}#WHO#{}", first_two(term))
}

/// A customer is called so.
pub(crate) fn who(business: &BusinessId, term: &str, customer: &CustomerId) -> Key {
    Key::new(who_pk(business, term), format!("{term}#{customer}"))
}

/// Under what a customer was last laid.
pub(crate) fn called(business: &BusinessId, customer: &CustomerId) -> Key {
    Key::new(format!("{business}#CALLED#{customer}"), META)
}

pub(crate) fn applied(business: &BusinessId, conversation: &ConversationId) -> Key {
    Key::new(format!("{business}#APPLIED#{conversation}"), META)
}

pub(crate) fn counters_pk(business: &BusinessId) -> String {
    format!("{business}#COUNTERS")
}

pub(crate) fn counter_shard(business: &BusinessId, shard: u8) -> Key {
    Key::new(counters_pk(business), format!("SHARD#{shard}"))
}

// --- vault --------------------------------------------------------------------------------------------

pub(crate) fn command(business: &BusinessId, id: &CommandId) -> Key {
    Key::new(format!("{business}#COMMAND#{id}"), META)
}

/// A command over many conversations, and a page of its snapshot.
pub(crate) fn bulk(business: &BusinessId, id: &CommandId) -> Key {
    Key::new(bulk_pk(business, id), META)
}

pub(crate) fn bulk_page(business: &BusinessId, id: &CommandId, page: u32) -> Key {
    Key::new(bulk_pk(business, id), format!("PAGE#{page:06}"))
}

fn bulk_pk(business: &BusinessId, id: &CommandId) -> String {
    format!("{business}#BULK#{id}")
}

pub(crate) fn upload(business: &BusinessId, id: &UploadId) -> Key {
    Key::new(format!("{business}#UPLOAD#{id}"), META)
}

/// A file that whoever has the token of this digest has.
pub(crate) fn shared_file(digest: &str) -> Key {
    Key::new(format!("MEDIA#{digest}"), META)
}

pub(crate) fn session(digest: &str) -> Key {
    Key::new(format!("SESSION#{digest}"), META)
}

pub(crate) fn session_of_staff(business: &BusinessId, staff: &StaffId, digest: &str) -> Key {
    Key::new(staff_pk(business, staff), format!("SESSION#{digest}"))
}

/// What the token of an invitation's link leads to.
pub(crate) fn invite_link(digest: &str) -> Key {
    Key::new(format!("INVITE#{digest}"), META)
}

/// The invitations of a business that are open: one partition, there are few.
pub(crate) fn invites_pk(business: &BusinessId) -> String {
    format!("{business}#INVITES")
}

pub(crate) fn invite(business: &BusinessId, id: &InviteId) -> Key {
    Key::new(invites_pk(business), id.as_str())
}

/// What was done about the people of a business on one day.
pub(crate) fn audit_pk(business: &BusinessId, day: &str) -> String {
    format!("{business}#AUDIT#{day}")
}

pub(crate) fn audit(business: &BusinessId, id: &EventId) -> Key {
    Key::new(audit_pk(business, &id.time().day()), id.as_str())
}

pub(crate) fn login_throttle(digest: &str) -> Key {
    Key::new(format!("THROTTLE#{digest}"), "LOGIN")
}

pub(crate) fn known_place(digest: &str) -> Key {
    Key::new(format!("PLACE#{digest}"), "LOGIN")
}

pub(crate) fn receipt_of_message(business: &BusinessId, sid: &str) -> Key {
    Key::new(format!("{business}#RECEIPT#{sid}"), META)
}

pub(crate) fn receipt_of_status(business: &BusinessId, sid: &str, digest: &str) -> Key {
    Key::new(format!("{business}#STATUS#{sid}#{digest}"), META)
}

pub(crate) fn receipt_unverified(business: &BusinessId, id: &str) -> Key {
    Key::new(format!("{business}#UNVERIFIED#{id}"), META)
}

/// The two parts of the tray.
pub(crate) fn quarantined(business: &BusinessId) -> String {
    format!("{business}#QUARANTINED")
}

pub(crate) fn unverified(business: &BusinessId) -> String {
    format!("{business}#UNVERIFIED")
}

pub(crate) fn unverified_count(business: &BusinessId, window: &str) -> Key {
    Key::new(format!("{business}#UNVERIFIED"), format!("COUNT#{window}"))
}

/// Whether DynamoDB takes the text for a sort key; what comes back from outside may be any text.
pub(crate) fn may_be_sort_key(text: &str) -> bool {
    (1..=1024).contains(&text.len())
}

// --- shards -------------------------------------------------------------------------------------------

/// The partition of a *due* index in which the item of this partition key waits.
pub(crate) fn due_shard(pk: &str) -> String {
    due_shard_named(shard_of(pk))
}

/// The partition key of a shard of a *due* index.
pub(crate) fn due_shard_named(shard: u8) -> String {
    format!("DUE#{shard}")
}

/// The partition of the vault's *due* index in which an upload waits to be forgotten.
pub(crate) fn upload_shard(pk: &str) -> String {
    upload_shard_named(shard_of(pk))
}

/// The partition key of a shard of those.
pub(crate) fn upload_shard_named(shard: u8) -> String {
    format!("UPLOADS#{shard}")
}

/// The counter shard to which a conversation adds (PROTOCOLS §4).
pub fn counter_shard_of(conversation: &ConversationId) -> u8 {
    shard_of(conversation.as_str())
}

/// FNV-1a and a last mixing of its bits (its middle ones hardly feel the last byte): written here, so that
/// a key's shard never changes with a compiler or a crate.
fn shard_of(text: &str) -> u8 {
    let hash = fnv(text);
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    u8::try_from((mixed >> 32) % u64::from(SHARDS)).expect("a remainder of eight fits a byte")
}

fn fnv(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
