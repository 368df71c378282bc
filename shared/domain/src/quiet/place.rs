//! From an address or a number to a state and its time zones.

use super::areas::{AREAS, SPLIT_AREAS};
use crate::phone::ContactPoint;

/// A state, or a province, with the zones of whoever lives there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub state: &'static str,
    pub zones: &'static [&'static str],
}

impl Place {
    /// By the address; the area code tells which half of a state with two zones. Without a state in the address, by
    /// the area code alone.
    pub fn of(contact: &ContactPoint, address: Option<&str>) -> Option<Self> {
        let by_number = area_code(contact.as_str()).and_then(Self::of_area);
        match address.and_then(state_in) {
            Some(state) => by_number.filter(|place| place.state == state).or_else(|| Self::of_state(state)),
            None => by_number,
        }
    }

    fn of_state(state: &str) -> Option<Self> {
        let (state, _, zones) = STATES.iter().find(|(code, ..)| *code == state)?;
        Some(Self { state, zones })
    }

    fn of_area(area: u16) -> Option<Self> {
        let (state, _) = AREAS.iter().find(|(_, areas)| areas.contains(&area))?;
        let split = SPLIT_AREAS.iter().find(|(areas, _)| areas.contains(&area)).map(|(_, zones)| *zones);
        let place = Self::of_state(state)?;
        Some(Self { zones: split.unwrap_or(place.zones), ..place })
    }
}

/// The area code of a North American number.
fn area_code(number: &str) -> Option<u16> {
    let national = number.strip_prefix("+1").filter(|rest| rest.len() == 10)?;
    national[..3].parse().ok()
}

/// The state that an address ends with: "…, Portland, ME 04101", "… Portland Maine".
fn state_in(address: &str) -> Option<&'static str> {
    let mut words: Vec<&str> =
        address.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    while words.last().is_some_and(|last| is_country_or_zip(last)) {
        words.pop();
    }
    let last = *words.last()?;
    let code = STATES.iter().find(|(code, ..)| *code == last.to_uppercase());
    // Of two letters in small ones ("de", "la") only what stands before a ZIP code, or is written as a code, is one.
    let is_code = |_: &&(&str, &str, &[&str])| {
        last == last.to_uppercase() || address.ends_with(|c: char| c.is_ascii_digit())
    };
    let name = |from: usize| {
        let named = words[words.len().saturating_sub(from)..].join(" ").to_lowercase();
        STATES.iter().find(|(_, name, _)| *name == named)
    };
    // The longest name first: "West Virginia" is not "Virginia".
    code.filter(is_code).or_else(|| name(3)).or_else(|| name(2)).or_else(|| name(1)).map(|(code, ..)| *code)
}

fn is_country_or_zip(word: &str) -> bool {
    matches!(word.to_uppercase().as_str(), "USA" | "US") || word.bytes().all(|byte| byte.is_ascii_digit())
}

const EASTERN: &[&str] = &["America/New_York"];
const CENTRAL: &[&str] = &["America/Chicago"];
const MOUNTAIN: &[&str] = &["America/Denver"];
const PACIFIC: &[&str] = &["America/Los_Angeles"];
const ATLANTIC: &[&str] = &["America/Puerto_Rico"];
pub(super) const EASTERN_CENTRAL: &[&str] = &["America/New_York", "America/Chicago"];
pub(super) const CENTRAL_MOUNTAIN: &[&str] = &["America/Chicago", "America/Denver"];
pub(super) const MOUNTAIN_PACIFIC: &[&str] = &["America/Boise", "America/Los_Angeles"];

/// Code, name, and every zone that a good part of its people live in (tz database; 49 CFR part 71).
const STATES: [(&str, &str, &[&str]); 68] = [
    ("AL", "alabama", CENTRAL),
    ("AK", "alaska", &["America/Anchorage"]),
    ("AZ", "arizona", &["America/Phoenix"]),
    ("AR", "arkansas", CENTRAL),
    ("CA", "california", PACIFIC),
    ("CO", "colorado", MOUNTAIN),
    ("CT", "connecticut", EASTERN),
    ("DE", "delaware", EASTERN),
    ("DC", "district of columbia", EASTERN),
    ("FL", "florida", EASTERN_CENTRAL),
    ("GA", "georgia", EASTERN),
    ("HI", "hawaii", &["Pacific/Honolulu"]),
    ("ID", "idaho", MOUNTAIN_PACIFIC),
    ("IL", "illinois", CENTRAL),
    ("IN", "indiana", &["America/Indiana/Indianapolis", "America/Chicago"]),
    ("IA", "iowa", CENTRAL),
    ("KS", "kansas", CENTRAL_MOUNTAIN),
    ("KY", "kentucky", EASTERN_CENTRAL),
    ("LA", "louisiana", CENTRAL),
    ("ME", "maine", EASTERN),
    ("MD", "maryland", EASTERN),
    ("MA", "massachusetts", EASTERN),
    ("MI", "michigan", &["America/Detroit", "America/Menominee"]),
    ("MN", "minnesota", CENTRAL),
    ("MS", "mississippi", CENTRAL),
    ("MO", "missouri", CENTRAL),
    ("MT", "montana", MOUNTAIN),
    ("NE", "nebraska", CENTRAL_MOUNTAIN),
    ("NV", "nevada", PACIFIC),
    ("NH", "new hampshire", EASTERN),
    ("NJ", "new jersey", EASTERN),
    ("NM", "new mexico", MOUNTAIN),
    ("NY", "new york", EASTERN),
    ("NC", "north carolina", EASTERN),
    ("ND", "north dakota", CENTRAL_MOUNTAIN),
    ("OH", "ohio", EASTERN),
    ("OK", "oklahoma", CENTRAL),
    ("OR", "oregon", MOUNTAIN_PACIFIC),
    ("PA", "pennsylvania", EASTERN),
    ("PR", "puerto rico", ATLANTIC),
    ("RI", "rhode island", EASTERN),
    ("SC", "south carolina", EASTERN),
    ("SD", "south dakota", CENTRAL_MOUNTAIN),
    ("TN", "tennessee", EASTERN_CENTRAL),
    ("TX", "texas", CENTRAL_MOUNTAIN),
    ("UT", "utah", MOUNTAIN),
    ("VT", "vermont", EASTERN),
    ("VI", "virgin islands", ATLANTIC),
    ("VA", "virginia", EASTERN),
    ("WA", "washington", PACIFIC),
    ("WV", "west virginia", EASTERN),
    ("WI", "wisconsin", CENTRAL),
    ("WY", "wyoming", MOUNTAIN),
    ("GU", "guam", &["Pacific/Guam"]),
    ("MP", "northern mariana islands", &["Pacific/Guam"]),
    ("AS", "american samoa", &["Pacific/Pago_Pago"]),
    ("AB", "alberta", &["America/Edmonton"]),
    ("BC", "british columbia", &["America/Vancouver"]),
    ("MB", "manitoba", &["America/Winnipeg"]),
    ("NB", "new brunswick", &["America/Halifax"]),
    ("NL", "newfoundland and labrador", &["America/St_Johns", "America/Halifax"]),
    ("NS", "nova scotia", &["America/Halifax"]),
    ("ON", "ontario", &["America/Toronto"]),
    ("PE", "prince edward island", &["America/Halifax"]),
    ("QC", "quebec", &["America/Toronto"]),
    ("SK", "saskatchewan", &["America/Regina"]),
    ("YT", "yukon", &["America/Whitehorse"]),
    ("NT", "northwest territories", &["America/Yellowknife", "America/Whitehorse"]),
];
