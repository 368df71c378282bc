//! What a text costs (DESIGN §7: at most 14 write units before the 2xx), by ReturnConsumedCapacity.

use porchlight_domain::bulk::{Bulk, BulkAct, Trace};
use porchlight_domain::channel::Channel;
use porchlight_domain::conversation::{Beginning, Conversation, CustomerSummary, JobSummary, ReadMarker};
use porchlight_domain::customer::JobStatus;
use porchlight_domain::delivery::Delivery;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::message::{Body, Message, Outbound};
use porchlight_domain::party::{Pair, Party, Route};
use porchlight_domain::staff::{
    DayOff, INVITE_LASTS, Invite, Role, Staff, StaffChange, StaffDeed, StaffEntry,
};
use porchlight_store::inbound::{ReceiptState, RecordInbound};
use porchlight_store::messages::MessagePointer;
use porchlight_store::receipts::{Receipt, ReceiptKey};
use porchlight_store::{CapacityMeter, Commit, Store};

use crate::bulk_acts::{id, row_of, rows};
use crate::ladders::{ladder, step};
use crate::support::{
    WANTS_ANSWER, Way, at, business, event, group, inbound, line, on_both_ways_in, phone, staff, ulid,
    waiting,
};

/// As the provider posts it, every parameter of a usual text.
const BODY: &str = "ToCountry=US&ToState=ME&SmsMessageSid=SM0123456789abcdef0123456789abcdef&NumMedia=0&ToCity=\
    PORTLAND&FromZip=04101&SmsSid=SM0123456789abcdef0123456789abcdef&FromState=ME&SmsStatus=received&FromCity=\
    PORTLAND&Body=Hi%2C+our+water+heater+is+leaking+again.+Can+somebody+come+today%3F&FromCountry=US&To=\
    %2B12075550100&ToZip=04101&NumSegments=1&MessageSid=SM0123456789abcdef0123456789abcdef&AccountSid=\
    AC0123456789abcdef0123456789abcdef&From=%2B12075550142&ApiVersion=2010-04-01";

on_both_ways_in!(
    an_inbound_text_costs_at_most_fourteen_write_units,
    a_bulk_command_costs_little_beside_its_acts,
    an_internal_message_costs_ten_write_units_and_a_pair_fifteen_to_begin,
    a_change_of_somebody_costs_eight_write_units_and_an_invitation_up_to_fourteen,
    being_off_today_costs_six_write_units_and_is_written_on_what_was_read,
    a_ladder_costs_two_units_to_begin_and_a_step_ten_and_seven_for_each_who_is_texted,
);

async fn an_internal_message_costs_ten_write_units_and_a_pair_fifteen_to_begin(way: Way) {
    let meter = CapacityMeter::new();
    let store = way.store().await.with_meter(meter.clone());
    let party = Party::Pair(Pair::of(staff(1), staff(2)).expect("two people"));
    let beginning = Beginning { business: business(), party, customer: None, at: at(0) };
    let mut thread = Conversation::begin(beginning);
    let id = thread.id.clone();
    let mut markers = [ReadMarker::default(), ReadMarker::default()];
    let mut commit = store.commit(&business()).conversation(&mut thread).command(&row_of(&id, None));
    for (staff, marker) in [staff(1), staff(2)].iter().zip(&mut markers) {
        commit = commit.member(&id, staff, at(0)).read_marker(&id, staff, marker);
    }
    commit.run().await.expect("a thread");
    let begun = meter.write_units();
    assert!(begun > 0.0 && begun <= 15.0, "{begun} write units");
    let text = "Can you bring the second ladder and the long hose? ".repeat(4);
    let mut message = Message::internal(&thread, ulid(at(1), 7), at(1), staff(1), text, Vec::new());
    thread.record_internal(&message);
    markers[0].read(&thread);
    let (pointer, event) = (MessagePointer::to(&message, None), event(&id, at(1), message.seq));
    let commit = store.commit(&business()).message_pointer(&pointer).create_message(&mut message);
    let commit = commit.conversation(&mut thread).read_marker(&id, &staff(1), &mut markers[0]);
    commit.event(&event).run().await.expect("a message");
    let written = meter.write_units() - begun;
    assert!(written <= 10.0, "{written} write units");
    message.delete(at(2));
    thread.record_deletion(&message);
    let before = meter.write_units();
    let commit = store.commit(&business()).update_message(&mut message).conversation(&mut thread);
    commit.event(&event).run().await.expect("a tombstone");
    assert!(meter.write_units() - before <= 6.0, "{} write units", meter.write_units() - before);
}

async fn a_change_of_somebody_costs_eight_write_units_and_an_invitation_up_to_fourteen(way: Way) {
    let meter = CapacityMeter::new();
    let plain = way.store().await;
    let person = |n: u64, role| Staff {
        business: business(),
        id: staff(n),
        name: "Dana Whitfield".to_owned(),
        email: format!("person{n}@example.com"),
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$".repeat(3),
        role,
        full_chat_access: false,
        phone: None,
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    };
    let (dana, luis) = (person(1, Role::Admin), person(2, Role::Technician));
    for somebody in [&dana, &luis] {
        plain.put_staff(somebody).await.expect("a put");
    }
    let store = plain.clone().with_meter(meter.clone());
    let change = StaffChange::FullChatAccess { allowed: true };
    let after = change.of(&luis, at(1)).expect("a change");
    let entry = StaffEntry {
        id: ulid(at(1), 7),
        by: dana.id.clone(),
        what: StaffDeed::Changed { staff: luis.id.clone(), change },
    };
    let told = Event { id: ulid(at(1), 8), conversation: None, happening: Happening::StaffUpdated };
    let commit = store.commit(&business()).change_staff(&luis, &after).while_admin(&dana);
    commit.staff_entry(&entry).event(&told).run().await.expect("a change");
    assert!((meter.write_units() - 8.0).abs() < f64::EPSILON, "{}", meter.write_units());
    assert_eq!(store.staff_entries(&business(), &at(1).day()).await.expect("a read"), [entry]);
    let stale = plain.commit(&business()).change_staff(&luis, &after).run().await;
    assert!(stale.is_err(), "somebody changed them meanwhile");
    let none = plain.commit(&business()).while_admin(&luis).run().await;
    assert!(none.is_err(), "a technician is no admin");
    let out = StaffChange::SignedOut.of(&dana, at(2)).expect("a change");
    plain.commit(&business()).change_staff(&dana, &out).run().await.expect("a change");
    let old = plain.commit(&business()).while_admin(&dana).run().await;
    assert!(old.is_err(), "they were signed out since they were read");
    plain.commit(&business()).while_admin(&out).run().await.expect("an admin");
    what_is_done_about_an_invitation_costs_at_most_fourteen(&plain, &out, &luis).await;
}

async fn being_off_today_costs_six_write_units_and_is_written_on_what_was_read(way: Way) {
    let meter = CapacityMeter::new();
    let store = way.store().await;
    let luis = Staff {
        business: business(),
        id: staff(2),
        name: "Luis Ortega".to_owned(),
        email: "luis@example.com".to_owned(),
        password_hash: "$argon2id$v=19$m=19456,t=2,p=1$".repeat(3),
        role: Role::Technician,
        full_chat_access: false,
        phone: None,
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    };
    store.put_staff(&luis).await.expect("a put");
    let off = DayOff { until: at(9), at: at(1), by: luis.id.clone(), release: ulid(at(1), 3) };
    let deed = StaffDeed::DayOff { staff: luis.id.clone(), until: Some(off.until) };
    let entry = StaffEntry { id: ulid(at(1), 7), by: luis.id.clone(), what: deed };
    let told = Event { id: ulid(at(1), 8), conversation: None, happening: Happening::StaffUpdated };
    let metered = store.clone().with_meter(meter.clone());
    let commit = metered.commit(&business()).day_off(&luis, Some(&off)).staff_entry(&entry);
    commit.event(&told).run().await.expect("a mark");
    assert!((meter.write_units() - 6.0).abs() < f64::EPSILON, "{}", meter.write_units());
    let marked = Staff { day_off: Some(off.clone()), ..luis.clone() };
    assert_eq!(store.staff(&business(), &luis.id).await.expect("a read"), Some(marked.clone()));
    let stale = store.commit(&business()).day_off(&luis, Some(&off)).run().await;
    assert!(stale.is_err(), "somebody marked them meanwhile");
    store.commit(&business()).day_off(&marked, None).run().await.expect("back");
    assert_eq!(store.staff(&business(), &luis.id).await.expect("a read"), Some(luis.clone()));
    let again = store.commit(&business()).day_off(&marked, None).run().await;
    assert!(again.is_err(), "they are back already");
}

/// What is done about an invitation, each with the admin, what was done, and the event. A command's id is 2 more.
async fn what_is_done_about_an_invitation_costs_at_most_fourteen(plain: &Store, dana: &Staff, luis: &Staff) {
    let invite = |sign: &str| Invite {
        business: business(),
        id: ulid(at(3), 9),
        email: "nora.quist@example.com".to_owned(),
        role: Role::Office,
        full_chat_access: true,
        by: dana.id.clone(),
        session_epoch: dana.session_epoch,
        created_at: at(3),
        ends_at: at(3) + INVITE_LASTS,
        digest: sign.repeat(64),
    };
    let (first, second, third) = (invite("a"), invite("b"), invite("c"));
    let nora = Staff { id: staff(9), email: third.email.clone(), session_epoch: 0, ..luis.clone() };
    let meter = CapacityMeter::new();
    let store = plain.clone().with_meter(meter.clone());
    let commit = || store.commit(&business());
    let steps = [
        ("made", commit().invite(&first, None), 10.0),
        ("another link", commit().invite(&second, Some(&first)), 10.0),
        ("taken back", commit().invite_closed(&second), 8.0),
        ("made anew", commit().invite(&third, None), 10.0),
        ("joined", commit().create_staff(&nora).invite_used(&third), 14.0),
    ];
    let mut before = 0.0;
    for (n, (what, commit, wanted)) in (20..).zip(steps) {
        let deed = StaffDeed::Invited { invite: first.id.clone(), role: first.role };
        let entry = StaffEntry { id: ulid(at(4), n), by: dana.id.clone(), what: deed };
        let told = Event { id: ulid(at(5), n), conversation: None, happening: Happening::StaffUpdated };
        commit.while_admin(dana).staff_entry(&entry).event(&told).run().await.expect(what);
        let units = meter.write_units() - before;
        assert!((units - wanted).abs() < f64::EPSILON, "{what}: {units}");
        before = meter.write_units();
    }
}

async fn an_inbound_text_costs_at_most_fourteen_write_units(way: Way) {
    let meter = CapacityMeter::new();
    let plain = way.store().await;
    let mut thread = waiting(&plain, 1, at(0)).await;
    // As large as a summary usually gets: a customer with a job, somebody's, not waiting.
    thread.settle();
    thread.assign(Some(staff(1)));
    thread.know_customer(Some(CustomerSummary {
        id: ulid(at(0), 5),
        name: "Maria Gutierrez-Lindqvist".into(),
        lead: None,
        has_booked_job: true,
        job: Some(JobSummary {
            id: ulid(at(0), 6),
            number: 1042,
            title: "Water heater replacement".into(),
            status: JobStatus::InProgress,
            scheduled_at: Some(at(0)),
        }),
        street: Some("14 Forest Avenue".into()),
        other_jobs: vec![1031],
    }));
    plain.commit(&business()).conversation(&mut thread).run().await.expect("a change");

    let store = plain.with_meter(meter.clone());
    let receipt = Receipt {
        key: ReceiptKey::Message { business: business(), sid: "SM0123456789abcdef0123456789abcdef".into() },
        path: format!("/twilio/{}/messages", business()),
        headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
        body: BODY.into(),
        received_at: at(5),
        state: ReceiptState::Unapplied,
    };
    store.put_receipt(&receipt, at(65)).await.expect("a put");
    let text = "Hi, our water heater is leaking again. Can somebody come today? ".repeat(3);
    let mut message = inbound(&thread, &text, at(5));
    message.job = Some(ulid(at(0), 6));
    thread.record_inbound(&message, WANTS_ANSWER);
    let event = event(&thread.id, at(5), message.seq);
    let record = RecordInbound {
        conversation: &mut thread,
        message: &mut message,
        event: &event,
        receipt: &receipt.key,
        consent: None,
        now: at(5),
    };
    store.commit(&business()).inbound(record).run().await.expect("a text");
    let units = meter.write_units();
    assert!(units > 0.0 && units <= 14.0, "{units} write units");
}

async fn a_bulk_command_costs_little_beside_its_acts(way: Way) {
    let meter = CapacityMeter::new();
    let store = way.store().await.with_meter(meter.clone());
    let mut bulk = Bulk::begin(id(), staff(1), BulkAct::Done, at(0));
    let pages = bulk.lay(&rows(20), None);
    let mut commit = store.commit(&business());
    for (page, rows) in pages {
        commit = commit.bulk_page(&bulk, page, rows);
    }
    commit.bulk(&mut bulk).run().await.expect("it begins");
    let begun = meter.write_units();
    assert!(begun > 0.0 && begun <= 4.0, "{begun} write units");
    bulk.worked(0, &[]);
    store.commit(&business()).bulk(&mut bulk).run().await.expect("a page");
    assert!(meter.write_units() - begun <= 2.0, "{} write units", meter.write_units() - begun);

    let row = waiting(&store, 1, at(0)).await;
    let mut done = row.clone();
    done.settle();
    let before = meter.write_units();
    let command = row_of(&row.id, Some(Trace::shared(&row, &done)));
    store.commit(&business()).command(&command).run().await.expect("a command");
    assert!(meter.write_units() - before <= 2.0, "as much as any command");
}

async fn a_ladder_costs_two_units_to_begin_and_a_step_ten_and_seven_for_each_who_is_texted(way: Way) {
    let meter = CapacityMeter::new();
    let store = way.store().await.with_meter(meter.clone());
    let thread = waiting(&store, 1, at(1)).await;
    let spent = |before: f64| meter.write_units() - before;
    let before = meter.write_units();
    store.put_ladder(&business(), &thread.id, ladder()).await.expect("it begins");
    assert!(spent(before) <= 2.0, "{}", spent(before));
    let mut it = store.ladder(&business(), &thread.id).await.expect("a read").expect("it stands");
    let before = meter.write_units();
    let mut thread = thread;
    step(&store, &mut thread, &mut it, "Luis Ortega").run().await.expect("a step");
    let alone = spent(before);
    assert!(alone <= 10.0, "{alone}");
    let before = meter.write_units();
    let commit = queue(store.commit(&business()));
    commit.run().await.expect("a text");
    assert!(spent(before) <= 7.0, "{}", spent(before));
}

/// A text to somebody's own phone, in a thread that begins with it.
fn queue(commit: Commit<'_>) -> Commit<'_> {
    let route = Route { group: group(), channel: Channel::Sms, contact: phone(7), line: line() };
    let party = Party::StaffPhone { staff: staff(1), route: route.clone() };
    let mut thread =
        Conversation::begin(Beginning { business: business(), party, customer: None, at: at(601) });
    let words = "Harbor Plumbing: Maria Alvarez wrote, and nobody on the job has opened it. ".repeat(3);
    let out = Outbound::new(&route, words, Delivery::queued(at(601)));
    let mut text = Message::next(&thread, ulid(at(601), 5), at(601), Body::Escalation(out));
    thread.record_other(&text);
    let pointer = MessagePointer::to(&text, None);
    commit.message_pointer(&pointer).create_message(&mut text).conversation(&mut thread)
}
