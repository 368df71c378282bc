//! Commands, sessions, the throttle of sign-ins.

use std::time::Duration;

use porchlight_domain::command::Fingerprint;
use porchlight_store::sessions::SessionRecord;
use porchlight_store::vault::CommandRecord;
use porchlight_store::{Part, Store};

use crate::support::{at, business, on_all_ways_in, staff, ulid};

on_all_ways_in!(
    a_repeated_command_gets_the_first_answer_p9,
    a_session_lives_until_it_ends,
    attempts_to_sign_in_are_counted_per_window,
    attempts_at_once_each_have_a_number_of_their_own,
);

async fn a_repeated_command_gets_the_first_answer_p9(store: Store) {
    let command = CommandRecord {
        business: business(),
        id: ulid(at(0), 1),
        fingerprint: Fingerprint::of(&["close"]),
        at: at(0),
        trace: None,
        ends_at: None,
    };
    store.commit(&business()).command(&command).run().await.expect("the first time");
    let other = CommandRecord { fingerprint: Fingerprint::of(&["reopen"]), ..command.clone() };
    let error = store.commit(&business()).command(&other).run().await.expect_err("the id was used");
    assert!(error.conflict().expect("a conflict").is_at(Part::Command));
    assert_eq!(store.put_command(&other).await.expect("an answer"), Some(command.clone()));
    assert_eq!(store.command(&business(), &command.id).await.expect("a read"), Some(command.clone()));
    assert_eq!(store.command(&ulid(at(0), 9), &command.id).await.expect("a read"), None);
}

async fn a_session_lives_until_it_ends(store: Store) {
    let session = |digest: &str| SessionRecord {
        epoch: 0,
        digest: digest.into(),
        business: business(),
        staff: staff(1),
        created_at: at(0),
        ends_at: at(60),
    };
    let is_there =
        async |digest: &str, seconds| store.session(digest, at(seconds)).await.expect("a read").is_some();
    for digest in ["a", "b", "c"] {
        store.put_session(&session(digest)).await.expect("a put");
    }
    assert_eq!(store.session("a", at(59)).await.expect("a read"), Some(session("a")));
    assert!(!is_there("a", 60).await, "ended, though nothing swept it");
    store.delete_session(&session("b")).await.expect("a sign-out");
    assert!(!is_there("b", 1).await && is_there("a", 1).await);
    store.delete_sessions_of(&business(), &staff(1)).await.expect("all of them");
    assert!(!is_there("a", 1).await && !is_there("c", 1).await);
}

async fn attempts_to_sign_in_are_counted_per_window(store: Store) {
    let count =
        async |seconds| store.count_login("a", Duration::from_mins(1), at(seconds)).await.expect("a count");
    assert_eq!((count(0).await, count(10).await, count(59).await), (1, 2, 3));
    store.take_back_login("a").await.expect("no failure");
    assert_eq!(count(59).await, 3);
    assert_eq!(count(61).await, 1, "a new window");
    store.clear_logins("a").await.expect("a success");
    store.take_back_login("a").await.expect("nothing to take back");
    assert_eq!(count(62).await, 1);
}

/// However many guesses come at once, no window begins twice.
async fn attempts_at_once_each_have_a_number_of_their_own(store: Store) {
    let count = async || {
        let counted = store.count_login("a", Duration::from_mins(1), at(0));
        counted.await.expect("a count")
    };
    let mut numbers = futures::future::join_all((0..24).map(|_| count())).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=24).collect::<Vec<u64>>());
}
