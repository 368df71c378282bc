//! `/api/conversations…`: the list, the thread, and what is done with them.

mod acts;
mod assignee;
mod audience;
mod begin;
mod block;
mod draft;
mod get;
mod list;
mod messages;
mod notes;
mod numbers;
mod office;
mod planned;
mod presence;
mod reachable;
mod search;
pub(crate) mod send;
mod snooze;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use self::acts::ActCommand;
pub use self::begin::has_words;
pub use self::list::{FilterWord, is_whose, whose};
use crate::Inbox;

/// The routes of this folder.
pub fn routes() -> OpenApiRouter<Inbox> {
    OpenApiRouter::new()
        .routes(routes!(list::list, begin::begin))
        .routes(routes!(get::get))
        .routes(routes!(messages::messages, send::send))
        .routes(routes!(acts::read))
        .routes(routes!(acts::unread))
        .routes(routes!(acts::pin))
        .routes(routes!(acts::unpin))
        .routes(routes!(acts::done))
        .routes(routes!(acts::attention))
        .routes(routes!(acts::close))
        .routes(routes!(acts::reopen))
        .routes(routes!(planned::planned))
        .routes(routes!(snooze::snooze))
        .routes(routes!(assignee::assign))
        .routes(routes!(block::block))
        .routes(routes!(block::unblock))
        .routes(routes!(draft::put, draft::delete))
        .routes(routes!(numbers::numbers))
        .routes(routes!(audience::audience))
        .routes(routes!(reachable::put))
        .routes(routes!(notes::write))
        .routes(routes!(notes::readers))
        .routes(routes!(office::hand_over))
        .routes(routes!(office::office_only))
        .routes(routes!(presence::present))
        .routes(routes!(search::search))
}
