//! Who is woken, and how, by a push service that answers as Chrome's, Mozilla's and Apple's do (RULES "Push"; P7).

use std::time::Duration;

use porchlight_domain::push::LEASE;
use porchlight_flows::push_service::PushService;
use porchlight_flows::{House, Person, Setup, eventually, new_id};
use porchlight_store::pushes::PushClaim;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{JUNE, MARIA, OMAR};

async fn device(who: &Person, service: &PushService, browser: &str) -> Value {
    let asked = json!({ "kind": "webpush", "subscription": service.subscription(browser), "name": browser });
    who.post("/api/devices", asked).await
}

async fn devices(who: &Person) -> Vec<Value> {
    who.get("/api/devices").await["devices"].as_array().expect("a list").clone()
}

async fn device_once(who: &Person, health: &str) -> Value {
    eventually(&format!("a device that is {health}"), async || {
        devices(who).await.into_iter().find(|device| device["health"] == health)
    })
    .await
}

fn key(who: &Person) -> &str {
    who.me["vapid_public_key"].as_str().expect("there is a key")
}

/// Maria has a job that Luis works on.
async fn job_of_luis(house: &House) -> (Person, Person, String) {
    let (ben, luis) = (house.ben().await, house.luis().await);
    let customer = ben.put_customer("Maria Alvarez", MARIA).await;
    let job = ben.put_job(&customer, 1042).await;
    ben.assign_job(&job, luis.id()).await;
    (ben, luis, job)
}

fn slug(problem: &Value) -> &str {
    problem["type"].as_str().and_then(|kind| kind.strip_prefix("urn:porchlight:problem:")).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_wakes_the_crew_of_its_job_who_not_what_and_others_read_it_p7() {
    let (house, service) = (House::new().await, PushService::start().await);
    let (ben, luis, _) = job_of_luis(&house).await;
    let marta = house.marta().await;
    for (who, browser) in [(&ben, "ben"), (&luis, "luis"), (&marta, "marta")] {
        let made = device(who, &service, browser).await;
        assert_eq!(
            (&made["kind"], &made["health"], &made["key"]),
            (&json!("webpush"), &json!("new"), &json!(key(who)))
        );
    }
    house.text(MARIA, "The gate code is 4711").await;
    let posts = service.until_posts("luis", 1).await;
    // Nobody's job: the office.
    house.text(OMAR, "Is anybody there?").await;
    service.until_posts("ben", 1).await;

    let headers = &posts[0].headers;
    assert_eq!((headers["content-encoding"].as_str(), headers["urgency"].as_str()), ("aes128gcm", "high"));
    assert!(
        headers["ttl"].parse::<u32>().is_ok_and(|ttl| (86_000..=86_400).contains(&ttl)),
        "{}",
        headers["ttl"]
    );
    let topic = &headers["topic"];
    assert!(
        topic.len() == 32 && topic.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-_".contains(&sign))
    );
    let read = service.read(&posts, key(&luis)).await;
    let message = &read[0]["message"];
    let thread = luis.thread(MARIA).await;
    let text = luis.messages(&thread).await.last().cloned().expect("the text");
    let navigate = format!(
        "{}/conversations/{thread}?message={}",
        house.running.public_url(),
        text["id"].as_str().expect("an id")
    );
    assert_eq!(message["notification"]["navigate"], navigate);
    assert_eq!(
        (&message["notification"]["title"], &message["notification"]["tag"]),
        (&json!("Maria Alvarez"), &json!(format!("porchlight.{thread}")))
    );
    assert_eq!(
        message["porchlight"],
        json!({ "person": luis.id(), "kind": "message", "conversation": thread, "message": text["id"], "seq": 1 })
    );
    assert!(!message.to_string().contains("4711"), "who, and not what");
    assert!(read[0]["size"].as_u64().is_some_and(|size| size <= 4096));
    assert!(read[0]["claims"]["sub"].as_str().is_some_and(|sub| sub.starts_with("mailto:")));

    let bens = service.read(&service.posts_to("ben"), key(&ben)).await;
    assert_eq!(bens.len(), 1, "Maria's was her crew's");
    assert_eq!(
        (&bens[0]["message"]["notification"]["title"], &bens[0]["message"]["app_badge"]),
        (&json!(OMAR), &json!(2))
    );
    assert!(service.posts_to("marta").is_empty(), "she works on neither");
    eventually("both to be counted", async || {
        (ben.get("/api/conversations").await["counts"]["unread"] == 2).then_some(())
    })
    .await;
    let pair = luis.post("/api/internal", json!({ "id": new_id(), "with": ben.id() })).await;
    let messages = format!("/api/conversations/{}/messages", pair["id"].as_str().expect("an id"));
    luis.post(&messages, json!({ "id": new_id(), "text": "Lunch?", "seen_seq": 0 })).await;
    let bens = service.read(&service.until_posts("ben", 2).await, key(&ben)).await;
    assert_eq!(bens[1]["message"]["app_badge"], 2, "colleagues are counted apart");
    device_once(&luis, "ok").await;
    assert_eq!(devices(&luis).await.len(), 1, "each sees their own");
}

/// What the last of so many posts to a browser says.
async fn told(service: &PushService, who: &Person, browser: &str, posts: usize) -> Value {
    let posts = service.until_posts(browser, posts).await;
    let read = service.read(&posts, key(who)).await;
    read.last().expect("there are posts")["message"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_on_a_technicians_icon_is_what_they_can_open_p7() {
    let (house, service) = (House::new().await, PushService::start().await);
    let (ben, luis, job) = job_of_luis(&house).await;
    let june = ben.put_customer("June Ito", JUNE).await;
    let junes = ben.put_job(&june, 1043).await;
    ben.assign_job(&junes, luis.id()).await;
    device(&luis, &service, "luis").await;

    house.text(MARIA, "Hello?").await;
    assert_eq!(told(&service, &luis, "luis", 1).await["app_badge"], 1);
    house.text(OMAR, "Not his to open").await;
    house.text(JUNE, "And here?").await;
    assert_eq!(told(&service, &luis, "luis", 2).await["app_badge"], 2);
    let pair = ben.post("/api/internal", json!({ "id": new_id(), "with": luis.id() })).await;
    let messages = format!("/api/conversations/{}/messages", pair["id"].as_str().expect("an id"));
    ben.post(&messages, json!({ "id": new_id(), "text": "Lunch?", "seen_seq": 0 })).await;
    assert_eq!(told(&service, &luis, "luis", 3).await["app_badge"], 3, "a colleague's counts for him");
    // As the window has it.
    eventually("the same in the list", async || {
        (luis.get("/api/conversations").await["counts"]["unread"] == 3).then_some(())
    })
    .await;

    // What is no longer his to open is not counted; what he has read is not either.
    ben.unassign_job(&job, luis.id()).await;
    let read = format!("/api/conversations/{}/read", pair["id"].as_str().expect("an id"));
    luis.post(&read, Value::Null).await;
    house.text(JUNE, "Once more").await;
    assert_eq!(told(&service, &luis, "luis", 4).await["app_badge"], 2, "both are June's");

    // Of a shared number nothing is counted for him, and his notification knows it.
    ben.put(&format!("/api/contacts/{JUNE}"), json!({ "cannot_text": false, "shared": true })).await;
    house.text(JUNE, "The flat upstairs").await;
    let shared = told(&service, &luis, "luis", 5).await;
    assert_eq!((&shared["app_badge"], &shared["porchlight"]["counted"]), (&json!(0), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_answer_of_a_push_service_is_heard() {
    let (house, service) = (House::with_still_clock().await, PushService::start().await);
    let ben = house.ben().await;
    let browsers = ["fine", "gone", "missing", "forbidden", "bad", "large", "busy", "broken"];
    for browser in browsers {
        device(&ben, &service, browser).await;
    }
    service.answers("gone", 410, None);
    service.answers("missing", 404, None);
    service.answers("forbidden", 403, None);
    service.answers("bad", 400, None);
    service.answers("large", 413, None);
    service.answers("busy", 429, Some("300"));
    service.answers("broken", 503, None);
    house.text(MARIA, "Hello?").await;
    for (browser, posts) in [
        ("fine", 1),
        ("gone", 1),
        ("missing", 1),
        ("forbidden", 1),
        ("bad", 1),
        ("large", 2),
        ("busy", 1),
        ("broken", 1),
    ] {
        service.until_posts(browser, posts).await;
    }
    let health = async || {
        let all = devices(&ben).await;
        let of = |name: &str| {
            all.iter().find(|device| device["name"] == name).map(|device| device["health"].clone())
        };
        browsers.map(of)
    };
    let word = |word: &str| Some(json!(word));
    let expected = [
        word("ok"),
        None,
        None,
        word("refused"),
        word("refused"),
        word("ok"),
        word("failing"),
        word("failing"),
    ];
    eventually("every answer to be known", async || (health().await == expected).then_some(())).await;
    let refused =
        devices(&ben).await.into_iter().find(|device| device["name"] == "forbidden").expect("it is there");
    assert!(
        refused["health_reason"].as_str().is_some_and(|why| why.contains("Open the app there once")),
        "{refused}"
    );
    // What is too large comes again without its words.
    let large = service.read(&service.posts_to("large"), key(&ben)).await;
    assert!(
        large[1]["size"].as_u64() < large[0]["size"].as_u64()
            || large[1]["message"]["notification"]["title"] != json!(MARIA)
    );

    house.pass(Duration::from_mins(2)).await;
    service.until_posts("broken", 2).await;
    assert_eq!(service.posts_to("busy").len(), 1, "it asked for five minutes");
    house.pass(Duration::from_mins(4)).await;
    service.until_posts("busy", 2).await;
    house.text(MARIA, "Still there?").await;
    service.until_posts("busy", 3).await;
    service.until_posts("fine", 2).await;
    let counts =
        ["fine", "gone", "missing", "forbidden", "bad"].map(|browser| service.posts_to(browser).len());
    assert_eq!(counts, [2, 1, 1, 1, 1], "who is gone or refuses us is left alone");
    // The same browser, come anew, begins anew.
    device(&ben, &service, "forbidden").await;
    house.text(MARIA, "Hello again").await;
    service.until_posts("forbidden", 2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_changed_hands_wakes_the_first_no_more() {
    let (house, service) = (House::new().await, PushService::start().await);
    let (ana, ben) = (house.ana().await, house.ben().await);
    let first = device(&ana, &service, "shared").await;
    let again = device(&ana, &service, "shared").await;
    assert_eq!(first["id"], again["id"], "the same endpoint is the same device");
    let id = first["id"].as_str().expect("an id").parse().expect("an id");
    let anas = house.store().device(&house.business, &ana.id().parse().expect("an id"), &id).await;
    let anas = anas.expect("a read").expect("it is hers");
    device(&ben, &service, "shared").await;
    assert!(devices(&ana).await.is_empty());
    let removed = house.store().delete_device(&anas).await.expect("an answer");
    assert!(!removed && devices(&ben).await.len() == 1, "who knew it as hers removes nothing of his");
    house.text(MARIA, "Hello?").await;
    let posts = service.until_posts("shared", 1).await;
    let read = service.read(&posts, key(&ben)).await;
    assert_eq!(read.len(), 1);
    assert_eq!(read[0]["message"]["porchlight"]["person"], ben.id());
}

#[tokio::test(flavor = "multi_thread")]
async fn access_that_ends_before_the_post_ends_the_push_p7() {
    let (house, service) = (House::with_still_clock().await, PushService::start().await);
    let (ben, luis, job) = job_of_luis(&house).await;
    for browser in ["phone", "tablet"] {
        device(&luis, &service, browser).await;
        service.answers(browser, 503, None);
    }
    // Unread begins at joining, and he joins before she writes.
    house.running.platform().clock.advance(Duration::from_secs(1));
    house.text(MARIA, "Hello?").await;
    service.until_posts("phone", 1).await;
    service.until_posts("tablet", 1).await;
    eventually("the refusals to be kept", async || {
        let all = devices(&luis).await;
        all.iter().all(|device| device["health"] == "failing").then_some(())
    })
    .await;
    ben.unassign_job(&job, luis.id()).await;
    house.pass(Duration::from_mins(5)).await;
    assert_eq!((service.posts_to("phone").len(), service.posts_to("tablet").len()), (1, 1));
    // And it is over, also when he is back.
    ben.assign_job(&job, luis.id()).await;
    house.pass(Duration::from_hours(1)).await;
    assert_eq!(service.posts_to("phone").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signed_out_or_was_signed_out_is_woken_no_more() {
    let (house, service) = (House::new().await, PushService::start().await);
    let (ana, ben) = (house.ana().await, house.ben().await);
    let second = house.ben().await;
    device(&ben, &service, "first").await;
    device(&second, &service, "second").await;
    device(&ana, &service, "ana").await;
    ben.delete("/api/session").await;
    house.text(MARIA, "Hello?").await;
    service.until_posts("second", 1).await;
    assert!(service.posts_to("first").is_empty());
    assert_eq!(devices(&second).await.len(), 1);
    ana.post(&format!("/api/staff/{}/sign-out", second.id()), json!({})).await;
    house.text(OMAR, "Hello?").await;
    service.until_posts("ana", 2).await;
    assert_eq!(service.posts_to("second").len(), 1);
}

fn written(house: &House, thread: &str, seq: u64) -> Value {
    let keys = json!({ "pk": { "S": format!("{}#CONV#{thread}", house.business) }, "sk": { "S": format!("MSG#{seq:012}") } });
    json!({ "Records": [{
        "eventID": "1", "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb", "awsRegion": "us-east-1",
        "dynamodb": { "Keys": keys, "SequenceNumber": "111", "SizeBytes": 26, "StreamViewType": "NEW_IMAGE" },
        "eventSourceARN": "arn:aws:dynamodb:us-east-1:123456789012:table/messages/stream/2026",
    }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_record_again_is_silent_and_what_was_broken_off_comes_once_naming_nobody_p4() {
    let (house, service) = (House::with_still_clock().await, PushService::start().await);
    let ben = house.ben().await;
    let made = device(&ben, &service, "phone").await;
    house.text(MARIA, "Hello?").await;
    service.until_posts("phone", 1).await;
    let thread = ben.thread(MARIA).await;
    let push = house.running.function("Push").expect("it is declared");
    for _ in 0..3 {
        push.invoke(written(&house, &thread, 1)).await.expect("it takes the records");
    }
    house.pass(Duration::from_mins(2)).await;
    assert_eq!(service.posts_to("phone").len(), 1, "claimed once");

    // Somebody claimed a post, and died.
    let other = device(&ben, &service, "tablet").await;
    let text = ben.messages(&thread).await[0].clone();
    let parse = |value: &Value| value.as_str().expect("text").to_owned();
    let now = house.running.platform().clock.now();
    let claim = PushClaim {
        business: house.business.clone(),
        message: parse(&text["id"]).parse().expect("an id"),
        conversation: thread.parse().expect("an id"),
        seq: 1,
        staff: ben.id().parse().expect("an id"),
        device: parse(&other["id"]).parse().expect("an id"),
        is_escalation: false,
        begun_at: now,
        tries: 1,
        lost: 0,
        is_posting: true,
        due: Some(now + LEASE),
    };
    assert!(house.store().claim_push(&claim).await.expect("a write"));
    push.invoke(written(&house, &thread, 1)).await.expect("it takes the records");
    assert!(service.posts_to("tablet").is_empty(), "the lease lasts");
    house.pass(Duration::from_mins(1)).await;
    let posts = service.until_posts("tablet", 1).await;
    let read = service.read(&posts, key(&ben)).await;
    let notification = &read[0]["message"]["notification"];
    assert_eq!(notification["title"], ben.me["business_name"], "nobody but the business is named");
    house.pass(Duration::from_mins(5)).await;
    assert_eq!(service.posts_to("tablet").len(), 1);
    assert_eq!(made["id"], devices(&ben).await[0]["id"]);

    // What is old wakes nobody who came later.
    device(&ben, &service, "late").await;
    house.pass(Duration::from_hours(2)).await;
    push.invoke(written(&house, &thread, 1)).await.expect("it takes the records");
    assert!(service.posts_to("late").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_tested_in_plain_words_and_is_its_owners_alone_p7() {
    let (house, service) = (House::new().await, PushService::start().await);
    let (ana, ben) = (house.ana().await, house.ben().await);
    let made = device(&ben, &service, "phone").await;
    let test = format!("/api/devices/{}/test", made["id"].as_str().expect("an id"));
    let told = ben.post(&test, json!({})).await;
    assert_eq!((&told["device"]["health"], told["told"].is_string()), (&json!("ok"), true));
    let read = service.read(&service.posts_to("phone"), key(&ben)).await;
    assert_eq!(read[0]["message"]["porchlight"], json!({ "person": ben.id(), "kind": "test" }));
    assert!(!service.posts_to("phone")[0].headers.contains_key("topic"));
    let outcome = async |who: &Person| {
        let (status, body) = who.ask(Method::POST, &test, json!({})).await;
        (status.as_u16(), slug(&body).to_owned())
    };
    assert_eq!(outcome(&ana).await.0, 404);
    let (status, _) = ana.ask(Method::DELETE, test.trim_end_matches("/test"), Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    for (answer, told) in
        [(502, (502, "push-service")), (403, (409, "device-refused")), (410, (409, "device-gone"))]
    {
        service.answers("phone", answer, None);
        assert_eq!(outcome(&ben).await, (told.0, told.1.to_owned()));
    }
    assert!(devices(&ben).await.is_empty(), "what is gone is removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_pushed_to_is_refused_when_it_is_registered() {
    let options = Box::new(|options: &mut porchlight_local::local::Options| options.allow_loopback = false);
    let house = House::with(Setup { options, ..Setup::default() }).await;
    let (ben, service) = (house.ben().await, PushService::start().await);
    let ask = async |body: Value| {
        let (status, body) = ben.ask(Method::POST, "/api/devices", body).await;
        (status.as_u16(), slug(&body).to_owned())
    };
    let inside = json!({ "kind": "webpush", "subscription": service.subscription("x") });
    assert_eq!(ask(inside).await, (422, "not-a-subscription".to_owned()), "a private address");
    let mut broken = service.subscription("x");
    broken["endpoint"] = json!("https://fcm.googleapis.com/fcm/send/x");
    broken["keys"]["auth"] = json!("AAAAAAAAAAAAAAAAAAAA");
    assert_eq!(ask(json!({ "kind": "webpush", "subscription": broken })).await.0, 422);
    assert_eq!(ask(json!({ "kind": "webpush" })).await.0, 422);
    assert_eq!(ask(json!({ "kind": "apns", "token": "ab01" })).await, (409, "not-set-up".to_owned()));
    let settings = json!({ "quiet": { "from": "22:00", "until": "07:00", "time_zone": "America/New_York" }, "on_call": true, "office": "all" });
    let mut told = ben.put("/api/settings/push", settings.clone()).await;
    assert_eq!(ben.get("/api/settings/push").await, told);
    assert_eq!(told["texts"].take()["allowed"], false);
    told.as_object_mut().expect("settings").remove("texts");
    assert_eq!(told, settings);
    let (status, _) = ben.ask(Method::PUT, "/api/settings/push", json!({ "quiet": { "from": "25:00", "until": "07:00", "time_zone": "UTC" }, "on_call": false, "office": "mine" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
