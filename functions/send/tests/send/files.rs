//! Files that customers sent come to lie with us, whether anybody looks or not, and whatever dies on the way (P1).

use std::sync::atomic::Ordering;
use std::time::Duration;

use porchlight_bucket::Whole;
use porchlight_domain::conversation::InboundEffect;
use porchlight_domain::file::{FileState, LARGEST, NotFetched};
use porchlight_domain::message::{Media, Message, Received};
use porchlight_engine::{Fault, Injection};

use crate::support::{MARIA, World};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x28\0\0\0\x1e\x08\x02\0\0\0crc!\0\0\0\x04IDATrowscrc!\0\0\0\0IENDcrc!";

impl World {
    /// A text with these files, as the webhook leaves it.
    async fn comes_with(&self, files: &[&str]) -> Message {
        let mut conversation = self.thread(MARIA).await;
        let (route, now) = (conversation.route().expect("a customer").clone(), self.clock.now());
        let base = self.base_url.clone();
        let url = |name: &&str| match name.strip_prefix("elsewhere:") {
            Some(address) => address.to_owned(),
            None => format!("{base}/2010-04-01/Accounts/AC1/Messages/MM1/Media/{name}"),
        };
        let media = files.iter().map(|name| Media::at_provider(url(name), "image/jpeg").to_be_fetched(now));
        let received = Received {
            media: media.collect(),
            ..Received::new(&route, Some("MM1".to_owned()), String::new())
        };
        let mut message = Message::received(&conversation, self.entropy.ulid(now).into(), now, received);
        conversation.record_inbound(&message, InboundEffect::WantsAnswer { emergency: false });
        let commit = self.store.commit(&self.business).create_message(&mut message);
        commit.conversation(&mut conversation).run().await.expect("it came");
        message
    }

    async fn files_of(&self, message: &Message) -> Vec<Media> {
        let found = self.store.message_at(&self.business, &message.conversation, message.seq).await;
        found.expect("a read").expect("it came").media().to_vec()
    }
}

#[tokio::test]
async fn a_file_is_kept_as_it_came_and_is_what_its_bytes_are() {
    let world = World::new().await;
    world.twilio.has_file("ME1", PNG);
    world.twilio.has_file("ME2", b"<html><script>alert(1)</script>");
    let message = world.comes_with(&["ME1", "ME2"]).await;
    assert!(world.wake(&[&message]).await.is_empty());
    let files = world.files_of(&message).await;
    let kept = files[0].kept.as_ref().expect("it lies with us");
    assert_eq!((files[0].content_type.as_str(), kept.size), ("image/png", PNG.len() as u64));
    assert_eq!((kept.width, kept.height), (Some(40), Some(30)));
    assert_eq!(world.bucket.get(&kept.key, LARGEST).await.expect("there"), Whole::Bytes(PNG.into()));
    assert_eq!(files[1].content_type, "application/octet-stream", "whatever it calls itself");
    let thread = world.thread(MARIA).await;
    let row = thread.last_message.as_ref().map(|last| last.text.as_str());
    assert_eq!(row, Some("2 files"), "and the row says so");
    let reads = world.twilio.reads();
    world.wake(&[&message]).await;
    world.clock.advance(Duration::from_hours(30));
    assert!(world.sweep().await);
    assert_eq!(world.twilio.reads(), reads, "nobody asks for it again");
}

#[tokio::test]
async fn what_the_stream_lost_or_the_provider_did_not_give_is_due_until_it_is_here_p1() {
    let world = World::new().await;
    world.twilio.has_file("ME1", PNG);
    let message = world.comes_with(&["ME1"]).await;
    world.twilio.is_deaf(true);
    world.clock.advance(Duration::from_secs(31));
    world.sweep().await;
    let file = world.files_of(&message).await.remove(0);
    let fetch = file.fetch.as_ref().expect("it is still to be fetched");
    assert_eq!((file.state(), fetch.why), (FileState::Fetching, Some(NotFetched::Unavailable)));
    let reads = world.twilio.reads();
    world.sweep().await;
    assert_eq!(world.twilio.reads(), reads, "not before its time");
    world.twilio.is_deaf(false);
    world.clock.advance(Duration::from_mins(1));
    world.sweep().await;
    assert_eq!(world.files_of(&message).await[0].state(), FileState::Ready);
}

#[tokio::test]
async fn what_can_never_be_had_is_said_and_not_asked_for_again() {
    let world = World::new().await;
    let large = vec![0; usize::try_from(LARGEST).expect("a size") + 1];
    world.twilio.has_file("ME1", &large);
    world.twilio.has_file("ME3", PNG);
    let message = world.comes_with(&["ME1", "elsewhere:http://169.254.169.254/latest", "ME3"]).await;
    world.wake(&[&message]).await;
    let files = world.files_of(&message).await;
    let why = |file: &Media| file.fetch.as_ref().and_then(|fetch| fetch.why);
    assert_eq!((files[0].state(), why(&files[0])), (FileState::Failed, Some(NotFetched::TooLarge)));
    assert_eq!((files[1].state(), why(&files[1])), (FileState::Failed, Some(NotFetched::Refused)));
    assert_eq!(files[2].state(), FileState::Ready, "the good one beside them stays");
    let reads = world.twilio.reads();
    world.clock.advance(Duration::from_hours(48));
    world.sweep().await;
    assert_eq!(world.twilio.reads(), reads);
}

#[tokio::test]
async fn whatever_dies_between_the_provider_and_the_message_the_file_is_there_in_the_end_p1() {
    for faults in [
        vec![Fault::TransactionConflict],
        vec![Fault::AnswerLost],
        vec![Fault::InternalError, Fault::AnswerLost, Fault::AnswerLost],
    ] {
        let world = World::new().await;
        world.twilio.has_file("ME1", PNG);
        let message = world.comes_with(&["ME1"]).await;
        world.is_down.store(true, Ordering::SeqCst);
        world.wake(&[&message]).await;
        assert_ne!(world.files_of(&message).await[0].state(), FileState::Ready, "no file, no word of one");
        world.is_down.store(false, Ordering::SeqCst);
        for fault in faults {
            world.tables.faults.inject(Injection::next(fault).operation("TransactWriteItems").times(4));
        }
        for _ in 0..10 {
            world.clock.advance(Duration::from_mins(2));
            world.sweep().await;
        }
        let file = world.files_of(&message).await.remove(0);
        assert_eq!(file.state(), FileState::Ready);
        let kept = file.kept.expect("a file");
        assert_eq!(world.bucket.get(&kept.key, LARGEST).await.expect("there"), Whole::Bytes(PNG.into()));
    }
}
