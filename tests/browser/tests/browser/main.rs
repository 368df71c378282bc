//! The window in a real browser. Each test starts everything as `cargo run` does on an empty folder, lets
//! Playwright act out one file of `web/tests/browser` against it, and stops everything.
//!
//! # Layout
//!
//! - [`stage`]: what is started; [`life`]: the machine, which can be killed and started again; [`control`]: how a
//!   spec asks for that.
//! - [`play`]: Playwright, run to its end; [`pictures`]: where its pictures go.
//!
//! The pictures of a run are in `target/screens`. Those of the documents, `docs/screens`, are written when they are
//! missing, or with `UPDATE_SCREENS=1`.
//!
//! It must not know what is on a screen: that is in the specs.

mod control;
mod life;
mod pictures;
mod play;
mod stage;

use std::process::Command;

use play::play;

#[test]
fn two_windows_and_a_phone_share_one_truth() {
    play("story");
}

#[test]
fn after_a_cut_and_a_killed_server_the_screen_equals_a_fresh_load() {
    play("cut");
}

#[test]
fn every_screen_is_accessible_and_has_its_picture() {
    play("screens");
    pictures::keep();
}

#[test]
fn everything_can_be_done_by_keyboard_alone() {
    play("keyboard");
}

#[test]
fn hostile_strings_are_harmless_and_laid_out() {
    play("hostile");
}

#[test]
fn what_is_written_is_never_lost() {
    play("writing");
}

#[test]
fn what_becomes_of_a_message_is_said_plainly() {
    play("sending");
}

#[test]
fn acts_are_seen_by_all_and_can_be_undone() {
    play("acts bulk");
}

#[test]
fn what_is_for_later_happens_then_and_is_seen_by_all() {
    play("later");
}

#[test]
fn somebody_new_is_written_to_and_consent_is_a_persons_to_decide() {
    play("begin");
}

#[test]
fn customers_text_from_the_simulators_page() {
    play("simulator");
}

#[test]
fn every_thread_is_drawn_and_stays_where_it_is_read() {
    play("odd anchor thread finding");
}

#[test]
fn ones_own_windows_and_tabs_know_of_each_other() {
    play("drafts seen tabs notes");
}

#[test]
fn nothing_is_cut_before_its_turn_and_failures_are_plain() {
    play("widths failure wrong names");
}

#[test]
fn other_languages_and_input_methods_are_at_home() {
    play("composing translated");
}

#[test]
fn templates_and_quick_replies_are_kept_and_sent() {
    play("templates quick");
}

#[test]
fn files_are_attached_and_looked_at() {
    play("files pictures");
}

/// Vitest: components and stores.
#[test]
fn components_and_stores_hold() {
    npm("web", "test");
}

/// The app of a store around the window: its settings, and its page while nobody answers.
#[test]
fn the_app_of_a_store_holds() {
    npm("infra/wrapper", "test");
}

/// The types of the API are those of the committed document.
#[test]
fn the_typed_client_is_fresh() {
    npm("web", "api:check");
}

fn npm(folder: &str, script: &str) {
    let _alone = play::alone();
    let folder = porchlight_tools::npm_packages(folder).expect("the npm packages");
    let run = porchlight_tools::run(Command::new("npm").args(["run", script]).current_dir(folder));
    run.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_app_starts_without_a_server_and_waits_for_whoever_writes() {
    play("app");
}

#[test]
fn what_is_written_in_a_dead_spot_goes_once_and_in_order() {
    play("offline");
}

#[test]
fn a_browser_tells_of_new_texts_as_each_person_wishes() {
    play("notifications push");
}

#[test]
fn a_technician_goes_from_the_job_to_its_customer() {
    play("jobs internal");
}

#[test]
fn an_admin_keeps_the_staff_and_what_changes_is_on_every_screen() {
    play("staff");
}

#[test]
fn what_is_said_stands_at_the_cursor() {
    play("dictation");
}
