//! Devices, who holds an address, and posts that are claimed once (RULES "Push").

use std::time::Duration;

use porchlight_domain::device::{Address, Device, Health};
use porchlight_domain::id::BusinessId;
use porchlight_domain::push::{OfficePushes, PushChange, PushPreferences, QuietTime, TextsAgreement};
use porchlight_store::Store;
use porchlight_store::devices::{DeviceHolder, Woken};
use porchlight_store::keys::SHARDS;
use porchlight_store::pushes::PushClaim;

use crate::support::{at, business, conversation, on_all_ways_in, phone, staff, ulid};

on_all_ways_in!(
    an_address_is_one_device_of_one_person_whoever_came_last,
    of_two_who_come_by_one_address_at_once_one_reads_again,
    what_was_learned_of_a_device_is_not_written_over_a_newer_one,
    who_wants_what_stands_beside_the_devices_and_in_no_other_business,
    a_change_of_what_wakes_somebody_leaves_all_else_as_it_is,
    an_agreement_to_texts_is_one_persons_until_it_ends,
    a_post_is_claimed_once_and_taken_over_by_one_p4,
);

fn device(n: u64, whose: u64, token: &str) -> Device {
    Device {
        business: business(),
        id: ulid(at(0), n),
        staff: staff(whose),
        name: "Phone".to_owned(),
        address: Address::apns(token),
        session: format!("session{whose}"),
        created_at: at(0),
        last_success_at: None,
        health: Health::New,
        health_reason: None,
        endpoint: None,
    }
}

async fn devices(store: &Store, whose: u64) -> Vec<Device> {
    store.devices_of(&business(), &staff(whose)).await.expect("a list")
}

async fn holder(store: &Store, device: &Device) -> Option<DeviceHolder> {
    store.device_holder(&device.address.digest()).await.expect("a read")
}

async fn an_address_is_one_device_of_one_person_whoever_came_last(store: Store) {
    let first = device(1, 1, "aa");
    store.put_device(&first, None, None).await.expect("the first");
    let before = holder(&store, &first).await;
    assert_eq!(before, Some(DeviceHolder::of(&first)));
    // The phone changes hands.
    let second = device(2, 2, "aa");
    store.put_device(&second, before.as_ref(), None).await.expect("the second");
    assert_eq!((devices(&store, 1).await, devices(&store, 2).await), (vec![], vec![second.clone()]));
    assert!(!store.delete_device(&first).await.expect("an answer"), "it is theirs no longer");
    assert_eq!(holder(&store, &second).await, Some(DeviceHolder::of(&second)));
    // The same device, reached elsewhere.
    let moved = Device { address: Address::apns("bb"), ..second.clone() };
    store.put_device(&moved, None, Some(&second)).await.expect("another address");
    assert_eq!((holder(&store, &second).await, devices(&store, 2).await), (None, vec![moved.clone()]));
    assert!(store.delete_device(&moved).await.expect("an answer"));
    assert_eq!((holder(&store, &moved).await, devices(&store, 2).await), (None, vec![]));
}

async fn of_two_who_come_by_one_address_at_once_one_reads_again(store: Store) {
    store.put_device(&device(1, 1, "aa"), None, None).await.expect("the first");
    let late = store.put_device(&device(2, 2, "aa"), None, None).await;
    assert!(late.expect_err("somebody came meanwhile").conflict().is_some());
    assert_eq!((devices(&store, 1).await.len(), devices(&store, 2).await.len()), (1, 0));
}

async fn what_was_learned_of_a_device_is_not_written_over_a_newer_one(store: Store) {
    let old = device(1, 1, "aa");
    store.put_device(&old, None, None).await.expect("a device");
    let failing = Device { health: Health::Failing, ..old.clone() };
    assert!(store.update_device(&failing).await.expect("an answer"));
    let anew = Device { session: "another".to_owned(), ..old.clone() };
    store.put_device(&anew, Some(&DeviceHolder::of(&old)), None).await.expect("registered again");
    let gone = Device { health: Health::Gone, ..old };
    assert!(!store.update_device(&gone).await.expect("an answer"));
    assert_eq!(devices(&store, 1).await, [anew]);
}

async fn who_wants_what_stands_beside_the_devices_and_in_no_other_business(store: Store) {
    let theirs = device(1, 1, "aa");
    store.put_device(&theirs, None, None).await.expect("a device");
    let all = PushChange { office: Some(OfficePushes::All), ..PushChange::default() };
    let wants = store.change_push_preferences(&business(), &staff(2), &all).await.expect("a change");
    assert_eq!(wants, PushPreferences { office: OfficePushes::All, ..PushPreferences::default() });
    let woken = store.woken(&business()).await.expect("a read");
    assert_eq!((woken.devices.clone(), woken.preferences.len()), (vec![theirs], 1));
    assert_eq!(woken.preferences_of(&staff(2)), wants);
    assert_eq!(woken.preferences_of(&staff(1)), PushPreferences::default());
    let other: BusinessId = ulid(at(0), 77);
    assert_eq!(store.woken(&other).await.expect("a read"), Woken::default());
}

async fn a_change_of_what_wakes_somebody_leaves_all_else_as_it_is(store: Store) {
    let change = async |change: PushChange| {
        store.change_push_preferences(&business(), &staff(1), &change).await.expect("a change")
    };
    let usual = PushPreferences::default();
    assert_eq!(change(PushChange::default()).await, usual, "nothing said, nothing kept");
    let night = QuietTime {
        from: "22:00".parse().expect("a time"),
        until: "07:00".parse().expect("a time"),
        time_zone: "America/New_York".to_owned(),
    };
    let quiet = change(PushChange { quiet: Some(Some(night.clone())), ..PushChange::default() }).await;
    assert_eq!(quiet, PushPreferences { quiet: Some(night.clone()), ..usual.clone() });
    let both = change(PushChange { on_call: Some(true), ..PushChange::default() }).await;
    assert_eq!(both, PushPreferences { quiet: Some(night), on_call: true, ..usual.clone() });
    let awake = change(PushChange { quiet: Some(None), ..PushChange::default() }).await;
    assert_eq!(awake, PushPreferences { on_call: true, ..usual });
    assert_eq!(store.push_preferences(&business(), &staff(1)).await.expect("a read"), awake);
}

async fn an_agreement_to_texts_is_one_persons_until_it_ends(store: Store) {
    let agreed = TextsAgreement { number: phone(1), at: at(5), line: ulid::Ulid::from(1u128).into() };
    let of = async |n| store.texts_agreement(&business(), &staff(n)).await.expect("a read");
    assert_eq!(of(1).await, None);
    store.commit(&business()).agree_to_texts(&staff(1), &agreed).run().await.expect("agreed");
    assert_eq!((of(1).await, of(2).await), (Some(agreed), None));
    store.commit(&business()).end_texts_agreement(&staff(1)).run().await.expect("ended");
    assert_eq!(of(1).await, None);
}

async fn a_post_is_claimed_once_and_taken_over_by_one_p4(store: Store) {
    let claim = PushClaim {
        business: business(),
        message: ulid(at(0), 5),
        conversation: conversation(1).id.clone(),
        seq: 3,
        staff: staff(1),
        device: ulid(at(0), 1),
        is_escalation: false,
        begun_at: at(0),
        tries: 1,
        lost: 0,
        is_posting: true,
        due: Some(at(60)),
    };
    assert!(store.claim_push(&claim).await.expect("an answer"));
    assert!(!store.claim_push(&claim).await.expect("an answer"), "the stream repeats");
    assert_eq!(due(&store, 59).await, []);
    assert_eq!(due(&store, 60).await, std::slice::from_ref(&claim));
    let ours = PushClaim { tries: 2, due: Some(at(60) + Duration::from_mins(1)), ..claim.clone() };
    assert!(store.update_push(&claim, &ours).await.expect("an answer"));
    assert!(!store.update_push(&claim, &ours).await.expect("an answer"), "somebody was faster");
    let over = PushClaim { due: None, is_posting: false, ..ours.clone() };
    assert!(store.update_push(&ours, &over).await.expect("an answer"));
    assert_eq!(due(&store, 9999).await, []);
    assert!(!store.claim_push(&claim).await.expect("an answer"), "and stays claimed");
}

async fn due(store: &Store, seconds: u64) -> Vec<PushClaim> {
    let mut found = Vec::new();
    for shard in 0..SHARDS {
        found.extend(store.due_pushes(shard, at(seconds), 10, None).await.expect("a page").found);
    }
    found
}
