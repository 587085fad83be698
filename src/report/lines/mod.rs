//! The rows of a log as the command line tells them: what stands there, how grave it is and what it is good for.
//!
//! Three readers look at each row. [`crate::parse::logline`] gives text, level and what belongs together; [`relay`] takes off
//! the words of programs that pass lines on; and the format that reads the file for the tracker says what the row means.

mod relay;
mod rule;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::model::level::Level;
use crate::model::log::LineKind;
use crate::model::record::At;
use crate::model::record::Bar;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::stamp::Stamp;
use crate::parse::bar;
use crate::parse::format;
use crate::parse::format::Format;
use crate::parse::format::Head;
use crate::parse::logline;
use crate::parse::logrows::Row;
use crate::track::is_beside_training;

use relay::Relayed;
use rule::Heard;
use rule::Rule;

pub use rule::Part;
pub use rule::is_rule;
pub use rule::title;

/// What a line is besides its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark<'a> {
    /// Nothing more.
    None,
    /// A heading.
    Section(&'a str),
    /// The line above a table, with the table's title.
    TableStart(&'a str),
    /// The line below a table.
    TableEnd,
    /// It tells of something that stays: a checkpoint, the sums of the run, its end.
    Milestone,
}

/// A line. Its texts are safe to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Byte that its row begins at.
    pub offset: u64,
    /// As it is to be read: a JSON row written out, words of a relay gone.
    pub text: &'a str,
    /// Where the message begins in `text`.
    pub body: usize,
    /// The row as it stands in the file.
    pub raw: &'a str,
    /// Its level, or that of the message it continues.
    pub level: Option<Level>,
    /// Message, continuation or bar.
    pub kind: LineKind,
    /// The time that it gives.
    pub time: Option<Stamp>,
    /// What it is good for; continuations share that of their message.
    pub part: Part,
    /// What else it is.
    pub mark: Mark<'a>,
    /// Bytes left out of `text`.
    pub cut: u64,
}

/// Reads rows one after the other.
pub struct Reader {
    rows: logline::Reader,
    format: Option<Box<dyn Format>>,
    rule: Rule,
    above: Part,
    line: String,
    /// Whether the row above is a bar that more may hang below.
    bar: bool,
}

impl Reader {
    /// For a log that is read from its beginning. `head` tells which format it is of.
    pub fn new(head: &Head<'_>) -> Self {
        Self::reading(head, Rule::default())
    }

    /// For a log that is read from somewhere in its middle.
    pub fn in_the_middle(head: &Head<'_>) -> Self {
        Self::reading(head, Rule::begun())
    }

    fn reading(head: &Head<'_>, rule: Rule) -> Self {
        let format = format::sniff(head).map(|spec| (spec.new)());
        Self {
            rows: logline::Reader::default(),
            format,
            rule,
            above: Part::Setup,
            line: String::new(),
            bar: false,
        }
    }

    /// Whether training's first figure has been seen.
    pub const fn has_begun(&self) -> bool {
        self.rule.has_begun()
    }

    /// Reads one row.
    pub fn read<'a>(&'a mut self, row: &Row<'a>) -> Entry<'a> {
        let relayed = relay::read(row.text);
        let Relayed::Line(text, told, redraw) = relayed else {
            let heard = self.hear(row.text, false);
            self.rule.note(heard);
            return self.message(row, relayed);
        };
        let redrawn = row.redrawn || redraw;
        let is_bar = bar::tqdm(text).is_some_and(|found| found.after.trim().is_empty())
            || rule::is_bar(text)
            || self.bar && rule::hangs_below(text);
        self.bar = is_bar;
        let heard = self.hear(row.text, is_bar);
        let line = self.rows.read(&Row { text, redrawn, ..*row });
        let mut level = told.or(line.level).or(heard.level);
        let (mut text, mut body) = (line.text, line.body);
        // a message that another writer put behind a bar stands for itself
        if line.kind == LineKind::Text
            && level.is_some()
            && let Some(found) = bar::tqdm(text)
            && !found.after.trim().is_empty()
        {
            text = found.after.trim_start();
            body = 0;
        }
        let message = text.get(body..).unwrap_or(text);
        if level.is_none() && rule::is_warning(message) {
            level = Some(Level::Warning);
        }
        let part = if line.kind == LineKind::Continuation {
            self.above
        } else {
            self.rule.of(message, level, line.kind, heard)
        };
        if part == Part::Debug {
            level = level.or(Some(Level::Debug));
        }
        self.above = part;
        let mark = match title(message) {
            Some(title) => Mark::Section(title),
            None if heard.milestone => Mark::Milestone,
            None => Mark::None,
        };
        Entry {
            offset: row.offset,
            text,
            body,
            raw: row.text,
            level,
            kind: line.kind,
            time: line.time,
            part,
            mark,
            cut: row.cut,
        }
    }

    /// A message of a relay's protocol.
    fn message<'a>(&'a mut self, row: &Row<'a>, relayed: Relayed<'a>) -> Entry<'a> {
        let (text, level, part, mark) = match relayed {
            Relayed::Line(text, level, _) => (Cow::Borrowed(text), level, Part::Rest, Mark::None),
            Relayed::Section(title) => (Cow::Borrowed(title), None, Part::Setup, Mark::Section(title)),
            Relayed::TableStart(title) => (Cow::Borrowed(title), None, Part::Setup, Mark::TableStart(title)),
            Relayed::TableEnd => (Cow::Borrowed(""), None, Part::Setup, Mark::TableEnd),
            Relayed::Figures(text) => (Cow::Borrowed(text), None, Part::Progress, Mark::None),
            Relayed::Chatter(text) => (Cow::Borrowed(text), Some(Level::Debug), Part::Debug, Mark::None),
            Relayed::Job(text, level, _) => (Cow::Owned(text), level, Part::Rest, Mark::Milestone),
        };
        self.above = part;
        let text = match text {
            Cow::Borrowed(text) => text,
            Cow::Owned(text) => {
                self.line = text;
                &self.line
            }
        };
        let kind = if part == Part::Progress { LineKind::Progress } else { LineKind::Text };
        Entry {
            offset: row.offset,
            text,
            body: 0,
            raw: row.text,
            level,
            kind,
            time: None,
            part,
            mark,
            cut: row.cut,
        }
    }

    /// What the file's format makes of a row.
    fn hear(&mut self, text: &str, is_bar: bool) -> Heard {
        let mut ear = Ear { heard: Heard { bar: is_bar, ..Heard::default() } };
        if let Some(format) = &mut self.format {
            self.line.clear();
            self.line.push_str(text);
            self.line.push('\n');
            format.push(self.line.as_bytes(), &mut ear);
        }
        ear.heard
    }
}

/// Listens to what a format says of a row.
struct Ear {
    heard: Heard,
}

impl Ear {
    fn bar(&mut self, bar: &Bar<'_>) {
        self.heard.bar = true;
        self.heard.training |= !is_beside_training(bar.label, bar.unit);
    }
}

impl Sink for Ear {
    fn record(&mut self, record: &Record<'_>, _: &Origin) {
        let heard = &mut self.heard;
        match record {
            Record::Bar(bar) => self.bar(bar),
            Record::Row(row) => {
                heard.figures = true;
                let is_loss = |name: &str| name.to_ascii_lowercase().contains("loss");
                heard.training |= has_place(&row.at) || row.values.iter().any(|pair| is_loss(pair.name));
                heard.milestone |= row.kind == RowKind::Summary;
            }
            Record::Epoch { .. } | Record::Search(_) => {
                heard.figures = true;
                heard.training = true;
            }
            Record::Total { .. } | Record::Planned { .. } => heard.settings = true,
            Record::Warning(_) => heard.level = heard.level.max(Some(Level::Warning)),
            Record::Error { .. } | Record::LastWord { .. } => heard.level = Some(Level::Error),
            Record::Ending(_) | Record::Checkpoint { .. } => heard.milestone = true,
            _ => {}
        }
    }

    fn line(&mut self, _: Option<Level>, _: bool, _: &Origin) {}
}

fn has_place(at: &At) -> bool {
    [at.epoch, at.step, at.batch, at.part, at.index].iter().any(Option::is_some)
}

/// A line without the words that a relay put before it.
pub fn unrelayed(text: &str) -> &str {
    match relay::read(text) {
        Relayed::Line(line, ..) => line,
        _ => text,
    }
}
