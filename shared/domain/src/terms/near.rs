//! The word that was meant by one that nobody wrote.

/// Words shorter than this have too many neighbours to guess by.
const SHORTEST: usize = 4;
/// From here on two slips are forgiven.
const LONG: usize = 7;

/// The words that a mistyped one may stand for, the nearest first, then in the order of the alphabet; at most
/// `most`.
pub fn nearest<'w>(typed: &str, words: impl IntoIterator<Item = &'w str>, most: usize) -> Vec<&'w str> {
    let length = typed.chars().count();
    let forgiven = match length {
        ..SHORTEST => return Vec::new(),
        SHORTEST..LONG => 1,
        _ => 2,
    };
    let near = words.into_iter().filter(|word| word.chars().count().abs_diff(length) <= forgiven);
    let mut near: Vec<(usize, &str)> = near.map(|word| (distance(typed, word), word)).collect();
    near.retain(|(slips, _)| (1..=forgiven).contains(slips));
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(most).map(|(_, word)| word).collect()
}

/// How many slips lie between two words: a letter too many, too few, another one, or two that changed places.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let other = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(row[j - 1] + 1).min(rows[i - 1][j - 1] + other);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_forgiven_and_two_in_a_long_word() {
        let words = ["dehumidifier", "humidifier", "boiler", "boilers", "furnace", "heat", "meat", "o"];
        for (typed, meant) in [
            ("dehumidifer", vec!["dehumidifier"]),
            ("dehumdifer", vec!["dehumidifier"]),
            ("biolers", vec!["boilers", "boiler"]),
            ("fruncae", vec!["furnace"]),
            ("haet", vec!["heat"]),
            ("teat", vec!["heat", "meat"]),
            ("boiler", vec!["boilers"]),
            ("hat", vec![]),
            ("refrigerator", vec![]),
        ] {
            assert_eq!(nearest(typed, words, 5), meant, "{typed}");
        }
        assert_eq!(nearest("teat", words, 1), ["heat"]);
    }
}
