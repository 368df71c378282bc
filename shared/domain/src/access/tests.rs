use super::*;
use crate::conversation::{InboundEffect, ReadMarker};
use crate::customer::JobStatus;
use crate::samples::{at, business, conversation, job, message, phone, staff};

const TECHNICIAN: u64 = 7;

fn viewer(role: Role) -> Viewer {
    Viewer { business: business(1), staff: staff(TECHNICIAN), role, may_text: true }
}

fn assigned(number: u64, to: u64) -> (Assignment, Job) {
    let customer: crate::id::CustomerId = ulid::Ulid::from(9_u128).into();
    let assignment = Assignment {
        job: job(number),
        customer: customer.clone(),
        staff: staff(to),
        assigned_at: at(0),
        unassigned_at: None,
    };
    let job = Job {
        id: job(number),
        customer,
        number: 1042,
        title: "Water heater".to_owned(),
        status: JobStatus::Scheduled,
        scheduled_at: Some(at(86_400)),
        ends_at: None,
        ended_at: None,
        amount_cents: 0,
        facts: Vec::new(),
        version: 1,
    };
    (assignment, job)
}

pub fn works_on(number: u64) -> AccessFacts {
    AccessFacts {
        work: vec![assigned(number, TECHNICIAN)],
        days_after_completion: 14,
        ..AccessFacts::default()
    }
}

/// A link of the customer with this number to the contact point, and until when.
fn linked(customer: u128, from: u64, until: Option<u64>) -> ContactLink {
    ContactLink {
        customer: ulid::Ulid::from(customer).into(),
        contact: phone("+12075550142"),
        channel: crate::channel::Channel::Sms,
        label: None,
        linked_at: at(from),
        unlinked_at: until.map(at),
    }
}

fn sees(facts: &AccessFacts, now: Timestamp) -> Sight {
    sight(&viewer(Role::Technician), &conversation(), facts, now)
}

#[test]
fn the_office_sees_everything_of_its_own_business_only_p7() {
    for role in [Role::Admin, Role::Office] {
        assert_eq!(sight(&viewer(role), &conversation(), &AccessFacts::default(), at(0)), Sight::Office);
        let stranger = Viewer { business: business(2), ..viewer(role) };
        assert_eq!(sight(&stranger, &conversation(), &works_on(1), at(0)), Sight::Hidden);
    }
}

#[test]
fn a_technician_sees_the_threads_of_their_jobs_and_no_other_p7() {
    assert_eq!(sees(&AccessFacts::default(), at(0)), Sight::Hidden);
    assert_eq!(sees(&works_on(1), at(0)), Sight::Crew);
    let of_a_colleague = AccessFacts { work: vec![assigned(1, 8)], ..works_on(1) };
    assert_eq!(sees(&of_a_colleague, at(0)), Sight::Hidden);
    let stranger = Viewer { business: business(2), ..viewer(Role::Technician) };
    assert_eq!(sight(&stranger, &conversation(), &works_on(1), at(0)), Sight::Hidden);
}

#[test]
fn unassigning_ends_access_at_once_p7() {
    let mut facts = works_on(1);
    facts.work[0].0.unassigned_at = Some(at(5));
    assert_eq!(sees(&facts, at(5)), Sight::Hidden);
    facts.work.push(assigned(2, TECHNICIAN));
    assert_eq!(sees(&facts, at(5)), Sight::Crew, "another job still holds");
}

#[test]
fn access_lasts_some_days_after_the_job_p7() {
    let mut facts = works_on(1);
    facts.work[0].1.ended_at = Some(at(0));
    let last = at(14 * 86_400);
    assert_eq!(sees(&facts, last), Sight::Crew);
    assert_eq!(sees(&facts, last + Duration::from_millis(1)), Sight::Hidden);
}

#[test]
fn closed_and_blocked_threads_are_hidden_from_crews_and_snoozed_ones_are_not_p7() {
    let technician = viewer(Role::Technician);
    let participant = AccessFacts { participant: true, ..works_on(1) };
    let mut conversation = conversation();
    conversation.snooze(at(600));
    assert_eq!(sight(&technician, &conversation, &participant, at(0)), Sight::Crew);
    conversation.close();
    assert_eq!(sight(&technician, &conversation, &participant, at(0)), Sight::Hidden);
    conversation.record_inbound(&message(1).of_customer(), InboundEffect::WantsAnswer { emergency: false });
    assert_eq!(
        sight(&technician, &conversation, &participant, at(0)),
        Sight::Crew,
        "the customer reopened it"
    );
    conversation.block(true);
    assert_eq!(sight(&technician, &conversation, &participant, at(0)), Sight::Hidden);
}

#[test]
fn who_the_office_added_sees_the_thread_without_any_job_p7() {
    let added = AccessFacts { participant: true, ..AccessFacts::default() };
    assert_eq!(sees(&added, at(0)), Sight::Crew);
}

#[test]
fn crews_see_no_office_notes_and_of_a_shared_number_only_their_jobs_p7() {
    let of_job = message(1).of_customer().of_job(1);
    let of_another = message(2).of_customer().of_job(2);
    let of_none = message(3).of_customer();
    let note = message(4).note_by(1).of_job(1);
    let shown = |sight: &Sight| [&of_job, &of_another, &of_none, &note].map(|message| sight.shows(message));

    assert_eq!(shown(&sees(&works_on(1), at(0))), [true, true, true, false]);
    let shared = AccessFacts { shared_contact: true, ..works_on(1) };
    assert_eq!(shown(&sees(&shared, at(0))), [true, false, false, false]);
    assert_eq!(shown(&Sight::Office), [true; 4]);
    assert_eq!(shown(&Sight::Hidden), [false; 4]);
}

#[test]
fn not_this_person_hides_earlier_history_from_later_crews_p7() {
    // The job of `works_on` is the customer's with the number 9.
    let with = |links: &[ContactLink]| AccessFacts { links: links.to_vec(), ..works_on(1) };
    let alone = with(&[linked(9, 100, None)]);
    assert_eq!(sees(&alone, at(200)), Sight::Crew, "nobody had it before");
    let sharing = with(&[linked(8, 0, None), linked(9, 100, None)]);
    assert_eq!(sees(&sharing, at(200)), Sight::Crew, "both have it");
    let later = with(&[linked(8, 0, Some(90)), linked(9, 100, None)]);
    assert_eq!(sees(&later, at(200)), Sight::CrewSince(at(100)));
    let a_mistake_since = with(&[linked(9, 100, None), linked(8, 110, Some(120))]);
    assert_eq!(sees(&a_mistake_since, at(200)), Sight::Crew, "the first crew keeps what it had");

    let added = AccessFacts { participant: true, work: Vec::new(), ..later };
    assert_eq!(sees(&added, at(200)), Sight::CrewSince(at(100)));
    let nobodys = AccessFacts { links: vec![linked(8, 0, Some(90))], ..added };
    assert_eq!(sees(&nobodys, at(200)), Sight::CrewSince(at(90)));
}

#[test]
fn a_history_that_begins_later_shows_nothing_from_before_p7() {
    let sight = Sight::CrewSince(at(100));
    let shows = |seq: u64| sight.shows(&message(seq).of_customer());
    assert_eq!((shows(99), shows(100)), (false, true));
    assert!(!sight.shows(&message(101).note_by(1)));
    let mut conversation = conversation();
    conversation.record_inbound(&message(1).of_customer(), InboundEffect::Settled);
    let mut last = conversation.last_message.clone().expect("just came");
    assert!(!sight.shows_last(&last) && Sight::Crew.shows_last(&last));
    last.at = at(100);
    assert!(sight.shows_last(&last));
}

#[test]
fn of_a_shared_number_neither_counts_nor_other_jobs_are_told_p7() {
    let mut conversation = conversation();
    conversation.record_inbound(&message(1).of_customer().of_job(2), InboundEffect::Settled);
    let (mine, anothers) = (ulid::Ulid::from(1_u128).into(), ulid::Ulid::from(2_u128).into());
    let sight = Sight::Jobs(vec![(job(1), mine)]);
    let mut marker = ReadMarker::default();
    assert_eq!((sight.unread(&conversation, &marker), Sight::Crew.unread(&conversation, &marker)), (0, 1));
    marker.mark_unread();
    assert_eq!(sight.unread(&conversation, &marker), 1, "one's own mark is one's own");
    assert!(sight.shows_job(&job(1)) && !sight.shows_job(&job(2)));
    assert!(!sight.shows_customer(&anothers) && Sight::Crew.shows_customer(&anothers));
}

#[test]
fn technicians_write_only_with_the_switch_and_the_permission() {
    let person = |role, full_chat_access| Staff {
        business: business(1),
        id: staff(1),
        name: "Luis".to_owned(),
        email: "luis@example.com".to_owned(),
        password_hash: String::new(),
        role,
        full_chat_access,
        phone: None,
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    };
    let may_text = |role, permission, switch| Viewer::new(&person(role, permission), switch).may_text;
    assert!(may_text(Role::Technician, true, true));
    assert!(!may_text(Role::Technician, true, false));
    assert!(!may_text(Role::Technician, false, true));
    assert!(may_text(Role::Office, false, false));
}

#[test]
fn the_office_marks_everybody_off_and_anybody_else_themselves() {
    let may = |role, of| viewer(role).mark_off(&staff(of)).is_some();
    assert!(may(Role::Office, 9) && may(Role::Admin, 9));
    assert!(may(Role::Technician, TECHNICIAN) && !may(Role::Technician, TECHNICIAN + 1));
}
