//! What the doctor says, as lines: headings, and below them names with what was found.

use crate::cli::print::harmless;

/// How a finding is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// As it should be, or simply so.
    Fine,
    /// Something is missing or limits what trainmon can do.
    Mind,
}

/// A name and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    depth: usize,
    name: String,
    value: String,
    mood: Mood,
}

/// The page so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    sections: Vec<(String, Vec<Entry>)>,
}

impl Page {
    /// Begins a section.
    pub(super) fn section(&mut self, title: impl Into<String>) {
        self.sections.push((title.into(), Vec::new()));
    }

    /// A finding at the first depth.
    pub(super) fn entry(&mut self, name: &str, value: impl Into<String>, mood: Mood) {
        self.push(1, name, value.into(), mood);
    }

    /// A finding below the last one.
    pub(super) fn detail(&mut self, name: &str, value: impl Into<String>, mood: Mood) {
        self.push(2, name, value.into(), mood);
    }

    fn push(&mut self, depth: usize, name: &str, value: String, mood: Mood) {
        let entry = Entry { depth, name: name.to_owned(), value, mood };
        match self.sections.last_mut() {
            Some((_, entries)) => entries.push(entry),
            None => self.sections.push((String::new(), vec![entry])),
        }
    }

    /// The page as text. Values of a section stand in one column; paths and log lines in them cannot reach the terminal raw.
    pub(super) fn text(&self, colours: bool) -> String {
        let paint = |code: &str, text: &str| {
            if colours && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
        };
        let mut out = String::new();
        for (number, (title, entries)) in self.sections.iter().enumerate() {
            if number > 0 {
                out.push('\n');
            }
            out.push_str(&paint("1", &one_line(title)));
            out.push('\n');
            let column = |entry: &Entry| 2 * entry.depth + entry.name.chars().count();
            let width = entries.iter().map(column).filter(|width| *width <= WIDEST).max().unwrap_or(0);
            for entry in entries {
                let name = one_line(&entry.name);
                let pad = width.saturating_sub(column(entry)) + 2;
                let value = one_line(&entry.value);
                let value = match entry.mood {
                    Mood::Fine => value,
                    Mood::Mind => paint("33", &format!("! {value}")),
                };
                let name = if entry.depth == 1 { name } else { paint("2", &name) };
                out.push_str(&"  ".repeat(entry.depth));
                out.push_str(&name);
                if !value.is_empty() {
                    out.push_str(&" ".repeat(pad));
                    out.push_str(&value);
                }
                out.push('\n');
            }
        }
        out
    }
}

/// Names longer than this do not push all values of their section to the right.
const WIDEST: usize = 34;

fn one_line(text: &str) -> String {
    harmless(text).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let mut page = Page::default();
        page.section("Terminal");
        page.entry("TERM", "xterm", Mood::Fine);
        page.entry("UTF-8", "no", Mood::Mind);
        page.section("Runs below x");
        page.entry("a", "running", Mood::Fine);
        page.detail("why", "grew\x1b[2J", Mood::Fine);
        page
    }

    #[test]
    fn values_stand_in_one_column() {
        let expected = "Terminal\n  TERM   xterm\n  UTF-8  ! no\n\nRuns below x\n  a      running\n    why  grew\u{fffd}[2J\n";
        assert_eq!(page().text(false), expected);
    }

    #[test]
    fn colour_comes_only_when_asked_for() {
        assert!(!page().text(false).contains('\x1b'));
        let coloured = page().text(true);
        assert!(coloured.contains("\x1b[1mTerminal\x1b[0m") && coloured.contains("\x1b[33m! no\x1b[0m"));
        assert!(!coloured.contains("\x1b[2J"));
    }
}
