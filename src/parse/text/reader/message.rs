//! A message of a form that nobody has seen yet: it is shown to everybody who may know it, in the order of how sure they are.

use crate::model::level::Level;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;
use crate::parse::framework::Line;
use crate::parse::protocol;
use crate::parse::search;
use crate::parse::text::dict;
use crate::parse::text::form;
use crate::parse::text::form::Known;
use crate::parse::text::found::counted;
use crate::parse::text::found::dict_row;
use crate::parse::text::found::exited;
use crate::parse::text::found::generic;
use crate::parse::text::found::logged_error;
use crate::parse::text::found::phrased;
use crate::parse::text::found::table_row;
use crate::parse::text::found::told;
use crate::parse::text::headings::shape_of;
use crate::parse::text::number;
use crate::parse::text::out::Out;
use crate::parse::text::phrase;
use crate::parse::text::phrase::Phrase;
use crate::parse::text::prefix;
use crate::parse::text::prefix::Message;
use crate::parse::text::row;
use crate::parse::text::spoken;
use crate::parse::text::table;

use super::Reader;
use super::below::data_named;
use super::below::indent;

/// Lines longer than this are dumps: only their bars and dicts are looked for.
const LONG: usize = 4096;

impl Reader {
    /// One message.
    pub(super) fn piece(&mut self, text: &str, origin: &mut Origin, sink: &mut dyn Sink) {
        let form = form::of(text, &mut self.runs);
        if let Some(form) = form
            && self.tracebacks.is_idle()
            && let Some(known) = self.forms.get(form).cloned()
        {
            self.again(form, known, text, origin, sink);
            return;
        }
        let message = prefix::strip(text);
        self.dated(&message, origin);
        let relayed = protocol::strip_relay(message.body);
        if relayed.text.len() < message.body.len() && self.depth < 3 {
            self.level = relayed.level.or(self.level);
            if self.own(relayed.text, origin, sink) {
                return;
            }
            self.depth += 1;
            self.text(relayed.text, origin, sink);
            self.depth -= 1;
            return;
        }
        if protocol::line(message.body, origin, sink) {
            return;
        }
        let mut out = Out::new(sink, *origin);
        if let Some(code) = phrase::exit_code(text).or_else(|| phrase::exit_code(message.body)) {
            exited(code, &mut out);
            return;
        }
        if self.failed(text, &message, &mut out) || message.body.is_empty() {
            return;
        }
        if self.is_other_rank(&message) {
            return;
        }
        if self.sample.holds(message.body, message.is_logged()) || spoken::is_all(message.body) {
            return;
        }
        let line =
            Line { raw: text, body: message.body, logger: message.logger, ascii: message.body.is_ascii() };
        if self.shaped(u32::MAX, &line, &mut out) {
            return;
        }
        if search::line(message.body, origin, out.sink()) {
            return;
        }
        if text.len() > LONG {
            // dumps are too many and too different to be remembered
            if let Some(found) = dict::find(message.body) {
                dict_row(&found, &mut self.words, &mut out);
            }
            return;
        }
        if phrase::sums_turns_up(message.body) {
            out.put(&Record::TurnsEnd);
        }
        let form = match phrased(&message, &mut self.words, &mut out) {
            found if told(message.body, matches!(found, Some(Phrase::Checkpoint(_))), &mut out) => return,
            Some(Phrase::Checkpoint(_)) => return self.learn(form, Known::Saved, text, &message),
            Some(Phrase::Opens) => {
                if self.headings.line(shape_of(message.body)) {
                    out.put(&Record::OpensAgain);
                }
                None
            }
            // the line may tell of the error, too
            Some(Phrase::Retry) => None,
            Some(Phrase::Dies(text)) => {
                self.last_word = Some((String::new(), text.to_owned(), *origin));
                None
            }
            Some(_) => return,
            None => form,
        };
        if message.level.is_some_and(|level| level >= Level::Warning) {
            if message.level.is_some_and(|level| level >= Level::Error) {
                logged_error(text, &message, &mut out);
                self.learn(form, Known::Error, text, &message);
            } else {
                self.learn(form, Known::Quiet, text, &message);
            }
            return;
        }
        if let Some(found) = dict::find(message.body)
            && dict_row(&found, &mut self.words, &mut out)
        {
            return;
        }
        self.weighed(form, text, &message, &mut out);
    }

    /// A line for the generic engine, or a table.
    pub(super) fn weighed(
        &mut self,
        form: Option<u64>,
        text: &str,
        message: &Message<'_>,
        out: &mut Out<'_>,
    ) {
        let mut found = row::weigh(message.body, &mut self.words);
        self.is_below(text, &mut found);
        self.below = data_named(text, message.body).map(|data| (data, indent(text))).or(self.below);
        let foreign = self.rows.judge(&mut found);
        if !foreign {
            self.rows.learn(&found);
        }
        if self.rows.begins() {
            self.headings.begins();
        }
        counted(&found, &mut self.movement, out);
        if generic(found, out) || foreign {
            self.headings.other();
            self.learn(form, Known::Figures, text, message);
            return;
        }
        if form.is_some() && self.headings.line(shape_of(message.body)) {
            out.put(&Record::OpensAgain);
        }
        let headers = self.table.headers();
        let row = self.tabled(text, message, out);
        // what became a header may become one again
        let known = if headers != self.table.headers() {
            Known::Header
        } else if !row && table::is_between(message.in_table(text)) {
            Known::Between
        } else {
            Known::Nothing
        };
        self.learn(form, known, text, message);
    }

    /// Keeps what the prefix of the line at hand says.
    pub(super) fn dated(&mut self, message: &Message<'_>, origin: &mut Origin) {
        origin.time = message.time;
        self.level = message.level.or(self.level);
    }

    /// Whether another rank than the run's own writes: it logs figures of the same names for the same steps.
    pub(super) fn is_other_rank(&mut self, message: &Message<'_>) -> bool {
        let rank = if message.rank.is_empty() && prefix::is_rank(message.logger) {
            message.logger
        } else {
            message.rank
        };
        let lower = rank.to_ascii_lowercase();
        if !lower.starts_with("rank") && !lower.starts_with("default") {
            return false;
        }
        let digits: String = rank.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return false;
        }
        let lower = self.rank.as_ref().is_none_or(|own| (digits.len(), &digits) < (own.len(), own));
        if lower {
            self.rank = Some(digits);
            return false;
        }
        self.rank.as_ref() != Some(&digits)
    }

    /// Shows a line to those shapes of frameworks whose bits are set, and to those that wait. Returns whether one took it.
    pub(super) fn shaped(&mut self, which: u32, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        if which | self.busy == 0 {
            return false;
        }
        for (i, shape) in self.shapes.iter_mut().enumerate() {
            if (which | self.busy) & 1 << i == 0 {
                continue;
            }
            let taken = shape.line(line, out);
            self.busy = self.busy & !(1 << i) | u32::from(shape.is_busy()) << i;
            if taken {
                self.bar = out.is_drawn();
                return true;
            }
        }
        false
    }

    /// A line that may be a table's row or header. Returns whether it is a row.
    pub(super) fn tabled(&mut self, text: &str, message: &Message<'_>, out: &mut Out<'_>) -> bool {
        let Some(cells) = self.table.line(message.in_table(text)) else { return false };
        if self.table.rows() == 1 {
            self.from_zero = cells.first().is_some_and(|(_, text)| number::number(text) == Some(0.0));
        }
        table_row(&cells, self.from_zero, self.table.repeats(), &mut self.words, out);
        true
    }
}
