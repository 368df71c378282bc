//! Businesses, staff, customers, contact points and jobs.

use porchlight_domain::business::{Business, Line, LineGroup};
use porchlight_domain::channel::Channel;
use porchlight_domain::customer::{ContactLink, ContactRecord, Customer, Job, JobStatus, LeadStage};
use porchlight_domain::hours::BusinessHours;
use porchlight_domain::id::CustomerId;
use porchlight_domain::staff::{Role, Staff};
use porchlight_store::{Part, Store};

use crate::support::{at, business, group, line, on_all_ways_in, phone, staff, ulid};

on_all_ways_in!(
    a_business_its_lines_and_its_staff_are_found,
    hours_and_the_rule_of_consent_are_set_without_going_over_each_other,
    an_email_address_signs_in_one_person,
    a_row_tells_of_the_job_under_way_else_the_next_else_the_last,
    an_unlinked_customer_is_no_longer_behind_the_number,
    customers_are_listed_by_name,
);

pub fn plumber() -> Business {
    Business {
        id: business(),
        name: "Casco Plumbing".into(),
        time_zone: "America/New_York".into(),
        hours: BusinessHours::usual(),
        provider_account: "AC1".into(),
        technicians_text: true,
        access_days_after_completion: 14,
        one_revocation_covers_all_from: None,
        push_ladder: porchlight_domain::push::PushLadder::default(),
        created_at: at(0),
    }
}

pub fn person(n: u64, role: Role) -> Staff {
    Staff {
        business: business(),
        id: staff(n),
        name: format!("Person {n}"),
        email: format!("person{n}@example.com"),
        password_hash: "$argon2id$".into(),
        role,
        full_chat_access: true,
        phone: Some(phone(900 + n)),
        disabled_at: None,
        session_epoch: 0,
        day_off: None,
    }
}

pub fn customer(n: u64) -> Customer {
    Customer {
        id: ulid(at(0), 500 + n),
        name: format!("Customer {n}"),
        address: None,
        notes: None,
        access_notes: None,
        balance_cents: 0,
        lead: Some(LeadStage::New),
        since: at(0),
        version: 0,
    }
}

pub fn job(n: u64, customer: &CustomerId, status: JobStatus) -> Job {
    Job {
        id: ulid(at(0), 700 + n),
        customer: customer.clone(),
        number: 1000,
        title: "Water heater".into(),
        status,
        scheduled_at: Some(at(n)),
        ends_at: None,
        ended_at: None,
        amount_cents: 0,
        facts: Vec::new(),
        version: 0,
    }
}

pub fn link(customer: &CustomerId, n: u64) -> ContactLink {
    ContactLink {
        customer: customer.clone(),
        contact: phone(n),
        channel: Channel::Sms,
        label: None,
        linked_at: at(n),
        unlinked_at: None,
    }
}

async fn a_business_its_lines_and_its_staff_are_found(store: Store) {
    let line = Line { number: line(), group: group(), label: "Office".into(), successor: None };
    let group = LineGroup { id: group(), name: "Casco".into() };
    store.put_business(&plumber()).await.expect("a put");
    store.put_group(&business(), &group).await.expect("a put");
    store.put_line(&business(), &line).await.expect("a put");
    store.put_staff(&person(1, Role::Office)).await.expect("a put");
    assert_eq!(store.business(&business()).await.expect("a read"), Some(plumber()));
    assert_eq!(store.businesses().await.expect("a list"), [plumber()]);
    assert_eq!(store.business(&ulid(at(0), 9)).await.expect("a read"), None);
    assert_eq!(store.groups(&business()).await.expect("a list"), [group]);
    assert_eq!(store.lines(&business()).await.expect("a list"), std::slice::from_ref(&line));
    assert_eq!(store.line(&business(), &line.number).await.expect("a read"), Some(line));
    assert_eq!(store.line(&business(), &phone(1)).await.expect("a read"), None);
    assert_eq!(store.staff_of(&business()).await.expect("a list"), [person(1, Role::Office)]);
    let owner = async || store.contact_facts(&business(), &phone(901)).await.expect("a read").staff;
    assert_eq!(owner().await, Some(staff(1)));
}

async fn hours_and_the_rule_of_consent_are_set_without_going_over_each_other(store: Store) {
    store.put_business(&plumber()).await.expect("a put");
    let mut week = BusinessHours::usual().week().clone();
    week.saturday = week.monday.clone();
    let hours = BusinessHours::new(week).expect("a week");
    let id = business();
    let (zoned, ruled) = futures::join!(
        store.set_hours(&id, "America/Chicago", &hours),
        store.set_consent_rule(&id, Some(at(9))),
    );
    zoned.and(ruled).expect("both are written");
    let both = Business {
        time_zone: "America/Chicago".into(),
        hours: hours.clone(),
        one_revocation_covers_all_from: Some(at(9)),
        ..plumber()
    };
    assert_eq!(store.business(&business()).await.expect("a read"), Some(both.clone()));
    let without = store.set_consent_rule(&business(), None).await.expect("a write");
    assert_eq!(without, Business { one_revocation_covers_all_from: None, ..both });
    let nobodys = store.set_hours(&ulid(at(0), 9), "America/Chicago", &hours).await;
    assert!(nobodys.is_err(), "{nobodys:?}");
    assert_eq!(store.business(&ulid(at(0), 9)).await.expect("a read"), None);
}

async fn an_email_address_signs_in_one_person(store: Store) {
    let mut one = person(1, Role::Admin);
    store.put_staff(&one).await.expect("a put");
    let two = Staff { email: one.email.clone(), ..person(2, Role::Office) };
    let error = store.put_staff(&two).await.expect_err("the address is taken");
    assert!(error.conflict().expect("a conflict").is_at(Part::Staff));

    let old = one.email.clone();
    (one.email, one.phone) = ("new@example.com".into(), None);
    store.put_staff(&one).await.expect("a change");
    assert_eq!(store.staff_by_login("New@Example.com").await.expect("a read"), Some(one));
    assert_eq!(store.staff_by_login(&old).await.expect("a read"), None);
    assert_eq!(store.contact_facts(&business(), &phone(901)).await.expect("a read").staff, None);
    store.put_staff(&two).await.expect("the address is free");
}

async fn a_row_tells_of_the_job_under_way_else_the_next_else_the_last(store: Store) {
    let mut maria = customer(1);
    store.put_customer(&business(), &mut maria).await.expect("a put");
    store.put_link(&business(), &link(&maria.id, 1)).await.expect("a put");
    let shown = async || {
        let summary = store.customer_summary(&business(), &phone(1)).await.expect("a read").expect("Maria");
        (summary.job.map(|job| job.id), summary.has_booked_job)
    };
    assert_eq!(shown().await, (None, false));
    let steps = [
        (1, JobStatus::Canceled, false, false),
        (2, JobStatus::Completed, true, true),
        (4, JobStatus::Scheduled, true, true),
        (3, JobStatus::Scheduled, true, true),
        (9, JobStatus::InProgress, true, true),
    ];
    for (n, status, is_shown, booked) in steps {
        let mut job = job(n, &maria.id, status);
        store.put_job(&business(), &mut job).await.expect("a put");
        assert_eq!(shown().await, (is_shown.then_some(job.id.clone()), booked));
        assert_eq!(store.job(&business(), &job.id).await.expect("a read"), Some(job));
    }
    let sender = store.sender(&business(), &phone(1)).await.expect("a read");
    assert_eq!((sender.active_jobs.len(), sender.customer.expect("Maria").id), (3, maria.id.clone()));
    let error = store.put_job(&business(), &mut job(9, &maria.id, JobStatus::Canceled)).await;
    assert!(error.expect_err("not as it was read").conflict().expect("a conflict").is_at(Part::Job));
}

async fn an_unlinked_customer_is_no_longer_behind_the_number(store: Store) {
    let (mut maria, mut luis) = (customer(1), customer(2));
    store.put_customer(&business(), &mut maria).await.expect("a put");
    store.put_customer(&business(), &mut luis).await.expect("a put");
    store.put_link(&business(), &link(&maria.id, 1)).await.expect("a put");
    let later = ContactLink { linked_at: at(60), ..link(&luis.id, 1) };
    store.put_link(&business(), &later).await.expect("a put");
    store
        .put_contact(&business(), &ContactRecord { shared: true, ..ContactRecord::new(phone(1)) })
        .await
        .expect("a put");
    store.commit(&business()).unreachable(&phone(1), None).run().await.expect("an update");
    let facts = store.contact_facts(&business(), &phone(1)).await.expect("a read");
    assert!(facts.is_shared() && facts.cannot_text());
    store.commit(&business()).reachable(&phone(1), at(9)).run().await.expect("an update");
    let facts = store.contact_facts(&business(), &phone(1)).await.expect("a read");
    assert!(facts.is_shared() && !facts.cannot_text());
    assert_eq!(facts.record.as_ref().and_then(|record| record.reachable_since), Some(at(9)));
    assert_eq!(facts.customers(), [luis.id.clone(), maria.id.clone()]);
    let former = ContactLink { unlinked_at: Some(at(99)), ..later };
    store.put_link(&business(), &former).await.expect("an update");
    let summary = store.customer_summary(&business(), &phone(1)).await.expect("a read");
    assert_eq!(summary.expect("Maria").id, maria.id);
    let links = store.links_of_customer(&business(), &luis.id).await.expect("a list");
    assert_eq!(links[0].unlinked_at, Some(at(99)));
}

async fn customers_are_listed_by_name(store: Store) {
    for (n, name) in ["Zoe", "anna", "Maria"].into_iter().enumerate() {
        let mut customer = Customer { name: name.into(), ..customer(n as u64) };
        store.put_customer(&business(), &mut customer).await.expect("a put");
    }
    let (first, next) = store.customers(&business(), None, 2).await.expect("a page");
    let (second, end) = store.customers(&business(), next, 2).await.expect("a page");
    let names: Vec<&str> = first.iter().chain(&second).map(|customer| customer.name.as_str()).collect();
    assert_eq!((names, end), (vec!["anna", "Maria", "Zoe"], None));
}
