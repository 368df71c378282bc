//! What a text costs in DynamoDB's write units (DESIGN §7).

use porchlight_flows::meter::Meter;
use porchlight_flows::{House, Setup};
use porchlight_local::local::Options;

use crate::{MARIA, OMAR};

const BEFORE_THE_2XX: f64 = 14.0;
const WITH_EVERYTHING_DERIVED: f64 = 22.0;

#[tokio::test(flavor = "multi_thread")]
async fn an_inbound_text_stays_within_its_write_units() {
    let meter = Meter::default();
    let counted = meter.clone();
    let options = Box::new(move |options: &mut Options| {
        options.functions = counted.metered(std::mem::take(&mut options.functions), &options.engine);
        options.schedules = false;
    });
    let house = House::with(Setup { options, demo: true, ..Setup::default() }).await;
    house.derived_at_rest().await;
    let words = "Hi, our water heater is leaking again. Can somebody come today?";
    for (what, from) in [("a customer", MARIA), ("the same customer", MARIA), ("a stranger", OMAR)] {
        let (taken, all) = (meter.of("porchlight-webhooks"), meter.all());
        house.text(from, words).await;
        let taken = meter.of("porchlight-webhooks") - taken;
        house.derived_at_rest().await;
        let all = meter.all() - all;
        assert!(taken > 0.0 && taken <= BEFORE_THE_2XX, "{what}: {taken} units before the 2xx");
        assert!(all > taken && all <= WITH_EVERYTHING_DERIVED, "{what}: {all} units in all");
    }
}
