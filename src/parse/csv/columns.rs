//! What the columns of a table are, told by their names, and how its lines fall into cells.

use crate::parse::role::Role;
use crate::parse::role::is_training_word;
use crate::parse::role::role;

/// Cells that one line may have.
const CELLS: usize = 20_000;

/// A table's columns.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub(super) separator: u8,
    pub(super) names: Vec<(Box<str>, Role)>,
    /// The column that counts steps best.
    pub(super) step: Option<usize>,
    /// The column that says on which data a row was taken.
    pub(super) phase: Option<usize>,
    /// The column that counts epochs.
    pub(super) epoch: Option<usize>,
    /// Lightning's logger: names in order of the alphabet with `epoch` and `step` among them, one row for each log call.
    pub(super) lightning: bool,
}

/// The separator of a header: the one of `,` `;` tab that makes the most cells.
pub(super) fn separator(line: &str) -> Option<u8> {
    [b'\t', b',', b';']
        .into_iter()
        .map(|byte| (line.bytes().filter(|b| *b == byte).count(), byte))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, _)| *count)
        .map(|(_, byte)| byte)
}

/// The cells of a line, blanks around them and quotes taken off. A quote that never closes runs to the end.
pub(super) fn cells(line: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let text = rest?;
        let trimmed = text.trim_start_matches(' ');
        let quoted = trimmed.strip_prefix('"').and_then(|inside| {
            let end = inside.find('"')?;
            let (cell, behind) = (inside.get(..end)?, inside.get(end + 1..)?);
            let next = behind.find(char::from(separator));
            Some((cell, next.and_then(|at| behind.get(at + 1..))))
        });
        let (cell, next) = quoted.unwrap_or_else(|| match text.split_once(char::from(separator)) {
            Some((cell, next)) => (cell, Some(next)),
            None => (text, None),
        });
        rest = next;
        Some(cell.trim())
    })
    .take(CELLS)
}

/// A cell's figure: digits, or one of the spellings of what is not a number.
pub(super) fn figure(cell: &str) -> Option<f64> {
    let bare = cell.trim_start_matches(['-', '+']);
    if let Some((whole, fraction)) = bare.split_once(',')
        && [whole, fraction].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    {
        // between semicolons or tabulators: a cell of other languages
        return cell.replace(',', ".").parse().ok();
    }
    if bare.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return cell.parse().ok();
    }
    let is = |word: &str| bare.eq_ignore_ascii_case(word);
    if is("nan") {
        Some(f64::NAN)
    } else if is("inf") || is("infinity") {
        Some(if cell.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY })
    } else {
        None
    }
}

/// The figure of a cell of a table that `separator` parts: between commas, `"1,234"` is grouped, and `60%` is sixty.
pub(super) fn figure_in(cell: &str, separator: u8) -> Option<f64> {
    let cell = cell.strip_suffix('%').map_or(cell, str::trim_end);
    if separator == b','
        && cell.contains(',')
        && let Some(value) = crate::parse::text::number::number(cell)
    {
        return Some(value);
    }
    figure(cell)
}

/// The columns that `line` names; `None` when it is no header: two names or more, each its own, none of them a number.
pub(super) fn header(line: &str) -> Option<Columns> {
    let line = line.trim_end_matches(['\r', ' ']).trim_start_matches('\u{feff}');
    let separator = separator(line)?;
    let mut columns = Columns { separator, ..Columns::default() };
    let mut rank = 0;
    for name in cells(line, separator) {
        let odd = name.is_empty() && !columns.names.is_empty();
        // `lr: 0.01`, `Using loss`, words of a sentence
        let said = name.contains(": ") || name.split(' ').count() > 4;
        if odd || said || name.len() > 120 || figure(name).is_some() || name.contains(['{', '}', '=', '\0']) {
            return None;
        }
        if columns.names.iter().any(|(known, _)| &**known == name) {
            return None;
        }
        let index = columns.names.len();
        let what = role(name);
        if matches!(
            name.to_ascii_lowercase().as_str(),
            "phase" | "split" | "mode" | "stage" | "subset" | "type"
        ) {
            columns.phase = columns.phase.or(Some(index));
        }
        match what {
            Role::Step(better) if better > rank => {
                rank = better;
                columns.step = Some(index);
            }
            Role::Epoch => columns.epoch = columns.epoch.or(Some(index)),
            _ => {}
        }
        columns.names.push((name.into(), what));
    }
    if columns.names.len() < 2 {
        return None;
    }
    let sorted = columns.names.windows(2).all(|pair| matches!(pair, [(a, _), (b, _)] if a <= b));
    columns.lightning =
        sorted && columns.epoch.is_some() && columns.names.iter().any(|(name, _)| &**name == "step");
    Some(columns)
}

impl Columns {
    /// Whether these are figures of a training rather than a table of data.
    pub(super) fn is_training(&self) -> bool {
        self.names.iter().any(|(name, what)| {
            matches!(what, Role::Step(_) | Role::Epoch) || (*what == Role::Figure && is_training_word(name))
        })
    }

    /// Whether `line` could be one of the table's rows: a figure in it, and no more cells than there are names.
    pub(super) fn holds(&self, line: &str) -> bool {
        let mut count = 0;
        let mut figures = 0;
        for cell in cells(line.trim_end(), self.separator) {
            count += 1;
            figures += usize::from(figure_in(cell, self.separator).is_some());
        }
        figures > 0 && count <= self.names.len() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_any_table() {
        let split = |line, by| cells(line, by).collect::<Vec<_>>();
        assert_eq!(split("a, b ,,c", b','), ["a", "b", "", "c"]);
        assert_eq!(split("\"[1, 2]\";x", b';'), ["[1, 2]", "x"]);
        assert_eq!(split("   1,  0.5", b','), ["1", "0.5"]);
        assert_eq!(split("", b','), [""]);
        assert_eq!(split("\"open, b", b','), ["\"open", "b"]);
    }

    #[test]
    fn headers() {
        let of = |line| header(line);
        assert!(of("epoch,loss").is_some_and(|c| c.epoch == Some(0) && c.is_training()));
        assert!(of("epoch;loss;val_loss").is_some_and(|c| c.separator == b';'));
        assert!(of("train_loss\ttrain_EPE\tEPE\r").is_some_and(|c| c.names.len() == 3));
        assert!(of("   epoch,   train/box_loss").is_some());
        assert!(of("epoch,lr-AdamW,step,train_loss").is_some_and(|c| c.lightning));
        assert!(of("epoch,loss,lr").is_some_and(|c| !c.lightning));
        assert!(of("sepal_length,sepal_width,species").is_some_and(|c| !c.is_training()));
        for line in ["loss", "1,2,3", "epoch,epoch", "a,,b", "Namespace(lr=1, epochs=2)", "", ","] {
            assert!(of(line).is_none(), "{line}");
        }
    }

    #[test]
    fn figures_of_a_table() {
        assert_eq!(figure_in("1,234", b','), Some(1234.0));
        assert_eq!(figure_in("12,345.5", b','), Some(12_345.5));
        assert_eq!(figure_in("0,25", b','), Some(0.25));
        assert_eq!(figure_in("1,234", b';'), Some(1.234));
        assert_eq!(figure_in("60%", b','), Some(60.0));
        assert_eq!(figure_in("60 %", b'\t'), Some(60.0));
        assert_eq!(figure_in("%", b','), None);
    }

    #[test]
    fn figures() {
        assert_eq!(figure("1e-05"), Some(1e-5));
        assert!(figure("nan").is_some_and(f64::is_nan));
        assert_eq!(figure("-inf"), Some(f64::NEG_INFINITY));
        for cell in ["", "00:01", "abc", "1.2.3", "information"] {
            assert_eq!(figure(cell), None, "{cell}");
        }
    }
}
