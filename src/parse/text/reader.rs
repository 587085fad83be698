//! Segments to records: who looks at a line, and in which order.

use std::sync::Arc;

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Origin;
use crate::model::record::Pairs;
use crate::model::record::Record;
use crate::model::record::RowKind;
use crate::model::record::Sink;
use crate::model::record::Split;

use super::caption;
use super::dict;
use super::form;
use super::form::Form;
use super::form::Forms;
use super::form::Known;
use super::form::Runs;
use super::found::counted;
use super::found::dict_row;
use super::found::error;
use super::found::exited;
use super::found::generic;
use super::found::logged_error;
use super::found::phrased;
use super::found::table_row;
use super::headings::Headings;
use super::headings::shape_of;
use super::movement::Movement;
use super::number;
use super::out::Out;
use super::phrase;
use super::phrase::Phrase;
use super::plan::Head;
use super::plan::Part;
use super::plan::Plan;
use super::prefix;
use super::prefix::Message;
use super::row;
use super::row::Weighed;
use super::rows::Rows;
use super::table;
use super::table::Table;
use super::traceback;
use super::traceback::Seen;
use super::traceback::Tracebacks;
use super::words::Lexicon;
use crate::parse::bar;
use crate::parse::bar::again::Memory;
use crate::parse::framework;
use crate::parse::framework::Line;
use crate::parse::framework::Shape;
use crate::parse::protocol;
use crate::parse::search;
use crate::parse::split::End;
use crate::parse::split::Segment;
use crate::parse::split::Taken;
use crate::parse::user::Teller;
use crate::parse::user::UserFormats;

/// Lines longer than this are dumps: only their bars and dicts are looked for.
const LONG: usize = 4096;

/// A list of figures that ends in the beginning of the next one's name (`loss 0.2, val_l`), without that: of half a name nobody
/// can tell on which data the others were taken.
fn without_torn_name(text: &str) -> &str {
    match text.rsplit_once([',', ';', '|']) {
        Some((head, name))
            if head.ends_with(|c: char| c.is_ascii_digit())
                && !name.trim().is_empty()
                && !name.trim().contains(|c: char| c.is_whitespace() || c.is_ascii_digit()) =>
        {
            head
        }
        _ => text,
    }
}

/// What JAX prints below an exception.
fn is_note(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("For simplicity, JAX has removed") || (text.len() > 8 && text.bytes().all(|b| b == b'-'))
}

/// Whether a text that may go on ends in a figure that may go on.
fn is_torn(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e'))
}

/// How many blanks a line begins with.
fn indent(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The data that a line of its own names, if it says nothing else: `valid:` above `    loss = 0.5`.
fn data_named(text: &str, body: &str) -> Option<Split> {
    let word = body.trim_matches(|c: char| !c.is_alphanumeric());
    (text.trim() == body && word.len() < body.len()).then(|| row::split_of(word)).flatten()
}

/// What a bar's label is a part of.
fn before_percent(text: &str) -> &str {
    text.split_once("%|").map_or(text, |(head, _)| head)
}

/// The place that a bar's label tells; a full bar ends the epoch.
fn placed_by_bar(at: At, over: bool, out: &mut Out<'_>) {
    out.row(at, None, if over { RowKind::EpochEnd } else { RowKind::Plain }, Pairs::new());
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
    /// Time of the newest line that had one.
    time: Option<crate::model::stamp::Stamp>,
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
            runs: Runs::new(),
            busy: 0,
            from_zero: false,
            rank: None,
            depth: 0,
            level: None,
            bar: false,
            rested: None,
            last_word: None,
            time: None,
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
                sink.record(&record, &origin);
                if let Some(at) = place {
                    placed_by_bar(at, over, &mut Out::new(sink, origin));
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
            sink.record(&Record::Bar(drawn), origin);
            if let Some(at) = place {
                placed_by_bar(at, over, &mut Out::new(sink, *origin));
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

    /// One message.
    fn piece(&mut self, text: &str, origin: &mut Origin, sink: &mut dyn Sink) {
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
        if let Some(code) = phrase::exit_code(text) {
            exited(code, &mut out);
            return;
        }
        if self.failed(text, &message, &mut out) || message.body.is_empty() {
            return;
        }
        if self.is_other_rank(&message) {
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
        let form = match phrased(&message, &mut self.words, &mut out) {
            Some(Phrase::Checkpoint(_)) => return self.learn(form, Known::Saved, text, &message),
            Some(Phrase::Opens) => {
                if self.headings.line(shape_of(message.body)) {
                    out.put(&Record::OpensAgain);
                }
                None
            }
            // the line may tell of the error, too
            Some(Phrase::Retry) => None,
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
    fn weighed(&mut self, form: Option<u64>, text: &str, message: &Message<'_>, out: &mut Out<'_>) {
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
        self.tabled(text, message, out);
        // what became a header may become one again
        let known = if headers != self.table.headers() {
            Known::Header
        } else if table::is_between(message.in_table(text)) {
            Known::Between
        } else {
            Known::Nothing
        };
        self.learn(form, known, text, message);
    }

    /// Tells the figures of a line below such a heading on which data they were taken.
    #[inline]
    fn is_below(&mut self, text: &str, found: &mut Weighed<'_>) {
        let Some((split, inside)) = self.below else { return };
        if found.placed || indent(text) <= inside {
            self.below = None;
        } else if found.split.is_none() {
            found.split = Some(split);
        }
    }

    /// Keeps what the prefix of the line at hand says.
    fn dated(&mut self, message: &Message<'_>, origin: &mut Origin) {
        origin.time = message.time;
        if message.time.is_some() {
            self.time = message.time;
        }
        self.level = message.level.or(self.level);
    }

    /// Remembers what lines of a form are.
    fn learn(&mut self, form: Option<u64>, known: Known, text: &str, message: &Message<'_>) {
        // a relayed line is a part of the one that the runs belong to
        let Some(form) = form.filter(|form| form::of(text, &mut self.runs) == Some(*form)) else { return };
        let wanted = self
            .shapes
            .iter()
            .enumerate()
            .filter(|(_, shape)| shape.may_want(message.body))
            .map(|(i, _)| 1 << i);
        let shapes = wanted.fold(0, |all, one: u32| all | one);
        let data = data_named(text, message.body);
        let nothing = matches!(known, Known::Nothing | Known::Between | Known::Header);
        let shape = if nothing { shape_of(message.body) } else { None };
        self.forms.learn(form, Form { data, shape, ..Form::new(known, shapes) });
    }

    /// Shows a line to those shapes of frameworks whose bits are set, and to those that wait. Returns whether one took it.
    fn shaped(&mut self, which: u32, line: &Line<'_>, out: &mut Out<'_>) -> bool {
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

    /// A line of a form that was seen before.
    fn again(&mut self, number: u64, mut form: Form, text: &str, origin: &mut Origin, sink: &mut dyn Sink) {
        let head = form.head.and_then(|head| head.read(text, &self.runs));
        let message = match head {
            Some(message) => message,
            None => prefix::strip_timed(text).0,
        };
        self.dated(&message, origin);
        if !form.tried {
            // the second line of a form: there may be a million more
            let timed = prefix::strip_timed(text).1;
            form.tried = true;
            form.head = Head::of(text, &message, timed, &self.runs);
            if form.known == Known::Saved
                && let Some(Phrase::Checkpoint(path)) = phrase::read(message.body)
            {
                form.path = Part::of(path, text, &self.runs);
            }
            if matches!(form.known, Known::Figures | Known::Saved) {
                form.plan = Plan::of(message.body, text, &self.runs, &mut self.words).map(Arc::new);
            }
            self.forms.learn(number, form.clone());
        }
        if head.is_none() && self.is_other_rank(&message) {
            return;
        }
        let mut out = Out::new(sink, *origin);
        let line =
            Line { raw: text, body: message.body, logger: message.logger, ascii: message.body.is_ascii() };
        if self.shaped(form.shapes, &line, &mut out) {
            return;
        }
        if let Some(data) = form.data {
            self.below = Some((data, indent(text)));
        }
        if self.headings.line(form.shape) {
            out.put(&Record::OpensAgain);
        }
        match form.known {
            Known::Figures => {
                let planned = form.plan.as_ref().and_then(|plan| plan.read(text, &self.runs));
                let mut found = planned.unwrap_or_else(|| row::weigh(message.body, &mut self.words));
                self.is_below(text, &mut found);
                let foreign = self.rows.judge(&mut found);
                if self.rows.begins() {
                    self.headings.begins();
                }
                counted(&found, &mut self.movement, &mut out);
                if !generic(found, &mut out) && !foreign {
                    self.tabled(text, &message, &mut out);
                }
            }
            Known::Saved => {
                let read = (form.path.as_ref().zip(form.plan.as_ref())).and_then(|(path, plan)| {
                    Some((path.read(text, &self.runs)?, plan.read(text, &self.runs)?.at))
                });
                match read {
                    Some((path, at)) => {
                        out.put(&Record::Checkpoint { path, step: at.step, epoch: at.epoch });
                    }
                    None => {
                        phrased(&message, &mut self.words, &mut out);
                    }
                }
            }
            Known::Error => logged_error(text, &message, &mut out),
            Known::Header => self.tabled(text, &message, &mut out),
            Known::Nothing if self.table.is_open() => self.tabled(text, &message, &mut out),
            Known::Between if self.table.is_open() => self.table.missed(),
            Known::Nothing | Known::Between | Known::Quiet => {}
        }
    }

    /// A line that may be a table's row or header.
    fn tabled(&mut self, text: &str, message: &Message<'_>, out: &mut Out<'_>) {
        let Some(cells) = self.table.line(message.in_table(text)) else { return };
        if self.table.rows() == 1 {
            self.from_zero = cells.first().is_some_and(|(_, text)| number::number(text) == Some(0.0));
        }
        table_row(&cells, self.from_zero, &mut self.words, out);
    }

    /// Whether another rank than the run's own writes: it logs figures of the same names for the same steps.
    fn is_other_rank(&mut self, message: &Message<'_>) -> bool {
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

    /// Tracebacks and exceptions. Returns whether the line was one.
    fn failed(&mut self, text: &str, message: &Message<'_>, out: &mut Out<'_>) -> bool {
        let raw = if message.rank.is_empty() {
            text
        } else {
            text.split_once("]: ")
                .or_else(|| text.split_once(") "))
                .or_else(|| text.split_once("] "))
                .map_or(text, |(_, rest)| rest)
        };
        let logged = message.level.is_some_and(|level| level >= Level::Error) && message.time.is_some();
        let raw = if message.level.is_some() && raw.ends_with("Traceback (most recent call last):") {
            message.body
        } else if logged && !self.tracebacks.is_idle() {
            // a logger's prefix before every line of it
            let before = text.len() - text.trim_end().len() + message.body.len();
            let indented = text.len().checked_sub(before).and_then(|at| text.get(..at));
            if indented.is_some_and(|head| head.ends_with("  ")) { " " } else { message.body }
        } else {
            raw
        };
        match self.tracebacks.line(raw, message.rank) {
            Seen::Body => self.level = Some(Level::Error),
            Seen::Error { type_name, message, secondary, harmless, own } => {
                self.level = Some(Level::Error);
                if !secondary {
                    error(type_name, message, !harmless, out);
                }
                if own && !harmless {
                    out.put(&Record::Unbuffered);
                }
            }
            Seen::Other => {
                let quiet = message.level.is_none_or(|level| level >= Level::Error);
                match traceback::alone(message.body).filter(|_| quiet) {
                    Some((type_name, text)) => {
                        self.level = Some(Level::Error);
                        // Julia's
                        let fatal = raw.starts_with("ERROR: LoadError: ");
                        error(type_name, text, fatal, out);
                        let handled = ["ignored", "skipp", "caught", "falling back", "continuing", "retry"];
                        let handled = handled.iter().any(|word| text.to_ascii_lowercase().contains(word));
                        if !handled
                            && message.body == raw
                            && message.level.is_none()
                            && message.time.is_none()
                        {
                            self.last_word = Some((type_name.to_owned(), text.to_owned(), out.origin()));
                        }
                    }
                    None => return false,
                }
            }
        }
        true
    }
}
