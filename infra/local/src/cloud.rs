//! `--aws STACK`: a stack on AWS, found by its name, as the platform that commands work with.
//!
//! Everything about AWS is its ordinary configuration: profile, region, credentials, `AWS_ENDPOINT_URL`.

use std::collections::BTreeMap;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::error::ProvideErrorMetadata as _;
use porchlight_edge::{BoxError, Platform, Settings};
use porchlight_engine::{Stack, Templates};

use crate::failure::in_words;
use crate::own;

/// Where the tables are, by the stack that exports their names.
const DATA: &str = "-data";
/// Where the public address is, beside them.
const APP: &str = "-app";

/// A stack that was found.
pub(crate) struct Cloud {
    /// May do what the operator's credentials allow.
    pub(crate) platform: Platform,
    /// None before the app's stack is there.
    pub(crate) public_url: Option<String>,
}

/// Why a stack cannot be worked with, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// AWS is in many places.
    #[error("no AWS region is configured: set AWS_REGION, or `region` in the profile (AWS_PROFILE)")]
    Nowhere,
    /// Nobody has signed in.
    #[error(
        "no AWS credentials were found: set AWS_PROFILE (after `aws sso login`, where it signs in so), or \
         AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY: {0}"
    )]
    Nobody(String),
    /// It is not there, or elsewhere.
    #[error(
        "there is no stack {name} in {region}, nor {name}{DATA}: check the name and AWS_REGION, or make it with \
         infra/deploy"
    )]
    UnknownStack {
        /// As it was given.
        name: String,
        /// Where it was looked for.
        region: String,
    },
    /// Another stack was named, or one of another version.
    #[error(
        "stack {stack} has no output {output}: --aws takes the name given to infra/deploy, or that of the stack made \
         from infra/data.yaml; where it is that one, deploy it anew"
    )]
    MissingOutput {
        /// Which.
        stack: String,
        /// What it lacks.
        output: String,
    },
}

/// What to do about what AWS says, where that is known.
const HINTS: [(&[&str], &str); 3] = [
    (
        &["AccessDenied", "not authorized"],
        "AWS does not allow it to these credentials; README, \"On AWS\", lists what an operator needs",
    ),
    (
        &["Expired", "InvalidClientToken", "UnrecognizedClient", "SignatureDoesNotMatch", "security token"],
        "AWS does not take these credentials: sign in anew, or check AWS_PROFILE",
    ),
    (&["dispatch failure", "timeout", "no answer"], "AWS was not reached: check the network and AWS_REGION"),
];

/// What went wrong, with what to do about it in front.
pub(crate) fn hinted(error: BoxError) -> BoxError {
    if error.is::<CloudError>() {
        return error;
    }
    let words = in_words(&*error);
    let known = HINTS.iter().find(|(signs, _)| signs.iter().any(|sign| words.contains(sign)));
    known.map_or(error, |(_, hint)| format!("{hint} ({words})").into())
}

impl Cloud {
    /// The stack that `infra/deploy` makes for this name, or the one that is called so.
    pub(crate) async fn find(name: &str, templates: &Templates) -> Result<Self, BoxError> {
        let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
        let region = config.region().map(ToString::to_string).filter(|name| !name.is_empty());
        let region = region.ok_or(CloudError::Nowhere)?;
        check_credentials(&config).await?;
        let client = Client::new(&config);
        let deployed = format!("{name}{DATA}");
        let (stack, outputs) = match outputs(&client, &deployed).await? {
            Some(outputs) => (deployed, outputs),
            None => match outputs(&client, name).await? {
                Some(outputs) => (name.to_owned(), outputs),
                None => return Err(CloudError::UnknownStack { name: name.to_owned(), region }.into()),
            },
        };
        let app = format!("{}{APP}", stack.strip_suffix(DATA).unwrap_or(&stack));
        let public_url = self::outputs(&client, &app).await?.and_then(|mut it| it.remove("PublicUrl"));
        let platform = Platform::on_aws(&config, settings(&stack, &outputs, templates)?);
        Ok(Self { platform, public_url })
    }
}

/// Whoever has none is told at once, and not by the first table.
async fn check_credentials(config: &SdkConfig) -> Result<(), CloudError> {
    let Some(provider) = config.credentials_provider() else {
        return Err(CloudError::Nobody("nothing provides any".to_owned()));
    };
    let found = provider.provide_credentials().await;
    found.map(drop).map_err(|error| CloudError::Nobody(in_words(&error)))
}

/// What a stack says of itself; `None` where there is none of this name.
async fn outputs(client: &Client, stack: &str) -> Result<Option<BTreeMap<String, String>>, BoxError> {
    let described = match client.describe_stacks().stack_name(stack).send().await {
        Ok(described) => described,
        Err(error) if error.message().is_some_and(|words| words.contains("does not exist")) => {
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let said = described.stacks.unwrap_or_default().into_iter().flat_map(|it| it.outputs.unwrap_or_default());
    Ok(Some(said.filter_map(|it| Some((it.output_key?, it.output_value?))).collect()))
}

/// The names of the tables, as the stack says them: one for each table of the template.
fn settings(
    stack: &str,
    outputs: &BTreeMap<String, String>,
    templates: &Templates,
) -> Result<Settings, BoxError> {
    let declared = Stack::load(templates, &BTreeMap::new())?;
    let named = declared.of_kind("AWS::DynamoDB::Table").map(|table| {
        let output = format!("{}Name", table.id);
        let name = outputs.get(&output).map(|name| (table.id.as_str(), name.as_str()));
        name.ok_or_else(|| CloudError::MissingOutput { stack: stack.to_owned(), output })
    });
    let named = named.collect::<Result<Vec<_>, _>>()?;
    Ok(own::settings(named.into_iter()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs_of(names: &[&str]) -> BTreeMap<String, String> {
        names.iter().map(|name| (format!("{name}Name"), format!("harbor-{}", name.to_lowercase()))).collect()
    }

    #[test]
    fn the_tables_are_those_that_the_stack_names_and_one_it_does_not_name_is_missed() {
        let mut names = vec!["Conversations", "Messages", "Directory", "Events", "Derived", "Vault"];
        let found = settings("harbor", &outputs_of(&names), &Templates::embedded()).expect("all are named");
        assert_eq!(found.require("TABLE_VAULT").ok(), Some("harbor-vault"));
        names.retain(|name| *name != "Vault");
        let missed = settings("harbor", &outputs_of(&names), &Templates::embedded()).expect_err("one lacks");
        assert!(missed.to_string().contains("stack harbor has no output VaultName"), "{missed}");
    }

    #[test]
    fn what_aws_refuses_says_what_to_do() {
        let hint = |words: &str| hinted(words.to_owned().into()).to_string();
        assert!(hint("unhandled error (AccessDeniedException)").contains("what an operator needs"));
        assert!(hint("unhandled error (ExpiredToken)").contains("sign in anew"));
        assert!(hint("dispatch failure: io error").contains("was not reached"));
        assert_eq!(hint("12 is no phone number"), "12 is no phone number");
    }
}
