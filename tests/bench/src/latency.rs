//! From the moment a webhook is posted until its message is on a live feed, with fifty clients on the feed.

use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use porchlight_flows::Person;
use tokio::task::JoinSet;

use crate::Extent;
use crate::program::{Binaries, ProvidedBy};
use crate::provider::{Provider, phone};
use crate::report::Table;
use crate::stats::{Sorted, millis};

/// Who look on.
const CLIENTS: usize = 50;
/// Texts a second.
const RATE: u32 = 20;
/// Texts before it counts.
const WARM_UP: usize = 40;
/// Phones that text, half of them known by then.
const PHONES: usize = 200;

/// When each text was posted.
type Posted = Arc<Vec<OnceLock<Instant>>>;

/// Texts at a fixed rate and listens.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let folder = tempfile::tempdir().expect("a folder");
    let program = binaries.start(&folder.path().join("data"), ProvidedBy::Us).await;
    let provider = Arc::new(Provider::of(&program));
    let office = program.office().await;
    let count = WARM_UP + extent.of(600, 100);
    let posted: Posted = Arc::new((0..count).map(|_| OnceLock::new()).collect());
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(listen(office.clone(), Arc::clone(&posted)));
    }
    let answered = Sorted::new(post(&provider, &posted).await);
    let heard = Sorted::new(clients.join_all().await.concat());
    program.stop().await;
    let title =
        format!("Webhook to live feed: {RATE} texts a second, {CLIENTS} clients, {} texts", count - WARM_UP);
    let mut table = Table::new(&title, &["", "p50", "p99", "goal (p50)"]);
    let row = |what: &str, sorted: &Sorted, goal: &str| {
        [what.to_owned(), millis(sorted.median()), millis(sorted.percentile(99)), goal.to_owned()]
    };
    table.row(row("webhook → its 200", &answered, ""));
    table.row(row("webhook → on each client's feed", &heard, "< 200 ms"));
    table
}

/// Posts at the rate, whether earlier ones were answered or not; how long each answer took.
async fn post(provider: &Arc<Provider>, posted: &Posted) -> Vec<Duration> {
    let mut beat = tokio::time::interval(Duration::from_secs(1) / RATE);
    let mut posts = JoinSet::new();
    for number in 0..posted.len() {
        beat.tick().await;
        let (provider, posted) = (Arc::clone(provider), Arc::clone(posted));
        posts.spawn(async move {
            let begun = *posted[number].get_or_init(Instant::now);
            provider.text(&phone(number % PHONES), &words(number)).await;
            (number, begun.elapsed())
        });
    }
    let all = posts.join_all().await.into_iter();
    all.filter(|(number, _)| *number >= WARM_UP).map(|(_, took)| took).collect()
}

/// Follows the feed until the last text; how long each took to come.
async fn listen(office: Person, posted: Posted) -> Vec<Duration> {
    let mut feed = office.feed(None).await;
    let mut heard = Vec::new();
    let mut left = posted.len();
    while left > 0 {
        let event = feed.next().await.expect("the feed goes on");
        let now = Instant::now();
        let text = event.data["message"]["text"].as_str().filter(|_| event.event == "message.created");
        let Some(number) = text.and_then(number_of) else { continue };
        left -= 1;
        let begun = posted[number].get().expect("it was posted before it was heard");
        if number >= WARM_UP {
            heard.push(now.duration_since(*begun));
        }
    }
    heard
}

fn words(number: usize) -> String {
    format!("Hi, our water heater is leaking again. Can somebody come today? {number}")
}

fn number_of(words: &str) -> Option<usize> {
    words.rsplit_once("today? ")?.1.parse().ok()
}
