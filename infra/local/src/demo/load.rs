//! Writes a story into an empty store, in batches.

use porchlight_domain::business::Business;
use porchlight_domain::consent::Arrival;
use porchlight_store::consent::ConsentChange;
use porchlight_store::messages::MessagePointer;
use porchlight_store::{Commit, Store, StoreError};

use super::story::{Person, Story};

/// People whose items are held in memory at once.
const AT_ONCE: usize = 50;

/// Writes the line, the people and last the business, so that a half-written one is no business; everyone else
/// comes by [`people`].
pub async fn business(store: &Store, told: &Story) -> Result<(), StoreError> {
    let id = &told.business.id;
    store.put_group(id, &told.group).await?;
    store.put_line(id, &told.line).await?;
    for staff in &told.staff {
        store.put_staff(staff).await?;
    }
    store.put_business(&told.business).await
}

/// Writes customers with everything that is theirs, as they are told.
pub async fn people(
    store: &Store,
    business: &Business,
    people: impl IntoIterator<Item = Person>,
) -> Result<(), StoreError> {
    let mut people = people.into_iter().peekable();
    while people.peek().is_some() {
        let mut some: Vec<Person> = people.by_ref().take(AT_ONCE).collect();
        store.load(some.iter_mut().flat_map(|person| commits(store, business, person)).collect()).await?;
    }
    Ok(())
}

/// What writes a person with everything that is theirs.
pub fn commits<'s>(store: &'s Store, business: &Business, person: &mut Person) -> Vec<Commit<'s>> {
    let mut who = store.commit(&business.id);
    if let Some(customer) = &mut person.customer {
        customer.version = 0;
        who = who.customer(customer);
    }
    for (record, link) in &person.contacts {
        who = who.contact(record);
        who = link.iter().fold(who, Commit::link);
    }
    for job in &mut person.jobs {
        job.version = 0;
        who = who.job(job);
    }
    who = person.assignments.iter().fold(who, Commit::assignment);
    let thread = &mut person.thread;
    let word = person
        .consent
        .zip(thread.messages.iter().find(|m| Some(m.created_at) == person.consent.map(|c| c.at)));
    if let (Some((consent, message)), Some(route)) = (word, thread.conversation.route()) {
        let (contact, group) = (route.contact.clone(), route.group.clone());
        let line = message.id.ulid();
        who = who.consent(&ConsentChange::decide((contact, group), line, None, consent, Arrival::Fresh));
    }
    for (staff, marker) in &mut thread.markers {
        marker.version = 0;
        who = who.read_marker(&thread.conversation.id, staff, marker);
    }
    let prices = thread.messages.iter().filter_map(|message| message.delivery()?.price.as_ref());
    who = who.cost_laid(&thread.conversation.id, prices);
    let mut all = vec![who.conversation(&mut thread.conversation)];
    all.extend(thread.messages.iter_mut().map(|message| {
        let pointer = MessagePointer::to(message, None);
        let sid = message.delivery().and_then(|delivery| delivery.sid()).map(str::to_owned);
        let commit = store.commit(&business.id).create_message(message).message_pointer(&pointer);
        sid.iter().fold(commit, |commit, sid| commit.sid_pointer(sid, message))
    }));
    all
}
