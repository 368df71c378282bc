//! Many measurements as a few figures.

use std::time::{Duration, Instant};

/// Measurements, in order of size.
pub struct Sorted(Vec<Duration>);

impl Sorted {
    /// Sorts.
    pub fn new(mut measured: Vec<Duration>) -> Self {
        measured.sort_unstable();
        Self(measured)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest measurement that `percent` of all do not exceed; zero where there are none.
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied().unwrap_or_default()
    }

    /// The median.
    pub fn median(&self) -> Duration {
        self.percentile(50)
    }
}

/// Milliseconds, with as many digits as mean something.
pub fn millis(duration: Duration) -> String {
    let millis = duration.as_secs_f64() * 1_000.0;
    if millis < 10.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}

/// Does something so many times, one after the other; how long each took.
pub async fn repeated<F: AsyncFnMut()>(times: usize, mut act: F) -> Sorted {
    let mut measured = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        act().await;
        measured.push(begun.elapsed());
    }
    Sorted::new(measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_a_measurement() {
        let sorted = Sorted::new((1..=200).rev().map(Duration::from_millis).collect());
        assert_eq!(sorted.median(), Duration::from_millis(100));
        assert_eq!(sorted.percentile(99), Duration::from_millis(198));
        assert_eq!(Sorted::new(Vec::new()).median(), Duration::ZERO);
    }
}
