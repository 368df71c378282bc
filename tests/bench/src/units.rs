//! What a text costs in DynamoDB's units, by ReturnConsumedCapacity: asked in every call of every function, and
//! added up by function. Runs in this process, on a store in memory, with the demo's data.

use porchlight_flows::meter::Meter;
use porchlight_flows::{House, Setup};
use porchlight_local::functions::linked;
use porchlight_local::local::Options;

use crate::report::Table;

/// Texts that are averaged.
const TEXTS: usize = 20;
/// The function that gives the 2xx.
const WEBHOOKS: &str = "porchlight-webhooks";
/// What a customer writes.
const USUAL: &str = "Hi, our water heater is leaking again. Can somebody come today?";

/// Texts in and adds up.
pub async fn measure() -> Table {
    let meter = Meter::default();
    let house = metered_house(&meter).await;
    house.derived_at_rest().await;
    let title = "Write units per inbound text, by ReturnConsumedCapacity";
    let mut table = Table::new(title, &["", "before the 2xx", "everything derived"]);
    let known = |_: usize| "+12075550188".to_owned();
    let new = |at: usize| format!("+1207557{at:04}");
    let long = USUAL.repeat(5);
    table.row(per_text(&house, &meter, "in a customer's thread", USUAL, known).await);
    table.row(per_text(&house, &meter, "the same, over 300 characters", &long, known).await);
    table.row(per_text(&house, &meter, "first text of an unknown number", USUAL, new).await);
    table.row(["goal", "≤ 14", "≤ 40"].map(str::to_owned));
    house.running.stop().await;
    table
}

/// The demo, its functions counted. Schedules rest: what a sweep writes is not the text's.
async fn metered_house(meter: &Meter) -> House {
    let meter = meter.clone();
    let options = Box::new(move |options: &mut Options| {
        options.functions = meter.metered(linked(), &options.engine);
        options.schedules = false;
    });
    House::with(Setup { options, demo: true, ..Setup::default() }).await
}

async fn per_text(
    house: &House,
    meter: &Meter,
    what: &str,
    words: &str,
    from: impl Fn(usize) -> String,
) -> [String; 3] {
    let (mut taken, mut derived) = (0.0, 0.0);
    for at in 0..TEXTS {
        let before = (meter.of(WEBHOOKS), meter.all());
        house.text(&from(at), &format!("{words} {at}")).await;
        taken += meter.of(WEBHOOKS) - before.0;
        house.derived_at_rest().await;
        derived += meter.all() - before.1;
    }
    let mean = |sum: f64| format!("{:.1}", sum / f64::from(u32::try_from(TEXTS).expect("a few")));
    [what.to_owned(), mean(taken), mean(derived)]
}
