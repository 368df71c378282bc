//! Push ladders: one step is written once, on what was read, and found when its time has come (RULES "Push ladder").

use porchlight_domain::conversation::{Conversation, Notice};
use porchlight_domain::id::ConversationId;
use porchlight_domain::push::{Ladder, Next, PushLadder, Rung};
use porchlight_store::commit::Part;
use porchlight_store::keys::SHARDS;
use porchlight_store::{Commit, Store, StoreError};

use crate::support::{at, business, event, on_all_ways_in, outbound, ulid, waiting};

on_all_ways_in!(
    of_two_who_take_a_step_one_does_p4,
    a_reply_that_came_in_between_keeps_the_step_from_being_taken,
    what_is_due_is_found_and_what_is_over_is_not,
);

fn rule() -> PushLadder {
    PushLadder::new(true, 10, 5).expect("steps")
}

pub fn ladder() -> Ladder {
    Ladder {
        message: ulid(at(1), 1),
        seq: 1,
        job: ulid(at(0), 9),
        since: at(1),
        count: 1,
        covers: 1,
        next: Some(Next { rung: Rung::Text, at: at(601) }),
        version: 0,
    }
}

/// Its step, as the desk writes it.
pub fn step<'s>(
    store: &'s Store,
    thread: &mut Conversation,
    ladder: &mut Ladder,
    texted: &str,
) -> Commit<'s> {
    let notice = Notice::CrewTexted { minutes: 10, who: texted };
    let mut entry = thread.note(ulid(at(601), 4), notice, None, at(601));
    let told = event(&thread.id, at(601), entry.seq);
    let commit = store.commit(&business()).create_message(&mut entry).conversation(thread).event(&told);
    *ladder = ladder.clone().texted(&rule(), at(601));
    commit.ladder(&thread.id, ladder)
}

async fn begun(store: &Store) -> (Conversation, Ladder) {
    let thread = waiting(store, 1, at(1)).await;
    store.put_ladder(&business(), &thread.id, ladder()).await.expect("it begins");
    let begun = kept(store, &thread).await.expect("it stands");
    (thread, begun)
}

async fn kept(store: &Store, thread: &Conversation) -> Option<Ladder> {
    store.ladder(&business(), &thread.id).await.expect("a read")
}

async fn due(store: &Store, seconds: u64) -> Vec<ConversationId> {
    let mut found = Vec::new();
    for shard in 0..SHARDS {
        let page = store.due_ladders(shard, at(seconds), 10, None).await.expect("a page");
        found.extend(page.found.into_iter().map(|(_, conversation)| conversation));
    }
    found
}

fn is_conflict_at(result: Result<(), StoreError>, part: Part) -> bool {
    matches!(result, Err(StoreError::Conflict(conflict)) if conflict.is_at(part))
}

async fn of_two_who_take_a_step_one_does_p4(store: Store) {
    let (thread, ladder) = begun(&store).await;
    let again = store.put_ladder(&business(), &thread.id, self::ladder()).await;
    assert!(is_conflict_at(again, Part::Ladder), "its record comes again");
    let (mut first, mut second) = ((thread.clone(), ladder.clone()), (thread, ladder));
    step(&store, &mut first.0, &mut first.1, "Luis").run().await.expect("the first");
    let late = step(&store, &mut second.0, &mut second.1, "Luis").run().await;
    assert!(is_conflict_at(late, Part::Ladder), "somebody was faster");
    assert_eq!(kept(&store, &first.0).await, Some(first.1));
}

async fn a_reply_that_came_in_between_keeps_the_step_from_being_taken(store: Store) {
    let (mut thread, mut ladder) = begun(&store).await;
    let mut answered = thread.clone();
    let mut reply = outbound(&answered, "On our way", at(600));
    answered.record_reply(&reply);
    let commit = store.commit(&business()).create_message(&mut reply).conversation(&mut answered);
    commit.run().await.expect("a reply");
    let before = kept(&store, &thread).await;
    let late = step(&store, &mut thread, &mut ladder, "Luis").run().await;
    assert!(is_conflict_at(late, Part::Conversation));
    assert_eq!(kept(&store, &thread).await, before, "nothing of it was written");
}

async fn what_is_due_is_found_and_what_is_over_is_not(store: Store) {
    let (mut thread, mut ladder) = begun(&store).await;
    assert_eq!((due(&store, 600).await, due(&store, 601).await), (vec![], vec![thread.id.clone()]));
    step(&store, &mut thread, &mut ladder, "").run().await.expect("a step");
    assert_eq!((due(&store, 900).await, due(&store, 901).await), (vec![], vec![thread.id.clone()]));
    let over = ladder.ended();
    store.put_ladder(&business(), &thread.id, over.clone()).await.expect("its end");
    let over = Ladder { version: over.version + 1, ..over };
    assert_eq!(due(&store, 99_999).await, []);
    assert_eq!(kept(&store, &thread).await, Some(over), "it stays, so that its message begins no other");
    for shard in 0..SHARDS {
        let page = store.due_messages(shard, at(99_999), 10, None).await.expect("a page");
        assert!(page.found.is_empty(), "a ladder is no message that is to go");
    }
}
