//! Nobody on the job opens what a customer writes: the crew's own phones, then the office (FEATURES 92, RULES "Push
//! ladder").

use std::time::Duration;

use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::Staff;
use porchlight_flows::push_service::PushService;
use porchlight_flows::{House, Person, eventually};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::MARIA;

const LUISS_PHONE: &str = "+12075550201";
const MARTAS_PHONE: &str = "+12075550202";
const TEN: Duration = Duration::from_mins(10);
const FIVE: Duration = Duration::from_mins(5);

/// A house whose technicians may be texted, and Maria's job of today, which is Luis's.
struct Case {
    house: House,
    ana: Person,
    ben: Person,
    luis: Person,
    job: String,
}

impl Case {
    async fn new() -> Self {
        let house = House::with_still_clock().await;
        for (staff, number) in [(&house.staff[2], LUISS_PHONE), (&house.staff[3], MARTAS_PHONE)] {
            let phone = Some(ContactPoint::phone(number).expect("a number"));
            let staff = Staff { phone, ..staff.clone() };
            house.store().put_staff(&staff).await.expect("a put");
        }
        let (ana, ben, luis) = (house.ana().await, house.ben().await, house.luis().await);
        agree(&luis, true).await;
        agree(&house.marta().await, true).await;
        let job = job_of_today(&house, &ben).await;
        ben.assign_job(&job, luis.id()).await;
        let case = Self { house, ana, ben, luis, job };
        case.set(true).await;
        // He works there before she writes.
        case.house.running.platform().clock.advance(Duration::from_secs(1));
        case
    }

    async fn set(&self, enabled: bool) {
        let rule = json!({ "enabled": enabled, "text_after_minutes": 10, "alert_after_minutes": 5 });
        self.ana.put("/api/settings/push-ladder", rule).await;
    }

    /// Maria writes, and her message begins a ladder; her thread.
    async fn maria_writes(&self, words: &str) -> String {
        self.house.text(MARIA, words).await;
        let thread = self.ben.thread(MARIA).await;
        self.until_ladder(&thread, words).await;
        thread
    }

    async fn until_ladder(&self, thread: &str, words: &str) {
        let (store, id) = (self.house.store(), thread.parse().expect("an id"));
        eventually(&format!("a ladder of “{words}” to stand"), async || {
            let ladder = store.ladder(&self.house.business, &id).await.expect("a read");
            ladder.filter(porchlight_domain::push::Ladder::stands)
        })
        .await;
    }

    fn texts(&self) -> [usize; 2] {
        [LUISS_PHONE, MARTAS_PHONE].map(|phone| self.house.accepted_for(phone).len())
    }

    async fn until_texts(&self, texts: [usize; 2]) {
        eventually("the texts at the crew's phones", async || (self.texts() == texts).then_some(())).await;
    }

    /// What the thread tells by quiet entries.
    async fn told(&self, thread: &str) -> Vec<String> {
        let messages = self.ben.messages(thread).await.into_iter().filter(|it| it["kind"] == "system");
        messages.map(|it| it["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Time enough for every step there could be. Streams drop what an hour has passed over, by this clock.
    async fn all_passes(&self) {
        for time in [TEN, FIVE, Duration::from_mins(1)] {
            self.house.pass(time).await;
        }
    }
}

async fn agree(who: &Person, texts: bool) {
    let wants = json!({ "quiet": null, "on_call": false, "office": "mine", "texts": texts });
    who.put("/api/settings/push", wants).await;
}

async fn job_of_today(house: &House, ben: &Person) -> String {
    let customer = ben.put_customer("Maria Alvarez", MARIA).await;
    let job = ben.put_job(&customer, 1042).await;
    put_job(house, ben, &customer, &job, "in_progress").await;
    job
}

async fn put_job(house: &House, ben: &Person, customer: &str, job: &str, status: &str) {
    let now = house.running.platform().clock.now().to_string();
    let of_today = json!({
        "customer_id": customer, "number": 1042, "title": "Water heater", "status": status, "scheduled_at": now,
    });
    ben.put(&format!("/api/jobs/{job}"), of_today).await;
}

async fn device(who: &Person, service: &PushService, browser: &str) {
    let asked = json!({ "kind": "webpush", "subscription": service.subscription(browser), "name": browser });
    who.post("/api/devices", asked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unopened_text_reaches_the_technicians_own_phone_and_then_the_office() {
    let (case, service) = (Case::new().await, PushService::start().await);
    for (who, browser) in [(&case.luis, "luis"), (&case.ben, "ben")] {
        device(who, &service, browser).await;
    }
    let thread = case.maria_writes("The gate code is 4711").await;
    service.until_posts("luis", 1).await;
    case.house.pass(FIVE).await;
    assert_eq!(case.texts(), [0, 0], "not yet");
    case.house.pass(FIVE).await;
    case.until_texts([1, 0]).await;
    let text = case.house.accepted_for(LUISS_PHONE).remove(0);
    let id = case.ben.messages(&thread).await[0]["id"].as_str().expect("an id").to_owned();
    let url = case.house.running.public_url();
    assert!(text.contains(&format!("{url}/conversations/{thread}?message={id}")), "{text}");
    assert!(
        text.contains("Maria Alvarez wrote") && text.contains("STOP") && !text.contains("4711"),
        "{text}"
    );
    assert_eq!(
        case.told(&thread).await,
        ["Nobody on the job opened this for 10 minutes: Luis Ortega got a text"]
    );
    assert!(service.posts_to("ben").is_empty(), "the office is not told yet");

    case.house.pass(FIVE).await;
    let posts = service.until_posts("ben", 1).await;
    let key = case.ben.me["vapid_public_key"].as_str().expect("a key");
    let told = service.read(&posts, key).await.remove(0);
    assert_eq!(
        (&told["message"]["notification"]["title"], &told["message"]["porchlight"]["kind"]),
        (&json!("Maria Alvarez"), &json!("escalation"))
    );
    assert_eq!(told["message"]["porchlight"]["message"], json!(id));
    let said = case.told(&thread).await;
    assert_eq!(said[1], "Nobody on the job opened this for 15 minutes: the office was told");
    let row = case.ben.conversation_with(MARIA).await.expect("a row");
    assert_eq!((&row["attention"], &row["attention_reason"]), (&json!(true), &json!("unopened")));

    case.all_passes().await;
    assert_eq!((case.texts(), service.posts_to("ben").len(), case.told(&thread).await.len()), ([1, 0], 1, 2));
    // What they text at is nobody's to read, and no thread among the customers'.
    let (_, listed) = case.ben.ask(Method::GET, "/api/conversations?filter=all", Value::Null).await;
    assert_eq!(listed["conversations"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_a_look_of_the_crew_or_done_ends_it_and_a_look_of_the_office_does_not() {
    let case = Case::new().await;
    let thread = case.maria_writes("Are you coming?").await;
    case.ben.reply(&thread, "On our way").await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([0, 0], 0), "answered");

    case.maria_writes("And now?").await;
    case.luis.post(&format!("/api/conversations/{thread}/read"), json!({})).await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([0, 0], 0), "he has opened it");

    case.maria_writes("Hello?").await;
    case.ben.post(&format!("/api/conversations/{thread}/done"), json!({})).await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([0, 0], 0), "somebody has seen to it");

    case.maria_writes("Anybody?").await;
    case.ben.post(&format!("/api/conversations/{thread}/read"), json!({})).await;
    case.house.pass(TEN).await;
    case.until_texts([1, 0]).await;
    // Answered after the text: the office has nothing to hear of.
    case.luis.reply(&thread, "I am at the door").await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([1, 0], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_works_on_the_job_by_then_is_texted_and_nobody_once_it_is_canceled() {
    let case = Case::new().await;
    let thread = case.maria_writes("Hello?").await;
    case.maria_writes("Are you there?").await;
    case.house.pass(FIVE).await;
    case.ben.unassign_job(&case.job, case.luis.id()).await;
    let marta = case.house.marta().await;
    case.ben.assign_job(&case.job, marta.id()).await;
    case.house.pass(FIVE).await;
    case.until_texts([0, 1]).await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([0, 1], 2), "once, for both messages");

    case.maria_writes("Once more").await;
    let customer = case.ben.get(&format!("/api/jobs/{}", case.job)).await["customer"]["id"].clone();
    let customer = customer.as_str().expect("an id");
    put_job(&case.house, &case.ben, customer, &case.job, "canceled").await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([0, 1], 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_off_or_sent_stop_gets_no_text_and_the_office_is_told_all_the_same_p6() {
    let case = Case::new().await;
    let marta = case.house.marta().await;
    case.ben.assign_job(&case.job, marta.id()).await;
    case.house.running.platform().clock.advance(Duration::from_secs(1));
    case.house.text(MARTAS_PHONE, "STOP").await;
    eventually("her STOP", async || {
        let texts = marta.get("/api/settings/push").await["texts"].clone();
        (texts["allowed"] == false).then_some(())
    })
    .await;
    let off = format!("/api/staff/{}/day-off", case.luis.id());
    let (status, answer) =
        case.ben.ask(Method::PUT, &off, json!({ "id": porchlight_flows::new_id(), "off": true })).await;
    assert!(status.is_success(), "{status} {answer}");
    let thread = case.maria_writes("Hello?").await;
    case.all_passes().await;
    let told = case.told(&thread).await;
    assert_eq!(case.texts(), [0, 0]);
    assert_eq!(told[0], "Nobody on the job opened this for 10 minutes: none of them may be texted now");
    assert!(told[1].ends_with("the office was told"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_that_has_it_off_hears_nothing_and_neither_does_one_that_switches_it_off() {
    let case = Case::new().await;
    case.set(false).await;
    case.house.text(MARIA, "Hello?").await;
    let thread = case.ben.thread(MARIA).await;
    case.all_passes().await;
    let id = thread.parse().expect("an id");
    assert_eq!(case.house.store().ladder(&case.house.business, &id).await.expect("a read"), None);
    case.set(true).await;
    case.maria_writes("Hello again?").await;
    case.set(false).await;
    case.all_passes().await;
    assert_eq!((case.texts(), case.told(&thread).await.len()), ([0, 0], 0));
    let (status, _) = case.ben.ask(Method::GET, "/api/settings/push-ladder", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
}
