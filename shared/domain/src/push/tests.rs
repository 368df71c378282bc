//! The decision, by tables and by every combination.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::access::Sight;
use crate::conversation::{Attention, AttentionReason, Beginning, InboundEffect, Summary};
use crate::id::MessageId;
use crate::message::{Body, Note};
use crate::party::{Pair, Party};
use crate::samples::{at, business, conversation, job, message, staff};
use crate::staff::{DayOff, Role};

fn person(n: u64, role: Role) -> Staff {
    Staff {
        business: conversation().business.clone(),
        id: staff(n),
        name: "Luis Ortega".to_owned(),
        email: String::new(),
        password_hash: String::new(),
        role,
        full_chat_access: false,
        phone: None,
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    }
}

/// What a test changes of the usual: an office user, and a customer's first text that nobody has seen.
#[derive(Clone)]
struct Case {
    thread: Conversation,
    message: Message,
    staff: Staff,
    sight: Sight,
    marker: ReadMarker,
    is_crew: bool,
    has_crew: bool,
    is_participant: bool,
    wants: PushPreferences,
}

impl Case {
    fn of(role: Role) -> Self {
        let mut thread = conversation();
        let text = Message { seq: 1, ..message(1).of_customer() };
        thread.record_inbound(&text, InboundEffect::WantsAnswer { emergency: false });
        let sight = if role.sees_everything() { Sight::Office } else { Sight::Crew };
        Self {
            thread,
            message: text,
            staff: person(1, role),
            sight,
            marker: ReadMarker::default(),
            is_crew: false,
            has_crew: false,
            is_participant: false,
            wants: PushPreferences::default(),
        }
    }

    fn change(&mut self, change: impl FnOnce(&mut Summary)) {
        let mut summary = (*self.thread).clone();
        change(&mut summary);
        self.thread = Conversation::restore(summary);
    }

    fn asked<T>(&self, ask: impl FnOnce(&Asked<'_>) -> T) -> T {
        let viewer = Viewer::new(&self.staff, true);
        ask(&Asked {
            conversation: &self.thread,
            message: &self.message,
            staff: &self.staff,
            viewer: &viewer,
            sight: &self.sight,
            marker: &self.marker,
            is_crew: self.is_crew,
            has_crew: self.has_crew,
            is_participant: self.is_participant,
            preferences: &self.wants,
        })
    }

    fn alert(&self) -> Option<Alert> {
        self.asked(|asked| alert(asked, at(10)))
    }

    fn wakes(&self) -> bool {
        self.alert().is_some()
    }
}

fn with(role: Role, change: impl FnOnce(&mut Case)) -> Case {
    let mut case = Case::of(role);
    change(&mut case);
    case
}

#[test]
fn with_no_job_the_office_is_woken_each_for_what_is_theirs_or_nobodys() {
    assert!(Case::of(Role::Office).wakes());
    assert!(!Case::of(Role::Technician).wakes(), "the crew is woken for its job's messages");
    let anothers = with(Role::Office, |case| case.change(|it| it.assignee = Some(staff(9))));
    assert!(!anothers.wakes());
    let mine = with(Role::Office, |case| case.change(|it| it.assignee = Some(staff(1))));
    assert!(mine.wakes());
    let all = with(Role::Office, |case| {
        case.change(|it| it.assignee = Some(staff(9)));
        case.wants.office = OfficePushes::All;
    });
    assert!(all.wakes());
    assert!(!with(Role::Office, |case| case.wants.office = OfficePushes::None).wakes());
}

#[test]
fn a_jobs_message_wakes_its_crew_and_whoever_was_added_and_the_office_where_nobody_works_on_it() {
    let on_job = |role, change: &dyn Fn(&mut Case)| {
        with(role, |case| {
            case.message.job = Some(job(1));
            case.has_crew = true;
            change(case);
        })
    };
    assert!(on_job(Role::Technician, &|case| case.is_crew = true).wakes());
    assert!(on_job(Role::Technician, &|case| case.is_participant = true).wakes());
    assert!(!on_job(Role::Technician, &|_| {}).wakes());
    assert!(!on_job(Role::Office, &|_| {}).wakes());
    assert!(on_job(Role::Office, &|case| case.has_crew = false).wakes(), "its crew has left");
    assert!(on_job(Role::Office, &|case| case.change(|it| it.assignee = Some(staff(1)))).wakes());
}

#[test]
fn what_is_read_answered_or_blocked_wakes_nobody() {
    assert!(!with(Role::Office, |case| case.marker.read(&case.thread.clone())).wakes());
    assert!(
        !with(Role::Office, |case| case.change(|it| it.answered_count = 1)).wakes(),
        "a colleague answered"
    );
    assert!(!with(Role::Office, |case| case.change(|it| it.blocked = true)).wakes());
    assert!(!with(Role::Office, |case| case.staff.disabled_at = Some(at(1))).wakes());
    assert!(!with(Role::Office, |case| case.sight = Sight::Hidden).wakes());
}

#[test]
fn a_crew_of_a_shared_number_is_woken_by_its_own_jobs_messages_and_reads_no_other_name() {
    let mut case = with(Role::Technician, |case| {
        case.is_crew = true;
        case.has_crew = true;
        case.message.job = Some(job(1));
        case.sight = Sight::Jobs(vec![(job(1), ulid::Ulid::from(3_u128).into())]);
    });
    assert!(case.wakes());
    case.message.job = Some(job(2));
    assert!(!case.wakes(), "another customer's");
}

#[test]
fn a_mention_wakes_those_who_are_named_and_may_read_it() {
    let note = |for_crew, mentions: Vec<StaffIdOf>| {
        move |case: &mut Case| {
            let written = Note { author: staff(5), text: "look".to_owned(), for_crew, mentions };
            let next = Message::note(&case.thread, MessageId::from(ulid::Ulid::from(7_u128)), at(2), written);
            case.message = Message { seq: 2, ..next };
            case.marker.mention(2);
        }
    };
    let wakes = |case: &Case| case.alert().map(|alert| alert.kind);
    let named = with(Role::Office, note(false, vec![staff(1)]));
    assert_eq!(wakes(&named), Some(NoticeKind::Mention));
    assert_eq!(wakes(&with(Role::Office, note(false, vec![staff(2)]))), None);
    assert_eq!(wakes(&with(Role::Technician, note(false, vec![staff(1)]))), None, "the office's alone");
    assert_eq!(wakes(&with(Role::Technician, note(true, vec![staff(1)]))), Some(NoticeKind::Mention));
    let mut read = named;
    read.marker.mentioned = None;
    assert_eq!(wakes(&read), None);
}

type StaffIdOf = crate::id::StaffId;

#[test]
fn an_internal_message_wakes_the_others_and_never_its_author() {
    let internal = |author: u64| {
        with(Role::Technician, |case| {
            let text = "on my way".to_owned();
            case.message.body =
                Body::Internal { author: staff(author), text, media: Vec::new(), deleted_at: None };
            case.sight = Sight::Insider;
        })
    };
    assert_eq!(internal(2).alert().map(|alert| alert.kind), Some(NoticeKind::Internal));
    assert!(!internal(1).wakes());
    assert!(
        !with(Role::Technician, |case| {
            *case = internal(2);
            case.sight = Sight::Hidden;
        })
        .wakes()
    );
}

#[test]
fn the_office_is_woken_by_crews_and_technicians_as_each_wants_it_and_everybody_by_what_is_theirs() {
    let wakes = |role, party: Party, office| {
        let case = with(role, |case| {
            let begun = Beginning { business: business(1), party, customer: None, at: at(0) };
            let mut thread = Conversation::begin(begun);
            let id = MessageId::from(ulid::Ulid::from(8_u128));
            let text = Message::internal(&thread, id, at(1), staff(2), "On my way".to_owned(), Vec::new());
            thread.record_internal(&text);
            (case.thread, case.message, case.sight) = (thread, text, Sight::Insider);
            case.wants.office = office;
        });
        case.wakes()
    };
    let crew = || Party::Crew { job: job(1) };
    let thread_of = |n| Party::Staff { staff: staff(n) };
    let pair = || Party::Pair(Pair::of(staff(1), staff(2)).expect("two people"));
    for office in [OfficePushes::Mine, OfficePushes::All] {
        assert!(wakes(Role::Office, crew(), office) && wakes(Role::Office, thread_of(2), office));
    }
    let none = OfficePushes::None;
    assert!(!wakes(Role::Office, crew(), none) && !wakes(Role::Office, thread_of(2), none));
    assert!(wakes(Role::Office, thread_of(1), none), "their own");
    assert!(wakes(Role::Office, pair(), none));
    assert!(wakes(Role::Technician, crew(), none) && wakes(Role::Technician, thread_of(1), none));
}

#[test]
fn an_emergency_goes_through_the_quiet_hours_of_whoever_is_on_call_alone() {
    let case = |on_call, emergency| {
        with(Role::Technician, |case| {
            case.wants.on_call = on_call;
            case.wants.quiet = Some(always());
            let attention = Attention { waiting_since: at(1), reason: AttentionReason::Customer, emergency };
            case.change(|it| it.attention = Some(attention));
            case.is_participant = true;
        })
    };
    assert_eq!(case(true, true).alert().map(|alert| alert.emergency), Some(true));
    assert!(!case(true, false).wakes());
    assert!(!case(false, true).wakes());
}

#[test]
fn what_nobody_of_the_crew_opens_wakes_the_office_but_whoever_wants_none_is_off_or_has_seen_it() {
    let told = |role, change: &dyn Fn(&mut Case)| {
        let case = with(role, |case| {
            case.message.job = Some(job(1));
            case.has_crew = true;
            change(case);
        });
        case.asked(|asked| escalation(asked, at(10))).map(|alert| (alert.kind, alert.emergency))
    };
    let escalates = Some((NoticeKind::Escalation, false));
    assert_eq!(told(Role::Office, &|_| {}), escalates, "it was its crew's, who did not look");
    assert_eq!(told(Role::Admin, &|case| case.change(|it| it.assignee = Some(staff(9)))), escalates);
    assert_eq!(told(Role::Technician, &|case| case.is_crew = true), None);
    assert_eq!(told(Role::Office, &|case| case.wants.office = OfficePushes::None), None);
    assert_eq!(told(Role::Office, &|case| case.wants.quiet = Some(always())), None);
    assert_eq!(told(Role::Office, &|case| case.marker.read_count = 1), None, "they have seen it");
    assert_eq!(told(Role::Office, &|case| case.change(|it| it.answered_count = 1)), None);
    let off = DayOff { until: at(99), at: at(1), by: staff(1), release: ulid::Ulid::from(9).into() };
    assert_eq!(told(Role::Office, &|case| case.staff.day_off = Some(off.clone())), None);
    let emergency = |case: &mut Case| {
        let attention =
            Attention { waiting_since: at(1), reason: AttentionReason::Customer, emergency: true };
        case.change(|it| it.attention = Some(attention));
        case.wants.on_call = true;
        case.wants.quiet = Some(always());
    };
    assert_eq!(told(Role::Office, &emergency), Some((NoticeKind::Escalation, true)), "on call");
}

fn quiet(from: &str, until: &str, zone: &str) -> QuietTime {
    QuietTime {
        from: from.parse().expect("a time"),
        until: until.parse().expect("a time"),
        time_zone: zone.to_owned(),
    }
}

fn always() -> QuietTime {
    let wall = TimeZone::UTC.to_datetime(at(10).to_jiff());
    let hour = wall.hour();
    quiet(&format!("{hour:02}:00"), &format!("{:02}:00", (hour + 1) % 24), "UTC")
}

#[test]
fn quiet_hours_are_the_persons_own_clock_across_midnight_and_summer_time() {
    let maine = "America/New_York";
    let night = quiet("22:00", "07:00", maine);
    let holds = |quiet: &QuietTime, at: &str| quiet.holds(at.parse().expect("an instant"));
    // November: UTC-5. The start belongs to it, the end does not.
    assert!(!holds(&night, "2026-11-21T02:59:59.999Z"));
    assert!(holds(&night, "2026-11-21T03:00:00.000Z"));
    assert!(holds(&night, "2026-11-21T11:59:59.999Z"));
    assert!(!holds(&night, "2026-11-21T12:00:00.000Z"));
    // July: UTC-4.
    assert!(holds(&night, "2026-07-21T02:00:00.000Z"));
    assert!(!holds(&night, "2026-07-21T11:00:00.000Z"));
    // The hour that comes twice is quiet twice, and the one that does not come is no hole.
    let hour = quiet("01:00", "02:00", maine);
    assert!(holds(&hour, "2026-11-01T05:30:00.000Z") && holds(&hour, "2026-11-01T06:30:00.000Z"));
    assert!(!holds(&quiet("02:00", "03:00", maine), "2026-03-08T07:30:00.000Z"));
    assert!(!holds(&quiet("08:00", "08:00", maine), "2026-11-21T13:00:00.000Z"), "equal ends mean none");
    assert!(holds(&quiet("22:00", "24:00", "UTC"), "2026-11-21T23:59:00.000Z"));
    assert!(!holds(&quiet("22:00", "24:00", "UTC"), "2026-11-22T00:00:00.000Z"));
    assert!(
        !holds(&quiet("00:00", "24:00", "UTC"), "2026-11-22T12:00:00.000Z"),
        "the same end as its beginning"
    );
}

#[test]
fn what_it_says_is_who_and_never_what() {
    let case = with(Role::Office, |case| case.message = case.message.clone().saying("The gate code is 4711"));
    let names = Names { business: "Harbor Plumbing", staff: &[] };
    let told = case.asked(|asked| {
        let alert = alert(asked, at(10)).expect("it wakes them");
        notice(alert, asked, names, Some(3))
    });
    assert_eq!((told.title.as_str(), told.body.as_str()), ("+12075550142", "New message"));
    let again = neutral(told, names);
    assert_eq!(again.title, "Harbor Plumbing");
    assert!(!format!("{again:?}").contains("4711"));
}

proptest! {
    /// Whatever is true besides: nobody is woken who is the author, gone, without sight, or quiet and not on call.
    #[test]
    fn nobody_is_woken_against_the_rules_p7(
        office in any::<bool>(), hidden in any::<bool>(), gone in any::<bool>(), blocked in any::<bool>(),
        read in any::<bool>(), crew in any::<bool>(), some_crew in any::<bool>(), added in any::<bool>(),
        is_quiet in any::<bool>(), on_call in any::<bool>(), emergency in any::<bool>(), all in any::<bool>(),
    ) {
        let role = if office { Role::Office } else { Role::Technician };
        let case = with(role, |case| {
            if hidden { case.sight = Sight::Hidden; }
            if gone { case.staff.disabled_at = Some(at(1)); }
            if read { case.marker.read(&case.thread.clone()); }
            let attention = Attention { waiting_since: at(1), reason: AttentionReason::Customer, emergency };
            case.change(|it| { it.blocked = blocked; it.attention = Some(attention); });
            (case.is_crew, case.has_crew, case.is_participant) = (crew, some_crew || crew, added);
            case.wants = PushPreferences {
                quiet: is_quiet.then(always), on_call,
                office: if all { OfficePushes::All } else { OfficePushes::Mine },
            };
        });
        let through = emergency && on_call;
        let forbidden = hidden || gone || blocked || read || (is_quiet && !through);
        let concerned = crew || added || through || (office && (all || !(some_crew || crew)));
        prop_assert_eq!(case.wakes(), !forbidden && concerned);
    }
}

fn until(seconds: u64) -> DayOff {
    let release = crate::id::CommandId::from(ulid::Ulid::from(9_u128));
    DayOff { until: at(seconds), at: at(0), by: staff(9), release }
}

#[test]
fn whoever_is_off_today_is_woken_by_nothing_on_call_too_and_again_when_the_day_has_ended() {
    let crew =
        |until| with(Role::Technician, |case| (case.is_crew, case.staff.day_off) = (true, Some(until)));
    assert!(!crew(until(20)).wakes());
    assert!(crew(until(10)).wakes(), "midnight itself is the next day");
    let emergency = with(Role::Office, |case| {
        case.wants.on_call = true;
        case.change(|it| {
            let since = at(1);
            let reason = AttentionReason::Customer;
            it.attention = Some(Attention { waiting_since: since, reason, emergency: true });
        });
    });
    assert!(emergency.wakes());
    let off = Case { staff: Staff { day_off: Some(until(20)), ..emergency.staff.clone() }, ..emergency };
    assert!(!off.wakes());
}

#[test]
fn colleagues_are_told_whether_the_next_message_wakes_somebody() {
    let reached = |case: &Case, has_device, shows_next| {
        case.asked(|asked| reach(&asked.into(), has_device, shows_next, at(10)))
    };
    let office = Case::of(Role::Office);
    assert_eq!(reached(&office, true, true), Reach::Woken);
    assert_eq!(reached(&office, false, true), Reach::NoDevice);
    assert_eq!(reached(&office, true, false), Reach::Others, "of a shared number they see other jobs");
    let anothers = with(Role::Office, |case| case.change(|it| it.assignee = Some(staff(9))));
    assert_eq!(reached(&anothers, false, true), Reach::Others, "a device would change nothing");
    let crew = with(Role::Technician, |case| (case.is_crew, case.has_crew) = (true, true));
    assert_eq!(reached(&crew, true, true), Reach::Woken);
    let quiet = with(Role::Technician, |case| {
        case.is_crew = true;
        case.wants.quiet = Some(always());
        case.wants.on_call = true;
    });
    assert_eq!(reached(&quiet, true, true), Reach::Quiet, "on call is for emergencies");
    let off = with(Role::Technician, |case| (case.is_crew, case.staff.day_off) = (true, Some(until(20))));
    assert_eq!(reached(&off, true, true), Reach::Off);
    let read = with(Role::Technician, |case| {
        case.is_crew = true;
        case.marker.read(&case.thread);
    });
    assert_eq!(reached(&read, true, true), Reach::Woken, "what is read tells nothing of the next one");
    let blocked = with(Role::Office, |case| case.change(|it| it.blocked = true));
    assert_eq!(reached(&blocked, true, true), Reach::Others);
}
