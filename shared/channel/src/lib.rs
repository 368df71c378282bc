//! The two ports of a channel: a [`Door`], how something comes in, and a [`Carrier`], how something goes out.
//!
//! # Layout
//!
//! - [`door`]: verify, name, read into what the domain decides on.
//! - [`carrier`]: send once, ask what became of it, find what was lost.
//! - [`Channels`]: those that there are, found by an address or by a conversation's channel.
//! - [`Accounts`]: whose credentials a provider is called with.
//!
//! Invariant: whoever uses a channel asks [`Channels`] and matches on none; one more channel is one more crate
//! and its entry in the list.
//!
//! It must not know any provider, nor the tables.

pub mod accounts;
pub mod carrier;
pub mod door;

use std::sync::Arc;

use porchlight_domain::channel::Channel;

pub use self::accounts::{Accounts, Credentials, NoAccount};
pub use self::carrier::{Carrier, Fetched, Parcel, Silence, Wire};
pub use self::door::{Call, Door, Glimpse, Inbound, Misfit, Named, Post, ReceiptName, Text};

/// The channels that there are. Cheap to clone.
#[derive(Clone, Default)]
pub struct Channels {
    doors: Vec<Arc<dyn Door>>,
    carriers: Vec<(Channel, Arc<dyn Carrier>)>,
}

impl Channels {
    /// With one more way in.
    #[must_use]
    pub fn door(mut self, door: impl Door + 'static) -> Self {
        self.doors.push(Arc::new(door));
        self
    }

    /// With one more way out, for conversations of this channel.
    #[must_use]
    pub fn carrier(mut self, channel: Channel, carrier: impl Carrier + 'static) -> Self {
        self.carriers.push((channel, Arc::new(carrier)));
        self
    }

    /// The door that an address leads to, and what it names there.
    pub fn door_of(&self, path: &str) -> Option<(&dyn Door, Named)> {
        self.doors.iter().find_map(|door| Some((&**door, door.name(path)?)))
    }

    /// What carries messages of conversations of this channel.
    pub fn carrier_of(&self, channel: Channel) -> Option<&dyn Carrier> {
        self.carriers.iter().find(|(of, _)| *of == channel).map(|(_, carrier)| &**carrier)
    }
}
