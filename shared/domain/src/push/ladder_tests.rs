//! What ends a ladder, case by case; and by whatever may happen, in any order, with sweepers that meet and die.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::conversation::{AttentionReason, InboundEffect};
use crate::customer::{Job, JobStatus};
use crate::id::{MessageId, StaffId};
use crate::samples::{at, conversation, job, message, staff};
use crate::staff::{DayOff, Role};

const MAINE: &str = "America/New_York";
const WANTS_ANSWER: InboundEffect = InboundEffect::WantsAnswer { emergency: false };

fn person(n: u64) -> Staff {
    Staff {
        business: conversation().business.clone(),
        id: staff(n),
        name: "Luis Ortega".to_owned(),
        email: String::new(),
        password_hash: String::new(),
        role: Role::Technician,
        full_chat_access: true,
        phone: None,
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    }
}

fn member(n: u64) -> CrewMember {
    CrewMember { staff: person(n), marker: ReadMarker::default(), joined_at: Some(at(0)) }
}

fn todays(n: u64) -> Job {
    Job {
        id: job(n),
        customer: ulid::Ulid::from(7).into(),
        number: 1042,
        title: "Water heater".to_owned(),
        status: JobStatus::Scheduled,
        scheduled_at: Some(at(60)),
        ends_at: None,
        ended_at: None,
        amount_cents: 0,
        facts: Vec::new(),
        version: 1,
    }
}

/// A customer wrote about a job of today on which two people work.
#[derive(Clone)]
struct Case {
    rule: PushLadder,
    thread: Conversation,
    message: Message,
    job: Option<Job>,
    crew: Vec<CrewMember>,
}

impl Case {
    fn new() -> Self {
        let mut thread = conversation();
        let text = Message { seq: 1, ..message(1).of_customer().of_job(1) };
        thread.record_inbound(&text, WANTS_ANSWER);
        let rule = PushLadder::new(true, 10, 5).expect("steps");
        Self { rule, thread, message: text, job: Some(todays(1)), crew: vec![member(1), member(2)] }
    }

    fn around(&self) -> Around<'_> {
        let (conversation, job) = (&self.thread, self.job.as_ref());
        Around { rule: &self.rule, time_zone: MAINE, conversation, job, crew: &self.crew }
    }

    fn begins(&self) -> Option<Ladder> {
        Ladder::begin(&self.message, &self.around(), None, at(2))
    }

    fn reply(&mut self) {
        let seq = self.thread.next_seq();
        self.thread.record_reply(&message(seq).by(9));
    }
}

#[test]
fn a_message_about_a_job_of_today_begins_one_and_its_steps_come_in_their_time() {
    let case = Case::new();
    let ladder = case.begins().expect("it begins");
    let around = case.around();
    assert_eq!(ladder.step(&around, at(600)), Step::Rest);
    assert_eq!(ladder.step(&around, at(601)), Step::Text, "ten minutes after the message");
    let ladder = ladder.texted(&case.rule, at(630));
    assert_eq!(
        (ladder.step(&around, at(929)), ladder.step(&around, at(930))),
        (Step::Rest, Step::Alert),
        "five minutes after the text"
    );
    let ladder = ladder.alerted(7, at(940));
    assert_eq!(ladder.step(&around, at(941)), Step::Rest, "whoever wrote it is at it");
    assert_eq!(ladder.step(&around, at(940) + LEASE), Step::Tell, "and may have died");
    let mut answered = case.clone();
    answered.reply();
    assert_eq!(ladder.step(&answered.around(), at(940) + LEASE), Step::End(Over::Answered));
    let ended = ladder.ended();
    assert_eq!((ended.stands(), ended.step(&around, at(9999))), (false, Step::Rest));
    let again = Message { seq: 7, ..case.message.clone() };
    assert_eq!(Ladder::begin(&again, &around, Some(&ended), at(1000)), None, "it was among those told of");
    let later = Message { seq: 8, ..case.message.clone() };
    assert!(Ladder::begin(&later, &around, Some(&ended), at(1000)).is_some(), "anew");
}

#[test]
fn what_is_no_customers_message_of_a_days_job_begins_none() {
    let refuses = |change: &dyn Fn(&mut Case)| {
        let mut case = Case::new();
        change(&mut case);
        assert_eq!(case.begins(), None);
    };
    refuses(&|case| case.rule = PushLadder::default());
    refuses(&|case| case.message.job = None);
    refuses(&|case| case.message = case.message.clone().note_by(1));
    refuses(&|case| case.message.created_at = at(2) - WAKES_FOR - Duration::from_secs(1));
    refuses(&|case| case.crew.clear());
    refuses(&|case| case.job = None);
    refuses(&|case| case.job = Some(Job { scheduled_at: Some(at(3 * 86_400)), ..todays(1) }));
    refuses(&|case| case.thread.settle());
}

#[test]
fn each_of_these_ends_it() {
    let over = |change: &dyn Fn(&mut Case)| {
        let mut case = Case::new();
        let ladder = case.begins().expect("it begins");
        change(&mut case);
        ladder.over(&case.around())
    };
    assert_eq!(over(&|_| {}), None);
    assert_eq!(over(&|case| case.rule = PushLadder::default()), Some(Over::SwitchedOff));
    assert_eq!(over(&Case::reply), Some(Over::Answered));
    assert_eq!(over(&|case| case.thread.settle()), Some(Over::Settled));
    assert_eq!(over(&|case| case.thread.close()), Some(Over::Settled));
    assert_eq!(over(&|case| case.thread.snooze(at(9999))), Some(Over::Settled));
    assert_eq!(over(&|case| case.thread.block(true)), Some(Over::Settled));
    let canceled = Job { status: JobStatus::Canceled, ..todays(1) };
    assert_eq!(over(&|case| case.job = Some(canceled.clone())), Some(Over::NotThatDay));
    let moved = Job { scheduled_at: Some(at(2 * 86_400)), ..todays(1) };
    assert_eq!(over(&|case| case.job = Some(moved.clone())), Some(Over::NotThatDay));
    assert_eq!(over(&|case| case.crew.clear()), Some(Over::NoCrew));
    assert_eq!(over(&|case| case.crew[1].marker.read_count = 1), Some(Over::Opened));
}

#[test]
fn what_came_after_it_was_settled_is_another_ones() {
    let mut case = Case::new();
    let ladder = case.begins().expect("it begins");
    case.thread.settle();
    let next = Message { seq: 2, created_at: at(100), ..case.message.clone() };
    case.thread.record_inbound(&next, WANTS_ANSWER);
    assert_eq!(ladder.over(&case.around()), Some(Over::Settled));
    assert!(Ladder::begin(&next, &case.around(), Some(&ladder), at(101)).is_some());
}

#[test]
fn whoever_came_to_the_job_after_the_message_has_not_been_told_of_it() {
    let mut case = Case::new();
    let ladder = case.begins().expect("it begins");
    // Unread begins at joining.
    let mut marta = CrewMember { joined_at: Some(at(60)), ..member(3) };
    marta.marker.read(&case.thread);
    case.crew = vec![marta];
    assert_eq!(ladder.over(&case.around()), None);
    case.crew[0].joined_at = None;
    assert_eq!(ladder.over(&case.around()), Some(Over::Opened), "the office had added them");
}

#[test]
fn nobody_is_texted_who_did_not_agree_is_off_or_wants_to_be_left_alone_p6() {
    let (luis, usual) = (person(1), PushPreferences::default());
    let all_day = QuietTime {
        from: TimeOfDay::START,
        until: "23:59".parse().expect("a time"),
        time_zone: "UTC".to_owned(),
    };
    let quiet = PushPreferences { quiet: Some(all_day.clone()), ..usual.clone() };
    let on_call = PushPreferences { quiet: Some(all_day), on_call: true, ..usual.clone() };
    assert!(is_texted(&luis, &usual, true, false, at(5)));
    assert!(!is_texted(&luis, &usual, false, true, at(5)));
    assert!(!is_texted(&luis, &quiet, true, true, at(5)));
    assert!(!is_texted(&luis, &on_call, true, false, at(5)));
    assert!(is_texted(&luis, &on_call, true, true, at(5)));
    assert!(!is_texted(&off(luis.clone(), at(9)), &usual, true, false, at(5)));
    assert!(!is_texted(&Staff { disabled_at: Some(at(1)), ..luis }, &usual, true, false, at(5)));
}

#[test]
fn the_office_sees_why_it_comes_up_unless_there_is_something_graver() {
    let reason = |before| {
        let mut case = Case::new();
        case.thread.need_person(at(2), before, false);
        case.thread.go_unopened();
        case.thread.attention.map(|attention| (attention.reason, attention.waiting_since))
    };
    assert_eq!(reason(AttentionReason::Customer), Some((AttentionReason::Unopened, at(1))));
    assert_eq!(reason(AttentionReason::AskedToStop), Some((AttentionReason::AskedToStop, at(1))));
    let mut quiet = conversation();
    quiet.go_unopened();
    assert_eq!(quiet.attention, None);
}

fn off(staff: Staff, until: Timestamp) -> Staff {
    let release = ulid::Ulid::from(1).into();
    Staff { day_off: Some(DayOff { until, at: at(0), by: staff.id.clone(), release }), ..staff }
}

/// What may happen.
#[derive(Clone, Copy, Debug)]
enum Happens {
    Minutes(u8),
    CustomerWrites,
    CrewOpens(u8),
    OfficeOpens,
    Reply,
    Done,
    Off(u8),
    /// The record of a message comes again.
    RecordAgain(u8),
    Sweep,
    /// Two sweepers read the same, and both go on.
    TwoSweepers,
    /// A person answers between what a sweeper reads and what it writes.
    SweepMeetsReply,
    /// A sweeper dies before it writes, or right after.
    SweepDies(bool),
}

fn happens() -> impl Strategy<Value = Happens> {
    prop_oneof![
        4 => (1..8_u8).prop_map(Happens::Minutes),
        3 => Just(Happens::CustomerWrites),
        1 => (0..2_u8).prop_map(Happens::CrewOpens),
        1 => Just(Happens::OfficeOpens),
        1 => Just(Happens::Reply),
        1 => Just(Happens::Done),
        1 => (0..2_u8).prop_map(Happens::Off),
        2 => any::<u8>().prop_map(Happens::RecordAgain),
        6 => Just(Happens::Sweep),
        2 => Just(Happens::TwoSweepers),
        1 => Just(Happens::SweepMeetsReply),
        2 => any::<bool>().prop_map(Happens::SweepDies),
    ]
}

/// All that is kept, with what was done of it.
struct World {
    case: Case,
    ladder: Option<Ladder>,
    now: Timestamp,
    messages: Vec<Message>,
    /// The places that a human reply, a look of the crew, and Done, have seen.
    answered: u64,
    opened: u64,
    settled: u64,
    texts: BTreeMap<(MessageId, StaffId), usize>,
    alerts: BTreeMap<MessageId, usize>,
    pushes: BTreeMap<MessageId, usize>,
}

/// What a sweeper read.
struct Read {
    case: Case,
    ladder: Ladder,
    step: Step,
}

impl World {
    fn new() -> Self {
        let mut case = Case::new();
        case.thread = conversation();
        Self {
            case,
            ladder: None,
            now: at(0),
            messages: Vec::new(),
            answered: 0,
            opened: 0,
            settled: 0,
            texts: BTreeMap::new(),
            alerts: BTreeMap::new(),
            pushes: BTreeMap::new(),
        }
    }

    fn does(&mut self, what: Happens) {
        match what {
            Happens::Minutes(minutes) => self.now = self.now + Duration::from_mins(minutes.into()),
            Happens::CustomerWrites => self.customer_writes(),
            Happens::CrewOpens(who) => {
                let thread = self.case.thread.clone();
                self.case.crew[usize::from(who)].marker.read(&thread);
                self.opened = thread.seq;
            }
            // Their marker is no part of what a ladder is judged by.
            Happens::OfficeOpens => {}
            Happens::Reply => self.reply(),
            Happens::Done => {
                self.case.thread.settle();
                self.case.thread.next_version();
                self.settled = self.case.thread.seq;
            }
            Happens::Off(who) => {
                let member = &mut self.case.crew[usize::from(who)];
                member.staff = off(member.staff.clone(), self.now + Duration::from_hours(8));
            }
            Happens::RecordAgain(which) => {
                let count = self.messages.len().max(1);
                if let Some(message) = self.messages.get(usize::from(which) % count).cloned() {
                    self.begin(&message);
                }
            }
            Happens::Sweep => self.sweep(),
            Happens::TwoSweepers => {
                let reads = [self.read(), self.read()];
                let written = reads.into_iter().flatten().filter(|read| self.write(read)).count();
                assert!(written <= 1, "one of them wins");
            }
            Happens::SweepMeetsReply => {
                let read = self.read();
                self.reply();
                if let Some(read) = read {
                    let took = self.write(&read);
                    // Each of the office is asked again before they are woken.
                    assert!(!took || matches!(read.step, Step::End(_) | Step::Tell), "the reply wins");
                }
            }
            Happens::SweepDies(before) => {
                let read = self.read().filter(|_| !before);
                if let Some(read) = read {
                    self.write(&read);
                }
            }
        }
    }

    fn customer_writes(&mut self) {
        let seq = self.case.thread.next_seq();
        let text = Message { created_at: self.now, ..message(seq).of_customer().of_job(1) };
        self.case.thread.record_inbound(&text, WANTS_ANSWER);
        self.case.thread.next_version();
        self.messages.push(text.clone());
        self.begin(&text);
    }

    fn reply(&mut self) {
        self.case.reply();
        self.case.thread.next_version();
        self.answered = self.case.thread.seq;
    }

    fn begin(&mut self, message: &Message) {
        let around = self.case.around();
        let standing = self.ladder.as_ref().filter(|ladder| ladder.stands());
        if standing.is_some_and(|ladder| ladder.over(&around).is_none()) {
            return;
        }
        if let Some(begun) = Ladder::begin(message, &around, self.ladder.as_ref(), self.now) {
            self.ladder = Some(Ladder { version: begun.version + 1, ..begun });
        }
    }

    fn read(&self) -> Option<Read> {
        let ladder = self.ladder.clone().filter(Ladder::stands)?;
        let step = ladder.step(&self.case.around(), self.now);
        (step != Step::Rest).then(|| Read { case: self.case.clone(), ladder, step })
    }

    /// Writes a step on condition that all is as it was read; whether it was.
    fn write(&mut self, read: &Read) -> bool {
        let same_ladder = self.ladder.as_ref().is_some_and(|it| it.version == read.ladder.version);
        let same_thread = self.case.thread.version == read.case.thread.version;
        let (now, ladder) = (self.now, read.ladder.clone());
        let after = match read.step {
            Step::Rest => return false,
            Step::End(_) | Step::Tell => ladder.clone().ended(),
            Step::Text => ladder.clone().texted(&self.case.rule, now),
            Step::Alert => ladder.clone().alerted(self.case.thread.seq + 1, now),
        };
        let tells = matches!(read.step, Step::Text | Step::Alert);
        if !same_ladder || (tells && !same_thread) {
            return false;
        }
        self.ladder = Some(Ladder { version: ladder.version + 1, ..after });
        if tells {
            assert!(self.answered < ladder.seq, "a human reply wins");
            assert!(self.opened < ladder.seq, "somebody of the crew has seen it");
            let notice = crate::conversation::Notice::OfficeTold { minutes: 1 };
            self.case.thread.note(ulid::Ulid::from(1).into(), notice, None, now);
            self.case.thread.next_version();
        }
        match read.step {
            Step::Text => {
                for member in &read.case.crew {
                    if is_texted(&member.staff, &PushPreferences::default(), true, false, now) {
                        let key = (ladder.message.clone(), member.staff.id.clone());
                        *self.texts.entry(key).or_default() += 1;
                    }
                }
            }
            Step::Alert => *self.alerts.entry(ladder.message).or_default() += 1,
            Step::Tell if self.case.thread.unread(&ReadMarker::default()) > 0 => {
                *self.pushes.entry(ladder.message).or_default() += 1;
            }
            Step::Tell | Step::Rest | Step::End(_) => {}
        }
        true
    }

    /// A sweeper that gets through: it reads, writes, and wakes the office if it comes to that.
    fn sweep(&mut self) {
        if let Some(read) = self.read() {
            self.write(&read);
        }
    }
}

proptest! {
    #[test]
    fn each_of_the_crew_is_texted_once_the_office_told_once_and_none_after_a_reply_p4(
        story in prop::collection::vec(happens(), 1..60)
    ) {
        let mut world = World::new();
        for what in story {
            world.does(what);
        }
        prop_assert!(world.texts.values().all(|texts| *texts == 1), "{:?}", world.texts);
        prop_assert!(world.alerts.values().all(|alerts| *alerts == 1), "{:?}", world.alerts);
        let told: BTreeSet<_> = world.pushes.keys().collect();
        prop_assert!(told.iter().all(|message| world.alerts.contains_key(*message)));
        // Left alone, whatever stands comes to its end, and the office is woken by all that the thread says.
        for _ in 0..4 {
            world.now = world.now + Duration::from_hours(1);
            world.sweep();
        }
        prop_assert!(!world.ladder.as_ref().is_some_and(Ladder::stands));
        let seen = world.answered.max(world.opened).max(world.settled);
        let seq_of = |id: &MessageId| world.messages.iter().find(|it| it.id == *id).map(|it| it.seq);
        let mut quiet = world.alerts.keys().filter(|message| !world.pushes.contains_key(*message));
        prop_assert!(quiet.all(|message| seq_of(message).is_some_and(|seq| seq < seen)));
    }
}
