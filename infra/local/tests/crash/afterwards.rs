//! What the kills left behind, over the next day: the protocol's waits are minutes and hours (PROTOCOLS §2), so
//! the same program runs in the test's process, on a clock that the test moves.

use std::sync::Arc;
use std::time::Duration;

use porchlight_edge::Clock;
use porchlight_engine::Engine;
use porchlight_flows::{Person, eventually, new_id};
use porchlight_local::data_folder::DataFolder;
use porchlight_local::functions::linked;
use porchlight_local::local::{Options, Running, start};
use porchlight_local::secrets::FileSecrets;
use porchlight_simulator::{FaultSettings, Message};
use serde_json::{Value, json};

use crate::scene::{Scene, public_url, sign_in};
use crate::threads::{Threads, accepted};

/// A claim whose holder died is given up after 80 s.
const CLAIMS_END: Duration = Duration::from_secs(90);
/// The provider's list is asked a minute later, and messages are fetched after a quarter of an hour.
const ANSWERS_COME: Duration = Duration::from_mins(16);
/// Then a person decides about what is still unknown.
const NEXT_DAY: Duration = Duration::from_hours(25);

/// Whatever was accepted is known to be; whatever was not is unknown until somebody resends it, and goes once.
pub async fn everything_is_settled(scene: &Scene) {
    scene.traffic.simulator.set_faults(FaultSettings::default());
    let clock = Clock::manual(Clock::system().now());
    let (running, _folder) = run(scene, &clock).await;
    for wait in [Duration::ZERO, CLAIMS_END, CLAIMS_END, ANSWERS_COME, ANSWERS_COME] {
        clock.advance(wait);
        running.tick().await.expect("every sweep goes well");
    }
    let threads = settled(scene.office()).await;
    threads.assert_inbound_once(&scene.ledger());
    threads.assert_nothing_posted_twice(&scene.ledger(), &scene.provider());
    threads.assert_posted_in_order(&scene.provider());
    assert_unknown_is_what_never_arrived(&threads, &scene.provider());

    clock.advance(NEXT_DAY);
    running.tick().await.expect("every sweep goes well");
    let office = sign_in(&scene.told).await;
    resend(&office, &threads).await;
    running.tick().await.expect("every sweep goes well");
    assert_every_answer_arrived(scene, &office).await;
    Threads::assert_counts_are_right(&office).await;
    running.stop().await;
}

async fn run(scene: &Scene, clock: &Clock) -> (Running, DataFolder) {
    let folder = DataFolder::open(&scene.data()).expect("the killed process holds it no longer");
    let mut options = Options::new(Engine::open(&folder.store()).expect("the store is whole"), linked());
    options.secrets = Arc::new(FileSecrets::open(&folder.secrets()).expect("credentials are whole"));
    options.port = scene.port;
    options.public_url = Some(public_url(scene.port));
    scene.traffic.simulator.url().clone_into(&mut options.twilio_base_url);
    options.clock = clock.clone();
    options.schedules = false;
    (start(options).await.expect("everything starts"), folder)
}

/// Nothing is on its way any more.
async fn settled(office: &Person) -> Threads {
    eventually("nothing queued or on its way", async || {
        let threads = Threads::load(office).await;
        threads.sent_standing(&["queued", "sending", "sent"]).is_empty().then_some(threads)
    })
    .await
}

fn assert_unknown_is_what_never_arrived(threads: &Threads, provider: &[Message]) {
    let unknown = threads.sent_standing(&["unknown"]);
    println!("{} answers were claimed and never posted", unknown.len());
    for message in unknown {
        let words = message["text"].as_str().expect("words");
        assert_eq!(accepted(provider, words), 0, "evidence was there for {message}");
    }
}

/// A person sends again what is unknown after a day.
async fn resend(office: &Person, threads: &Threads) {
    for message in threads.sent_standing(&["unknown"]) {
        let conversation = message["conversation_id"].as_str().expect("an id");
        let body = json!({
            "id": new_id(), "text": message["text"], "seen_seq": 0, "force": true, "resend_of": message["id"],
        });
        office.post(&format!("/api/conversations/{conversation}/messages"), body).await;
    }
}

async fn assert_every_answer_arrived(scene: &Scene, office: &Person) {
    let ledger = scene.ledger();
    let threads = settled(office).await;
    let provider = scene.provider();
    for answer in &ledger.answers {
        assert_eq!(accepted(&provider, &answer.words), 1, "{answer:?}");
    }
    let failed: Vec<&Value> = threads.sent_standing(&["failed", "undelivered", "canceled"]);
    assert!(failed.is_empty(), "{failed:?}");
}
