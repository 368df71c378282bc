//! The list, its folders and its cursor (P7: a cursor is good for its query only).

use porchlight_domain::conversation::{AttentionReason, Conversation, Filter, ReadMarker};
use porchlight_domain::id::ConversationId;
use porchlight_engine::testing::TestTables;
use porchlight_store::lists::{Assigned, ListCursor, ListQuery, Sort, Threads};
use porchlight_store::{Store, StoreError};

use crate::support::{Way, at, business, on_all_ways_in, staff, ulid, waiting};

on_all_ways_in!(
    filters_are_sets_of_folders,
    pages_follow_each_other_without_gaps_or_repeats,
    the_longest_waiting_come_first_and_the_rest_after_them,
    a_page_for_one_person_skips_the_others,
    a_cursor_of_another_list_is_refused,
    what_one_person_keeps_stands_beside_the_summary,
    a_snooze_comes_due,
);

fn query(filter: Filter, sort: Sort, assigned: Assigned) -> ListQuery {
    ListQuery { business: business(), filter, sort, assigned, threads: Threads::Customer }
}

fn all() -> ListQuery {
    query(Filter::All, Sort::Recent, Assigned::Anyone)
}

async fn change(store: &Store, conversation: &mut Conversation, change: impl FnOnce(&mut Conversation)) {
    change(conversation);
    store.commit(&business()).conversation(conversation).run().await.expect("a change");
}

/// Conversation n of 0..count: active, in need of a person since `n` seconds.
async fn many(store: &Store, count: u64) -> Vec<Conversation> {
    let mut made = Vec::new();
    for n in 0..count {
        made.push(waiting(store, n, at(n)).await);
    }
    made
}

/// All pages, by the last digits of the contact points.
async fn walk(store: &Store, query: &ListQuery, limit: usize) -> Vec<u64> {
    let mut rows = Vec::new();
    let mut cursor: Option<ListCursor> = None;
    for _ in 0..1_000 {
        let page = store.list(query, cursor.as_ref(), limit).await.expect("a page");
        assert!(page.conversations.len() <= limit);
        rows.extend(page.conversations.iter().map(number));
        cursor = page.next;
        if cursor.is_none() {
            return rows;
        }
    }
    panic!("the list has no end");
}

fn number(conversation: &Conversation) -> u64 {
    conversation.contact().expect("a customer").as_str()[8..].parse().expect("digits")
}

async fn filters_are_sets_of_folders(store: Store) {
    let mut made = many(&store, 5).await;
    change(&store, &mut made[0], Conversation::settle).await;
    change(&store, &mut made[1], Conversation::close).await;
    change(&store, &mut made[2], |c| c.snooze(at(9_000))).await;
    change(&store, &mut made[3], |c| c.block(true)).await;
    let rows = async |filter| walk(&store, &query(filter, Sort::Recent, Assigned::Anyone), 10).await;
    assert_eq!(rows(Filter::All).await, [4, 2, 1, 0]);
    assert_eq!(rows(Filter::Active).await, [4, 0]);
    assert_eq!(rows(Filter::Attention).await, [4]);
    assert_eq!(rows(Filter::Leads).await, [4, 2, 0]);
    assert_eq!(rows(Filter::Archived).await, [1]);
}

async fn pages_follow_each_other_without_gaps_or_repeats(store: Store) {
    let mut made = many(&store, 23).await;
    for n in [1, 4, 5, 6, 7, 20] {
        change(&store, &mut made[n], Conversation::close).await;
    }
    let newest_first: Vec<u64> = (0..23).rev().collect();
    for limit in [1, 2, 7, 22, 23, 50] {
        assert_eq!(walk(&store, &all(), limit).await, newest_first, "pages of {limit}");
    }
}

async fn the_longest_waiting_come_first_and_the_rest_after_them(store: Store) {
    let mut made = many(&store, 7).await;
    change(&store, &mut made[0], Conversation::settle).await;
    change(&store, &mut made[6], Conversation::settle).await;
    change(&store, &mut made[4], |c| c.need_person(at(0), AttentionReason::Customer, true)).await;
    for limit in [1, 3, 5, 10] {
        let rows = walk(&store, &query(Filter::All, Sort::Waiting, Assigned::Anyone), limit).await;
        assert_eq!(rows, [4, 1, 2, 3, 5, 6, 0], "pages of {limit}");
    }
    let rows = walk(&store, &query(Filter::Attention, Sort::Waiting, Assigned::Anyone), 2).await;
    assert_eq!(rows, [4, 1, 2, 3, 5]);
    let rows = walk(&store, &query(Filter::Archived, Sort::Waiting, Assigned::Anyone), 2).await;
    assert!(rows.is_empty());
}

async fn a_page_for_one_person_skips_the_others(store: Store) {
    let mut made = many(&store, 9).await;
    for n in [2, 5, 8] {
        change(&store, &mut made[n], |c| c.assign(Some(staff(1)))).await;
    }
    change(&store, &mut made[3], |c| c.assign(Some(staff(2)))).await;
    let rows = async |assigned| walk(&store, &query(Filter::All, Sort::Recent, assigned), 2).await;
    assert_eq!(rows(Assigned::To(staff(1))).await, [8, 5, 2]);
    assert_eq!(rows(Assigned::Nobody).await, [7, 6, 4, 1, 0]);
}

async fn a_cursor_of_another_list_is_refused(store: Store) {
    many(&store, 3).await;
    let cursor = store.list(&all(), None, 1).await.expect("a page").next;
    let foreign = ListQuery { business: ulid(at(0), 9), ..all() };
    let other_sort = query(Filter::All, Sort::Waiting, Assigned::Anyone);
    for query in [foreign, other_sort] {
        let error = store.list(&query, cursor.as_ref(), 1).await.expect_err("not its query");
        assert!(matches!(error, StoreError::ForeignCursor));
    }
    // Whoever is given a cursor may give back another: no place that an index refuses is asked for.
    let forged = |name: &str, value: serde_json::Value| {
        let mut forged = serde_json::to_value(&cursor).expect("a cursor is plain data");
        forged[name] = value;
        serde_json::from_value::<ListCursor>(forged).expect("a cursor")
    };
    for forged in [
        forged("after", "".into()),
        forged("after", "x".repeat(1025).into()),
        forged("phase", "waiting".into()),
    ] {
        let error = store.list(&all(), Some(&forged), 1).await.expect_err("it was never given");
        assert!(matches!(error, StoreError::ForeignCursor));
    }
}

async fn what_one_person_keeps_stands_beside_the_summary(store: Store) {
    let thread = waiting(&store, 1, at(0)).await;
    let mut marker = store.read_marker(&business(), &thread.id, &staff(1)).await.expect("a read");
    let mut old = marker.clone();
    assert_eq!((marker.clone(), thread.unread(&marker)), (ReadMarker::default(), 1));
    marker.read(&thread);
    let looked = store.commit(&business()).read_marker(&thread.id, &staff(1), &mut marker);
    looked.member(&thread.id, &staff(2), at(1)).run().await.expect("a look");
    let error = store.commit(&business()).read_marker(&thread.id, &staff(1), &mut old).run().await;
    assert!(error.expect_err("an old reading").conflict().is_some());

    let partition = store.conversation_partition(&business(), &thread.id).await.expect("a read");
    assert_eq!(partition.conversation.as_ref(), Some(&thread));
    assert_eq!(partition.markers[&staff(1)], marker);
    assert_eq!(partition.members, [staff(2)]);
    let ids: Vec<ConversationId> = vec![thread.id.clone(), thread.id.clone()];
    let markers = store.read_markers(&business(), &staff(1), &ids).await.expect("markers");
    assert_eq!(markers[&thread.id], marker);
    let of_member = store.conversations_of_member(&business(), &staff(2)).await.expect("candidates");
    assert_eq!(of_member, std::slice::from_ref(&thread.id));
    store.commit(&business()).remove_member(&thread.id, &staff(2)).run().await.expect("a removal");
    assert!(store.conversations_of_member(&business(), &staff(2)).await.expect("candidates").is_empty());
}

async fn a_snooze_comes_due(store: Store) {
    let mut thread = waiting(&store, 1, at(0)).await;
    change(&store, &mut thread, |c| c.snooze(at(50))).await;
    let due = async |seconds| {
        let mut found = Vec::new();
        for shard in 0..porchlight_store::keys::SHARDS {
            let page = store.due_conversations(shard, at(seconds), 10, None).await.expect("a sweep");
            found.extend(page.found);
        }
        found
    };
    assert!(due(49).await.is_empty());
    assert_eq!(due(50).await, [thread]);
}

#[tokio::test]
async fn rows_of_a_lagging_index_are_checked_against_the_table() {
    for way in [Way::Values, Way::Sdk] {
        lagging(way).await;
    }
}

async fn lagging(way: Way) {
    let test = TestTables::new().await;
    let store = way.on(&test);
    let mut made = many(&store, 2).await;
    test.faults.lag_indexes(usize::MAX);
    change(&store, &mut made[0], Conversation::close).await;
    // The index shows nothing of what was just written, and never shows a closed one as active.
    assert_eq!(walk(&store, &query(Filter::Active, Sort::Recent, Assigned::Anyone), 10).await, [1]);
    test.faults.lag_indexes(0);
    assert_eq!(walk(&store, &query(Filter::Archived, Sort::Recent, Assigned::Anyone), 10).await, [0]);
}
