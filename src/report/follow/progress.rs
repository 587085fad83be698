//! A run's progress in one line: `Epoch 1/100 [████████░░░░░░░░░░░░]  42% | 42/100 | 2.1 it/s | loss=0.0034`.
//!
//! All figures are those of the tracker; what it does not know is left out. Where the run has a bar for each epoch, bar and
//! counter are those of the epoch under way, and the share of the whole run stands at the end.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use super::Look;
use super::frame::cut;
use crate::model::facts::Facts;
use crate::model::facts::LiveBar;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::model::state::State;
use crate::parse::clean::clean;
use crate::report::figures::count;
use crate::report::figures::figure;
use crate::report::figures::span;
use crate::report::say::say;
use crate::store::pick::Picks;

/// Cells of the bar.
const CELLS: usize = 20;
/// The same where there is little room.
const FEW: usize = 8;

/// What one line says, each part as far as it is known.
#[derive(Debug, Default)]
struct Parts {
    label: String,
    percent: Option<f64>,
    counter: Option<String>,
    rate: Option<String>,
    figures: Vec<String>,
    rest: Option<String>,
}

/// The line; `None` when nothing is known of how far the run is.
pub fn line(run: &Run, verdict: &Verdict, look: Look) -> Option<String> {
    let parts = parts(&run.facts, verdict.state);
    if parts.percent.is_none() && parts.counter.is_none() && parts.figures.is_empty() {
        return None;
    }
    let mut parts = parts;
    let mut cells = CELLS;
    for thrift in 0..=6 {
        // what matters least goes first
        match thrift {
            0 => {}
            1 => parts.figures.truncate(1),
            2 => cells = FEW,
            3 => parts.rest = None,
            4 => parts.rate = None,
            5 => cells = 0,
            _ => parts.counter = None,
        }
        let text = write(&parts, cells, look.ascii);
        if look.width.is_none_or(|width| text.width() <= width) {
            return Some(say(&text).into_owned());
        }
    }
    let text = write(&parts, cells, look.ascii);
    Some(cut(&say(&text), look.width.unwrap_or(usize::MAX)).to_owned())
}

fn write(parts: &Parts, cells: usize, ascii: bool) -> String {
    let mut head = parts.label.clone();
    if let Some(percent) = parts.percent {
        let shown = percent.clamp(0.0, 100.0).floor();
        if cells > 0 {
            if !head.is_empty() {
                head.push(' ');
            }
            head.push_str(&bar(shown, cells, ascii));
        }
        if !head.is_empty() {
            head.push(' ');
        }
        // writing to a string does not fail
        let _ = write!(head, "{shown:>3.0}%");
    }
    let parts = std::iter::once(Some(head))
        .chain([parts.counter.clone(), parts.rate.clone()])
        .flatten()
        .chain(parts.figures.iter().cloned())
        .chain(parts.rest.clone());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn bar(percent: f64, cells: usize, ascii: bool) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of cells"
    )]
    let full = (percent / 100.0 * cells as f64).floor() as usize;
    let (done, left) = if ascii { ("#", ".") } else { ("█", "░") };
    format!("[{}{}]", done.repeat(full.min(cells)), left.repeat(cells.saturating_sub(full)))
}

fn parts(facts: &Facts, state: State) -> Parts {
    let progress = &facts.progress;
    let live = matches!(state, State::Running | State::Stalled | State::Queued);
    let bar = progress.bars.first().filter(|_| live);
    // an outer bar that counts epochs says less than the one inside it
    let bar = match (bar, progress.bars.get(1)) {
        (Some(outer), Some(inner)) if outer.total.is_some() && outer.total == progress.total_epochs => {
            Some(inner)
        }
        (bar, _) => bar,
    };
    let of_bar = bar.and_then(|bar| Some((bar, share(bar)?)));
    let percent = of_bar.map(|(_, share)| share).or(progress.percent);
    let counter = match of_bar {
        Some((bar, _)) => bar.total.map(|total| format!("{}/{}", count(bar.current), count(total))),
        None => match (progress.step, progress.total_steps) {
            (Some(step), Some(total)) => Some(format!("{}/{}", count(step), count(total))),
            (Some(step), None) => Some(format!("step {}", count(step))),
            _ => bar.filter(|bar| bar.total.is_none()).map(|bar| count(bar.current)),
        },
    };
    let whole = of_bar.and(progress.percent).filter(|whole| percent.map(f64::floor) != Some(whole.floor()));
    let whole = whole.map(|whole| format!("run {:.0}%", whole.clamp(0.0, 100.0).floor()));
    let left = progress.eta.filter(|_| live).map(|eta| format!("{} left", span(eta)));
    let rest = [whole, left].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Parts {
        label: label(facts, bar, live),
        percent,
        counter,
        rate: live.then(|| bar.and_then(|bar| bar.rate).or(progress.rate)).flatten().and_then(rate),
        figures: figures(facts),
        rest: Some(rest).filter(|rest| !rest.is_empty()),
    }
}

fn share(bar: &LiveBar) -> Option<f64> {
    let total = bar.total.filter(|total| *total > 0.0)?;
    Some((bar.current / total * 100.0).clamp(0.0, 100.0))
}

/// `Epoch 3/10`: the one under way, or how many were done when the run is over.
fn label(facts: &Facts, bar: Option<&LiveBar>, live: bool) -> String {
    let progress = &facts.progress;
    match (progress.completed_epochs, progress.total_epochs) {
        (Some(done), Some(total)) => {
            let at = if live { (done.floor() + 1.0).min(total) } else { done };
            format!("Epoch {}/{}", count(at), count(total))
        }
        (Some(done), None) if live => format!("Epoch {}", count(done.floor() + 1.0)),
        (Some(done), None) if done > 0.0 => format!("Epoch {}", count(done)),
        _ => bar.map(|bar| clean(&bar.label).trim().to_owned()).unwrap_or_default(),
    }
}

/// The training loss, the best known validation figure, at most one more.
fn figures(facts: &Facts) -> Vec<String> {
    let picks = Picks::of(facts);
    let loss = picks.loss_of(facts);
    let score = picks.score.as_ref().and_then(|score| facts.metric(&score.name));
    let score = score.filter(|score| loss.is_none_or(|loss| loss.name != score.name));
    let mut shown: Vec<String> = [loss, score]
        .into_iter()
        .flatten()
        .map(|metric| format!("{}={}", clean(&metric.name), figure(metric.last)))
        .collect();
    if let Some(search) = &facts.search {
        let of = |name: &str, value: Option<u64>, total: Option<u64>| {
            let value = value?;
            Some(total.map_or_else(|| format!("{name} {value}"), |total| format!("{name} {value}/{total}")))
        };
        shown.extend(of("position", search.position, search.total_positions));
        shown.extend(of("trial", search.trial, search.total_trials));
        shown.extend(search.best_score.map(|best| format!("best={}", figure(best))));
    }
    shown
}

fn rate(per_second: f64) -> Option<String> {
    if !per_second.is_finite() || per_second <= 0.0 {
        None
    } else if per_second >= 1.0 {
        Some(format!("{per_second:.1} it/s"))
    } else {
        Some(format!("{:.1} s/it", 1.0 / per_second))
    }
}

/// Lets a progress line through where lines stay: one for each percent of the run; where no percent is known one for each
/// epoch, and where none is counted one for each time that the first two digits of the step have changed.
#[derive(Debug, Default)]
pub struct Gate {
    last: Option<Passed>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Passed {
    Percent(f64),
    Epoch(f64),
    Step(f64),
    Other,
}

impl Gate {
    /// Whether `run` has come so far that it is worth another line.
    pub fn lets_through(&mut self, run: &Run) -> bool {
        let progress = &run.facts.progress;
        let bar = progress.bars.first();
        let now = if let Some(percent) = progress.percent {
            Passed::Percent(percent.floor())
        } else if let Some(epoch) = progress.completed_epochs {
            Passed::Epoch(epoch.floor())
        } else if let Some(share) = bar.and_then(share) {
            Passed::Percent(share.floor())
        } else if let Some(step) = progress.step.or_else(|| bar.map(|bar| bar.current)) {
            Passed::Step(two_digits(step))
        } else {
            Passed::Other
        };
        let passes = self.last != Some(now);
        self.last = Some(now);
        passes
    }

    /// The log began anew.
    pub const fn reset(&mut self) {
        self.last = None;
    }
}

/// `12345` is `12000`.
fn two_digits(value: f64) -> f64 {
    let mut unit = 1.0;
    while value / unit >= 100.0 && unit < 1e300 {
        unit *= 10.0;
    }
    (value / unit).floor() * unit
}

#[cfg(test)]
mod tests;
