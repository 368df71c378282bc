//! `/api/devices` and `/api/settings/push`: where somebody is woken, and for what. Everybody's own.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use porchlight_api::ProblemShape;
use porchlight_desk::NewDevice;
use porchlight_domain::device::{Address, Device};
use porchlight_domain::hours::time_zone;
use porchlight_domain::id::DeviceId;
use porchlight_domain::push::{PushChange, QuietTime, StaffTexts};
use porchlight_edge::Problem;
use porchlight_edge::session::SignedIn;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most, has_length};
use crate::refusal::problem;
use crate::view::devices::{
    DeviceList, DeviceTested, DeviceView, OfficePushesWord, PushSettings, StaffTextsView,
};

/// The routes of this file.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(list, register))
        .routes(routes!(remove))
        .routes(routes!(test))
        .routes(routes!(get_push, put_push))
}

/// What a device is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKindWord {
    /// A browser.
    WebPush,
    /// A phone by Apple's service.
    Apns,
    /// A phone by Google's service.
    Fcm,
}

/// A browser's subscription, as `PushSubscription.toJSON()` tells it.
#[derive(Clone, Deserialize, ToSchema)]
pub struct Subscription {
    /// Where its push service takes messages.
    #[schema(min_length = 1, max_length = 2000)]
    pub endpoint: String,
    /// For encryption.
    pub keys: SubscriptionKeys,
}

/// For encryption; base64url.
#[derive(Clone, Deserialize, ToSchema)]
pub struct SubscriptionKeys {
    /// The browser's public key.
    #[schema(min_length = 80, max_length = 100)]
    pub p256dh: String,
    /// What it shares with the server.
    #[schema(min_length = 20, max_length = 30)]
    pub auth: String,
}

/// A device to be woken.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewDevice)]
pub struct Registered {
    /// Made by the client; the same id with another address is the same device, reached elsewhere from then on.
    #[serde(default)]
    pub id: Option<DeviceId>,
    /// What it is.
    pub kind: DeviceKindWord,
    /// Of a browser.
    #[serde(default)]
    pub subscription: Option<Subscription>,
    /// Of a phone.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 4096)]
    pub token: Option<String>,
    /// As its owner knows it: "Chrome on Android".
    #[serde(default)]
    #[schema(max_length = 100)]
    pub name: Option<String>,
    /// Of a browser: the key that it subscribed with; without it, the present one.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub key: Option<String>,
}

impl Checked for Registered {
    fn check(&self) -> Result<(), Wrong> {
        has_at_most("name", self.name.as_deref(), 100)?;
        has_at_most("key", self.key.as_deref(), 100)?;
        match (self.kind, &self.subscription, &self.token) {
            (DeviceKindWord::WebPush, Some(subscription), None) => {
                has_length("endpoint", &subscription.endpoint, 1, 2000)?;
                has_length("p256dh", &subscription.keys.p256dh, 80, 100)?;
                has_length("auth", &subscription.keys.auth, 20, 30)
            }
            (DeviceKindWord::Apns | DeviceKindWord::Fcm, None, Some(token)) => {
                has_length("token", token, 1, 4096)?;
                let is_plain = token.chars().all(|sign| sign.is_ascii_graphic());
                if is_plain { Ok(()) } else { Err(Wrong::new("token is none of Apple's or Google's.")) }
            }
            (DeviceKindWord::WebPush, ..) => {
                Err(Wrong::new("A webpush device has a subscription, and no token."))
            }
            _ => Err(Wrong::new("A phone has a token, and no subscription.")),
        }
    }
}

/// Be woken at this device
///
/// The same endpoint or token again is the same device. One of somebody else passes to whoever asks, and wakes the other no
/// more. It is silent once the session that registered it has ended. 422 `not-a-subscription` for what cannot be pushed
/// to, 409 `not-set-up` for phones whose service is not set up.
#[utoipa::path(
    post, path = "/api/devices", operation_id = "registerDevice", tag = "devices",
    request_body = Registered,
    responses(
        (status = 200, description = "The device", body = DeviceView),
        (status = 409, description = "Push to such phones is not set up",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn register(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Body(asked): Body<Registered>,
) -> Result<Json<DeviceView>, Problem> {
    let address = inbox.address(&asked).await?;
    let name = asked.name.as_deref().unwrap_or_default().trim().to_owned();
    let new = NewDevice { id: asked.id, name, address };
    let device = inbox.desk.register_device(&who, &who.session, &new).await.map_err(problem)?;
    Ok(Json(device.into()))
}

/// The devices at which you are woken
#[utoipa::path(
    get, path = "/api/devices", operation_id = "listDevices", tag = "devices",
    responses((status = 200, description = "Your own", body = DeviceList)),
)]
pub async fn list(State(inbox): State<Inbox>, who: SignedIn) -> Result<Json<DeviceList>, Problem> {
    let devices = inbox.desk.devices(&who).await.map_err(problem)?;
    let texts = inbox.desk.staff_texts(&who).await.map_err(problem)?;
    let texts = inbox.texts(&who, texts).await?;
    Ok(Json(DeviceList { devices: devices.into_iter().map(Into::into).collect(), texts }))
}

/// Be woken at this device no more
#[utoipa::path(
    delete, path = "/api/devices/{id}", operation_id = "removeDevice", tag = "devices",
    params(("id" = DeviceId, Path)),
    responses((status = 204, description = "It is woken no more")),
)]
pub async fn remove(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<DeviceId>,
) -> Result<StatusCode, Problem> {
    if let Some(device) = inbox.desk.remove_device(&who, &id).await.map_err(problem)? {
        inbox.notifiers.forget(&device).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Send a test push to this device
///
/// 200 once the push service has it. 409 `device-refused` where it refuses the device for good, `device-gone` where it
/// knows it no longer, which removes it; 502 `push-service` where it takes nothing just now: with the reason in plain words.
#[utoipa::path(
    post, path = "/api/devices/{id}/test", operation_id = "testDevice", tag = "devices",
    params(("id" = DeviceId, Path)),
    responses(
        (status = 200, description = "The push service has it", body = DeviceTested),
        (status = 409, description = "The push service refuses the device, or knows it no longer",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 502, description = "The push service takes nothing just now",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn test(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Named(id): Named<DeviceId>,
) -> Result<Json<DeviceTested>, Problem> {
    let device = inbox.desk.device(&who, &id).await.map_err(problem)?;
    let device = inbox.test_device(&who, device).await?;
    let told = "Sent. It should appear on this device within seconds.".to_owned();
    Ok(Json(DeviceTested { device: device.into(), told }))
}

/// When somebody is not to be woken.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewQuietTime)]
pub struct QuietAsked {
    /// From, `22:00`; inclusive.
    #[schema(pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub from: String,
    /// Until, `07:00`; exclusive. Equal ends mean never.
    #[schema(pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
    pub until: String,
    /// The IANA time zone of that clock.
    #[schema(min_length = 1, max_length = 64)]
    pub time_zone: String,
}

/// What somebody changes of what wakes them; what is left out stays as it is.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPushSettings)]
pub struct PushAsked {
    /// When not; `null` for never.
    #[serde(default, deserialize_with = "crate::ask::spoken_of")]
    #[expect(clippy::option_option, reason = "left out, null and said are three things")]
    pub quiet: Option<Option<QuietAsked>>,
    /// Woken by emergencies at any hour.
    #[serde(default)]
    pub on_call: Option<bool>,
    /// Of the office: by which customers' messages.
    #[serde(default)]
    pub office: Option<OfficePushesWord>,
    /// Whether you may be texted at your own phone when a customer waits and nobody on the job has opened the message.
    #[serde(default)]
    pub texts: Option<bool>,
}

impl QuietAsked {
    fn read(&self) -> Result<QuietTime, Wrong> {
        let time = |field: &str, text: &str| {
            text.parse().map_err(|_| Wrong::new(format!("{field} must be a time such as 22:00.")))
        };
        time_zone(&self.time_zone)
            .map_err(|_| Wrong::new("time_zone must be a name such as America/New_York."))?;
        let (from, until) = (time("from", &self.from)?, time("until", &self.until)?);
        Ok(QuietTime { from, until, time_zone: self.time_zone.clone() })
    }
}

impl PushAsked {
    fn read(&self) -> Result<PushChange, Wrong> {
        let quiet = self.quiet.as_ref().map(|quiet| quiet.as_ref().map(QuietAsked::read).transpose());
        Ok(PushChange {
            quiet: quiet.transpose()?,
            on_call: self.on_call,
            office: self.office.map(Into::into),
        })
    }
}

impl Checked for PushAsked {
    fn check(&self) -> Result<(), Wrong> {
        self.read().map(drop)
    }
}

/// What wakes you
#[utoipa::path(
    get, path = "/api/settings/push", operation_id = "getPushSettings", tag = "devices",
    responses((status = 200, description = "As you want it", body = PushSettings)),
)]
pub async fn get_push(State(inbox): State<Inbox>, who: SignedIn) -> Result<Json<PushSettings>, Problem> {
    let texts = inbox.desk.staff_texts(&who).await.map_err(problem)?;
    let wants = inbox.store.push_preferences(&who.business.id, &who.staff.id).await?;
    Ok(Json(PushSettings::of(wants, inbox.texts(&who, texts).await?)))
}

/// Say what wakes you
///
/// What is left out stays as it is, whoever changes that meanwhile. `texts` is your own consent to be texted, kept with its words in the ledger. 409 `no-number` where the business has no
/// phone of yours, `opted-out` where your phone said STOP: only its START takes that back. Nothing is changed then.
#[utoipa::path(
    put, path = "/api/settings/push", operation_id = "putPushSettings", tag = "devices",
    request_body = PushAsked,
    responses(
        (status = 200, description = "As it is now", body = PushSettings),
        (status = 409, description = "You cannot be texted", body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn put_push(
    State(inbox): State<Inbox>,
    who: SignedIn,
    Body(asked): Body<PushAsked>,
) -> Result<Json<PushSettings>, Problem> {
    let change = asked.read().map_err(|wrong| Problem::unprocessable("invalid", wrong.sentence()))?;
    let texts = match asked.texts {
        Some(allowed) => inbox.desk.allow_texts(&who, allowed).await,
        None => inbox.desk.staff_texts(&who).await,
    };
    let texts = texts.map_err(problem)?;
    let wants = inbox.store.change_push_preferences(&who.business.id, &who.staff.id, &change).await?;
    Ok(Json(PushSettings::of(wants, inbox.texts(&who, texts).await?)))
}

impl Inbox {
    async fn texts(&self, who: &SignedIn, texts: StaffTexts) -> Result<StaffTextsView, Problem> {
        let start_to = self.desk.start_to(who, &texts).await.map_err(problem)?;
        Ok(StaffTextsView::of(texts, start_to))
    }

    /// What a device can be reached at, checked.
    async fn address(&self, asked: &Registered) -> Result<Address, Problem> {
        let token = asked.token.clone().unwrap_or_default();
        let address = match (asked.kind, &asked.subscription) {
            (DeviceKindWord::WebPush, Some(subscription)) => {
                let Subscription { endpoint, keys } = subscription;
                self.notifiers.check(endpoint, &keys.p256dh, &keys.auth).map_err(|why| {
                    Problem::unprocessable("not-a-subscription", format!("This cannot be pushed to: {why}."))
                })?;
                let key = match &asked.key {
                    Some(key) => key.trim_end_matches('=').to_owned(),
                    None => self.push_key().await.ok_or_else(Problem::unavailable)?,
                };
                let (p256dh, auth) = (keys.p256dh.clone(), keys.auth.clone());
                Address::WebPush { endpoint: endpoint.clone(), p256dh, auth, key }
            }
            (DeviceKindWord::Apns, _) => Address::apns(&token),
            (DeviceKindWord::WebPush | DeviceKindWord::Fcm, _) => Address::Fcm { token },
        };
        if self.notifiers.reaches(&address) {
            return Ok(address);
        }
        Err(Problem::conflict("not-set-up", "Push to such phones is not set up")
            .detail("Whoever runs this names the platform application of SNS first."))
    }

    /// The key that browsers subscribe with; none while it cannot be read.
    pub async fn push_key(&self) -> Option<String> {
        let key = self.notifiers.public_key().await;
        let failed = |error: &porchlight_notifiers::KeyError| {
            tracing::error!(
                error = error as &(dyn std::error::Error + 'static),
                "there is no key for push services"
            );
        };
        key.inspect_err(failed).ok()
    }

    async fn test_device(&self, who: &SignedIn, device: Device) -> Result<Device, Problem> {
        use porchlight_domain::push::{LASTS, learned, test};
        use porchlight_notify::{Outcome, Push};
        let notice = test(&who.staff, &who.business.name);
        let push = Push { smaller: notice.clone(), notice, lasts: LASTS };
        let posted = self.notifiers.post(&device, &push).await;
        let endpoint = posted.endpoint.or_else(|| device.endpoint.clone());
        let device = Device { endpoint, ..device };
        let after = learned(&device, &posted.outcome.learned(), self.now());
        match posted.outcome {
            Outcome::Gone => {
                if self.store.delete_device(&device).await? {
                    self.notifiers.forget(&device).await;
                }
                return Err(Problem::conflict("device-gone", "The push service knows this device no longer")
                    .detail("It was removed. Switch notifications on again there."));
            }
            Outcome::Taken | Outcome::Refused(_) | Outcome::Later { .. } => {
                self.store.update_device(&after).await?;
            }
        }
        match posted.outcome {
            Outcome::Refused(reason) => {
                Err(Problem::conflict("device-refused", "The push service refuses this device")
                    .detail(reason))
            }
            Outcome::Later { reason, .. } => {
                let title = "The push service takes nothing just now";
                Err(Problem::new(StatusCode::BAD_GATEWAY, "push-service", title).detail(reason))
            }
            Outcome::Taken | Outcome::Gone => Ok(after),
        }
    }
}
