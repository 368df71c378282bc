//! The jobs of a day: whose they are to see, in which order, and which threads stand beside them.

use porchlight_domain::event::Happening;
use porchlight_domain::id::{CustomerId, JobId, StaffId};
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, at, phone, ulid};

fn numbers(page: &Value) -> Vec<u64> {
    let jobs = page["jobs"].as_array().expect("jobs");
    jobs.iter().map(|job| job["number"].as_u64().expect("a number")).collect()
}

fn path(n: u64) -> String {
    format!("/api/jobs/{}", ulid::<JobId>(2000 + n))
}

/// The job of the `n`-th customer as it is to be, so many seconds after the beginning.
async fn put(ana: &Person, n: u64, seconds: u64, status: &str) {
    let job = json!({
        "customer_id": ulid::<CustomerId>(1000 + n), "number": 1040 + n, "title": "Sump pump", "status": status,
        "scheduled_at": at(seconds), "ends_at": at(seconds + 7200),
    });
    ana.put(&path(n), job).await.expect(200);
}

#[tokio::test]
async fn a_technician_has_their_own_jobs_day_by_day_and_the_office_everybodys_p7() {
    let house = House::new().await;
    let [ana, luis, marta] =
        [house.person(OFFICE).await, house.person(LUIS).await, house.person(MARTA).await];
    for (n, crew) in [(1, LUIS), (2, LUIS), (3, MARTA), (4, LUIS), (5, LUIS)] {
        house.customer_with_job(n, &[crew]).await;
    }
    let day = 86_400;
    put(&ana, 1, 7_200, "scheduled").await;
    put(&ana, 2, 600, "in_progress").await;
    put(&ana, 3, 3_600, "scheduled").await;
    put(&ana, 4, day + 600, "scheduled").await;
    put(&ana, 5, 3 * day, "scheduled").await;
    assert_eq!(numbers(&luis.get("/api/jobs?mine=upcoming").await.expect(200)), [1042, 1041, 1044]);
    assert_eq!(numbers(&luis.get("/api/jobs?mine=today").await.expect(200)), [1042, 1041]);
    assert_eq!(numbers(&luis.get("/api/jobs?mine=tomorrow").await.expect(200)), [1044]);
    assert_eq!(numbers(&luis.get("/api/jobs").await.expect(200)), [1042, 1041, 1044], "never everybody's");
    assert_eq!(numbers(&marta.get("/api/jobs").await.expect(200)), [1043]);
    // Marta's has begun by the clock and Luis's was said to be under way: the last begun comes first.
    assert_eq!(numbers(&ana.get("/api/jobs").await.expect(200)), [1043, 1042, 1041, 1044]);
    assert_eq!(numbers(&ana.get("/api/jobs?mine=today").await.expect(200)), [0_u64; 0]);
    assert_eq!(ana.get("/api/jobs?mine=yesterday").await.problem(400), "bad-request");
    luis.get(&path(5)).await.expect(200);
    assert_eq!(luis.get(&path(3)).await.problem(404), "not-found");
    assert_eq!(house.person(100 + OFFICE).await.get(&path(3)).await.problem(404), "not-found");
}

#[tokio::test]
async fn a_job_comes_with_the_way_in_and_the_threads_that_are_theirs_to_open_p7() {
    let house = House::new().await;
    let conversation = house.conversation(11).await;
    let (customer, _) = house.customer_with_job(11, &[LUIS, MARTA]).await;
    let [ana, luis] = [house.person(OFFICE).await, house.person(LUIS).await];
    put(&ana, 11, 3_000, "scheduled").await;
    let other = format!("/api/customers/{customer}/contacts/{}", phone(9).digits());
    ana.put(&other.replace("contacts/", "contacts/%2B"), json!({"label": "At work"})).await.expect(200);
    let page = luis.get("/api/jobs?mine=today").await.expect(200);
    let job = &page["jobs"][0];
    assert_eq!(page["time_zone"], "America/New_York");
    assert_eq!(job["day"], page["today"]);
    assert_eq!(job["current"], true);
    assert_eq!((&job["starts_at"], &job["ends_at"]), (&json!(at(3_000)), &json!(at(10_200))));
    assert_eq!((&job["customer"]["name"], &job["address"]), (&json!("Maria Alvarez"), &json!("12 Pine St")));
    assert_eq!(job["access_notes"], "Key under the mat");
    let told = job.to_string();
    assert!(
        !told.contains("Pays late") && !told.contains("cents"),
        "the office's stays the office's: {told}"
    );
    assert_eq!(job["contacts"], json!([phone(11), phone(9)]));
    let crew: Vec<&Value> = job["crew"].as_array().expect("a crew").iter().map(|one| &one["name"]).collect();
    assert_eq!(crew, ["Luis", "Marta"]);
    let [cell, work] = [&job["numbers"][0], &job["numbers"][1]];
    assert_eq!((&cell["conversation_id"], &cell["unread"]), (&json!(conversation.id), &json!(1)));
    assert_eq!((&work["conversation_id"], &work["label"]), (&Value::Null, &json!("At work")));
    // What the office has closed is not theirs to open.
    ana.post(&format!("/api/conversations/{}/close", conversation.id), json!({})).await.expect(200);
    let closed = luis.get("/api/jobs?mine=today").await.expect(200);
    assert_eq!(closed["jobs"][0]["numbers"][0]["conversation_id"], Value::Null);
}

#[tokio::test]
async fn who_is_taken_off_a_job_has_it_no_more_and_all_whom_it_concerns_are_told_p7() {
    let house = House::new().await;
    house.customer_with_job(1, &[LUIS, MARTA]).await;
    let [ana, luis] = [house.person(OFFICE).await, house.person(LUIS).await];
    put(&ana, 1, 7_200, "scheduled").await;
    assert_eq!(numbers(&luis.get("/api/jobs?mine=today").await.expect(200)), [1041]);
    let assignment = format!("{}/assignments/{}", path(1), ulid::<StaffId>(LUIS));
    ana.delete(&assignment).await.expect(204);
    assert_eq!(numbers(&luis.get("/api/jobs?mine=today").await.expect(200)), [0_u64; 0]);
    assert_eq!(luis.get(&path(1)).await.problem(404), "not-found");
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told: Vec<usize> = events
        .iter()
        .filter_map(|event| match &event.happening {
            Happening::JobUpdated { crew } => Some(crew.len()),
            _ => None,
        })
        .collect();
    assert_eq!(told, [2, 2], "the job that was put, and who left it");
}

#[tokio::test]
async fn a_job_ends_after_it_begins() {
    let house = House::new().await;
    let (customer, _) = house.customer_with_job(1, &[LUIS]).await;
    let ana = house.person(OFFICE).await;
    let job = json!({
        "customer_id": customer, "number": 1041, "title": "Sump pump", "status": "scheduled",
        "scheduled_at": at(7_200), "ends_at": at(7_200),
    });
    assert_eq!(ana.put(&path(1), job).await.problem(422), "invalid");
}
