//! What happened with a contact point: read where each fact is kept, and merged (`porchlight_domain::timeline`).
//! The office's to see: it sees every thread with a customer, and this shows nothing of any other thread.
//!
//! A page costs a read of the contact point, of its ledger and of its conversations, one for each conversation's
//! messages, one for each of its customers, and one for each of their jobs' crews.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::try_join_all;
use porchlight_domain::access::{AccessFacts, Person, sight};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::customer::{Assignment, ContactLink, Job};
use porchlight_domain::id::{BusinessId, ConversationId, CustomerId};
use porchlight_domain::message::Message;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use porchlight_domain::timeline::{Dated, newest};
use porchlight_store::StoreError;
use porchlight_store::consent::LedgerEntry;
use serde::{Deserialize, Serialize};

use crate::Inbox;

/// Something that happened.
pub enum Happened {
    /// Somebody wrote, or an act is told of in the thread.
    Said(Box<(Conversation, Message)>),
    /// A place of a thread that tells nothing: a text that waits for its time, or was taken back.
    Silent(ConversationId, u64),
    /// The crew comes, or came.
    Visit(Job),
    /// A job was completed, or is off.
    JobEnded(Job),
    /// Somebody was put on a job.
    Assigned(Job, Assignment),
    /// Somebody was taken off it.
    Unassigned(Job, Assignment),
    /// Something was said about being texted.
    Consent(Box<LedgerEntry>),
    /// The contact point became a customer's.
    Linked(ContactLink, String),
    /// It is theirs no more.
    Unlinked(ContactLink, String),
}

/// Where a page ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The time of the last entry.
    below: Option<Timestamp>,
    /// Of each thread, the lowest place that was told.
    threads: BTreeMap<ConversationId, u64>,
    /// The last of the other facts that was told: its time and its name.
    fact: Option<(Timestamp, String)>,
}

/// A page, newest first; `next` where there is more.
pub struct Page {
    /// What happened, with what names it.
    pub entries: Vec<Dated<(String, Happened)>>,
    /// Where the next page begins.
    pub next: Option<Place>,
}

type Entry = Dated<(String, Happened)>;

impl Inbox {
    /// What happened with a contact point, newest first, from `place` on.
    pub(crate) async fn timeline(
        &self,
        who: &Person,
        contact: &ContactPoint,
        place: &Place,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let business = &who.business.id;
        let (conversations, facts) = tokio::try_join!(
            self.store.conversations_with(business, contact),
            self.facts_of(business, contact),
        )?;
        // One more than is shown of each tells whether there is more.
        let threads = conversations.iter().map(|it| self.said(who, it, place, limit + 1));
        let mut sources = try_join_all(threads).await?;
        sources.push(place.facts_left(facts));
        let mut entries = newest(sources, place.below, limit + 1);
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = more.then(|| place.after(&entries));
        entries.retain(|entry| !matches!(entry.what.1, Happened::Silent(..)));
        Ok(Page { entries, next })
    }

    /// The newest messages of a thread before a place, newest first.
    async fn said(
        &self,
        who: &Person,
        conversation: &Conversation,
        place: &Place,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let sight = sight(&who.viewer, conversation, &AccessFacts::default(), self.now());
        let told = place.threads.get(&conversation.id).copied();
        let page = self.store.messages(&who.business.id, &conversation.id, told, limit).await?.messages;
        let entry = |message: Message| {
            let (at, name) = (message.created_at, format!("message:{}", message.id));
            let is_told = message.is_said() && sight.shows(&message);
            let what = if is_told {
                Happened::Said(Box::new((conversation.clone(), message)))
            } else {
                Happened::Silent(conversation.id.clone(), message.seq)
            };
            Dated { at, what: (name, what) }
        };
        let since = |entry: &Entry| told.is_none() && place.is_above(entry);
        Ok(page.into_iter().rev().map(entry).skip_while(since).collect())
    }

    /// What is on record beside the threads, the newest first.
    async fn facts_of(
        &self,
        business: &BusinessId,
        contact: &ContactPoint,
    ) -> Result<Vec<Entry>, StoreError> {
        let (facts, ledger) = tokio::try_join!(
            self.store.contact_facts(business, contact),
            self.store.consent_ledger(business, contact),
        )?;
        let now = facts.customers();
        // Each customer is read once, whose it was as well as whose it is.
        let all: BTreeSet<&CustomerId> = facts.links.iter().map(|link| &link.customer).collect();
        let files = try_join_all(
            all.into_iter()
                .map(async |id| Ok::<_, StoreError>((id, self.store.customer_file(business, id).await?))),
        );
        let files: BTreeMap<_, _> = files.await?.into_iter().collect();
        let theirs = files.iter().filter(|(id, _)| now.contains(id));
        let jobs: Vec<&Job> = theirs.flat_map(|(_, file)| &file.jobs).collect();
        let crews = jobs.iter().map(|job| self.store.assignments_of_job(business, &job.id));
        let crews = try_join_all(crews).await?;
        let work = jobs.into_iter().zip(&crews).flat_map(|(job, crew)| of_job(job, crew));
        let name = |id| files[id].customer.as_ref().map(|customer| customer.name.clone()).unwrap_or_default();
        let links = facts.links.iter().flat_map(|link| of_link(link, &name(&link.customer)));
        let mut entries: Vec<Entry> = work.chain(links).collect();
        entries.extend(ledger.into_iter().map(|entry| {
            dated(entry.line.said.at, format!("consent:{}", entry.id), Happened::Consent(Box::new(entry)))
        }));
        entries.sort_by(|a, b| (b.at, &b.what.0).cmp(&(a.at, &a.what.0)));
        Ok(entries)
    }
}

fn of_link(link: &ContactLink, name: &str) -> Vec<Entry> {
    let key = |word| format!("{word}:{}:{}", link.customer, link.channel.as_str());
    let begun = dated(link.linked_at, key("linked"), Happened::Linked(link.clone(), name.to_owned()));
    let ended = link
        .unlinked_at
        .map(|at| dated(at, key("unlinked"), Happened::Unlinked(link.clone(), name.to_owned())));
    [begun].into_iter().chain(ended).collect()
}

fn of_job(job: &Job, crew: &[Assignment]) -> Vec<Entry> {
    let key = |word| format!("{word}:{}", job.id);
    let visit = job.scheduled_at.map(|at| dated(at, key("visit"), Happened::Visit(job.clone())));
    let end = job.ended_at.map(|at| dated(at, key("ended"), Happened::JobEnded(job.clone())));
    let people = crew.iter().flat_map(|it| {
        let key = |word| format!("{word}:{}:{}", job.id, it.staff);
        let put = dated(it.assigned_at, key("assigned"), Happened::Assigned(job.clone(), it.clone()));
        let taken = it.unassigned_at;
        let taken =
            taken.map(|at| dated(at, key("unassigned"), Happened::Unassigned(job.clone(), it.clone())));
        [put].into_iter().chain(taken)
    });
    visit.into_iter().chain(end).chain(people).collect()
}

const fn dated(at: Timestamp, name: String, what: Happened) -> Entry {
    Dated { at, what: (name, what) }
}

impl Place {
    /// Whether it happened since the page before was read: it belongs on the first one.
    fn is_above(&self, entry: &Entry) -> bool {
        self.below.is_some_and(|below| entry.at > below)
    }

    /// Those behind the last one that was told.
    fn facts_left(&self, mut facts: Vec<Entry>) -> Vec<Entry> {
        facts.retain(|fact| match &self.fact {
            Some((at, name)) => (fact.at, &fact.what.0) < (*at, name),
            None => !self.is_above(fact),
        });
        facts
    }

    fn after(&self, entries: &[Entry]) -> Self {
        let mut place = Self { below: entries.last().map(|last| last.at), ..self.clone() };
        for Dated { at, what: (name, what) } in entries {
            match what {
                Happened::Said(said) => place.told(&said.0.id, said.1.seq),
                Happened::Silent(conversation, seq) => place.told(conversation, *seq),
                _ => place.fact = Some((*at, name.clone())),
            }
        }
        place
    }

    fn told(&mut self, conversation: &ConversationId, seq: u64) {
        self.threads.insert(conversation.clone(), seq);
    }
}
