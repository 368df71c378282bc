//! The activity timeline of a contact point: what happened, newest first, merged from the facts where each is kept
//! (threads, jobs, crews, the ledger of consent). It is derived anew at each reading: there is nothing to rebuild,
//! and nothing that could differ from the facts (P10).

use crate::time::Timestamp;

/// Something that happened, at its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated<T> {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: T,
}

/// The newest `limit` of several sources, each newest first, in one order. What a source tells later stands below what
/// it told before, although its clock was ahead: of each source the first ones are taken, however the clocks differ,
/// so that the next page goes on behind them. None of what is taken stands above `below`, where the page before ended.
pub fn newest<T>(sources: Vec<Vec<Dated<T>>>, below: Option<Timestamp>, limit: usize) -> Vec<Dated<T>> {
    let mut sources: Vec<_> = sources.into_iter().map(|source| falling(source, below).peekable()).collect();
    let mut taken = Vec::new();
    while taken.len() < limit {
        // Of equals the first source's: `max_by_key` would take the last.
        let heads = sources.iter_mut().rev().filter_map(|source| Some((source.peek()?.at, source)));
        let Some((_, source)) = heads.max_by_key(|(at, _)| *at) else { break };
        taken.extend(source.next());
    }
    taken
}

/// The same with times that never rise.
fn falling<T>(source: Vec<Dated<T>>, below: Option<Timestamp>) -> impl Iterator<Item = Dated<T>> {
    source.into_iter().scan(below, |last, Dated { at, what }| {
        let at = last.map_or(at, |last| last.min(at));
        *last = Some(at);
        Some(Dated { at, what })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::at;

    /// Sources whose entries are told apart by (source, place), newest first but for clocks that differ.
    fn sources() -> impl Strategy<Value = Vec<Vec<Dated<(usize, usize)>>>> {
        let source = prop::collection::vec(0_u64..40, 0..12);
        prop::collection::vec(source, 0..4).prop_map(|sources| {
            let dated = |(nth, mut times): (usize, Vec<u64>)| {
                times.sort_unstable_by_key(|time| std::cmp::Reverse(time / 5));
                let entry = |(place, time)| Dated { at: at(time), what: (nth, place) };
                times.into_iter().enumerate().map(entry).collect()
            };
            sources.into_iter().enumerate().map(dated).collect()
        })
    }

    /// Page after page, each going on behind what was taken of each source.
    fn paged(mut sources: Vec<Vec<Dated<(usize, usize)>>>, limit: usize) -> Vec<Dated<(usize, usize)>> {
        let (mut all, mut below) = (Vec::new(), None);
        loop {
            let page = newest(sources.clone(), below, limit);
            let Some(last) = page.last() else { return all };
            below = Some(last.at);
            for Dated { what: (nth, place), .. } in &page {
                sources[*nth].retain(|entry| entry.what.1 > *place);
            }
            all.extend(page);
        }
    }

    proptest! {
        #[test]
        fn pages_tell_everything_once_and_in_one_order_p10(sources in sources(), limit in 1_usize..7) {
            let all = paged(sources.clone(), limit);
            prop_assert!(all.is_sorted_by(|a, b| a.at >= b.at));
            for (nth, source) in sources.iter().enumerate() {
                let told: Vec<usize> =
                    all.iter().filter(|entry| entry.what.0 == nth).map(|entry| entry.what.1).collect();
                prop_assert_eq!(told, (0..source.len()).collect::<Vec<_>>());
            }
            prop_assert_eq!(&all, &newest(sources, None, usize::MAX), "pages of any length tell the same");
        }
    }
}
