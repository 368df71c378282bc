//! Each function may do what it asks of the store, by its role in the template.

use porchlight_domain::conversation::Filter;
use porchlight_engine::testing::TestTables;
use porchlight_store::Store;
use porchlight_store::keys::SHARDS;
use porchlight_store::lists::{Assigned, ListQuery, Sort, Threads};
use porchlight_store::receipts::Tray;

use crate::support::{at, business, conversation, phone, staff, tables, ulid};

async fn store_of(function: &str) -> Store {
    Store::new(TestTables::new().await.calls_of(function), tables())
}

#[tokio::test]
async fn webhooks_may_sweep_receipts_and_read_senders() {
    let store = store_of("Webhooks").await;
    for shard in 0..SHARDS {
        store.unapplied_due(shard, at(0), 10, None).await.expect("allowed");
    }
    store.sender(&business(), &phone(1)).await.expect("allowed");
    store.conversation(&business(), &conversation(1).id).await.expect("allowed");
}

#[tokio::test]
async fn send_may_sweep_messages() {
    let store = store_of("Send").await;
    for shard in 0..SHARDS {
        store.due_messages(shard, at(0), 10, None).await.expect("allowed");
    }
    store.earlier_holding(&business(), &conversation(1).id, 9).await.expect("allowed");
}

#[tokio::test]
async fn inbox_may_list_count_and_end_sessions() {
    let store = store_of("Inbox").await;
    for sort in [Sort::Recent, Sort::Waiting] {
        let (filter, assigned) = (Filter::All, Assigned::Anyone);
        let query = ListQuery { business: business(), filter, sort, assigned, threads: Threads::All };
        store.list(&query, None, 10).await.expect("allowed");
    }
    store.tray(&business(), Tray::Quarantined, None, 10, at(0)).await.expect("allowed");
    store.counters(&business()).await.expect("allowed");
    store.delete_sessions_of(&business(), &staff(1)).await.expect("allowed");
    store.conversations_of_member(&business(), &staff(1)).await.expect("allowed");
    store.commands(&business(), &[ulid(at(0), 5)]).await.expect("allowed");
}

#[tokio::test]
async fn live_and_index_may_read_what_they_tell_of() {
    let live = store_of("Live").await;
    live.events_from(&business(), at(0), at(0)).await.expect("allowed");
    live.counters(&business()).await.expect("allowed");
    live.conversation_partition(&business(), &conversation(1).id).await.expect("allowed");
    let index = store_of("Index").await;
    let thread = conversation(1);
    index.access_ledger(&thread, at(0)).await.expect("allowed");
    index.applied(&business(), &thread.id).await.expect("allowed");
    index.messages_after(&business(), &thread.id, 0, 10).await.expect("allowed");
}
