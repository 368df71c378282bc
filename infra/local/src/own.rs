//! What the machine itself works with, for whatever is no function: commands, the demo, the simulator beside it.
//! Every table and every right, and of no function the environment or the role.

use std::sync::Arc;

use porchlight_edge::{Clock, Entropy, Platform, Secrets, Settings, Wake};
use porchlight_engine::{Access, Engine, Stack};

/// The platform of this machine: the tables of `stack` in `engine`, and all of `secrets`.
pub(crate) fn platform(
    stack: &Stack,
    engine: &Engine,
    (clock, entropy): (&Clock, &Entropy),
    secrets: &Arc<dyn Secrets>,
    wake: Wake,
) -> Platform {
    Platform::new(clock.clone(), entropy.clone(), settings(stack), wake)
        .with_dynamodb(|| engine.calls(Access::default()))
        .with_secrets(|| Arc::clone(secrets))
}

/// The names of the tables, as functions are told them, and where secrets begin.
fn settings(stack: &Stack) -> Settings {
    let tables = stack.of_kind("AWS::DynamoDB::Table").filter_map(|table| {
        let name = table.properties["TableName"].as_str()?;
        Some((format!("TABLE_{}", table.id.to_uppercase()), name))
    });
    tables.chain([("SECRETS".to_owned(), "/")]).collect()
}
