//! Numbers that somebody has blocked.

use porchlight_domain::customer::Block;

use crate::house::{House, business, staff};

impl House {
    /// Somebody blocks the number, or does so no more.
    pub async fn block(&self, n: u64) {
        self.tick();
        let mut conversation = self.with(n).await;
        conversation.block(!conversation.blocked);
        let block = Block { by: staff(1), at: self.clock.now(), spam: false };
        let contact = conversation.contact().expect("a customer").clone();
        let block = conversation.blocked.then_some(&block);
        let commit = self.store.commit(&business()).block(&contact, block).conversation(&mut conversation);
        commit.run().await.expect("a block");
    }
}
