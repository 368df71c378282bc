//! Whom somebody may mean by what they type.

use porchlight_api::words::ChannelWord;
use porchlight_domain::id::{ConversationId, CustomerId};
use porchlight_domain::phone::ContactPoint;
use porchlight_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Whom somebody may mean.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Whom {
    /// Customers, the one last written with first.
    pub customers: Vec<FoundCustomer>,
    /// There are others, or may be.
    pub more: bool,
    /// How it would be read as a number, where it may be one.
    #[schema(required)]
    pub typed: Option<TypedNumber>,
}

/// A customer who may be meant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundCustomer {
    /// Their id.
    pub id: CustomerId,
    /// A person or a firm.
    pub name: String,
    /// Where the work is.
    #[schema(required)]
    pub address: Option<String>,
    /// How they are reached, the last used first.
    pub contacts: Vec<FoundNumber>,
}

/// A number of a customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FoundNumber {
    /// The number or address.
    pub contact: ContactPoint,
    /// "Maria's cell".
    #[schema(required)]
    pub label: Option<String>,
    /// The channel it is used on.
    pub channel: ChannelWord,
    /// When anything last happened there.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
    /// The conversation with it, where there is one.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    /// They opted out there, or seem to have.
    pub opted_out: bool,
    /// Texts do not reach it.
    pub cannot_text: bool,
    /// The number is blocked.
    pub blocked: bool,
}

/// A number as it was typed.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct TypedNumber {
    /// As it would be read; none where it is no number.
    #[schema(required)]
    pub contact: Option<ContactPoint>,
    /// Its country, as ISO 3166 names it.
    #[schema(required)]
    pub country: Option<String>,
    /// The conversation with it, where there is one.
    #[schema(required)]
    pub conversation_id: Option<ConversationId>,
    /// The customer who uses it, where one does.
    #[schema(required)]
    pub name: Option<String>,
    /// They opted out.
    pub opted_out: bool,
    /// Texts do not reach it.
    pub cannot_text: bool,
    /// The number is blocked.
    pub blocked: bool,
    /// Why nobody can be written to there, in a sentence for the screen.
    #[schema(required)]
    pub refusal: Option<String>,
}
