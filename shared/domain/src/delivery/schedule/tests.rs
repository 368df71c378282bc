use proptest::prelude::*;

use super::*;
use crate::delivery::{ClaimId, PostOutcome, Status, Step};
use crate::samples::{at, staff};

const NINE: u64 = 3_600;

fn plan() -> Schedule {
    Schedule::at(at(NINE), false, 3, 7)
}

fn facts(seconds: u64) -> Circumstances {
    Circumstances {
        now: at(seconds),
        quiet_until: None,
        customer_count: 3,
        opted_out: false,
        in_doubt: false,
        cannot_text: false,
        blocked: false,
        closed: false,
        has_access: true,
        colleague: None,
    }
}

#[expect(clippy::unnecessary_wraps, reason = "as a judgement says it")]
fn held(reason: HeldReason, seconds: u64) -> Option<Verdict> {
    Some(Verdict::Hold(Held { reason, since: at(seconds), by: None }))
}

#[test]
fn it_goes_at_its_time_and_not_before() {
    let delivery = Delivery::later(plan());
    assert_eq!((delivery.status(), delivery.due_at()), (Status::Scheduled, Some(at(NINE))));
    assert_eq!(delivery.judge(&facts(NINE - 1)), None);
    assert_eq!(delivery.next_step(at(NINE)), Step::Judge);
    assert_eq!(delivery.judge(&facts(NINE)), Some(Verdict::Go));
    assert!(!delivery.holds_later(), "what is planned holds nothing");
}

#[test]
fn a_customers_message_after_it_was_written_takes_it_back_where_that_was_chosen() {
    let chosen = Delivery::later(Schedule { cancel_on_reply: true, ..plan() });
    let answered = Circumstances { customer_count: 4, ..facts(NINE) };
    assert_eq!(chosen.judge(&answered), Some(Verdict::Cancel));
    assert_eq!(Delivery::later(plan()).judge(&answered), Some(Verdict::Go));
    let mut canceled = chosen;
    canceled.follow(Verdict::Cancel, at(NINE)).expect("it waits");
    assert_eq!((canceled.status(), canceled.due_at()), (Status::Canceled, None));
    assert!(canceled.schedule.is_some_and(|schedule| schedule.answered));
}

#[test]
fn what_holds_it_is_said_and_waits_for_a_person() {
    let delivery = Delivery::later(plan());
    let now = facts(NINE);
    let cases = [
        (Circumstances { opted_out: true, closed: true, ..now.clone() }, HeldReason::OptedOut),
        (Circumstances { closed: true, has_access: false, ..now.clone() }, HeldReason::Closed),
        (Circumstances { has_access: false, ..now.clone() }, HeldReason::NoAccess),
        (Circumstances { cannot_text: true, ..now.clone() }, HeldReason::CannotText),
        (Circumstances { blocked: true, cannot_text: true, ..now.clone() }, HeldReason::Blocked),
        (Circumstances { opted_out: true, blocked: true, ..now.clone() }, HeldReason::OptedOut),
    ];
    for (facts, reason) in cases {
        assert_eq!(delivery.judge(&facts), held(reason, NINE));
    }
    let colleague = Circumstances { colleague: Some(staff(2)), ..now };
    let Some(Verdict::Hold(by)) = delivery.judge(&colleague) else { panic!("held") };
    assert_eq!((by.reason, by.by.clone()), (HeldReason::ColleagueReplied, Some(staff(2))));
    let mut delivery = delivery;
    delivery.follow(Verdict::Hold(by), at(NINE)).expect("it waits");
    assert_eq!((delivery.status(), delivery.due_at()), (Status::Scheduled, None));
    assert_eq!(delivery.judge(&facts(NINE + 9_000)), None, "nothing more happens by itself");
    delivery.send_now(at(NINE + 9_000)).expect("a person may");
    assert_eq!((delivery.status(), delivery.why_held()), (Status::Queued, None));
}

#[test]
fn more_than_an_hour_late_it_is_held_and_the_customers_night_is_not_late() {
    let delivery = Delivery::later(plan());
    assert_eq!(delivery.judge(&facts(NINE + 3_600)), Some(Verdict::Go));
    assert_eq!(delivery.judge(&facts(NINE + 3_601)), held(HeldReason::Late, NINE + 3_601));
    let day = at(NINE + 36_000);
    let waiting = Delivery::later(plan().after_night(Some((day, "America/New_York".to_owned()))));
    assert_eq!(waiting.due_at(), Some(day));
    assert_eq!(waiting.judge(&facts(NINE + 36_000)), Some(Verdict::Go));
    let mut moved = delivery;
    let night = Circumstances { quiet_until: Some((day, "America/New_York".to_owned())), ..facts(NINE) };
    let verdict = moved.judge(&night).expect("its time has come");
    moved.follow(verdict, at(NINE)).expect("it waits");
    assert_eq!(moved.due_at(), Some(day));
    assert_eq!(
        moved.judge(&facts(NINE + 36_000 + 60)),
        Some(Verdict::Go),
        "ten hours after it was asked to go"
    );
}

#[test]
fn an_open_editor_holds_it_for_ten_minutes_at_most() {
    let mut delivery = Delivery::later(plan());
    delivery.edited("a", at(NINE - 30)).expect("it waits");
    let verdict = delivery.judge(&facts(NINE)).expect("its time has come");
    assert_eq!(verdict, Verdict::WaitForEditor(at(NINE + 60)));
    delivery.follow(verdict, at(NINE)).expect("it waits");
    assert_eq!(delivery.judge(&facts(NINE + 60)), Some(Verdict::Go), "nobody says that it is open any more");
    delivery.edited("a", at(NINE + 590)).expect("it waits");
    let waits = delivery.judge(&facts(NINE + 595)).expect("due");
    assert_eq!(waits, Verdict::WaitForEditor(at(NINE + 600)));
    delivery.follow(waits, at(NINE + 595)).expect("it waits");
    assert_eq!(delivery.judge(&facts(NINE + 600)), held(HeldReason::Editing, NINE + 600));
}

#[test]
fn closing_the_editor_lets_the_old_words_go_at_once_unless_another_is_open() {
    let mut delivery = Delivery::later(plan());
    delivery.edited("a", at(NINE - 30)).expect("it waits");
    delivery.edited("b", at(NINE - 20)).expect("it waits");
    let verdict = delivery.judge(&facts(NINE)).expect("due");
    delivery.follow(verdict, at(NINE)).expect("it waits");
    delivery.edited_no_more("a");
    assert!(matches!(delivery.judge(&facts(NINE + 5)), Some(Verdict::WaitForEditor(_))));
    delivery.edited_no_more("b");
    assert_eq!(delivery.judge(&facts(NINE + 5)), Some(Verdict::Go));
}

#[test]
fn what_is_held_to_be_taken_back_is_as_good_as_sent() {
    let mut delivery = Delivery::later(Schedule::undo(at(5), 3, 7));
    assert!(delivery.counts_as_written() && !delivery.is_planned());
    let met = Circumstances { closed: true, colleague: Some(staff(2)), customer_count: 9, ..facts(5) };
    let night = Circumstances { quiet_until: Some((at(9_000), "America/New_York".to_owned())), ..met };
    assert_eq!(delivery.judge(&night), Some(Verdict::Go), "a person sends it now");
    assert_eq!(delivery.judge(&facts(4_000)), held(HeldReason::Late, 4_000));
    delivery.cancel().expect("it has not left");
    assert!(!delivery.counts_as_written());
}

#[test]
fn what_has_left_is_neither_changed_nor_taken_back() {
    let mut delivery = Delivery::later(plan());
    delivery.follow(Verdict::Go, at(NINE)).expect("its time has come");
    delivery.claim(ClaimId::new("1"), at(NINE)).expect("queued");
    assert!(delivery.cancel().is_err() && delivery.send_now(at(NINE)).is_err());
    assert!(delivery.edited("a", at(NINE)).is_err() && delivery.reschedule(plan()).is_err());
}

/// One thing that happens to a planned message; each may be lost with whoever did it.
#[derive(Clone, Debug)]
enum Act {
    Wait(u64),
    /// The sweep reads, and writes unless somebody wrote in between (`true`) or it dies (`false`).
    Sweep {
        writes: bool,
    },
    /// What was read before is written late, by an invocation that was slow.
    WriteLate,
    Edit(u64),
    Cancel,
    SendNow,
    CustomerWrites,
    OptOut,
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..5_000_u64).prop_map(Act::Wait),
        6 => any::<bool>().prop_map(|writes| Act::Sweep { writes }),
        3 => Just(Act::WriteLate),
        2 => (1..5_000_u64).prop_map(Act::Edit),
        1 => Just(Act::Cancel),
        1 => Just(Act::SendNow),
        1 => Just(Act::CustomerWrites),
        1 => Just(Act::OptOut),
    ]
}

/// A planned message in a store with conditional writes, and a provider.
struct World {
    now: u64,
    facts: Circumstances,
    version: u32,
    delivery: Delivery,
    slow: Option<(u32, Delivery)>,
    posts: u32,
    canceled: bool,
}

impl World {
    fn new() -> Self {
        let delivery = Delivery::later(Schedule { cancel_on_reply: true, ..plan() });
        Self { now: 0, facts: facts(0), version: 0, delivery, slow: None, posts: 0, canceled: false }
    }

    fn write(&mut self, read: u32, delivery: Delivery) -> bool {
        let is_unchanged = self.version == read;
        if is_unchanged {
            self.version += 1;
            self.delivery = delivery;
        }
        is_unchanged
    }

    fn act(&mut self, act: &Act) {
        match *act {
            Act::Wait(seconds) => self.now += seconds,
            Act::Sweep { writes } => self.sweep(writes),
            Act::WriteLate => {
                if let Some((read, delivery)) = self.slow.take() {
                    self.write(read, delivery);
                }
            }
            Act::Edit(later) => {
                let schedule =
                    Schedule { send_at: at(self.now + later), goes_at: at(self.now + later), ..plan() };
                self.change(|delivery| delivery.reschedule(schedule).is_ok());
            }
            Act::Cancel => {
                let done = self.change(|delivery| delivery.cancel().is_ok());
                self.canceled |= done;
            }
            Act::SendNow => {
                let (now, out) = (at(self.now), self.facts.opted_out);
                self.change(|delivery| !out && delivery.send_now(now).is_ok());
            }
            Act::CustomerWrites => self.facts.customer_count += 1,
            Act::OptOut => self.facts.opted_out = true,
        }
        self.facts.now = at(self.now);
        self.post();
    }

    fn change(&mut self, change: impl FnOnce(&mut Delivery) -> bool) -> bool {
        let mut delivery = self.delivery.clone();
        change(&mut delivery) && self.write(self.version, delivery)
    }

    fn sweep(&mut self, writes: bool) {
        let mut delivery = self.delivery.clone();
        let Some(verdict) = delivery.judge(&self.facts) else { return };
        if delivery.follow(verdict, at(self.now)).is_err() {
            return;
        }
        if writes {
            self.write(self.version, delivery);
        } else {
            self.slow = Some((self.version, delivery));
        }
    }

    /// Whatever is queued is posted once, after consent was asked.
    fn post(&mut self) {
        let mut delivery = self.delivery.clone();
        let claim = ClaimId::new(self.version.to_string());
        if delivery.claim(claim.clone(), at(self.now)).is_err() {
            return;
        }
        if self.facts.opted_out {
            delivery.refuse(&claim, crate::delivery::FailureReason::opted_out()).expect("claimed");
        } else {
            assert!(!self.canceled, "what was taken back is posted");
            self.posts += 1;
            delivery.settle_post(&claim, PostOutcome::Unknown, at(self.now));
        }
        self.write(self.version, delivery);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn whoever_dies_and_whoever_is_first_it_goes_once_or_says_why_p4_p6(
        acts in proptest::collection::vec(any_act(), 1..40),
    ) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        // Everything that ran is gone; only sweeps go on, and nothing stands still any more.
        world.slow = None;
        let due = world.delivery.due_at().map_or(0, |due| due.since(at(0)).as_secs());
        world.act(&Act::Wait(due.saturating_sub(world.now) + 1));
        world.act(&Act::Sweep { writes: true });
        assert!(world.posts <= 1, "posted twice");
        let says_why = world.delivery.why_held().is_some();
        match world.delivery.status() {
            Status::Scheduled => assert!(says_why, "it waits and nobody knows for what"),
            Status::Canceled => assert_eq!(world.posts, 0),
            Status::Failed => assert!(world.facts.opted_out && world.posts == 0),
            status => assert_eq!((status, world.posts), (Status::Unknown, 1)),
        }
    }
}
