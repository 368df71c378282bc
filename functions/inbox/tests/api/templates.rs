//! Templates and quick replies: who keeps them, who uses them, and what they come to.

use porchlight_domain::customer::{Job, JobStatus};
use porchlight_domain::event::Happening;
use porchlight_domain::id::{CustomerId, StaffId, TemplateId};
use porchlight_domain::template::variable::Variable;
use serde_json::{Value, json};

use crate::support::house::{ADMIN, COLLEAGUE, LUIS, MARTA, OFFICE, business};
use crate::support::{House, Person, at, ulid};

const LIBRARY: &str = "/api/templates";

fn new(id: u64, shortcut: &str) -> Value {
    let id: TemplateId = ulid(id);
    json!({"id": id, "name": "Gate code", "category": "Follow-Up", "text": "Hi {{customerName}}", "shortcut": shortcut})
}

async fn library(person: &Person) -> Vec<Value> {
    let all = person.get(LIBRARY).await.expect(200);
    all["templates"].as_array().expect("templates").clone()
}

async fn names(person: &Person) -> Vec<String> {
    library(person).await.iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect()
}

/// What some words come to in the first conversation, and what of them has no value.
async fn rendered(person: &Person, text: &str) -> (String, Value) {
    let id = House::conversation_id(1);
    let asked = json!({"conversation_id": id, "text": text});
    let answer = person.post("/api/templates/render", asked).await.expect(200);
    (answer["text"].as_str().expect("text").to_owned(), answer["unresolved"].clone())
}

#[tokio::test]
async fn every_business_begins_with_fifteen_templates_and_what_was_deleted_does_not_come_back() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let all = library(&ana).await;
    assert_eq!(all.len(), 15);
    for template in &all {
        let path = format!("{LIBRARY}/{}", template["id"].as_str().expect("an id"));
        ana.delete(&path).await.expect(204);
        ana.delete(&path).await.expect(204);
    }
    assert_eq!(library(&ana).await, Vec::<Value>::new());
    let others = house.person(OFFICE + 100).await;
    assert_eq!(library(&others).await.len(), 15, "another business keeps its own (P7)");
    let events = house.store.events_from(&business(), at(0), house.clock.now()).await.expect("events");
    let told = events.iter().filter(|event| event.happening == Happening::TemplatesUpdated).count();
    assert_eq!(told, 15, "one each: a repeat changes nothing");
}

#[tokio::test]
async fn the_same_id_makes_one_template_and_other_content_under_it_is_refused_p9() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let first = ana.post(LIBRARY, new(1, "/Gate")).await.expect(201);
    assert_eq!((&first["shortcut"], &first["version"]), (&json!("gate"), &json!(1)));
    assert_eq!(ana.post(LIBRARY, new(1, "/Gate")).await.expect(201), first);
    assert_eq!(ana.post(LIBRARY, new(1, "/other")).await.problem(422), "id-used-before");
    assert_eq!(names(&ana).await.iter().filter(|name| *name == "Gate code").count(), 1);
    let path = format!("{LIBRARY}/{}", first["id"].as_str().expect("an id"));
    let change = json!({"name": "Code", "category": "Mine", "text": "Hi", "version": 1});
    let changed = ana.put(&path, change.clone()).await.expect(200);
    assert_eq!((&changed["version"], &changed["shortcut"]), (&json!(2), &Value::Null));
    assert_eq!(ana.put(&path, change).await.expect(200)["version"], 2, "the same again changes nothing");
    let late = ana.post(LIBRARY, new(1, "/Gate")).await.expect(201);
    assert_eq!(late["name"], "Code", "a late repeat is answered with how things are");
}

#[tokio::test]
async fn bad_templates_are_refused_in_words_and_odd_ones_are_kept() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let with = |field: &str, value: Value| {
        let mut template = new(1, "");
        template[field] = value;
        template
    };
    let long = ana.post(LIBRARY, with("text", json!("x".repeat(20_000)))).await.expect(422);
    assert!(long["detail"].as_str().is_some_and(|words| words.contains("1600") && words.contains("20000")));
    for (field, value) in [
        ("name", json!("\u{200b}")),
        ("category", json!(" ")),
        ("text", json!("\u{2060}\n")),
        ("shortcut", json!("two words")),
        ("name", json!("x".repeat(81))),
    ] {
        assert_eq!(ana.post(LIBRARY, with(field, value)).await.problem(422), "invalid", "{field}");
    }
    assert_eq!(ana.post(LIBRARY, new(1, "omw")).await.problem(409), "shortcut-taken");
    let text = "{{constructor}} {{__proto__}} {{customerName}} $& <img src=x onerror=alert(1)> \u{202e}{{{";
    let odd = ana.post(LIBRARY, with("text", json!(text))).await.expect(201);
    assert_eq!(
        (&odd["text"], &odd["unknown_variables"]),
        (&json!(text), &json!(["constructor", "__proto__"]))
    );
}

#[tokio::test]
async fn an_edit_on_top_of_a_colleagues_is_refused_and_a_deleted_template_is_brought_back_to_its_place() {
    let house = House::new().await;
    let (ana, ben) = (house.person(OFFICE).await, house.person(COLLEAGUE).await);
    let before = names(&ana).await;
    let second = library(&ana).await.swap_remove(1);
    let path = format!("{LIBRARY}/{}", second["id"].as_str().expect("an id"));
    let edit =
        |name: &str| json!({"name": name, "category": "Mine", "text": "Hi", "version": second["version"]});
    ben.put(&path, edit("Ben's")).await.expect(200);
    assert_eq!(ana.put(&path, edit("Ana's")).await.problem(409), "changed-meanwhile");
    ben.delete(&path).await.expect(204);
    ana.put(&path, edit("Ana's")).await.expect(404);
    ana.post(&format!("{path}/restore"), json!({})).await.expect(200);
    let mut expected = before;
    expected[1] = "Ben's".to_owned();
    assert_eq!(names(&ana).await, expected);
}

#[tokio::test]
async fn templates_are_put_in_order_and_variables_offered() {
    let house = House::new().await;
    let ana = house.person(OFFICE).await;
    let all = library(&ana).await;
    let id = |place: usize| all[place]["id"].as_str().expect("an id");
    let moved = ana.post(&format!("{LIBRARY}/{}/move", id(2)), json!({"before": id(0)})).await.expect(200);
    assert_eq!(moved["templates"][0]["id"], id(2));
    ana.post(&format!("{LIBRARY}/{}/move", id(2)), json!({"before": null})).await.expect(200);
    assert_eq!(library(&ana).await.last().expect("one")["id"], id(2));
    ana.post(&format!("{LIBRARY}/{}/move", id(2)), json!({"before": ulid::<TemplateId>(99)}))
        .await
        .expect(404);
    let offered = json!({"offered": ["customerName", "jobNumber"]});
    let now = ana.put("/api/settings/template-variables", offered).await.expect(200);
    let offered: Vec<&Value> =
        now["variables"].as_array().expect("all").iter().filter(|it| it["offered"] == true).collect();
    assert_eq!(offered.len(), 2);
    assert_eq!(now["variables"].as_array().expect("all").len(), Variable::ALL.len());
    let unknown = json!({"offered": ["constructor"]});
    ana.put("/api/settings/template-variables", unknown).await.expect(422);
}

#[tokio::test]
async fn templates_are_for_whoever_may_text_and_kept_by_the_office_p7() {
    let house = House::new().await;
    house.conversation(1).await;
    house.customer_with_job(1, &[LUIS, MARTA]).await;
    let (dana, luis, marta) =
        (house.person(ADMIN).await, house.person(LUIS).await, house.person(MARTA).await);
    let first = library(&luis).await.swap_remove(0);
    let path = format!("{LIBRARY}/{}", first["id"].as_str().expect("an id"));
    let render = json!({"conversation_id": House::conversation_id(1)});
    luis.post(&format!("{path}/render"), render.clone()).await.expect(200);
    for asked in [marta.get(LIBRARY).await, marta.post(&format!("{path}/render"), render).await] {
        asked.expect(403);
    }
    for asked in [
        luis.post(LIBRARY, new(1, "x")).await,
        luis.delete(&path).await,
        luis.post(&format!("{path}/restore"), json!({})).await,
        luis.put("/api/quick-replies", json!({"quick_replies": [], "version": 0})).await,
        luis.put("/api/settings/template-variables", json!({"offered": []})).await,
    ] {
        asked.expect(403);
    }
    dana.post(LIBRARY, new(1, "x")).await.expect(201);
    let foreign = house.person(OFFICE + 100).await;
    foreign.delete(&format!("{LIBRARY}/{}", ulid::<TemplateId>(1))).await.expect(404);
    let of_ours = json!({"conversation_id": House::conversation_id(1), "text": "{{customerName}}"});
    foreign.post("/api/templates/render", of_ours).await.expect(404);
}

#[tokio::test]
async fn values_come_from_customer_job_business_and_whoever_writes_whoever_it_is_assigned_to() {
    let house = House::new().await;
    let conversation = house.conversation(1).await;
    house.customer_with_job(1, &[LUIS]).await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let nobody = rendered(&ana, "{{customerName}}{{ jobNumber }}{{constructor}}").await;
    assert_eq!(
        nobody,
        ("{{customerName}}{{ jobNumber }}{{constructor}}".to_owned(), json!(["customerName", "jobNumber"]))
    );
    house.knows_customer(1).await;
    let assignee = json!({"assignee": ulid::<StaffId>(COLLEAGUE)});
    ana.put(&format!("/api/conversations/{}/assignee", conversation.id), assignee).await.expect(200);
    let text = "{{customerName}}|{{jobNumber}}|{{appointmentDate}} {{appointmentTime}}|{{technicianName}}|{{businessName}}|{{writerName}}|{{jobAmount}}";
    let (told, unresolved) = rendered(&ana, text).await;
    assert_eq!(told, "Maria Alvarez|1042|Sat, Nov 21 5 AM|Luis|Casco Bay Plumbing|Ana|$1,800.00");
    assert_eq!(unresolved, json!([]));
    let (told, unresolved) = rendered(&luis, "{{writerName}} {{balanceDue}} {{jobAmount}}").await;
    assert_eq!(told, "Luis {{balanceDue}} {{jobAmount}}", "what is owed is the office's to see (P7)");
    assert_eq!(unresolved, json!(["balanceDue", "jobAmount"]));
}

#[tokio::test]
async fn of_several_booked_jobs_none_is_guessed_and_one_can_be_named() {
    let house = House::new().await;
    house.conversation(1).await;
    let (customer, first) = house.customer_with_job(1, &[]).await;
    house.knows_customer(1).await;
    let ana = house.person(OFFICE).await;
    let mut second = other_job(customer);
    house.store.put_job(&business(), &mut second).await.expect("a job");
    let asked = json!({"conversation_id": House::conversation_id(1), "text": "{{jobNumber}}"});
    let answer = ana.post("/api/templates/render", asked.clone()).await.expect(200);
    assert_eq!((&answer["unresolved"], &answer["job"]), (&json!(["jobNumber"]), &Value::Null));
    assert_eq!(answer["jobs"].as_array().expect("jobs").len(), 2);
    let mut named = asked.clone();
    named["job_id"] = json!(second.id);
    assert_eq!(ana.post("/api/templates/render", named.clone()).await.expect(200)["text"], "1050");
    named["job_id"] = json!(ulid::<porchlight_domain::id::JobId>(77));
    assert_eq!(ana.post("/api/templates/render", named).await.problem(422), "unknown-job");
    second.status = JobStatus::Canceled;
    house.store.put_job(&business(), &mut second).await.expect("a job");
    let answer = ana.post("/api/templates/render", asked).await.expect(200);
    assert_eq!((&answer["text"], &answer["job"]["id"]), (&json!("1042"), &json!(first)));
}

fn other_job(customer: CustomerId) -> Job {
    Job {
        id: ulid(2100),
        customer,
        number: 1050,
        title: "Sump pump".to_owned(),
        status: JobStatus::Scheduled,
        scheduled_at: Some(at(90_000)),
        ends_at: None,
        ended_at: None,
        amount_cents: 0,
        facts: Vec::new(),
        version: 0,
    }
}

#[tokio::test]
async fn quick_replies_are_put_as_a_whole_and_no_colleagues_change_is_lost() {
    let house = House::new().await;
    let (ana, luis) = (house.person(OFFICE).await, house.person(LUIS).await);
    let path = "/api/quick-replies";
    let first = luis.get(path).await.expect(200);
    assert_eq!(first["quick_replies"].as_array().expect("some").len(), 4);
    let wanted = json!({"quick_replies": [{"text": "On the way"}, {"text": "See you soon"}], "version": 0});
    let put = ana.put(path, wanted.clone()).await.expect(200);
    assert_eq!(ana.put(path, wanted).await.problem(409), "changed-meanwhile");
    let again = json!({"quick_replies": put["quick_replies"], "version": 0});
    assert_eq!(ana.put(path, again).await.expect(200), put, "the same again changes nothing");
    assert_eq!(luis.get(path).await.expect(200), put);
    for bad in ["Hi {{customerName}}", "\u{200b}", "On the way"] {
        let replies = json!({"quick_replies": [{"text": "On the way"}, {"text": bad}], "version": 1});
        assert_eq!(ana.put(path, replies).await.problem(422), "invalid", "{bad}");
    }
    let many: Vec<Value> = (0..9).map(|n| json!({"text": format!("Reply {n}")})).collect();
    assert_eq!(ana.put(path, json!({"quick_replies": many, "version": 1})).await.problem(422), "invalid");
}
