//! Devices that are woken, and what for.

use porchlight_domain::device::{Address, Device, Health};
use porchlight_domain::id::DeviceId;
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::push::{OfficePushes, PushPreferences, StaffTexts};
use porchlight_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Your devices.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceList {
    /// The first one first.
    pub devices: Vec<DeviceView>,
    /// Texts to your own phone.
    pub texts: StaffTextsView,
}

/// A device at which you are woken.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceView {
    /// Its id.
    pub id: DeviceId,
    /// What it is.
    #[schema(pattern = "^(webpush|apns|fcm)$")]
    pub kind: &'static str,
    /// As you know it.
    pub name: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When a push was last taken for it.
    #[schema(required)]
    pub last_success_at: Option<Timestamp>,
    /// How the last tries went.
    pub health: HealthWord,
    /// Why, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health_reason: Option<String>,
    /// Of a browser: the key that it subscribed with. Another one in `/api/me` asks for a new subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// How the last tries to reach a device went.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HealthWord {
    /// Nothing was sent there yet.
    New,
    /// The last push was taken.
    Ok,
    /// The push service takes nothing just now; it is tried again.
    Failing,
    /// The push service refuses the device, until it comes anew.
    Refused,
    /// The push service knows it no longer.
    Gone,
}

/// A test push was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DeviceTested {
    /// The device, as it now is.
    pub device: DeviceView,
    /// What to expect, in a sentence.
    pub told: String,
}

/// What wakes somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PushSettings {
    /// When not.
    #[schema(required)]
    pub quiet: Option<QuietView>,
    /// Emergencies, at any hour.
    pub on_call: bool,
    /// Of the office: which customers' messages.
    pub office: OfficePushesWord,
    /// Texts to your own phone.
    pub texts: StaffTextsView,
}

/// The texts that somebody gets at their own phone when a customer waits and nobody on the job has opened the message.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = StaffTexts)]
pub struct StaffTextsView {
    /// You have said yes, and nothing since.
    pub allowed: bool,
    /// When your phone ended the texts, where that stands: only a text from it that says START takes it back.
    #[schema(required)]
    pub stopped_at: Option<Timestamp>,
    /// It said STOP; else the provider told us that it takes no texts, or a word was taken for a STOP.
    pub said_stop: bool,
    /// The number to text START to, where that is what is missing.
    #[schema(required, value_type = Option<String>)]
    pub start_to: Option<ContactPoint>,
    /// Your own phone, as the business has it; without one there are no texts.
    #[schema(required, value_type = Option<String>)]
    pub number: Option<ContactPoint>,
}

/// When somebody is not woken, by their own clock.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = QuietTime)]
pub struct QuietView {
    /// From, inclusive.
    pub from: String,
    /// Until, exclusive.
    pub until: String,
    /// The IANA time zone of that clock.
    pub time_zone: String,
}

/// Which customers' messages wake somebody of the office.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OfficePushesWord {
    /// Of conversations that are theirs, or nobody's.
    Mine,
    /// All.
    All,
    /// None.
    None,
}

impl From<Device> for DeviceView {
    fn from(device: Device) -> Self {
        let kind = device.address.kind();
        let key = match device.address {
            Address::WebPush { key, .. } => Some(key),
            Address::Apns { .. } | Address::Fcm { .. } => None,
        };
        Self {
            id: device.id,
            kind,
            name: device.name,
            created_at: device.created_at,
            last_success_at: device.last_success_at,
            health: device.health.into(),
            health_reason: device.health_reason,
            key,
        }
    }
}

impl From<Health> for HealthWord {
    fn from(health: Health) -> Self {
        match health {
            Health::New => Self::New,
            Health::Ok => Self::Ok,
            Health::Failing => Self::Failing,
            Health::Refused => Self::Refused,
            Health::Gone => Self::Gone,
        }
    }
}

impl From<OfficePushesWord> for OfficePushes {
    fn from(word: OfficePushesWord) -> Self {
        match word {
            OfficePushesWord::Mine => Self::Mine,
            OfficePushesWord::All => Self::All,
            OfficePushesWord::None => Self::None,
        }
    }
}

impl From<OfficePushes> for OfficePushesWord {
    fn from(office: OfficePushes) -> Self {
        match office {
            OfficePushes::Mine => Self::Mine,
            OfficePushes::All => Self::All,
            OfficePushes::None => Self::None,
        }
    }
}

impl StaffTextsView {
    /// As it stands, and which number takes a START.
    pub fn of(texts: StaffTexts, start_to: Option<ContactPoint>) -> Self {
        let StaffTexts { allowed, stopped, number } = texts;
        let said_stop = stopped.as_ref().is_some_and(|stopped| stopped.said_stop);
        Self { allowed, stopped_at: stopped.map(|stopped| stopped.at), said_stop, start_to, number }
    }
}

impl PushSettings {
    /// What wakes somebody, and their texts.
    pub fn of(wants: PushPreferences, texts: StaffTextsView) -> Self {
        let quiet = wants.quiet.map(|quiet| QuietView {
            from: quiet.from.to_string(),
            until: quiet.until.to_string(),
            time_zone: quiet.time_zone,
        });
        Self { quiet, on_call: wants.on_call, office: wants.office.into(), texts }
    }
}
