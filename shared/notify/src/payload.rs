//! The formats: declarative Web Push, which our service worker reads as well; Firebase's HTTP v1 and Apple's, as SNS
//! passes them on.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use porchlight_domain::push::{Notice, NoticeKind};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Signs of a topic: no push service takes more.
const TOPIC: usize = 32;

/// What names a thread's one notification: 32 signs of base64url, a hash. A test has none.
pub fn topic(notice: &Notice) -> Option<String> {
    let thread = notice.conversation.as_ref()?;
    let mut topic = URL_SAFE_NO_PAD.encode(Sha256::digest(thread.as_str()));
    topic.truncate(TOPIC);
    Some(topic)
}

/// The same to a browser, inside what only it can read: the worker's own tag of the thread (`web/src/worker/notice.ts`), so
/// that a line shown without the worker and one of the worker's are one.
fn tag(notice: &Notice) -> String {
    match &notice.conversation {
        Some(thread) => format!("porchlight.{thread}"),
        None => format!("porchlight.{}", notice.kind.as_str()),
    }
}

/// How soon a phone that saves power is woken. Somebody waits for an answer: only a note can wait.
pub const fn urgency(notice: &Notice) -> &'static str {
    match notice.kind {
        NoticeKind::Message | NoticeKind::Internal | NoticeKind::Escalation | NoticeKind::Test => "high",
        NoticeKind::Mention => "normal",
    }
}

/// Where a tap leads.
pub fn navigate(notice: &Notice, public_url: &str) -> String {
    match (&notice.conversation, &notice.message) {
        (Some(thread), Some((message, _))) => {
            format!("{public_url}/conversations/{thread}?message={message}")
        }
        (Some(thread), None) => format!("{public_url}/conversations/{thread}"),
        (None, _) => format!("{public_url}/"),
    }
}

/// A declarative push message. `porchlight` is our worker's: whom it is for, and what must be fetched.
pub fn declarative(notice: &Notice, public_url: &str) -> String {
    let notification = json!({
        "title": notice.title,
        "body": notice.body,
        "navigate": navigate(notice, public_url),
        "lang": "en",
        "dir": "auto",
        "tag": tag(notice),
        "renotify": true,
        "silent": false,
        "data": { "porchlight": about(notice) },
    });
    let mut message = json!({
        "web_push": 8030,
        "notification": notification,
        "mutable": true,
        "porchlight": about(notice),
    });
    if let Some(badge) = notice.badge {
        message["app_badge"] = json!(badge);
    }
    message.to_string()
}

/// What the app needs to know.
fn about(notice: &Notice) -> Value {
    let mut about = json!({ "person": notice.staff, "kind": notice.kind.as_str() });
    if let Some(thread) = &notice.conversation {
        about["conversation"] = json!(thread);
    }
    if let Some((message, seq)) = &notice.message {
        about["message"] = json!(message);
        about["seq"] = json!(seq);
    }
    if !notice.counted {
        about["counted"] = json!(false);
    }
    about
}

/// Firebase's `message`, in the envelope that SNS takes for FCM v1. Values of `data` are texts there.
pub fn fcm(notice: &Notice, public_url: &str, lasts: std::time::Duration) -> String {
    let mut data = json!({ "navigate": navigate(notice, public_url) });
    for (name, value) in about(notice).as_object().into_iter().flatten() {
        data[name] = json!(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    let mut android = json!({
        "priority": if urgency(notice) == "high" { "high" } else { "normal" },
        "ttl": format!("{}s", lasts.as_secs()),
    });
    let mut shown = json!({});
    if let Some(topic) = topic(notice) {
        android["collapse_key"] = json!(topic);
        shown["tag"] = json!(topic);
    }
    if let Some(badge) = notice.badge {
        shown["notification_count"] = json!(badge);
    }
    android["notification"] = shown;
    let message = json!({
        "notification": { "title": notice.title, "body": notice.body },
        "data": data,
        "android": android,
    });
    json!({ "fcmV1Message": { "message": message } }).to_string()
}

/// Apple's.
pub fn apns(notice: &Notice, public_url: &str) -> String {
    let mut aps = json!({
        "alert": { "title": notice.title, "body": notice.body },
        "sound": "default",
        "interruption-level": if notice.emergency { "time-sensitive" } else { "active" },
    });
    if let Some(badge) = notice.badge {
        aps["badge"] = json!(badge);
    }
    if let Some(topic) = topic(notice) {
        aps["thread-id"] = json!(topic);
    }
    json!({ "aps": aps, "navigate": navigate(notice, public_url), "porchlight": about(notice) }).to_string()
}
