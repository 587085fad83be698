//! The known word that a mistyped one was meant to be.

/// The nearest of `known` to `typed`, if it is near enough to be a slip of the fingers.
pub(super) fn nearest<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = if typed.chars().count() <= 4 { 1 } else { typed.chars().count() / 3 };
    known
        .iter()
        .map(|word| (distance(typed, word), *word))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// Letters to insert, drop, replace or swap with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut older: Vec<usize> = Vec::new();
    let mut old: Vec<usize> = (0..=b.len()).collect();
    let mut before = None;
    for (row, ca) in a.chars().enumerate() {
        let mut new = vec![row + 1];
        let mut left = row + 1;
        let mut swapped = None;
        for (column, cb) in b.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut cost =
                (at(&old, column) + usize::from(ca != *cb)).min(at(&old, column + 1) + 1).min(left + 1);
            if column > 0 && before == Some(*cb) && swapped == Some(ca) {
                cost = cost.min(at(&older, column - 1) + 1);
            }
            new.push(cost);
            left = cost;
            swapped = Some(*cb);
        }
        older = std::mem::replace(&mut old, new);
        before = Some(ca);
    }
    old.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (a, b, cost) in [
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("abc", "acb", 1),
            ("stall", "stal", 1),
            ("kitten", "sitting", 3),
            ("colour", "color", 1),
        ] {
            assert_eq!(distance(a, b), cost, "{a} {b}");
            assert_eq!(distance(b, a), cost, "{b} {a}");
        }
    }

    #[test]
    fn only_near_words_are_offered() {
        let known = ["stall_after", "running_window", "color"];
        assert_eq!(nearest("stall-after", &known), Some("stall_after"));
        assert_eq!(nearest("colour", &known), Some("color"));
        assert_eq!(nearest("theme", &known), None);
    }
}
