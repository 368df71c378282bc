//! Where a client was when it was cut off, and where its stream therefore begins.

use std::time::Duration;

use porchlight_domain::id::EventId;
use porchlight_domain::time::Timestamp;

/// Writers' clocks may differ by 5 s, and a transaction may take 5 s to commit under an id minted before: so
/// far back an event may still appear.
pub(crate) const LATE: Duration = Duration::from_secs(15);
/// After a longer gap the client loads everything again.
const LONGEST_GAP: Duration = Duration::from_hours(1);

/// Where a stream begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// Every event whose id is of this time or later is told.
    pub from: Timestamp,
    /// What the client gave, where the stream resumes there.
    pub cursor: Option<EventId>,
    /// Why the client must load everything again.
    pub reload: Option<&'static str>,
}

impl Start {
    /// From what the client gave, if anything.
    pub fn new(given: Option<&str>, now: Timestamp) -> Self {
        let afresh = |reload| Self { from: now - LATE, cursor: None, reload };
        let Some(given) = given.filter(|given| !given.is_empty()) else { return afresh(None) };
        match given.parse::<EventId>() {
            // An id from a time to come is none of ours.
            Ok(cursor) if cursor.time() > now + LATE => afresh(Some("unknown_cursor")),
            Ok(cursor) if now.since(cursor.time()) > LONGEST_GAP => afresh(Some("gap")),
            Ok(cursor) => Self { from: cursor.time() - LATE, cursor: Some(cursor), reload: None },
            Err(_) => afresh(Some("unknown_cursor")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(at: Timestamp) -> String {
        ulid::Ulid::from_parts(u64::try_from(at.millis()).expect("after 1970"), 7).to_string()
    }

    #[test]
    fn a_stream_resumes_a_little_before_its_cursor_and_not_after_an_hour_p8() {
        let now = Timestamp::from_millis(1_795_000_000_000);
        let ago = |seconds| now - Duration::from_secs(seconds);
        let start = |given: &str| Start::new(Some(given), now);
        assert_eq!(Start::new(None, now).from, ago(15));
        assert_eq!((start(&id(ago(600))).from, start(&id(ago(600))).reload), (ago(615), None));
        assert_eq!(start(&id(ago(3601))).reload, Some("gap"));
        assert_eq!(start("nonsense").reload, Some("unknown_cursor"));
        assert_eq!(start(&id(now + Duration::from_mins(1))).reload, Some("unknown_cursor"));
        assert_eq!(start("").reload, None);
    }
}
