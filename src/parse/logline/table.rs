//! Rows that are part of a table: boxes, summaries of a model, columns between rules.

/// A rule is at least this long.
const RULE: usize = 8;

/// Whether a table may begin here: an edge of a box, a row between bars, a rule.
pub(super) fn begins(row: &str) -> bool {
    let row = row.trim();
    is_edge(row) || is_rule(row) || row.starts_with('|') && row.ends_with('|') && row.len() > 2
}

/// Whether a row goes on with the table above it.
pub(super) fn goes_on(row: &str) -> bool {
    let row = row.trim();
    is_edge(row) || is_rule(row) || row.starts_with('|') || row.contains(" | ") || is_columns(row)
}

/// A row that a box is drawn with.
fn is_edge(row: &str) -> bool {
    row.starts_with(|c: char| ('\u{2500}'..='\u{257f}').contains(&c))
        || row.starts_with(['+', '|']) && row.get(1..2).is_some_and(|second| second == "-" || second == "=")
}

/// A row of nothing but one sign that rules are made of.
fn is_rule(row: &str) -> bool {
    row.len() >= RULE
        && row.chars().next().is_some_and(|first| {
            matches!(first, '-' | '=' | '_' | '*' | '━' | '─' | '═')
                && row.chars().all(|c| c == first || c == ' ')
        })
}

/// A row of at least three columns that stand apart.
fn is_columns(row: &str) -> bool {
    row.split("  ").filter(|cell| !cell.trim().is_empty()).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::begins;
    use super::goes_on;

    #[test]
    fn rows_of_tables() {
        for row in ["+---+---+", "| a | b |", "┏━━━┓", "╭──────╮", "==========", "__________"]
        {
            assert!(begins(row), "{row}");
            assert!(goes_on(row), "{row}");
        }
        for row in ["0 | layer | Linear | 7.9 K", "dense (Dense)      (None, 10)      1010", "│ x │"] {
            assert!(goes_on(row), "{row}");
        }
        for row in ["", "loss 0.5", "--help", "- item", "| 12%", "+1"] {
            assert!(!begins(row), "{row}");
        }
        assert!(!goes_on("Epoch 1: loss=0.5"));
    }
}
