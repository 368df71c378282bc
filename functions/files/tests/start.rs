//! The function, as whoever sets it up meets it.

use std::process::Command;

#[test]
fn a_function_without_its_settings_does_not_start_and_says_which_is_missing() {
    let mut function = Command::new(env!("CARGO_BIN_EXE_porchlight-files"));
    // As on AWS, but that nothing beyond this machine is asked.
    function.env_clear().env("AWS_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true");
    let output = function.output().expect("it can be started");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("TABLE_CONVERSATIONS"), "{said}");
}
