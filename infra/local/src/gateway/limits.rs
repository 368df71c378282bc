//! What callers may take of this machine before anything is known of them.

use std::time::Duration;

/// Bounds on connections and bodies. A deployed API has API Gateway's.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections held at once; one more takes the place of whichever has waited longest.
    pub connections: usize,
    /// Bytes of bodies held at once.
    pub body_bytes: usize,
    /// From the connection, or the answer before, until a request's head is there.
    pub head_within: Duration,
    /// Between two pieces of a body.
    pub piece_within: Duration,
    /// From a request's head until its body is there.
    pub body_within: Duration,
}

/// Descriptors that the store, the log and calls to the outside need.
const KEPT_DESCRIPTORS: usize = 96;
/// More connections than this serve nobody better.
const MOST_CONNECTIONS: usize = 8192;

impl Default for Limits {
    /// As many connections as the process may hold beside what it needs itself.
    fn default() -> Self {
        let descriptors = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let descriptors = descriptors.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        Self {
            connections: connections_of(descriptors),
            body_bytes: 48 << 20,
            head_within: Duration::from_secs(20),
            piece_within: Duration::from_secs(10),
            body_within: Duration::from_mins(1),
        }
    }
}

fn connections_of(descriptors: usize) -> usize {
    descriptors.saturating_sub(KEPT_DESCRIPTORS).max(descriptors / 2).min(MOST_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptors_are_left_for_the_store_and_for_calls() {
        assert_eq!([64, 256, 1024, usize::MAX].map(connections_of), [32, 160, 928, MOST_CONNECTIONS]);
    }
}
