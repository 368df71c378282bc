//! Customers, contact points, jobs, who works on them, and settings. The office's to write, jobs also the crew's to read; each write tells
//! the live feed whose access it may have changed, and `index` refreshes what lists show from the stream.

mod assignments;
mod consent;
mod consent_rule;
mod contacts;
mod customers;
mod facts;
mod find;
mod hours;
mod jobs;
mod lead;
mod links;
mod participants;
mod timeline;
mod workday;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;

/// The routes of this folder.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(find::find))
        .routes(routes!(customers::put))
        .routes(routes!(lead::put))
        .routes(routes!(links::put, links::delete))
        .routes(routes!(contacts::put))
        .routes(routes!(timeline::get))
        .routes(routes!(workday::list))
        .routes(routes!(jobs::put, workday::get))
        .routes(routes!(facts::post))
        .routes(routes!(facts::delete))
        .routes(routes!(assignments::put, assignments::delete))
        .routes(routes!(participants::put, participants::delete))
        .routes(routes!(hours::get, hours::put))
        .routes(routes!(consent::get, consent::post))
        .routes(routes!(consent_rule::get, consent_rule::put))
}
