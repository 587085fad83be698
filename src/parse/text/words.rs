//! The vocabulary of training logs: which names count epochs or steps, which name metrics, which only configure.
//!
//! Names are compared in lower case with everything but letters, digits and `_` made a blank.

mod counters;
mod measures;
mod prose;
mod settings;

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::hash::Hasher;

use crate::model::record::Count;

use self::counters::counter;
use self::counters::total;
use self::measures::is_metric;
use self::prose::is_link;
use self::prose::is_prose;
use self::prose::is_qualifier;
use self::settings::is_config;
use self::settings::is_noise;

/// What a name counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counter {
    /// Epochs.
    Epoch,
    /// Steps, iterations, updates: of the run or of an epoch, as the log will show.
    Step,
    /// Steps that the name itself calls global.
    GlobalStep,
    /// Batches of an epoch.
    Batch,
    /// Examples of an epoch.
    Sample,
    /// Something of a total: how it moves will show whether it is the run.
    Nameless,
    /// The first of two numbers in one bracket, with the second for its total.
    Outer,
    /// Hundredths of the run.
    Percent,
    /// Turns of a loop around training.
    Turn,
}

/// What a name (or a single word) is, all at once.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a list that a name may be on")]
pub(crate) struct Known {
    /// What it counts, if it is a counter.
    pub counter: Option<Counter>,
    /// What it counts, if it announces a total.
    pub total: Option<Count>,
    /// It is a counter with a word of its own before it (`eval epoch`).
    pub led: bool,
    /// It tells how much of all is done, in hundredths.
    pub share: bool,
    /// See [`is_metric`].
    pub metric: bool,
    /// See [`is_config`].
    pub config: bool,
    /// See [`is_noise`].
    pub noise: bool,
    /// See [`is_prose`].
    pub prose: bool,
    /// See [`is_link`].
    pub link: bool,
    /// See [`is_qualifier`].
    pub qualifier: bool,
}

/// Looks a name up in every list.
fn look_up(name: &str) -> Known {
    let whole = plain(name);
    let first =
        if name.contains(" / ") { plain(name.split(" / ").next().unwrap_or(name)) } else { whole.clone() };
    let counted =
        if name.contains('(') { plain(name.split('(').next().unwrap_or(name)) } else { whole.clone() };
    // `time/epoch`, `tokens/step`: of each
    let units = ["time", "s", "sec", "secs", "seconds", "ms", "samples", "tokens", "images"];
    let before = name.rsplit_once('/').and_then(|(head, _)| head.rsplit([' ', '/', '_']).next());
    let of_each = before.is_some_and(|head| units.iter().any(|unit| head.eq_ignore_ascii_case(unit)));
    let counts = counter(&counted);
    Known {
        counter: counts.filter(|_| !of_each),
        total: total(&first),
        led: name.split_once(' ').is_some_and(|(_, rest)| counter(&plain(rest)).is_some()),
        share: matches!(whole.as_str(), "progress" | "training progress" | "train progress" | "percent done"),
        metric: is_metric(&whole),
        config: is_config(&first),
        noise: (of_each && counts.is_some()) || is_noise(&whole),
        prose: is_prose(&whole) || name == "=" || name == "==",
        link: is_link(&whole),
        qualifier: is_qualifier(&whole),
    }
}

/// FNV-1a: names are short, and nobody gains by making them collide.
#[derive(Debug, Clone, Copy)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Names that a log has used lately with what they are: a log says the same few names on every line.
#[derive(Debug, Default)]
pub(crate) struct Lexicon(HashMap<Box<str>, Known, BuildHasherDefault<Fnv>>);

/// Names that are remembered; a thousand logs may be open.
const MOST: usize = 192;

impl Lexicon {
    /// What `name` is.
    pub(crate) fn look(&mut self, name: &str) -> Known {
        if let Some(known) = self.0.get(name) {
            return *known;
        }
        let known = look_up(name);
        if name.len() <= 40 {
            if self.0.len() >= MOST {
                self.0.clear();
            }
            self.0.insert(name.into(), known);
        }
        known
    }
}

/// Lower case, words joined by single blanks.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_alphanumeric() || c == '_' {
            out.extend(c.to_lowercase());
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
