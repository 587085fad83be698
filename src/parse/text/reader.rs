//! Segments to records: who looks at a line, and in which order.

mod below;
mod failed;
mod known;
mod message;
mod torn;

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Origin;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;

use super::caption;
use super::form::Forms;
use super::form::Runs;
use super::headings::Headings;
use super::movement::Movement;
use super::number;
use super::out::Out;
use super::rows::Rows;
use super::spoken::Block;
use super::table::Table;
use super::traceback;
use super::traceback::Tracebacks;
use super::words::Lexicon;
use crate::parse::bar;
use crate::parse::bar::again::Memory;
use crate::parse::framework;
use crate::parse::framework::Line;
use crate::parse::framework::Shape;
use crate::parse::split::End;
use crate::parse::split::Segment;
use crate::parse::split::Taken;
use crate::parse::user::Teller;
use crate::parse::user::UserFormats;

use self::failed::is_note;
use self::torn::is_torn;
use self::torn::without_torn_name;

/// What a bar's label is a part of.
fn before_percent(text: &str) -> &str {
    text.split_once("%|").map_or(text, |(head, _)| head)
}

/// The place that a bar's label tells; a full bar ends the epoch.
fn placed_by_bar(at: At, over: bool, values: Pairs<'_>, out: &mut Out<'_>) {
    out.row(at, None, if over { RowKind::EpochEnd } else { RowKind::Plain }, values);
}

/// What is remembered from line to line.
pub(super) struct Reader {
    /// What the user taught.
    user: Teller,
    shapes: Vec<Box<dyn Shape>>,
    tracebacks: Tracebacks,
    table: Table,
    forms: Forms,
    words: Lexicon,
    /// Bars that were drawn lately.
    redraws: Memory,
    /// Counters without names.
    movement: Movement,
    /// The log's own rows.
    rows: Rows,
    /// The headings of its loops.
    headings: Headings,
    /// The data that a line of its own named, and how far that was indented: of what stands below, further in.
    below: Option<(Split, usize)>,
    /// The text of a model's that stands below a heading of its own.
    sample: Block,
    /// Runs of digits of the line at hand.
    runs: Runs,
    /// The shapes that wait for the next line, whatever that is: one bit for each.
    busy: u32,
    /// The table's first row was its row 0.
    from_zero: bool,
    /// The rank whose figures are the run's: the lowest seen.
    rank: Option<String>,
    /// How many relays the text at hand was wrapped in.
    depth: u8,
    /// Level of the line at hand, and of the message that an indented line goes on with.
    level: Option<Level>,
    /// The line at hand ends in a bar.
    bar: bool,
    /// The line that was taken as it stood when the file was silent, and its text if a figure at its end was left out.
    rested: Option<(u64, String)>,
    /// The exception that the newest line is, with its message, if no traceback and no logger wrote it.
    last_word: Option<(String, String, Origin)>,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self {
            user: Teller::default(),
            shapes: framework::SHAPES.iter().map(|new| new()).collect(),
            tracebacks: Tracebacks::default(),
            table: Table::default(),
            forms: Forms::default(),
            words: Lexicon::default(),
            redraws: Memory::default(),
            movement: Movement::default(),
            rows: Rows::default(),
            headings: Headings::default(),
            below: None,
            sample: Block::default(),
            runs: Runs::new(),
            busy: 0,
            from_zero: false,
            rank: None,
            depth: 0,
            level: None,
            bar: false,
            rested: None,
            last_word: None,
        }
    }

    /// The lines that the user taught come before all others.
    pub(super) fn teach(&mut self, formats: &UserFormats) {
        self.user = Teller::new(formats.clone());
    }

    /// The file has been silent.
    pub(super) fn rest(&mut self, sink: &mut dyn Sink) {
        if let Some((type_name, message, origin)) = self.last_word.take() {
            sink.record(&Record::LastWord { type_name: &type_name, message: &message }, &origin);
        }
        let mut out = Out::new(sink, Origin::default());
        self.busy = 0;
        for (i, shape) in self.shapes.iter_mut().enumerate() {
            shape.rest(&mut out);
            self.busy |= u32::from(shape.is_busy()) << i;
        }
    }

    /// Whether redraws of a known bar are likely.
    #[inline]
    pub(super) fn expects_redraws(&self) -> bool {
        // a pattern may tell redraws apart by their digits, so that each has to be shown to it
        self.user.is_idle() && self.redraws.is_expecting()
    }

    /// Takes the redraws of known bars that `bytes` begin with, up to the end of their line.
    #[inline]
    pub(super) fn redraws(&mut self, bytes: &[u8], offset: u64, line: u64, sink: &mut dyn Sink) -> Taken {
        let mut origin = Origin { line, offset, time: None };
        let taken = self.redraws.redraws(bytes, |at, redraw| {
            origin.offset = offset + at as u64;
            sink.redraw(redraw, &origin);
        });
        if taken.bytes > 0 {
            self.bar = true;
            if self.last_word.is_some() {
                self.last_word = None;
            }
        }
        if taken.end == End::Line {
            sink.line(self.level.take(), true, &origin);
            self.bar = false;
        }
        taken
    }

    /// Takes one segment.
    pub(super) fn segment(&mut self, segment: &Segment<'_>, sink: &mut dyn Sink) {
        let mut origin = Origin { line: segment.line, offset: segment.offset, time: None };
        if !self.user.is_idle() && self.taught(segment, &mut origin, sink) {
            return;
        }
        if segment.end == End::Redraw && !self.has_bars_read() {
            // filled in place: a bar with its figures is too large to be copied about
            let mut record = Record::Bar(bar::blank());
            if let Record::Bar(drawn) = &mut record
                && bar::tqdm_into(segment.text, drawn)
                    .is_some_and(|around| around.before.is_empty() && around.after.is_empty())
            {
                let place = caption::place(drawn.label);
                let over = drawn.total.is_some_and(|all| drawn.current >= all);
                if !caption::split(drawn, &mut self.words) {
                    self.redraws.note(segment.text);
                }
                // they were taken where the label says, which the count of the bar does not tell
                let values = place.map(|at| (at, std::mem::take(&mut drawn.values)));
                sink.record(&record, &origin);
                if let Some((at, values)) = values {
                    placed_by_bar(at, over, values, &mut Out::new(sink, origin));
                }
                self.bar = true;
                return;
            }
        }
        let rested = self.rested.take().filter(|(line, _)| *line == segment.line);
        let blank = segment.text.trim().is_empty();
        if !blank && self.last_word.is_some() && !is_note(segment.text) {
            self.last_word = None;
        }
        if blank {
            if let (Some((_, text)), true) = (&rested, segment.end == End::Line)
                && !text.is_empty()
                && !self.own(text, &mut origin, sink)
            {
                self.text(text, &mut origin, sink);
            }
        } else if segment.end == End::Rest {
            let whole = segment.text.trim_end();
            // half an exception's name may be that of another: `KeyboardInt`
            let named =
                self.tracebacks.is_idle() || whole.contains([' ', ':']) || traceback::is_error_name(whole);
            let torn = is_torn(whole) || !named;
            let kept = if torn {
                whole.rsplit_once([' ', '\t', '|', '=', ':']).map_or("", |(head, _)| head)
            } else {
                without_torn_name(whole)
            };
            self.text(kept, &mut origin, sink);
            let left_out = kept.len() < whole.len();
            self.rested = Some((segment.line, if left_out { whole.to_owned() } else { String::new() }));
        } else if bar::has_none(segment.text) {
            self.bar = false;
            self.piece(segment.text, &mut origin, sink);
        } else {
            if segment.end == End::Line && !caption::may_hold_figures(before_percent(segment.text)) {
                self.redraws.note(segment.text);
            }
            self.text(segment.text, &mut origin, sink);
        }
        if segment.end != End::Redraw {
            if rested.is_none() {
                sink.line(self.level, self.bar, &origin);
            }
            self.level = None;
            self.bar = false;
        }
    }

    /// A segment that the user taught. Returns whether it was one.
    fn taught(&mut self, segment: &Segment<'_>, origin: &mut Origin, sink: &mut dyn Sink) -> bool {
        let text = segment.text.trim_end();
        let torn = segment.end == End::Rest && is_torn(text);
        let Some(taken) = self.user.line(text, torn, origin, sink) else { return false };
        self.last_word = None;
        let rested = self.rested.take().is_some_and(|(line, _)| line == segment.line);
        if segment.end == End::Rest {
            self.rested = Some((segment.line, if torn { text.to_owned() } else { String::new() }));
        }
        if segment.end != End::Redraw {
            if !rested {
                sink.line(taken.level, false, origin);
            }
            self.level = None;
            self.bar = false;
        }
        true
    }

    /// A part of a segment that the user taught. Returns whether it was one.
    fn own(&mut self, text: &str, origin: &mut Origin, sink: &mut dyn Sink) -> bool {
        if self.user.is_idle() {
            return false;
        }
        let Some(taken) = self.user.line(text.trim_end(), false, origin, sink) else { return false };
        self.level = taken.level.or(self.level);
        true
    }

    /// Whether a shape reads the bars that are drawn now.
    fn has_bars_read(&self) -> bool {
        self.busy != 0 && self.shapes.iter().any(|shape| shape.reads_bars())
    }

    /// Text that may hold bars, with other writers' text before and behind them.
    fn text(&mut self, text: &str, origin: &mut Origin, sink: &mut dyn Sink) {
        if self.has_bars_read() {
            let body = text.trim();
            let line = Line { raw: text, body, logger: "", ascii: text.is_ascii() };
            if self.shaped(0, &line, &mut Out::new(sink, *origin)) {
                return;
            }
        }
        let mut rest = text;
        for _ in 0..64 {
            let Some(found) = bar::tqdm(rest) else { break };
            if !found.before.trim().is_empty() {
                self.piece(found.before, origin, sink);
            }
            if found.bar.label.rsplit_once(" [").is_some_and(|(_, event)| number::ratio(event).is_some())
                && rest.contains("]: [")
            {
                sink.record(&Record::Framework("ignite"), origin);
            }
            let mut drawn = found.bar;
            let place = caption::place(drawn.label);
            let over = drawn.total.is_some_and(|all| drawn.current >= all);
            caption::split(&mut drawn, &mut self.words);
            let values = place.map(|at| (at, std::mem::take(&mut drawn.values)));
            sink.record(&Record::Bar(drawn), origin);
            if let Some((at, values)) = values {
                placed_by_bar(at, over, values, &mut Out::new(sink, *origin));
            }
            self.bar = true;
            if found.after.len() >= rest.len() {
                return;
            }
            rest = found.after;
        }
        if !rest.trim().is_empty() {
            self.bar = false;
            self.piece(rest, origin, sink);
        }
    }
}
