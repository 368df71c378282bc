//! Calling Porchlight as Twilio does: a signed form post, tried again as the URL's fragment says.
//!
//! Twilio's connection overrides (`#rc=5&rp=all&ct=…&rt=…&tt=…`): how often to retry, upon what, and the
//! time-outs of connecting, of reading and of all attempts together. Without a fragment only a failed
//! connection is tried again, once.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use crate::ambient;
use crate::events::{Happening, Tone, Way};
use crate::faults::{Fault, FaultKind, FaultList as _};
use crate::signing::sign;
use crate::world::World;

/// How telling Porchlight of something ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookOutcome {
    /// Whether it was taken, with a 2xx.
    pub accepted: bool,
    /// How many requests it took.
    pub attempts: u32,
    /// The last HTTP status; none where no answer came.
    pub status: Option<u16>,
    /// From the first attempt to the last answer.
    pub elapsed_ms: u64,
    /// What was odd about the answer.
    pub note: Option<String>,
    /// Not taken because of this fault, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

/// A webhook address with its overrides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    url: String,
    retries: u32,
    retry_on: RetryOn,
    connect: Duration,
    read: Duration,
    total: Duration,
}

/// What counts as worth another attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent conditions of Twilio's `rp`")]
struct RetryOn {
    connect: bool,
    read: bool,
    client_error: bool,
    server_error: bool,
}

impl Target {
    pub(crate) fn parse(address: &str) -> Self {
        let (url, fragment) = address.split_once('#').unwrap_or((address, ""));
        let given = |name: &str| {
            let pairs = fragment.split('&').filter_map(|pair| pair.split_once('='));
            pairs.filter(|(found, _)| *found == name).map(|(_, value)| value).next_back()
        };
        let millis = |name, least, most, usual| {
            let ms = given(name).and_then(|value| value.parse::<u64>().ok()).unwrap_or(usual);
            Duration::from_millis(ms.clamp(least, most))
        };
        Self {
            url: url.to_owned(),
            retries: given("rc").and_then(|value| value.parse().ok()).unwrap_or(1).min(5),
            retry_on: RetryOn::parse(given("rp").unwrap_or("ct")),
            connect: millis("ct", 100, 10_000, 5_000),
            read: millis("rt", 100, 15_000, 15_000),
            total: millis("tt", 100, 15_000, 15_000),
        }
    }
}

impl RetryOn {
    fn parse(words: &str) -> Self {
        let has = |word| words.split([',', ' ']).any(|given| given == word || given == "all");
        Self { connect: has("ct"), read: has("rt"), client_error: has("4xx"), server_error: has("5xx") }
    }
}

/// One thing to tell.
pub(crate) struct Call<'a> {
    pub target: Target,
    pub fields: Vec<(String, String)>,
    pub sid: &'a str,
    pub phone: &'a str,
    /// Of the first attempt; retries are shown as webhooks.
    pub way: Way,
    /// What the first attempt is called, and the further ones.
    pub what: String,
    pub again: &'static str,
    pub faults: &'a [Fault],
}

impl Call<'_> {
    /// The fault that kept an attempt from being taken, if it was one.
    fn blame(&self, closed: bool, attempt: u32) -> Option<FaultKind> {
        let forged = attempt == 0 && self.faults.has(FaultKind::WrongSignature);
        closed.then_some(FaultKind::EdgeDown).or(forged.then_some(FaultKind::WrongSignature))
    }
}

/// What came of one attempt.
enum Answer {
    Given { status: u16, content_type: String, body: String },
    NoConnection,
    TimedOut,
    Broken,
}

/// The words of an answer that was taken.
#[derive(Default)]
pub(crate) struct AnswerBody {
    pub content_type: String,
    pub body: String,
}

/// Posts until it is taken, or until the overrides say to give up.
pub(crate) async fn deliver(world: &World, call: &Call<'_>) -> (WebhookOutcome, AnswerBody) {
    let begun = Instant::now();
    // The same over all attempts of one delivery, as Twilio's.
    let token = ambient::fresh_hex();
    let mut attempt = 0;
    loop {
        let closed = call.faults.has(FaultKind::EdgeDown) || world.lock().faults.closes_door();
        let started = Instant::now();
        let left = call.target.total.saturating_sub(begun.elapsed());
        let answer =
            if closed { Answer::NoConnection } else { post(world, call, &token, attempt, left).await };
        log(world, call, attempt, closed, &answer, started.elapsed());
        attempt += 1;
        let wait = world.pace.retry * 2_u32.pow(attempt - 1);
        let give_up = attempt > call.target.retries || begun.elapsed() + wait >= call.target.total;
        if answer.is_taken() || give_up || !answer.retries(call.target.retry_on) {
            let fault = call.blame(closed, attempt - 1).filter(|_| !answer.is_taken());
            return answer.conclude(attempt, begun.elapsed(), fault);
        }
        tokio::time::sleep(wait).await;
    }
}

/// The same twice at once; ends as the first, unless only the copy was taken.
pub(crate) async fn deliver_twice(
    world: &World,
    first: &Call<'_>,
    copy: &Call<'_>,
) -> (WebhookOutcome, AnswerBody) {
    let (first, copy) = tokio::join!(deliver(world, first), deliver(world, copy));
    if copy.0.accepted && !first.0.accepted { copy } else { first }
}

async fn post(world: &World, call: &Call<'_>, token: &str, attempt: u32, left: Duration) -> Answer {
    let Target { url, connect, read, .. } = &call.target;
    let forged = attempt == 0 && call.faults.has(FaultKind::WrongSignature);
    let key = if forged { "another token" } else { world.auth_token.as_str() };
    let own_client = (*connect != USUAL_CONNECT).then(|| client(*connect).ok()).flatten();
    let client = own_client.as_ref().unwrap_or(&world.http);
    let request = client
        .post(url)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded; charset=UTF-8")
        .header("X-Twilio-Signature", sign(url, &call.fields, key))
        .header("I-Twilio-Idempotency-Token", token)
        .timeout((*read).min(left))
        .body(form_urlencoded::Serializer::new(String::new()).extend_pairs(&call.fields).finish());
    match request.send().await {
        Ok(response) => read_answer(response).await,
        Err(error) => Answer::from_error(&error),
    }
}

/// Twilio's usual time-out for connecting.
const USUAL_CONNECT: Duration = Duration::from_secs(5);

/// The client for a time-out of connecting; the usual one's is made once (it reads the system's certificates).
fn client(connect: Duration) -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().connect_timeout(connect).user_agent("TwilioProxy/1.1");
    builder.retry(reqwest::retry::never()).redirect(reqwest::redirect::Policy::none()).build()
}

/// The client of most webhooks.
pub(crate) fn usual_client() -> reqwest::Result<reqwest::Client> {
    client(USUAL_CONNECT)
}

async fn read_answer(response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let header = response.headers().get(CONTENT_TYPE).and_then(|header| header.to_str().ok());
    let content_type = header.unwrap_or_default().to_owned();
    match response.text().await {
        Ok(body) => Answer::Given { status, content_type, body },
        Err(error) => Answer::from_error(&error),
    }
}

impl Answer {
    fn from_error(error: &reqwest::Error) -> Self {
        match error {
            error if error.is_connect() || error.is_builder() => Self::NoConnection,
            error if error.is_timeout() => Self::TimedOut,
            _ => Self::Broken,
        }
    }

    fn is_taken(&self) -> bool {
        matches!(self, Self::Given { status: 200..=299, .. })
    }

    fn retries(&self, on: RetryOn) -> bool {
        match self {
            Self::NoConnection => on.connect,
            Self::TimedOut | Self::Broken => on.read,
            Self::Given { status: 400..=499, .. } => on.client_error,
            Self::Given { status: 500.., .. } => on.server_error,
            Self::Given { .. } => false,
        }
    }

    fn conclude(
        self,
        attempts: u32,
        elapsed: Duration,
        fault: Option<FaultKind>,
    ) -> (WebhookOutcome, AnswerBody) {
        let fault = fault.map(|kind| kind.as_str().to_owned());
        let accepted = self.is_taken();
        let elapsed_ms = millis(elapsed);
        let (status, answer) = match self {
            Self::Given { status, content_type, body } => (Some(status), AnswerBody { content_type, body }),
            Self::NoConnection | Self::TimedOut | Self::Broken => (None, AnswerBody::default()),
        };
        (WebhookOutcome { accepted, attempts, status, elapsed_ms, note: None, fault }, answer)
    }
}

fn log(world: &World, call: &Call<'_>, attempt: u32, closed: bool, answer: &Answer, took: Duration) {
    let ms = millis(took);
    let (result, tone) = match answer {
        Answer::Given { status, .. } if answer.is_taken() => (format!("{status} in {ms} ms"), Tone::Good),
        Answer::Given { status, .. } => (format!("{status} after {ms} ms"), Tone::Bad),
        Answer::NoConnection => ("no connection".to_owned(), Tone::Bad),
        Answer::TimedOut => (format!("no answer in {ms} ms"), Tone::Bad),
        Answer::Broken => ("connection broke".to_owned(), Tone::Bad),
    };
    let shown = |fault: &&Fault| match fault.kind {
        FaultKind::WrongSignature => attempt == 0,
        FaultKind::EdgeDown => false,
        _ => true,
    };
    let fault =
        if closed { Some("edge_down".to_owned()) } else { call.faults.iter().find(shown).map(describe) };
    let ordinal = ["", "second", "third", "fourth", "fifth", "sixth"];
    let tries = usize::try_from(attempt).unwrap_or(0).min(ordinal.len() - 1);
    let (way, what) = match tries {
        0 => (call.way, call.what.clone()),
        tries => (Way::Webhook, format!("{}, {} try", call.again, ordinal[tries])),
    };
    let (sid, phone) = (Some(call.sid.to_owned()), call.phone.to_owned());
    world.events.add(Happening { way, what, sid, phone, result, tone, fault });
}

/// A fault as the log shows it, with its measure.
pub(crate) fn describe(fault: &Fault) -> String {
    match fault {
        Fault { kind, delay_ms: Some(ms), .. } => format!("{} {ms} ms", kind.as_str()),
        Fault { kind, code: Some(code), .. } => format!("{} {code}", kind.as_str()),
        Fault { kind, .. } => kind.as_str().to_owned(),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_read_from_the_fragment_and_the_usual_is_one_try_on_connecting() {
        let usual = Target::parse("http://h/p");
        assert_eq!((usual.retries, usual.retry_on), (1, RetryOn { connect: true, ..RetryOn::default() }));
        let all = Target::parse("http://h/p?q=1#rc=9&rp=all&ct=50&rt=2000&tt=99000");
        assert_eq!((all.url.as_str(), all.retries), ("http://h/p?q=1", 5));
        assert!(all.retry_on.client_error && all.retry_on.read);
        assert_eq!(
            (all.connect.as_millis(), all.read.as_millis(), all.total.as_millis()),
            (100, 2_000, 15_000)
        );
        let some = Target::parse("http://h/p#rp=5xx,rt").retry_on;
        assert_eq!(some, RetryOn { read: true, server_error: true, ..RetryOn::default() });
    }
}
