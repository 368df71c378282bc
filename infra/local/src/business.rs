//! `porchlight business …`: real businesses, their staff and their accounts with the provider. The same in a data
//! folder and on a stack: only the [`Place`] differs.
//!
//! - [`create`], [`staff`], [`credentials`], [`status`]: what each does.
//! - [`auth_token`]: where a token comes from. It is never an argument, and never told.

pub mod auth_token;
pub mod create;
pub mod credentials;
pub mod staff;
pub mod status;

use porchlight_domain::business::Business;
use porchlight_domain::id::BusinessId;
use porchlight_edge::BoxError;
use porchlight_store::Store;
use serde_json::{Value, json};

use crate::account;
use crate::place::Place;

/// What can be done about businesses.
#[derive(clap::Subcommand)]
pub enum BusinessCommand {
    /// Make a business and its first admin.
    Create(create::NewBusiness),
    /// Let somebody sign in; or, with --new-password, give them another password and end their sessions.
    Staff(staff::StaffCommand),
    /// Keep a business's Twilio account: at first, and when its token changes.
    Credentials(credentials::NewCredentials),
    /// Say which businesses there are, with their lines, webhooks, accounts and staff.
    Status,
}

/// What is told, for people and for programs.
pub struct Told {
    /// For people.
    pub words: String,
    /// The same for programs.
    pub json: Value,
}

/// Carries out a command at a place.
pub async fn carry_out(place: &Place, command: &BusinessCommand) -> Result<Told, BoxError> {
    let platform = &place.platform;
    match command {
        BusinessCommand::Create(new) => {
            let created = create::create(platform, new, new.auth_token.read()?).await?;
            Ok(told_of(place, &created))
        }
        BusinessCommand::Staff(command) => {
            let sign_in = staff::carry_out(platform, command).await?;
            Ok(Told { words: sign_in.words(), json: json!({ "sign_in": sign_in }) })
        }
        BusinessCommand::Credentials(new) => {
            let business = credentials::renew(
                platform,
                place.configured_account.as_deref(),
                new,
                new.auth_token.read()?,
            )
            .await?;
            let words = format!("Kept for     {} ({})\n{TAKEN_UP}", business.id, business.name);
            Ok(Told { words, json: json!({ "business": business.id }) })
        }
        BusinessCommand::Status => Ok(status::report(place).await?.told()),
    }
}

/// A function on AWS remembers a credential for five minutes.
const TAKEN_UP: &str = "What runs takes it up within five minutes, on one machine at its next start.\n";

fn told_of(place: &Place, created: &create::Created) -> Told {
    let create::Created { business, sign_in } = created;
    let webhook = place.public_url.as_ref().map(|url| account::webhook_address(url, business));
    let path = || format!("{} (below the public address)", account::webhook_address("", business));
    let shown = webhook.clone().unwrap_or_else(path);
    let words = format!("Business     {business}\n{}Webhook      {shown}\n", sign_in.words());
    Told { words, json: json!({ "business": business, "sign_in": sign_in, "webhook": webhook }) }
}

/// The business that is meant: the one that is named, or the only one.
async fn meant(store: &Store, named: Option<&BusinessId>) -> Result<Business, BoxError> {
    if let Some(id) = named {
        let found = store.business(id).await?;
        return found
            .ok_or_else(|| format!("there is no business {id}: `business status` lists them").into());
    }
    let mut all = store.businesses().await?;
    match (all.pop(), all.is_empty()) {
        (None, _) => Err("there is no business yet: `business create` makes one".into()),
        (Some(only), true) => Ok(only),
        _ => {
            Err("there are several businesses: say which with --business (`business status` lists them)"
                .into())
        }
    }
}
