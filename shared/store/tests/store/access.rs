//! The facts of access, as they are now (P7).

use porchlight_domain::access::{Sight, Viewer, sight};
use porchlight_domain::customer::{Assignment, Job, JobStatus};
use porchlight_domain::staff::Role;
use porchlight_store::Store;
use porchlight_store::jobs::Participant;

use crate::directory::{customer, job, link, person, plumber};
use crate::support::{at, business, conversation, on_all_ways_in, staff};

on_all_ways_in!(
    an_assignment_gives_access_until_it_ends_p7,
    a_long_ended_job_gives_no_access_p7,
    whoever_the_office_added_has_access_p7,
);

fn viewer(n: u64, role: Role) -> Viewer {
    Viewer::new(&person(n, role), true)
}

async fn sight_of(store: &Store, viewer: &Viewer) -> Sight {
    let thread = conversation(1);
    let facts = store.access_facts(viewer, &thread, at(10)).await.expect("the facts");
    sight(viewer, &thread, &facts, at(10))
}

/// A customer at the conversation's contact point, and a job of theirs on which technician 1 works.
async fn at_work(store: &Store, change: impl FnOnce(&mut Job)) -> Job {
    let mut maria = customer(1);
    let mut job = job(1, &maria.id, JobStatus::Scheduled);
    change(&mut job);
    let assignment = Assignment {
        job: job.id.clone(),
        customer: maria.id.clone(),
        staff: staff(1),
        assigned_at: at(0),
        unassigned_at: None,
    };
    store.put_business(&plumber()).await.expect("a put");
    let commit = store.commit(&business()).customer(&mut maria).job(&mut job).assignment(&assignment);
    commit.link(&link(&maria.id, 1)).run().await.expect("a visit");
    job
}

async fn an_assignment_gives_access_until_it_ends_p7(store: Store) {
    let technician = viewer(1, Role::Technician);
    assert_eq!(sight_of(&store, &technician).await, Sight::Hidden);
    assert_eq!(sight_of(&store, &viewer(3, Role::Office)).await, Sight::Office);
    let job = at_work(&store, |_| {}).await;
    assert_eq!(sight_of(&store, &technician).await, Sight::Crew);
    assert_eq!(sight_of(&store, &viewer(2, Role::Technician)).await, Sight::Hidden);
    let thread = conversation(1);
    let ledger = store.access_ledger(&thread, at(10)).await.expect("a ledger");
    assert_eq!(ledger.candidates(), [staff(1)].into());

    assert!(store.end_assignment(&business(), &job.id, &staff(1), at(9)).await.expect("an end"));
    assert!(!store.end_assignment(&business(), &job.id, &staff(1), at(9)).await.expect("no second end"));
    assert_eq!(sight_of(&store, &technician).await, Sight::Hidden);
    let past = store.assignments_of_staff(&business(), &staff(1)).await.expect("a list");
    assert_eq!(past[0].unassigned_at, Some(at(9)));
}

async fn a_long_ended_job_gives_no_access_p7(store: Store) {
    let fifteen_days = std::time::Duration::from_hours(15 * 24);
    at_work(&store, |job| (job.status, job.ended_at) = (JobStatus::Completed, Some(at(10) - fifteen_days)))
        .await;
    assert_eq!(sight_of(&store, &viewer(1, Role::Technician)).await, Sight::Hidden);
}

async fn whoever_the_office_added_has_access_p7(store: Store) {
    let thread = conversation(1);
    let added = Participant { conversation: thread.id.clone(), staff: staff(2), added_at: at(1) };
    store.commit(&business()).participant(&added).run().await.expect("a put");
    assert_eq!(sight_of(&store, &viewer(2, Role::Technician)).await, Sight::Crew);
    assert_eq!(store.participants(&business(), &thread.id).await.expect("a list"), [added]);
    store.commit(&business()).remove_participant(&thread.id, &staff(2)).run().await.expect("a removal");
    assert_eq!(sight_of(&store, &viewer(2, Role::Technician)).await, Sight::Hidden);
}
