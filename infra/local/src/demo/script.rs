//! `demo/harbor.toml`, as it is written.

use porchlight_domain::customer::{JobStatus, LeadStage};
use porchlight_domain::staff::Role;
use serde::Deserialize;

/// The demo business and everyone around it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The business.
    pub business: ScriptBusiness,
    /// Its people.
    pub staff: Vec<ScriptStaff>,
    /// Its customers, each with a thread.
    pub customers: Vec<ScriptCustomer>,
}

/// A business.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptBusiness {
    /// As customers know it.
    pub name: String,
    /// IANA name.
    pub time_zone: String,
    /// E.164.
    pub line: String,
}

/// A member of staff; `key` names them in threads.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptStaff {
    /// Names them in threads.
    pub key: String,
    /// As colleagues know them.
    pub name: String,
    /// What they are to the inbox.
    pub role: Role,
    /// Signs in with it.
    pub email: String,
    /// Their own phone.
    pub phone: Option<String>,
    /// May write to customers.
    #[serde(default)]
    pub texting: bool,
}

/// A customer, or with no name a number that is nobody's yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptCustomer {
    /// A person or a firm.
    pub name: Option<String>,
    /// How they are reached.
    pub contacts: Vec<ScriptContact>,
    /// Where the work is.
    pub address: Option<String>,
    /// What the office wrote about them.
    pub notes: Option<String>,
    /// What whoever stands at the door needs.
    pub access_notes: Option<String>,
    /// What they owe, in cents.
    #[serde(default)]
    pub balance_cents: i64,
    /// Present while they are, or were, a lead.
    pub lead: Option<LeadStage>,
    /// Since when they are known: a day.
    pub since: Option<String>,
    /// Their jobs.
    #[serde(default)]
    pub jobs: Vec<ScriptJob>,
    /// Whose the thread is.
    pub assignee: Option<String>,
    /// The thread is put away.
    #[serde(default)]
    pub closed: bool,
    /// They texted STOP.
    #[serde(default)]
    pub opted_out: bool,
    /// The contact whose thread this is; the first without it.
    pub thread_contact: Option<String>,
    /// When, who, what.
    pub thread: Vec<ScriptLine>,
}

/// A number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptContact {
    /// E.164.
    pub contact: String,
    /// "Maria's cell".
    pub label: Option<String>,
    /// A landline.
    #[serde(default)]
    pub cannot_text: bool,
    /// A landlord's or property manager's.
    #[serde(default)]
    pub shared: bool,
}

impl ScriptContact {
    /// Whether no text comes from there.
    pub fn is_landline(&self) -> bool {
        self.cannot_text || self.label.as_deref().is_some_and(|label| label.starts_with("Landline"))
    }
}

/// A job.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptJob {
    /// The number people call it by.
    pub number: u32,
    /// What is done.
    pub title: String,
    /// Where it stands.
    pub status: JobStatus,
    /// When the crew comes.
    pub at: String,
    /// For how long, in minutes.
    pub minutes: Option<u64>,
    /// What it costs.
    pub amount_cents: i64,
    /// Who works on it.
    #[serde(default)]
    pub crew: Vec<String>,
}

/// A line of a thread: when, who, what, and perhaps more.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum ScriptLine {
    /// With a photo.
    With(String, String, String, ScriptMore),
    /// Words.
    Plain(String, String, String),
}

/// What else a line has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScriptMore {
    /// A photo's MIME type.
    pub media: String,
}
