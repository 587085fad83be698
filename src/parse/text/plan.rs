//! Where the figures of a form of line stand, so that the next line of the form is read without being taken apart anew.
//!
//! Lines of one form differ in the digits of their runs alone, so that a place is told by how many runs end before it and how
//! many bytes it stands behind the last of them. A plan is made from what the generic engine found on one line and is kept only
//! if it reads that line alike. Whatever depends on a value (a count that is no whole number, a total of 0) is checked on every
//! line: where it is otherwise, the line goes to the engine.

use smallvec::SmallVec;

use crate::model::level::Level;
use crate::model::record::Count;
use crate::model::record::Split;

use super::fields;
use super::fields::Item;
use super::form::Runs;
use super::prefix::Message;
use super::row;
use super::row::Told;
use super::row::Weighed;
use super::row::Worth;
use super::spoken;
use super::time;
use super::words::Counter;
use super::words::Lexicon;
use crate::parse::number;

/// A place in every line of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spot {
    /// Runs of digits that end before it.
    run: usize,
    /// Bytes between the last of them, or the line's start, and it.
    behind: usize,
}

impl Spot {
    fn of(at: usize, runs: &Runs) -> Option<Self> {
        let run = runs.iter().take_while(|(_, end)| *end <= at).count();
        // inside a run it would be another place in every line
        let outside = runs.get(run).is_none_or(|(start, _)| *start >= at);
        outside.then(|| Self { run, behind: at - end_of(run, runs) })
    }

    #[inline]
    fn find(self, runs: &Runs) -> usize {
        end_of(self.run, runs) + self.behind
    }
}

/// Where the run before that of number `run` ends.
#[inline]
fn end_of(run: usize, runs: &Runs) -> usize {
    run.checked_sub(1).and_then(|before| runs.get(before)).map_or(0, |(_, end)| *end)
}

/// A part of every line of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    from: Spot,
    to: Spot,
}

impl Part {
    /// The part of `text` that `slice` is.
    pub(super) fn of(slice: &str, text: &str, runs: &Runs) -> Option<Self> {
        let from = slice.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        let to = from + slice.len();
        (to <= text.len()).then_some(())?;
        Some(Self { from: Spot::of(from, runs)?, to: Spot::of(to, runs)? })
    }

    #[inline]
    pub(super) fn read<'a>(&self, text: &'a str, runs: &Runs) -> Option<&'a str> {
        text.get(self.from.find(runs)..self.to.find(runs))
    }

    /// The number that the part is as a whole.
    #[inline]
    fn number(&self, text: &str, runs: &Runs) -> Option<f64> {
        let (value, len) = number::scan(text.as_bytes().get(self.from.find(runs)..self.to.find(runs))?)?;
        (self.from.find(runs) + len == self.to.find(runs)).then_some(value)
    }
}

/// The prefix that a logger put before lines of a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    level: Option<Level>,
    /// Where the time begins and ends.
    time: Option<Part>,
    logger: Option<Part>,
    body: Part,
}

impl Head {
    /// From a line whose prefix was peeled off; `timed` is the text that its time begins.
    pub(super) fn of(text: &str, message: &Message<'_>, timed: Option<&str>, runs: &Runs) -> Option<Self> {
        if !message.rank.is_empty() || super::prefix::is_rank(message.logger) {
            return None;
        }
        let time = match (message.time, timed) {
            (Some(_), Some(timed)) => {
                let rest = time::leading(timed)?.rest;
                Some(Part::of(timed.get(..timed.len() - rest.len())?, text, runs)?)
            }
            // digits at the front may be a time in the next line
            (None, None) => {
                let plain = match message.body.as_bytes() {
                    [b'|' | b'+' | b'=' | b'*' | b'#', ..] => true,
                    [first, second, ..] => first.is_ascii_alphabetic() && second.is_ascii_alphabetic(),
                    _ => false,
                };
                (plain && text.trim() == message.body).then_some(None)?
            }
            _ => return None,
        };
        let logger = match message.logger {
            "" => None,
            logger => Some(Part::of(logger, text, runs)?),
        };
        Some(Self { level: message.level, time, logger, body: Part::of(message.body, text, runs)? })
    }

    /// The message of another line of the form.
    pub(super) fn read<'a>(&self, text: &'a str, runs: &Runs) -> Option<Message<'a>> {
        let time = match &self.time {
            Some(part) => {
                let timed = time::leading(text.get(part.from.find(runs)..)?)?;
                (text.len() - timed.rest.len() == part.to.find(runs)).then_some(Some(timed.stamp))?
            }
            None => None,
        };
        let logger = match &self.logger {
            Some(part) => part.read(text, runs)?,
            None => "",
        };
        Some(Message { body: self.body.read(text, runs)?, level: self.level, time, rank: "", logger })
    }
}

#[derive(Debug)]
enum Planned {
    Pair { name: Part, called: Box<str>, worth: Worth, value: Part, phase: Option<Split> },
    At { what: Counter, done: Part, all: Option<Part>, whole: bool },
    Total { of: Count, value: Part },
}

/// Where the figures of a form of line stand, and what they are.
#[derive(Debug)]
pub(super) struct Plan {
    items: Vec<Planned>,
    told: Told,
}

/// Items of one line.
type Items<'a> = SmallVec<[Item<'a>; 8]>;

impl Plan {
    /// From the message `body` of the line `text`; `None` when lines of its form cannot be read by a plan.
    pub(super) fn of(body: &str, text: &str, runs: &Runs, words: &mut Lexicon) -> Option<Self> {
        let body = spoken::own_words(body);
        let scan = fields::scan(body, words);
        if scan.wavers || !is_steady(body, &scan.items) {
            return None;
        }
        let mut items = Vec::with_capacity(scan.items.len());
        for item in &scan.items {
            items.push(match *item {
                Item::Pair { name, value, from, phase } => Planned::Pair {
                    phase,
                    name: Part::of(name, text, runs)?,
                    called: name.into(),
                    worth: row::worth(name, words),
                    value: figure(from, value, text, runs)?,
                },
                Item::Total { of, value, from } => {
                    Planned::Total { of, value: figure(from, value, text, runs)? }
                }
                Item::At { what, done, all, from, beside } => {
                    let all = match all {
                        None => None,
                        Some(all) if beside.is_empty() => {
                            Some(figure(from.split_once('/')?.1, all, text, runs)?)
                        }
                        Some(all) => Some(figure(beside, all, text, runs)?),
                    };
                    let whole = all.is_some() || what != Counter::Epoch;
                    Planned::At { what, done: figure(from, done, text, runs)?, all, whole }
                }
            });
        }
        let plan = Self { items, told: Told::of(body, &scan) };
        // figures are compared by their bits: it must be the same reading, not a near one
        let read = plan.items(text, runs)?;
        (read.as_slice().iter().zip(&scan.items).all(|(read, found)| read.is_same(found))).then_some(plan)
    }

    fn items<'a>(&self, text: &'a str, runs: &Runs) -> Option<Items<'a>> {
        let mut out = Items::new();
        for item in &self.items {
            out.push(match item {
                Planned::Pair { name, called, value, phase, .. } => {
                    let name = name.read(text, runs)?;
                    if name != &**called {
                        return None;
                    }
                    Item::Pair { name, value: value.number(text, runs)?, from: "", phase: *phase }
                }
                Planned::Total { of, value } => {
                    let value = value.number(text, runs)?;
                    (value >= 1.0 && value.fract() == 0.0).then_some(())?;
                    Item::Total { of: *of, value, from: "" }
                }
                Planned::At { what, done, all, whole } => {
                    let done = done.number(text, runs)?;
                    let all = match all {
                        Some(all) => Some(all.number(text, runs).filter(|all| *all > 0.0)?),
                        None => None,
                    };
                    let fits = (0.0..1e15).contains(&done) && (!whole || done.fract() == 0.0);
                    fits.then_some(())?;
                    Item::At { what: *what, done, all, from: "", beside: "" }
                }
            });
        }
        Some(out)
    }

    /// What another line of the form amounts to; `None` when the plan does not fit it.
    pub(super) fn read<'a>(&self, text: &'a str, runs: &Runs) -> Option<Weighed<'a>> {
        let items = self.items(text, runs)?;
        Some(row::judge(&items, &self.told, |i, _| match self.items.get(i) {
            Some(Planned::Pair { worth, .. }) => *worth,
            _ => Worth::Noise,
        }))
    }
}

/// Whether no other digits could make other items of the line: grouped numbers and ratios of nothing are told by their digits.
fn is_steady(body: &str, items: &[Item<'_>]) -> bool {
    let between = |sign: u8| {
        body.as_bytes()
            .windows(3)
            .filter(|w| matches!(w, [a, b, c] if a.is_ascii_digit() && *b == sign && c.is_ascii_digit()))
            .count()
    };
    let ratios = items
        .iter()
        .filter(|item| matches!(item, Item::At { all: Some(_), from, .. } if from.contains('/')))
        .count();
    between(b',') == 0 && between(b'/') == ratios
}

/// The number in `word` whose value is known.
fn figure(word: &str, value: f64, text: &str, runs: &Runs) -> Option<Part> {
    let start = word.find(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))?;
    let rest = word.get(start..)?;
    let (read, len) = number::scan(rest.as_bytes())?;
    (read.to_bits() == value.to_bits() && read.is_finite()).then_some(())?;
    Part::of(rest.get(..len)?, text, runs)
}

#[cfg(test)]
mod tests {
    use super::super::form;
    use super::*;

    /// What the plan of one line makes of another: names, values and place; `None` when it declines.
    fn planned(first: &str, second: &str) -> Option<String> {
        let mut runs = Runs::new();
        let one = form::of(first, &mut runs)?;
        let plan = Plan::of(first, first, &runs, &mut Lexicon::default())?;
        assert_eq!(form::of(second, &mut runs), Some(one), "not of one form");
        let read = plan.read(second, &runs)?;
        assert_eq!(format!("{read:?}"), format!("{:?}", row::weigh(second, &mut Lexicon::default())));
        Some(
            read.values
                .iter()
                .map(|pair| format!("{}={} ", pair.name, pair.value))
                .collect::<Vec<_>>()
                .concat(),
        )
    }

    #[test]
    fn another_line_of_the_form_is_read_alike() {
        for (first, second, values) in [
            (
                "step=125 loss=2.1608 lr=0.000300 tokens/s=113700",
                "step=7 loss=12.25 lr=0.1 tokens/s=9",
                "loss=12.25 lr=0.1 tokens/s=9 ",
            ),
            (
                "Epoch 0: train_loss=1.9594 time=106.1s",
                "Epoch 12: train_loss=0.5 time=7.25s",
                "train_loss=0.5 time=7.25 ",
            ),
            ("Epoch [1/10] loss: 0.25 acc: 97.5%", "Epoch [10/10] loss: 3.5 acc: 8.0%", "loss=3.5 acc=8 "),
            ("Epoch: [0][4/16] loss 0.5 (0.6)", "Epoch: [11][12/160] loss 10.5 (0.625)", "loss=10.5 "),
            ("iter 2/40  loss 1.5e-05", "iter 39/40  loss 2.5e-10", "loss=0.00000000025 "),
        ] {
            assert_eq!(planned(first, second).as_deref(), Some(values), "{first}");
        }
    }

    #[test]
    fn what_the_digits_decide_is_left_to_the_engine() {
        // other names, counts that are none, ratios of nothing, grouped numbers
        assert_eq!(planned("step=1 acc1=0.5", "step=1 acc5=0.5"), None);
        assert_eq!(planned("step=1.0 loss=0.5", "step=1.5 loss=0.5"), None);
        assert_eq!(planned("epoch 1/2 loss=0.5", "epoch 1/0 loss=0.5"), None);
        assert_eq!(planned("step=1,234 loss=0.5", "step=1,23 loss=0.5"), None);
        assert_eq!(planned("max_steps=0 loss=0.5 step=1", "max_steps=9 loss=0.5 step=1"), None);
    }

    #[test]
    fn a_prefix_is_found_again() {
        let mut runs = Runs::new();
        let first = "2026-03-01 08:00:33,854 - trainer - INFO - step=125 loss=2.1608";
        form::of(first, &mut runs);
        let (message, timed) = super::super::prefix::strip_timed(first);
        let head = Head::of(first, &message, timed, &runs).expect("a head");
        for line in [first, "2027-12-31 23:59:59,1 - trainer - INFO - step=1 loss=10.5"] {
            form::of(line, &mut runs);
            assert_eq!(head.read(line, &runs), Some(super::super::prefix::strip(line)));
        }
        let no_time = "2027-13-31 23:59:59,1 - trainer - INFO - step=1 loss=10.5";
        form::of(no_time, &mut runs);
        assert_eq!(head.read(no_time, &runs), None);
    }
}
