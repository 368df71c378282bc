//! The function, as whoever sets it up meets it.

use std::process::Command;

#[test]
fn a_function_without_its_settings_does_not_start_and_says_which_is_missing() {
    let mut function = Command::new(env!("CARGO_BIN_EXE_porchlight-files"));
    let output = function.env_clear().output().expect("it can be started");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("setting TABLE_"), "{said}");
}
