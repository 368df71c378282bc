//! From the moment a webhook is posted until a push service has the push, and what a push costs in write units.

use std::time::{Duration, Instant};

use porchlight_flows::meter::Meter;
use porchlight_flows::push_service::PushService;
use porchlight_flows::{House, Person, Setup};
use porchlight_local::functions::linked;
use porchlight_local::local::Options;
use serde_json::json;

use crate::Extent;
use crate::program::{Binaries, ProvidedBy};
use crate::provider::Provider;
use crate::report::Table;
use crate::stats::{Sorted, millis};

/// Texts before it counts.
const WARM_UP: usize = 10;
/// Pushes that are averaged.
const PUSHES: usize = 20;
/// The function that wakes.
const PUSH: &str = "porchlight-push";
/// Between two looks for the post.
const LOOKS: Duration = Duration::from_millis(1);

/// Texts, one after the other, and waits for each to be pushed.
pub async fn measure(binaries: &Binaries, extent: Extent) -> Table {
    let sorted = latency(binaries, extent.of(300, 50)).await;
    let mut table = Table::new("Push, one device of the office", &["", "p50", "p99", "goal (p50)"]);
    let (p50, p99) = (millis(sorted.median()), millis(sorted.percentile(99)));
    table.row(["webhook → the push service has it".to_owned(), p50, p99, "≤ 50 ms".to_owned()]);
    let units = format!("{:.1}", units().await);
    table.row(["write units per push".to_owned(), units, String::new(), String::new()]);
    table
}

async fn latency(binaries: &Binaries, count: usize) -> Sorted {
    let folder = tempfile::tempdir().expect("a folder");
    let program = binaries.start(&folder.path().join("data"), ProvidedBy::Us).await;
    let (provider, service) = (Provider::of(&program), PushService::start().await);
    register(&program.office().await, &service).await;
    let mut took = Vec::new();
    for number in 0..WARM_UP + count {
        let begun = Instant::now();
        provider.text(&stranger(number), "Hi, our water heater is leaking. Can somebody come today?").await;
        let post = pushed(&service, number).await;
        if number >= WARM_UP {
            took.push(post.duration_since(begun));
        }
    }
    program.stop().await;
    Sorted::new(took)
}

async fn register(office: &Person, service: &PushService) {
    let device = json!({ "kind": "webpush", "subscription": service.subscription("office") });
    office.post("/api/devices", device).await;
}

/// Somebody who is no customer: their text is the office's.
fn stranger(number: usize) -> String {
    format!("+1207557{number:04}")
}

/// When the push of this place came.
async fn pushed(service: &PushService, place: usize) -> Instant {
    loop {
        if let Some(post) = service.posts_to("office").get(place) {
            return post.at;
        }
        tokio::time::sleep(LOOKS).await;
    }
}

async fn units() -> f64 {
    let meter = Meter::default();
    let counted = meter.clone();
    let options = Box::new(move |options: &mut Options| {
        options.functions = counted.metered(linked(), &options.engine);
        options.schedules = false;
    });
    let house = House::with(Setup { options, ..Setup::default() }).await;
    let service = PushService::start().await;
    register(&house.ben().await, &service).await;
    house.text(&stranger(0), "Hello?").await;
    service.until_posts("office", 1).await;
    house.derived_at_rest().await;
    let before = meter.of(PUSH);
    for number in 1..=PUSHES {
        house.text(&stranger(number), "Hello?").await;
        service.until_posts("office", number + 1).await;
    }
    house.derived_at_rest().await;
    house.running.stop().await;
    (meter.of(PUSH) - before) / f64::from(u32::try_from(PUSHES).expect("a few"))
}
