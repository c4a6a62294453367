//! The key that somebody who wrote an unknown one probably meant.

/// The nearest of `known` to `word`, when it is near enough to be meant.
pub(super) fn nearest(
    word: &str,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let word = word.to_lowercase().replace('-', "_");
    // A third of the letters may be wrong; beyond that a guess confuses more than it helps.
    let tolerance = (word.chars().count() / 3).max(2);
    known
        .map(|key| (distance(&word, key), key))
        .min()
        .filter(|(distance, _)| *distance <= tolerance)
        .map(|(_, key)| key)
}

/// How many letters must be added, removed or replaced to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // The costs of reaching each prefix of `to` from the letters of `from` seen so far.
    let mut costs: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.chars().enumerate() {
        let mut diagonal = row;
        let mut left = row + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(costs.iter().skip(1)) {
            let replaced = diagonal + usize::from(letter != *other);
            left = replaced.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        costs = next;
    }
    costs.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("http.port", "http.port"), 0);
    }

    #[test]
    fn a_near_key_is_suggested_and_a_far_one_is_not() {
        let known = ["http.port", "https.port", "cti.host"];
        let of = |word| nearest(word, known.into_iter());
        assert_eq!(of("http.prot"), Some("http.port"));
        assert_eq!(of("CTI.Hots"), Some("cti.host"));
        assert_eq!(of("something.else"), None);
    }
}
