//! Receipts and the one transaction of an inbound message (P1, P2, P3).

use porchlight_domain::consent::{Arrival, Consent, ConsentState, ConsentWord};
use porchlight_domain::conversation::Conversation;
use porchlight_store::consent::ConsentChange;
use porchlight_store::inbound::{PutReceipt, ReceiptState, RecordInbound};
use porchlight_store::keys::SHARDS;
use porchlight_store::receipts::{Receipt, ReceiptKey, Tray, UnverifiedCaps};
use porchlight_store::{Part, Store, StoreError};

use crate::support::{
    WANTS_ANSWER, at, business, conversation, event, group, inbound, on_all_ways_in, phone, ulid,
};

on_all_ways_in!(
    a_receipt_is_kept_once_and_applied_once_p2,
    two_first_texts_at_once_make_one_thread_p3,
    a_word_that_was_recorded_meanwhile_is_a_conflict_and_every_word_leaves_its_line_p6,
    what_nobody_understands_waits_in_the_tray_p1,
    unverified_receipts_are_capped_and_expire,
    events_are_read_across_midnight_in_order_p8,
);

fn receipt(sid: &str) -> Receipt {
    Receipt {
        key: ReceiptKey::Message { business: business(), sid: sid.to_owned() },
        path: format!("/twilio/{}/messages", business()),
        headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
        body: b"Body=hello&From=%2B12075550142\xff".to_vec(),
        received_at: at(0),
        state: ReceiptState::Unapplied,
    }
}

async fn record(store: &Store, sid: &str, conversation: &mut Conversation) -> Result<(), StoreError> {
    let receipt = receipt(sid);
    let mut message = inbound(conversation, "hello", at(1));
    conversation.record_inbound(&message, WANTS_ANSWER);
    let event = event(&conversation.id, at(1), message.seq);
    let record = RecordInbound {
        conversation,
        message: &mut message,
        event: &event,
        receipt: &receipt.key,
        consent: None,
        now: at(1),
    };
    store.commit(&business()).inbound(record).run().await
}

async fn unapplied(store: &Store) -> Vec<Receipt> {
    let mut found = Vec::new();
    for shard in 0..SHARDS {
        found.extend(store.unapplied_due(shard, at(60), 10, None).await.expect("a sweep").found);
    }
    found
}

async fn a_receipt_is_kept_once_and_applied_once_p2(store: Store) {
    let kept = receipt("SM1");
    assert_eq!(store.put_receipt(&kept, at(60)).await.expect("a put"), PutReceipt::New);
    let again = store.put_receipt(&kept, at(60)).await.expect("a put");
    assert_eq!(again, PutReceipt::Present(ReceiptState::Unapplied));
    assert_eq!(unapplied(&store).await, std::slice::from_ref(&kept));

    let mut thread = conversation(1);
    record(&store, "SM1", &mut thread).await.expect("the first application");
    assert!(unapplied(&store).await.is_empty());
    let again = store.put_receipt(&kept, at(60)).await.expect("a put");
    assert_eq!(again, PutReceipt::Present(ReceiptState::Applied));
    let stored = store.receipt(&kept.key, at(0)).await.expect("a read").expect("the receipt");
    assert_eq!(stored, Receipt { state: ReceiptState::Applied, ..kept });

    let mut read = store.conversation(&business(), &thread.id).await.expect("a read").expect("the thread");
    assert_eq!(read, thread);
    let error = record(&store, "SM1", &mut read).await.expect_err("a second application");
    let conflict = error.conflict().expect("a conflict");
    assert!(conflict.is_at(Part::Receipt));
    assert_eq!(store.messages(&business(), &thread.id, None, 10).await.expect("a page").messages.len(), 1);
}

async fn two_first_texts_at_once_make_one_thread_p3(store: Store) {
    for sid in ["SM1", "SM2"] {
        store.put_receipt(&receipt(sid), at(60)).await.expect("a put");
    }
    record(&store, "SM1", &mut conversation(1)).await.expect("the first");
    let error = record(&store, "SM2", &mut conversation(1)).await.expect_err("the second read nothing, too");
    assert!(error.is_worth_rereading());
    let conflict = error.conflict().expect("a conflict").clone();
    assert!(conflict.is_at(Part::Conversation) && conflict.is_at(Part::Message));
    let standing = store.conversation(&business(), &conversation(1).id).await.expect("a read");
    let mut current = standing.expect("the thread as it stands");
    record(&store, "SM2", &mut current).await.expect("decided again");
    let page = store.messages(&business(), &current.id, None, 10).await.expect("a page");
    assert_eq!(page.messages.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(page.next_before, None);
    let page = store.messages(&business(), &current.id, None, 1).await.expect("a page");
    assert_eq!((page.messages[0].seq, page.next_before), (2, Some(2)));
    let page = store.messages(&business(), &current.id, Some(2), 1).await.expect("a page");
    assert_eq!((page.messages[0].seq, page.next_before), (1, None));
}

async fn a_word_that_was_recorded_meanwhile_is_a_conflict_and_every_word_leaves_its_line_p6(store: Store) {
    let decide = |word, seconds: u64, was| {
        let said = Consent::of_word(word, at(seconds)).expect("STOP or START");
        ConsentChange::decide((phone(1), group()), ulid(at(seconds), seconds), was, said, Arrival::Replayed)
    };
    let start = decide(ConsentWord::Start, 5, None);
    store.commit(&business()).consent(&start).run().await.expect("nothing was on record");
    let stop = decide(ConsentWord::Stop, 6, start.now());
    store.commit(&business()).consent(&stop).run().await.expect("the START was on record");
    let late = decide(ConsentWord::Start, 9_000, start.now());
    let error = store.commit(&business()).consent(&late).run().await.expect_err("the STOP came between");
    assert!(error.conflict().expect("a conflict").is_at(Part::Consent));
    let again = decide(ConsentWord::Start, 7, stop.now());
    store.commit(&business()).consent(&again).run().await.expect("it changes nothing");
    let consent = store.consent(&business(), &phone(1), &group()).await.expect("a read");
    assert_eq!(consent.expect("on record").state, ConsentState::Closed);
    let lines = store.consent_lines(&business(), &phone(1), &group()).await.expect("the ledger");
    let stood: Vec<bool> = lines.iter().map(|line| line.stood).collect();
    assert_eq!(stood, [true, true, false]);
}

async fn what_nobody_understands_waits_in_the_tray_p1(store: Store) {
    for (n, sid) in ["SM1", "SM2", "SM3"].into_iter().enumerate() {
        let received_at = at(n as u64);
        let receipt = Receipt { received_at, ..receipt(sid) };
        store.put_receipt(&receipt, at(60)).await.expect("a put");
        assert!(store.quarantine(&receipt.key, "unknown line").await.expect("an update"));
    }
    assert!(unapplied(&store).await.is_empty());
    let tray = async |cursor| {
        store.tray(&business(), Tray::Quarantined, cursor, 2, at(0)).await.expect("a page of the tray")
    };
    let (first, cursor) = tray(None).await;
    let (second, _) = tray(cursor.as_ref()).await;
    let ids: Vec<String> = first.iter().chain(&second).map(|receipt| receipt.key.to_string()).collect();
    assert_eq!(ids, ["message.SM3", "message.SM2", "message.SM1"]);
    assert_eq!(ReceiptKey::parse(&business(), &ids[0]), Some(first[0].key.clone()));
    assert_eq!(first[0].state, ReceiptState::Quarantined { reason: "unknown line".into() });

    let other = ulid(at(0), 9);
    let error = store.tray(&other, Tray::Quarantined, cursor.as_ref(), 2, at(0)).await.expect_err("foreign");
    assert!(matches!(error, StoreError::ForeignCursor));

    record(&store, "SM2", &mut conversation(1)).await.expect("a replay");
    assert!(
        !store
            .quarantine(&ReceiptKey::Message { business: business(), sid: "SM2".into() }, "late")
            .await
            .expect("an update")
    );
    assert_eq!(tray(None).await.0.len(), 2);
}

async fn unverified_receipts_are_capped_and_expire(store: Store) {
    let caps = UnverifiedCaps { per_minute: 2, per_day: 3, lasts: std::time::Duration::from_hours(1) };
    let put = async |n: u64, seconds: u64| {
        let id = format!("{n:026}");
        let key = ReceiptKey::Unverified { business: business(), id };
        let receipt = Receipt { key, received_at: at(seconds), ..receipt("") };
        store.put_unverified(&receipt, caps).await.expect("a put")
    };
    assert!(put(1, 0).await && put(2, 1).await);
    assert!(!put(3, 2).await, "the minute is full");
    assert!(put(4, 61).await);
    assert!(!put(5, 121).await, "the day is full");
    let tray =
        async |now| store.tray(&business(), Tray::Unverified, None, 9, now).await.expect("a page").0.len();
    assert_eq!((tray(at(200)).await, tray(at(3_630)).await, tray(at(4_000)).await), (3, 1, 0));
}

async fn events_are_read_across_midnight_in_order_p8(store: Store) {
    let thread = conversation(1);
    let almost_midnight = at(14 * 3600 - 2);
    for (n, seconds) in [(1, 1), (2, 3), (3, 0)] {
        let when = almost_midnight + std::time::Duration::from_secs(seconds);
        let event = event(&thread.id, when, n);
        store.commit(&business()).event(&event).run().await.expect("an event");
    }
    let read = store.events_from(&business(), almost_midnight, almost_midnight).await.expect("events");
    let seqs: Vec<Option<u64>> = read.iter().map(|event| event.happening.seq()).collect();
    assert_eq!(seqs, [Some(3), Some(1), Some(2)], "though the reader's clock says it is still yesterday");
    let later = almost_midnight + std::time::Duration::from_secs(2);
    assert_eq!(store.events_from(&business(), later, later).await.expect("events").len(), 1);
}
