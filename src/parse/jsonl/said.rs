//! All that one row says, filled member by member.

use smallvec::SmallVec;

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::Split;
use crate::model::stamp::Stamp;
use crate::parse::role::Role;

use super::event;
use super::names::Kind;
use super::names::Member;
use super::names::Names;
use super::scan::figure;
use super::time;

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
    /// What the figure called `value` is: `{"name": "loss", "value": 0.5, "step": 10}`.
    pub(super) called: Option<&'a str>,
    pub(super) figures: SmallVec<[Figure; 16]>,
}

impl<'a> Said<'a> {
    /// A member that is a number: `token` as written, and its value if it has one.
    #[inline]
    pub(super) fn number(&mut self, names: &Names, member: &Member, token: &'a str, value: Option<f64>) {
        if member.kind == Kind::LoguruPart {
            self.loguru(names, member, token);
        } else if let Some(value) = value
            && member.role != Role::Skip
        {
            self.value(names, member, token, value);
        }
    }

    #[inline]
    fn value(&mut self, names: &Names, member: &Member, token: &str, value: f64) {
        let figure = Figure { name: member.index, value, quoted: false };
        let count = value.is_finite() && value >= 0.0;
        match member.role {
            Role::StepTotal if count => self.at.step_total = self.at.step_total.or(Some(value)),
            Role::EpochTotal if count => self.at.epoch_total = self.at.epoch_total.or(Some(value)),
            Role::StepsPerEpoch if count => self.steps_per_epoch = Some(value),
            _ if matches!(member.kind, Kind::Config | Kind::Loguru) => {}
            Role::Step(rank) if count => {
                self.iteration |= rank == 1;
                if rank > self.step_rank {
                    self.step_rank = rank;
                    self.at.step = Some(value);
                }
                if member.is_path {
                    self.figures.push(figure);
                }
            }
            Role::Epoch if count => self.at.epoch = Some(value),
            Role::Batch if count => self.at.batch = Some(value),
            Role::BatchTotal if count => self.at.batch_total = Some(value),
            Role::ExitCode => self.exit_code = Some(value),
            Role::Level => self.level = event::level_number(token),
            Role::Time => match time::number(value) {
                Some(stamp) => self.time = Some(stamp),
                // mmengine and detectron2 call the seconds of a step so
                None if names.key(member.index) == "time" => self.figures.push(figure),
                None => {}
            },
            Role::Figure => self.figures.push(figure),
            _ => {}
        }
    }

    /// A member that is a string.
    #[inline]
    pub(super) fn text(&mut self, names: &Names, member: &Member, text: &'a str) {
        match member.kind {
            Kind::Own => self.own_text(names, member, text),
            Kind::Loguru if member.role == Role::Message => self.message = Some(text),
            Kind::LoguruPart => self.loguru(names, member, text),
            _ => {}
        }
    }

    /// A member that is `true`, `false` or `null`.
    pub(super) fn word(&mut self, member: Member, word: &'a str) {
        if member.role == Role::StoppedEarly {
            self.stopped_early |= word == "true";
        } else if member.role == Role::Status && word != "null" {
            self.status = Some(word);
        }
    }

    #[cold]
    fn loguru(&mut self, names: &Names, member: &Member, text: &'a str) {
        match (names.prefix(member.index), names.key(member.index)) {
            (Some("level"), "name") => self.level = event::level(text),
            (Some("time"), "timestamp") => self.time = figure(text).and_then(time::number),
            (Some("exception"), "type") => self.error_type = Some(text),
            (Some("exception"), "value") => self.error = Some(text),
            _ => {}
        }
    }

    #[inline]
    fn own_text(&mut self, names: &Names, member: &Member, text: &'a str) {
        match member.role {
            Role::Time => self.time = self.time.or_else(|| time::iso(text)),
            Role::Level => self.level = event::level(text),
            Role::Message => self.message = self.message.or(Some(text)),
            Role::Event => self.event = Some(text),
            Role::Job => self.job = Some(text),
            Role::Correlation => self.correlation = Some(text),
            Role::Split => self.split = event::split(text),
            Role::Exception => self.exception = Some(text),
            Role::ErrorText => self.error = Some(text),
            Role::ErrorType => self.error_type = Some(text),
            Role::Checkpoint => self.checkpoint = Some(text),
            Role::Sample => self.sample = Some(text),
            Role::Status => self.status = Some(text),
            // fairseq writes every figure between quotes
            Role::Step(rank) if rank > self.step_rank => {
                if let Some(value) = figure(text) {
                    self.step_rank = rank;
                    self.at.step = Some(value);
                }
            }
            Role::Epoch => self.at.epoch = self.at.epoch.or_else(|| figure(text)),
            Role::Figure if text.len() < 32 => {
                if let Some(value) = quoted(text) {
                    self.figures.push(Figure { name: member.index, value, quoted: true });
                } else if matches!(names.key(member.index), "name" | "key" | "metric" | "metric_name" | "tag")
                {
                    self.called = Some(text);
                } else if matches!(names.key(member.index), "type" | "stage" | "kind" | "set" | "dataset") {
                    self.split = self.split.or_else(|| event::split(text));
                }
            }
            _ => {}
        }
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
