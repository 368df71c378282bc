//! What conversations take from the directory: members, customers, reopening.

use std::time::Duration;

use porchlight_domain::conversation::{Conversation, State};
use porchlight_domain::customer::ContactLink;
use porchlight_domain::event::Happening;
use porchlight_domain::id::StaffId;
use porchlight_domain::message::MessageKind;
use porchlight_domain::staff::{Role, Staff};
use porchlight_store::conversations::ConversationPartition;
use porchlight_store::jobs::Participant;

use crate::house::{House, business, conversation, customer, job, person, staff};

async fn partition(house: &House, n: u64) -> ConversationPartition {
    house.store.conversation_partition(&business(), &conversation(n)).await.expect("a read")
}

async fn members(house: &House, n: u64) -> Vec<StaffId> {
    partition(house, n).await.members
}

async fn unread(house: &House, n: u64, who: &StaffId) -> u64 {
    let partition = partition(house, n).await;
    let it = partition.conversation.expect("a conversation");
    it.unread(&partition.markers.get(who).cloned().unwrap_or_default())
}

#[tokio::test]
async fn an_assignment_makes_a_member_whose_unread_begins_at_joining_p7() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.assign(1, &staff(3)).await;
    house.settle().await;
    assert_eq!(members(&house, 1).await, [staff(3)]);
    assert_eq!(unread(&house, 1, &staff(3)).await, 0);
    house.say(1, MessageKind::Customer, "anybody?").await;
    house.settle().await;
    assert_eq!(unread(&house, 1, &staff(3)).await, 1);
    let mine = house.store.conversations_of_member(&business(), &staff(3)).await.expect("a list");
    assert_eq!(mine, [conversation(1)]);
}

#[tokio::test]
async fn a_member_who_comes_back_begins_anew() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.assign(1, &staff(3)).await;
    let known = house.settle().await;
    house.unassign(1, &staff(3)).await;
    house.say(1, MessageKind::Customer, "while you were away").await;
    let known = house.settle_from(known).await;
    assert!(members(&house, 1).await.is_empty());
    house.assign(1, &staff(3)).await;
    house.settle_from(known).await;
    assert_eq!(members(&house, 1).await, [staff(3)]);
    assert_eq!(unread(&house, 1, &staff(3)).await, 0);
}

#[tokio::test]
async fn the_end_of_an_assignment_is_told_p7() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.assign(1, &staff(3)).await;
    let known = house.settle().await;
    let then = house.tick();
    house.unassign(1, &staff(3)).await;
    house.settle_from(known).await;
    let told = house.store.events_from(&business(), then, house.clock.now()).await.expect("events");
    let told: Vec<_> = told.into_iter().map(|event| event.happening).collect();
    assert!(told.contains(&Happening::AccessChanged { staff: staff(3) }), "{told:?}");
}

#[tokio::test]
async fn a_conversation_that_begins_after_the_assignment_has_its_members_at_once() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.assign(1, &staff(3)).await;
    let known = house.settle().await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.settle_from(known).await;
    assert_eq!(members(&house, 1).await, [staff(3)]);
}

#[tokio::test]
async fn participants_are_members_and_people_who_left_are_not() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.assign(1, &staff(3)).await;
    let added = Participant { conversation: conversation(1), staff: staff(4), added_at: house.tick() };
    house.store.commit(&business()).participant(&added).run().await.expect("a participant");
    let known = house.settle().await;
    assert_eq!(members(&house, 1).await, [staff(3), staff(4)]);
    let gone = Staff { disabled_at: Some(house.clock.now()), ..person(3, Role::Technician) };
    house.store.put_staff(&gone).await.expect("a person");
    house.store.commit(&business()).remove_participant(&conversation(1), &staff(4)).run().await.expect("out");
    house.settle_from(known).await;
    assert!(members(&house, 1).await.is_empty());
}

#[tokio::test]
async fn a_row_shows_the_customer_as_they_are_now() {
    let house = House::open().await;
    house.say(1, MessageKind::Customer, "hello").await;
    let known = house.settle().await;
    assert_eq!(house.with(1).await.customer, None);
    house.move_in(1, "Maria").await;
    let known = house.settle_from(known).await;
    let row = house.with(1).await.customer.clone().expect("Maria");
    assert_eq!((row.name.as_str(), row.job.map(|it| it.id)), ("Maria", Some(job(1))));
    let version = house.with(1).await.version;
    let link = house.store.links_of_customer(&business(), &customer(1)).await.expect("a read").remove(0);
    let former = ContactLink { unlinked_at: Some(house.tick()), ..link };
    house.store.put_link(&business(), &former).await.expect("unlinked");
    house.settle_from(known).await;
    assert_eq!(house.with(1).await.customer, None);
    assert!(house.with(1).await.version > version, "readers are told by a new version");
}

#[tokio::test]
async fn a_newly_booked_job_reopens_a_closed_thread_and_its_repeat_does_not() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.say(1, MessageKind::Customer, "hello").await;
    house.change(1, Conversation::close).await;
    let known = house.settle().await;
    assert_eq!(house.with(1).await.state, State::Closed, "the job was known before");
    let booked = house.entropy.ulid(house.tick()).into();
    house.book(1, booked).await;
    house.settle_from(known).await;
    assert_eq!(house.with(1).await.state, State::Open);
    house.change(1, Conversation::close).await;
    house.clock.advance(Duration::from_hours(24));
    house.settle().await;
    assert_eq!(house.with(1).await.state, State::Closed, "a redrive a day later");
}
