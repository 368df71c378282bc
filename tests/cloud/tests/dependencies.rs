//! Other people's crates, held to `deny.toml` by `cargo-deny`.

use std::process::Command;

#[test]
fn every_dependency_has_a_licence_that_we_take_is_not_banned_and_comes_from_the_registry() {
    let python = porchlight_tools::python().expect("the tests' Python");
    let mut deny = Command::new(python.with_file_name("cargo-deny"));
    deny.args(["--workspace", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"]);
    let output = deny.current_dir(porchlight_tools::project()).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
