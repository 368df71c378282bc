//! What a text means to the inbox (RULES).

use std::str::FromStr;
use std::time::Duration;

use porchlight_domain::channel::Channel;
use porchlight_domain::consent::ConsentState;
use porchlight_domain::conversation::AttentionReason;
use porchlight_domain::customer::{Block, ContactLink, Customer, Job, JobStatus};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CustomerId, JobId, StaffId};
use porchlight_domain::message::MessageKind;

use crate::support::{LINE, MARIA, World, form, ok, phone, start, text_form};

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
async fn a_number_that_could_not_be_texted_can_be_once_it_texts() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let mut thread = world.thread(MARIA).await.expect("a thread");
    thread.know_cannot_text(true);
    let commit = world.store.commit(&world.business).conversation(&mut thread);
    commit.unreachable(&phone(MARIA), None).run().await.expect("a write");
    world.text("SM2", "It is my cell now").await;
    assert!(!world.thread(MARIA).await.expect("a thread").cannot_text);
    let record =
        world.store.contact(&world.business, &phone(MARIA)).await.expect("a read").expect("a record");
    assert!(!record.cannot_text && record.reachable_since.is_some());
}

#[tokio::test]
async fn what_a_blocked_number_sends_is_kept_and_disturbs_nobody_p1() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let mut thread = world.thread(MARIA).await.expect("a thread");
    let was = (thread.attention, thread.customer_count);
    thread.block(true);
    let block = Block {
        by: StaffId::from_str("01JD0000000000000000000000").expect("an id"),
        at: start(),
        spam: true,
    };
    let commit = world.store.commit(&world.business).conversation(&mut thread);
    commit.block(&phone(MARIA), Some(&block)).run().await.expect("a write");
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.text("SM2", "Burst pipe! You have won").await, ok());
    assert_eq!(world.text("SM3", "STOP").await, ok());
    let mut thread = world.thread(MARIA).await.expect("a thread");
    assert!(world.timeline(MARIA).await.iter().any(|it| it.text() == "Burst pipe! You have won"), "P1");
    assert_eq!(consent_state(&world).await, Some(ConsentState::Closed), "P6");
    assert!(thread.blocked && thread.shown_attention().is_none());
    thread.block(false);
    assert_eq!((thread.attention, thread.customer_count), was, "unblocked it is as it was");
}

#[tokio::test]
async fn the_first_text_of_a_number_that_was_blocked_begins_a_blocked_thread() {
    let world = World::new().await;
    let block = Block {
        by: StaffId::from_str("01JD0000000000000000000000").expect("an id"),
        at: start(),
        spam: false,
    };
    let commit = world.store.commit(&world.business).block(&phone(MARIA), Some(&block));
    commit.run().await.expect("a write");
    world.text("SM1", "Hello").await;
    let thread = world.thread(MARIA).await.expect("a thread");
    assert!(thread.blocked && thread.folder().is_none() && thread.attention.is_none());
    assert_eq!(world.timeline(MARIA).await.len(), 1);
}

#[tokio::test]
async fn a_group_text_keeps_who_else_it_went_to() {
    let world = World::new().await;
    let body = [
        &text_form(MARIA, "SM1", "See you all Tuesday")[..],
        b"&OtherRecipients0=%2B12075550177&OtherRecipients1=odd",
    ]
    .concat();
    assert_eq!(world.genuine(&world.messages_path(), &body).await, ok());
    let timeline = world.timeline(MARIA).await;
    assert_eq!(timeline[0].others(), [phone("+12075550177")]);
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
async fn a_word_that_may_mean_the_appointment_closes_consent_and_asks_for_a_call_p6() {
    for word in ["CANCEL", "Cancelar", "end"] {
        let world = World::new().await;
        world.text("SM1", "Hello").await;
        world.reply("See you Tuesday at 9").await;
        assert_eq!(world.text("SM2", word).await, ok());
        assert_eq!(consent_state(&world).await, Some(ConsentState::Closed), "{word}");
        let thread = world.thread(MARIA).await.expect("a thread");
        let reason = thread.attention.map(|attention| attention.reason);
        assert_eq!(reason, Some(AttentionReason::UnclearStop), "{word}");
        let [line] = &quiet_lines(&world).await[..] else { panic!("one line") };
        assert!(line.ends_with("They may have meant the appointment. Call them."), "{line}");
    }
}

#[tokio::test]
async fn a_stop_with_thanks_closes_consent_and_asks_for_nobody_p6() {
    for word in ["Stop. Thank you", "Stop, thanks", "\u{201c}STOP\u{201d} \u{1f64f}", "please unsubscribe me"]
    {
        let world = World::new().await;
        world.text("SM1", word).await;
        assert_eq!(consent_state(&world).await, Some(ConsentState::Closed), "{word}");
        assert_eq!(world.thread(MARIA).await.expect("a thread").attention, None, "{word}");
    }
}

#[tokio::test]
async fn a_sentence_that_asks_for_no_more_texts_holds_them_and_asks_a_person_p6() {
    for sentence in ["please stop texting me", "Wrong number, sorry", "No me manden m\u{e1}s mensajes"] {
        let world = World::new().await;
        world.text("SM1", "Hello").await;
        world.reply("See you Tuesday at 9").await;
        assert_eq!(world.text("SM2", sentence).await, ok());
        assert_eq!(consent_state(&world).await, None, "nothing is on record before a person has decided");
        let thread = world.thread(MARIA).await.expect("a thread");
        assert_eq!(thread.doubt.map(|doubt| doubt.seq), Some(3), "{sentence}");
        let attention = thread.attention.expect("a person decides");
        assert_eq!(attention.reason, AttentionReason::AskedToStop, "{sentence}");
        assert!(quiet_lines(&world).await.is_empty(), "and no more is written than for any text");
        world.text("SM3", "yes").await;
        assert!(
            world.thread(MARIA).await.is_some_and(|thread| thread.doubt.is_some()),
            "an answer decides nothing"
        );
        world.text("SM4", "START").await;
        let thread = world.thread(MARIA).await.expect("a thread");
        assert_eq!((thread.doubt, thread.opted_out), (None, false), "their own word does");
    }
}

#[tokio::test]
async fn a_stop_behind_such_a_sentence_closes_and_nothing_is_left_to_decide_p6() {
    let world = World::new().await;
    world.text("SM1", "stop texting me").await;
    world.text("SM2", "STOP").await;
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!((thread.doubt, thread.opted_out), (None, true));
    world.text("SM3", "I said stop texting me").await;
    let thread = world.thread(MARIA).await.expect("a thread");
    assert_eq!((thread.doubt, thread.opted_out), (None, true), "it is closed already");
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
async fn thanks_with_a_photo_or_another_sign_waits_for_a_person() {
    let photo = form(&[
        ("MessageSid", "MM2"),
        ("From", MARIA),
        ("To", LINE),
        ("Body", "Thanks"),
        ("NumMedia", "1"),
        ("MediaUrl0", "https://api.twilio.com/media/0"),
        ("MediaContentType0", "image/jpeg"),
    ]);
    for body in [photo, text_form(MARIA, "SM2", "\u{1f64f}\u{1f198}"), text_form(MARIA, "SM2", "Thanks?")] {
        let world = World::new().await;
        world.text("SM1", "Hello").await;
        world.reply("All done").await;
        assert_eq!(world.genuine(&world.messages_path(), &body).await, ok());
        let thread = world.thread(MARIA).await.expect("a thread");
        assert!(thread.attention.is_some() && !thread.looked_settled);
    }
}

#[tokio::test]
async fn one_person_has_one_tapback_on_a_message_and_takes_it_back_by_any_name() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let reply = world.reply("See you Tuesday at 9").await;
    let kinds = async || -> Vec<String> {
        world.message(&reply).await.reactions().iter().map(|r| r.kind.clone()).collect()
    };
    world.text("SM2", "Liked \u{201c}See you Tuesday at 9\u{201d}").await;
    world.text("SM3", "Reacted 1\u{fe0f}\u{20e3} to \u{201c}See you Tuesday at 9\u{201d}").await;
    assert_eq!(kinds().await, ["1\u{fe0f}\u{20e3}"], "the later one");
    world.text("SM4", "Le encant\u{f3} \u{201c}See you Tuesday at 9\u{201d}").await;
    assert_eq!(kinds().await, ["loved"]);
    world.text("SM5", "Removed \u{2764}\u{fe0f} from \u{201c}See you Tuesday at 9\u{201d}").await;
    assert_eq!(kinds().await, [""; 0]);
    assert_eq!(world.timeline(MARIA).await.len(), 2, "none of them is a message");
}

#[tokio::test]
async fn tapbacks_of_the_same_millisecond_are_all_taken_p2() {
    let world = World::new().await;
    world.text("SM1", "Hello").await;
    let (one, other) = (world.reply("See you Tuesday").await, world.reply("At 9").await);
    tokio::join!(
        world.text("SM2", "Liked \u{201c}See you Tuesday\u{201d}"),
        world.text("SM3", "Loved \u{201c}At 9\u{201d}"),
        world.text("SM4", "Loved \u{201c}At 9\u{201d}"),
    );
    for message in [one, other] {
        assert_eq!(world.message(&message).await.reactions().len(), 1);
    }
    assert_eq!(world.timeline(MARIA).await.len(), 3, "none of them is a message");
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
        access_notes: None,
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
        ends_at: None,
        ended_at: None,
        amount_cents: 0,
        facts: Vec::new(),
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
