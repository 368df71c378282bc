//! Internal threads: whom they are between follows the directory, and who joins has nothing of before unread (P7, P10).

use porchlight_desk::{Desk, With};
use porchlight_domain::access::Person;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::id::{ConversationId, StaffId};
use porchlight_domain::message::Message;
use porchlight_domain::party::Party;
use porchlight_domain::staff::Role;
use porchlight_index::rebuild;
use porchlight_store::conversations::ConversationPartition;

use crate::house::{House, business, job, person, staff};

fn desk(house: &House) -> Desk {
    Desk::new(house.store.clone(), house.clock.clone(), house.entropy.clone())
}

async fn who(house: &House, n: u128) -> Person {
    let staff = house.store.staff(&business(), &staff(n)).await.expect("a read").expect("a person");
    let business = house.store.business(&business()).await.expect("a read").expect("a business");
    Person::new(staff, business)
}

/// Somebody opens a thread and says something in it.
async fn say(house: &House, n: u128, with: &With, text: &str) -> ConversationId {
    house.tick();
    let (desk, who) = (desk(house), who(house, n).await);
    let command = house.entropy.ulid(house.clock.now()).into();
    let opened = desk.open_internal(&who, command, with).await.expect("a thread");
    write(house, opened.seen.conversation, n, text).await
}

/// As the desk writes it.
async fn write(house: &House, mut it: Conversation, n: u128, text: &str) -> ConversationId {
    let (id, now) = (house.entropy.ulid(house.clock.now()).into(), house.clock.now());
    let mut message = Message::internal(&it, id, now, staff(n), text.to_owned(), Vec::new());
    it.record_internal(&message);
    let mut marker = house.store.read_marker(&business(), &it.id, &staff(n)).await.expect("a marker");
    marker.read(&it);
    let commit = house.store.commit(&business()).create_message(&mut message).conversation(&mut it);
    commit.read_marker(&message.conversation, &staff(n), &mut marker).run().await.expect("a message");
    message.conversation
}

async fn partition(house: &House, id: &ConversationId) -> ConversationPartition {
    house.store.conversation_partition(&business(), id).await.expect("a read")
}

async fn unread(house: &House, id: &ConversationId, n: u128) -> u64 {
    let partition = partition(house, id).await;
    let marker = partition.markers.get(&staff(n)).cloned().unwrap_or_default();
    partition.conversation.expect("a thread").internal_unread(&marker)
}

async fn counted(house: &House, n: u128) -> (i64, i64) {
    let counters = house.store.counters(&business()).await.expect("counters");
    (counters.internal_of(&staff(n)), counters.total)
}

#[tokio::test]
async fn a_crews_members_follow_the_assignment_and_join_with_nothing_unread_p7() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.assign(1, &staff(3)).await;
    let crew = say(&house, 3, &With::CrewOf(job(1)), "Water is off").await;
    let known = house.settle().await;
    assert_eq!(partition(&house, &crew).await.members, [staff(3)]);
    assert_eq!((unread(&house, &crew, 1).await, unread(&house, &crew, 3).await), (1, 0));
    assert_eq!((counted(&house, 1).await, counted(&house, 4).await), ((1, 0), (0, 0)));
    house.assign(1, &staff(4)).await;
    let known = house.settle_from(known).await;
    let members: Vec<StaffId> = partition(&house, &crew).await.members;
    assert_eq!((members, unread(&house, &crew, 4).await), (vec![staff(3), staff(4)], 0));
    let it = partition(&house, &crew).await.conversation.expect("a thread");
    write(&house, it, 3, "On again").await;
    house.unassign(1, &staff(3)).await;
    house.settle_from(known).await;
    assert_eq!(partition(&house, &crew).await.members, [staff(4)]);
    assert_eq!(counted(&house, 4).await, (1, 0));
    let mine = house.store.conversations_of_member(&business(), &staff(3)).await.expect("a list");
    assert!(mine.is_empty(), "{mine:?}");
    let before = house.store.counters(&business()).await.expect("counters");
    let calls = std::sync::Arc::clone(&house.tables.calls);
    let platform = house.platform("Index").with_dynamodb(move || std::sync::Arc::clone(&calls));
    rebuild(&platform, &business()).await.expect("a rebuild");
    assert_eq!(house.store.counters(&business()).await.expect("counters"), before, "P10");
}

#[tokio::test]
async fn who_comes_to_the_office_has_nothing_of_before_unread_and_what_comes_after() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.assign(1, &staff(3)).await;
    let crew = say(&house, 3, &With::CrewOf(job(1)), "Before").await;
    let pair = say(&house, 1, &With::Colleague(staff(2)), "Between us").await;
    let known = house.settle().await;
    // Somebody new, and a technician who becomes one of them.
    house.store.put_staff(&person(5, Role::Office)).await.expect("a new colleague");
    house.store.put_staff(&person(4, Role::Office)).await.expect("another role");
    let known = house.settle_from(known).await;
    assert_eq!((counted(&house, 5).await.0, counted(&house, 4).await.0), (0, 0));
    let it = partition(&house, &crew).await.conversation.expect("a thread");
    write(&house, it, 3, "After").await;
    house.settle_from(known).await;
    assert_eq!((counted(&house, 5).await.0, counted(&house, 4).await.0), (1, 1));
    assert_eq!(
        (counted(&house, 2).await.0, counted(&house, 1).await.0),
        (3, 2),
        "the pair is the two's alone"
    );
    assert!(partition(&house, &pair).await.markers.keys().all(|it| [staff(1), staff(2)].contains(it)));
}

#[tokio::test]
async fn a_crews_thread_is_called_by_its_job_as_it_is_now() {
    let house = House::open().await;
    house.move_in(1, "Maria").await;
    house.assign(1, &staff(3)).await;
    let crew = say(&house, 3, &With::CrewOf(job(1)), "Hello").await;
    assert_eq!(crew, ConversationId::of(&Party::Crew { job: job(1) }));
    let known = house.settle().await;
    let mut record = house.store.job(&business(), &job(1)).await.expect("a read").expect("a job");
    record.number = 2077;
    house.store.put_job(&business(), &mut record).await.expect("another number");
    house.settle_from(known).await;
    let it = partition(&house, &crew).await.conversation.expect("a thread");
    assert_eq!(it.crew_job.as_ref().expect("known").number, 2077);
}
