//! `Debug` that tells what something is and never what somebody wrote, is called, or is reached at (P11).

/// Implements `Debug` for a struct, showing only the fields that are named: ids, places, states, times.
///
/// ```
/// struct Letter { id: u8, words: String }
/// porchlight_domain::debug_shows!(Letter: id);
/// let letter = Letter { id: 7, words: "The gate code is 4711".to_owned() };
/// assert_eq!(format!("{letter:?}"), "Letter { id: 7, .. }");
/// # assert!(!letter.words.is_empty());
/// ```
#[macro_export]
macro_rules! debug_shows {
    ($name:ident $(<$life:lifetime>)?: $($field:ident),+) => {
        impl $(<$life>)? ::std::fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(shown.field(stringify!($field), &self.$field);)+
                shown.finish_non_exhaustive()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::conversation::{CustomerSummary, Draft, InboundEffect, JobSummary};
    use crate::customer::{ContactLink, Customer, Job, JobStatus};
    use crate::delivery::{ListedMessage, ProviderStatus};
    use crate::message::{Body, Media};
    use crate::phone::ContactPoint;
    use crate::samples::{at, business, conversation, job, message, route, staff};
    use crate::staff::{Role, Staff};

    const SECRET: &str = "gate-code-4711";

    fn customer() -> Customer {
        Customer {
            id: ulid::Ulid::from(1_u128).into(),
            name: SECRET.to_owned(),
            address: Some(SECRET.to_owned()),
            notes: Some(SECRET.to_owned()),
            access_notes: None,
            balance_cents: 0,
            lead: None,
            since: at(0),
            version: 0,
        }
    }

    fn person() -> Staff {
        Staff {
            business: business(1),
            id: staff(1),
            name: SECRET.to_owned(),
            email: SECRET.to_owned(),
            password_hash: SECRET.to_owned(),
            role: Role::Office,
            full_chat_access: false,
            phone: None,
            disabled_at: None,
            session_epoch: 0,
            day_off: None,
        }
    }

    fn a_job() -> Job {
        Job {
            id: job(1),
            customer: customer().id,
            number: 1042,
            title: SECRET.to_owned(),
            status: JobStatus::Scheduled,
            scheduled_at: None,
            ends_at: None,
            ended_at: None,
            amount_cents: 0,
            facts: Vec::new(),
            version: 0,
        }
    }

    fn listed(contact: &ContactPoint) -> ListedMessage {
        ListedMessage {
            sid: "SM1".to_owned(),
            to: contact.clone(),
            from: None,
            body: SECRET.to_owned(),
            created_at: at(0),
            status: ProviderStatus::Sent,
            error: None,
        }
    }

    #[test]
    fn nothing_that_is_debugged_says_what_somebody_wrote_or_is_called_p11() {
        let media = Media::at_provider(SECRET, "image/png");
        let mut message = message(1).of_customer().saying(SECRET);
        if let Body::Customer(received) = &mut message.body {
            received.media = vec![media];
        }
        let mut conversation = conversation();
        conversation.record_inbound(&message, InboundEffect::Settled);
        let id = conversation.id.to_string();
        let contact = route().contact;
        let number = contact.as_str().to_owned();
        let title = SECRET.to_owned();
        let job =
            JobSummary { id: job(1), number: 1042, title, status: JobStatus::Scheduled, scheduled_at: None };
        let summary = CustomerSummary {
            id: customer().id,
            name: SECRET.to_owned(),
            lead: None,
            has_booked_job: false,
            job: Some(job),
            street: Some(SECRET.to_owned()),
            other_jobs: Vec::new(),
        };
        let link = ContactLink {
            customer: customer().id,
            contact: contact.clone(),
            channel: route().channel,
            label: Some(SECRET.to_owned()),
            linked_at: at(0),
            unlinked_at: None,
        };
        conversation.know_customer(Some(summary.clone()));
        let draft = Draft { text: SECRET.to_owned(), updated_at: at(0) };
        let shown = format!(
            "{message:?} {conversation:#?} {draft:?} {link:?} {summary:?} {:?} {:?} {:?} {:?}",
            customer(),
            person(),
            a_job(),
            listed(&contact),
        );
        assert!(shown.contains(&id) && !shown.contains(SECRET) && !shown.contains(&number), "{shown}");
    }
}
