//! What a stream record is about, told by its keys alone.
//!
//! A record is a wake-up, not the truth: consumers take the ids from here and read what they act on.

use porchlight_domain::conversation::DraftKind;
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId, JobId, LineGroupId, StaffId};
use porchlight_domain::phone::ContactPoint;

use crate::keys::{META, POINTER};

/// An item of the `conversations` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationRecord {
    /// The tenant.
    pub business: BusinessId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Which of its items.
    pub part: ConversationPart,
}

/// The items of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversationPart {
    /// The summary.
    Summary,
    /// What somebody has seen.
    ReadMarker(StaffId),
    /// What somebody is writing.
    Draft(StaffId, DraftKind),
    /// Somebody may see it.
    Member(StaffId),
}

/// Reads the keys of an item of the `conversations` table; `None` for an item of no known kind.
pub fn conversation_record(pk: &str, sk: &str) -> Option<ConversationRecord> {
    let (business, conversation) = conversation_of(pk)?;
    let part = match sk.split_once('#') {
        None if sk == META => ConversationPart::Summary,
        Some(("READ", staff)) => ConversationPart::ReadMarker(staff.parse().ok()?),
        Some(("DRAFT", staff)) => ConversationPart::Draft(staff.parse().ok()?, DraftKind::Reply),
        Some(("NOTE", staff)) => ConversationPart::Draft(staff.parse().ok()?, DraftKind::Note),
        Some(("MEMBER", staff)) => ConversationPart::Member(staff.parse().ok()?),
        _ => return None,
    };
    Some(ConversationRecord { business, conversation, part })
}

/// An item of the `messages` table that is a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageRecord {
    /// The tenant.
    pub business: BusinessId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: u64,
}

/// Reads the keys of an item of the `messages` table; `None` for a pointer.
pub fn message_record(pk: &str, sk: &str) -> Option<MessageRecord> {
    let (business, conversation) = conversation_of(pk)?;
    let seq = sk.strip_prefix("MSG#")?.parse().ok()?;
    Some(MessageRecord { business, conversation, seq })
}

/// An item of the `directory` table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryRecord {
    /// The tenant.
    pub business: BusinessId,
    /// Which item.
    pub part: DirectoryPart,
}

/// The items of the directory. Links and assignments are each kept twice, once per side.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the id that its name says")]
pub enum DirectoryPart {
    /// The business itself.
    Business,
    /// A line group.
    Group(LineGroupId),
    /// A line.
    Line(ContactPoint),
    /// A member of staff.
    Staff(StaffId),
    /// A contact point's own record.
    Contact(ContactPoint),
    /// A staff member's own number.
    StaffNumber(ContactPoint),
    /// Whether a contact point may be texted from a line group.
    Consent { contact: ContactPoint, group: LineGroupId },
    /// A customer uses a contact point; `by_customer` on the customer's side.
    Link { contact: ContactPoint, customer: CustomerId, by_customer: bool },
    /// A customer.
    Customer(CustomerId),
    /// A customer's job.
    Job { customer: CustomerId, job: JobId },
    /// From a job's id to its customer.
    JobPointer(JobId),
    /// A technician works on a job; `by_staff` on the technician's side.
    Assignment { job: JobId, staff: StaffId, by_staff: bool },
    /// The office added somebody to a conversation.
    Participant { conversation: ConversationId, staff: StaffId },
}

/// Reads the keys of an item of the `directory` table; `None` for a login or an unknown kind.
pub fn directory_record(pk: &str, sk: &str) -> Option<DirectoryRecord> {
    let mut parts = pk.splitn(3, '#');
    let business: BusinessId = parts.next()?.parse().ok()?;
    let part = match (parts.next(), parts.next()) {
        (None, None) => business_part(sk)?,
        (Some("CONTACT"), Some(contact)) => contact_part(contact.parse().ok()?, sk)?,
        (Some("CUSTOMER"), Some(customer)) => customer_part(customer.parse().ok()?, sk)?,
        (Some("JOB"), Some(job)) => job_part(job.parse().ok()?, sk)?,
        (Some("STAFF"), Some(staff)) => {
            let job = sk.strip_prefix("JOB#")?.parse().ok()?;
            DirectoryPart::Assignment { job, staff: staff.parse().ok()?, by_staff: true }
        }
        (Some("CONV"), Some(conversation)) => {
            let staff = sk.strip_prefix("PARTICIPANT#")?.parse().ok()?;
            DirectoryPart::Participant { conversation: conversation.parse().ok()?, staff }
        }
        _ => return None,
    };
    Some(DirectoryRecord { business, part })
}

fn business_part(sk: &str) -> Option<DirectoryPart> {
    Some(match sk.split_once('#') {
        None if sk == "BUSINESS" => DirectoryPart::Business,
        Some(("GROUP", group)) => DirectoryPart::Group(group.parse().ok()?),
        Some(("LINE", number)) => DirectoryPart::Line(number.parse().ok()?),
        Some(("STAFF", staff)) => DirectoryPart::Staff(staff.parse().ok()?),
        _ => return None,
    })
}

fn contact_part(contact: ContactPoint, sk: &str) -> Option<DirectoryPart> {
    Some(match sk.split_once('#') {
        None if sk == META => DirectoryPart::Contact(contact),
        None if sk == "STAFF" => DirectoryPart::StaffNumber(contact),
        Some(("CONSENT", group)) => DirectoryPart::Consent { contact, group: group.parse().ok()? },
        Some(("LINK", customer)) => {
            DirectoryPart::Link { contact, customer: customer.parse().ok()?, by_customer: false }
        }
        _ => return None,
    })
}

fn customer_part(customer: CustomerId, sk: &str) -> Option<DirectoryPart> {
    Some(match sk.split_once('#') {
        None if sk == META => DirectoryPart::Customer(customer),
        Some(("JOB", job)) => DirectoryPart::Job { customer, job: job.parse().ok()? },
        Some(("LINK", contact)) => {
            DirectoryPart::Link { contact: contact.parse().ok()?, customer, by_customer: true }
        }
        _ => return None,
    })
}

fn job_part(job: JobId, sk: &str) -> Option<DirectoryPart> {
    Some(match sk.split_once('#') {
        None if sk == POINTER => DirectoryPart::JobPointer(job),
        Some(("STAFF", staff)) => {
            DirectoryPart::Assignment { job, staff: staff.parse().ok()?, by_staff: false }
        }
        _ => return None,
    })
}

/// The conversation of a partition key `{business}#CONV#{conversation}`.
pub(crate) fn conversation_of(pk: &str) -> Option<(BusinessId, ConversationId)> {
    let (business, conversation) = pk.split_once("#CONV#")?;
    Some((business.parse().ok()?, conversation.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use porchlight_domain::channel::Channel;
    use porchlight_domain::id::MessageId;

    use super::*;
    use crate::keys;

    fn id<T: std::str::FromStr>(n: u128) -> T {
        ulid::Ulid::from_parts(1, n).to_string().parse().ok().expect("a ULID")
    }

    fn contact() -> ContactPoint {
        ContactPoint::email("maria@example.com").expect("an address")
    }

    fn conversation() -> ConversationId {
        ConversationId::of_customer(&id(2), Channel::Sms, &contact())
    }

    #[test]
    fn keys_of_conversations_and_messages_tell_what_they_name() {
        let (business, conversation, staff) = (id(1), conversation(), id::<StaffId>(3));
        let part = |key: keys::Key| conversation_record(&key.pk, &key.sk).map(|record| record.part);
        let key = keys::summary(&business, &conversation);
        assert_eq!(part(key), Some(ConversationPart::Summary));
        let key = keys::read_marker(&business, &conversation, &staff);
        assert_eq!(part(key), Some(ConversationPart::ReadMarker(staff.clone())));
        for kind in [DraftKind::Reply, DraftKind::Note] {
            let key = keys::draft(&business, &conversation, &staff, kind);
            assert_eq!(part(key), Some(ConversationPart::Draft(staff.clone(), kind)));
        }
        let key = keys::member(&business, &conversation, &staff);
        assert_eq!(part(key), Some(ConversationPart::Member(staff)));
        let key = keys::message(&business, &conversation, 42);
        let record = message_record(&key.pk, &key.sk);
        assert_eq!(record, Some(MessageRecord { business: business.clone(), conversation, seq: 42 }));
        let key = keys::message_pointer(&business, &id::<MessageId>(9));
        assert_eq!(message_record(&key.pk, &key.sk), None);
    }

    #[test]
    fn places_in_a_timeline_sort_as_numbers_do() {
        assert!(keys::message_sk(9) < keys::message_sk(10));
        assert!(keys::message_sk(99_999) < keys::message_sk(100_000));
    }

    #[test]
    fn keys_of_the_directory_tell_what_they_name() {
        let (business, staff, customer, job) = (id(1), id::<StaffId>(3), id::<CustomerId>(4), id::<JobId>(5));
        let (group, contact, conversation) = (id::<LineGroupId>(2), contact(), conversation());
        let cases = [
            (keys::business(&business), DirectoryPart::Business),
            (keys::group(&business, &group), DirectoryPart::Group(group.clone())),
            (keys::line(&business, &contact), DirectoryPart::Line(contact.clone())),
            (keys::staff(&business, &staff), DirectoryPart::Staff(staff.clone())),
            (keys::contact(&business, &contact), DirectoryPart::Contact(contact.clone())),
            (keys::staff_number(&business, &contact), DirectoryPart::StaffNumber(contact.clone())),
            (
                keys::consent(&business, &contact, &group),
                DirectoryPart::Consent { contact: contact.clone(), group },
            ),
            (
                keys::link_of_contact(&business, &contact, &customer),
                DirectoryPart::Link {
                    contact: contact.clone(),
                    customer: customer.clone(),
                    by_customer: false,
                },
            ),
            (
                keys::link_of_customer(&business, &customer, &contact),
                DirectoryPart::Link { contact, customer: customer.clone(), by_customer: true },
            ),
            (keys::customer(&business, &customer), DirectoryPart::Customer(customer.clone())),
            (keys::job(&business, &customer, &job), DirectoryPart::Job { customer, job: job.clone() }),
            (keys::job_pointer(&business, &job), DirectoryPart::JobPointer(job.clone())),
            (
                keys::assignment_of_job(&business, &job, &staff),
                DirectoryPart::Assignment { job: job.clone(), staff: staff.clone(), by_staff: false },
            ),
            (
                keys::assignment_of_staff(&business, &staff, &job),
                DirectoryPart::Assignment { job, staff: staff.clone(), by_staff: true },
            ),
            (
                keys::participant(&business, &conversation, &staff),
                DirectoryPart::Participant { conversation, staff },
            ),
        ];
        for (key, part) in cases {
            let record = directory_record(&key.pk, &key.sk);
            assert_eq!(record, Some(DirectoryRecord { business: business.clone(), part }), "{key:?}");
        }
        let login = keys::login("Maria@Example.com");
        assert_eq!(directory_record(&login.pk, &login.sk), None);
    }

    #[test]
    fn shards_never_change() {
        let shards: std::collections::BTreeSet<String> =
            (0..200).map(|n| keys::due_shard(&format!("partition {n}"))).collect();
        assert_eq!(shards.len(), usize::from(keys::SHARDS));
        assert_eq!(keys::due_shard("01JD0000000000000000000000#CONV#0"), "DUE#2");
    }
}
