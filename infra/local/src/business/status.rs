//! `porchlight business status`: which businesses there are, and what each still lacks.

use std::fmt::Write as _;

use porchlight_domain::business::Business;
use porchlight_domain::id::BusinessId;
use porchlight_domain::staff::{Role, Staff};
use porchlight_edge::BoxError;
use porchlight_edge::secrets::provider_credentials;
use serde::Serialize;
use serde_json::json;

use super::Told;
use crate::account;
use crate::place::Place;

/// Every business of a place.
pub struct Report {
    place: String,
    businesses: Vec<OfBusiness>,
}

#[derive(Serialize)]
struct OfBusiness {
    id: BusinessId,
    name: String,
    time_zone: String,
    lines: Vec<String>,
    /// None while the public address is unknown.
    webhook: Option<String>,
    account_sid: String,
    /// How many tokens are kept for that account; two while they are rotated.
    tokens: usize,
    staff: Vec<OfStaff>,
}

#[derive(Serialize)]
struct OfStaff {
    name: String,
    email: String,
    role: Role,
    signs_in: bool,
}

/// Looks at every business.
pub async fn report(place: &Place) -> Result<Report, BoxError> {
    let mut businesses = Vec::new();
    for business in place.platform.store()?.businesses().await? {
        businesses.push(of_business(place, business).await?);
    }
    Ok(Report { place: place.name.clone(), businesses })
}

async fn of_business(place: &Place, business: Business) -> Result<OfBusiness, BoxError> {
    let store = place.platform.store()?;
    let lines = store.lines(&business.id).await?;
    let kept = provider_credentials(&*place.platform.secrets()?, &business.id).await?;
    let kept = kept.filter(|it| it.account_sid == business.provider_account);
    Ok(OfBusiness {
        lines: lines.iter().map(|line| line.number.to_string()).collect(),
        webhook: place.public_url.as_ref().map(|url| account::webhook_address(url, &business.id)),
        tokens: kept.map_or(0, |it| it.auth_tokens.len()),
        staff: store.staff_of(&business.id).await?.into_iter().map(OfStaff::from).collect(),
        id: business.id,
        name: business.name,
        time_zone: business.time_zone,
        account_sid: business.provider_account,
    })
}

impl From<Staff> for OfStaff {
    fn from(staff: Staff) -> Self {
        let signs_in = staff.disabled_at.is_none();
        Self { name: staff.name, email: staff.email, role: staff.role, signs_in }
    }
}

impl Report {
    /// For people and for programs.
    pub fn told(&self) -> Told {
        let mut words = self.businesses.iter().map(OfBusiness::words).collect::<Vec<_>>().join("\n");
        if words.is_empty() {
            words = format!("No business is kept in {} yet: `business create` makes one.\n", self.place);
        }
        Told { words, json: json!({ "businesses": self.businesses }) }
    }
}

impl OfBusiness {
    fn words(&self) -> String {
        let mut words = format!("{} ({})\n", self.name, self.time_zone);
        let mut say = |what: &str, value: &str| _ = writeln!(words, "  {what:<11} {value}");
        say("Business", self.id.as_str());
        self.lines.iter().for_each(|line| say("Line", line));
        say("Webhook", self.webhook.as_deref().unwrap_or("unknown: the public address is not known here"));
        say("Twilio", &format!("{} {}", self.account_sid, self.tokens_in_words()));
        for OfStaff { name, email, role, signs_in } in &self.staff {
            let left = if *signs_in { "" } else { "   (no longer works here)" };
            say(&format!("{role:?}").to_lowercase(), &format!("{email:<32} {name}{left}"));
        }
        words
    }

    fn tokens_in_words(&self) -> &'static str {
        match self.tokens {
            0 => "(no token is kept: `business credentials` takes it)",
            1 => "(its token is kept)",
            _ => "(two tokens are kept: they are being rotated)",
        }
    }
}
