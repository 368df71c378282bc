//! Which records are under way, and up to where all are done.

use std::collections::BTreeMap;

/// Records finish in any order; the position moves only over those that are done without a gap.
#[derive(Debug)]
pub(super) struct Progress {
    /// Sequence number → deliveries that are under way.
    under_way: BTreeMap<String, usize>,
    /// The last record that was read.
    read: String,
    /// The position as it was last told.
    told: String,
}

impl Progress {
    pub(super) fn new(position: String) -> Self {
        Self { under_way: BTreeMap::new(), read: position.clone(), told: position }
    }

    /// The last record that was read.
    pub(super) fn read(&self) -> &str {
        &self.read
    }

    /// How many records are under way.
    pub(super) fn under_way(&self) -> usize {
        self.under_way.len()
    }

    /// A record was read and goes to `deliveries` batches: none when the filter dropped it.
    pub(super) fn start(&mut self, sequence_number: &str, deliveries: usize) {
        sequence_number.clone_into(&mut self.read);
        if deliveries > 0 {
            self.under_way.insert(sequence_number.to_owned(), deliveries);
        }
    }

    /// One delivery of a record is done.
    pub(super) fn finish(&mut self, sequence_number: &str) {
        if let Some(deliveries) = self.under_way.get_mut(sequence_number) {
            *deliveries -= 1;
            if *deliveries == 0 {
                self.under_way.remove(sequence_number);
            }
        }
    }

    /// The position could not be kept: it is told again.
    pub(super) fn not_kept(&mut self) {
        self.told.clear();
    }

    /// The new position, when it has moved since it was last asked for.
    pub(super) fn moved(&mut self) -> Option<String> {
        let position = match self.under_way.keys().next() {
            Some(first) => before(first),
            None => self.read.clone(),
        };
        (position > self.told).then(|| {
            self.told.clone_from(&position);
            position
        })
    }
}

/// Sequence numbers have one width, so their text sorts as their value.
fn before(sequence_number: &str) -> String {
    let number: u128 = sequence_number.parse().unwrap_or_default();
    format!("{:0width$}", number.saturating_sub(1), width = sequence_number.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_position_waits_for_the_slowest_record() {
        let mut progress = Progress::new("100".to_owned());
        for number in ["101", "105", "107"] {
            progress.start(number, 1);
        }
        progress.start("109", 0);
        progress.finish("105");
        assert_eq!(progress.moved(), None);
        progress.finish("101");
        assert_eq!(progress.moved(), Some("106".to_owned()));
        assert_eq!(progress.moved(), None);
        progress.finish("107");
        assert_eq!(progress.moved(), Some("109".to_owned()));
        progress.not_kept();
        assert_eq!(progress.moved(), Some("109".to_owned()));
    }

    #[test]
    fn a_record_delivered_twice_is_done_after_both() {
        let mut progress = Progress::new("100".to_owned());
        progress.start("101", 2);
        progress.finish("101");
        assert_eq!(progress.moved(), None);
        progress.finish("101");
        assert_eq!(progress.moved(), Some("101".to_owned()));
    }
}
