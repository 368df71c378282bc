use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::samples::{START, at, phone, reason};

fn says(status: ProviderStatus, error: Option<u32>) -> Evidence {
    Evidence { sid: "SM1".to_owned(), status, error: error.map(reason), raw_date: None, seen_at: at(0) }
}

fn claimed() -> (Delivery, ClaimId) {
    let claim = ClaimId::new("a");
    let mut delivery = Delivery::queued(at(0));
    delivery.claim(claim.clone(), at(0)).expect("queued");
    (delivery, claim)
}

const BUSY: PostOutcome = PostOutcome::NotAccepted { code: Some(20429), retry_after: None };

#[test]
fn a_message_goes_from_queued_to_delivered() {
    let (mut delivery, claim) = claimed();
    assert_eq!(delivery.status(), Status::Sending);
    let accepted = PostOutcome::Accepted(says(ProviderStatus::Queued, None));
    assert_eq!(delivery.settle_post(&claim, accepted, at(1)), After::Done);
    assert_eq!((delivery.status(), delivery.holds_later()), (Status::Sending, false));
    assert!(delivery.record(Evidence { seen_at: at(2), ..says(ProviderStatus::Sent, None) }));
    assert_eq!(delivery.status(), Status::Sent);
    assert!(delivery.record(Evidence { seen_at: at(3), ..says(ProviderStatus::Delivered, None) }));
    assert_eq!(delivery.status(), Status::Delivered);
    assert_eq!((delivery.sent_at(), delivery.delivered_at()), (Some(at(2)), Some(at(3))));
    assert_eq!(delivery.next_step(at(3)), Step::Nothing);
    assert_eq!(delivery.next_step(at(1_000_000)), Step::AskPrice("SM1".to_owned()), "only what it cost");
}

#[test]
fn only_one_of_two_invocations_claims_p4() {
    let (mut delivery, _) = claimed();
    assert_eq!(
        delivery.claim(ClaimId::new("b"), at(1)),
        Err(InvalidTransition { act: "claim", from: Status::Sending })
    );
    assert!(!delivery.is_claimed_by(&ClaimId::new("b")));
}

#[test]
fn a_lost_answer_is_never_posted_again_p4() {
    let (mut delivery, claim) = claimed();
    assert_eq!(delivery.settle_post(&claim, PostOutcome::Unknown, at(12)), After::Done);
    assert_eq!((delivery.status(), delivery.unknown_since()), (Status::Unknown, Some(at(12))));
    assert!(delivery.claim(ClaimId::new("b"), at(100_000)).is_err());
    assert!(!delivery.holds_later());
}

#[test]
fn a_busy_provider_is_asked_again_until_the_claim_ends_then_the_message_is_released() {
    let (mut delivery, claim) = claimed();
    assert!(matches!(delivery.settle_post(&claim, BUSY, at(5)), After::Retry { .. }));
    assert!(delivery.may_post(&claim, at(7)));
    assert!(!delivery.may_post(&claim, at(20)));
    let After::Released { not_before } = delivery.settle_post(&claim, BUSY, at(19)) else {
        panic!("released")
    };
    assert_eq!((delivery.status(), delivery.due_at()), (Status::Queued, Some(not_before)));
    assert!(delivery.holds_later());
    assert!(delivery.claim(ClaimId::new("b"), at(20)).is_err());
    assert!(delivery.claim(ClaimId::new("b"), not_before).is_ok());
}

#[test]
fn patience_ends_after_four_hours_whatever_wait_the_provider_asks() {
    let mut delivery = Delivery::queued(at(0));
    let patient = PostOutcome::NotAccepted { code: Some(20429), retry_after: Some(Duration::from_hours(9)) };
    let claim = ClaimId::new("a");
    delivery.claim(claim.clone(), at(10)).expect("queued");
    let last_try = START + GIVE_UP_AFTER;
    assert_eq!(
        delivery.settle_post(&claim, patient.clone(), at(11)),
        After::Released { not_before: last_try }
    );
    delivery.claim(claim.clone(), last_try).expect("its time has come");
    assert_eq!(delivery.settle_post(&claim, patient, last_try), After::Done);
    assert_eq!(delivery.error(), Some(FailureReason::gave_up(Some(20429))));
}

#[test]
fn a_refusal_fails_with_plain_words_and_an_opt_out_closes_consent() {
    let (mut delivery, claim) = claimed();
    let refused = PostOutcome::Rejected(reason(1));
    assert_eq!(delivery.settle_post(&claim, refused, at(1)), After::Done);
    let why = delivery.error().expect("failed");
    assert_eq!((delivery.status(), why.closes_consent()), (Status::Failed, true));
    assert!(!FailureReason::opted_out().closes_consent(), "we knew, and nothing was asked of the provider");
}

#[test]
fn who_opted_out_is_refused_under_the_claim_p6() {
    let (mut delivery, claim) = claimed();
    assert!(delivery.refuse(&ClaimId::new("b"), FailureReason::opted_out()).is_err());
    delivery.refuse(&claim, FailureReason::opted_out()).expect("claimed");
    assert_eq!(delivery.status(), Status::Failed);
    assert!(!delivery.may_post(&claim, at(1)));
}

#[test]
fn an_outcome_that_comes_after_the_claim_expired_adds_only_evidence_p4() {
    let (mut delivery, claim) = claimed();
    assert!(delivery.expire_claim(at(79)).is_err());
    delivery.expire_claim(at(80)).expect("past its time");
    assert_eq!(delivery.status(), Status::Unknown);
    assert_eq!(delivery.settle_post(&claim, BUSY, at(81)), After::Stale);
    let accepted = PostOutcome::Accepted(says(ProviderStatus::Queued, None));
    assert_eq!(delivery.settle_post(&claim, accepted, at(82)), After::Done);
    assert_eq!(delivery.status(), Status::Sending);
}

#[test]
fn evidence_that_overtakes_the_answer_stops_every_further_post_p4() {
    let (mut delivery, claim) = claimed();
    delivery.record(says(ProviderStatus::Sent, None));
    assert!(!delivery.may_post(&claim, at(1)));
    assert_eq!(delivery.settle_post(&claim, BUSY, at(2)), After::Stale);
    assert!(delivery.release(&claim, at(2), at(3)).is_err());
    let mut queued = Delivery::queued(at(0));
    queued.record(says(ProviderStatus::Sent, None));
    assert!(queued.claim(claim, at(1)).is_err(), "a released message that was accepted after all");
}

#[test]
fn late_evidence_folds_after_failure_p5() {
    let (mut delivery, claim) = claimed();
    delivery.settle_post(&claim, PostOutcome::Rejected(reason(3)), at(1));
    assert!(delivery.record(says(ProviderStatus::Delivered, None)));
    assert_eq!((delivery.status(), delivery.error()), (Status::Delivered, None));
}

#[test]
fn an_unknown_is_asked_after_six_times_and_then_left_to_a_person() {
    let mut delivery =
        Delivery { local: Local::Unknown { since: at(0), asked: 0 }, ..Delivery::queued(at(0)) };
    for after in RESOLVE_AFTER {
        assert_eq!(delivery.due_at(), Some(START + after));
        assert_eq!(delivery.next_step(START + after), Step::AskList);
        assert_eq!(delivery.may_dismiss(START + after), after == RESOLVE_AFTER[5]);
        delivery.asked_provider(START + after);
    }
    assert_eq!(delivery.due_at(), None);
    assert!(delivery.may_resend(START + RESOLVE_AFTER[5]));
}

#[test]
fn a_sweep_that_slept_asks_once_for_all_that_it_missed() {
    let mut delivery =
        Delivery { local: Local::Unknown { since: at(0), asked: 0 }, ..Delivery::queued(at(0)) };
    delivery.asked_provider(at(2 * 3600));
    assert_eq!(delivery.due_at(), Some(at(6 * 3600)));
}

#[test]
fn a_silent_message_is_fetched_four_times() {
    let mut delivery = Delivery::queued(at(0));
    delivery.record(says(ProviderStatus::Sent, None));
    for after in FETCH_AFTER {
        assert_eq!(delivery.next_step(START + after - Duration::from_millis(1)), Step::Nothing);
        assert_eq!(delivery.next_step(START + after), Step::FetchBySid("SM1".to_owned()));
        delivery.fetched_by_sid(START + after);
    }
    assert_eq!(delivery.due_at(), None);
}

#[test]
fn a_scheduled_message_holds_nothing_until_its_time() {
    let mut delivery = Delivery::scheduled(at(600));
    assert!(!delivery.holds_later());
    assert!(delivery.enqueue(at(599)).is_err());
    assert_eq!(delivery.next_step(at(600)), Step::Judge);
    delivery.enqueue(at(600)).expect("its time has come");
    assert_eq!((delivery.status(), delivery.next_step(at(600))), (Status::Queued, Step::Claim));
    delivery.cancel().expect("not posted yet");
    assert_eq!(delivery.status(), Status::Canceled);
    assert!(delivery.claim(ClaimId::new("a"), at(601)).is_err());
}

#[test]
fn a_delivery_is_the_same_after_writing_and_reading() {
    let (mut delivery, _) = claimed();
    delivery.record(says(ProviderStatus::PartiallyDelivered, Some(30008)));
    let json = serde_json::to_string(&delivery).expect("plain data");
    assert_eq!(serde_json::from_str::<Delivery>(&json).expect("own text"), delivery);
    assert!(json.contains("partially_delivered") && json.contains(r#""state":"sending""#), "{json}");
}

#[test]
fn only_an_unambiguous_entry_of_the_list_is_taken_p4() {
    let (to, from) = (phone("+12075550142"), phone("+12075550100"));
    // It left from one of two lines, the second of which took over from the first.
    let lines = [from.clone(), phone("+12075550101")];
    let lost = Lost { to: &to, from: &lines, body: "On my way", window: (at(0), at(100)) };
    let entry = |sid: &str, body: &str, second| ListedMessage {
        sid: sid.to_owned(),
        to: to.clone(),
        from: Some(from.clone()),
        body: body.to_owned(),
        created_at: at(second),
        status: ProviderStatus::Sent,
        error: None,
    };
    let listed = [
        entry("SM1", "On my way", 5),
        entry("SM2", "Other", 6),
        entry("SM3", "On my way", 500),
        entry("SM4", "On my way", 7),
    ];
    let found =
        |owned: &[&str]| match_listed(&lost, &listed, |sid| owned.contains(&sid)).map(|e| e.sid.clone());
    assert_eq!(found(&[]), None, "two fit");
    assert_eq!(found(&["SM1"]).as_deref(), Some("SM4"));
    assert_eq!(found(&["SM1", "SM4"]), None);
}

fn any_evidence() -> impl Strategy<Value = Evidence> {
    let sid = prop_oneof![9 => Just("SM1"), 1 => Just("SM2")];
    let error = proptest::option::of(prop_oneof![Just(30003), Just(30005), Just(30008)]);
    let raw_date = proptest::option::of(prop_oneof![Just("2611210904"), Just("2611210905")]);
    (sid, proptest::sample::select(&ProviderStatus::EVERY[..]), error, raw_date, 0..100_u64).prop_map(
        |(sid, status, error, raw_date, second)| Evidence {
            sid: sid.to_owned(),
            status,
            error: error.map(reason),
            raw_date: raw_date.map(str::to_owned),
            seen_at: at(second),
        },
    )
}

/// The same evidence in two orders, with repetitions.
fn told_twice() -> impl Strategy<Value = (Vec<Evidence>, Vec<Evidence>)> {
    proptest::collection::vec(any_evidence(), 1..8).prop_flat_map(|once| {
        (Just(once.clone()).prop_shuffle(), Just([once.clone(), once].concat()).prop_shuffle())
    })
}

proptest! {
    #[test]
    fn any_permutation_and_repetition_of_evidence_ends_the_same_p5((first, second) in told_twice()) {
        let fold = |told: Vec<Evidence>| {
            let mut delivery = Delivery::queued(at(0));
            for evidence in told {
                delivery.record(evidence);
            }
            delivery
        };
        let (first, second) = (fold(first), fold(second));
        prop_assert_eq!((first.status(), first.error(), first.sid()), (second.status(), second.error(), second.sid()));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn the_state_never_goes_backwards_p5(told in proptest::collection::vec(any_evidence(), 1..12)) {
        let mut delivery = Delivery::queued(at(0));
        let mut highest = 0;
        for evidence in told {
            delivery.record(evidence);
            let rank = delivery.decisive().expect("just recorded").status.rank();
            prop_assert!(rank >= highest);
            highest = rank;
        }
    }
}

#[test]
fn what_nobody_could_post_for_hours_is_given_up_and_not_sent_late_p4() {
    let hours = |hours: u64| at(0) + Duration::from_hours(hours);
    let mut delivery = Delivery::queued(at(0));
    assert!(!delivery.clone().give_up(hours(4)), "the last try that patience leaves");
    assert!(delivery.give_up(hours(5)));
    assert_eq!(delivery.status(), Status::Failed);
    assert_eq!(delivery.error(), Some(FailureReason::too_old()));
    assert!(delivery.claim(ClaimId::new("late".to_owned()), hours(5)).is_err());
    let (mut sending, _) = claimed();
    assert!(!sending.give_up(hours(90)), "what may have been posted is never given up");
}

#[test]
fn evidence_of_which_only_a_bare_code_was_kept_is_read() {
    let kept = r#"{"sid":"SM1","status":"undelivered","error":30003,"raw_date":null,"seen_at":"2026-11-21T15:00:00.000Z"}"#;
    let read: Evidence = serde_json::from_str(kept).expect("as it was kept");
    assert_eq!(read.error.and_then(|reason| reason.code), Some(30003));
    let none: Evidence = serde_json::from_str(&kept.replace("30003", "null")).expect("as it was kept");
    assert_eq!(none.error, None);
}
