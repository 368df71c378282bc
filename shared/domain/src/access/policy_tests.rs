//! The policy as a table: each kind's readers and each act's people, one line each.

use super::*;
use crate::conversation::Beginning;
use crate::message::{Body, Message, MessageKind, Received};
use crate::party::{Pair, Route};
use crate::samples::{at, business, conversation, job, message, phone, route, staff};

const ME: u64 = 7;

fn viewer(role: Role, may_text: bool) -> Viewer {
    Viewer { business: business(1), staff: staff(ME), role, may_text }
}

const ADMIN: (Role, bool) = (Role::Admin, true);
const OFFICE: (Role, bool) = (Role::Office, true);
const TEXTING: (Role, bool) = (Role::Technician, true);
const READING: (Role, bool) = (Role::Technician, false);

/// Everybody who sees something of a customer's conversation, and an insider of an internal thread.
fn sights() -> [Sight; 5] {
    let mine = vec![(job(1), ulid::Ulid::from(9_u128).into())];
    [Sight::Office, Sight::Crew, Sight::CrewSince(at(0)), Sight::Jobs(mine), Sight::Insider]
}

/// A message of the kind, about the job in sight.
fn of_kind(kind: MessageKind) -> Message {
    let sample = message(1).of_job(1);
    let (author, text) = (staff(1), "words".to_owned());
    let out = || sample.body.outbound().cloned().expect("goes out");
    let body = match kind {
        MessageKind::Customer => Body::Customer(Received::new(&route(), None, text)),
        MessageKind::Staff => Body::Staff { author, out: out() },
        MessageKind::Automated => Body::Automated(out()),
        MessageKind::Escalation => Body::Escalation(out()),
        MessageKind::Note => Body::Note { author, text, for_crew: false, mentions: Vec::new() },
        MessageKind::Internal => Body::Internal { author, text, media: Vec::new(), deleted_at: None },
        MessageKind::System => Body::System { author: None, text },
    };
    Message { body, ..sample }
}

fn readers(kind: MessageKind) -> [bool; 5] {
    let message = of_kind(kind);
    assert_eq!(message.kind(), kind);
    assert!(!Sight::Hidden.shows(&message), "hidden is hidden");
    sights().map(|sight| sight.shows(&message))
}

/// By office, crew, crew since a day, crew of a job at a shared number, insider.
macro_rules! kinds {
    ($($test:ident: $kind:ident => $readers:expr;)*) => {$(
        #[test]
        fn $test() {
            assert_eq!(readers(MessageKind::$kind), $readers.map(|reads: u8| reads == 1));
        }
    )*};
}

kinds! {
    what_a_customer_says_is_for_all_who_see_the_thread_p7: Customer => [1, 1, 1, 1, 1];
    what_staff_write_to_a_customer_is_for_all_who_see_the_thread_p7: Staff => [1, 1, 1, 1, 1];
    what_goes_by_itself_is_for_all_who_see_the_thread_p7: Automated => [1, 1, 1, 1, 1];
    what_porchlight_notes_down_is_for_all_who_see_the_thread_p7: System => [1, 1, 1, 1, 1];
    an_escalation_is_for_the_office_alone_p7: Escalation => [1, 0, 0, 0, 0];
    a_note_is_for_the_office_alone_p7: Note => [1, 0, 0, 0, 0];
    an_internal_message_is_for_those_it_is_between_p7: Internal => [0, 0, 0, 0, 1];
}

#[test]
fn a_note_marked_for_the_crew_is_for_all_who_see_the_thread_p7() {
    let mentions = vec![staff(ME)];
    let body = Body::Note { author: staff(1), text: "Gate code".to_owned(), for_crew: true, mentions };
    let note = Message { body, ..message(1).of_job(1) };
    assert_eq!(sights().map(|sight| sight.shows(&note)), [true; 5]);
}

#[test]
fn a_mention_lets_nobody_read_a_note_p7() {
    let (author, text, mentions) = (staff(1), "Pays late".to_owned(), vec![staff(ME)]);
    let body = Body::Note { author, text, for_crew: false, mentions };
    let note = Message { body, ..message(1).of_job(1) };
    assert_eq!(sights().map(|sight| sight.shows(&note)), [true, false, false, false, false]);
}

/// By admin, office, technician who may text, technician who may only read; and by an insider.
fn allowed(act: Act) -> [bool; 5] {
    let may = |sight: &Sight, (role, may_text)| sight.permit(&viewer(role, may_text), act).is_some();
    let [office, crew, since, jobs, insider] = sights();
    for technician in [TEXTING, READING] {
        let same = [&crew, &since, &jobs].map(|sight| may(sight, technician));
        assert!(same.iter().all(|it| *it == same[0]), "how much is seen changes nothing of what may be done");
    }
    for anybody in [ADMIN, OFFICE, TEXTING, READING] {
        assert!(!may(&Sight::Hidden, anybody), "nothing can be done with what is hidden");
    }
    let of_customer = [may(&office, ADMIN), may(&office, OFFICE), may(&crew, TEXTING), may(&crew, READING)];
    [of_customer[0], of_customer[1], of_customer[2], of_customer[3], may(&insider, READING)]
}

macro_rules! acts {
    ($($test:ident: $act:ident => $people:expr;)*) => {
        $(
            #[test]
            fn $test() {
                assert_eq!(allowed(Act::$act), $people.map(|may: u8| may == 1));
            }
        )*

        #[test]
        fn every_act_has_its_line_here() {
            assert_eq!([$(Act::$act),*], Act::ALL);
        }
    };
}

acts! {
    reading_is_everybodys_own: Read => [1, 1, 1, 1, 1];
    marking_unread_is_everybodys_own: MarkUnread => [1, 1, 1, 1, 1];
    pinning_is_the_offices: Pin => [1, 1, 0, 0, 0];
    unpinning_is_the_offices: Unpin => [1, 1, 0, 0, 0];
    a_draft_is_everybodys_own: Draft => [1, 1, 1, 1, 1];
    a_note_is_everybodys_to_write: Note => [1, 1, 1, 1, 0];
    writing_to_a_customer_takes_the_permission: Write => [1, 1, 1, 0, 1];
    putting_a_failed_text_aside_takes_the_permission: Dismiss => [1, 1, 1, 0, 0];
    trying_a_number_again_takes_the_permission: Reach => [1, 1, 1, 0, 0];
    everybody_may_call_for_the_office: NeedPerson => [1, 1, 1, 1, 0];
    done_is_the_offices_to_say: Settle => [1, 1, 0, 0, 0];
    snoozing_is_the_offices_to_do: Snooze => [1, 1, 0, 0, 0];
    closing_is_the_offices_to_do: Close => [1, 1, 0, 0, 0];
    reopening_is_the_offices_to_do: Reopen => [1, 1, 0, 0, 0];
    blocking_is_the_offices_to_do: Block => [1, 1, 0, 0, 0];
    assigning_is_the_offices_to_do: Assign => [1, 1, 0, 0, 0];
    adding_people_is_the_offices_to_do: Share => [1, 1, 0, 0, 0];
    shutting_the_crew_out_is_the_offices_to_do: Restrict => [1, 1, 0, 0, 0];
}

macro_rules! business_acts {
    ($($test:ident: $act:ident => $people:expr;)*) => {
        $(
            #[test]
            fn $test() {
                let may = |(role, may_text)| viewer(role, may_text).may(BusinessAct::$act);
                assert_eq!([ADMIN, OFFICE, TEXTING, READING].map(may), $people.map(|may: u8| may == 1));
            }
        )*

        #[test]
        fn every_act_for_the_business_has_its_line_here() {
            assert_eq!([$(BusinessAct::$act),*], BusinessAct::ALL);
        }
    };
}

business_acts! {
    looking_through_everything_is_the_offices: Browse => [1, 1, 0, 0];
    the_directory_is_the_offices_to_keep: KeepDirectory => [1, 1, 0, 0];
    the_hours_are_an_admins_to_keep: KeepHours => [1, 0, 0, 0];
    the_tray_is_an_admins_to_keep: KeepTray => [1, 0, 0, 0];
    beginning_a_conversation_is_the_offices: Begin => [1, 1, 0, 0];
    the_ledger_of_consent_is_the_offices_to_keep: KeepConsent => [1, 1, 0, 0];
    how_far_a_revocation_goes_is_an_admins_to_say: SetConsentRule => [1, 0, 0, 0];
    templates_are_for_whoever_may_write_to_customers: UseTemplates => [1, 1, 1, 0];
    templates_are_the_offices_to_keep: KeepTemplates => [1, 1, 0, 0];
    whoever_is_signed_in_may_dictate: Dictate => [1, 1, 1, 1];
    how_it_is_dictated_is_an_admins_to_say: KeepDictation => [1, 0, 0, 0];
    who_is_blocked_is_the_offices_to_see: KeepBlocked => [1, 1, 0, 0];
    whoever_is_signed_in_may_upload_what_colleagues_may_get: Upload => [1, 1, 1, 1];
    who_works_here_is_an_admins_to_say: KeepStaff => [1, 0, 0, 0];
    the_push_ladder_is_an_admins_to_say: KeepPushLadder => [1, 0, 0, 0];
}

/// The sight of a thread with this party: mine in each role, with the facts of my work.
fn seen_of(party: Party, facts: &AccessFacts) -> [Sight; 3] {
    let beginning = Beginning { business: business(1), party, customer: None, at: at(0) };
    let conversation = Conversation::begin(beginning);
    [ADMIN, OFFICE, TEXTING]
        .map(|(role, may_text)| sight(&viewer(role, may_text), &conversation, facts, at(1)))
}

#[test]
fn a_pair_is_read_by_the_two_and_by_nobody_else_admins_included_p7() {
    let pair = |one, other| Party::Pair(Pair::of(staff(one), staff(other)).expect("two people"));
    let nothing = AccessFacts::default();
    assert_eq!(seen_of(pair(ME, 8), &nothing), [Sight::Insider, Sight::Insider, Sight::Insider]);
    assert_eq!(seen_of(pair(8, 9), &nothing), [Sight::Hidden, Sight::Hidden, Sight::Hidden]);
}

#[test]
fn a_crews_thread_is_read_by_the_crew_as_it_is_and_by_the_office_p7() {
    let crew = |number| Party::Crew { job: job(number) };
    let mine = super::tests::works_on(1);
    let nothing = AccessFacts::default();
    assert_eq!(seen_of(crew(1), &mine), [Sight::Insider, Sight::Insider, Sight::Insider]);
    assert_eq!(seen_of(crew(2), &mine), [Sight::Insider, Sight::Insider, Sight::Hidden]);
    assert_eq!(seen_of(crew(1), &nothing)[2], Sight::Hidden);
}

#[test]
fn a_persons_thread_with_the_office_is_theirs_and_the_offices_p7() {
    let nothing = AccessFacts::default();
    let of = |person| seen_of(Party::Staff { staff: staff(person) }, &nothing);
    assert_eq!(of(ME), [Sight::Insider, Sight::Insider, Sight::Insider]);
    assert_eq!(of(8), [Sight::Insider, Sight::Insider, Sight::Hidden]);
}

#[test]
fn a_colleagues_own_phone_is_no_thread_that_is_read_p7() {
    let route = Route { contact: phone("+12075550177"), ..route() };
    let nothing = AccessFacts::default();
    let of_me = seen_of(Party::StaffPhone { staff: staff(ME), route }, &nothing);
    assert_eq!(of_me, [Sight::Hidden, Sight::Hidden, Sight::Hidden]);
}

#[test]
fn being_added_to_a_customers_thread_opens_no_internal_one_p7() {
    let added = AccessFacts { participant: true, ..AccessFacts::default() };
    assert_eq!(sight(&viewer(Role::Technician, true), &conversation(), &added, at(1)), Sight::Crew);
    let pair = Party::Pair(Pair::of(staff(8), staff(9)).expect("two people"));
    assert_eq!(seen_of(pair, &added)[2], Sight::Hidden);
}

#[test]
fn what_an_insider_may_do_is_told_by_their_role_p7() {
    let own = [Act::Read, Act::MarkUnread, Act::Draft, Act::Write];
    let pins = [Act::Pin, Act::Unpin];
    for act in Act::ALL {
        let may = [ADMIN, OFFICE, TEXTING, READING]
            .map(|(role, may_text)| Sight::Insider.permit(&viewer(role, may_text), act).is_some());
        let wanted = match act {
            act if own.contains(&act) => [true; 4],
            act if pins.contains(&act) => [true, true, false, false],
            _ => [false; 4],
        };
        assert_eq!(may, wanted, "{act:?}");
    }
}

#[test]
fn where_the_office_alone_writes_the_crew_reads_and_calls_for_it_p7() {
    let mut conversation = conversation();
    conversation.restrict(true);
    for act in Act::ALL {
        let may = |sight: &Sight, (role, may_text)| {
            sight.permit_here(&viewer(role, may_text), &conversation, act).is_some()
        };
        let usual = Sight::Crew.permit(&viewer(Role::Technician, true), act).is_some();
        let is_shut = [Act::Write, Act::Dismiss, Act::Reach].contains(&act);
        assert_eq!(may(&Sight::Crew, TEXTING), usual && !is_shut, "{act:?}");
        assert!(may(&Sight::Office, ADMIN) && may(&Sight::Office, OFFICE), "{act:?}");
    }
}

#[test]
fn only_its_author_takes_an_internal_message_back_and_no_other_kind_is() {
    let kinds = [
        MessageKind::Customer,
        MessageKind::Staff,
        MessageKind::Automated,
        MessageKind::Escalation,
        MessageKind::Note,
        MessageKind::Internal,
        MessageKind::System,
    ];
    let author = Viewer { staff: staff(1), ..viewer(Role::Technician, true) };
    for kind in kinds {
        let message = of_kind(kind);
        let may = sights().map(|sight| sight.may_delete(&author, &message));
        assert_eq!(may, [false, false, false, false, kind == MessageKind::Internal], "{kind:?}");
        assert!(!Sight::Insider.may_delete(&viewer(Role::Admin, true), &message), "another's, {kind:?}");
        assert!(!Sight::Hidden.may_delete(&author, &message), "{kind:?}");
    }
}
