//! What the machine itself works with, for whatever is no function: commands, the demo, the simulator beside it.
//! Every table and every right, and of no function the environment or the role.

use std::sync::Arc;

use porchlight_bucket::Bucket;
use porchlight_edge::{Clock, Entropy, Platform, Secrets, Settings, Wake};
use porchlight_engine::{Access, Engine, Stack};

use crate::bucket;

/// The platform of this machine: the tables of `stack` in `engine`, all of `secrets` and of `bucket`.
pub(crate) fn platform(
    stack: &Stack,
    engine: &Engine,
    (clock, entropy): (&Clock, &Entropy),
    (secrets, bucket): (&Arc<dyn Secrets>, &Bucket),
    wake: Wake,
) -> Platform {
    let tables = stack.of_kind("AWS::DynamoDB::Table");
    let named = tables.filter_map(|it| Some((it.id.as_str(), it.properties["TableName"].as_str()?)));
    Platform::new(clock.clone(), entropy.clone(), settings(named), wake)
        .with_dynamodb(|| engine.calls(Access::default()))
        .with_secrets(|| Arc::clone(secrets))
        .with_bucket(|_| Some(bucket.clone()))
}

/// The names of tables by their logical ids, as functions are told them, and where secrets begin.
pub(crate) fn settings<'t>(tables: impl Iterator<Item = (&'t str, &'t str)>) -> Settings {
    let tables = tables.map(|(id, name)| (format!("TABLE_{}", id.to_uppercase()), name));
    tables.chain([("SECRETS".to_owned(), "/"), ("BUCKET_FILES".to_owned(), bucket::NAME)]).collect()
}
