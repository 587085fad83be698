//! Whether a text is the log of a training, for files whose names say nothing: `gcn.txt`, `diary.txt`, `sampling.out.3`.
//!
//! Words do not tell: notes, data and source code speak of epochs and losses, too. What only a training prints is one and the same
//! counter again and again, further on each time, with measures beside it or a total behind it. So the reader of logs itself is
//! asked what it makes of the text.

use crate::model::level::Level;
use crate::model::record::At;
use crate::model::record::BarStyle;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Redraw;
use crate::model::record::Row;
use crate::model::record::Sink;

use super::format::Format as _;
use super::role;
use super::text::TextLog;

/// Times that a counter has to climb.
const CLIMBS: u32 = 3;

/// What climbs in a text.
#[derive(Debug, Default)]
struct Climbs {
    /// Where the newest row stood.
    place: Option<f64>,
    rows: u32,
    /// How far the newest bar was drawn, and of how many.
    bar: Option<(f64, f64)>,
    bars: u32,
    /// Bars that have no style of their own: counters beside figures.
    plain: u32,
}

/// Whether a figure is one that something learns by.
fn is_measure(name: &str) -> bool {
    const PARTS: [&str; 14] = [
        "loss",
        "devian",
        "error",
        "nll",
        "accura",
        "likelihood",
        "reward",
        "cost",
        "objective",
        "elbo",
        "entropy",
        "perplex",
        "rmse",
        "logloss",
    ];
    let lower = name.to_ascii_lowercase();
    role::is_training_word(name) || PARTS.iter().any(|part| lower.contains(part))
}

/// A number that grows with the place.
fn far(at: &At) -> Option<f64> {
    let inner = at.step.or(at.batch).unwrap_or(0.0);
    match (at.epoch, at.step) {
        (Some(epoch), _) => Some(epoch * 1e9 + inner),
        (None, step) => step,
    }
}

impl Climbs {
    fn row(&mut self, row: &Row<'_>) {
        let at = &row.at;
        let Some(now) = far(at) else { return };
        let counted = at.epoch_total.is_some() || at.step_total.is_some();
        let measured = !row.values.is_empty()
            && (at.epoch.is_some() || row.values.iter().any(|pair| is_measure(pair.name)));
        if !counted && !measured {
            return;
        }
        if self.place.is_some_and(|before| now > before) {
            self.rows += 1;
        }
        self.place = Some(now);
    }

    fn bar(&mut self, now: f64, all: Option<f64>, plain: bool) {
        let Some(all) = all else { return };
        if self.bar.is_some_and(|(before, of)| of.to_bits() == all.to_bits() && now > before) {
            *if plain { &mut self.plain } else { &mut self.bars } += 1;
        }
        self.bar = Some((now, all));
    }
}

impl Sink for Climbs {
    fn record(&mut self, record: &Record<'_>, _origin: &Origin) {
        match record {
            Record::Row(row) => self.row(row),
            Record::Bar(bar) => {
                self.bar(bar.current, bar.total, matches!(bar.style, BarStyle::Lines | BarStyle::Other));
            }
            _ => {}
        }
    }

    fn redraw(&mut self, _redraw: &Redraw<'_>, _origin: &Origin) {
        self.bars += 1;
    }

    fn line(&mut self, _level: Option<Level>, _progress: bool, _origin: &Origin) {}
}

fn climbs(head: &[u8]) -> Climbs {
    let mut seen = Climbs::default();
    TextLog::default().push(head, &mut seen);
    seen
}

/// Whether `head`, the first bytes of a file, holds rows or bars of a training that moves on.
pub fn is_training(head: &[u8]) -> bool {
    let seen = climbs(head);
    seen.rows >= CLIMBS || seen.bars >= CLIMBS
}

/// The same where the file's name speaks for it: then counters of no name will do, too (`[3/20]`).
pub fn is_likely_training(head: &[u8]) -> bool {
    let seen = climbs(head);
    seen.rows >= CLIMBS || seen.bars + seen.plain >= CLIMBS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_climbs_is_a_training() {
        for log in [
            "Epoch 00000 | Loss 1.7\nEpoch 00001 | Loss 1.6\nEpoch 00002 | Loss 1.5\nEpoch 00003 | Loss 1.2\n",
            "  epoch    train_loss    dur\n-------  ------------  -----\n  1  0.7  0.1\n  2  0.6  0.1\n  3  0.5  0.1\n  4  0.4  0.1\n",
            "Iteration: 1 / 90\nIteration: 30 / 90\nIteration: 60 / 90\nIteration: 90 / 90\n",
        ] {
            assert!(is_training(log.as_bytes()), "{log}");
        }
        let rounds = "[1/9] Loss 0.9\n[2/9] Loss 0.8\n[3/9] Loss 0.7\n[4/9] Loss 0.6\n[5/9] Loss 0.5\n[6/9] Loss 0.4\n[7/9] Loss 0.3\n";
        assert!(is_likely_training(rounds.as_bytes()));
        assert!(!is_training(rounds.as_bytes()));
    }

    #[test]
    fn what_only_speaks_of_it_is_none() {
        for text in [
            "",
            "numpy==1.26.4\ntorch==2.3.1\ntqdm==4.66.4\nepochs==3\n",
            "0 0.51 0.42 0.11 0.20\n1 0.33 0.40 0.10 0.21\n2 0.61 0.39 0.12 0.22\n3 0.2 0.3 0.4 0.5\n",
            "To do: train for epoch 3, then look at the loss 0.5.\n",
            "step  x  y\n1  2  3\n2  3  4\n3  4  5\n4  5  6\n",
            "img_001.jpg 3\nimg_002.jpg 4\nimg_003.jpg 5\nimg_004.jpg 6\n",
            "id\tname\tage\n1\ta\t30\n2\tb\t31\n3\tc\t32\n4\td\t33\n",
            "epoch 3 loss 0.5\n",
        ] {
            assert!(!is_training(text.as_bytes()), "{text}");
        }
    }
}
