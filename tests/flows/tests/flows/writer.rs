//! A writer of texts beside the house: another process that takes webhooks in.

use porchlight_channel::Post;
use porchlight_desk::{Desk, Intake};
use porchlight_domain::id::BusinessId;
use porchlight_edge::{Clock, Platform};
use porchlight_flows::House;
use porchlight_flows::post::{form, text_fields};
use porchlight_store::receipts::Receipt;

/// A writer of texts whose clock is off.
pub struct Writer {
    intake: Intake,
    clock: Clock,
    business: BusinessId,
    from: &'static str,
    first: u32,
}

impl Writer {
    pub fn new(house: &House, off_by_ms: i64, from: &'static str, first: u32) -> Self {
        let clock = Clock::skewed(off_by_ms);
        let own = house.running.platform();
        let mut settings = std::collections::BTreeMap::new();
        for key in ["CONVERSATIONS", "MESSAGES", "DIRECTORY", "EVENTS", "DERIVED", "VAULT"] {
            settings.insert(format!("TABLE_{key}"), format!("porchlight-data-{}", key.to_lowercase()));
        }
        settings.insert("PUBLIC_URL".to_owned(), house.running.public_url().to_owned());
        settings.insert("SECRETS".to_owned(), "/porchlight".to_owned());
        let settings = settings.into_iter().collect();
        let platform = Platform::new(clock.clone(), own.entropy.clone(), settings, own.wake.clone())
            .with_dynamodb(|| own.dynamodb().expect("the machine has tables"))
            .with_secrets(|| own.secrets().expect("the machine has secrets"));
        let channels = porchlight_channels::doors(&platform).expect("the settings suffice");
        let store = platform.store().expect("the settings suffice");
        let intake = Intake::new(Desk::new(store, platform.clock, platform.entropy), channels);
        Self { intake, clock, business: house.business.clone(), from, first }
    }

    pub async fn write(&self, count: u32) {
        for n in 0..count {
            self.say(n, &format!("{} {n}", self.from)).await;
        }
    }

    /// One text of its own, by its number.
    pub async fn say(&self, n: u32, words: &str) {
        self.intake.admit(&self.receipt(n, words)).await.expect("the text is taken");
    }

    /// The same text's receipt comes to be applied once more, as the sweep or a person does it.
    pub async fn replay(&self, n: u32, words: &str) {
        self.intake.apply(&self.receipt(n, words)).await.expect("the receipt is applied, or was");
    }

    /// Keeps a text's receipt, due at once, and dies before it is applied.
    pub async fn keep(&self, house: &House, n: u32, words: &str) {
        house
            .store()
            .put_receipt(&self.receipt(n, words), self.clock.now())
            .await
            .expect("a receipt is kept");
    }

    fn receipt(&self, n: u32, words: &str) -> Receipt {
        let post = Post {
            path: format!("/twilio/{}/messages", self.business),
            headers: vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())],
            body: form(&text_fields(self.from, words, self.first + n)),
            received_at: self.clock.now(),
        };
        self.intake.receipt_of(post).expect("one of our addresses")
    }
}
