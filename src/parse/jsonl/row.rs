//! One JSON row to records, in either spelling of the known loggers and in any shape of metrics.
//!
//! The keys of a file's rows come in the same order row after row, so each key is looked for where it stood in the row before:
//! what a name means is settled once for each name and not once for each row.

use smallvec::SmallVec;

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Split;
use crate::model::stamp::Stamp;
use crate::parse::role::Role;
use crate::parse::role::role;

use super::event;
use super::scan::Scanner;
use super::scan::Value;
use super::scan::figure;
use super::time;

/// Names that one file may bring: a row of a few thousand metrics is real, a million made-up keys are not.
const NAMES: usize = 8192;

/// Groups inside groups that are looked into.
const DEPTH: usize = 5;

/// What the members of a group are to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The row's own.
    Own,
    /// Figures under a name.
    Named,
    /// Settings: only totals.
    Config,
    /// Loguru's `record`.
    Loguru,
    /// Loguru's `level`, `time` and `exception` objects.
    LoguruPart,
}

/// A group of a row: where its names begin, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    prefix: Box<str>,
    kind: Kind,
}

/// A name that was met.
#[derive(Debug, Clone)]
struct Known {
    group: usize,
    key: Box<str>,
    /// With its group's name in front.
    name: Box<str>,
    role: Role,
    /// The group that it opens when its value is an object.
    opens: Option<usize>,
}

/// What the rows of one file have named so far.
#[derive(Debug)]
pub(super) struct Names {
    known: Vec<Known>,
    groups: Vec<Group>,
    next: usize,
}

impl Names {
    pub(super) fn new() -> Self {
        Self { known: Vec::new(), groups: vec![Group { prefix: "".into(), kind: Kind::Own }], next: 0 }
    }

    /// The metric name at `index`.
    pub(super) fn name(&self, index: usize) -> Option<&str> {
        self.known.get(index).map(|known| &*known.name)
    }

    fn find(&mut self, group: usize, key: &str) -> Option<(usize, Role)> {
        let is = |known: &Known| known.group == group && &*known.key == key;
        if let Some(known) = self.known.get(self.next)
            && is(known)
        {
            let found = (self.next, known.role);
            self.next += 1;
            return Some(found);
        }
        // a row of another shape than the one before: from there on in order again
        let found = self.known.iter().position(is);
        let index = match found {
            Some(index) => index,
            None if self.known.len() < NAMES => {
                let prefix = &self.groups.get(group)?.prefix;
                let name = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}/{key}") };
                self.known.push(Known {
                    group,
                    key: key.into(),
                    name: name.into(),
                    role: role(key),
                    opens: None,
                });
                self.known.len() - 1
            }
            None => return None,
        };
        self.next = index + 1;
        self.known.get(index).map(|known| (index, known.role))
    }

    fn kind(&self, group: usize) -> Kind {
        self.groups.get(group).map_or(Kind::Own, |group| group.kind)
    }

    /// The group that the member `index` opens; `None` when it is to be skipped.
    fn open(&mut self, index: usize, inside: Kind) -> Option<usize> {
        let known = self.known.get(index)?;
        if let Some(opens) = known.opens {
            return Some(opens);
        }
        let group = match (inside, known.role) {
            (Kind::Own, Role::Loguru) => Group { prefix: "".into(), kind: Kind::Loguru },
            (Kind::Loguru, _) => match &*known.key {
                "extra" => Group { prefix: "".into(), kind: Kind::Own },
                "level" | "time" | "exception" => Group { prefix: known.key.clone(), kind: Kind::LoguruPart },
                _ => return None,
            },
            (Kind::Own, Role::Fields) => Group { prefix: "".into(), kind: Kind::Own },
            (Kind::Own | Kind::Config, Role::Config) => Group { prefix: "".into(), kind: Kind::Config },
            (Kind::Config, Role::Figure | Role::Fields) => {
                Group { prefix: known.key.clone(), kind: Kind::Config }
            }
            (Kind::Own | Kind::Named, Role::Figure | Role::Checkpoint) => {
                Group { prefix: known.name.clone(), kind: Kind::Named }
            }
            _ => return None,
        };
        let at = self.groups.iter().position(|old| *old == group).unwrap_or(self.groups.len());
        if at == self.groups.len() {
            self.groups.push(group);
        }
        if let Some(known) = self.known.get_mut(index) {
            known.opens = Some(at);
        }
        Some(at)
    }
}

/// A figure of a row: which name, and how much.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figure {
    pub(super) name: usize,
    pub(super) value: f64,
    /// It stood between quotes.
    pub(super) quoted: bool,
}

/// All that one row says. Texts are as they stand in the row, escapes and all.
#[derive(Debug, Default)]
pub(super) struct Said<'a> {
    pub(super) time: Option<Stamp>,
    pub(super) level: Option<Level>,
    pub(super) message: Option<&'a str>,
    pub(super) event: Option<&'a str>,
    pub(super) job: Option<&'a str>,
    pub(super) correlation: Option<&'a str>,
    pub(super) split: Option<Split>,
    pub(super) exception: Option<&'a str>,
    pub(super) error: Option<&'a str>,
    pub(super) error_type: Option<&'a str>,
    pub(super) checkpoint: Option<&'a str>,
    pub(super) sample: Option<&'a str>,
    pub(super) status: Option<&'a str>,
    pub(super) exit_code: Option<f64>,
    pub(super) stopped_early: bool,
    pub(super) at: At,
    pub(super) step_rank: u8,
    /// A step that is called `iter` or `iteration`.
    pub(super) iteration: bool,
    pub(super) steps_per_epoch: Option<f64>,
    pub(super) figures: SmallVec<[Figure; 16]>,
}

/// Reads a whole row; `None` when it is not one object from brace to brace.
pub(super) fn read<'a>(names: &mut Names, text: &'a str) -> Option<Said<'a>> {
    let mut scan = Scanner::new(text);
    let mut said = Said::default();
    scan.open()?;
    names.next = 0;
    members(names, &mut scan, &mut said, 0, 0)?;
    scan.is_over().then_some(said)
}

fn members<'a>(
    names: &mut Names,
    scan: &mut Scanner<'a>,
    said: &mut Said<'a>,
    group: usize,
    depth: usize,
) -> Option<()> {
    let kind = names.kind(group);
    while let Some(key) = scan.key()? {
        let value = scan.value()?;
        let Some((index, role)) = names.find(group, key) else {
            scan.pass(value)?;
            continue;
        };
        match value {
            Value::Object => match names.open(index, kind) {
                Some(inner) if depth < DEPTH => members(names, scan, said, inner, depth + 1)?,
                _ => scan.skip()?,
            },
            Value::Array => scan.skip()?,
            Value::Number(token) => match kind {
                Kind::LoguruPart => loguru(said, names.groups.get(group), key, token),
                _ => number(said, kind, index, role, key, token),
            },
            Value::Text(text) => match kind {
                Kind::Own => self::text(said, index, role, text),
                Kind::Loguru if role == Role::Message => said.message = Some(text),
                Kind::LoguruPart => loguru(said, names.groups.get(group), key, text),
                _ => {}
            },
            Value::Word(word) => {
                if role == Role::StoppedEarly {
                    said.stopped_early |= word == "true";
                } else if role == Role::Status && word != "null" {
                    said.status = Some(word);
                }
            }
        }
    }
    Some(())
}

fn loguru<'a>(said: &mut Said<'a>, group: Option<&Group>, key: &str, text: &'a str) {
    match (group.map(|group| &*group.prefix), key) {
        (Some("level"), "name") => said.level = event::level(text),
        (Some("time"), "timestamp") => said.time = figure(text).and_then(time::number),
        (Some("exception"), "type") => said.error_type = Some(text),
        (Some("exception"), "value") => said.error = Some(text),
        _ => {}
    }
}

fn number<'a>(said: &mut Said<'a>, kind: Kind, index: usize, role: Role, key: &str, token: &'a str) {
    if role == Role::Skip {
        return;
    }
    let Some(value) = figure(token) else { return };
    let count = value.is_finite() && value >= 0.0;
    match role {
        Role::StepTotal if count => said.at.step_total = said.at.step_total.or(Some(value)),
        Role::EpochTotal if count => said.at.epoch_total = said.at.epoch_total.or(Some(value)),
        Role::StepsPerEpoch if count => said.steps_per_epoch = Some(value),
        _ if matches!(kind, Kind::Config | Kind::Loguru) => {}
        Role::Step(rank) if count => {
            said.iteration |= rank == 1;
            if rank > said.step_rank {
                said.step_rank = rank;
                said.at.step = Some(value);
            }
            if key.contains('/') {
                said.figures.push(Figure { name: index, value, quoted: false });
            }
        }
        Role::Epoch if count => said.at.epoch = Some(value),
        Role::Batch if count => said.at.batch = Some(value),
        Role::BatchTotal if count => said.at.batch_total = Some(value),
        Role::ExitCode => said.exit_code = Some(value),
        Role::Level => said.level = event::level_number(token),
        Role::Time => match time::number(value) {
            Some(stamp) => said.time = Some(stamp),
            // mmengine and detectron2 call the seconds of a step so
            None if key == "time" => said.figures.push(Figure { name: index, value, quoted: false }),
            None => {}
        },
        Role::Figure => said.figures.push(Figure { name: index, value, quoted: false }),
        _ => {}
    }
}

fn text<'a>(said: &mut Said<'a>, index: usize, role: Role, text: &'a str) {
    match role {
        Role::Time => said.time = said.time.or_else(|| time::iso(text)),
        Role::Level => said.level = event::level(text),
        Role::Message => said.message = said.message.or(Some(text)),
        Role::Event => said.event = Some(text),
        Role::Job => said.job = Some(text),
        Role::Correlation => said.correlation = Some(text),
        Role::Split => said.split = event::split(text),
        Role::Exception => said.exception = Some(text),
        Role::ErrorText => said.error = Some(text),
        Role::ErrorType => said.error_type = Some(text),
        Role::Checkpoint => said.checkpoint = Some(text),
        Role::Sample => said.sample = Some(text),
        Role::Status => said.status = Some(text),
        // fairseq writes every figure between quotes
        Role::Step(rank) if rank > said.step_rank => {
            if let Some(value) = figure(text) {
                said.step_rank = rank;
                said.at.step = Some(value);
            }
        }
        Role::Epoch => said.at.epoch = said.at.epoch.or_else(|| figure(text)),
        Role::Figure if text.len() < 32 => {
            if let Some(value) = quoted(text) {
                said.figures.push(Figure { name: index, value, quoted: true });
            }
        }
        _ => {}
    }
}

fn quoted(text: &str) -> Option<f64> {
    match text {
        "nan" | "NaN" => Some(f64::NAN),
        "inf" | "Infinity" => Some(f64::INFINITY),
        "-inf" | "-Infinity" => Some(f64::NEG_INFINITY),
        _ if text.starts_with(|c: char| c.is_ascii_digit() || c == '-') => text.parse().ok(),
        _ => None,
    }
}
