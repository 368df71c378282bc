//! The simulator behaves: what it takes, tells and keeps is what Twilio would.

mod common;

use common::{ACCOUNT, LINE, MARIA, Street, TOKEN, config, http, text};
use porchlight_simulator::{Direction, TextMedia};
use porchlight_twilio::{CreateOutcome, InboundMessage, ReadClient, StatusUpdate};
use serde_json::json;

#[tokio::test]
async fn a_text_is_posted_signed_with_all_that_twilio_says() {
    let mut street = Street::new().await;
    let sent = street.simulator.text(text("Good morning, it's ☕ & knocking")).await.unwrap();
    let came = street.next().await;
    assert!(came.signed && came.path == "/messages");
    assert_eq!(came.get("SmsStatus"), "received");
    assert_eq!(came.get("FromState"), "ME");
    let message = InboundMessage::from_form(&came.form).unwrap();
    assert_eq!(
        (message.sid.as_str(), message.body.as_str()),
        (sent.sid.as_str(), "Good morning, it's ☕ & knocking")
    );
    assert_eq!((message.from.as_str(), message.to.as_str()), (MARIA, LINE));
    assert_eq!(came.get("AccountSid"), ACCOUNT);
    let outcome = sent.webhook.unwrap();
    assert!(outcome.accepted && outcome.attempts == 1 && outcome.note.is_none());
}

#[tokio::test]
async fn a_photo_is_behind_basic_authentication_until_it_is_deleted() {
    let mut street = Street::new().await;
    let mut photo = text("");
    photo.media = vec![TextMedia { content_type: "image/png".into(), bytes: (&b"\x89PNG"[..]).into() }];
    let sent = street.simulator.text(photo).await.unwrap();
    assert!(sent.sid.starts_with("MM"));
    let message = InboundMessage::from_form(&street.next().await.form).unwrap();
    let media = &message.media[0];
    assert_eq!((message.media.len(), media.content_type.as_deref()), (1, Some("image/png")));
    assert_eq!(http().get(&media.url).send().await.unwrap().status(), 401);
    let signed_in = |request: reqwest::RequestBuilder| request.basic_auth(ACCOUNT, Some(TOKEN)).send();
    let got = signed_in(http().get(&media.url)).await.unwrap();
    assert_eq!(got.headers()["content-type"], "image/png");
    assert_eq!(got.bytes().await.unwrap(), &b"\x89PNG"[..]);
    let list =
        format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages/{}/Media.json", street.simulator.url(), sent.sid);
    let count = async || {
        let list: serde_json::Value = signed_in(http().get(&list)).await.unwrap().json().await.unwrap();
        list["media_list"].as_array().unwrap().len()
    };
    assert_eq!(count().await, 1);
    assert_eq!(signed_in(http().delete(format!("{}.json", media.url))).await.unwrap().status(), 204);
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn a_message_is_accepted_then_sent_then_on_the_phone() {
    let mut street = Street::new().await;
    let CreateOutcome::Accepted(accepted) = street.create("On my way").await else { panic!() };
    assert_eq!((accepted.status.as_str(), accepted.num_segments.as_deref()), ("queued", Some("1")));
    let sent = StatusUpdate::from_form(&street.next().await.form).unwrap();
    assert_eq!((sent.status.as_str(), &sent.sid, sent.raw_dlr_done_date), ("sent", &accepted.sid, None));
    let delivered = street.next().await;
    assert!(delivered.signed);
    let delivered = StatusUpdate::from_form(&delivered.form).unwrap();
    assert_eq!(delivered.status, "delivered");
    assert!(delivered.raw_dlr_done_date.is_some());
    let shown = street.simulator.on_phone(MARIA);
    assert_eq!((shown.len(), shown[0].body.as_str()), (1, "On my way"));
    let fetched = ReadClient::new().unwrap().fetch_message(&street.account(), &accepted.sid).await.unwrap();
    assert_eq!((fetched.status.as_str(), fetched.direction.as_deref()), ("delivered", Some("outbound-api")));
    assert!(fetched.created_unix_ms().is_some());
}

async fn create_raw(street: &Street, fields: &[(&str, &str)]) -> (u16, serde_json::Value) {
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", street.simulator.url());
    let response = http().post(url).basic_auth(ACCOUNT, Some(TOKEN)).form(fields).send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn a_created_message_reads_as_twilios() {
    let street = Street::new().await;
    let (status, created) =
        create_raw(&street, &[("To", "(207) 555-0188"), ("From", LINE), ("Body", "Hi")]).await;
    assert_eq!((status, &created["to"]), (201, &json!(MARIA)));
    for (field, value) in [
        ("account_sid", json!(ACCOUNT)),
        ("api_version", json!("2010-04-01")),
        ("date_sent", json!(null)),
        ("direction", json!("outbound-api")),
        ("error_code", json!(null)),
        ("num_media", json!("0")),
        ("num_segments", json!("1")),
        ("price", json!(null)),
        ("status", json!("queued")),
    ] {
        assert_eq!(created[field], value, "{field}");
    }
    let sid = created["sid"].as_str().unwrap();
    assert!(created["date_created"].as_str().unwrap().ends_with(" +0000"));
    let uri = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}");
    assert_eq!(created["uri"], json!(format!("{uri}.json")));
    assert_eq!(created["subresource_uris"]["media"], json!(format!("{uri}/Media.json")));
}

#[tokio::test]
async fn what_twilio_refuses_is_refused_with_its_code() {
    let street = Street::new().await;
    let long = "x".repeat(1_601);
    let eleven = [("MediaUrl", "https://example.com/a.png"); 11];
    let to_from = |to, from| vec![("To", to), ("From", from), ("Body", "x")];
    for (fields, code) in [
        (vec![("From", LINE), ("Body", "x")], 21604),
        (vec![("To", MARIA), ("From", LINE)], 21602),
        (vec![("To", MARIA), ("From", LINE), ("Body", &long)], 21617),
        (vec![("To", MARIA), ("Body", "x")], 21603),
        (vec![("To", MARIA), ("From", LINE), ("MediaUrl", "photo.png")], 21620),
        ([&[("To", MARIA), ("From", LINE)][..], &eleven].concat(), 21623),
        (vec![("To", MARIA), ("From", LINE), ("Body", "x"), ("StatusCallback", "nowhere")], 21609),
        (to_from("landline", LINE), 21211),
        (to_from(MARIA, "+12075550199"), 21606),
        (to_from(LINE, LINE), 21266),
        (to_from("+15005550001", LINE), 21211),
        (to_from("+15005550002", LINE), 21612),
        (to_from("+15005550003", LINE), 21408),
        (to_from("+15005550004", LINE), 21610),
        (to_from("+15005550009", LINE), 21614),
        (to_from(MARIA, "+15005550001"), 21212),
        (to_from(MARIA, "+15005550007"), 21606),
        (to_from(MARIA, "+15005550008"), 21611),
    ] {
        let (status, error) = create_raw(&street, &fields).await;
        assert_eq!((status, &error["code"], &error["status"]), (400, &json!(code), &json!(400)), "{error}");
        assert_eq!(error["more_info"], json!(format!("https://www.twilio.com/docs/errors/{code}")));
    }
    assert!(street.simulator.messages().is_empty());
    assert_eq!(create_raw(&street, &to_from(MARIA, "+15005550006")).await.0, 201);
}

#[tokio::test]
async fn who_does_not_know_the_token_is_told_20003() {
    let street = Street::new().await;
    let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", street.simulator.url());
    for request in [http().get(&url), http().get(&url).basic_auth(ACCOUNT, Some("wrong"))] {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert_eq!(response.json::<serde_json::Value>().await.unwrap()["code"], json!(20003));
    }
}

#[tokio::test]
async fn a_list_is_newest_first_in_pages_that_stay_put() {
    let street = Street::new().await;
    for count in 0..5 {
        street.create(&format!("text {count}")).await;
    }
    let base = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?From=%2B12075550142&PageSize=2");
    let page = async |uri: String| {
        let url = format!("{}{uri}", street.simulator.url());
        let page: serde_json::Value =
            http().get(url).basic_auth(ACCOUNT, Some(TOKEN)).send().await.unwrap().json().await.unwrap();
        let bodies = page["messages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|message| message["body"].as_str().unwrap().to_owned());
        (bodies.collect::<Vec<_>>(), page["next_page_uri"].as_str().map(str::to_owned))
    };
    let (first, next) = page(base).await;
    street.create("a newer one").await;
    let (second, next) = page(next.unwrap()).await;
    let (third, end) = page(next.unwrap()).await;
    assert_eq!([first, second, third].concat(), ["text 4", "text 3", "text 2", "text 1", "text 0"]);
    assert_eq!(end, None);
    let list = ReadClient::new().unwrap().list_messages(&street.account(), MARIA, LINE).await.unwrap();
    assert_eq!((list.messages.len(), list.complete), (6, true));
}

#[tokio::test]
async fn a_date_filter_hides_what_is_not_sent_yet() {
    let mut config = config();
    config.pace.sent = std::time::Duration::from_hours(1);
    let street = Street::with(config, "").await;
    street.create("still queued").await;
    let count = async |query: &str| {
        let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json?{query}", street.simulator.url());
        let list: serde_json::Value =
            http().get(url).basic_auth(ACCOUNT, Some(TOKEN)).send().await.unwrap().json().await.unwrap();
        list["messages"].as_array().unwrap().len()
    };
    assert_eq!([count("").await, count("DateSent%3E=2020-01-01").await, count("To=%2B1").await], [1, 0, 0]);
    street.simulator.text(text("received today")).await.unwrap();
    let today = street.simulator.messages()[1].created.rfc3339()[..10].to_owned();
    let on = [
        format!("DateSent={today}"),
        format!("DateSent={today}T00:00:00Z"),
        "DateSent=2020-01-01".to_owned(),
    ];
    assert_eq!([count(&on[0]).await, count(&on[1]).await, count(&on[2]).await], [1, 1, 0]);
}

#[tokio::test]
async fn stop_blocks_until_start_and_is_told_to_porchlight_too() {
    let mut street = Street::new().await;
    street.simulator.text(text(" stop ")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), " stop ");
    let CreateOutcome::Rejected(rejection) = street.create("Are you sure?").await else { panic!() };
    assert_eq!((rejection.http_status, rejection.code), (400, 21610));
    street.simulator.text(text("Start")).await.unwrap();
    assert!(matches!(street.create("Welcome back").await, CreateOutcome::Accepted(_)));
    let messages = street.simulator.messages();
    let replies = messages.iter().filter(|message| message.direction == Direction::OutboundReply);
    assert_eq!(replies.count(), 2, "Twilio answers STOP and START by itself");
}

#[tokio::test]
async fn a_refused_webhook_is_tried_again_only_as_its_address_says() {
    for (fragment, attempts, accepted) in
        [("", 1, false), ("#rc=1&rp=5xx", 2, false), ("#rc=5&rp=all", 3, true)]
    {
        let mut street = Street::with(config(), fragment).await;
        street.answer(503, "text/plain", "busy");
        street.answer(503, "text/plain", "busy");
        let sent = street.simulator.text(text("Hello?")).await.unwrap();
        let outcome = sent.webhook.unwrap();
        assert_eq!((outcome.attempts, outcome.accepted), (attempts, accepted), "{fragment}");
        for _ in 0..attempts {
            assert_eq!(street.next().await.get("MessageSid"), sent.sid, "one SID over all attempts");
        }
    }
}

#[tokio::test]
async fn an_answer_in_plain_text_reaches_the_phone_and_is_flagged() {
    let street = Street::new().await;
    street.answer(200, "text/plain", "OK");
    let sent = street.simulator.text(text("Hello?")).await.unwrap();
    assert!(sent.webhook.unwrap().note.unwrap().contains("sent to the phone"));
    let shown = street.simulator.on_phone(MARIA);
    assert_eq!(shown.iter().map(|message| message.body.as_str()).collect::<Vec<_>>(), ["Hello?", "OK"]);
}

#[tokio::test]
async fn messages_phones_and_opt_outs_survive_a_restart_and_work_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || {
        let mut config = config();
        config.state_file = Some(folder.path().join("simulator.jsonl"));
        config
    };
    let mut slow = kept();
    slow.pace.delivered = std::time::Duration::from_hours(1);
    let mut street = Street::with(slow, "").await;
    street.simulator.text(text("before")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "before");
    let CreateOutcome::Accepted(accepted) = street.create("answer").await else { panic!() };
    assert_eq!(street.statuses(1).await, ["sent"]);
    let mut stop = text("STOP");
    stop.from = "+12075550177".into();
    street.simulator.text(stop).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "STOP");
    let before = street.simulator.messages();
    let mut street = street.restart(kept()).await;
    let sids = |messages: &[porchlight_simulator::Message]| {
        messages.iter().map(|message| message.sid.clone()).collect::<Vec<_>>()
    };
    assert_eq!(sids(&street.simulator.messages()), sids(&before));
    let mut again = street.message("again");
    again.to = "+12075550177".into();
    let outcome = porchlight_twilio::CreateClient::new().unwrap().create(&street.account(), &again).await;
    assert!(matches!(outcome, CreateOutcome::Rejected(rejection) if rejection.code == 21610));
    assert_eq!(street.statuses(1).await, ["delivered"], "the interrupted message goes on");
    assert_eq!(street.simulator.on_phone(MARIA).last().map(|message| &message.sid), Some(&accepted.sid));
    street.simulator.text(text("after")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "after");
}

#[tokio::test]
async fn what_was_under_way_waits_for_its_line_to_be_known_and_then_goes_on_once() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || {
        let mut config = config();
        config.state_file = Some(folder.path().join("simulator.jsonl"));
        config
    };
    let street = Street::with(kept(), "").await;
    tokio::select! {
        biased;
        _ = street.simulator.text(text("half told")) => panic!("nothing can have told it yet"),
        () = std::future::ready(()) => {}
    }
    let (mut street, line) = street.restart_without_lines(kept()).await;
    assert_eq!(street.simulator.messages().len(), 1);
    street.simulator.set_lines(vec![line.clone()]);
    street.simulator.set_lines(Vec::new());
    street.simulator.set_lines(vec![line]);
    assert_eq!(street.next().await.get("Body"), "half told");
    street.simulator.text(text("after")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "after", "nothing came twice");
}

#[tokio::test]
async fn a_phone_answers_when_the_office_asks() {
    let mut config = config();
    config.personas.answering = true;
    let mut street = Street::with(config, "").await;
    street.create("Could you send a photo of the valve?").await;
    assert_eq!(street.statuses(2).await, ["sent", "delivered"]);
    let reply = street.next().await;
    assert_eq!((reply.path.as_str(), reply.get("From").as_str()), ("/messages", MARIA));
    assert!(!reply.get("Body").is_empty());
}

#[tokio::test]
async fn files_of_a_message_are_fetched_before_it_leaves() {
    let mut street = Street::new().await;
    let mut message = street.message("");
    message.media_urls = vec![format!("{}/photo", street.porchlight), "http://127.0.0.1:1/gone".into()];
    street.answer(200, "image/png", "");
    street.answer(200, "image/png", "PNG");
    let client = porchlight_twilio::CreateClient::new().unwrap();
    let outcome = client.create(&street.account(), &message).await;
    assert!(matches!(outcome, CreateOutcome::Accepted(_)), "{outcome:?}");
    let asked = [street.next().await.path, street.next().await.path];
    assert_eq!(asked, ["/photo", "/photo"], "HEAD and GET");
    let failed = street.next().await;
    assert_eq!((failed.get("MessageStatus").as_str(), failed.get("ErrorCode").as_str()), ("failed", "11200"));
}
