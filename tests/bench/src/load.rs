//! The highest rate at which texts are taken, each durable before its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use porchlight_flows::{Person, eventually};
use tokio::task::JoinSet;

use crate::Extent;
use crate::program::{Binaries, ProvidedBy};
use crate::provider::{Provider, phone};
use crate::report::Table;
use crate::stats::{Sorted, millis};

/// How many are on their way at once.
const AT_ONCE: [usize; 4] = [1, 4, 16, 64];
/// Phones that text.
const PHONES: usize = 500;

/// Texts as fast as they are taken, with more and more at once.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let folder = tempfile::tempdir().expect("a folder");
    let program = binaries.start(&folder.path().join("data"), ProvidedBy::Us).await;
    let provider = Arc::new(Provider::of(&program));
    let office = program.office().await;
    let columns = ["at once", "texts a second", "p50", "p99", "counters right after"];
    let mut table = Table::new("Durable rate of inbound texts", &columns);
    let texts = Arc::new(AtomicUsize::new(0));
    let before = unread(&office).await;
    for at_once in AT_ONCE {
        let lasts = Duration::from_secs(extent.of(8, 2));
        let first = texts.load(Ordering::Relaxed);
        let taken = Sorted::new(burst(&provider, &texts, at_once, lasts).await);
        let ended = Instant::now();
        let all = before + u64::try_from(first + taken.count()).expect("not so many");
        eventually("counters that know every text", async || (unread(&office).await == all).then_some(()))
            .await;
        table.row([
            at_once.to_string(),
            (taken.count() / usize::try_from(lasts.as_secs()).expect("a few seconds")).to_string(),
            millis(taken.median()),
            millis(taken.percentile(99)),
            millis(ended.elapsed()),
        ]);
    }
    program.stop().await;
    table
}

async fn unread(office: &Person) -> u64 {
    office.counts().await.2
}

async fn burst(
    provider: &Arc<Provider>,
    texts: &Arc<AtomicUsize>,
    at_once: usize,
    lasts: Duration,
) -> Vec<Duration> {
    let mut senders = JoinSet::new();
    let end = Instant::now() + lasts;
    for _ in 0..at_once {
        let (provider, texts) = (Arc::clone(provider), Arc::clone(texts));
        senders.spawn(async move {
            let mut taken = Vec::new();
            while Instant::now() < end {
                let number = texts.fetch_add(1, Ordering::Relaxed);
                let begun = Instant::now();
                provider
                    .text(&phone(number % PHONES), &format!("No hot water since this morning, {number}"))
                    .await;
                taken.push(begun.elapsed());
            }
            taken
        });
    }
    senders.join_all().await.concat()
}
