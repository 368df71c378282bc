//! What a text means to the inbox (RULES).

use std::time::Duration;

use porchlight_channel::Post;
use porchlight_domain::channel::Channel;
use porchlight_domain::consent::{ConsentSource, ConsentState, ConsentWord};
use porchlight_domain::customer::{ContactLink, Customer, Job, JobStatus};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CustomerId, JobId};
use porchlight_domain::message::MessageKind;

use crate::support::{MARIA, World, ok, phone, start, text_form};

async fn consent_state(world: &World) -> Option<ConsentState> {
    world.consent(MARIA).await.map(|consent| consent.state)
}

/// The timeline's own lines, oldest first.
async fn quiet_lines(world: &World) -> Vec<String> {
    let lines = world.timeline(MARIA).await.into_iter().filter(|entry| entry.kind() == MessageKind::System);
    lines.map(|line| line.text().to_owned()).collect()
}

#[tokio::test]
async fn stop_and_start_close_and_open_consent_with_the_message_p6() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let waiting = world.thread(MARIA).await.expect("a thread").attention;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.text("SM2", "Stop.").await, ok());
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!(consent_state(&world).await, Some(ConsentState::Closed));
    assert!(thread.opted_out);
    assert_eq!((thread.seq, thread.attention), (3, waiting), "it is shown, and changes attention nowhere");
    assert_eq!(thread.last_message.as_ref().map(|last| last.seq), Some(2), "the row shows what was said");
    world.clock.advance(Duration::from_mins(1));
    world.text("SM3", "HELP").await;
    assert_eq!(consent_state(&world).await, Some(ConsentState::Closed));
    world.clock.advance(Duration::from_mins(1));
    world.text("SM4", "start").await;
    assert_eq!(consent_state(&world).await, Some(ConsentState::Open));
    assert!(!world.thread(MARIA).await.expect("a thread").opted_out);
    world.clock.advance(Duration::from_mins(1));
    world.text("SM5", "start").await;
    let told = ["Texts are off: the customer sent STOP", "Texts are on again: the customer sent START"];
    assert_eq!(quiet_lines(&world).await, told, "once each, and HELP tells nothing");
    let created = world.events().await.into_iter().filter_map(|event| event.happening.seq());
    assert_eq!(created.collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7], "open clients hear of each entry");
}

#[tokio::test]
async fn an_older_word_that_is_applied_later_never_overrides_p6() {
    let world = World::new().await;
    let intake = world.intake();
    let receipt = |sid: &str, body: &str, second: u64| {
        let received_at = start() + Duration::from_secs(second);
        let post = Post {
            path: world.messages_path(),
            headers: Vec::new(),
            body: text_form(MARIA, sid, body),
            received_at,
        };
        intake.receipt_of(post).expect("one of our addresses")
    };
    intake.admit(&receipt("SM2", "STOP", 20)).await.expect("the later one first");
    intake.admit(&receipt("SM1", "START", 10)).await.expect("the earlier one after it");
    let consent = world.consent(MARIA).await.expect("on record");
    assert_eq!((consent.state, consent.how), (ConsentState::Closed, ConsentSource::Word(ConsentWord::Stop)));
    let thread = world.thread(MARIA).await.expect("a thread");
    assert!(thread.opted_out);
    assert_eq!(thread.seq, 3, "both are in the timeline");
    assert_eq!(quiet_lines(&world).await, ["Texts are off: the customer sent STOP"]);
}

#[tokio::test]
async fn a_stop_that_is_repeated_counts_from_when_it_first_came_p6() {
    let world = World::new().await;
    let path = world.messages_path();
    let post =
        Post { path, headers: Vec::new(), body: text_form(MARIA, "SM1", "STOP"), received_at: start() };
    let receipt = world.intake().receipt_of(post).expect("one of our addresses");
    world.store.put_receipt(&receipt, start()).await.expect("kept, and then the function died");
    world.clock.advance(Duration::from_mins(1));
    world.text("SM2", "START").await;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.text("SM1", "STOP").await, ok());
    assert_eq!(consent_state(&world).await, Some(ConsentState::Open));
}

#[tokio::test]
async fn twilios_own_reading_of_an_opt_out_wins_p6() {
    let world = World::new().await;
    let body =
        [&text_form(MARIA, "SM1", "Please do not write to me again")[..], b"&OptOutType=STOP"].concat();
    assert_eq!(world.genuine(&world.messages_path(), &body).await, ok());
    assert_eq!(consent_state(&world).await, Some(ConsentState::Closed));
}

#[tokio::test]
async fn a_tapback_is_a_chip_on_our_message_and_nothing_else() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let reply = world.reply("See you **Tuesday** at 9").await;
    let before = world.thread(MARIA).await.expect("a thread");
    assert_eq!(world.text("SM2", "Liked “See you Tuesday at 9”").await, ok());
    assert_eq!(world.thread(MARIA).await.as_ref(), Some(&before), "no unread, no attention");
    let reactions = world.message(&reply).await.reactions().to_vec();
    assert_eq!(reactions.iter().map(|r| r.kind.as_str()).collect::<Vec<_>>(), ["liked"]);
    let last = world.events().await.pop().expect("an event");
    assert_eq!(last.happening, Happening::MessageUpdated { seq: reply.seq });
    assert_eq!(world.text("SM2", "Liked “See you Tuesday at 9”").await, ok());
    assert_eq!(world.message(&reply).await.reactions().len(), 1, "P2");
    world.text("SM3", "Removed a like from “See you Tuesday at 9”").await;
    assert!(world.message(&reply).await.reactions().is_empty());
    world.text("SM4", "Questioned “See you Tuesday at 9”").await;
    assert_eq!(world.timeline(MARIA).await.len(), 3, "a question is a message");
    world.text("SM5", "Liked “something we never said”").await;
    assert_eq!(world.timeline(MARIA).await.len(), 4);
}

#[tokio::test]
async fn thanks_settles_only_where_nothing_waits() {
    let world = World::new().await;
    world.text("SM1", "Is it done?").await;
    world.text("SM2", "Thanks!").await;
    assert!(world.thread(MARIA).await.is_some_and(|t| t.attention.is_some() && !t.looked_settled));
    world.reply("All done.").await;
    world.text("SM3", "Thanks!").await;
    let thread = world.thread(MARIA).await.expect("a thread");
    assert!(thread.attention.is_none() && thread.looked_settled);
    assert_eq!(thread.customer_count - thread.answered_count, 1, "and it is unread");
    world.reply("Shall we come on Tuesday?").await;
    world.text("SM4", "Thanks!").await;
    assert!(world.thread(MARIA).await.is_some_and(|t| t.attention.is_some()), "we had asked something");
}

#[tokio::test]
async fn an_emergency_goes_on_top() {
    let world = World::new().await;
    world.text("SM1", "A pipe BURST in the basement!").await;
    let attention = world.thread(MARIA).await.and_then(|thread| thread.attention).expect("attention");
    assert!(attention.emergency);
}

#[tokio::test]
async fn a_customers_text_carries_their_name_and_their_one_active_job() {
    let world = World::new().await;
    let (customer, job) = maria_with_a_job(&world).await;
    world.text("SM1", "When are you coming?").await;
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!(thread.name(), "Maria Santos");
    assert!(!thread.is_lead());
    assert_eq!(thread.customer.as_ref().map(|summary| summary.id.clone()), Some(customer));
    assert_eq!(world.timeline(MARIA).await[0].job, Some(job));
}

async fn maria_with_a_job(world: &World) -> (CustomerId, JobId) {
    let mut customer = Customer {
        id: "01JD0000000000000000000001".parse().expect("an id"),
        name: "Maria Santos".to_owned(),
        address: None,
        notes: None,
        balance_cents: 0,
        lead: None,
        since: start(),
        version: 0,
    };
    let mut job = Job {
        id: "01JD0000000000000000000002".parse().expect("an id"),
        customer: customer.id.clone(),
        number: 1042,
        title: "Water heater".to_owned(),
        status: JobStatus::Scheduled,
        scheduled_at: Some(start()),
        ended_at: None,
        amount_cents: 0,
        version: 0,
    };
    let link = ContactLink {
        customer: customer.id.clone(),
        contact: phone(MARIA),
        channel: Channel::Sms,
        label: None,
        linked_at: start(),
        unlinked_at: None,
    };
    let commit = world.store.commit(&world.business).customer(&mut customer).job(&mut job).link(&link);
    commit.run().await.expect("an empty directory");
    (customer.id, job.id)
}
