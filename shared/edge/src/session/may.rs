//! What somebody may do for the business, in a handler's signature: a handler that forgets to ask does not know who
//! asked.

use std::marker::PhantomData;

use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use porchlight_domain::access::BusinessAct;

use super::{Sessions, SignedIn};
use crate::problem::Problem;

/// Somebody signed in who may do `A`; everybody else is refused before the handler runs.
pub struct May<A>(pub SignedIn, pub PhantomData<A>);

/// An act, as a type, with the words for whoever may not.
pub trait Asks {
    /// What is to be done.
    const ACT: BusinessAct;
    /// Whose it is to do.
    const REFUSAL: &'static str;
}

/// Changes customers, contact points, jobs and crews.
pub struct KeepDirectory;

/// Says when people are expected to answer.
pub struct KeepHours;

/// Sees what could not be understood, and tries it again.
pub struct KeepTray;

impl Asks for KeepDirectory {
    const ACT: BusinessAct = BusinessAct::KeepDirectory;
    const REFUSAL: &'static str = "This is the office's to do.";
}

impl Asks for KeepHours {
    const ACT: BusinessAct = BusinessAct::KeepHours;
    const REFUSAL: &'static str = "Settings are an admin's to change.";
}

impl Asks for KeepTray {
    const ACT: BusinessAct = BusinessAct::KeepTray;
    const REFUSAL: &'static str = "The tray is an admin's to see.";
}

impl<A: Asks, S: Send + Sync> FromRequestParts<S> for May<A>
where
    Sessions: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let who = SignedIn::from_request_parts(parts, state).await?;
        if who.viewer.may(A::ACT) { Ok(Self(who, PhantomData)) } else { Err(Problem::forbidden(A::REFUSAL)) }
    }
}
