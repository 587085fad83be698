//! Weighs what a message says: a row of figures, an epoch's beginning or end, totals of a configuration, or prose.
//!
//! Below confidence nothing is claimed. A line is a row when it says where in training it stands and holds figures, or when
//! its figures bear names of measures and hardly any other word stands beside them.

mod closed;
mod elsewhere;
mod place;
mod told;

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Split;

use super::fields;
use super::fields::Item;
use super::spoken;
use super::words::Counter;
use super::words::Lexicon;

use self::place::place;

pub(crate) use self::elsewhere::is_of_elsewhere;
pub(crate) use self::told::Told;
pub(crate) use self::told::is_config_line;

/// What a message amounts to.
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a line may say, in any combination")]
#[derive(Debug, Default)]
pub(crate) struct Weighed<'a> {
    /// Where it stands.
    pub at: At,
    /// Totals it announces.
    pub totals: smallvec::SmallVec<[(Count, f64); 4]>,
    /// Its figures; empty when it is no row.
    pub values: Pairs<'a>,
    /// On which data.
    pub split: Option<Split>,
    /// Whether it says where in training it is.
    pub placed: bool,
    /// Whether it says that an epoch (or the step) is over.
    pub done: bool,
    /// A counter that bears no name, at how much of how much.
    pub counted: Option<(Counter, f64, f64)>,
    /// The turn of a loop around training, and of how many if that is told.
    pub turn: Option<(f64, Option<f64>)>,
    /// Figures of other data than `values`.
    pub beside: Option<(Split, Pairs<'a>)>,
    /// Whether a place and numbers without names are all that it holds: `iter 1000: 0.523`.
    pub bare: bool,
    /// Whether a place is all that it holds: a heading, `──── Step 1000 ────`.
    pub alone: bool,
    /// Whether numbers stand on it that no name was found for.
    pub told: bool,
    /// Whether its figures are the last ones of the run: `final test accuracy 0.92`.
    pub last: bool,
    /// What it begins with, as a number: all before its first figure, save digits, blanks and case.
    pub lead: u64,
    /// Whether measures of learning are among its figures.
    pub measures: bool,
}

/// The split that a word names.
pub(crate) fn split_of(word: &str) -> Option<Split> {
    match word.to_ascii_lowercase().as_str() {
        "val" | "valid" | "validation" | "validate" | "validating" | "eval" | "evaluation" | "evaluate"
        | "evaluating" | "dev" => Some(Split::Validation),
        "test" | "testing" => Some(Split::Test),
        "train" | "training" => Some(Split::Train),
        _ => None,
    }
}

/// What a name is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// A measure of learning.
    Metric,
    /// Some figure.
    Plain,
    /// Counters and clocks.
    Noise,
}

/// What the figure called `name` is worth.
pub(crate) fn worth(name: &str, words: &mut Lexicon) -> Worth {
    let known = words.look(name);
    if known.noise {
        Worth::Noise
    } else if known.metric {
        Worth::Metric
    } else {
        Worth::Plain
    }
}

/// Weighs `body`.
pub(crate) fn weigh<'a>(body: &'a str, words: &mut Lexicon) -> Weighed<'a> {
    let body = spoken::own_words(body);
    let scan = fields::scan(body, words);
    judge(&scan.items, &Told::of(body, &scan), |_, name| worth(name, words))
}

/// On which data the figures of a line were taken of which only the first says so: `val loss_avg: 2.58 top1_avg: 0.43`.
fn led_by(pairs: &[Pair<'_>]) -> Option<Split> {
    let [first, rest @ ..] = pairs else { return None };
    let split = |name: &str| {
        let (word, _) = name.split_once(' ')?;
        split_of(word).filter(|split| *split != Split::Train)
    };
    let says = |name: &str| {
        let word = name.split([' ', '_', '/', '-']).next().unwrap_or(name);
        split_of(word).is_some()
    };
    split(first.name).filter(|_| !rest.is_empty() && !rest.iter().any(|pair| says(pair.name)))
}

/// The data that the first figure with a heading was taken on, and whether others were taken on others: `Train: … | Val: …`.
fn phases(items: &[Item<'_>]) -> (Option<Split>, bool) {
    let mut all = items.iter().filter_map(|item| match item {
        Item::Pair { phase, .. } => *phase,
        _ => None,
    });
    let first = all.next();
    (first, first.is_some() && all.any(|phase| Some(phase) != first))
}

/// Figures of one name on one line: behind `Val loss 0.6` stands the accuracy of validation, whatever it is called. Of two that
/// nothing tells apart (two heads, two models), none is the run's.
fn part_twins<'a>(pairs: &mut Pairs<'a>, beside: &mut Option<(Split, Pairs<'a>)>) {
    let mut led = None;
    let mut first = Pairs::new();
    let mut unclear: smallvec::SmallVec<[&str; 4]> = smallvec::SmallVec::new();
    for pair in pairs.drain(..) {
        let says = pair.name.split([' ', '_', '/', '-']).next().filter(|word| word.len() < pair.name.len());
        if let Some(split) = says.and_then(split_of) {
            led = Some(split);
            first.push(pair);
            continue;
        }
        let Some(twin) = first.iter().find(|other| other.name == pair.name) else {
            first.push(pair);
            continue;
        };
        match led.filter(|split| *split != Split::Train) {
            Some(split) => beside.get_or_insert_with(|| (split, Pairs::new())).1.push(pair),
            None if twin.value.to_bits() == pair.value.to_bits() => {}
            None => unclear.push(pair.name),
        }
    }
    first.retain(|pair| !unclear.contains(&pair.name));
    *pairs = first;
}

/// `total_steps: 2000 reward 4.2`: what is called a total beside measures counts how many there were.
fn counts_itself(out: &mut Weighed<'_>) {
    if let [(Count::Steps, value)] = out.totals.as_slice() {
        (out.at.step, out.at.step_base, out.placed) = (Some(*value), Some(1), true);
        out.totals.clear();
    }
}

/// Weighs the items of a line. `worth` tells what the item of a number and name is worth.
pub(crate) fn judge<'a>(
    items: &[Item<'a>],
    told: &Told,
    mut worth: impl FnMut(usize, &str) -> Worth,
) -> Weighed<'a> {
    let Told { split, done, last, loose, numbers, others, config, dump, elsewhere, lead, twice } = *told;
    let mut out = Weighed { split, done, lead, ..Weighed::default() };
    place(items, &mut out);
    let mut metrics = 0;
    let mut pairs = Pairs::new();
    let mut beside: Option<(Split, Pairs<'a>)> = None;
    let phases = phases(items);
    if phases.1 {
        out.split = phases.0;
    }
    for (i, item) in items.iter().enumerate() {
        if let Item::Pair { name, value, phase, .. } = *item {
            match worth(i, name) {
                Worth::Noise => continue,
                Worth::Metric => metrics += 1,
                Worth::Plain => {}
            }
            match phase.filter(|_| phase != phases.0 && phases.1) {
                Some(split) => {
                    beside.get_or_insert_with(|| (split, Pairs::new())).1.push(Pair { name, value });
                }
                None => pairs.push(Pair { name, value }),
            }
        }
    }
    let mut unclear = false;
    if twice {
        let before = pairs.len();
        part_twins(&mut pairs, &mut beside);
        unclear = pairs.is_empty() && before > 0;
    }
    if out.split.is_none() {
        out.split = led_by(&pairs);
    }
    let config = config || out.totals.len() > 1;
    let row = if pairs.is_empty() || dump {
        false
    } else if out.placed {
        loose <= 4 + 2 * pairs.len()
            && (metrics > 0 || !config)
            && (metrics > 0 || pairs.len() > 1 || loose <= 2)
    } else {
        let most = if out.counted.is_some() { 4 + 2 * pairs.len() } else { 2 };
        metrics > 0 && loose <= most && others <= 1 && !config
    };
    out.told = (numbers > 0 || unclear) && !dump;
    out.bare = out.placed && pairs.is_empty() && loose == 0 && numbers > 0 && !dump;
    out.alone = out.placed && items.len() == 1 && loose == 0 && numbers == 0 && !dump;
    if row && metrics > 0 && !out.placed {
        counts_itself(&mut out);
    }
    out.measures = row && metrics > 0;
    if row {
        out.values = pairs;
        out.beside = beside;
        out.last = last && !out.placed;
    }
    if elsewhere {
        // figures of another place; those that say so keep their names
        let mine = |pair: &Pair<'_>| is_of_elsewhere(pair.name.split([' ', '_', '-']).next().unwrap_or(""));
        out.values.retain(|pair| mine(pair));
        (out.placed, out.at, out.bare) = (false, At::default(), false);
        return out;
    }
    if !row && (loose > 6 || dump) {
        // prose: what it mentions is not where the run is
        out.placed = false;
        out.at = At::default();
    }
    out
}

#[cfg(test)]
mod tests;
