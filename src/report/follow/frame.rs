//! What is drawn around lines: headings between rules, tables with borders, the trace of an error that a JSON row holds.

use std::borrow::Cow;

use serde_json::Value;
use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;

use super::Look;
use crate::parse::clean::clean;

/// Rows of a table that are kept until it ends: what is longer is no table any more.
const ROWS: usize = 200;
/// Lines of a trace.
const TRACE: usize = 200;

/// `──── title ────`.
pub(super) fn section(title: &str, ascii: bool) -> String {
    let rule = if ascii { "----" } else { "────" };
    format!("{rule} {} {rule}", title.trim())
}

/// A table whose end has not come.
#[derive(Debug)]
pub(super) struct Table {
    title: String,
    /// `None` for a rule between rows.
    rows: Vec<Option<Vec<String>>>,
}

impl Table {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.trim().to_owned(), rows: Vec::new() }
    }

    pub(super) fn has_room(&self) -> bool {
        self.rows.len() < ROWS
    }

    /// Takes a row in, cut at `|`, else at tabs.
    pub(super) fn add(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        if crate::report::lines::is_rule(text) {
            self.rows.push(None);
            return;
        }
        let inside = text.strip_prefix(['|', '│']).unwrap_or(text);
        let inside = inside.strip_suffix(['|', '│']).unwrap_or(inside);
        let cells = if inside.contains(['|', '│']) {
            inside.split(['|', '│']).map(|cell| cell.trim().to_owned()).collect()
        } else {
            inside.split('\t').map(|cell| cell.trim().to_owned()).collect()
        };
        self.rows.push(Some(cells));
    }

    /// The table with its borders; nothing when it has neither rows nor title.
    pub(super) fn lines(&self, look: Look) -> Vec<String> {
        let mut widths: Vec<usize> = Vec::new();
        for row in self.rows.iter().flatten() {
            for (at, cell) in row.iter().enumerate() {
                match widths.get_mut(at) {
                    Some(width) => *width = (*width).max(cell.width()),
                    None => widths.push(cell.width()),
                }
            }
        }
        if widths.is_empty() {
            return if self.title.is_empty() { Vec::new() } else { vec![section(&self.title, look.ascii)] };
        }
        fit(&mut widths, look.width);
        let set = if look.ascii { &ASCII } else { &BOX };
        let mut lines = vec![titled(&rule(&widths, set, set.top), &self.title)];
        let last = self.rows.iter().rposition(Option::is_some).unwrap_or(0);
        let mut open = false;
        for row in self.rows.iter().take(last + 1) {
            match row {
                None if open => lines.push(rule(&widths, set, set.middle)),
                None => {}
                Some(cells) => lines.push(written(cells, &widths, set)),
            }
            open = row.is_some();
        }
        lines.push(rule(&widths, set, set.bottom));
        lines
    }
}

/// What a table is drawn with.
struct Set {
    flat: &'static str,
    upright: &'static str,
    top: [&'static str; 3],
    middle: [&'static str; 3],
    bottom: [&'static str; 3],
}

static BOX: Set =
    Set {
        flat: "─", upright: "│", top: ["┌", "┬", "┐"], middle: ["├", "┼", "┤"], bottom: ["└", "┴", "┘"]
    };

static ASCII: Set =
    Set { flat: "-", upright: "|", top: ["+", "+", "+"], middle: ["+", "+", "+"], bottom: ["+", "+", "+"] };

/// Takes columns from the widest ones until the table fits.
fn fit(widths: &mut [usize], room: Option<usize>) {
    let Some(room) = room else { return };
    let around = widths.len() * 3 + 1;
    while widths.iter().sum::<usize>() + around > room {
        let Some(widest) = widths.iter_mut().max() else { return };
        if *widest <= 4 {
            return;
        }
        *widest -= 1;
    }
}

fn rule(widths: &[usize], set: &Set, [left, cross, right]: [&str; 3]) -> String {
    let parts: Vec<String> = widths.iter().map(|width| set.flat.repeat(width + 2)).collect();
    format!("{left}{}{right}", parts.join(cross))
}

/// The rule with the title in it, where there is room.
fn titled(rule: &str, title: &str) -> String {
    let room = rule.chars().count();
    let title = format!(" {title} ");
    if title.trim().is_empty() || title.width() + 3 > room {
        return rule.to_owned();
    }
    let head: String = rule.chars().take(2).collect();
    let tail: String = rule.chars().skip(2 + title.width()).collect();
    format!("{head}{title}{tail}")
}

fn written(cells: &[String], widths: &[usize], set: &Set) -> String {
    let mut line = String::new();
    for (at, width) in widths.iter().enumerate() {
        let cell = cells.get(at).map_or("", String::as_str);
        let cell = cut(cell, *width);
        line.push_str(set.upright);
        line.push(' ');
        line.push_str(cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 1));
    }
    line.push_str(set.upright);
    line
}

/// As much of `text` as fits into `width` columns.
pub(super) fn cut(text: &str, width: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.width().unwrap_or(0);
        if used > width {
            return text.get(..at).unwrap_or(text);
        }
    }
    text
}

/// The trace of an error that a JSON row holds, wherever it keeps it.
#[derive(Debug, PartialEq)]
pub(super) struct Trace {
    /// As the row is written out: in one line.
    flat: String,
    /// Line by line.
    pub(super) lines: Vec<String>,
}

impl Trace {
    /// `text` without the trace, which is told line by line below it.
    pub(super) fn taken_out_of<'a>(&self, text: &'a str) -> Cow<'a, str> {
        match text.split_once(&self.flat) {
            Some((before, after)) => Cow::Owned(format!("{before}{after}").trim_end().to_owned()),
            None => Cow::Borrowed(text),
        }
    }
}

/// Looks for a trace in a row.
pub(super) fn trace(row: &str) -> Option<Trace> {
    let Ok(Value::Object(members)) = serde_json::from_str::<Value>(row) else { return None };
    let inside = members.values().filter_map(Value::as_object).flatten();
    let is_trace = |key: &str| {
        matches!(
            key,
            "stack_trace" | "stacktrace" | "traceback" | "exception" | "exc_info" | "stack" | "exc_text"
        )
    };
    let (key, text) = members
        .iter()
        .chain(inside)
        .filter(|(key, _)| is_trace(key))
        .find_map(|(key, value)| Some((key, value.as_str().filter(|text| text.contains('\n'))?)))?;
    let lines = text.lines().take(TRACE).map(|line| clean(line).trim_end().to_owned());
    Some(Trace {
        flat: format!("  {key}={}", clean(text)),
        lines: lines.filter(|line| !line.is_empty()).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(title: &str, rows: &[&str], width: Option<usize>) -> String {
        let mut table = Table::new(title);
        for row in rows {
            table.add(row);
        }
        table.lines(Look { width, ascii: false }).join("\n")
    }

    #[test]
    fn a_table_gets_borders() {
        insta::assert_snapshot!(table("Model", &["Name | Params", "-----|-----", "conv1 | 1.3 M", "größe | 5"], None), @r"
        ┌─ Model ────────┐
        │ Name  │ Params │
        ├───────┼────────┤
        │ conv1 │ 1.3 M  │
        │ größe │ 5      │
        └───────┴────────┘
        ");
        insta::assert_snapshot!(table("", &["a\tlong text that is wide", "b"], Some(20)), @r"
        ┌───┬──────────────┐
        │ a │ long text th │
        │ b │              │
        └───┴──────────────┘
        ");
        assert_eq!(table("", &[], None), "");
        assert_eq!(table("Only a title", &[], None), "──── Only a title ────");
    }

    #[test]
    fn a_trace_is_found_in_either_spelling() {
        let row = r#"{"ts":"x","level":"ERROR","fields":{"stack_trace":"Traceback\n  File \"a.py\"\u001b[31m\nValueError: no\n"}}"#;
        let found = trace(row).expect("a trace");
        assert_eq!(found.lines, ["Traceback", "  File \"a.py\"", "ValueError: no"]);
        let text = "it broke  stack_trace=Traceback   File \"a.py\" ValueError: no   job_id=1";
        assert_eq!(found.taken_out_of(text), "it broke  job_id=1");
        assert_eq!(trace(r#"{"exception":"A\nB"}"#).expect("a trace").lines, ["A", "B"]);
        assert_eq!(trace(r#"{"exception":"one line"}"#), None);
        assert_eq!(trace("{torn"), None);
    }
}
