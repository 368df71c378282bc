//! The template's tables in memory, for the tests of whoever stores something.

use std::collections::BTreeMap;
use std::sync::Arc;

use porchlight_calls::Calls;

use crate::{Access, Engine, Faults, Policy, Stack};

/// The tables of `infra/data.yaml`, empty, and what a test wants to do with them.
#[derive(Clone)]
pub struct TestTables {
    /// The store.
    pub engine: Engine,
    /// May do everything; meets the faults below.
    pub calls: Arc<dyn Calls>,
    /// The same as the SDK's client, for looking into the tables and for spoiling them.
    pub client: aws_sdk_dynamodb::Client,
    /// What goes wrong in both. Nothing, unless told.
    pub faults: Faults,
    stack: Stack,
}

impl TestTables {
    /// New tables, shared with nobody.
    pub async fn new() -> Self {
        Self::of(Engine::in_memory().expect("a store in memory opens")).await
    }

    /// The template's tables in this store.
    pub async fn of(engine: Engine) -> Self {
        let stack = Stack::embedded();
        let tables = stack.tables().expect("the embedded template declares tables");
        engine.apply(tables).await.expect("the embedded template's tables can be made");
        let faults = Faults::default();
        let access = Access { faults: faults.clone(), ..Access::default() };
        let (calls, client) = (engine.calls(access.clone()), engine.client(access));
        Self { engine, calls, client, faults, stack }
    }

    /// The name of a table, from its short name such as `messages`.
    pub fn name(short: &str) -> String {
        format!("porchlight-data-{short}")
    }

    /// The environment of a function, such as `Send`, as the template gives it.
    pub fn environment(&self, function: &str) -> BTreeMap<String, String> {
        self.function(function).0
    }

    /// What may do what a function's role allows, and no more.
    pub fn calls_of(&self, function: &str) -> Arc<dyn Calls> {
        self.engine.calls(self.access_of(function))
    }

    /// The same as the SDK's client.
    pub fn client_of(&self, function: &str) -> aws_sdk_dynamodb::Client {
        self.engine.client(self.access_of(function))
    }

    fn access_of(&self, function: &str) -> Access {
        Access { policy: Some(self.policy_of(function)), faults: self.faults.clone(), trails: false }
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
