//! scikit-learn and joblib: grid searches, forests and their parallel workers, which count tasks rather than steps, and the
//! perceptron, whose `Iteration 3, loss = 0.88` is a pass over the data (`max_iter` counts epochs, says its manual).

use crate::model::record::At;
use crate::model::record::Count;
use crate::model::record::Ending;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::RowKind;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

#[derive(Default)]
pub(super) struct Sklearn {
    /// Fits of a search that have ended.
    fits: f64,
    /// Whether a search is under way, whose fits may be parallel tasks too.
    search: bool,
    /// Whether the perceptron trains.
    perceptron: bool,
    /// Whether gradient descent tells of each epoch, with the time so far at its end.
    descent: Option<f64>,
}

/// Lines behind which no other of the same fit comes.
const OVER: [&str; 3] = ["Converged at iteration ", "[t-SNE] KL divergence after ", "Convergence after "];

/// `Iteration 3, loss = 0.88023757`: the number and the figure.
fn iteration(body: &str) -> Option<(f64, f64)> {
    let (number, loss) = body.strip_prefix("Iteration ")?.split_once(", loss = ")?;
    Some((number::count(number)?, number::number(loss.trim())?))
}

/// The limit that a `ConvergenceWarning` of the perceptron tells.
fn limit(body: &str) -> Option<f64> {
    let (_, rest) = body.split_once("ConvergenceWarning: Stochastic Optimizer: Maximum iterations (")?;
    number::count(rest.split_once(')')?.0)
}

impl Sklearn {
    fn step(out: &mut Out<'_>, done: f64, all: Option<f64>) {
        out.framework("sklearn");
        out.row(
            At { step: Some(done), step_total: all, step_base: Some(1), ..At::default() },
            None,
            RowKind::Plain,
            Pairs::new(),
        );
    }
}

impl Shape for Sklearn {
    fn may_want(&self, body: &str) -> bool {
        body.starts_with('[')
            || [
                "Fitting ",
                "building tree ",
                "Best param",
                "Iteration ",
                "-- Epoch ",
                "Total training time: ",
                "Conver",
            ]
            .iter()
            .any(|start| body.starts_with(start))
            || (self.perceptron && body.contains("ConvergenceWarning"))
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        let body = line.body;
        if let Some(rest) = body.strip_prefix("Fitting ").filter(|rest| rest.contains(" folds for each of "))
        {
            self.fits = 0.0;
            self.search = true;
            let words = rest.split("totalling ").nth(1).and_then(|tail| tail.split(' ').next());
            if let Some(all) = words.and_then(number::count) {
                out.framework("sklearn");
                out.total(Count::Steps, all);
            }
            return true;
        }
        if body.starts_with("[CV") {
            if body.contains(" END ") || body.contains("total time=") {
                self.fits += 1.0;
                Self::step(out, self.fits, None);
            }
            return true;
        }
        if OVER.iter().any(|start| body.starts_with(start)) {
            out.framework("sklearn");
            out.ending(Ending::Completed);
            return true;
        }
        if let Some(epoch) = body.strip_prefix("-- Epoch ").and_then(number::count) {
            self.descent = Some(epoch);
            out.framework("sklearn");
            out.epoch(At { epoch: Some(epoch), epoch_base: Some(1), ..At::default() }, false);
            return true;
        }
        if let Some(epoch) = self.descent.filter(|_| body.starts_with("Total training time: ")) {
            out.epoch(At { epoch: Some(epoch), epoch_base: Some(1), ..At::default() }, true);
            return true;
        }
        // it prints; Caffe's logger writes the same words behind a time
        if let Some((epoch, loss)) = iteration(body).filter(|_| line.raw.trim() == body) {
            self.perceptron = true;
            out.framework("sklearn");
            let at = At { epoch: Some(epoch), epoch_base: Some(1), ..At::default() };
            out.row(at, None, RowKind::EpochEnd, [Pair { name: "loss", value: loss }].into_iter().collect());
            return true;
        }
        if let Some(all) = limit(body).filter(|_| self.perceptron) {
            out.total(Count::Epochs, all);
            out.ending(Ending::Completed);
            return true;
        }
        if let Some((tree, all)) =
            body.strip_prefix("building tree ").and_then(|rest| rest.split_once(" of "))
        {
            if let (Some(tree), Some(all)) = (number::count(tree), number::count(all)) {
                Self::step(out, tree, Some(all));
            }
            return true;
        }
        if let Some((_, rest)) =
            body.strip_prefix("[Parallel(n_jobs=").and_then(|rest| rest.split_once("]: "))
        {
            if let Some(rest) = rest.strip_prefix("Done").filter(|_| !self.search) {
                let mut words = rest.split_whitespace();
                let done = words.next().and_then(number::count);
                let all = rest
                    .split("out of")
                    .nth(1)
                    .and_then(|rest| rest.split_whitespace().next())
                    .and_then(number::count);
                if let Some(done) = done {
                    Self::step(out, done, all);
                }
            }
            return true;
        }
        body.starts_with("Best parameters:") || body.starts_with("Best params")
    }
}
