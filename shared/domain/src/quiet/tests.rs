use std::collections::BTreeSet;

use super::areas::{AREAS, SPLIT_AREAS};
use super::*;
use crate::samples::phone;

fn instant(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn goes(number: &str, address: Option<&str>, at: &str) -> String {
    let home = Home::of(&phone(number), address, "America/New_York");
    home.night_ends(instant(at)).map_or_else(|| "now".to_owned(), |(ends, _)| ends.to_string())
}

#[test]
fn the_night_is_that_of_the_customers_state() {
    let portland = "+12075550142";
    assert_eq!(goes(portland, None, "2026-11-20T12:59:59Z"), "2026-11-20T13:00:00.000Z", "7:59:59 in Maine");
    assert_eq!(goes(portland, None, "2026-11-20T13:00:00Z"), "now", "8:00 is day");
    assert_eq!(goes(portland, None, "2026-11-21T01:59:59Z"), "now", "20:59:59");
    assert_eq!(goes(portland, None, "2026-11-21T02:00:00Z"), "2026-11-21T13:00:00.000Z", "21:00 is night");
    assert_eq!(
        goes("+14155550142", None, "2026-11-20T13:00:00Z"),
        "2026-11-20T16:00:00.000Z",
        "California sleeps"
    );
}

#[test]
fn the_propertys_address_goes_before_the_area_code() {
    let home = Some("12 La Brea Ave, Los Angeles, CA 90036");
    assert_eq!(goes("+12075550142", home, "2026-11-20T13:00:00Z"), "2026-11-20T16:00:00.000Z");
    for address in [
        "5 Elm St, Portland, Maine",
        "5 Elm St Portland ME 04101-1234",
        "5 Elm, Portland me 04101",
        "5 Elm, ME, USA",
    ] {
        assert_eq!(goes("+14155550142", Some(address), "2026-11-20T13:00:00Z"), "now", "{address}");
    }
    assert_eq!(goes("+12075550142", Some("Casa de la Paz"), "2026-11-20T13:00:00Z"), "now", "no state in it");
    assert_eq!(
        goes("+12075550142", Some("1 Main St, Charleston, West Virginia 25301"), "2026-11-20T12:30:00Z"),
        "2026-11-20T13:00:00.000Z"
    );
}

#[test]
fn stricter_states_are_known() {
    let at = |number, at: &str| goes(number, None, at);
    assert_eq!(
        at("+13055550142", "2026-11-21T01:00:00Z"),
        "2026-11-21T13:00:00.000Z",
        "Florida ends at eight"
    );
    assert_eq!(
        at("+18605550142", "2026-11-20T13:30:00Z"),
        "2026-11-20T14:00:00.000Z",
        "Connecticut begins at nine"
    );
    assert_eq!(
        at("+12145550142", "2026-11-22T16:00:00Z"),
        "2026-11-22T18:00:00.000Z",
        "Sunday in Texas, at noon"
    );
    assert_eq!(at("+12145550142", "2026-11-23T15:00:00Z"), "now", "Monday in Texas, at nine");
}

#[test]
fn where_two_zones_are_possible_both_are_kept() {
    // Tallahassee or Pensacola: 8:00 in the west, and 20:00 in the east.
    assert_eq!(goes("+18505550142", None, "2026-11-20T13:00:00Z"), "2026-11-20T14:00:00.000Z");
    assert_eq!(goes("+18505550142", None, "2026-11-21T01:00:00Z"), "2026-11-21T14:00:00.000Z");
    // The area code tells which half of the addressed state.
    assert_eq!(goes("+19155550142", Some("El Paso, TX"), "2026-11-20T15:30:00Z"), "2026-11-20T16:00:00.000Z");
}

#[test]
fn who_lives_nowhere_we_know_lives_where_the_business_is() {
    assert_eq!(goes("+442079460958", None, "2026-11-20T12:00:00Z"), "2026-11-20T13:00:00.000Z");
    assert_eq!(goes("+18005550142", None, "2026-11-20T12:00:00Z"), "2026-11-20T13:00:00.000Z", "toll-free");
}

#[test]
fn the_night_keeps_to_the_clock_over_a_change_of_clocks() {
    // 2026-11-01 is 25 hours long: eight o'clock is an hour later by the sun.
    assert_eq!(goes("+12075550142", None, "2026-11-01T02:00:00Z"), "2026-11-01T13:00:00.000Z");
    assert_eq!(goes("+12075550142", None, "2026-03-08T04:00:00Z"), "2026-03-08T12:00:00.000Z");
}

#[test]
fn every_area_code_stands_once_and_every_zone_is_known() {
    let mut seen = BTreeSet::new();
    for (state, areas) in AREAS {
        for area in areas {
            assert!(seen.insert(*area), "{area} stands twice");
            let number = ContactPoint::phone(&format!("+1{area}5550142")).expect("a sender");
            let place = Place::of(&number, None).unwrap_or_else(|| panic!("{state} {area}"));
            assert!(place.zones.iter().all(|zone| TimeZone::get(zone).is_ok()), "{:?}", place.zones);
        }
    }
    assert!(SPLIT_AREAS.iter().flat_map(|(areas, _)| areas.iter()).all(|area| seen.contains(area)));
}
