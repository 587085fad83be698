//! Weighs what a message says: a row of figures, an epoch's beginning or end, totals of a configuration, or prose.
//!
//! Below confidence nothing is claimed. A line is a row when it says where in training it stands and holds figures, or when
//! its figures bear names of measures and hardly any other word stands beside them.

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Split;

use super::fields;
use super::fields::Item;
use super::fields::Scan;
use super::number;
use super::words::Counter;
use super::words::Lexicon;

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
    /// The turn of a loop around training, of how many.
    pub turn: Option<(f64, f64)>,
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

fn place(items: &[Item<'_>], out: &mut Weighed<'_>) {
    for item in items {
        match *item {
            Item::At { what: Counter::Epoch | Counter::Batch, done, .. } if done.is_nan() => {}
            Item::At {
                what: what @ (Counter::Nameless | Counter::Outer | Counter::Percent),
                done,
                all,
                ..
            } => {
                out.counted = Some((what, done, all.unwrap_or(100.0)));
            }
            Item::At { what: Counter::Turn, done, all, .. } => out.turn = all.map(|all| (done, all)),
            Item::At { what, done, all, .. } => {
                let at = &mut out.at;
                match what {
                    Counter::Epoch if at.epoch.is_none() => (at.epoch, at.epoch_total) = (Some(done), all),
                    Counter::GlobalStep => {
                        if let (Some(step), Some(all), None) = (at.step, at.step_total, at.batch)
                            && (at.epoch.is_some() || step.to_bits() != done.to_bits())
                        {
                            // `Training epoch 0, iteration 20/99 | global_step: 20`
                            (at.batch, at.batch_total) = (Some(step), Some(all));
                        }
                        (at.step, at.step_total, at.step_base) = (Some(done), all, Some(1));
                    }
                    // timm calls its batches so, which count from 0
                    Counter::Sample => {
                        at.part =
                            all.map(|all| if done > 1.0 && done + 1.0 >= all { 1.0 } else { done / all });
                    }
                    Counter::Step if at.step.is_none() => (at.step, at.step_total) = (Some(done), all),
                    Counter::Batch if at.batch.is_none() => (at.batch, at.batch_total) = (Some(done), all),
                    _ => continue,
                }
                out.placed = true;
            }
            Item::Total { of, value, .. } => out.totals.push((of, value)),
            Item::Pair { .. } => {}
        }
    }
}

/// What a form of line says besides its figures: the same for every line that differs in digits alone.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a line may say, in any combination")]
pub(crate) struct Told {
    split: Option<Split>,
    done: bool,
    last: bool,
    /// Loose words.
    loose: usize,
    /// Numbers without a name.
    numbers: usize,
    others: usize,
    config: bool,
    dump: bool,
    /// What it tells of was before, or is to come: `Best: epoch 3 with loss 0.7`.
    elsewhere: bool,
    /// What it begins with.
    lead: u64,
    /// A name stands on it more than once.
    twice: bool,
}

/// What a line begins with, as a number: all before its first figure, save digits, blanks and case.
fn lead(body: &str, items: &[Item<'_>]) -> u64 {
    let first = items.iter().map(|item| match item {
        Item::Pair { from, .. } | Item::At { from, .. } | Item::Total { from, .. } => *from,
    });
    let first = first.filter_map(|from| from.as_ptr().addr().checked_sub(body.as_ptr().addr())).min();
    let before = first.and_then(|at| body.get(..at)).unwrap_or(body);
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    // blanks fill up what digits leave: `[ 90/120]`, `[100/120]`
    for byte in before.bytes().filter(|byte| !byte.is_ascii_digit() && !matches!(byte, b' ' | b'\t')) {
        hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// Whether two figures of one name and the same data stand on a line.
fn is_twice(items: &[Item<'_>]) -> bool {
    let mut names: smallvec::SmallVec<[_; 16]> = smallvec::SmallVec::new();
    for item in items {
        if let Item::Pair { name, phase, .. } = *item {
            names.push((name, phase));
        }
    }
    names.iter().enumerate().any(|(i, name)| names.iter().skip(i + 1).any(|other| other == name))
}

/// Words before a place that make it another than where training is.
const ELSEWHERE: [&str; 16] = [
    "best",
    "top",
    "lowest",
    "highest",
    "minimum",
    "maximum",
    "selected",
    "improvement",
    "plateau",
    "since",
    "expected",
    "target",
    "reference",
    "bad",
    "final",
    "previous",
];

/// Whether a heading says that what follows was at another place.
pub(crate) fn is_of_elsewhere(word: &str) -> bool {
    ELSEWHERE.iter().any(|other| word.eq_ignore_ascii_case(other))
}

/// Whether the first place of a line is that of something else.
fn is_elsewhere(body: &str, scan: &Scan<'_>) -> bool {
    let place = scan.items.iter().find_map(|item| match item {
        Item::At { what: Counter::Epoch | Counter::Step | Counter::GlobalStep, from, .. } => Some(*from),
        _ => None,
    });
    let before = place
        .and_then(|from| from.as_ptr().addr().checked_sub(body.as_ptr().addr()))
        .and_then(|at| body.get(..at));
    let is = |word: &str| ELSEWHERE.iter().any(|other| word.eq_ignore_ascii_case(other));
    // `Best epoch: 3, loss: 0.7`
    let named = scan.items.iter().any(|item| match item {
        Item::Pair { name, .. } => {
            let mut words = name.split([' ', '_']);
            words.next().is_some_and(is)
                && words
                    .next_back()
                    .is_some_and(|last| matches!(last, "epoch" | "Epoch" | "step" | "iter" | "iteration"))
        }
        _ => false,
    });
    // `Epoch 3 was the best: loss 0.7`
    let said = scan.loose.iter().any(|word| matches!(*word, "was" | "has"))
        && scan.loose.iter().any(|word| matches!(*word, "best" | "lowest" | "highest"));
    // an entry of a list: `1. epoch 7 loss 0.30`
    let listed = body
        .split_once(['.', ')'])
        .is_some_and(|(number, rest)| rest.starts_with(' ') && number.bytes().all(|b| b.is_ascii_digit()))
        && body.starts_with(|c: char| c.is_ascii_digit());
    if named || said || listed {
        return true;
    }
    before.is_some_and(|before| {
        before
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| ELSEWHERE.iter().any(|other| word.eq_ignore_ascii_case(other)))
    })
}

/// Whether something stands behind an epoch's number that only its end can tell, though nobody can name it: a measure in
/// whatever spelling, how long it took, a tick.
fn is_closed(body: &str, items: &[Item<'_>]) -> bool {
    let [Item::At { what: Counter::Epoch, from, beside, .. }, rest @ ..] = items else { return false };
    if rest.iter().any(|item| matches!(item, Item::At { .. } | Item::Total { .. })) || body.contains("%|") {
        return false;
    }
    let last = if beside.is_empty() { from } else { beside };
    let behind = (last.as_ptr().addr() + last.len()).checked_sub(body.as_ptr().addr());
    let Some(behind) = behind.and_then(|at| body.get(at..)) else { return false };
    let mut words =
        behind.split([' ', '\t', ',', '|', ';', '/', '=', '+']).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if bare.is_empty() {
            let tick = word.chars().all(|c| matches!(c, '✓' | '✔' | '✅' | '☑' | '\u{fe0f}'));
            if tick && words.peek().is_none() {
                return true;
            }
            continue;
        }
        if !bare.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        if bare.contains(':') {
            // how long, and not at what time: `0:00:12`, `00:12`
            let hours = bare.split(':').next().unwrap_or("");
            let parts = bare.split(':').count();
            if number::clock(bare).is_some() && (parts == 2 || hours.len() == 1 || hours == "00") {
                return true;
            }
            continue;
        }
        let decimal = bare
            .as_bytes()
            .windows(3)
            .any(|w| matches!(w, [a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit()));
        // a date, a version, an address and a file's name are no measures
        let other =
            bare.matches('.').count() > 1 || bare.matches('-').count() > 1 || bare.starts_with(['v', 'V']);
        let setting = rest.iter().any(|item| matches!(item, Item::Pair { from, .. } if from.contains(bare)));
        if decimal && !other && !setting {
            return true;
        }
    }
    false
}

impl Told {
    /// What `body` says besides the figures of `scan`.
    pub(crate) fn of(body: &str, scan: &Scan<'_>) -> Self {
        let mut out = Self { others: scan.others, dump: scan.others > 3, ..Self::default() };
        let mut first = 0;
        for word in &scan.loose {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            // what a logger of a form of its own left: `2026-01-05,10:00:00 | INFO | Eval Epoch: 2`
            let is_prefix = !word.bytes().any(|b| b.is_ascii_alphabetic())
                || matches!(word, "INFO" | "DEBUG" | "WARNING");
            first += usize::from(!is_prefix || !word.is_ascii());
            if first <= 2 && out.split.is_none() {
                out.split = split_of(word);
            }
            out.done |= DONE.iter().any(|done| word.eq_ignore_ascii_case(done));
        }
        if let Some(inside) = body.split_once('(').and_then(|(head, rest)| {
            (head.len() < 12 && !head.contains(' ')).then(|| rest.split(')').next()).flatten()
        }) {
            out.split = out.split.or_else(|| split_of(inside));
        }
        out.loose = scan.loose.iter().filter(|w| w.bytes().any(|b| b.is_ascii_alphabetic())).count();
        // the rest of a bar is no figure
        out.numbers = if body.contains('%') { 0 } else { scan.numbers };
        if out.numbers == 0 && is_closed(body, &scan.items) {
            out.numbers = 1;
        }
        out.elsewhere = is_elsewhere(body, scan);
        out.lead = lead(body, &scan.items);
        out.twice = is_twice(&scan.items);
        out.last = body.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("final "));
        let settings = is_config_line(body);
        // a dump of settings may well hold a `batch=8` or an `iou=0.7`
        out.dump |= settings;
        out.config = scan.config > 0 || scan.others > 1 || settings;
        out
    }
}

/// Words that say that something is over.
const DONE: [&str; 8] = ["done", "finished", "complete", "completed", "ended", "end", "summary", "finish"];

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
        let mine = |pair: &Pair<'_>| {
            let first = pair.name.split([' ', '_', '-']).next().unwrap_or("");
            ELSEWHERE.iter().any(|other| first.eq_ignore_ascii_case(other))
        };
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

/// A line that tells how the run was set up.
pub(crate) fn is_config_line(body: &str) -> bool {
    let lower = body.get(..body.len().min(24)).unwrap_or(body).to_ascii_lowercase();
    [
        "config",
        "args",
        "namespace(",
        "hyperparam",
        "arguments",
        "parameters",
        "params",
        "settings",
        "options",
        "hparams",
        "engine/trainer",
    ]
    .iter()
    .any(|word| lower.starts_with(word))
        || body.contains("Namespace(")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(body: &str) -> Vec<String> {
        weigh(body, &mut Lexicon::default()).values.iter().map(|p| p.name.to_owned()).collect()
    }

    #[test]
    fn rows_and_prose() {
        assert_eq!(names("epoch 1/5: train_loss=0.4084 val_loss=0.2763"), ["train_loss", "val_loss"]);
        assert_eq!(names("score 0.522"), ["score"]);
        assert_eq!(names("Max accuracy: 79.51%"), ["Max accuracy"]);
        assert_eq!(names("top_k_accuracy: 0.91"), ["top_k_accuracy"]);
        assert_eq!(names("F1 Score:        0.6334"), ["F1 Score"]);
        for text in [
            "Metric val_loss improved by 0.212 >= min_delta = 0.0. New best score: 0.326",
            "Monitored metric val_loss did not improve in the last 3 records. Best score: 0.258. Signaling Trainer to stop.",
            "Config: epochs=6 batch_size=32 lr=0.5",
            "number of parameters: 0.00M",
            "tokens per iteration will be: 491,520",
            "engine/trainer: agnostic_nms=False, amp=False, epochs=5, lr0=0.01, loss=None",
            "learning rate = 0.5",
            "Number of divergences: 0",
            "device=cpu amp=False",
            "Total params: 1,538 (6.01 KB)",
            "Epoch 1: early stopping",
            "gradient norm above 1.0",
            "INSTANCE_LOSS_WEIGHT: 1.0",
            "'kl_loss_coef': 0.001,",
            "max_grad_norm: 1.0",
            "Failed to upload checkpoint (attempt 1/3), will retry: [Errno 111] Connection refused",
        ] {
            assert!(names(text).is_empty(), "{text}: {:?}", names(text));
        }
    }

    #[test]
    fn places_that_logs_of_the_field_tell() {
        let at = |body: &str| weigh(body, &mut Lexicon::default()).at;
        let place = |epoch, epoch_total, step, step_total| At {
            epoch,
            epoch_total,
            step,
            step_total,
            ..At::default()
        };
        for (body, what) in [
            ("Epoch 1/4: train_loss=0.5 val_loss=0.5", place(Some(1.0), Some(4.0), None, None)),
            (
                "iteration       80/     500 | consumed samples:  2560 | lm loss: 2.2E-01 | number of nan iterations:   0 |",
                place(None, None, Some(80.0), Some(500.0)),
            ),
            ("Num batches each epoch = 10", At::default()),
            ("Generation 8: best fitness = 98.12", place(None, None, Some(8.0), None)),
            ("第3轮 训练损失: 0.5 验证准确率: 0.93", place(Some(3.0), None, None, None)),
        ] {
            assert_eq!(at(body), what, "{body}");
        }
        let batch =
            At { batch: Some(100.0), batch_total: Some(1600.0), ..place(Some(1.0), None, None, None) };
        assert_eq!(at("epoch 001:    100 / 1600 loss=3.2, ppl=20"), batch);
        let batch =
            At { batch: Some(50.0), batch_total: Some(1583.0), ..place(Some(1.0), Some(5.0), None, None) };
        assert_eq!(at("[1/5][50/1583]	Loss_D: 0.5	Loss_G: 1.5"), batch);
        let part = At { part: Some(0.25), ..place(Some(2.0), None, None, None) };
        assert_eq!(at("Train Epoch: 2 [15000/60000 (25%)]	Loss: 0.512"), part);
        assert_eq!(names("training [time: 1.23s, train loss: 0.5]"), ["time", "train loss"]);
        assert_eq!(
            names("[epoch: 0, iter: 800] [eta: 1:02:03, time (data): 0.512 (0.001)] l_pix: 2.2e-01"),
            ["time (data)", "l_pix"]
        );
    }

    #[test]
    fn a_measure_at_a_place_and_the_last_ones() {
        for (body, step, value) in [
            ("Score at iteration 78700 is 0.98", 78700.0, ("Score", 0.98)),
            ("val loss at step 40: 0.25", 40.0, ("val loss", 0.25)),
        ] {
            let found = weigh(body, &mut Lexicon::default());
            assert_eq!(found.at.step, Some(step), "{body}");
            assert_eq!(found.values.iter().map(|p| (p.name, p.value)).collect::<Vec<_>>(), [value], "{body}");
        }
        assert!(names("Model improved at step 40: see below").is_empty());
        assert!(weigh("final val_loss 2.2426", &mut Lexicon::default()).last);
        assert!(!weigh("final loss of epoch 3: 0.5", &mut Lexicon::default()).last);
    }

    #[test]
    fn the_split_is_told_by_the_first_words() {
        assert_eq!(
            weigh("Test:  loss 0.3330  acc@1 92.188", &mut Lexicon::default()).split,
            Some(Split::Test)
        );
        assert_eq!(
            weigh("Epoch(val) [1][6/6]    toy/accuracy: 91.6667", &mut Lexicon::default()).split,
            Some(Split::Validation)
        );
        assert_eq!(
            weigh("eval epoch=1 val/loss=0.297851", &mut Lexicon::default()).split,
            Some(Split::Validation)
        );
        assert_eq!(weigh("Epoch 1/5 - train_loss: 1.1", &mut Lexicon::default()).split, None);
        let split = |body| weigh(body, &mut Lexicon::default()).split;
        assert_eq!(split("END epoch:24  val loss_avg: 2.58659 top1_avg: 0.43750"), Some(Split::Validation));
        assert_eq!(split("END epoch:24  train loss_avg: 2.58659 top1_avg: 0.43750"), None);
        assert_eq!(split("Epoch 2: val loss 0.5 train loss 0.4"), None);
    }
}
