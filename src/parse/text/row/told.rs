//! What a line says besides its figures. Lines of a form differ in digits alone, so it is found out once for all of them.

use crate::model::record::Split;
use crate::parse::text::fields::Item;
use crate::parse::text::fields::Scan;

use super::closed::is_closed;
use super::elsewhere::is_elsewhere;
use super::split_of;

/// What a form of line says besides its figures: the same for every line that differs in digits alone.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing that a line may say, in any combination")]
pub(crate) struct Told {
    pub(super) split: Option<Split>,
    pub(super) done: bool,
    pub(super) last: bool,
    /// Loose words.
    pub(super) loose: usize,
    /// Numbers without a name.
    pub(super) numbers: usize,
    pub(super) others: usize,
    pub(super) config: bool,
    pub(super) dump: bool,
    /// What it tells of was before, or is to come: `Best: epoch 3 with loss 0.7`.
    pub(super) elsewhere: bool,
    /// What it begins with.
    pub(super) lead: u64,
    /// A name stands on it more than once.
    pub(super) twice: bool,
}

/// Words that say that something is over.
const DONE: [&str; 8] = ["done", "finished", "complete", "completed", "ended", "end", "summary", "finish"];

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
