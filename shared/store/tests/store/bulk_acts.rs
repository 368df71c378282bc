//! Commands over many conversations, and what they keep of each row.

use porchlight_domain::bulk::{Bulk, BulkAct, LASTS, Outcome, PAGE, Row, RowCommand, Trace, row_command};
use porchlight_domain::command::Fingerprint;
use porchlight_domain::id::{CommandId, ConversationId};
use porchlight_store::Store;
use porchlight_store::vault::CommandRecord;

use crate::support::{at, business, conversation, on_all_ways_in, staff, ulid, waiting};

on_all_ways_in!(a_command_is_gone_on_with_by_one_at_a_time_and_ends_p9, what_a_row_was_lies_with_its_command,);

pub fn id() -> CommandId {
    ulid(at(0), 70)
}

pub fn rows(many: u64) -> Vec<Row> {
    let id = |n| format!("{n:032x}").parse().expect("an id");
    (0..many).map(|n| Row { conversation: id(n), said: 1_000 + n }).collect()
}

async fn a_command_is_gone_on_with_by_one_at_a_time_and_ends_p9(store: Store) {
    let rows = rows(30);
    let mut bulk = Bulk::begin(id(), staff(1), BulkAct::Assign { to: Some(staff(2)) }, at(0));
    let pages = bulk.lay(&rows, Some("more".into()));
    let mut commit = store.commit(&business());
    for (page, rows) in pages {
        commit = commit.bulk_page(&bulk, page, rows);
    }
    commit.bulk(&mut bulk).run().await.expect("it begins");
    let read = async |seconds| store.bulk(&business(), &id(), at(seconds)).await.expect("a read");
    assert_eq!(read(1).await.as_ref(), Some(&bulk));
    let page = async |page| store.bulk_page(&business(), &id(), page, at(1)).await.expect("a read");
    assert_eq!(
        (page(0).await, page(1).await, page(2).await),
        (rows[..PAGE].to_vec(), rows[PAGE..].to_vec(), vec![])
    );

    let mut other = bulk.clone();
    bulk.lay(&[], None);
    bulk.worked(0, &[(rows[0].conversation.clone(), Outcome::Done)]);
    store.commit(&business()).bulk(&mut bulk).run().await.expect("a page");
    other.stop();
    let error = store.commit(&business()).bulk(&mut other).run().await.expect_err("somebody was faster");
    assert!(error.is_worth_rereading());

    assert_eq!(read(LASTS.as_secs() - 1).await, Some(bulk));
    assert_eq!(read(LASTS.as_secs()).await, None, "ended, though nothing swept it");
    assert_eq!(store.bulk(&ulid(at(0), 9), &id(), at(1)).await.expect("a read"), None, "another business's");
}

pub fn row_of(row: &ConversationId, trace: Option<Trace>) -> CommandRecord {
    CommandRecord {
        business: business(),
        id: row_command(&id(), RowCommand::Work, row),
        fingerprint: Fingerprint::of(&["bulk row"]),
        at: at(0),
        trace,
        ends_at: Some(at(0) + LASTS),
    }
}

async fn what_a_row_was_lies_with_its_command(store: Store) {
    let mut row = waiting(&store, 1, at(0)).await;
    let was = row.clone();
    row.close();
    let command = row_of(&row.id, Some(Trace::shared(&was, &row)));
    store.commit(&business()).command(&command).run().await.expect("a command");
    let untouched = row_of(&conversation(2).id, None);
    assert_eq!(store.put_command(&untouched).await.expect("a put"), None);
    let ids = [command.id.clone(), untouched.id.clone(), ulid(at(0), 5)];
    let found = store.commands(&business(), &ids).await.expect("a read");
    assert_eq!((found.len(), &found[&command.id], &found[&untouched.id]), (2, &command, &untouched));
}
