//! The columns of the run list, as things to sort by.

use super::RECENT;
use super::Row;
use super::pick::Picks;
use crate::model::stamp::Stamp;
use crate::model::state::State;

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Column {
    /// What needs attention first: recent failures and stalls, running runs, then the newest.
    #[default]
    Attention,
    /// Name, `run-2` before `run-10`.
    Name,
    /// State, the gravest first.
    State,
    /// Percent done, the furthest first.
    Progress,
    /// Epochs done, the most first.
    Epoch,
    /// Step, the highest first.
    Step,
    /// Steps a second, the fastest first.
    Rate,
    /// Time left, the shortest first.
    Eta,
    /// Newest training loss, the lowest first.
    Loss,
    /// Best validation score, the lowest first.
    Score,
    /// Last sign of life, the newest first.
    Age,
}

impl Column {
    /// All of them, in the order in which they stand on screen.
    pub const ALL: [Self; 11] = [
        Self::Attention,
        Self::State,
        Self::Name,
        Self::Progress,
        Self::Epoch,
        Self::Step,
        Self::Rate,
        Self::Eta,
        Self::Loss,
        Self::Score,
        Self::Age,
    ];

    /// As the footer names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Attention => "attention",
            Self::Name => "name",
            Self::State => "state",
            Self::Progress => "progress",
            Self::Epoch => "epoch",
            Self::Step => "step",
            Self::Rate => "rate",
            Self::Eta => "eta",
            Self::Loss => "loss",
            Self::Score => "val",
            Self::Age => "age",
        }
    }

    /// The column `by` places further, around the end.
    #[must_use]
    pub fn turned(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|column| *column == self).unwrap_or(0);
        let len = Self::ALL.len();
        let to = (at + len).saturating_add_signed(by) % len;
        Self::ALL.get(to).copied().unwrap_or_default()
    }
}

/// A column and its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Sort {
    /// Which.
    pub column: Column,
    /// Against its natural direction.
    pub reversed: bool,
}

/// Where a row stands by the sort: worked out once for each news of the run and compared many times.
/// Rows that lack the figure come last in either direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rank {
    /// 0 for figures, 1 for NaN, 2 for rows that have none; attention has its own classes.
    pub class: u8,
    /// Lower comes first.
    pub value: f64,
}

impl Rank {
    const MISSING: Self = Self { class: u8::MAX, value: 0.0 };

    fn rising(value: Option<f64>) -> Self {
        match value {
            Some(value) if value.is_nan() => Self { class: 1, value: 0.0 },
            Some(value) => Self { class: 0, value },
            None => Self::MISSING,
        }
    }

    fn falling(value: Option<f64>) -> Self {
        Self::rising(value.map(|v| -v))
    }

    /// The order of two ranks.
    pub fn compare(&self, other: &Self) -> std::cmp::Ordering {
        self.class.cmp(&other.class).then_with(|| self.value.total_cmp(&other.value))
    }
}

/// The rank of a row, and when time alone gives it another one.
pub fn rank(row: &Row, picks: &Picks, sort: Sort, now: Stamp) -> (Rank, Option<Stamp>) {
    let run = &row.run;
    let progress = &run.facts.progress;
    let running = row.verdict.state == State::Running;
    let written = run.last_write.map(|stamp| -(stamp.millis() as f64));
    let mut until = None;
    let rank = match sort.column {
        Column::Attention => {
            let (class, moment) = attention(row, now);
            until = moment;
            // live runs keep their places: sorted by their newest write they would dance
            let value = if class == 1 || class == 2 { 0.0 } else { written.unwrap_or(f64::INFINITY) };
            Rank { class, value }
        }
        Column::Name => Rank { class: 0, value: 0.0 },
        Column::State => Rank { class: 0, value: gravity(row.verdict.state) },
        Column::Progress => Rank::falling(progress.percent),
        Column::Epoch => Rank::falling(progress.completed_epochs),
        Column::Step => Rank::falling(progress.step),
        Column::Rate => Rank::falling(progress.rate.filter(|_| running)),
        Column::Eta => Rank::rising(progress.eta.filter(|_| running)),
        Column::Loss => Rank::rising(picks.loss_of(&run.facts).map(|loss| loss.last)),
        Column::Score => Rank::rising(picks.score.as_ref().map(|score| score.best)),
        Column::Age => Rank::rising(written),
    };
    let turned = if sort.reversed && rank.class == 0 { Rank { value: -rank.value, ..rank } } else { rank };
    (turned, until)
}

fn attention(row: &Row, now: Stamp) -> (u8, Option<Stamp>) {
    match row.verdict.state {
        State::Failed | State::Stalled | State::Interrupted => {
            match row.run.last_write.map(|stamp| stamp.plus(RECENT)) {
                Some(until) if until > now => (0, Some(until)),
                _ => (3, None),
            }
        }
        State::Running => (1, None),
        State::Queued => (2, None),
        State::Completed | State::EarlyStopped | State::Cancelled | State::Unknown => (3, None),
    }
}

const fn gravity(state: State) -> f64 {
    match state {
        State::Failed => 0.0,
        State::Stalled => 1.0,
        State::Interrupted => 2.0,
        State::Running => 3.0,
        State::Queued => 4.0,
        State::Cancelled => 5.0,
        State::EarlyStopped => 6.0,
        State::Completed => 7.0,
        State::Unknown => 8.0,
    }
}
