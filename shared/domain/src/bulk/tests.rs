use super::*;
use crate::conversation::{InboundEffect, Notice, ReadMarker, Summary};
use crate::id::BusinessId;
use crate::samples::{at, business, conversation, message, staff};

fn command(n: u64) -> CommandId {
    business(n).ulid().into()
}

fn rows(many: usize) -> Vec<Row> {
    let id = |n| format!("{n:032x}").parse().expect("an id");
    (0..many).map(|n| Row { conversation: id(n), said: 1 }).collect()
}

fn bulk(act: BulkAct) -> Bulk {
    Bulk::begin(command(1), staff(1), act, at(100))
}

fn waiting() -> Conversation {
    let mut waiting = conversation();
    let text = message(1).of_customer();
    waiting.record_inbound(&text, InboundEffect::WantsAnswer { emergency: false });
    waiting
}

fn all(rows: &[Row], outcome: Outcome) -> Vec<(ConversationId, Outcome)> {
    rows.iter().map(|row| (row.conversation.clone(), outcome)).collect()
}

#[test]
fn rows_are_laid_in_pages_and_worked_one_after_the_other() {
    let mut bulk = bulk(BulkAct::Done);
    let rows = rows(45);
    let pages = bulk.lay(&rows[..25], Some("after 25".into()));
    assert_eq!(pages.iter().map(|(page, rows)| (*page, rows.len())).collect::<Vec<_>>(), [(0, 20), (1, 5)]);
    assert_eq!(bulk.next(), Step::Lay, "before all is laid nothing is worked");
    let more = bulk.lay(&rows[25..], None);
    assert_eq!(more[0].0, 2);
    assert_eq!((bulk.rows, bulk.pages, bulk.next()), (45, 3, Step::Work(0)));
    for page in 0..3 {
        assert_eq!(bulk.next(), Step::Work(page));
        assert!(bulk.worked(page, &all(&rows[..5], Outcome::Done)));
    }
    assert_eq!((bulk.next(), bulk.work.done), (Step::Nothing, 15));
}

#[test]
fn a_page_is_counted_once_however_often_it_is_worked_p9() {
    let mut bulk = bulk(BulkAct::Done);
    let rows = rows(30);
    bulk.lay(&rows, None);
    let page = all(&rows[..20], Outcome::Done);
    assert!(bulk.worked(0, &page));
    assert!(!bulk.worked(0, &page));
    assert!(!bulk.worked(7, &page), "none is left out");
    assert_eq!((bulk.work.done, bulk.next()), (20, Step::Work(1)));
}

#[test]
fn what_was_stopped_is_not_gone_on_with_and_still_counts_what_was_under_way() {
    let mut bulk = bulk(BulkAct::Done);
    let rows = rows(60);
    bulk.lay(&rows, None);
    bulk.worked(0, &all(&rows[..20], Outcome::Done));
    bulk.stop();
    assert_eq!(bulk.next(), Step::Nothing);
    assert!(bulk.worked(1, &all(&rows[20..40], Outcome::Done)));
    assert_eq!((bulk.work.done, bulk.next()), (40, Step::Nothing));
}

#[test]
fn taking_back_looks_at_what_may_have_been_touched_and_no_further() {
    let mut bulk = bulk(BulkAct::Done);
    let rows = rows(100);
    bulk.lay(&rows, None);
    bulk.worked(0, &all(&rows[..20], Outcome::Done));
    assert_eq!(bulk.next_back(), None, "nobody asked for it");
    bulk.take_back();
    for page in 0..2 {
        assert_eq!(bulk.next_back(), Some(page));
        assert!(bulk.taken_back(page, &all(&rows[..3], Outcome::Done)));
    }
    assert_eq!((bulk.next_back(), bulk.next()), (None, Step::Nothing));
    bulk.take_back();
    assert_eq!(bulk.back.map(|back| back.done), Some(6), "asked for twice it goes on where it stood");
}

#[test]
fn those_left_alone_are_counted_by_reason_and_only_some_of_them_named() {
    let mut tally = Tally::default();
    let rows = rows(50);
    tally.page(0, &all(&rows[..45], Outcome::Left(LeftAlone::NewMessage)));
    let last = [Outcome::Left(LeftAlone::NotFound), Outcome::Untouched];
    tally.page(1, &[all(&rows[46..47], last[0]), all(&rows[47..48], last[1])].concat());
    assert_eq!((tally.left_alone(), tally.done), (46, 0));
    let counts: Vec<_> =
        tally.left.iter().map(|left| (left.why, left.count, left.conversations.len())).collect();
    assert_eq!(counts, [(LeftAlone::NewMessage, 45, NAMED), (LeftAlone::NotFound, 1, 1)]);
}

type Change = fn(&mut Conversation);

#[test]
fn a_row_in_which_somebody_wrote_since_is_left_alone_but_may_be_assigned() {
    let was = waiting();
    let since = Row::of(&was).said;
    let snooze = BulkAct::Snooze { until: at(9000) };
    let changes: [(Change, Option<LeftAlone>); 3] = [
        (
            |row| row.record_inbound(&message(2).of_customer(), InboundEffect::Settled),
            Some(LeftAlone::NewMessage),
        ),
        (|row| row.record_note(&message(2).note_by(2)), Some(LeftAlone::NewMessage)),
        (|row| drop(row.note(message(2).note_by(2).id, Notice::Took { by: "Ben" }, None, at(200))), None),
    ];
    for (change, left) in changes {
        let mut row = was.clone();
        change(&mut row);
        for act in [BulkAct::Read, BulkAct::Done, BulkAct::Close, snooze.clone()] {
            assert_eq!(act.leaves(&row, since, at(200)), left, "{act:?}");
            assert_eq!(act.leaves(&was, since, at(200)), None, "{act:?}");
        }
        assert_eq!(BulkAct::Assign { to: None }.leaves(&row, since, at(200)), None);
    }
}

#[test]
fn a_closed_row_is_neither_closed_once_more_nor_put_off() {
    let mut row = waiting();
    row.close();
    for act in [BulkAct::Close, BulkAct::Snooze { until: at(9000) }] {
        assert_eq!(act.leaves(&row, row.seq, at(200)), Some(LeftAlone::Closed), "{act:?}");
    }
    for act in [BulkAct::Read, BulkAct::Done, BulkAct::Assign { to: None }] {
        assert_eq!(act.leaves(&row, row.seq, at(200)), None, "{act:?}");
    }
}

#[test]
fn each_row_has_a_command_of_its_own_that_is_always_the_same_p9() {
    let rows: Vec<ConversationId> = rows(2).into_iter().map(|row| row.conversation).collect();
    let id = row_command(&command(1), RowCommand::Work, &rows[0]);
    assert_eq!(id, row_command(&command(1), RowCommand::Work, &rows[0]));
    let others = [
        row_command(&command(2), RowCommand::Work, &rows[0]),
        row_command(&command(1), RowCommand::TakeBack, &rows[0]),
        row_command(&command(1), RowCommand::Work, &rows[1]),
    ];
    assert!(others.iter().all(|other| *other != id));
    assert_eq!(id.time(), command(1).time());
    assert_ne!(BusinessId::from(id.ulid()), business(1));
}

#[test]
fn a_row_that_nobody_touched_is_put_back_exactly() {
    let was = waiting();
    let acts: [fn(&mut Conversation); 4] = [
        Conversation::settle,
        Conversation::close,
        |row| row.snooze(at(9000)),
        |row| row.assign(Some(staff(2))),
    ];
    for act in acts {
        let mut row = was.clone();
        act(&mut row);
        let trace = Trace::shared(&was, &row);
        assert!(trace.put_back(&mut row, &mut ReadMarker::default()));
        assert_eq!(row, was);
    }
}

#[test]
fn a_row_in_which_the_customer_wrote_or_a_colleague_decided_stays_as_it_is() {
    let was = waiting();
    let mut closed = was.clone();
    closed.close();
    let trace = Trace::shared(&was, &closed);
    let changes: [fn(&mut Conversation); 4] = [
        |row| row.record_inbound(&message(2).of_customer(), InboundEffect::ConsentWord),
        |row| row.record_note(&message(2).note_by(2)),
        |row| row.assign(Some(staff(2))),
        |row| row.raise(at(300)),
    ];
    for change in changes {
        let mut row = closed.clone();
        change(&mut row);
        let is = row.clone();
        assert!(!trace.put_back(&mut row, &mut ReadMarker::default()));
        assert_eq!(row, is);
    }
    let mut named = closed;
    named.know_cannot_text(true);
    assert!(trace.put_back(&mut named, &mut ReadMarker::default()), "what nobody decided is no change");
}

#[test]
fn a_failure_that_was_put_aside_comes_back_only_where_nothing_at_all_happened_since() {
    let mut was = waiting();
    was = Conversation::restore(Summary { failed: Some(1), ..(*was).clone() });
    let mut done = was.clone();
    done.settle();
    let trace = Trace::shared(&was, &done);
    let mut later = done.clone();
    later.next_version();
    assert!(!trace.put_back(&mut later, &mut ReadMarker::default()));
    assert!(trace.put_back(&mut done, &mut ReadMarker::default()));
}

#[test]
fn reading_is_taken_back_unless_there_is_something_new_to_read() {
    let row = waiting();
    let was = ReadMarker { marked_unread: true, mentioned: Some(1), pinned: true, ..ReadMarker::default() };
    let mut marker = was.clone();
    marker.read(&row);
    let trace = Trace::own(&was, &marker, row.seq);
    let mut back = marker.clone();
    assert!(trace.put_back(&mut row.clone(), &mut back));
    assert_eq!(back, was);
    let mut newer = row;
    newer.record_inbound(&message(2).of_customer(), InboundEffect::WantsAnswer { emergency: false });
    assert!(!trace.put_back(&mut newer, &mut marker));
}
