//! A business with its line and its people, put into an empty store.

use std::sync::OnceLock;

use porchlight_domain::id::BusinessId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::staff::Staff;
use porchlight_edge::secrets::{ProviderCredentials, provider_credentials_name};
use porchlight_edge::{Entropy, Platform};
use porchlight_local::demo::story::Story;
use porchlight_local::demo::{load, telling};
use porchlight_store::Store;

/// The line of the business whose house it is.
pub const LINE: &str = "+12075550142";
/// Everybody's password.
pub const PASSWORD: &str = "the light is on";

/// A business in the store.
pub struct Household {
    /// The tenant.
    pub business: BusinessId,
    /// An admin (Ana), an office user (Ben) and two technicians (Luis, Marta), in this order.
    pub staff: Vec<Staff>,
}

/// Which business to put.
pub(crate) struct Plan<'a> {
    /// Its line.
    pub line: &'a str,
    /// The domain of its people's addresses.
    pub domain: &'a str,
    /// What its ids are drawn from.
    pub seed: u64,
    /// The provider's account, and the tokens in force.
    pub credentials: &'a ProviderCredentials,
    /// The provider's API.
    pub provider_url: &'a str,
    /// Tell the demo's threads too.
    pub demo: bool,
}

impl Household {
    /// Puts a business, its people and its credentials.
    pub(crate) async fn put(platform: &Platform, plan: &Plan<'_>) -> Self {
        let tables = platform.store().expect("the tables have names");
        let (now, entropy) = (platform.clock.now(), Entropy::seeded(plan.seed));
        let script = telling::script().expect("the demo's script is as it should be");
        let hashes = vec![hash().to_owned(); script.staff.len()];
        let account = &plan.credentials.account_sid;
        let mut story =
            telling::business_of(&script, account, &hashes, now, &entropy).expect("the script tells");
        rename(&mut story, plan);
        load::business(&tables, &story).await.expect("a business can be written");
        keep_credentials(platform, &story.business.id, plan.credentials).await;
        if plan.demo {
            telling::tell(&script, &mut story, plan.provider_url, now, &entropy).expect("the script tells");
            tell(&tables, &mut story).await;
        }
        Self { business: story.business.id, staff: story.staff }
    }
}

fn rename(story: &mut Story, plan: &Plan<'_>) {
    story.line.number = ContactPoint::phone(plan.line).expect("a line is a number");
    for person in &mut story.staff {
        person.email = person.email.replace("harbor.example", plan.domain);
    }
}

async fn tell(tables: &Store, story: &mut Story) {
    let people = std::mem::take(&mut story.people);
    load::people(tables, &story.business, people).await.expect("people can be written");
}

/// Keeps credentials as Settings will.
pub(crate) async fn keep_credentials(
    platform: &Platform,
    business: &BusinessId,
    credentials: &ProviderCredentials,
) {
    let text = serde_json::to_string(credentials).expect("plain data");
    let kept = platform
        .secrets()
        .expect("the machine has secrets")
        .put(&provider_credentials_name(business), &text)
        .await;
    kept.expect("secrets in memory take all");
}

/// Hashing takes its time; once is enough.
fn hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| porchlight_edge::password::hash(PASSWORD, &Entropy::seeded(1)))
}
