//! `porchlight seed`: plausible data in any amount, loaded fast into an empty data folder.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use porchlight_bucket::keys;
use porchlight_domain::business::Business;
use porchlight_domain::file::Kept;
use porchlight_domain::id::BusinessId;
use porchlight_edge::{BoxError, Platform};
use porchlight_engine::{EngineError, Item, Loading, Templates};
use porchlight_index::Fresh;
use porchlight_simulator::PHOTO;
use porchlight_store::Store;

use crate::account;
use crate::demo::load;
use crate::demo::story::{Person, Thread};
use crate::demo_business::{self, Demo, begin, generated};
use crate::offline::Offline;

/// An office that has been at it for a while.
const TWO_YEARS: Duration = Duration::from_hours(24 * 730);

/// People whose items are held in memory at once.
const PIECE: usize = 500;

/// How much was loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    /// Threads.
    pub conversations: u32,
    /// Messages in all.
    pub messages: u64,
}

/// Makes a business with `conversations` threads that have `messages` messages in all.
pub async fn seed(data: &Path, templates: &Templates, wanted: Seeded) -> Result<Seeded, BoxError> {
    let Offline { folder, engine, platform } = Offline::open(data, templates).await?;
    let store = platform.store()?;
    if !store.businesses().await?.is_empty() {
        return Err(format!("{} holds data already: seed a new folder (--data)", data.display()).into());
    }
    folder.filling().begin()?;
    let credentials = account::simulated(&platform.entropy);
    let (told, _, users) = begin(&platform, &credentials.account_sid).await?;
    load::business(&store, &told).await?;
    let taken = [told.line.number.clone()];
    let (count, share) = (wanted.conversations, |index| share(wanted, index));
    let mut fresh = Fresh::begin(&platform, &told.business.id).await?;
    let photo = Some(keep_photo(&platform, &told.business.id).await?);
    let mut people = generated(&platform, &told, &taken, count, TWO_YEARS, share, photo).peekable();
    let loading = Arc::new(engine.load().await?);
    // The next ones are thought of while those before them are written.
    let mut writing = tokio::spawn(async { Ok(()) });
    while people.peek().is_some() {
        let piece = loads(&store, &told.business, &mut fresh, people.by_ref().take(PIECE))?;
        writing.await??;
        writing = tokio::spawn(put(Arc::clone(&loading), piece));
    }
    drop(people);
    writing.await??;
    put(Arc::clone(&loading), BTreeMap::from([fresh.end()])).await?;
    loading.end().await?;
    // What the streams would tell is derived already.
    engine.forget_stream_records().await?;
    account::keep(&*platform.secrets()?, &told.business.id, &credentials).await?;
    let line = told.line.number.to_string();
    let demo = Demo { url: String::new(), simulator_url: None, business_id: told.business.id, line, users };
    demo_business::write(&folder.demo(), &demo)?;
    folder.filling().end()?;
    Ok(Seeded { messages: (0..count).map(share).sum(), ..wanted })
}

/// The one photo that everybody sends, as it lies with us.
async fn keep_photo(platform: &Platform, business: &BusinessId) -> Result<Kept, BoxError> {
    let kept = Kept::new(keys::sent(business, "seeded"), PHOTO);
    platform.bucket()?.put(&kept.key, Bytes::from_static(PHOTO)).await?;
    Ok(kept)
}

/// What some people come to, by table: their own, and what is derived of it.
fn loads(
    store: &Store,
    business: &Business,
    fresh: &mut Fresh,
    people: impl Iterator<Item = Person>,
) -> Result<BTreeMap<String, Vec<Item>>, BoxError> {
    let mut by_table: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for mut person in people {
        let mut commits = load::commits(store, business, &mut person);
        // What `index` would make of an assignment.
        let thread = &person.thread.conversation.id;
        commits.extend(person.assignments.iter().map(|assignment| {
            store.commit(&business.id).member(thread, &assignment.staff, assignment.assigned_at)
        }));
        let Thread { conversation, messages, markers } = &person.thread;
        let members = person.assignments.iter().map(|assignment| assignment.staff.clone()).collect();
        let derived = fresh.lay(conversation, messages, markers, &members);
        let links: Vec<_> = person.contacts.iter().filter_map(|(_, link)| link.clone()).collect();
        let known = person.customer.as_ref().map(|customer| fresh.know(customer, &links));
        for (table, items) in store.loads(commits)?.into_iter().chain([derived]).chain(known) {
            by_table.entry(table).or_default().extend(items);
        }
    }
    Ok(by_table)
}

async fn put(loading: Arc<Loading>, loads: BTreeMap<String, Vec<Item>>) -> Result<(), EngineError> {
    for (table, items) in loads {
        loading.put(&table, items).await?;
    }
    Ok(())
}

/// The messages of thread `index`: an even share, the first ones one more, and one at least.
fn share(wanted: Seeded, index: u32) -> u64 {
    let conversations = u64::from(wanted.conversations);
    let more = u64::from(u64::from(index) < wanted.messages % conversations);
    (wanted.messages / conversations + more).max(1)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use aws_sdk_dynamodb::types::AttributeValue;
    use porchlight_domain::conversation::Conversation;
    use porchlight_domain::id::ConversationId;
    use porchlight_domain::message::MessageKind;
    use porchlight_domain::terms::{self, QueryTerm};
    use porchlight_store::Store;
    use porchlight_store::search::{Asked, Scope};
    use tempfile::TempDir;

    use super::*;

    /// What a thread is found by: its names and numbers, and the words of its messages.
    struct Thread {
        id: ConversationId,
        name: String,
        called: BTreeSet<String>,
        said: Vec<BTreeSet<String>>,
    }

    impl Thread {
        async fn read(store: &Store, conversation: Conversation) -> Self {
            let (business, id) = (&conversation.business, &conversation.id);
            let messages = store.messages_after(business, id, 0, 1_000).await.expect("a thread");
            let customer = conversation.customer.as_ref();
            let jobs = customer
                .iter()
                .flat_map(|it| it.job.iter().map(|job| job.number).chain(it.other_jobs.clone()));
            let numbers: Vec<String> = jobs.map(|number| number.to_string()).collect();
            let street = customer.and_then(|it| it.street.clone()).unwrap_or_default();
            let name = customer.map(|it| it.name.clone()).unwrap_or_default();
            let mut called = terms::name_terms(&name);
            called.extend(terms::terms(&format!("{street} {}", numbers.join(" "))));
            called.extend(conversation.contact().map(terms::phone_fragments).unwrap_or_default());
            // What waits to go is not said yet.
            let said = messages.iter().filter(|message| !message.is_planned());
            let said = said.map(|message| terms::terms(message.text())).collect();
            Self { id: id.clone(), name, called, said }
        }

        fn has(&self, term: &QueryTerm) -> bool {
            let grows = |word: &String| {
                if term.is_prefix { word.starts_with(&term.text) } else { *word == term.text }
            };
            let digits = term.text.bytes().all(|byte| byte.is_ascii_digit()) && !term.is_phone_fragment;
            self.called.iter().any(|it| if digits { *it == term.text } else { grows(it) })
                || self.said.iter().flatten().any(grows)
        }
    }

    async fn seeded_folder(conversations: u32, messages: u64) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let wanted = Seeded { conversations, messages };
        seed(folder.path(), &Templates::embedded(), wanted).await.expect("a seeded folder");
        folder
    }

    async fn opened(folder: &Path) -> (Store, BusinessId) {
        let opened = Offline::open(folder, &Templates::embedded()).await.expect("a folder");
        let store = opened.platform.store().expect("a store");
        let business = store.businesses().await.expect("a read").remove(0).id;
        (store, business)
    }

    /// All that is found, page by page; nobody twice.
    async fn found(
        store: &Store,
        business: &BusinessId,
        typed: &str,
        limit: usize,
    ) -> BTreeSet<ConversationId> {
        let terms = terms::query(typed);
        let (mut all, mut skip) = (BTreeSet::new(), 0);
        loop {
            let keep = |_: &Conversation| true;
            let asked = Asked { terms: &terms, scope: Scope::Office, keep: &keep, skip, limit };
            let page = Box::pin(store.search(business, &asked)).await.expect("a search");
            for hit in &page.hits {
                assert!(all.insert(hit.conversation.id.clone()), "{typed}: once on all pages");
            }
            skip += limit;
            if !page.more {
                return all;
            }
        }
    }

    fn queries(threads: &[Thread]) -> BTreeSet<String> {
        let mut queries: BTreeSet<String> =
            ["207", "555", "ma", "wat", "the", "k", "on our way", "1042"].map(str::to_owned).into();
        for thread in threads.iter().step_by(9) {
            let (first, last) = thread.name.split_once(' ').unwrap_or((&thread.name, ""));
            let words: Vec<&String> = thread.said.iter().flatten().take(3).collect();
            queries.insert(thread.name.clone());
            queries.insert(format!("{last} {first}"));
            queries.insert(last.chars().take(3).collect());
            if let [one, other, ..] = words[..] {
                queries.extend([one.clone(), format!("{one} {other}"), format!("{first} {other}")]);
            }
        }
        queries.retain(|typed| !typed.trim().is_empty());
        queries
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_office_that_is_seeded_has_of_everything() {
        // Of the rarest some twenty are likely.
        let folder = seeded_folder(800, 5_600).await;
        let (store, business) = opened(folder.path()).await;
        let (rows, _) = store.scan_conversations(&business, None).await.expect("all threads");
        assert!(rows.iter().any(|row| row.opted_out), "somebody opted out");
        assert!(rows.iter().any(|row| !row.planned.is_empty()), "something goes later");
        let mut messages = Vec::new();
        for row in &rows {
            messages.extend(store.messages_after(&business, &row.id, 0, 1_000).await.expect("a thread"));
        }
        assert!(messages.iter().any(|message| message.kind() == MessageKind::Note));
        let photo = messages.iter().find_map(|message| message.media().first()).expect("a photo");
        let (kept, bucket) = (photo.kept.clone().expect("with us"), folder.path().join("files"));
        assert!(bucket.join(&kept.key).is_file(), "{}", kept.key);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_search_finds_everybody_whom_a_look_at_every_thread_finds() {
        let folder = seeded_folder(400, 1_200).await;
        let (store, business) = opened(folder.path()).await;
        let (rows, _) = store.scan_conversations(&business, None).await.expect("all threads");
        let mut threads = Vec::new();
        for row in rows {
            threads.push(Thread::read(&store, row).await);
        }
        for typed in queries(&threads) {
            let terms = terms::query(&typed);
            let has_all = |thread: &&Thread| terms.iter().all(|term| thread.has(term));
            let wanted: BTreeSet<_> = threads.iter().filter(has_all).map(|it| it.id.clone()).collect();
            let found = found(&store, &business, &typed, 40).await;
            let (missing, surplus) = (wanted.difference(&found).count(), found.difference(&wanted).count());
            assert_eq!((missing, surplus), (0, 0), "{typed:?}, of {}", wanted.len());
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_part_of_a_number_that_more_have_than_a_list_tells_of_hides_nobody() {
        let folder = seeded_folder(1_700, 1_700).await;
        let (store, business) = opened(folder.path()).await;
        let has = |row: &Conversation| row.contact().is_some_and(|contact| contact.as_str().contains("555"));
        let (mut wanted, mut from) = (BTreeSet::new(), None);
        loop {
            let (rows, next) = store.scan_conversations(&business, from).await.expect("a page of threads");
            wanted.extend(rows.into_iter().filter(|row| !row.blocked && has(row)).map(|row| row.id.clone()));
            from = next;
            if from.is_none() {
                break;
            }
        }
        assert!(wanted.len() > 1_500, "{}", wanted.len());
        assert_eq!(found(&store, &business, "555", 400).await, wanted);
    }

    /// A set has no order.
    fn in_order(value: AttributeValue) -> AttributeValue {
        match value {
            AttributeValue::Ss(mut set) => {
                set.sort();
                AttributeValue::Ss(set)
            }
            other => other,
        }
    }

    /// Everything derived, by key; the counters too.
    async fn derived(folder: &Path) -> BTreeMap<String, String> {
        let Offline { engine, .. } = Offline::open(folder, &Templates::embedded()).await.expect("a folder");
        let client = engine.client(porchlight_engine::Access::default());
        let mut items = client.scan().table_name("porchlight-data-derived").into_paginator().items().send();
        let mut all = BTreeMap::new();
        while let Some(item) = items.next().await {
            let item = item.expect("a scan works");
            if let Some(told) = porchlight_store::search::unpacked(&item) {
                all.extend(told.into_iter().map(|told| (told, String::new())));
                continue;
            }
            let item = item.into_iter();
            let item: BTreeMap<_, _> = item.map(|(name, value)| (name, in_order(value))).collect();
            let key = ["pk", "sk"].map(|key| item[key].as_s().cloned().expect("a text"));
            all.insert(key.join(" "), format!("{item:?}"));
        }
        all
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_derived_while_seeding_is_what_a_rebuild_derives_p10() {
        let folder = seeded_folder(60, 900).await;
        let seeded = derived(folder.path()).await;
        let rebuilt = crate::rebuild::rebuild(folder.path(), &Templates::embedded()).await;
        assert_eq!(rebuilt.expect("a rebuild"), 60);
        let rebuilt = derived(folder.path()).await;
        assert_eq!(seeded.keys().collect::<Vec<_>>(), rebuilt.keys().collect::<Vec<_>>());
        for (key, item) in &seeded {
            assert_eq!(item, &rebuilt[key], "{key}");
        }
    }
}
