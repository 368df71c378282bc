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
    table.row(many_texts(&house, &meter).await);
    table.row(["goal", "≤ 14", "≤ 22"].map(str::to_owned));
    house.running.stop().await;
    table
}

/// Texts of many words that come up as often as words do: some often, most hardly ever. So many that the search's log is
/// packed twice.
async fn many_texts(house: &House, meter: &Meter) -> [String; 3] {
    const MANY: u32 = 1_000;
    const OF_A_TEXT: u32 = 8;
    const PHONES: u32 = 40;
    let text = |at: u32| (0..OF_A_TEXT).map(|n| word(at * OF_A_TEXT + n)).collect::<Vec<_>>().join(" ");
    let phone = |at: u32| format!("+1207558{:04}", at % PHONES);
    // An office that has texted for a while: people and most words are known.
    for at in 0..MANY {
        house.text(&phone(at), &text(at)).await;
    }
    house.derived_at_rest().await;
    let before = (meter.of(WEBHOOKS), meter.all());
    for at in MANY..2 * MANY {
        house.text(&phone(at), &text(at)).await;
    }
    house.derived_at_rest().await;
    let of_each = |sum: f64| format!("{:.1}", sum / f64::from(MANY));
    let what = format!("{MANY} texts of various words, packing included");
    [what, of_each(meter.of(WEBHOOKS) - before.0), of_each(meter.all() - before.1)]
}

/// One of three thousand words, each as often as its rank says (Zipf): letters for the digits of the rank.
fn word(nth: u32) -> String {
    const WORDS: f64 = 3_000.0;
    const GOLDEN: f64 = 0.618_033_988_749_895;
    let spread = (f64::from(nth) * GOLDEN).fract();
    let rank = WORDS.powf(spread);
    format!("{rank:.0}").bytes().map(|digit| char::from(digit - b'0' + b'k')).collect()
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
