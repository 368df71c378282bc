//! The derived table, looked at whole.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::{House, eventually};

/// How often in a row it must be the same to be at rest.
const AT_REST: u32 = 20;

impl House {
    /// Everything derived, by key; of the search, what it tells, however much of it is packed. A counter that came back
    /// to nothing says the same as one that never counted.
    ///
    /// # Panics
    /// When the table does not answer.
    pub async fn derived(&self) -> BTreeMap<String, String> {
        let client = self.running.engine().client(porchlight_engine::Access::default());
        let mut pages = client.scan().table_name("porchlight-data-derived").into_paginator().items().send();
        let nothing = AttributeValue::N("0".to_owned());
        let mut items = BTreeMap::new();
        while let Some(item) = pages.next().await {
            let item = item.expect("a scan works");
            if let Some(told) = porchlight_store::search::unpacked(&item) {
                items.extend(told.into_iter().map(|told| (told, String::new())));
                continue;
            }
            let key = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
            let key = format!("{} {}", key("pk").unwrap_or_default(), key("sk").unwrap_or_default());
            let fields: BTreeMap<_, _> = item.iter().filter(|(_, value)| **value != nothing).collect();
            items.insert(key, format!("{fields:?}"));
        }
        items
    }

    /// The same, once nothing is written to it any more.
    pub async fn derived_at_rest(&self) -> BTreeMap<String, String> {
        let (mut before, mut same) = (BTreeMap::new(), 0);
        eventually("a derived table at rest", async || {
            let now = self.derived().await;
            same = if now == before { same + 1 } else { 0 };
            before = now;
            (same == AT_REST).then(|| before.clone())
        })
        .await
    }
}
