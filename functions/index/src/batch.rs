//! From stream records to conversations, each worked on once however many records tell of it, and from
//! failures back to the records that are to be brought again.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use porchlight_domain::id::{BusinessId, ConversationId, JobId};
use porchlight_edge::{Change, ChangeKind};
use porchlight_store::StoreError;
use porchlight_store::records::{DirectoryPart, DirectoryRecord, conversation_record, directory_record};

use crate::reached::Reached;
use crate::{AT_ONCE, Index};

/// A conversation of a business.
pub(crate) type Place = (BusinessId, ConversationId);

/// What is to be done about one conversation.
#[derive(Clone, Debug, Default)]
struct Work {
    /// Its own items changed.
    derive: bool,
    /// The directory says something new about it.
    refresh: bool,
    /// Jobs that were just booked.
    booked: BTreeSet<JobId>,
    /// The records that told.
    records: Vec<String>,
}

/// The work of a batch, and the records that could not even be understood as work.
#[derive(Debug, Default)]
struct Plan {
    work: BTreeMap<Place, Work>,
    failed: Vec<String>,
}

impl Index {
    /// Works on a batch; the sequence numbers of the records to bring again.
    pub(crate) async fn take(&self, changes: Vec<Change>) -> Vec<String> {
        let mut plan = Plan::default();
        for change in changes {
            if let Some(record) = conversation_record(&change.pk, &change.sk) {
                let work = plan.work.entry((record.business, record.conversation)).or_default();
                work.derive = true;
                work.records.push(change.sequence_number);
            } else if let Some(record) = directory_record(&change.pk, &change.sk) {
                self.plan_directory(&mut plan, record, change).await;
            }
        }
        let Plan { work, mut failed } = plan;
        let done = work.into_iter().map(|(place, work)| self.work_on(place, work));
        let mut done = futures::stream::iter(done).buffer_unordered(AT_ONCE);
        while let Some(records) = done.next().await {
            failed.extend(records);
        }
        failed
    }

    async fn plan_directory(&self, plan: &mut Plan, record: DirectoryRecord, change: Change) {
        if let Err(error) = self.know_customer(&record).await {
            log(&error, "what a customer is found by waits");
            plan.failed.push(change.sequence_number);
            return;
        }
        match self.reached(&record, change.kind == ChangeKind::Inserted).await {
            Ok(Reached { conversations, booked }) => {
                for conversation in conversations {
                    let work = plan.work.entry((record.business.clone(), conversation)).or_default();
                    work.refresh = true;
                    work.booked.extend(booked.clone());
                    work.records.push(change.sequence_number.clone());
                }
            }
            Err(error) => {
                log(&error, "a change in the directory waits");
                plan.failed.push(change.sequence_number);
            }
        }
    }

    /// What a customer is found by, where their record or a number of theirs changed.
    async fn know_customer(&self, record: &DirectoryRecord) -> Result<(), StoreError> {
        match &record.part {
            DirectoryPart::Customer(customer) | DirectoryPart::Link { customer, by_customer: true, .. } => {
                self.store.index_customer(&record.business, customer).await
            }
            _ => Ok(()),
        }
    }

    /// Works on one conversation; its records when that failed.
    async fn work_on(&self, (business, conversation): Place, work: Work) -> Vec<String> {
        let done = async {
            if work.refresh {
                self.refresh(&business, &conversation, &work.booked).await?;
            }
            if work.derive { self.derive(&business, &conversation).await } else { Ok(()) }
        };
        match done.await {
            Ok(()) => Vec::new(),
            Err(error) => {
                log(&error, "a conversation's derived data waits");
                work.records
            }
        }
    }
}

pub(crate) fn log(error: &StoreError, what: &'static str) {
    tracing::warn!(error = error as &(dyn std::error::Error + 'static), what);
}
