//! What the texts of a conversation have cost so far, by currency: an item of its own beside the summary, so that a text
//! that comes in does not carry it. It grows in the commit that keeps a message's price, which is kept once.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use porchlight_domain::delivery::Price;
use porchlight_domain::id::{BusinessId, ConversationId};

use crate::commit::{Commit, Part};
use crate::error::StoreError;
use crate::keys;
use crate::store::Store;
use crate::table::{Expression, Table, key_item, number};

/// What an attribute of a currency begins with.
const CURRENCY: &str = "spent#";

impl Commit<'_> {
    /// A text of this conversation cost so much.
    pub fn cost(self, conversation: &ConversationId, price: &Price) -> Self {
        let update = Expression::new("ADD #spent :micros, priced :one")
            .name("#spent", format!("{CURRENCY}{}", price.currency))
            .value(":micros", number(price.micros))
            .value(":one", number(1_u64));
        let key = keys::cost(self.business(), conversation);
        self.update(Part::Other, Table::Conversations, &key, update, None)
    }
}

impl Commit<'_> {
    /// All that the texts of a conversation have cost, as it is laid with them.
    pub fn cost_laid<'p>(
        self,
        conversation: &ConversationId,
        prices: impl Iterator<Item = &'p Price>,
    ) -> Self {
        let (mut spent, mut texts) = (BTreeMap::<&str, u64>::new(), 0_u64);
        for price in prices {
            *spent.entry(&price.currency).or_default() += price.micros;
            texts += 1;
        }
        if texts == 0 {
            return self;
        }
        let mut item = key_item(&keys::cost(self.business(), conversation));
        item.extend(
            spent.into_iter().map(|(currency, micros)| (format!("{CURRENCY}{currency}"), number(micros))),
        );
        item.insert("priced".to_owned(), number(texts));
        self.put(Part::Other, Table::Conversations, item, Expression::default())
    }
}

impl Store {
    /// What the texts of a conversation have cost so far, one price for each currency; strongly consistent.
    pub async fn cost(
        &self,
        business: &BusinessId,
        conversation: &ConversationId,
    ) -> Result<Vec<Price>, StoreError> {
        let item = self.get(Table::Conversations, &keys::cost(business, conversation)).await?;
        let spent = item.into_iter().flatten().filter_map(|(name, value)| {
            let currency = name.strip_prefix(CURRENCY)?.to_owned();
            let AttributeValue::N(micros) = value else { return None };
            Some((currency, micros.parse().ok()?))
        });
        let by_currency: BTreeMap<String, u64> = spent.collect();
        Ok(by_currency.into_iter().map(|(currency, micros)| Price { micros, currency }).collect())
    }
}
