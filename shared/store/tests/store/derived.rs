//! Counters exactly once, and the room for search (P10).

use std::collections::BTreeMap;

use porchlight_domain::contribution::Contribution;
use porchlight_store::Store;
use porchlight_store::counters::Applied;
use porchlight_store::derived::DerivedItem;

use crate::support::{at, business, conversation, on_all_ways_in, staff, waiting};

on_all_ways_in!(
    a_contribution_counts_once_however_often_it_is_applied_p10,
    derived_items_are_put_found_and_deleted,
    all_that_is_derived_of_one_business_is_dropped_p10,
    a_walk_meets_every_conversation,
);

fn applied(attention: u64, unread: u64) -> Applied {
    let unread = BTreeMap::from([(staff(1), unread)]).into_iter().filter(|(_, n)| *n > 0).collect();
    Applied {
        contribution: Contribution { total: 1, attention, unread, ..Contribution::default() },
        indexed: "3".into(),
    }
}

async fn a_contribution_counts_once_however_often_it_is_applied_p10(store: Store) {
    let (b, one, other) = (business(), conversation(1).id.clone(), conversation(2).id.clone());
    store.apply_contribution(&b, &one, None, &applied(1, 2)).await.expect("new");
    let error = store.apply_contribution(&b, &one, None, &applied(1, 2)).await.expect_err("a repeat");
    assert!(error.conflict().is_some());
    store.apply_contribution(&b, &other, None, &applied(1, 3)).await.expect("new");
    let read = store.applied(&b, &one).await.expect("a read");
    assert_eq!(read, Some(applied(1, 2)));
    store.apply_contribution(&b, &one, read.as_ref(), &applied(0, 0)).await.expect("a change");
    let stale = store.apply_contribution(&b, &one, read.as_ref(), &applied(1, 1)).await;
    assert!(stale.expect_err("not as it was read").conflict().is_some());
    let counters = store.counters(&b).await.expect("sums");
    assert_eq!((counters.total, counters.attention, counters.unread_of(&staff(1))), (2, 1, 3));
    assert_eq!(counters.unread_of(&staff(2)), 0);
}

async fn derived_items_are_put_found_and_deleted(store: Store) {
    let pk = format!("{}#TERM#heater", business());
    let item = |n: u32| DerivedItem::bare(&pk, format!("P#{n:03}")).with("conversation", n.to_string());
    store.put_derived((0..60).map(item).collect()).await.expect("more than one batch");
    let keys = [item(7).key, item(99).key];
    assert_eq!(store.which_derived(&keys).await.expect("a look"), [item(7).key].into());
    assert_eq!(store.get_derived(&keys).await.expect("a look"), [item(7)]);
    store.delete_derived(&keys).await.expect("a deletion");
    assert!(store.which_derived(&keys).await.expect("a look").is_empty());
}

async fn all_that_is_derived_of_one_business_is_dropped_p10(store: Store) {
    let other = crate::support::ulid(at(0), 9);
    for business in [&business(), &other] {
        let one = conversation(1).id.clone();
        store.apply_contribution(business, &one, None, &applied(1, 2)).await.expect("new");
    }
    store.drop_derived(&business()).await.expect("a drop");
    assert_eq!(store.counters(&business()).await.expect("sums").total, 0);
    assert_eq!(store.applied(&business(), &conversation(1).id.clone()).await.expect("a read"), None);
    assert_eq!(store.counters(&other).await.expect("sums").total, 1);
}

async fn a_walk_meets_every_conversation(store: Store) {
    for n in 0..5 {
        waiting(&store, n, at(n)).await;
    }
    let (mut met, mut next) = store.scan_conversations(&business(), None).await.expect("a page");
    while let Some(cursor) = next {
        let (mut page, further) = store.scan_conversations(&business(), Some(cursor)).await.expect("a page");
        met.append(&mut page);
        next = further;
    }
    assert_eq!(met.len(), 5);
}
