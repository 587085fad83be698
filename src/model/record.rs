//! What one piece of a run's files says: the language between `parse` and `track`.
//!
//! A record borrows from the line that it was read off; a tracker takes from it what it needs. Parsers state facts and never
//! judge: whether a bar is the run's own or a data loader's, whether epochs count from 0 or 1, is for `track` to decide from
//! many records.

use std::sync::Arc;

use smallvec::SmallVec;

use super::level::Level;
use super::stamp::Stamp;
use super::state::Stage;

/// A name and its figure, as written (`val/loss`, `0.25`). NaN and infinities are figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair<'a> {
    /// The name as the framework wrote it.
    pub name: &'a str,
    /// The figure.
    pub value: f64,
}

/// The figures of one record, in the order they were written.
pub type Pairs<'a> = SmallVec<[Pair<'a>; 12]>;

/// Which family drew a bar; trackers weigh what a bar's figures mean by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BarStyle {
    /// `desc:  45%|████▌     | 9/20 [03:04<03:45, 20.50s/it, loss=0.1]` and its relatives.
    Tqdm,
    /// `12/20 ━━━━━━━━ 1s 118ms/step - loss: 0.6` and Keras 2's `[=====>....]`.
    Keras,
    /// Rich's `Epoch 6/29 ━━━━━ 20/20 0:00:00 • 0:00:00 54.10it/s`.
    Rich,
    /// None was drawn: a counter at the front of lines of figures, `[3/100] loss 0.5`.
    Lines,
    /// Any other.
    Other,
}

/// One redraw of a progress bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar<'a> {
    /// The text before the bar, trimmed of blanks and of its colon; empty when there is none.
    pub label: &'a str,
    /// Units done, scaled suffixes (`1.00G`) multiplied out.
    pub current: f64,
    /// Units in all; `None` when unknown.
    pub total: Option<f64>,
    /// Units per second as printed (`20.5s/it` is 0.0488); `None` for `?it/s`.
    pub rate: Option<f64>,
    /// Seconds since the bar began, as printed.
    pub elapsed: Option<f64>,
    /// Seconds left, as printed.
    pub remaining: Option<f64>,
    /// What is counted (`it`, `batch`, `B`), as printed; empty when not told.
    pub unit: &'a str,
    /// Which family.
    pub style: BarStyle,
    /// Figures printed beside the bar.
    pub values: Pairs<'a>,
}

/// A bar that is known: what each of its redraws has in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// Its number among those that one parser knows.
    pub id: u64,
    /// As [`Bar::label`].
    pub label: Box<str>,
    /// As [`Bar::unit`].
    pub unit: Arc<str>,
    /// Of each of the values.
    pub names: Arc<[Box<str>]>,
    /// Units in all.
    pub total: f64,
}

/// The figures that each redraw of a known bar has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Units done.
    pub current: f64,
    /// Seconds since the bar began.
    pub elapsed: f64,
    /// Seconds left.
    pub remaining: f64,
    /// How fast it goes.
    pub rate: Rate,
}

/// A rate as it is printed. Of a million redraws the newest is looked at alone: only for that one is it worth dividing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// What its digits make.
    pub digits: f64,
    /// By how much they are to be divided: the power of ten that their point stands for.
    pub scale: f64,
    /// It is given in seconds per unit.
    pub inverse: bool,
}

impl Rate {
    /// Units per second.
    pub fn per_second(&self) -> f64 {
        let printed = self.digits / self.scale;
        if self.inverse { printed.recip() } else { printed }
    }
}

/// One more redraw of a bar that is known: what a [`Bar`] says, without anything that has to be looked up again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Redraw<'a> {
    /// The bar.
    pub known: &'a Known,
    /// How far it is.
    pub figures: &'a Figures,
    /// Figures printed beside it.
    pub values: &'a [f64],
}

impl Redraw<'_> {
    /// The same as a bar.
    pub fn bar(&self) -> Bar<'_> {
        let Self { known, figures, values } = *self;
        let pairs = known.names.iter().zip(values);
        Bar {
            label: &known.label,
            current: figures.current,
            total: Some(known.total),
            rate: Some(figures.rate.per_second()),
            elapsed: Some(figures.elapsed),
            remaining: Some(figures.remaining),
            unit: &known.unit,
            style: BarStyle::Tqdm,
            values: pairs.map(|(name, value)| Pair { name, value: *value }).collect(),
        }
    }
}

/// Which part of the data a row was measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Split {
    /// Training data.
    Train,
    /// Validation or evaluation data.
    Validation,
    /// Test data.
    Test,
}

/// Where in training something stood, as far as the line says. Numbers are as written: their base is not settled here.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct At {
    /// The epoch, possibly fractional (`epoch: 1.33`).
    pub epoch: Option<f64>,
    /// Epochs in all.
    pub epoch_total: Option<f64>,
    /// The global step or iteration. NaN: it was told, but only roughly (`50K`), so that no figure told before holds any more.
    pub step: Option<f64>,
    /// Global steps in all.
    pub step_total: Option<f64>,
    /// The batch inside the epoch.
    pub batch: Option<f64>,
    /// Batches an epoch.
    pub batch_total: Option<f64>,
    /// What share of the epoch is done, where something else than batches is counted (`[640/60000 (1%)]`).
    pub part: Option<f64>,
    /// The how-manieth time something was logged, where nothing counts steps: x of a curve, and no progress.
    pub index: Option<f64>,
    /// 0 or 1 when the format is known to count epochs from there.
    pub epoch_base: Option<u8>,
    /// 0 or 1 when the format is known to count steps from there.
    pub step_base: Option<u8>,
}

/// Why a row was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum RowKind {
    /// Not told.
    #[default]
    Plain,
    /// What stands above an epoch's work: its learning rate and nothing else.
    Heading,
    /// The sums of an epoch that has just ended.
    EpochEnd,
    /// The sums of the whole run (`train_runtime`, test tables): no point of a curve.
    Summary,
    /// A callback told figures of the epoch at hand, which a row of that epoch may tell as well. NaN: no better than before.
    Told,
}

/// Figures with the place they were taken at.
#[derive(Debug, Clone, PartialEq)]
pub struct Row<'a> {
    /// Where in training.
    pub at: At,
    /// On which data, when told.
    pub split: Option<Split>,
    /// Why it was written.
    pub kind: RowKind,
    /// The figures.
    pub values: Pairs<'a>,
}

/// What a total counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Count {
    /// Epochs of the run.
    Epochs,
    /// Global steps of the run.
    Steps,
    /// Steps in one epoch.
    StepsPerEpoch,
}

/// How a run said that it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// All the work is done.
    Completed,
    /// It stopped early on purpose.
    EarlyStopped,
    /// It failed.
    Failed,
    /// Somebody cancelled it (Ctrl+C, SIGTERM, a cancel event).
    Cancelled,
}

/// Progress of a hyper-parameter search; every field as far as the line says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SearchPatch<'a> {
    /// The model under search.
    pub model: Option<&'a str>,
    /// Position, from 1.
    pub position: Option<u64>,
    /// Positions in all.
    pub total_positions: Option<u64>,
    /// Trial within the position, from 1.
    pub trial: Option<u64>,
    /// Trials of the position.
    pub total_trials: Option<u64>,
    /// The score of this trial.
    pub score: Option<f64>,
    /// The line marks the score as the best so far.
    pub is_best: bool,
}

/// One fact.
#[derive(Debug, Clone, PartialEq)]
pub enum Record<'a> {
    /// A progress bar was drawn.
    Bar(Bar<'a>),
    /// Figures were logged.
    Row(Row<'a>),
    /// An epoch began (`done: false`) or ended.
    Epoch {
        /// Where; without `at.epoch`, the epoch at hand.
        at: At,
        /// Whether the epoch is over.
        done: bool,
    },
    /// A total was announced.
    Total {
        /// What it counts.
        of: Count,
        /// How many.
        value: f64,
    },
    /// A loop around training is at its turn `done` of `all`: folds, seeds, tasks.
    Turn {
        /// Which, as written.
        done: f64,
        /// Of how many; `None` when the line does not say so.
        all: Option<f64>,
    },
    /// A line sums the turns of such a loop up: there are no more.
    TurnsEnd,
    /// A total out of settings: what was planned. It counts where nothing tells how many there are.
    Planned {
        /// What it counts.
        of: Count,
        /// How many.
        value: f64,
    },
    /// What the run is called by whom it reports to.
    Title(&'a str),
    /// Something odd that the run had somebody told of.
    Warning(&'a str),
    /// Another part of the work begins, by what a line says.
    Opens,
    /// The same, by a heading that opened such parts before: whatever ended was one of them.
    OpensAgain,
    /// What the run is doing now.
    Stage(Stage),
    /// An exception or a fatal message. Fatal when the program cannot have gone on (a whole traceback, not a logged one).
    Error {
        /// Class name as printed, dotted or not; empty when there is none.
        type_name: &'a str,
        /// Its message, first line.
        message: &'a str,
        /// See above.
        fatal: bool,
    },
    /// The file ends in an exception that no traceback stands before: its last word, unless more follows.
    LastWord {
        /// As in [`Record::Error`].
        type_name: &'a str,
        /// As in [`Record::Error`].
        message: &'a str,
    },
    /// Nothing was held back when the newest error was printed: what stands behind it came behind it.
    Unbuffered,
    /// What failed just now is tried once more.
    Retry,
    /// The run says that it is over.
    Ending(Ending),
    /// What was told so far is said to be over: the run itself, where it had been training, until anything of training follows.
    Closes {
        /// Whatever was left of what it had planned: it has converged, or came to a limit.
        early: bool,
    },
    /// A checkpoint was written.
    Checkpoint {
        /// As printed.
        path: &'a str,
        /// At this step, when told.
        step: Option<f64>,
        /// At this epoch, when told.
        epoch: Option<f64>,
    },
    /// A sample image or text was written.
    Sample {
        /// As printed.
        path: &'a str,
        /// At this step, when told.
        step: Option<f64>,
    },
    /// A search moved on.
    Search(SearchPatch<'a>),
    /// Which framework writes here.
    Framework(&'static str),
    /// A line was taken by the user's own format of this name.
    UserFormat(&'a str),
    /// The job that the row names.
    Identity {
        /// Job id.
        job_id: Option<&'a str>,
        /// Correlation id.
        correlation_id: Option<&'a str>,
    },
}

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin {
    /// Line, from 1, counting `\n`.
    pub line: u64,
    /// First byte of the line's segment.
    pub offset: u64,
    /// The time that the line gives of itself.
    pub time: Option<Stamp>,
}

/// Takes what a parser finds, in the order it stands in the file.
pub trait Sink {
    /// One fact.
    fn record(&mut self, record: &Record<'_>, origin: &Origin);

    /// A bar that was drawn before is drawn again: a [`Record::Bar`] that costs less.
    fn redraw(&mut self, redraw: &Redraw<'_>, origin: &Origin) {
        self.record(&Record::Bar(redraw.bar()), origin);
    }

    /// A line came to its end (`\n`, or silence at the end of the file): counted once each.
    fn line(&mut self, level: Option<Level>, progress: bool, origin: &Origin);
}
