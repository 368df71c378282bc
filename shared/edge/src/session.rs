//! Sessions: an opaque token in a cookie, its hash in the vault.
//!
//! The tenant and the person come from here and nowhere else (P7). On https the cookie is
//! `__Host-porchlight`, which no other host can set and no path narrows.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cookie::{Cookie, SameSite};
use http::{HeaderMap, header, request::Parts};
use porchlight_ambient::{Clock, Entropy};
use porchlight_domain::access::Person;
use porchlight_domain::form_factor::FormFactor;
use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::staff::Staff;
use porchlight_store::sessions::SessionRecord;
use porchlight_store::{Store, StoreError};
use sha2::{Digest, Sha256};

use crate::platform::Platform;
use crate::problem::Problem;
use crate::settings::ConfigError;
use crate::wake::Wake;

mod may;

pub use self::may::{May, words};

/// How long a session lasts without signing in again.
pub const LIFETIME: Duration = Duration::from_hours(24 * 14);

/// Makes, finds and ends sessions. Cheap to clone.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Clock,
    entropy: Entropy,
    wake: Wake,
    /// The site is on https: the cookie is `Secure` and `__Host-`.
    secure: bool,
    public_origin: Arc<str>,
}

/// Who is signed in, read afresh for every request.
#[derive(Clone)]
pub struct SignedIn {
    /// The person, as they act.
    pub person: Person,
    /// The digest of the session's token, for [`Sessions::resume`].
    pub session: String,
}

impl Deref for SignedIn {
    type Target = Person;

    fn deref(&self) -> &Person {
        &self.person
    }
}

impl Sessions {
    /// `PUBLIC_URL` decides whether cookies are for https only.
    pub fn new(platform: &Platform) -> Result<Self, ConfigError> {
        let public_url = platform.settings.require("PUBLIC_URL")?;
        let origin = public_url.trim_end_matches('/');
        Ok(Self {
            store: platform.store()?,
            clock: platform.clock.clone(),
            entropy: platform.entropy.clone(),
            wake: platform.wake.clone(),
            secure: origin.starts_with("https://"),
            public_origin: origin.into(),
        })
    }

    /// The origin that browsers see.
    pub fn public_origin(&self) -> &str {
        &self.public_origin
    }

    /// Begins a session and gives its one `Set-Cookie`.
    pub async fn begin(&self, staff: &Staff) -> Result<String, StoreError> {
        let token = Token::new(&self.entropy);
        let now = self.clock.now();
        self.store
            .put_session(&SessionRecord {
                digest: token.digest(),
                business: staff.business.clone(),
                staff: staff.id.clone(),
                created_at: now,
                ends_at: now + LIFETIME,
                epoch: staff.session_epoch,
            })
            .await?;
        Ok(self.cookie(token.as_str(), LIFETIME))
    }

    /// Ends the session of the request's cookie, if it lives, and gives the `Set-Cookie` that forgets it.
    pub async fn end(&self, headers: &HeaderMap) -> Result<String, StoreError> {
        let Some(token) = self.token(headers) else { return Ok(self.forget()) };
        if let Some(session) = self.store.session(&token.digest(), self.clock.now()).await? {
            self.store.delete_session(&session).await?;
            self.wake.session_ended(&session.digest);
        }
        Ok(self.forget())
    }

    /// Clears away what is left of the sessions of whoever was signed out everywhere, and tells their streams. The
    /// sessions themselves ended with the person's epoch; those of the present one stay.
    pub async fn end_old(&self, business: &BusinessId, staff: &StaffId) -> Result<(), StoreError> {
        let epoch = self.store.staff(business, staff).await?.map(|person| person.session_epoch);
        let ended = self.store.delete_sessions_before(business, staff, epoch).await?;
        for digest in &ended {
            self.wake.session_ended(digest);
        }
        Ok(())
    }

    fn forget(&self) -> String {
        self.cookie("", Duration::ZERO)
    }

    /// Who the request's cookie stands for; `None` without a living session of a person who still works here.
    pub async fn find(&self, headers: &HeaderMap) -> Result<Option<SignedIn>, StoreError> {
        let Some(token) = self.token(headers) else { return Ok(None) };
        let found = self.resume(&token.digest()).await?;
        let device =
            headers.get(header::USER_AGENT).and_then(|agent| FormFactor::of_agent(agent.to_str().ok()?));
        Ok(found.map(|SignedIn { person, session }| SignedIn { person: person.at(device), session }))
    }

    /// Who a session stands for now; long streams ask again and again.
    pub async fn resume(&self, session: &str) -> Result<Option<SignedIn>, StoreError> {
        let Some(found) = self.store.session(session, self.clock.now()).await? else { return Ok(None) };
        let (staff, business) = tokio::try_join!(
            self.store.staff(&found.business, &found.staff),
            self.store.business(&found.business)
        )?;
        let (Some(staff), Some(business)) = (staff, business) else { return Ok(None) };
        // Whoever was signed out everywhere is out by this alone: what is left of their sessions lets nobody in.
        if !staff.works() || staff.session_epoch != found.epoch {
            return Ok(None);
        }
        Ok(Some(SignedIn { person: Person::new(staff, business), session: session.to_owned() }))
    }

    fn token(&self, headers: &HeaderMap) -> Option<Token> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        cookies
            .find(|cookie| cookie.name() == self.cookie_name())
            .map(|cookie| Token(cookie.value().to_owned()))
    }

    fn cookie(&self, token: &str, lasts: Duration) -> String {
        let seconds = i64::try_from(lasts.as_secs()).unwrap_or(i64::MAX);
        let cookie = Cookie::build((self.cookie_name(), token))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(cookie::time::Duration::seconds(seconds));
        cookie.build().to_string()
    }

    const fn cookie_name(&self) -> &'static str {
        if self.secure { "__Host-porchlight" } else { "porchlight" }
    }
}

/// What lets whoever has it in: by a cookie, or by a link. It is kept under its hash, so that whoever reads the table
/// cannot come in with it; it is never shown (P11).
pub struct Token(String);

impl Token {
    /// One that nobody guesses.
    pub fn new(entropy: &Entropy) -> Self {
        Self(URL_SAFE_NO_PAD.encode(entropy.bytes::<32>()))
    }

    /// For whom it is made.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256 of it, in hex.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self(token)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    Sessions: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Sessions::from_ref(state).find(&parts.headers).await?.ok_or_else(Problem::unauthenticated)
    }
}
