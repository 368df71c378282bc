//! The command says clearly, in one line, why it cannot do what it was asked.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use porchlight_local::data_folder::DataFolder;

fn porchlight(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_porchlight"));
    command.current_dir(folder).args(["--data", "data"]);
    command
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

/// The one line on standard error.
fn refused(output: &Output, code: i32) -> String {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{error}");
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(output.stdout.is_empty());
    error
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

#[test]
fn a_wrong_configuration_key_refuses_to_start_and_is_named() {
    let folder = folder();
    std::fs::write(folder.path().join("porchlight.toml"), "prot = 7878\n").expect("a file");
    assert!(refused(&run(&mut porchlight(folder.path())), 2).contains("prot"));
    std::fs::remove_file(folder.path().join("porchlight.toml")).expect("it is there");
    let mut command = porchlight(folder.path());
    assert!(refused(&run(command.env("PORCHLIGHT_PROT", "1")), 2).contains("PORCHLIGHT_PROT"));
    let mut command = porchlight(folder.path());
    assert!(refused(&run(command.env("PORCHLIGHT_PORT", "many")), 2).contains("port"));
}

#[test]
fn a_provider_without_its_account_refuses_to_start() {
    let folder = folder();
    let mut command = porchlight(folder.path());
    command.env("PORCHLIGHT_TWILIO_BASE_URL", "https://api.twilio.com");
    assert!(refused(&run(&mut command), 2).contains("twilio_account_sid"));
    let mut command = porchlight(folder.path());
    command.env("PORCHLIGHT_TWILIO_AUTH_TOKEN", "a token of the tests");
    assert!(refused(&run(&mut command), 2).contains("twilio_base_url"));
}

#[test]
fn sign_ins_that_cannot_be_read_are_not_taken_for_none() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    std::fs::write(folder.path().join("data/demo.json"), "{\"users\": [").expect("a file");
    let error = refused(&run(porchlight(folder.path()).args(["--port", "0"])), 1);
    assert!(error.contains("demo.json"), "{error}");
}

#[test]
fn a_port_in_use_is_named() {
    let folder = folder();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let output = run(porchlight(folder.path()).args(["--port", &port]).env("PORCHLIGHT_SIMULATOR_PORT", "0"));
    assert!(refused(&output, 1).contains(&port));
}

/// As the program itself would have made it: it warns of anything else.
#[cfg(unix)]
fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("permissions");
}

#[test]
fn a_corrupt_store_is_refused_and_left_as_it_was() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("data")).expect("a folder");
    let store = folder.path().join("data/porchlight.db");
    std::fs::write(&store, vec![42; 10_000]).expect("a file");
    #[cfg(unix)]
    make_private(&store);
    let error = refused(&run(porchlight(folder.path()).args(["--port", "0"])), 1);
    assert!(error.contains("porchlight.db"), "{error}");
    assert_eq!(std::fs::read(&store).expect("it is there"), vec![42; 10_000]);
}

#[test]
fn a_folder_in_use_is_refused() {
    let folder = folder();
    let held = DataFolder::open(&folder.path().join("data")).expect("it is free");
    assert!(refused(&run(porchlight(folder.path()).args(["--port", "0"])), 1).contains("another porchlight"));
    drop(held);
}

#[test]
fn the_configuration_is_printed_with_every_key() {
    let folder = folder();
    let output = run(porchlight(folder.path()).arg("config"));
    let printed = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success() && printed.contains("#port = 7878"), "{printed}");
}

#[test]
fn status_of_nothing_says_so() {
    let folder = folder();
    let output = run(porchlight(folder.path()).arg("status"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Nothing is kept"));
}

#[test]
fn text_without_a_running_porchlight_says_so() {
    let folder = folder();
    let output = run(porchlight(folder.path()).args(["text", "+12075550123", "hello"]));
    assert!(refused(&output, 1).contains("has not run"));
}

#[cfg(unix)]
#[test]
fn a_token_is_asked_for_and_not_shown() {
    use std::io::{Read as _, Write as _};
    use std::process::Stdio;
    let folder = folder();
    let create = "business create --name Harbor --line +12075550142 --time-zone America/New_York --admin Ana \
                  --email ana@harbor.example --account-sid AC00000000000000000000000000000042";
    let line = format!("{} --data data {create}", env!("CARGO_BIN_EXE_porchlight"));
    // A terminal of its own, whose other end is ours.
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &line, "/dev/null"]).current_dir(folder.path()).env_remove("TWILIO_AUTH_TOKEN");
    let mut terminal = terminal.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a terminal");
    let mut screen = terminal.stdout.take().expect("it was piped");
    let mut shown = Vec::new();
    while !shown.ends_with(b"not shown): ") {
        let mut byte = [0];
        screen.read_exact(&mut byte).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&shown)));
        shown.extend(byte);
    }
    terminal.stdin.take().expect("it was piped").write_all(b"a token of the tests\n").expect("it is read");
    screen.read_to_end(&mut shown).expect("an end");
    let shown = String::from_utf8_lossy(&shown);
    assert!(terminal.wait().expect("an end").success(), "{shown}");
    assert!(shown.contains("Sign in as") && !shown.contains("of the tests"), "{shown}");
    let kept = std::fs::read_to_string(folder.path().join("data/secrets.json")).expect("the secrets");
    assert!(kept.contains("a token of the tests"));
}
