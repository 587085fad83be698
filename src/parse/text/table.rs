//! Columns under a header: `epoch  train_loss  valid_loss`, `n_gen | n_eval | f_min`, `Iter  Train Loss  OOB Improve`.
//!
//! A header is a line of two or more names and no figure; it counts once figures follow that fall under its names. Cells are
//! matched by number when every row has as many as the header, else by the column's right or left edge.

use std::sync::Arc;

use smallvec::SmallVec;

/// A cell and where it stands, in characters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    /// Its text.
    pub text: String,
    /// First character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

/// A line of names.
#[derive(Debug)]
struct Header {
    line: String,
    names: Vec<Cell>,
    /// Its words one by one, for names that single blanks part (`predict features`).
    words: Vec<Cell>,
    /// What stands between its bars, empty or not; nothing when it has none.
    columns: Vec<String>,
    /// The names of its columns go on in a second line (`Mini-batch` over `Accuracy`).
    double: bool,
}

impl Header {
    /// The header that a line is.
    fn of(line: &str) -> Option<Self> {
        // gnuplot's and numpy's: `#  step   rmse`
        let bare;
        let line = match line.strip_prefix("# ") {
            Some(rest) => {
                bare = format!("  {rest}");
                &*bare
            }
            None => line,
        };
        let mut names = cells(line, false);
        if names.len() < 3 {
            names = cells(line, true);
        }
        let good = names.len() >= 2 && names.iter().all(|c| is_name(&c.text) && !is_value(&c.text));
        // a sentence has single blanks between its words
        let counts =
            |cell: &Cell| matches!(cell.text.as_str(), "epoch" | "Epoch" | "step" | "iter" | "iteration");
        let words =
            names.len() > 2 && line.split(' ').count() == names.len() && names.first().is_some_and(counts);
        let spread = words || line.contains(['|', '┃', '│', '\t']) || line.contains("  ");
        let columns = || segments(line).into_iter().map(str::to_owned).collect();
        (good && spread).then(|| Self {
            line: line.to_owned(),
            names,
            words: cells(line, true),
            columns: columns(),
            double: false,
        })
    }

    /// Whether it counts something first: rows of such are waited for.
    fn is_sure(&self) -> bool {
        let first = self.names.first().map_or("", |cell| cell.text.as_str());
        let counts = ["epoch", "ep", "step", "iter", "iteration", "round"];
        self.names.len() > 2 && counts.iter().any(|name| first.eq_ignore_ascii_case(name))
    }

    /// The header with the line below it, which goes on with the names of its columns.
    fn with(&self, below: &str) -> Option<Self> {
        let parts = segments(below);
        let goes_on = parts.len() == self.columns.len()
            && parts.first() == Some(&"")
            && parts.iter().any(|part| part.contains(char::is_alphabetic))
            && !parts.iter().any(|part| is_value(part));
        let columns = || {
            self.columns
                .iter()
                .zip(&parts)
                .map(|(name, more)| format!("{name} {more}").trim().to_owned())
                .collect()
        };
        (goes_on && !self.double && parts.len() > 2).then(|| Self {
            line: self.line.clone(),
            names: self.names.clone(),
            words: self.words.clone(),
            columns: columns(),
            double: true,
        })
    }
}

/// What stands between the bars of a line; nothing when it has none.
fn segments(line: &str) -> Vec<&str> {
    let line = line.trim();
    let bar = |c: char| matches!(c, '|' | '┃' | '│');
    if !line.contains(bar) {
        return Vec::new();
    }
    let line = line.strip_prefix(bar).unwrap_or(line);
    let line = line.strip_suffix(bar).unwrap_or(line);
    line.split(bar).map(str::trim).collect()
}

/// A table that is under way.
#[derive(Debug, Default)]
pub(crate) struct Table {
    header: Option<Arc<Header>>,
    /// The newest header, which may come again above the next rows.
    newest: Option<Arc<Header>>,
    /// A line of names above the header (`average  since` over `loss  last`, `train | valid` over twice `loss  acc`).
    above: Option<Arc<Header>>,
    /// Rows that fitted.
    rows: u32,
    /// Lines since the header that were no row.
    misses: u32,
    /// Headers seen so far.
    headers: u32,
    /// What stood first in the newest row, and whether two rows in a row had the same there.
    first: (String, bool),
}

/// What a row holds: the column's name and the cell's text.
pub(crate) type Row = SmallVec<[(String, String); 12]>;

fn is_rule(line: &str) -> bool {
    !line.chars().any(char::is_alphanumeric) && line.chars().filter(|c| !c.is_whitespace()).count() > 2
}

/// Splits a line into cells: at bars when it has any, else at runs of two blanks, else at single ones.
fn cells(line: &str, single: bool) -> Vec<Cell> {
    if line.is_ascii() && line.contains('|') && !line.contains(['\t', '\x0b', '\x0c']) {
        return barred(line);
    }
    let barred = line.contains('|') || line.contains('┃') || line.contains('│');
    let mut out: Vec<Cell> = Vec::new();
    let mut word: Option<Cell> = None;
    let mut blanks = 0;
    for (i, c) in line.chars().enumerate() {
        let bar = matches!(c, '|' | '┃' | '│');
        if c.is_whitespace() {
            blanks += 1;
        }
        let cut = bar || c == '\t' || (c.is_whitespace() && (single || blanks > 1) && !barred);
        if cut {
            out.extend(word.take());
        }
        if bar || c.is_whitespace() {
            continue;
        }
        match &mut word {
            Some(cell) => {
                if blanks > 0 {
                    cell.text.push(' ');
                }
                cell.text.push(c);
                cell.end = i + 1;
            }
            None => word = Some(Cell { text: c.to_string(), start: i, end: i + 1 }),
        }
        blanks = 0;
    }
    out.extend(word);
    out
}

/// The cells of a line of ASCII between its bars.
fn barred(line: &str) -> Vec<Cell> {
    let mut out = Vec::new();
    let mut from = 0;
    for piece in line.split('|') {
        let word = piece.trim_matches(' ');
        if !word.is_empty() {
            let start = from + piece.len() - piece.trim_start_matches(' ').len();
            let text = if word.contains("  ") {
                word.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
            } else {
                word.to_owned()
            };
            out.push(Cell { text, start, end: start + word.len() });
        }
        from += piece.len() + 1;
    }
    out
}

/// Whether a cell is a figure, with or without a unit, a time, or one of the words that stand for none.
fn is_value(text: &str) -> bool {
    super::number::figure(text).is_some()
        || super::number::ratio(text).is_some()
        || super::number::clock(text).is_some()
        || matches!(text, "N/A" | "None" | "-" | "n/a" | "NA" | "--" | "∞")
}

fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
        && (!text.contains(['=', '{', '}', '"', '\'', ':', '/', '\\']) || is_key(text))
        && text.len() <= 40
        && text.split(' ').count() <= 3
}

/// `main/loss`, `validation/main/accuracy`: a name below others, and neither a path nor a share.
fn is_key(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(char::is_alphabetic)
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '@' | '%'))
    };
    text.contains('/') && text.split('/').all(part)
}

/// Whether a line, and any other of its form, is no row of any table: one of its words is no value.
pub(crate) fn is_between(line: &str) -> bool {
    let word = |cell: &Cell| {
        let text = cell.text.as_str();
        // `2 days, 1:00:00` is a value in a wide column
        text.starts_with(char::is_alphabetic) && !text.starts_with("day") && !is_value(text)
    };
    !line.trim().is_empty() && !is_rule(line) && cells(line, true).iter().any(word)
}

impl Table {
    /// Looks at a line. `Some` when it is a row of the table under way; headers are kept, other lines end it after a while.
    pub(crate) fn line(&mut self, line: &str) -> Option<Row> {
        let line = line.trim_end();
        if line.trim().is_empty() || is_rule(line) {
            return None;
        }
        if let Some(newest) = self.newest.take_if(|newest| newest.line == line) {
            self.open(newest);
            return None;
        }
        if let Some(row) = self.header.as_deref().and_then(|header| self.row(header, line)) {
            self.rows += 1;
            self.misses = 0;
            if let Some((_, text)) = row.first() {
                self.first.1 |= self.rows > 1 && self.first.0 == *text;
                self.first.0.clone_from(text);
            }
            return Some(row);
        }
        if self.rows == 0
            && let Some(double) = self.header.as_deref().and_then(|header| header.with(line))
        {
            self.header = Some(Arc::new(double));
            return None;
        }
        match Header::of(line) {
            Some(header) => self.open(Arc::new(header)),
            None => self.missed(),
        }
        None
    }

    /// Rows may follow below `header`.
    fn open(&mut self, header: Arc<Header>) {
        let stacked = self.rows == 0 && self.misses == 0;
        let above = self.header.take().filter(|_| stacked);
        let headers = self.headers.wrapping_add(1);
        *self = Self {
            newest: Some(Arc::clone(&header)),
            header: Some(header),
            above,
            rows: 0,
            misses: 0,
            headers,
            first: (String::new(), self.first.1),
        };
    }

    /// A line that is neither row nor header.
    pub(crate) fn missed(&mut self) {
        self.misses += 1;
        // bars may be drawn before the first row
        let waits = self.misses < 16 && self.header.as_deref().is_some_and(Header::is_sure);
        if self.misses > 60 || (self.rows == 0 && !waits) {
            self.end();
        }
    }

    /// Whether a header stands above the lines at hand.
    pub(crate) fn is_open(&self) -> bool {
        self.header.is_some()
    }

    /// Headers seen so far.
    pub(crate) fn headers(&self) -> u32 {
        self.headers
    }

    /// Whether several rows stand at the same place: none of them ends it.
    pub(crate) fn repeats(&self) -> bool {
        self.first.1
    }

    /// Rows read under the present header.
    pub(crate) fn rows(&self) -> u32 {
        self.rows
    }

    /// Ends the table.
    fn end(&mut self) {
        *self = Self { headers: self.headers, newest: self.newest.take(), ..Self::default() };
    }

    fn row(&self, header: &Header, line: &str) -> Option<Row> {
        if header.double {
            return by_column(header, line);
        }
        self.counted(header, line).or_else(|| by_column(header, line))
    }

    fn counted(&self, header: &Header, line: &str) -> Option<Row> {
        let mut values = cells(line, true);
        if values.len() != header.names.len() && values.len() != header.words.len() {
            let wide = cells(line, false);
            if wide.len() == header.names.len() {
                values = wide;
            }
        }
        let figures = values.iter().filter(|c| super::number::figure(&c.text).is_some()).count();
        if values.len() < 2 || figures < 2 || !values.iter().all(|c| is_value(&c.text)) {
            return None;
        }
        for names in [&header.names, &header.words] {
            if values.len() == names.len() {
                let full = |name| self.full(header, name);
                return Some(
                    names.iter().zip(values).map(|(name, value)| (full(name), value.text)).collect(),
                );
            }
        }
        by_edge(header, values)
    }

    /// The column's name with what stands above it when the header has two lines.
    fn full(&self, header: &Header, name: &Cell) -> String {
        let Some(above) = &self.above else { return name.text.clone() };
        if above.words.len() == header.words.len() {
            let over = above.words.iter().find(|over| over.start == name.start || over.end == name.end);
            return over.map_or_else(|| name.text.clone(), |over| format!("{} {}", over.text, name.text));
        }
        let twice = header.names.iter().filter(|other| other.text == name.text).count() > 1;
        match group(&above.line, name).filter(|_| twice) {
            Some(group) => format!("{group} {}", name.text),
            None => name.text.clone(),
        }
    }
}

/// Cells between bars: some may be empty, or hold a remark.
fn by_column(header: &Header, line: &str) -> Option<Row> {
    let cells = segments(line);
    if !header.is_sure()
        || cells.len() != header.columns.len()
        || !cells.first().is_some_and(|cell| is_value(cell))
    {
        return None;
    }
    let remark = |cell: &str| cell.len() < 24 && !cell.contains(['=', ':']);
    if !cells.iter().all(|cell| is_value(cell) || remark(cell)) {
        return None;
    }
    let named = header.columns.iter().zip(&cells).filter(|(name, cell)| !name.is_empty() && is_value(cell));
    let row: Row = named.map(|(name, cell)| (name.clone(), (*cell).to_owned())).collect();
    (row.len() >= 2).then_some(row)
}

/// What stands above a column between two bars.
fn group(above: &str, name: &Cell) -> Option<String> {
    let middle = usize::midpoint(name.start, name.end);
    let mut inside = String::new();
    let mut barred = false;
    for (i, c) in above.chars().enumerate() {
        if matches!(c, '|' | '┃' | '│') {
            barred = true;
            if i > middle {
                break;
            }
            inside.clear();
        } else {
            inside.push(c);
        }
    }
    let inside = inside.trim();
    (barred && !inside.is_empty()).then(|| inside.to_owned())
}

/// Cells under their names when the counts differ: each value belongs to the name whose right or left edge it shares.
fn by_edge(header: &Header, values: Vec<Cell>) -> Option<Row> {
    let mut out = Row::new();
    let mut next = 0;
    for value in values {
        let found = header.names.iter().enumerate().skip(next).find(|(_, name)| {
            name.end.abs_diff(value.end) <= 1
                || name.start == value.start
                || (value.start < name.end && name.start < value.end)
        });
        let (i, name) = found?;
        next = i + 1;
        out.push((name.text.clone(), value.text));
    }
    (out.len() >= 2).then_some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cells_of_ascii_are_those_of_any_text(line in "[ a-c1-9.|=-]{0,40}") {
            // a character beyond ASCII in a cell of its own leads the long way
            let long = cells(&format!("{line}|é"), false);
            let short = cells(&format!("{line}|e"), false);
            prop_assert_eq!(long.len(), short.len());
            for (long, short) in long.iter().zip(&short) {
                prop_assert_eq!((long.start, long.end), (short.start, short.end));
                prop_assert_eq!(long.text.replace('é', "e"), &*short.text);
            }
        }
    }

    fn read(lines: &[&str]) -> Vec<String> {
        let mut table = Table::default();
        let mut out = Vec::new();
        for line in lines {
            if let Some(row) = table.line(line) {
                out.push(row.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(" "));
            }
        }
        out
    }

    #[test]
    fn columns_of_every_kind() {
        assert_eq!(
            read(&[
                "epoch     train_loss  valid_loss  accuracy  time    ",
                "0         0.668952    0.663247    0.658333  00:00     "
            ]),
            ["epoch=0 train_loss=0.668952 valid_loss=0.663247 accuracy=0.658333 time=00:00"]
        );
        assert_eq!(
            read(&["n_gen  |  n_eval  |     f_min    ", "=====", "     1 |       40 |  2.117752E+01"]),
            ["n_gen=1 n_eval=40 f_min=2.117752E+01"]
        );
        assert_eq!(
            read(&[
                "      Iter       Train Loss   Remaining Time ",
                "         1           1.3651            0.71s"
            ]),
            ["Iter=1 Train Loss=1.3651 Remaining Time=0.71s"]
        );
        assert_eq!(
            read(&[
                "average  since         example        example        current        current  current",
                "loss     last          counter         weight          label        predict features",
                "0.693147 0.693147            1            1.0         1.0000         0.0000        7",
            ]),
            [
                "average loss=0.693147 since last=0.693147 example counter=1 example weight=1.0 current label=1.0000 current predict=0.0000 current features=7"
            ]
        );
    }

    #[test]
    fn groups_above_tell_columns_of_one_name_apart() {
        assert_eq!(
            read(&[
                "    |   Population Average    |             Best Individual              |",
                "---- ------------------------- ------------------------------------------ ----------",
                " Gen   Length          Fitness   Length          Fitness      OOB Fitness  Time Left",
                "   1     9.76          1.55825        7         0.511121              N/A      4.34s",
            ]),
            ["Gen=1 Population Average Length=9.76 Population Average Fitness=1.55825 \
              Best Individual Length=7 Best Individual Fitness=0.511121 OOB Fitness=N/A Time Left=4.34s"]
        );
        assert_eq!(
            read(&[
                "       |     train      |     valid      |",
                " epoch    loss    acc      loss    acc    ",
                "     1    0.693   0.51     0.688   0.55   ",
            ]),
            ["epoch=1 train loss=0.693 train acc=0.51 valid loss=0.688 valid acc=0.55"]
        );
    }

    #[test]
    fn columns_between_bars() {
        // as of MATLAB: the names go on in the second line, and not every row has all of them
        assert_eq!(
            read(&[
                "|==========================================|",
                "|  Epoch  |  Elapsed   |  Batch  |  Valid  |",
                "|         | (hh:mm:ss) |   Loss  |   Loss  |",
                "|==========================================|",
                "|       1 |   00:00:02 |  2.3243 |  2.3179 |",
                "|       1 |   00:00:09 |  2.1243 |         |",
            ]),
            [
                "Epoch=1 Elapsed (hh:mm:ss)=00:00:02 Batch Loss=2.3243 Valid Loss=2.3179",
                "Epoch=1 Elapsed (hh:mm:ss)=00:00:09 Batch Loss=2.1243"
            ]
        );
        // as of Markdown, with remarks
        assert_eq!(
            read(&[
                "| epoch | loss | note |",
                "|---:|---:|:---|",
                "| 1/9 | 0.7 |  |",
                "| 2/9 | 0.6 | best |"
            ]),
            ["epoch=1/9 loss=0.7", "epoch=2/9 loss=0.6"]
        );
        // of a sentence with bars, none
        assert!(read(&["| epoch | loss | note |", "epoch 1 | loss 0.7 | lr: 3"]).is_empty());
        assert!(
            read(&["| rank | team | loss |", "|---|---|---|", "| 1 | a | 0.1 |", "| 2 | b | 0.2 |"])
                .is_empty()
        );
    }

    #[test]
    fn a_header_waits_for_its_first_row() {
        let bars = ["total [#....] 3%", "this epoch [##...]", "     200 iter, 0 epoch / 20 epochs"];
        let lines: Vec<&str> =
            std::iter::once("epoch   main/loss   main/acc").chain(bars).chain(["1  0.7  0.5"]).collect();
        assert_eq!(read(&lines), ["epoch=1 main/loss=0.7 main/acc=0.5"]);
        assert_eq!(
            read(&["#  step   rmse_val   lr", "    500   2.9e+01   1e-3"]),
            ["step=500 rmse_val=2.9e+01 lr=1e-3"]
        );
    }

    #[test]
    fn sentences_are_no_tables() {
        assert!(read(&["Training the model now", "3 4 5"]).is_empty());
        assert!(read(&["a  b", "just text", "1  2"]).is_empty());
    }
}
