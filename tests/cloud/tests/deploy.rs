//! `infra/deploy`: what it would do names only what is there, it says what hinders it before it begins, and another
//! name is another Porchlight.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

use cargo_metadata::MetadataCommand;
use porchlight_tools::project;
use serde_json::Value;

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:111122223333:certificate/0f0f0f0f";

fn deploy(arguments: &[&str]) -> Command {
    let mut command = Command::new(project().join("infra/deploy"));
    command.args(["--domain", "inbox.example.com", "--certificate", CERTIFICATE]);
    command.args(["--alarm-email", "ops@example.com"]).args(arguments);
    command
}

/// The commands of a dry run, one after the other, in words. None of the tools is at hand: nothing can be done.
fn plan(arguments: &[&str]) -> Vec<Vec<String>> {
    let tools = tools(&["bash", "dirname", "grep", "sed", "cat"]);
    let mut command = deploy(arguments);
    let output = command.arg("--dry-run").env_clear().env("PATH", tools.path()).output();
    let output = output.expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("text").replace('\\', "");
    let commands = said.lines().filter_map(|line| line.strip_prefix("  "));
    commands.map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

/// A folder in which only these programs are found.
fn tools(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in names {
        let from =
            ["/bin", "/usr/bin"].map(|bin| Path::new(bin).join(name)).into_iter().find(|it| it.exists());
        let from = from.unwrap_or_else(|| panic!("{name} is on this machine"));
        std::os::unix::fs::symlink(from, folder.path().join(name)).expect("a link");
    }
    folder
}

/// What follows an option, up to the next one.
fn after<'c>(command: &'c [String], option: &str) -> Vec<&'c str> {
    let rest = command.iter().skip_while(|word| *word != option).skip(1);
    rest.take_while(|word| !word.starts_with("--")).map(String::as_str).collect()
}

/// The entries of a section of a template, each with its text.
fn section(template: &str, name: &str) -> BTreeMap<String, String> {
    let text =
        std::fs::read_to_string(project().join(template)).unwrap_or_else(|_| panic!("{template} is there"));
    let lines = text.lines().skip_while(|line| *line != format!("{name}:")).skip(1);
    let mut entries = BTreeMap::new();
    let mut entry = String::new();
    for line in lines.take_while(|line| line.is_empty() || line.starts_with([' ', '#'])) {
        let key = line.strip_prefix("  ").filter(|it| !it.starts_with([' ', '#']));
        entry = key.and_then(|it| it.strip_suffix(':')).map_or(entry, str::to_owned);
        entries.entry(entry.clone()).or_insert_with(String::new).extend([line, "\n"]);
    }
    entries
}

/// The template of this repository that a command deploys or packages.
fn template_of(command: &[String]) -> String {
    let file = after(command, "--template-file")[0];
    let packaged = file.strip_prefix("target/deploy/porchlight-");
    packaged.map_or_else(|| file.to_owned(), |name| format!("infra/{name}"))
}

fn stacks(plan: &[Vec<String>]) -> Vec<&Vec<String>> {
    plan.iter()
        .filter(|command| command.starts_with(&["aws", "cloudformation", "deploy"].map(String::from)))
        .collect()
}

#[test]
fn every_stack_is_made_from_a_template_that_is_there_with_parameters_that_it_declares() {
    let plan = plan(&["--set", "LiveConcurrency=0"]);
    let made: Vec<_> =
        stacks(&plan).iter().map(|it| (after(it, "--stack-name")[0], template_of(it))).collect();
    let expected = ["data", "app", "edge"].map(|it| (format!("porchlight-{it}"), format!("infra/{it}.yaml")));
    assert_eq!(made, expected.each_ref().map(|(stack, template)| (stack.as_str(), template.clone())));
    for command in stacks(&plan) {
        let template = template_of(command);
        let declared = section(&template, "Parameters");
        let given: BTreeSet<_> = after(command, "--parameter-overrides")
            .iter()
            .filter_map(|it| it.split_once('='))
            .map(|it| it.0)
            .collect();
        let unknown: Vec<_> = given.iter().filter(|name| !declared.contains_key(**name)).collect();
        assert!(unknown.is_empty(), "{template} has no parameter {unknown:?}");
        let needed =
            declared.iter().filter(|(_, text)| !text.contains("Default:")).map(|(name, _)| name.as_str());
        let missing: Vec<_> = needed.filter(|name| !given.contains(name)).collect();
        assert!(missing.is_empty(), "{template} needs {missing:?}");
    }
    let package = plan.iter().find(|it| it[2] == "package").expect("the code is packaged");
    let written = after(package, "--output-template-file");
    assert!(
        stacks(&plan).iter().any(|it| after(it, "--template-file") == written),
        "what is packaged is deployed"
    );
}

#[test]
fn whatever_one_stack_takes_from_another_is_an_output_of_it_and_was_made_before() {
    let plan = plan(&[]);
    let mut made = Vec::new();
    let mut taken = 0;
    for command in &plan {
        for piece in command.iter().flat_map(|word| word.split('{').skip(1)) {
            let name = piece.split('}').next().expect("a name in braces");
            let Some((stack, output)) = name.split_once('.') else { continue };
            let template = format!("infra/{}.yaml", stack.trim_start_matches("porchlight-"));
            assert!(section(&template, "Outputs").contains_key(output), "{template} has no output {output}");
            assert!(made.contains(&stack), "{stack} is not made yet");
            taken += 1;
        }
        made.extend(after(command, "--stack-name"));
    }
    assert!(taken >= 4, "{taken}");
    // Who looks for the data finds them by the name that they were deployed under.
    let app = stacks(&plan)[1];
    assert!(after(app, "--parameter-overrides").contains(&"DataStack=porchlight-data"));
}

#[test]
fn every_function_of_the_template_is_built_where_the_template_looks_for_it() {
    let plan = plan(&[]);
    let command =
        plan.iter().find(|it| it[..3] == ["cargo", "lambda", "build"]).expect("functions are built");
    assert!(command.contains(&"--arm64".to_owned()) && command.contains(&"--locked".to_owned()));
    assert_eq!(after(command, "--lambda-dir"), ["target/lambda"]);
    let built: BTreeSet<_> = command.iter().filter_map(|word| word.strip_prefix("--package=")).collect();
    let app = std::fs::read_to_string(project().join("infra/app.yaml")).expect("the template");
    let wanted: BTreeSet<_> =
        app.lines().filter_map(|line| line.trim().strip_prefix("CodeUri: ../target/lambda/")).collect();
    assert_eq!(
        built.iter().map(|it| format!("{it}/")).collect::<BTreeSet<_>>(),
        wanted.iter().map(|it| (*it).to_owned()).collect()
    );
    assert!(app.contains("Architectures: [arm64]"));
    let packages = MetadataCommand::new().no_deps().exec().expect("cargo metadata runs").packages;
    for name in built {
        let package =
            packages.iter().find(|it| it.name == name).unwrap_or_else(|| panic!("{name} is a crate"));
        assert!(
            package.targets.iter().any(|it| it.is_bin() && it.name == name),
            "{name} has a binary of its name"
        );
    }
}

#[test]
fn the_window_is_built_as_its_package_says_and_uploaded_from_where_that_puts_it() {
    let plan = plan(&[]);
    let package = std::fs::read_to_string(project().join("web/package.json")).expect("a package");
    let package: Value = serde_json::from_str(&package).expect("JSON");
    let script =
        plan.iter().find(|it| it[0] == "npm" && it.contains(&"run".to_owned())).expect("it is built");
    assert!(package["scripts"][script.last().expect("a script")].is_string(), "{script:?}");
    let place = porchlight_local_web();
    let uploads: Vec<_> =
        plan.iter().filter(|it| it[..2] == ["aws", "s3"]).map(|it| it[3].as_str()).collect();
    assert_eq!(uploads, [format!("{place}/assets"), place], "assets first: no page names what is not there");
    let edge = std::fs::read_to_string(project().join("infra/edge.yaml")).expect("the template");
    assert!(edge.contains("PathPattern: /assets/*"));
    assert!(plan.last().is_some_and(|it| it[..3] == ["aws", "cloudfront", "create-invalidation"]));
}

/// Where the machine looks for the built window, too.
fn porchlight_local_web() -> String {
    let config = std::fs::read_to_string(project().join("infra/local/src/config.rs")).expect("a file");
    let line = config.lines().find(|line| line.contains("const BUILT_WEB")).expect("it says where");
    line.split('"').nth(1).expect("a folder").to_owned()
}

#[test]
fn staging_stands_beside_production_and_shares_no_name_with_it() {
    let names = |plan: &[Vec<String>]| -> BTreeSet<String> {
        let stacks = plan.iter().flat_map(|it| after(it, "--stack-name")).map(str::to_owned);
        let braces = plan.iter().flatten().flat_map(|word| word.split('{').skip(1));
        let taken = braces.filter(|it| *it != "}").map(str::to_owned);
        let files = plan.iter().flat_map(|it| after(it, "--output-template-file")).map(str::to_owned);
        stacks.chain(taken).chain(files).collect()
    };
    let (production, staging) = (names(&plan(&[])), names(&plan(&["--name", "staging"])));
    assert_eq!(production.len(), staging.len());
    assert!(production.is_disjoint(&staging), "{:?}", production.intersection(&staging).collect::<Vec<_>>());
}

#[test]
fn what_cannot_be_deployed_is_refused_before_anything_is_done() {
    let refused = |command: &mut Command| -> String {
        let Output { status, stdout, stderr } = command.output().expect("it starts");
        assert_eq!(status.code(), Some(2), "{}", String::from_utf8_lossy(&stdout));
        assert!(!String::from_utf8_lossy(&stdout).contains("aws"), "nothing is done");
        String::from_utf8(stderr).expect("text")
    };
    for (arguments, words) in [
        (["--name", "a b"], "--name"),
        (["--domain", "https://inbox.example.com"], "--domain"),
        (["--certificate", "arn:aws:acm:eu-west-1:111122223333:certificate/x"], "us-east-1"),
        (["--alarm-email", "ops"], "--alarm-email"),
        (["--only", "everything"], "--only"),
        (["--set", "LivConcurrency=0"], "no parameter LivConcurrency"),
        (["--set", "Type=String"], "no parameter Type"),
        (["--stage", "x"], "no option --stage"),
    ] {
        let error = refused(&mut deploy(&arguments));
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
    // A machine that lacks something, and one where nobody has signed in.
    let bare = tools(&["bash", "dirname", "grep", "sed", "cat", "python3"]);
    let error = refused(deploy(&[]).env_clear().env("PATH", bare.path()));
    assert!(error.contains("cargo is missing") && error.contains("rustup.rs"), "{error}");
}

#[test]
fn the_tools_of_a_deployment_are_pinned() {
    let read = |name: &str| std::fs::read_to_string(project().join("infra").join(name)).expect("it is there");
    let wanted = read("requirements.txt") + &read("requirements-app.txt");
    let named: Vec<_> = wanted.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(named.iter().all(|line| line.contains("==")), "{named:?}");
    for tool in ["awscli", "cargo-lambda", "ziglang"] {
        assert!(named.iter().any(|line| line.starts_with(&format!("{tool}=="))), "{tool}");
    }
}
