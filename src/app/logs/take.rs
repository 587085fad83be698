//! What is taken out of the pane: to the clipboard, to a file, to a pager or an editor.
//!
//! Nothing that a secret can be read in leaves by the clipboard or a file: the lines at hand are the engine's redacted ones, or
//! they are not taken.

use super::Input;
use super::LogPane;
use super::keys::seen;
use super::sections::folded;
use super::sections::told;
use crate::app::effect::Effect;
use crate::app::effect::Errand;
use crate::app::effect::Outcome;
use crate::app::effect::Outside;
use crate::model::log::LogLine;

/// Terminals drop what is longer, in bytes of text: they allow 100,000 in the base64 of it.
const CLIPBOARD: usize = 74_000;

const SHOWN: &str = "not while secrets are shown: R hides them";

impl LogPane {
    /// The selected lines as text; `None`, with a word about it, where they could hold a secret.
    fn clean_text(&mut self) -> Option<(String, usize)> {
        if self.reveal || self.revealed {
            self.said = Some(SHOWN.to_owned());
            return None;
        }
        let lines = self.selected();
        let count = lines.len();
        let mut text: String = lines.iter().map(written).collect();
        if count == 1 {
            // one line is pasted into the middle of another
            text.truncate(text.trim_end_matches('\n').len());
        }
        Some((text, count))
    }

    pub(super) fn copy(&mut self) -> Outcome {
        let Some((text, count)) = self.clean_text() else { return seen() };
        let what = if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
        self.send_to_clipboard(text, &what)
    }

    pub(super) fn copy_value(&mut self) -> Outcome {
        if self.reveal || self.revealed {
            self.said = Some(SHOWN.to_owned());
            return seen();
        }
        match self.value_text() {
            Some(text) => self.send_to_clipboard(text, "the value"),
            None => Outcome::default(),
        }
    }

    fn send_to_clipboard(&mut self, text: String, what: &str) -> Outcome {
        if text.is_empty() {
            self.said = Some("there is nothing to copy".to_owned());
            return seen();
        }
        if text.len() > CLIPBOARD {
            let kilobytes = text.len() / 1000;
            self.said = Some(format!("{kilobytes} kB are too much for a clipboard: Y writes to a file"));
            return seen();
        }
        self.said = Some(format!("{what} sent to the clipboard"));
        self.drop_selection();
        Outcome { effects: vec![Effect::Copy(text)], redraw: true }
    }

    pub(super) fn begin_write(&mut self) -> Outcome {
        if self.clean_text().is_none() {
            return seen();
        }
        self.begin(Input::Write)
    }

    pub(super) fn write_to(&mut self, path: &str) -> Outcome {
        if path.is_empty() {
            self.said = Some("not written: no path was typed".to_owned());
            return seen();
        }
        let Some((mut text, lines)) = self.clean_text() else { return seen() };
        if !text.ends_with('\n') {
            text.push('\n');
        }
        self.drop_selection();
        let write = Errand::Write { path: path.to_owned(), text, lines, run: self.folder.clone() };
        Outcome { effects: vec![Effect::Errand(write)], redraw: true }
    }

    /// Opens the file in a program of the user's, at the line that is pointed at.
    pub(super) fn outside(&mut self, edit: bool) -> Outcome {
        let Some(spot) = self.point() else { return Outcome::default() };
        let path = if self.merged {
            self.paths().get(usize::from(spot.file)).cloned()
        } else {
            self.path().map(std::path::Path::to_path_buf)
        };
        let Some(path) = path else { return Outcome::default() };
        let line = self.page.lines.iter().find(|line| line.spot == spot).and_then(|line| line.number);
        let open = Outside { edit, path, line, offset: spot.offset };
        Outcome { effects: vec![Effect::Outside(open)], redraw: true }
    }
}

/// A line as it is taken, with its end.
fn written(line: &LogLine) -> String {
    if let Some(section) = folded(line)
        && let Some(lines) = told(section)
    {
        return format!("{} [{}: {lines} folded away]\n", line.text, section.title);
    }
    if line.cut == 0 {
        format!("{}\n", line.text)
    } else {
        format!("{} [{} bytes left out]\n", line.text, line.cut)
    }
}
