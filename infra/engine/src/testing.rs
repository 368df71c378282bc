//! The template's tables in memory, for the tests of whoever stores something.

use std::collections::BTreeMap;

use crate::{Access, Engine, Faults, Policy, Stack};

/// The tables of `infra/data.yaml`, empty, and what a test wants to do with them.
#[derive(Clone)]
pub struct TestTables {
    /// The store.
    pub engine: Engine,
    /// May do everything; meets the faults below.
    pub client: aws_sdk_dynamodb::Client,
    /// What goes wrong in `client`. Nothing, unless told.
    pub faults: Faults,
    stack: Stack,
}

impl TestTables {
    /// New tables, shared with nobody.
    pub async fn new() -> Self {
        let stack = Stack::embedded();
        let engine = Engine::in_memory().expect("a store in memory opens");
        let tables = stack.tables().expect("the embedded template declares tables");
        engine.apply(tables).await.expect("the embedded template's tables can be made");
        let faults = Faults::default();
        let client = engine.client(Access { policy: None, faults: faults.clone() });
        Self { engine, client, faults, stack }
    }

    /// The name of a table, from its short name such as `messages`.
    pub fn name(short: &str) -> String {
        format!("porchlight-data-{short}")
    }

    /// The environment of a function, such as `Send`, as the template gives it.
    pub fn environment(&self, function: &str) -> BTreeMap<String, String> {
        self.function(function).0
    }

    /// A client that may do what a function's role allows, and no more.
    pub fn client_of(&self, function: &str) -> aws_sdk_dynamodb::Client {
        let policy = Some(self.function(function).1);
        self.engine.client(Access { policy, faults: self.faults.clone() })
    }

    /// What a function's role allows.
    pub fn policy_of(&self, function: &str) -> Policy {
        self.function(function).1
    }

    fn function(&self, id: &str) -> (BTreeMap<String, String>, Policy) {
        let functions = self.stack.functions().expect("the embedded template declares functions");
        let function = functions.into_iter().find(|function| function.id == id);
        let function = function.expect("the test names a function of the template");
        (function.environment, function.policy)
    }
}
