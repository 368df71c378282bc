//! What people, customers, providers and clocks *do*: load the facts, let the domain decide, write once, tell the
//! live feed.
//!
//! # Layout
//!
//! - Coming to a decision: `reach` (who sees what, and what they may do with it), `command` (clients repeat
//!   themselves), `attempt` (somebody else was faster: read and decide again), [`refusal`].
//! - What people do: `acts`, `assign`, `block`, `snooze`, `draft`, `dismiss`, `reachable`, `share`, `note`, `presence` on
//!   a conversation, [`send`] to a customer, `later` with what waits for its time, `begin` with somebody new, `consent`
//!   for what is said about being texted, `directory` for what the business knows, `workday` for the jobs of a day.
//! - `internal`: what staff write to staff; `hand_over`, `office_only`: what technician and office have with each other in
//!   a customer's thread.
//! - `audience`: who sees a conversation, and whom it wakes.
//! - `staff`: who works here and what they may do; `invites`: how somebody comes to.
//! - `day_off`: somebody is off today, and what then wants somebody else.
//! - `bulk`: one command over many conversations, each row through the code of the single act.
//! - `devices`: where somebody is woken. `staff_texts`: whether they may be texted.
//! - `ladder`: what follows where nobody of the crew opens a customer's message.
//! - `templates`: texts that the business keeps, filled for a conversation; quick replies.
//! - Files of messages: `files`; [`uploads`] are those that are to go.
//! - What comes in: [`intake`]. What becomes of what went out: [`deliveries`].
//! - `feed`: the one place where events of the live feed are made. `notice`: a change with the quiet entry of the
//!   timeline that tells of it.
//!
//! Invariant: every change is one commit, with the event that tells of it in the same commit.
//! Invariant: what a person does to a conversation takes a permit, what they do for the business a grant; both
//! are made by the policy alone.
//!
//! It must not know HTTP, a JSON shape, or a provider.

mod acts;
mod assign;
mod attempt;
mod audience;
mod begin;
mod block;
mod bulk;
mod command;
mod consent;
mod day_off;
pub mod deliveries;
mod devices;
mod directory;
mod dismiss;
mod draft;
mod facts;
mod feed;
mod files;
mod hand_over;
pub mod intake;
mod internal;
mod invites;
mod ladder;
mod later;
mod note;
mod notice;
mod office_only;
mod presence;
mod reach;
mod reachable;
pub mod refusal;
pub mod send;
mod share;
mod snooze;
mod staff;
mod staff_texts;
mod templates;
pub mod uploads;
mod workday;

use std::sync::Arc;

use porchlight_ambient::{Clock, Entropy};
use porchlight_bucket::Bucket;
use porchlight_domain::time::Timestamp;
use porchlight_store::Store;

pub use self::attempt::Passing;
pub use self::audience::Onlooker;
pub use self::begin::{Given, NewConversation, not_for_texts};
pub use self::block::BlockedContact;
pub use self::bulk::{BulkRows, NewBulk};
pub use self::consent::ConsentSaid;
pub use self::day_off::{MarkedOff, Wanting};
pub use self::devices::NewDevice;
pub use self::directory::{ContactChange, CustomerChange, JobChange};
pub use self::facts::{FactAsked, FactPart};
pub use self::files::FilePlace;
pub use self::intake::Intake;
pub use self::internal::{Between, With};
pub use self::invites::{Invited, Joining, NewInvite};
pub use self::later::{Editor, PlanChange};
pub use self::note::{CannotRead, NewNote, Reading};
pub use self::reach::{Seen, SeenMarked, last_in_sight};
pub use self::refusal::{NotForTexts, Refusal};
pub use self::send::{Elsewhere, NewText, OtherNumber, When};
pub use self::templates::{Rendered, Wording};
pub use self::workday::{JobAtHand, NumberAtHand, ThreadAtHand};

/// Where everything is done. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    store: Store,
    clock: Clock,
    entropy: Entropy,
    files: Option<Arc<Files>>,
}

/// Where files lie, and where whoever has a token finds them.
struct Files {
    bucket: Bucket,
    public_url: String,
}

impl Desk {
    /// On these tables, with this clock and this randomness.
    pub const fn new(store: Store, clock: Clock, entropy: Entropy) -> Self {
        Self { store, clock, entropy, files: None }
    }

    /// The same with files in this bucket, found from outside below this address.
    #[must_use]
    pub fn with_files(self, bucket: Bucket, public_url: &str) -> Self {
        let public_url = public_url.trim_end_matches('/').to_owned();
        Self { files: Some(Arc::new(Files { bucket, public_url })), ..self }
    }

    /// The facts, for whoever only reads.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A name that nothing else has; later ones sort after it.
    pub fn new_name(&self) -> String {
        self.new_id::<ulid::Ulid>(self.now()).to_string()
    }

    /// A fresh id.
    fn new_id<T: From<ulid::Ulid>>(&self, at: Timestamp) -> T {
        self.entropy.ulid(at).into()
    }
}
