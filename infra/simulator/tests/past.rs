//! Messages from before the simulator was there: known as all others are, and nobody is told of them.

mod common;

use common::{ACCOUNT, LINE, MARIA, Street, TOKEN, config, http, text};
use porchlight_simulator::{Ending, Media, Moment, PHOTO, Remembered, RunningSimulator};
use porchlight_twilio::{CreateOutcome, ReadClient};

const LATE: &str = "+12075550177";
const HOUR: i64 = 3_600_000;
const BEGAN: i64 = 1_760_000_000_000;

fn past(sid: &str, phone: &str, ending: Ending, hours: i64, body: &str) -> Remembered {
    let created = Moment::from_unix_ms(BEGAN + hours * HOUR);
    Remembered {
        sid: sid.into(),
        phone: phone.into(),
        line: LINE.into(),
        body: body.into(),
        media: Vec::new(),
        ending,
        created,
        sent: Some(created),
        updated: created,
    }
}

/// Told out of order, as a store may.
fn story() -> Vec<Remembered> {
    let mut photo = past("MM2", MARIA, Ending::Received, 2, "Look");
    photo.media = vec![Media { sid: "ME2".into(), content_type: "image/jpeg".into(), bytes: PHOTO.into() }];
    vec![
        photo,
        past("SM3", MARIA, Ending::Undelivered { code: Some(30003) }, 3, "On our way"),
        past("SM4", LATE, Ending::Received, 4, "Stop"),
        past("SM0", MARIA, Ending::Received, 0, "Good morning"),
        past("SM1", MARIA, Ending::Delivered, 1, "Could you send a photo?"),
    ]
}

fn sids(simulator: &RunningSimulator) -> Vec<String> {
    simulator.messages().into_iter().map(|message| message.sid).collect()
}

#[tokio::test]
async fn a_remembered_message_is_fetched_listed_and_on_the_phone_in_its_place() {
    let mut street = Street::new().await;
    street.simulator.text(text("Anyone there?")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "Anyone there?");
    street.simulator.remember(story());
    street.simulator.remember(story());
    let known = sids(&street.simulator);
    assert_eq!(known[..5], ["SM0", "SM1", "MM2", "SM3", "SM4"], "once each, before what came later");
    assert_eq!(known.len(), 6);

    let read = ReadClient::new().unwrap();
    let fetched = read.fetch_message(&street.account(), "SM3").await.unwrap();
    assert_eq!((fetched.status.as_str(), fetched.error_code), ("undelivered", Some(30003)));
    assert_eq!((fetched.from.as_deref(), fetched.to.as_deref()), (Some(LINE), Some(MARIA)));
    assert_eq!(fetched.created_unix_ms(), Some(BEGAN + 3 * HOUR));
    let listed = read.list_messages(&street.account(), MARIA, LINE).await.unwrap();
    let listed: Vec<&str> = listed.messages.iter().map(|message| message.sid.as_str()).collect();
    assert_eq!(listed, ["SM3", "SM1"]);

    let shown = street.simulator.on_phone(MARIA);
    let shown: Vec<&str> = shown.iter().map(|message| message.body.as_str()).collect();
    assert_eq!(shown, ["Good morning", "Could you send a photo?", "Look", "Anyone there?"]);
    let (_, summary) = street.get("/simulator/summary").await;
    assert_eq!((&summary["under_way"], &summary["unexplained"]), (&0.into(), &0.into()));
}

#[tokio::test]
async fn what_is_remembered_outlives_a_restart_and_nobody_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || {
        let mut config = config();
        config.state_file = Some(folder.path().join("simulator.jsonl"));
        config.personas.answering = true;
        config
    };
    let street = Street::with(kept(), "").await;
    street.simulator.remember(story());
    let before = street.simulator.messages();
    let mut street = street.restart(kept()).await;
    assert_eq!(street.simulator.messages(), before);
    street.simulator.remember(story());
    assert_eq!(street.simulator.messages(), before, "known by their SIDs");
    street.simulator.text(text("The first that is told")).await.unwrap();
    assert_eq!(street.next().await.get("Body"), "The first that is told");
}

#[tokio::test]
async fn a_remembered_photo_is_behind_basic_authentication() {
    let street = Street::new().await;
    street.simulator.remember(story());
    let url = street.simulator.url();
    let url = format!("{url}/2010-04-01/Accounts/{ACCOUNT}/Messages/MM2/Media/ME2");
    assert_eq!(http().get(&url).send().await.unwrap().status(), 401);
    let got = http().get(&url).basic_auth(ACCOUNT, Some(TOKEN)).send().await.unwrap();
    assert_eq!(
        (got.status().as_u16(), &got.headers()["content-type"]),
        (200, &"image/jpeg".parse().unwrap())
    );
    assert_eq!(got.bytes().await.unwrap(), PHOTO);
}

#[tokio::test]
async fn whoever_said_stop_before_is_not_texted() {
    let street = Street::new().await;
    street.simulator.remember(story());
    let mut message = street.message("Are you sure?");
    message.to = LATE.into();
    let create = porchlight_twilio::CreateClient::new().unwrap();
    let outcome = create.create(&street.account(), &message).await;
    assert!(matches!(outcome, CreateOutcome::Rejected(refused) if refused.code == 21610));
}
