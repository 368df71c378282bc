//! `PUT /api/settings/template-variables`: which variables are offered to whoever writes a template.

use axum::Json;
use axum::extract::State;
use porchlight_domain::access::KeepTemplates;
use porchlight_domain::template::variable::Variable;
use porchlight_edge::Problem;
use porchlight_edge::session::May;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Inbox;
use crate::ask::{Body, Checked, Wrong};
use crate::refusal::problem;
use crate::view::templates::TemplatesView;

/// Which variables are offered.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferedVariables {
    /// Their names, without braces.
    #[schema(max_items = 100)]
    pub offered: Vec<String>,
}

impl Checked for OfferedVariables {
    fn check(&self) -> Result<(), Wrong> {
        match self.offered.iter().find(|name| Variable::named(name).is_none()) {
            Some(_) => Err(Wrong::new("offered names a variable that there is not.")),
            None => Ok(()),
        }
    }
}

/// Say which variables are offered
///
/// To whoever writes a template; all of them are filled in any case.
#[utoipa::path(
    put, path = "/api/settings/template-variables", operation_id = "offerTemplateVariables", tag = "templates",
    request_body = OfferedVariables,
    responses((status = 200, description = "As they are offered now", body = TemplatesView)),
)]
pub async fn put(
    State(inbox): State<Inbox>,
    May(who, may): May<KeepTemplates>,
    Body(wanted): Body<OfferedVariables>,
) -> Result<Json<TemplatesView>, Problem> {
    let offered: Vec<Variable> = wanted.offered.iter().filter_map(|name| Variable::named(name)).collect();
    let library = inbox.desk.offer_variables(may, &who.business.id, &offered).await.map_err(problem)?;
    Ok(Json(TemplatesView::from(&library)))
}
