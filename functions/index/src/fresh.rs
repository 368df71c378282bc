//! A business that is loaded whole: what is derived of it, thread by thread, without reading it again.

use std::collections::{BTreeMap, BTreeSet};

use porchlight_domain::contribution::Contribution;
use porchlight_domain::conversation::{Conversation, ReadMarker};
use porchlight_domain::customer::{ContactLink, Customer};
use porchlight_domain::id::{BusinessId, StaffId};
use porchlight_domain::message::Message;
use porchlight_edge::{BoxError, Platform};
use porchlight_store::bulk::{self, Load};

use crate::Index;
use crate::people::office_text;

/// Derives while a business is loaded. Nothing follows the streams meanwhile.
pub struct Fresh {
    office: BTreeSet<StaffId>,
    derived: bulk::Fresh,
}

impl Fresh {
    /// Of a business whose staff is there and whose threads are not.
    pub async fn begin(platform: &Platform, business: &BusinessId) -> Result<Self, BoxError> {
        let index = Index::new(platform.clone())?;
        let office = index.office(business).await?;
        index.remember_office(business, office_text(&office)).await?;
        Ok(Self { office, derived: bulk::Fresh::new(index.store, business.clone()) })
    }

    /// What is derived of a thread; `members` are the technicians who may see it.
    pub fn lay(
        &mut self,
        conversation: &Conversation,
        messages: &[Message],
        markers: &[(StaffId, ReadMarker)],
        members: &BTreeSet<StaffId>,
    ) -> Load {
        let markers: BTreeMap<StaffId, ReadMarker> = markers.iter().cloned().collect();
        let contribution = Contribution::of(conversation, &self.office, members, &markers);
        self.derived.lay(conversation, messages, contribution)
    }

    /// What a customer is found by.
    pub fn know(&self, customer: &Customer, links: &[ContactLink]) -> Load {
        self.derived.know(customer, links)
    }

    /// The sums, when all threads are laid.
    pub fn end(self) -> Load {
        self.derived.end()
    }
}
