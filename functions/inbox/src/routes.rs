//! The routes: one file per endpoint or small group.

mod blocked;
mod bulk;
mod conversations;
mod day_off;
mod devices;
mod dictation;
mod directory;
mod health;
mod internal;
mod invites;
mod me;
mod messages;
mod openapi;
mod push_ladder;
mod quarantine;
mod quick_replies;
mod session;
mod staff;
mod templates;
mod uploads;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Inbox;
use crate::openapi::Frame;

/// Every route of the function, with its words in the OpenAPI document.
pub fn all() -> OpenApiRouter<Inbox> {
    OpenApiRouter::with_openapi(Frame::openapi())
        .routes(routes!(session::sign_in, session::sign_out))
        .routes(routes!(me::me))
        .merge(conversations::routes())
        .merge(bulk::routes())
        .routes(routes!(messages::dismiss::dismiss))
        .routes(routes!(messages::elsewhere::elsewhere))
        .routes(routes!(blocked::list))
        .routes(routes!(uploads::ask))
        .routes(routes!(uploads::check))
        .routes(routes!(messages::planned::cancel))
        .routes(routes!(messages::planned::send_now))
        .routes(routes!(messages::planned::change, messages::delete::delete))
        .routes(routes!(internal::open))
        .routes(routes!(messages::planned::editor))
        .merge(directory::routes())
        .merge(staff::routes())
        .merge(day_off::routes())
        .merge(invites::routes())
        .merge(templates::routes())
        .routes(routes!(quick_replies::get, quick_replies::put))
        .merge(dictation::routes())
        .merge(devices::routes())
        .routes(routes!(push_ladder::get, push_ladder::put))
        .routes(routes!(quarantine::list))
        .routes(routes!(quarantine::replay))
        .routes(routes!(health::health))
        .routes(routes!(openapi::document))
}
