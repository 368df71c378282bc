//! What the templates say is what runs: settings, permissions, schedules, indexes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::common::{fixed, options, put, run, templates_with};
use aws_sdk_dynamodb::error::ProvideErrorMetadata as _;
use aws_sdk_dynamodb::operation::scan::ScanInput;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use porchlight_edge::{Function, Platform};
use porchlight_engine::Templates;
use porchlight_local::functions::Build;
use porchlight_local::local::{Options, StartError, start};
use porchlight_store::keys::SHARDS;

/// A function that tries what its role may not allow and tells the error's code.
fn prying() -> Build {
    Arc::new(|platform: Platform| {
        let pry = |State(platform): State<Platform>| async move {
            let table = platform.settings.require("TABLE_MESSAGES").unwrap_or_default().to_owned();
            let client = platform.dynamodb().expect("the settings name tables");
            let scanned = client.scan(ScanInput::builder().table_name(table)).await;
            let scanned = scanned.err().and_then(|error| error.code().map(str::to_owned));
            let secrets = platform.secrets().expect("the settings name secrets");
            let secret = secrets.get("/elsewhere/x").await.is_err();
            format!("{} {secret}", scanned.unwrap_or_default())
        };
        Ok(Function::new().http(Router::new().route("/api/pry", get(pry)).with_state(platform)))
    })
}

#[tokio::test]
async fn a_function_is_held_to_its_role() {
    let running = run(options(vec![("porchlight-inbox", prying())])).await;
    let answer = crate::common::text_of(&(running.url() + "/api/pry")).await;
    assert_eq!(answer, "AccessDeniedException true");
    running.stop().await;
}

#[tokio::test]
async fn a_permission_added_to_the_template_is_granted() {
    let mut options = options(vec![("porchlight-inbox", prying())]);
    let at = options.templates.app.find("  InboxRole:\n").expect("the role");
    let role = options.templates.app.split_off(at);
    options.templates.app.push_str(&role.replacen(
        r#"Action: ["dynamodb:GetItem","#,
        r#"Action: ["dynamodb:Scan", "dynamodb:GetItem","#,
        2,
    ));
    let running = run(options).await;
    let answer = crate::common::text_of(&(running.url() + "/api/pry")).await;
    assert_eq!(answer, " true");
    running.stop().await;
}

#[tokio::test]
async fn a_function_that_wants_what_its_settings_do_not_name_refuses_to_start() {
    let grasping: Build = Arc::new(|platform: Platform| platform.secrets().map(|_| Function::new()));
    let said = refused(options(vec![("porchlight-live", grasping)])).await;
    assert_eq!(said, "function Live: setting SECRETS is missing");
}

#[tokio::test]
async fn the_machine_itself_takes_no_functions_environment_and_no_role() {
    let mut options = options(Vec::new());
    let name = r#"!ImportValue { "Fn::Sub": "${DataStack}-ConversationsName" }"#;
    options.templates =
        templates_with(&[(&format!("TABLE_CONVERSATIONS: {name}"), "TABLE_CONVERSATIONS: elsewhere")]);
    let running = run(options).await;
    let platform = running.platform();
    assert!(platform.settings.require("PUBLIC_URL").is_err(), "no function's environment");
    let tables = ["conversations", "messages", "directory", "events", "derived", "vault"];
    for table in tables.map(|table| format!("porchlight-data-{table}")) {
        let client = platform.dynamodb().expect("the machine has tables");
        assert!(
            client.scan(ScanInput::builder().table_name(&table)).await.is_ok(),
            "{table}: no function's role"
        );
    }
    assert_eq!(platform.store().expect("all tables").businesses().await.expect("a read"), []);
    running.stop().await;
}

/// A function that counts how often each of these schedules woke it.
fn counting<const N: usize>(names: [&str; N]) -> (Function, [Arc<AtomicUsize>; N]) {
    let woken = names.map(|_| Arc::new(AtomicUsize::new(0)));
    let function = names.iter().zip(&woken).fold(Function::new(), |function, (name, woken)| {
        let woken = Arc::clone(woken);
        function.schedule(name, move |_| {
            woken.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
    });
    (function, woken)
}

/// The templates with one more schedule for `Send`.
fn one_more_schedule(properties: &str) -> Templates {
    let before = "        Sweep0:\n          Type: Schedule\n";
    let more =
        format!("        More:\n          Type: Schedule\n          Properties: {properties}\n{before}");
    templates_with(&[(before, &more)])
}

#[test]
fn each_shard_is_swept_every_minute_by_webhooks_send_and_push() {
    let app =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../app.yaml")).expect("the template");
    assert_eq!(app.matches(r#""schedule":"sweep""#).count(), 3 * usize::from(SHARDS));
    for shard in 0..SHARDS {
        let input = format!(r#"rate(1 minute), Input: '{{"schedule":"sweep","shard":{shard}}}'"#);
        assert_eq!(app.matches(&input).count(), 3, "{input}");
    }
}

#[tokio::test]
async fn schedules_wake_their_functions_by_name() {
    let (function, [sweep, nightly]) = counting(["sweep", "nightly"]);
    let mut options = options(vec![("porchlight-webhooks", fixed(function))]);
    options.templates = one_more_schedule(r#"{ Schedule: rate(1 day), Input: '{"schedule":"nightly"}' }"#);
    let running = run(options).await;
    running.tick().await.expect("they run");
    running.tick().await.expect("they run");
    // The sweep is woken for each of its shards.
    assert_eq!((sweep.load(Ordering::SeqCst), nightly.load(Ordering::SeqCst)), (2 * 8, 2));
    running.stop().await;
}

#[tokio::test]
async fn what_is_sent_and_what_is_taken_must_be_the_same() {
    let mut more = options(Vec::new());
    more.templates = one_more_schedule(r#"{ Schedule: rate(1 day), Input: '{"schedule":"nightly"}' }"#);
    let said = refused(more).await;
    assert!(
        said.contains("Webhooks is sent schedule nightly, which porchlight-webhooks does not take"),
        "{said}"
    );

    let (function, _) = counting(["sweep", "nightly"]);
    let said = refused(options(vec![("porchlight-send", fixed(function))])).await;
    assert!(
        said.contains("porchlight-send takes schedule nightly, which Send is sent by no event"),
        "{said}"
    );

    let mut whole = options(Vec::new());
    whole.templates = templates_with(&[("            ResponseTransferMode: RESPONSE_STREAM\n", "")]);
    let said = refused(whole).await;
    assert!(said.contains("Live is sent HTTP, which porchlight-live does not take"), "{said}");
}

#[tokio::test]
async fn a_schedule_that_tells_its_function_nothing_is_refused() {
    let mut silent = options(Vec::new());
    silent.templates = one_more_schedule("{ Schedule: rate(1 day) }");
    assert!(refused(silent).await.contains("Webhooks: event More: no Input"));

    let mut unnamed = options(Vec::new());
    unnamed.templates = one_more_schedule(r#"{ Schedule: rate(1 day), Input: '{"when":"now"}' }"#);
    let said = refused(unnamed).await;
    assert!(said.contains("a schedule wakes Webhooks with an event with the keys [when]"), "{said}");
}

#[tokio::test]
async fn a_write_brings_word_to_whoever_follows_a_table() {
    let running = run(options(Vec::new())).await;
    let mut watch = running.platform().wake.watch("porchlight-data-events");
    put(&running, "porchlight-data-events", &[("pk", "b#day"), ("sk", "1")]).await;
    let long = std::time::Duration::from_mins(1);
    let told = tokio::time::timeout(std::time::Duration::from_secs(3), watch.written(long, long)).await;
    assert!(told.is_ok());
    running.stop().await;
}

#[tokio::test]
async fn a_setting_reaches_the_function_from_the_template() {
    let tell = |platform: Platform| {
        let url = platform.settings.require("PUBLIC_URL").unwrap_or_default().to_owned();
        Ok(Function::new().http(Router::new().route("/api/url", get(move || async move { url.clone() }))))
    };
    let mut options = options(vec![("porchlight-inbox", Arc::new(tell))]);
    options.public_url = Some("https://inbox.example.com".to_owned());
    let running = run(options).await;
    assert_eq!(crate::common::text_of(&(running.url() + "/api/url")).await, "https://inbox.example.com");
    running.stop().await;
}

#[test]
fn every_function_of_the_template_is_linked_in_and_no_other() {
    let functions = porchlight_engine::Stack::embedded().functions().expect("the embedded template");
    let mut named: Vec<String> = functions.into_iter().map(|function| function.code).collect();
    named.sort();
    let linked: Vec<String> = porchlight_local::functions::linked().into_keys().collect();
    assert_eq!(named, linked);
}

async fn refused(options: Options) -> String {
    let error = start(options).await.err().expect("it does not start");
    assert!(!error.to_string().contains('\n'));
    error.to_string()
}

#[tokio::test]
async fn what_cannot_run_here_refuses_to_start_and_says_what() {
    let mut unknown = options(Vec::new());
    unknown.functions.remove("porchlight-index");
    assert!(refused(unknown).await.contains("porchlight-index"));

    let mut event = options(Vec::new());
    event.templates = templates_with(&[("Type: Schedule", "Type: SNS")]);
    assert!(refused(event).await.contains("SNS"));

    let mut reference = options(Vec::new());
    reference.templates = templates_with(&[("!GetAtt SendRole.Arn", "!GetAtt SandRole.Arn")]);
    assert!(refused(reference).await.contains("SandRole"));
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = run(options(Vec::new())).await;
    let mut second = options(Vec::new());
    second.port = first.address().port();
    let error = start(second).await.err().expect("the port is taken");
    assert!(matches!(error, StartError::Port { port, .. } if port == first.address().port()), "{error}");
    first.stop().await;
}
