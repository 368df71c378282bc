//! The live feed of a business: one partition per day (PROTOCOLS §3). Events are written by
//! [`Commit::event`](crate::Commit::event).

use std::time::Duration;

use porchlight_domain::event::Event;
use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::presence;
use porchlight_domain::time::Timestamp;

use crate::error::StoreError;
use crate::items;
use crate::keys;
use crate::outbound::readable;
use crate::query::{Query, Range};
use crate::store::Store;
use crate::table::{Expression, Outcome, Table, key_item, number};

/// Writers' clocks may be ahead by so much, and with them the day.
const CLOCKS_DIFFER: Duration = Duration::from_secs(10);

impl Store {
    /// Every event whose id is of `from` or later, in the order of ids, strongly consistent, across days,
    /// without an upper bound. `now` only tells which days there are.
    pub async fn events_from(
        &self,
        business: &BusinessId,
        from: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<Event>, StoreError> {
        let first = keys::first_event_id(from);
        let mut events = Vec::new();
        for day in days(from, now + CLOCKS_DIFFER) {
            // `~` sorts after every ULID.
            let range = Range::Between(first.clone(), "~".to_owned());
            let query = Query::table(Table::Events, keys::events_pk(business, &day)).range(range);
            let found = self.query_all(query).await?;
            events.append(&mut readable(found, |item| items::from_item("event", item)));
        }
        Ok(events)
    }
}

/// Until when a presence stands, at the latest: nobody reads it later.
const PRESENCE_LASTS: Duration = Duration::from_mins(1);

impl Store {
    /// Tells of somebody's presence, unless they were told of less than [`presence::EVERY`] ago; whether it was. Two
    /// puts, one unit each, in no transaction: what is lost between them is told again soon.
    pub async fn put_presence(
        &self,
        business: &BusinessId,
        staff: &StaffId,
        event: &Event,
    ) -> Result<bool, StoreError> {
        let at = event.id.time();
        let mut last = key_item(&keys::presence(business, staff));
        last.insert("told".to_owned(), number(at.millis()));
        last.insert("expires_at".to_owned(), number((at + PRESENCE_LASTS).seconds()));
        // A clock that was ahead must not silence the others for long.
        let is_time = Expression::new("attribute_not_exists(pk) OR told <= :before OR told > :ahead")
            .value(":before", number((at - presence::EVERY).millis()))
            .value(":ahead", number((at + presence::CLOCKS_DIFFER).millis()));
        if let Outcome::Refused(_) = self.put_if(Table::Events, last, &is_time).await? {
            return Ok(false);
        }
        let mut item = items::to_item(&keys::event(business, &event.id), event);
        item.insert("expires_at".to_owned(), number((at + PRESENCE_LASTS).seconds()));
        self.put(Table::Events, item).await?;
        Ok(true)
    }
}

/// The days in UTC from one instant to another, both included.
fn days(from: Timestamp, until: Timestamp) -> Vec<String> {
    const DAY: Duration = Duration::from_hours(24);
    let last = until.day();
    let mut days = vec![from.day()];
    let mut at = from;
    while days.last().is_some_and(|day| *day < last) {
        at = at + DAY;
        days.push(at.day());
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_tail_just_after_midnight_reads_yesterday_too() {
        assert_eq!(
            days(at("2026-11-20T23:59:50.000Z"), at("2026-11-21T00:00:05.000Z")),
            ["2026-11-20", "2026-11-21"]
        );
        assert_eq!(days(at("2026-11-20T10:00:00.000Z"), at("2026-11-20T10:00:01.000Z")), ["2026-11-20"]);
        assert_eq!(days(at("2026-11-21T00:00:00.000Z"), at("2026-11-20T10:00:01.000Z")), ["2026-11-21"]);
    }

    #[test]
    fn the_first_id_of_an_instant_sorts_before_every_other_of_it() {
        let first = keys::first_event_id(at("2026-11-20T10:00:00.123Z"));
        let id: porchlight_domain::id::EventId = first.parse().expect("an id");
        assert_eq!(id.time(), at("2026-11-20T10:00:00.123Z"));
        assert!(first.ends_with("0000000000000000"));
    }
}
