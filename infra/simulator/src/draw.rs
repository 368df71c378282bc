//! Chance from the seed: the same seed, purpose and count give the same draw, whatever happens at the same time.

use sha2::{Digest as _, Sha256};

/// A number for the `count`-th decision of one purpose, all 32 bits equally likely.
pub fn draw(seed: u64, purpose: &str, count: u64) -> u32 {
    let digest = Sha256::new().chain_update(seed.to_le_bytes()).chain_update(count.to_le_bytes());
    let digest = digest.chain_update(purpose).finalize();
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// Whether a draw falls under a rate between 0 (never) and 1 (always).
pub fn happens(draw: u32, rate: f64) -> bool {
    f64::from(draw) < rate * 4_294_967_296.0
}

/// A number from `low` to `high`, both included.
pub fn between(draw: u32, low: u64, high: u64) -> u64 {
    low + u64::from(draw) % (high.saturating_sub(low) + 1)
}

/// One of several.
pub fn pick<T>(draw: u32, items: &[T]) -> &T {
    let at = usize::try_from(draw).unwrap_or(0) % items.len();
    &items[at]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_by_seed_and_keep_their_rate() {
        let hits = |seed| (0..1_000).filter(|n| happens(draw(seed, "delay", *n), 0.2)).collect::<Vec<_>>();
        assert_eq!(hits(7), hits(7));
        assert_ne!(hits(7), hits(8));
        assert!((150..250).contains(&hits(7).len()), "{}", hits(7).len());
        assert!(happens(u32::MAX, 1.0) && !happens(0, 0.0));
    }
}
