//! More texts than can be understood: what a provider and the office meet meanwhile, and how soon all is well again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use porchlight_flows::{Person, new_id};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::Extent;
use crate::program::{Binaries, Program, ProvidedBy};
use crate::provider::{Provider, phone};
use crate::report::Table;
use crate::stats::{Sorted, millis};

/// Who look on.
const CLIENTS: usize = 50;
/// Phones that text.
const PHONES: usize = 2_000;
/// On their way at once while the capacity is measured.
const AT_ONCE: usize = 16;
/// How often the office looks at its list and writes.
const OFFICE_EVERY: Duration = Duration::from_millis(500);
/// Longest that the rest may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// A program under test, and those who use it.
struct Scene {
    program: Program,
    provider: Arc<Provider>,
    office: Person,
    /// Somebody whom the office writes to; nothing of theirs is unread.
    customer: String,
    /// Unread before the first text.
    unread_before: usize,
    texts: Arc<AtomicUsize>,
}

/// What was met during one flood.
struct Met {
    answers: Vec<(StatusCode, Duration)>,
    looks: Vec<Duration>,
    sends: Vec<Duration>,
    all_known: Duration,
    feed_whole: Duration,
}

/// Measures the capacity of one core, then twice and four times as much.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let lasts = Duration::from_secs(extent.of(60, 8));
    let folder = tempfile::tempdir().expect("a folder");
    let program = binaries.start_on_one_core(&folder.path().join("data"), ProvidedBy::Us).await;
    let scene = Scene::of(program).await;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(look_on(scene.office.clone()));
    }
    let capacity = scene.capacity().await;
    let title = format!(
        "A flood of {} s, {CLIENTS} look on, the server on one core that understands {capacity} texts a second",
        lasts.as_secs()
    );
    let columns = [
        "texts a second",
        "not 200",
        "200: p50",
        "p99",
        "list: p99",
        "send: p99",
        "all known after",
        "feed whole after",
    ];
    let mut table = Table::new(&title, &columns);
    for times in [2, 4] {
        let rate = capacity * times;
        let met = scene.flood(rate, lasts).await;
        let refused = met.answers.iter().filter(|(status, _)| *status != StatusCode::OK).count();
        let taken = Sorted::new(met.answers.iter().map(|(_, took)| *took).collect());
        let (looks, sends) = (Sorted::new(met.looks), Sorted::new(met.sends));
        table.row([
            format!(
                "{times} × {capacity}: {}",
                met.answers.len() / usize::try_from(lasts.as_secs()).expect("few")
            ),
            refused.to_string(),
            millis(taken.median()),
            millis(taken.percentile(99)),
            millis(looks.percentile(99)),
            millis(sends.percentile(99)),
            millis(met.all_known),
            millis(met.feed_whole),
        ]);
    }
    clients.shutdown().await;
    scene.program.stop().await;
    table
}

/// As a window does: follows, and comes again when told to, or cut off.
async fn look_on(office: Person) {
    loop {
        let mut feed = office.feed(None).await;
        while let Some(heard) = feed.next().await {
            if heard.event == "reload" {
                drop(office.get("/api/conversations?limit=50").await);
            }
        }
    }
}

impl Scene {
    async fn of(program: Program) -> Self {
        let office = program.office().await;
        let rows = office.list("filter=all").await;
        let open =
            |row: &&Value| row["unread"] == 0 && row["consent"] == "open" && row["cannot_text"] == false;
        let customer = rows.iter().find(open).and_then(|row| row["id"].as_str());
        let customer = customer.expect("somebody to write to").to_owned();
        let provider = Arc::new(Provider::of(&program));
        let scene = Self { program, provider, office, customer, unread_before: 0, texts: Arc::default() };
        Self { unread_before: scene.unread().await, ..scene }
    }

    /// Texts a second until all of them are known.
    async fn capacity(&self) -> usize {
        let (begun, before) = (Instant::now(), self.texts.load(Ordering::Relaxed));
        let mut senders = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (provider, texts) = (Arc::clone(&self.provider), Arc::clone(&self.texts));
            senders.spawn(async move {
                while begun.elapsed() < Duration::from_secs(5) {
                    let number = texts.fetch_add(1, Ordering::Relaxed);
                    provider.text(&phone(number % PHONES), &words(number)).await;
                }
            });
        }
        senders.join_all().await;
        self.all_known().await;
        let texts = self.texts.load(Ordering::Relaxed) - before;
        let millis = usize::try_from(begun.elapsed().as_millis()).expect("some seconds");
        (texts * 1_000 / millis.max(1)).max(1)
    }

    /// Posts at the rate, whether earlier ones were answered or not, while the office goes about its work.
    async fn flood(&self, rate: usize, lasts: Duration) -> Met {
        let mut beat =
            tokio::time::interval(Duration::from_secs(1) / u32::try_from(rate).expect("not so many"));
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
        let office = tokio::spawn(work(self.office.clone(), self.customer.clone(), lasts));
        let (mut posts, begun) = (JoinSet::new(), Instant::now());
        while begun.elapsed() < lasts {
            beat.tick().await;
            let (provider, number) = (Arc::clone(&self.provider), self.texts.fetch_add(1, Ordering::Relaxed));
            posts.spawn(async move {
                let begun = Instant::now();
                let status = provider.post(&phone(number % PHONES), &words(number)).await;
                (status, begun.elapsed())
            });
        }
        let ended = Instant::now();
        let answers = posts.join_all().await;
        let feed_whole = self.feed_whole(ended).await;
        self.all_known().await;
        let all_known = ended.elapsed();
        let (looks, sends) = office.await.expect("the office is not stopped");
        Met { answers, looks, sends, all_known, feed_whole }
    }

    /// How long after `ended` a feed that is opened and one text later tells of it within a second.
    async fn feed_whole(&self, ended: Instant) -> Duration {
        let mut feed = self.office.feed(None).await;
        loop {
            let number = self.texts.fetch_add(1, Ordering::Relaxed);
            let said = words(number);
            self.provider.text(&phone(number % PHONES), &said).await;
            let told = async {
                while let Some(heard) = feed.next().await {
                    if heard.data["message"]["text"] == said.as_str() {
                        return;
                    }
                }
            };
            if tokio::time::timeout(Duration::from_secs(1), told).await.is_ok() {
                return ended.elapsed();
            }
            assert!(ended.elapsed() < PATIENCE, "the feed never became whole");
        }
    }

    /// Returns when the counters know every text once.
    async fn all_known(&self) {
        let (wanted, begun) = (self.texts.load(Ordering::Relaxed), Instant::now());
        loop {
            let known = self.unread().await - self.unread_before;
            assert!(known <= wanted, "{known} known of {wanted}: some are there twice");
            if known == wanted {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{known} known of {wanted}: some are lost");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn unread(&self) -> usize {
        usize::try_from(self.office.counts().await.2).expect("not so many")
    }
}

/// What the office does all the time: a look at the list, and a word to somebody.
async fn work(office: Person, customer: String, lasts: Duration) -> (Vec<Duration>, Vec<Duration>) {
    let (mut looks, mut sends, begun) = (Vec::new(), Vec::new(), Instant::now());
    let mut beat = tokio::time::interval(OFFICE_EVERY);
    while begun.elapsed() < lasts {
        beat.tick().await;
        let asked = Instant::now();
        drop(office.get("/api/conversations?limit=50").await);
        looks.push(asked.elapsed());
        let asked = Instant::now();
        let body = json!({ "id": new_id(), "text": "On our way.", "seen_seq": 0, "force": true });
        let (status, _) =
            office.ask(Method::POST, &format!("/api/conversations/{customer}/messages"), body).await;
        assert_eq!(status, StatusCode::ACCEPTED, "a send under the flood");
        sends.push(asked.elapsed());
    }
    (looks, sends)
}

fn words(number: usize) -> String {
    format!("No hot water since this morning, {number}")
}
