//! A second channel, which nothing but its own file and the list of channels knows.

use porchlight_channel::{Channels, Misfit, Post};
use porchlight_desk::intake::Applied;
use porchlight_desk::{Desk, Intake, NewText, When};
use porchlight_domain::conversation::Conversation;
use porchlight_domain::delivery::{Delivery, Status};
use porchlight_domain::id::ConversationId;
use porchlight_domain::message::Message;
use porchlight_edge::{Function, Platform, Wake};
use serde_json::{Value, json};

use crate::loopback::{CHANNEL, CUT, LoopBack};
use crate::support::{LINE, MARIA, World, phone};

/// A world with the loop as its only channel.
struct Looped {
    world: World,
    back: LoopBack,
    desk: Desk,
    intake: Intake,
    function: Function,
}

impl Looped {
    async fn new() -> Self {
        let world = World::new().await;
        let back = LoopBack::default();
        let channels = Channels::default().door(back.clone()).carrier(CHANNEL, back.clone());
        let settings = world.tables.environment("Send").into_iter().collect();
        let (clock, entropy) = (world.clock.clone(), world.entropy.clone());
        let platform = Platform::new(clock.clone(), entropy.clone(), settings, Wake::timer())
            .with_dynamodb(|| world.tables.calls_of("Send"))
            .with_bucket(|_| Some(world.bucket.clone()));
        let desk = Desk::new(world.store.clone(), clock, entropy);
        let intake = Intake::new(desk.clone(), channels.clone());
        let function = porchlight_send::build_with(platform, channels).expect("the tables have names");
        Self { world, back, desk, intake, function }
    }

    fn post(&self, address: &str, body: &Value) -> Post {
        Post {
            path: format!("/loop/{}/{address}", self.world.business),
            headers: vec![("x-loop".to_owned(), "whole".to_owned())],
            body: body.to_string().into_bytes(),
            received_at: self.world.clock.now(),
        }
    }

    async fn says(&self, id: &str, text: &str) -> Applied {
        let body = json!({ "id": id, "from": MARIA, "to": LINE, "text": text });
        self.intake.take_in(self.post("in", &body)).await.expect("it is taken in")
    }

    async fn thread(&self) -> Option<Conversation> {
        let id = ConversationId::of_customer(&self.world.group, CHANNEL, &phone(MARIA));
        self.world.store.conversation(&self.world.business, &id).await.expect("a read")
    }

    async fn answer(&self, text: &str) -> Message {
        let thread = self.thread().await.expect("Maria has said something");
        let new = NewText {
            id: self.world.entropy.ulid(self.world.clock.now()).into(),
            text: text.to_owned(),
            job: None,
            seen_seq: thread.seq,
            force: false,
            resend_of: None,
            attachments: Vec::new(),
            uncleaned: false,
            when: When::Now,
        };
        let message = self.desk.send(&self.world.person(), &thread.id, &new).await.expect("queued");
        assert_eq!(self.world.wake_of(&self.function, &[&message]).await, Vec::<String>::new());
        self.world.now(&message).await
    }
}

#[tokio::test]
async fn a_message_comes_in_and_is_answered_by_the_way_it_came() {
    let looped = Looped::new().await;
    assert_eq!(looped.says("1", "Is anybody there?").await, Applied::Done);
    assert_eq!(looped.says("1", "Is anybody there?").await, Applied::Done, "P2");
    let thread = looped.thread().await.expect("a thread of its own channel (P3)");
    assert_eq!((thread.seq, thread.attention.is_some()), (1, true));

    let message = looped.answer("**Yes**, we are.").await;
    let taken = (LINE.to_owned(), MARIA.to_owned(), "~**Yes**, we are.~".to_owned());
    assert_eq!(looped.back.taken(), [taken], "in the words that this channel carries");
    assert_eq!(message.status(), Status::Sent);
    assert!(looped.world.twilio.posts().is_empty(), "nobody else was asked");
}

#[tokio::test]
async fn what_became_of_it_is_told_by_the_same_door_p5() {
    let looped = Looped::new().await;
    looped.says("1", "Hello").await;
    let message = looped.answer("Hello").await;
    let report = looped.post(&format!("said/{}", message.id), &json!({ "id": "LB1" }));
    assert_eq!(looped.intake.take_in(report).await.expect("it is taken in"), Applied::Done);
    assert_eq!(looped.world.status(&message).await, Status::Delivered);
}

#[tokio::test]
async fn what_it_does_not_take_is_said_in_its_own_words() {
    let looped = Looped::new().await;
    looped.says("1", "Hello").await;
    looped.back.cut();
    let message = looped.answer("Hello").await;
    let reason = message.delivery().and_then(Delivery::error).expect("it failed");
    assert_eq!((message.status(), reason.words.as_str()), (Status::Failed, CUT));
}

#[tokio::test]
async fn what_cannot_be_read_waits_in_the_tray_p1() {
    let looped = Looped::new().await;
    let applied = looped.intake.take_in(looped.post("in", &json!({ "id": "2" }))).await.expect("kept");
    let misfit = Misfit::Unreadable("from is missing".to_owned());
    assert_eq!(applied, Applied::Quarantined(misfit));
    assert!(looped.thread().await.is_none());
}
