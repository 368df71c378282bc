//! `GET|POST /api/contacts/{contact}/consent`: the ledger (FEATURES 84)

use axum::Json;
use axum::extract::State;
use porchlight_api::ProblemShape;
use porchlight_api::words::{ConsentActWord, PurposeWord};
use porchlight_desk::ConsentSaid;
use porchlight_domain::access::{KeepConsent, Person};
use porchlight_domain::id::CommandId;
use porchlight_domain::phone::ContactPoint;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Named, Wrong, has_at_most, typed};
use crate::refusal::problem;
use crate::routes::conversations::has_words;
use crate::view::consent::{Ledger, ledger};

/// What somebody said about being texted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentCommand {
    /// Made by the client: the same again is harmless.
    pub id: CommandId,
    /// They agreed, took it back, or did not mean to.
    pub act: ConsentActWord,
    /// "By phone".
    #[schema(min_length = 1, max_length = 200, pattern = r"\S")]
    pub how: String,
    /// In which words.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub words: Option<String>,
    /// For what: texts about their work for what is given, everything for what is taken back, where it is left out.
    #[serde(default)]
    pub scope: Option<PurposeWord>,
}

impl Checked for ConsentCommand {
    fn check(&self) -> Result<(), Wrong> {
        has_words("how", &self.how, 200)?;
        has_at_most("words", self.words.as_deref(), 500)
    }
}

/// All that was said about texting somebody
///
/// Each grant and each revocation, in the order in which they came: with its words, when, how, and who kept it.
#[utoipa::path(
    get, path = "/api/contacts/{contact}/consent", operation_id = "getConsent", tag = "directory",
    params(
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    responses(
        (status = 200, description = "The ledger", body = Ledger),
        (status = 403, description = "The office's to see",
            body = ProblemShape, content_type = "application/problem+json"),
        (status = 422, description = "No number that can be called or texted",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn get(
    State(inbox): State<Inbox>,
    May(who, _): May<KeepConsent>,
    Named(contact): Named<String>,
) -> Result<Json<Ledger>, Problem> {
    Ok(Json(inbox.ledger(&who, &typed(&contact)?).await?))
}

/// Keep what somebody said about being texted
///
/// What a customer's own STOP closed stays closed (409, `opted-out`): only their START opens it. A `dismiss` is for a
/// text that seemed to ask for no more (409, `nothing-in-doubt`, where there is none), and so is a `revoke`, which
/// confirms it.
#[utoipa::path(
    post, path = "/api/contacts/{contact}/consent", operation_id = "keepConsent", tag = "directory",
    params(
        ("contact" = String, Path, min_length = 1, max_length = 254, description = "E.164 number or email address"),
    ),
    request_body = ConsentCommand,
    responses(
        (status = 200, description = "The ledger as it is now", body = Ledger),
        (status = 409, description = "Something stands in the way",
            body = ProblemShape, content_type = "application/problem+json"),
    ),
)]
pub async fn post(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepConsent>,
    Named(contact): Named<String>,
    Body(command): Body<ConsentCommand>,
) -> Result<Json<Ledger>, Problem> {
    let contact = typed(&contact)?;
    let ConsentCommand { id, act, how, words, scope } = command;
    let words = words.filter(|words| !words.trim().is_empty());
    let said = ConsentSaid { act: act.into(), how, words, scope: scope.map(Into::into) };
    inbox.desk.keep_consent(may, &who, &contact, &said, Some(id)).await.map_err(problem)?;
    Ok(Json(inbox.ledger(&who, &contact).await?))
}

impl Inbox {
    async fn ledger(&self, who: &Person, contact: &ContactPoint) -> Result<Ledger, Problem> {
        let business = &who.business.id;
        let (entries, facts, names) = tokio::try_join!(
            self.store.consent_ledger(business, contact),
            self.store.contact_facts(business, contact),
            self.names(business),
        )?;
        Ok(ledger(contact, entries, &facts, &names))
    }
}
