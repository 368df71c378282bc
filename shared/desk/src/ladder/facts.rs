//! What a ladder is judged by, read when it is.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use porchlight_domain::business::Business;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::Job;
use porchlight_domain::id::{BusinessId, ConversationId, JobId, StaffId};
use porchlight_domain::push::{Around, CrewMember, Ladder};
use porchlight_domain::staff::Staff;
use porchlight_store::StoreError;
use porchlight_store::access::AccessLedger;

use crate::Desk;

/// What is known of a conversation, one of its jobs, and whoever works on that now.
pub(super) struct Facts {
    pub business: Business,
    pub conversation: Conversation,
    pub ledger: AccessLedger,
    job: Option<Job>,
    pub crew: Vec<CrewMember>,
}

impl Facts {
    pub fn around(&self) -> Around<'_> {
        Around {
            rule: &self.business.push_ladder,
            time_zone: &self.business.time_zone,
            conversation: &self.conversation,
            job: self.job.as_ref(),
            crew: &self.crew,
        }
    }
}

impl Desk {
    /// All of it, read anew; none where the conversation is gone.
    pub(super) async fn facts_of(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
        ladder: &Ladder,
    ) -> Result<Option<Facts>, StoreError> {
        let (business, conversation) = futures::try_join!(
            self.store.business(business),
            self.store.conversation(business, conversation)
        )?;
        let (Some(business), Some(conversation)) = (business, conversation) else { return Ok(None) };
        let ledger = self.store.access_ledger(&conversation, self.now()).await?;
        self.facts_among(&business, &conversation, &ladder.job, &ledger).await.map(Some)
    }

    /// The same where most of it was read.
    pub(super) async fn facts_among(
        &self,
        business: &Business,
        conversation: &Conversation,
        job: &JobId,
        ledger: &AccessLedger,
    ) -> Result<Facts, StoreError> {
        let work = ledger.work.iter().filter(|(_, of)| of.id == *job);
        let staff: BTreeSet<&StaffId> = work.clone().map(|(assignment, _)| &assignment.staff).collect();
        let crew = staff.into_iter().map(|staff| self.crew_member(conversation, ledger, staff));
        let crew = try_join_all(crew.collect::<Vec<_>>()).await?;
        Ok(Facts {
            business: business.clone(),
            conversation: conversation.clone(),
            job: work.clone().map(|(_, job)| job.clone()).next(),
            crew: crew.into_iter().flatten().collect(),
            ledger: ledger.clone(),
        })
    }

    /// Whoever is assigned, if they still work here.
    async fn crew_member(
        &self,
        conversation: &Conversation,
        ledger: &AccessLedger,
        staff: &StaffId,
    ) -> Result<Option<CrewMember>, StoreError> {
        let business = &conversation.business;
        let (record, marker) = futures::try_join!(
            self.store.staff(business, staff),
            self.store.read_marker(business, &conversation.id, staff)
        )?;
        let theirs = ledger.work.iter().filter(|(assignment, _)| assignment.staff == *staff);
        let first = theirs.map(|(assignment, _)| assignment.assigned_at).min();
        let joined_at = first.filter(|_| !ledger.participants.contains(staff));
        Ok(record.filter(Staff::works).map(|staff| CrewMember { staff, marker, joined_at }))
    }
}
