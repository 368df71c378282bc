//! What a text costs (DESIGN §7: at most 14 write units before the 2xx), by ReturnConsumedCapacity.

use porchlight_domain::bulk::{Bulk, BulkAct, Trace};
use porchlight_domain::conversation::{CustomerSummary, JobSummary};
use porchlight_domain::customer::JobStatus;
use porchlight_domain::event::{Event, Happening};
use porchlight_domain::staff::{Role, Staff, StaffChange, StaffDeed, StaffEntry};
use porchlight_store::CapacityMeter;
use porchlight_store::inbound::{ReceiptState, RecordInbound};
use porchlight_store::receipts::{Receipt, ReceiptKey};

use crate::bulk_acts::{id, row_of, rows};
use crate::support::{
    WANTS_ANSWER, Way, at, business, event, inbound, on_both_ways_in, staff, ulid, waiting,
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
    a_change_of_somebody_costs_eight_write_units,
);

async fn a_change_of_somebody_costs_eight_write_units(way: Way) {
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
    let commit = store.commit(&business()).change_staff(&luis, &after).while_admin(&business(), &dana.id);
    commit.staff_entry(&entry).event(&told).run().await.expect("a change");
    assert!((meter.write_units() - 8.0).abs() < f64::EPSILON, "{}", meter.write_units());
    assert_eq!(store.staff_entries(&business(), &at(1).day()).await.expect("a read"), [entry]);
    let stale = plain.commit(&business()).change_staff(&luis, &after).run().await;
    assert!(stale.is_err(), "somebody changed them meanwhile");
    let none = plain.commit(&business()).while_admin(&business(), &luis.id).run().await;
    assert!(none.is_err(), "a technician is no admin");
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
