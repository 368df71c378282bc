//! "Off today": nothing wakes somebody, and what was theirs wants somebody else.

use std::time::Duration;

use porchlight_domain::id::{CommandId, ConversationId, JobId, StaffId};
use serde_json::{Value, json};

use crate::support::house::{LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, ulid};

fn path(n: u64) -> String {
    format!("/api/staff/{}/day-off", ulid::<StaffId>(n))
}

fn off(n: u64, off: bool) -> Value {
    json!({"id": ulid::<CommandId>(n), "off": off})
}

/// So many conversations that are this person's.
async fn assigned(house: &House, by: &Person, to: u64, many: u64) -> Vec<ConversationId> {
    let mut ids = Vec::new();
    for n in 1..=many {
        let id = house.conversation(n).await.id.clone();
        let body = json!({"assignee": ulid::<StaffId>(to)});
        by.put(&format!("/api/conversations/{id}/assignee"), body).await.expect(200);
        ids.push(id);
    }
    ids
}

async fn whose(house: &House, id: &ConversationId) -> Option<StaffId> {
    house.reread(id).await.assignee.clone()
}

#[tokio::test]
async fn whoever_is_off_today_has_no_conversation_and_each_says_why() {
    let house = House::new().await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let ids = assigned(&house, &ana, LUIS, 3).await;
    let marked = luis.put(&path(LUIS), off(70, true)).await.expect(200);
    assert_eq!((&marked["person"]["name"], &marked["release"]["done"]), (&json!("Luis"), &json!(3)));
    assert_eq!(marked["release"]["next"], false);
    // The house's clock stands at one in the morning, UTC; where the business is, it is the evening before.
    let until: porchlight_domain::time::Timestamp =
        marked["off_until"].as_str().expect("an instant").parse().expect("an instant");
    assert_eq!((until.millis() / 3_600_000) % 24, 5, "midnight in New York");
    assert!(until.since(house.clock.now()) <= Duration::from_hours(24));
    for id in &ids {
        assert_eq!(whose(&house, id).await, None);
        let last = house.timeline(id).await.last().expect("an entry").text().to_owned();
        assert_eq!(last, "Luis is off today: this is nobody\u{2019}s now");
    }
    let me = ana.get("/api/me").await.expect(200);
    let told = me["staff"].as_array().expect("staff").iter().find(|it| it["name"] == "Luis").cloned();
    assert_eq!(told.expect("Luis")["off_until"], marked["off_until"]);
    let back = ana.put(&path(LUIS), off(71, false)).await.expect(200);
    assert_eq!(back["off_until"], Value::Null);
    assert_eq!(whose(&house, &ids[0]).await, None, "nobody takes them from whoever has them by now");
}

#[tokio::test]
async fn the_same_mark_again_does_nothing_twice_and_a_late_one_undoes_nothing_p9() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let ids = assigned(&house, &ana, LUIS, 2).await;
    let first = ana.put(&path(LUIS), off(70, true)).await.expect(200);
    assert_eq!(ana.put(&path(LUIS), off(70, true)).await.expect(200), first);
    assert_eq!(house.timeline(&ids[0]).await.len(), 3, "the text, the assignment, the release");
    assert_eq!(ana.put(&path(MARTA), off(70, true)).await.problem(422), "id-used-before");
    ana.put(&path(LUIS), off(71, false)).await.expect(200);
    let body = json!({"assignee": ulid::<StaffId>(LUIS)});
    ana.put(&format!("/api/conversations/{}/assignee", ids[0]), body).await.expect(200);
    let late = ana.put(&path(LUIS), off(70, true)).await.expect(200);
    assert_eq!(late["off_until"], Value::Null, "they came back since");
    assert_eq!(whose(&house, &ids[0]).await, Some(ulid(LUIS)));
}

#[tokio::test]
async fn more_than_one_request_holds_are_gone_on_with_and_all_is_taken_back() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let ids = assigned(&house, &ana, LUIS, 25).await;
    let marked = ana.put(&path(LUIS), off(70, true)).await.expect(200);
    assert_eq!((&marked["release"]["done"], &marked["release"]["total"]), (&json!(25), &json!(25)));
    let last = house.timeline(&ids[24]).await.last().expect("an entry").text().to_owned();
    assert_eq!(last, "Ana marked Luis off today: this is nobody\u{2019}s now");
    let undo = format!("/api/bulk/{}/undo", marked["release"]["id"].as_str().expect("an id"));
    let mut back = ana.post(&undo, json!({})).await.expect(200);
    while back["undo"]["next"] == true {
        back = ana.post(&undo, json!({})).await.expect(200);
    }
    assert_eq!(back["undo"]["done"], 25);
    assert_eq!(whose(&house, &ids[24]).await, Some(ulid(LUIS)));
}

#[tokio::test]
async fn whoever_is_off_learns_nothing_of_conversations_that_they_do_not_see_p7() {
    let house = House::new().await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let ids = assigned(&house, &ana, LUIS, 2).await;
    let marked = luis.put(&path(LUIS), off(70, true)).await.expect(200);
    let undo = format!("/api/bulk/{}/undo", marked["release"]["id"].as_str().expect("an id"));
    ana.put(&format!("/api/conversations/{}/assignee", ids[0]), json!({"assignee": null})).await.expect(200);
    ana.post(&format!("/api/conversations/{}/done", ids[0]), json!({})).await.expect(200);
    let back = luis.post(&undo, json!({})).await.expect(200);
    assert_eq!(back["undo"]["done"], 1, "{back}");
    assert_eq!(back["undo"]["failed"][0]["count"], 1);
    for id in &ids {
        assert!(!format!("{marked}{back}").contains(id.as_str()), "assigned is not seen");
    }
    assert_eq!(house.person(MARTA).await.put(&path(LUIS), off(75, true)).await.problem(403), "forbidden");
    assert_eq!(
        house.person(100 + OFFICE).await.put(&path(LUIS), off(76, true)).await.problem(404),
        "not-found"
    );
}

#[tokio::test]
async fn the_office_is_told_whose_jobs_and_conversations_want_somebody_until_midnight() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let ids = assigned(&house, &ana, LUIS, 2).await;
    let (_, job) = house.customer_with_job(1, &[LUIS]).await;
    let (_, tomorrow) = house.customer_with_job(2, &[LUIS]).await;
    for (job, days) in [(&job, 0), (&tomorrow, 1)] {
        let mut job = house.store.job(&business(), job).await.expect("a read").expect("a job");
        job.scheduled_at = Some(house.clock.now() + Duration::from_hours(1 + 24 * days));
        house.store.commit(&business()).job(&mut job).run().await.expect("a time");
    }
    assert_eq!(ana.get("/api/day-off").await.expect(200), json!({"people": []}));
    ana.put(&path(LUIS), off(70, true)).await.expect(200);
    let told = ana.get("/api/day-off").await.expect(200);
    let luis = &told["people"][0];
    assert_eq!((&luis["person"]["name"], &luis["role"]), (&json!("Luis"), &json!("technician")));
    let jobs: Vec<&Value> = luis["jobs"].as_array().expect("jobs").iter().collect();
    assert_eq!((jobs.len(), &jobs[0]["id"]), (1, &json!(job)), "today's alone");
    assert_eq!(jobs[0]["customer_name"], "Maria Alvarez");
    let left = luis["conversations"].as_array().expect("conversations").len();
    assert_eq!(left, 2);
    // Somebody else takes one; the job goes to Marta.
    let body = json!({"assignee": ulid::<StaffId>(OFFICE)});
    ana.put(&format!("/api/conversations/{}/assignee", ids[0]), body).await.expect(200);
    let assignment = |n: u64, job: &JobId| format!("/api/jobs/{job}/assignments/{}", ulid::<StaffId>(n));
    ana.put(&assignment(MARTA, &job), Value::Null).await.expect(200);
    ana.delete(&assignment(LUIS, &job)).await.expect(204);
    let told = ana.get("/api/day-off").await.expect(200);
    assert_eq!(told["people"][0]["jobs"], json!([]));
    assert_eq!(told["people"][0]["conversations"][0]["id"], json!(ids[1]));
    assert_eq!(told["people"][0]["conversations"].as_array().expect("one").len(), 1);
    house.clock.advance(Duration::from_hours(24));
    let ana = house.person(OFFICE).await;
    assert_eq!(ana.get("/api/day-off").await.expect(200), json!({"people": []}), "it ends by itself");
}
