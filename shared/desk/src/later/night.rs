//! The customer's night, in which nothing goes that no person sends now.

use porchlight_domain::business::Business;
use porchlight_domain::conversation::Conversation;
use porchlight_domain::quiet::Home;
use porchlight_domain::time::{Timestamp, a_year_after};
use porchlight_store::StoreError;

use crate::refusal::BadTime;
use crate::{Desk, Refusal};

impl Desk {
    /// When the customer's night ends, if it is night there at an instant, and in which zone.
    pub(crate) async fn night(
        &self,
        business: &Business,
        conversation: &Conversation,
        at: Timestamp,
    ) -> Result<Option<(Timestamp, String)>, StoreError> {
        let Some(route) = conversation.route() else { return Ok(None) };
        let customer = match &conversation.customer {
            Some(customer) => self.store.customer(&business.id, &customer.id).await?,
            None => None,
        };
        let address = customer.as_ref().and_then(|customer| customer.address.as_deref());
        Ok(Home::of(&route.contact, address, &business.time_zone).night_ends(at))
    }

    /// A time at which something may be asked to happen: to come, and within a year by the business's calendar.
    pub(crate) fn may_come(&self, business: &Business, at: Timestamp) -> Result<(), Refusal> {
        let now = self.now();
        if at <= now {
            return Err(Refusal::BadTime(BadTime::Past));
        }
        let far = at > a_year_after(now, &business.time_zone);
        if far { Err(Refusal::BadTime(BadTime::TooFar)) } else { Ok(()) }
    }
}
