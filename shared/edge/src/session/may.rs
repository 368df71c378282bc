//! What somebody may do for the business, in a handler's signature.

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use porchlight_domain::access::{BusinessRight, Grant, Right};

use super::{Sessions, SignedIn};
use crate::problem::Problem;

/// Somebody signed in who has this right, with the proof that the desk asks for; everybody else is refused before
/// the handler runs.
pub struct May<R>(pub SignedIn, pub Grant<R>);

impl<R: BusinessRight, S: Send + Sync> FromRequestParts<S> for May<R>
where
    Sessions: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let who = SignedIn::from_request_parts(parts, state).await?;
        let grant = who.viewer.grant().ok_or_else(|| Problem::forbidden(words(R::ACT.right())))?;
        Ok(Self(who, grant))
    }
}

/// For whoever has not this right.
pub const fn words(right: Right) -> &'static str {
    match right {
        Right::Texting => "Writing to customers is not switched on for you.",
        Right::Everybody | Right::Office => "This is the office's to do.",
        Right::Admin => "This is an admin's to do.",
    }
}
