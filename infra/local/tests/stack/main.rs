//! `porchlight --aws STACK`: businesses on a stack that was made from the templates, read back from where Lambda's
//! functions will find them.

mod cloud;

use std::process::Command;

use porchlight_edge::password;
use serde_json::{Value, json};

use crate::cloud::{Said, cloud, run};

const ACCOUNT: &str = "AC00000000000000000000000000000042";
const TOKEN: &str = "5ecret0f1234567890abcdefharbor00";
const NEXT_TOKEN: &str = "5ecret0fthenextone1234567890abcd";

fn create(command: &mut Command) -> &mut Command {
    command.args(["business", "create", "--name", "Harbor Plumbing", "--line", "+12075550142"]);
    command.args(["--time-zone", "America/New_York", "--admin", "Ana Ferreira"]);
    command.args(["--email", "ana@harbor.example", "--account-sid", ACCOUNT])
}

/// What it told, as JSON; nobody is told a token, however much is logged.
fn told(command: &mut Command) -> Value {
    let Said { out, err, done } = run(command.env("PORCHLIGHT_LOG", "trace").arg("--json"));
    assert!(done, "{out}{err}");
    assert!(!out.contains("5ecret") && !err.contains("5ecret"), "P11: {out}{err}");
    serde_json::from_str(&out).expect("one line of JSON")
}

fn word<'v>(object: &'v Value, name: &str) -> &'v str {
    object[name].as_str().unwrap_or_else(|| panic!("{name} in {object}"))
}

/// The record of whoever signs in with this address.
fn staff<'v>(kept: &'v Value, email: &str) -> &'v Value {
    let items = kept["items"]["harbor-data-directory"].as_array().expect("the table");
    let is_theirs = |item: &&Value| item["email"] == email && item["password_hash"].is_string();
    items.iter().find(is_theirs).unwrap_or_else(|| panic!("{email} is not kept"))
}

#[test]
fn an_operator_makes_a_business_on_a_stack_its_staff_and_its_account_and_sees_what_is_there() {
    let mut cloud = cloud();
    let made = told(create(&mut cloud.porchlight("harbor")).env("TWILIO_AUTH_TOKEN", TOKEN));
    let business = word(&made, "business").to_owned();
    let webhook = format!("https://inbox.harbor.example/twilio/{business}/messages#rc=5&rp=all");
    assert_eq!(word(&made, "webhook"), webhook);

    let luis = ["business", "staff", "--name", "Luis Ortega", "--email", "luis@harbor.example"];
    let luis = told(cloud.porchlight("harbor").args(luis).args(["--role", "technician"]));
    let kept = cloud.everything();
    for (person, role) in [(&made["sign_in"], "admin"), (&luis["sign_in"], "technician")] {
        let staff = staff(&kept, word(person, "email"));
        assert!(password::matches(word(person, "password"), word(staff, "password_hash")));
        assert_eq!((word(staff, "role"), word(staff, "business")), (role, business.as_str()));
    }
    let parameter = format!("/porchlight/{business}/twilio");
    let account = |kept: &Value| -> (String, Value) {
        let secret = &kept["secrets"][&parameter];
        let value = serde_json::from_str(word(secret, "value")).expect("JSON");
        (word(secret, "type").to_owned(), value)
    };
    let expected = |tokens: &[&str]| json!({ "account_sid": ACCOUNT, "auth_tokens": tokens });
    assert_eq!(account(&kept), ("SecureString".to_owned(), expected(&[TOKEN])));

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{NEXT_TOKEN}\n")).expect("a file");
    let rotate = ["business", "credentials", "--keep-present", "--auth-token-file"];
    told(cloud.porchlight("harbor").args(rotate).arg(&file));
    assert_eq!(account(&cloud.everything()).1, expected(&[NEXT_TOKEN, TOKEN]));

    let status = told(cloud.porchlight("harbor").args(["business", "status"]));
    let seen = &status["businesses"][0];
    assert_eq!((word(seen, "webhook"), &seen["lines"]), (webhook.as_str(), &json!(["+12075550142"])));
    assert_eq!((&seen["tokens"], seen["staff"].as_array().map(Vec::len)), (&json!(2), Some(2)));
    let again = run(create(&mut cloud.porchlight("harbor")).env("TWILIO_AUTH_TOKEN", TOKEN));
    assert!(!again.done && again.err.contains("signs in with that address already"), "{}", again.err);
}

#[test]
fn a_stack_beside_another_has_businesses_of_its_own() {
    let cloud = cloud();
    // By the stack's own name, too.
    for name in ["staging", "staging-data"] {
        let status = run(cloud.porchlight(name).arg("status"));
        assert!(status.done && status.out.contains("No business is kept in stack staging"), "{}", status.err);
    }
}

/// The one line on standard error.
fn refused(command: &mut Command) -> String {
    let Said { out, err, done } = run(command.args(["business", "status"]));
    assert!(!done && out.is_empty() && err.lines().count() == 1, "{out}{err}");
    err
}

#[test]
fn what_hinders_an_operator_is_said_with_what_to_do() {
    let cloud = cloud();
    let wrong = refused(&mut cloud.porchlight("harbour"));
    assert!(wrong.contains("no stack harbour in us-east-1") && wrong.contains("infra/deploy"), "{wrong}");
    let other = refused(&mut cloud.porchlight("harbor-app"));
    assert!(other.contains("stack harbor-app has no output ConversationsName"), "{other}");
    let nowhere = refused(cloud.porchlight("harbor").env_remove("AWS_REGION"));
    assert!(nowhere.contains("set AWS_REGION"), "{nowhere}");
    let nobody = refused(cloud.porchlight("harbor").env_remove("AWS_ACCESS_KEY_ID"));
    assert!(nobody.contains("no AWS credentials") && nobody.contains("AWS_PROFILE"), "{nobody}");
    let unreached = refused(cloud.porchlight("harbor").env("AWS_ENDPOINT_URL", "http://127.0.0.1:9"));
    assert!(unreached.contains("AWS was not reached"), "{unreached}");
    let here = run(cloud.porchlight("harbor").arg("rebuild"));
    assert!(!here.done && here.err.contains("--aws goes with"), "{}", here.err);
    let none = run(create(&mut cloud.porchlight("harbor")).env_remove("TWILIO_AUTH_TOKEN"));
    assert!(!none.done && none.err.contains("--auth-token-file"), "{}", none.err);
}

#[test]
fn a_deployment_is_made_once_however_often_it_is_repeated() {
    let mut cloud = cloud();
    let first = run(&mut cloud.deploy("fresh", "data"));
    assert!(first.done && first.out.contains("Successfully created"), "{}{}", first.out, first.err);
    // AWS makes an empty change set, which its tool takes for done; moto refuses to make one. Either finds no change.
    let again = run(&mut cloud.deploy("fresh", "data"));
    let said = format!("{}{}", again.out, again.err);
    assert!(
        said.contains("No changes to deploy") || said.contains("No updates are to be performed"),
        "{said}"
    );
    let everything = cloud.everything();
    let tables = everything["items"].as_object().expect("tables");
    assert_eq!(tables.keys().filter(|name| name.starts_with("fresh-data-")).count(), 6);
    // Nobody has signed in, or nothing is there yet to go on from.
    let refused = run(cloud.deploy("fresh", "data").env_remove("AWS_ACCESS_KEY_ID"));
    assert!(!refused.done && refused.err.contains("set AWS_PROFILE"), "{}", refused.err);
    let refused = run(&mut cloud.deploy("fresh", "edge"));
    assert!(!refused.done && refused.err.contains("stack fresh-app is not there yet"), "{}", refused.err);
}

#[test]
fn what_cloudfront_shows_to_the_api_is_made_once_and_told_to_nobody() {
    let mut cloud = cloud();
    let mut deploy_at = |domain: &str| {
        let deployed = run(cloud.deploy("harbor", "edge").args(["--domain", domain]));
        assert!(deployed.done, "{}{}", deployed.out, deployed.err);
        let kept = cloud.everything();
        let kept = &kept["secrets"]["/deploy/harbor/origin-secret"];
        let secret = word(kept, "value").to_owned();
        assert_eq!((word(kept, "type"), secret.len()), ("SecureString", 43));
        assert!(!deployed.out.contains(&secret) && !deployed.err.contains(&secret), "P11");
        secret
    };
    assert_eq!(deploy_at("inbox.harbor.example"), deploy_at("moved.harbor.example"));
}
