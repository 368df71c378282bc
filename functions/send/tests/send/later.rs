//! What was planned goes once, at its time, or says why it does not (RULES "Later"; P4, P6).

use std::time::Duration;

use porchlight_desk::{Desk, Editor, NewText, PlanChange, Refusal, When};
use porchlight_domain::access::Person;
use porchlight_domain::consent::ConsentWord;
use porchlight_domain::conversation::{AttentionReason, InboundEffect};
use porchlight_domain::customer::Block;
use porchlight_domain::delivery::{Delivery, HeldReason, Status};
use porchlight_domain::id::MessageId;
use porchlight_domain::message::{Message, MessageKind, Received};
use porchlight_domain::staff::Staff;
use porchlight_domain::time::Timestamp;
use porchlight_engine::{Fault, Injection};

use crate::support::{MARIA, World};

/// Noon in Maine, of the day on which everything begins there before dawn.
fn noon() -> Timestamp {
    "2026-11-20T17:00:00Z".parse().expect("an instant")
}

struct Later {
    world: World,
    desk: Desk,
}

impl Later {
    async fn new() -> Self {
        let world = World::new().await;
        let desk = Desk::new(world.store.clone(), world.clock.clone(), world.entropy.clone());
        Self { world, desk }
    }

    async fn writes(&self, who: &Person, text: &str, when: When) -> Result<Message, Refusal> {
        let thread = self.world.thread(MARIA).await;
        let new = NewText {
            id: self.new_id(),
            text: text.to_owned(),
            job: None,
            seen_seq: thread.seq,
            force: false,
            resend_of: None,
            attachments: Vec::new(),
            uncleaned: false,
            when,
        };
        self.desk.send(who, &thread.id, &new).await
    }

    async fn plan(&self, text: &str, at: Timestamp) -> Message {
        let when = When::At { at, cancel_on_reply: false };
        self.writes(&self.world.person(), text, when).await.expect("planned")
    }

    fn new_id(&self) -> MessageId {
        self.world.entropy.ulid(self.world.clock.now()).into()
    }

    /// The clock is at an instant, and the sweep comes.
    async fn at(&self, at: Timestamp) {
        self.world.clock.advance(at.since(self.world.clock.now()));
        assert!(self.world.sweep().await);
    }

    async fn maria_writes(&self, text: &str) {
        let mut thread = self.world.thread(MARIA).await;
        let received = Received::new(thread.route().expect("a customer"), None, text.to_owned());
        let mut message = Message::received(&thread, self.new_id(), self.world.clock.now(), received);
        thread.record_inbound(&message, InboundEffect::WantsAnswer { emergency: false });
        let commit = self.world.store.commit(&self.world.business).create_message(&mut message);
        commit.conversation(&mut thread).run().await.expect("written");
    }

    async fn close(&self) {
        let mut thread = self.world.thread(MARIA).await;
        thread.close();
        self.world.store.commit(&self.world.business).conversation(&mut thread).run().await.expect("closed");
    }

    /// Somebody blocks the number.
    async fn block(&self) {
        let world = &self.world;
        let mut thread = world.thread(MARIA).await;
        let contact = thread.contact().expect("a customer").clone();
        let block = Block { by: world.person().staff.id, at: world.clock.now(), spam: true };
        thread.block(true);
        let commit = world.store.commit(&world.business).block(&contact, Some(&block));
        commit.conversation(&mut thread).run().await.expect("blocked");
    }

    async fn ben(&self) -> Person {
        let ana = self.world.person();
        let id = "01JD0000000000000000000002".parse().expect("an id");
        let (name, email) = ("Ben".to_owned(), "ben@example.com".to_owned());
        let staff = Staff { id, name, email, ..ana.staff };
        self.world.store.put_staff(&staff).await.expect("staff");
        Person::new(staff, ana.business)
    }

    async fn held(&self, message: &Message) -> Option<HeldReason> {
        let message = self.world.now(message).await;
        message.delivery().and_then(Delivery::why_held).map(|held| held.reason)
    }
}

#[tokio::test]
async fn it_goes_at_its_time_to_the_end_of_the_timeline_and_answers_then() {
    let later = Later::new().await;
    let message = later.plan("See you at one.", noon()).await;
    assert_eq!(message.status(), Status::Scheduled);
    let thread = later.world.thread(MARIA).await;
    assert!(thread.attention.is_some(), "nobody has answered yet");
    assert_eq!(
        (thread.planned.as_slice(), thread.last_message.as_ref().map(|it| it.seq)),
        ([2].as_slice(), Some(1))
    );
    later.at(noon() - Duration::from_millis(1)).await;
    assert!(later.world.twilio.posts().is_empty());
    later.at(noon()).await;
    assert_eq!(later.world.twilio.taken(), ["See you at one."]);
    let gone = later.world.now(&message).await;
    assert_eq!((gone.status(), gone.seq, gone.created_at), (Status::Sending, 3, noon()));
    let thread = later.world.thread(MARIA).await;
    assert!(thread.attention.is_none() && thread.planned.is_empty());
    assert_eq!((thread.answered_count, thread.last_message.as_ref().map(|it| it.seq)), (1, Some(3)));
    let stays = later.world.store.message_at(&later.world.business, &thread.id, 2).await.expect("a read");
    assert_eq!(stays.map(|entry| entry.kind()), Some(MessageKind::System), "the timeline has no gaps");
}

#[tokio::test]
async fn nothing_goes_to_a_number_that_was_blocked_meanwhile_p6() {
    let later = Later::new().await;
    let planned = later.plan("See you at one.", noon()).await;
    let held_back = later.writes(&later.world.person(), "Oh", When::Undo(5)).await.expect("in a moment");
    later.block().await;
    later.at(later.world.clock.now() + Duration::from_secs(6)).await;
    let failed = later.world.now(&held_back).await;
    assert_eq!(failed.status(), Status::Failed, "asked again right before the call");
    later.at(noon()).await;
    assert_eq!(later.held(&planned).await, Some(HeldReason::Blocked));
    assert!(later.world.twilio.posts().is_empty());
}

#[tokio::test]
async fn what_the_customer_wrote_after_it_was_planned_still_waits() {
    let later = Later::new().await;
    later.plan("See you at one.", noon()).await;
    later.maria_writes("Can you come earlier?").await;
    later.at(noon()).await;
    assert_eq!(later.world.twilio.taken(), ["See you at one."]);
    let thread = later.world.thread(MARIA).await;
    assert!(thread.attention.is_some());
    assert_eq!((thread.answered_count, thread.customer_count), (1, 2));
}

#[tokio::test]
async fn a_reply_takes_it_back_where_that_was_chosen() {
    let later = Later::new().await;
    let when = When::At { at: noon(), cancel_on_reply: true };
    let message = later.writes(&later.world.person(), "Still there?", when).await.expect("planned");
    later.maria_writes("Yes").await;
    later.at(noon()).await;
    assert_eq!(later.world.status(&message).await, Status::Canceled);
    assert!(later.world.twilio.posts().is_empty());
    assert!(later.world.thread(MARIA).await.planned.is_empty());
}

#[tokio::test]
async fn it_waits_for_the_customers_day_and_a_person_does_not() {
    let later = Later::new().await;
    let six: Timestamp = "2026-11-20T11:00:00Z".parse().expect("an instant");
    let eight = six + Duration::from_hours(2);
    let planned = later.plan("Good morning", six).await;
    let schedule = planned.delivery().and_then(|delivery| delivery.schedule.as_ref()).expect("a plan");
    assert_eq!((schedule.send_at, schedule.goes_at), (six, eight));
    later.writes(&later.world.person(), "Awake already", When::Now).await.expect("queued");
    later.at(six).await;
    assert_eq!(later.world.twilio.taken(), ["Awake already"]);
    later.at(eight).await;
    assert_eq!(later.world.twilio.taken(), ["Awake already", "Good morning"]);
}

#[tokio::test]
async fn what_holds_it_is_said_and_a_person_sends_it_anyway() {
    let later = Later::new().await;
    let (closed, ben) = (later.plan("One", noon()).await, later.ben().await);
    later.close().await;
    later.at(noon()).await;
    assert_eq!(later.held(&closed).await, Some(HeldReason::Closed));
    let reason = later.world.thread(MARIA).await.attention.map(|attention| attention.reason);
    assert_eq!(reason, Some(AttentionReason::Held), "somebody must look at it");
    let colleague = later.plan("Two", noon() + Duration::from_mins(5)).await;
    later.writes(&ben, "Ben was faster", When::Now).await.expect("queued");
    later.at(noon() + Duration::from_mins(5)).await;
    assert_eq!(later.held(&colleague).await, Some(HeldReason::ColleagueReplied));
    assert_eq!(later.world.twilio.taken(), ["Ben was faster"]);
    later.desk.send_now(&ben, &colleague.id, None).await.expect("sent anyway");
    later.desk.cancel(&ben, &closed.id, None).await.expect("discarded");
    later.at(noon() + Duration::from_mins(6)).await;
    assert_eq!(later.world.twilio.taken(), ["Ben was faster", "Two"]);
    assert_eq!(later.world.status(&closed).await, Status::Canceled);
}

#[tokio::test]
async fn who_opted_out_gets_it_neither_then_nor_anyway_p6() {
    let later = Later::new().await;
    let message = later.plan("Hello", noon()).await;
    later.world.say(ConsentWord::Stop).await;
    later.at(noon()).await;
    assert_eq!(later.held(&message).await, Some(HeldReason::OptedOut));
    let refused = later.desk.send_now(&later.world.person(), &message.id, None).await;
    assert!(matches!(refused, Err(Refusal::Obstacle { .. })));
    assert!(later.world.twilio.posts().is_empty());
}

#[tokio::test]
async fn after_a_standstill_what_is_an_hour_late_is_held_and_the_rest_goes_in_its_order() {
    let later = Later::new().await;
    let late = later.plan("late", noon()).await;
    later.plan("second", noon() + Duration::from_mins(50)).await;
    later.plan("first", noon() + Duration::from_mins(40)).await;
    later.at(noon() + Duration::from_mins(61)).await;
    assert_eq!(later.held(&late).await, Some(HeldReason::Late));
    assert_eq!(later.world.twilio.taken(), ["first", "second"]);
}

#[tokio::test]
async fn of_an_edit_a_taking_back_and_its_time_one_comes_first() {
    let later = Later::new().await;
    let message = later.plan("See you at one.", noon()).await;
    let change = PlanChange {
        text: Some("See you at two.".to_owned()),
        send_at: Some(noon() + Duration::from_hours(1)),
        ..PlanChange::default()
    };
    let ana = later.world.person();
    later.desk.reschedule(&ana, &message.id, &change, None).await.expect("it waits");
    later.at(noon()).await;
    assert!(later.world.twilio.posts().is_empty());
    let stale = PlanChange { revision: Some(0), ..change.clone() };
    let refused = later.desk.reschedule(&ana, &message.id, &stale, None).await;
    assert!(matches!(refused, Err(Refusal::PlanChanged)));
    later.world.clock.advance(Duration::from_hours(1));
    // Its time has come, and somebody takes it back in the same moment.
    let (swept, canceled) = tokio::join!(later.world.sweep(), later.desk.cancel(&ana, &message.id, None));
    assert!(swept);
    match canceled {
        Ok(_) => assert!(later.world.twilio.posts().is_empty()),
        Err(refused) => {
            assert!(matches!(refused, Refusal::LeftAlready));
            assert_eq!(later.world.twilio.taken(), ["See you at two."]);
        }
    }
    let too_late = later.desk.reschedule(&ana, &message.id, &change, None).await;
    assert!(matches!(too_late, Err(Refusal::LeftAlready)));
}

#[tokio::test]
async fn an_open_editor_holds_it_and_closing_it_lets_the_old_words_go() {
    let later = Later::new().await;
    let (message, ana) = (later.plan("See you at one.", noon()).await, later.world.person());
    later.at(noon() - Duration::from_secs(10)).await;
    let editor = |open| Editor { name: "a".to_owned(), open };
    later.desk.edit_plan(&ana, &message.id, &editor(true)).await.expect("it waits");
    later.at(noon() + Duration::from_secs(30)).await;
    assert!(later.world.twilio.posts().is_empty());
    later.desk.edit_plan(&ana, &message.id, &editor(false)).await.expect("closed");
    later.at(noon() + Duration::from_secs(31)).await;
    assert_eq!(later.world.twilio.taken(), ["See you at one."]);
    let refused = later.desk.edit_plan(&ana, &message.id, &editor(true)).await;
    assert!(matches!(refused, Err(Refusal::LeftAlready)));
}

#[tokio::test]
async fn what_can_be_taken_back_for_a_moment_goes_then_from_its_place() {
    let later = Later::new().await;
    let ana = later.world.person();
    let message = later.writes(&ana, "Hello", When::Undo(5)).await.expect("held");
    let undone = later.writes(&ana, "Oh", When::Undo(5)).await.expect("held");
    later.desk.cancel(&ana, &undone.id, None).await.expect("taken back");
    assert!(later.world.thread(MARIA).await.attention.is_some());
    // Before dawn there: a person's answer never waits.
    later.at(later.world.clock.now() + Duration::from_secs(5)).await;
    assert_eq!(later.world.twilio.taken(), ["Hello"]);
    assert_eq!(later.world.now(&message).await.seq, message.seq);
    let thread = later.world.thread(MARIA).await;
    assert!(thread.attention.is_none());
    assert_eq!(thread.last_message.as_ref().map(|last| last.text.as_str()), Some("Hello"));
}

#[tokio::test]
async fn whoever_dies_at_whichever_write_it_is_posted_at_most_once_and_never_forgotten_p4() {
    for seed in 1..=3 {
        let later = Later::new().await;
        let mut messages = Vec::new();
        for n in 0..6 {
            messages.push(later.plan(&format!("number {n}"), noon() + Duration::from_mins(n)).await);
        }
        for (every, fault) in
            [(3, Fault::AnswerLost), (4, Fault::TransactionConflict), (7, Fault::InternalError)]
        {
            later.world.tables.faults.inject(Injection::one_in(every, seed + every, fault));
        }
        later.world.clock.advance(noon().since(later.world.clock.now()));
        for _ in 0..6 {
            later.world.sweep().await;
            later.world.clock.advance(Duration::from_mins(2));
        }
        later.world.tables.faults.clear();
        for _ in 0..8 {
            later.world.clock.advance(Duration::from_mins(5));
            later.world.sweep().await;
        }
        let mut posts: Vec<_> = later.world.twilio.posts().into_iter().map(|posted| posted.body).collect();
        let all = posts.len();
        posts.sort();
        posts.dedup();
        assert_eq!(posts.len(), all, "none was posted twice");
        for message in &messages {
            let status = later.world.status(message).await;
            assert!(matches!(status, Status::Sending | Status::Unknown), "{} is {status:?}", message.text());
        }
        assert!(later.world.thread(MARIA).await.planned.is_empty());
    }
}
