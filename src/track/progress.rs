//! What a source's counters amount to: progress, what is left, how long it will take, and how it ended.

use std::sync::Arc;

use crate::model::facts::Ended;
use crate::model::facts::Facts;
use crate::model::facts::Place;
use crate::model::facts::Progress;
use crate::model::record::BarStyle;
use crate::model::record::Ending;
use crate::model::state::Stage;

use super::bars::Slot;
use super::label;
use super::steps::Scope;
use super::tracker::Tracker;
use super::tracker::Turn;

/// A count and what it counts to.
#[derive(Debug, Clone, Copy, Default)]
struct Way {
    done: Option<f64>,
    all: Option<f64>,
}

impl Way {
    fn is_over(&self) -> bool {
        matches!((self.done, self.all), (Some(done), Some(all)) if all > 0.0 && done >= all)
    }

    fn is_short(&self) -> bool {
        matches!((self.done, self.all), (Some(done), Some(all)) if done < all)
    }
}

impl Tracker {
    /// Whether the main bar counts global steps, and is not drawn anew for each epoch.
    fn spans(&self, slot: &Slot) -> bool {
        let told = self.steps.told.is_some() && slot.total == self.steps.told;
        let rows = &self.epochs.rows;
        let free = self.epochs.outer.is_none() && self.epochs.bars.now().is_none();
        let labelled = slot.label.to_ascii_lowercase().starts_with("step");
        // what was full before lines began to count is other work
        let other = slot.ahead && self.steps.global().is_some_and(|now| now < slot.current);
        slot.steps
            && slot.cycles == 0
            && !other
            && (told
                || (free
                    && (labelled || rows.now().is_none() || rows.is_amounts() || slot.across || slot.alone)))
    }

    /// Global steps: of lines that tell them, else of the run's own bar.
    fn global(&self, epochs: &Way) -> Way {
        let bar = self.bars.main().filter(|slot| self.spans(slot));
        // while the first epoch lasts, its steps are the run's
        let first = || {
            let now =
                self.steps.now.filter(|_| self.steps.scope == Scope::Unknown && self.epochs.is_first())?;
            Some(self.bars.even().map_or(now, |slot| now.max(slot.current)))
        };
        let lines = self.steps.global().or_else(first);
        let mut way = Way {
            done: lines.or(bar.map(|slot| slot.current)),
            all: if self.steps.global().is_some() { self.steps.all } else { None },
        };
        if let (Some(_), Some(slot)) = (lines, bar) {
            // both tell; a bar of the same total is newer between two lines
            let same = slot.total.is_some() && slot.total == self.steps.all.or(self.steps.told);
            if same || self.steps.all.is_none() {
                way.done = way.done.map(|done| done.max(slot.current));
            }
        }
        way.all = way.all.or_else(|| bar.and_then(|slot| slot.total)).or(self.steps.told);
        if way.all.is_some_and(|all| way.done.is_some_and(|done| done > all)) {
            way.all = None;
        }
        // steps of the run, and a bar of each epoch that divides them: the bar tells the steps between the lines
        if let (Some(done), Some(all), Some((inner, total))) = (lines, self.steps.all, self.inner())
            && (all / total).fract() == 0.0
            && epochs.all.is_none_or(|epochs| (epochs - all / total).abs() < 0.5)
        {
            let there = self.epochs.bars.before().unwrap_or(0.0) * total + inner;
            if there <= all && there >= done && there - done <= total {
                way.done = Some(there);
            }
        }
        way
    }

    /// Global steps, where nothing counts them but what is counted anew in each epoch, by a bar or by lines.
    fn by_epochs(&self, epochs: &Way, steps: &Way) -> Option<Way> {
        let lines = self.steps.now.is_some() && self.steps.scope != Scope::Epoch;
        if steps.done.is_some() || lines {
            return None;
        }
        let over = epochs.done.unwrap_or(0.0);
        let (total, here) = match self.bars.even() {
            Some(slot) if self.steps.now.is_none() => {
                (slot.total.filter(|total| *total > 0.0)?, Some((self.epochs.bars.before()?, slot.current)))
            }
            _ => (self.batches.in_each()?, self.epochs.rows.before().zip(self.batches.done())),
        };
        let all = epochs.all.map(|epochs| epochs * total);
        if steps.all.is_some_and(|told| all != Some(told)) {
            return None;
        }
        // what lines leave open while an epoch is under way, its end tells
        let ended = over > 0.0 && self.epochs.rows.before().is_none_or(|before| before < over);
        let ended = ended.then_some(over * total);
        let done = here.map(|(before, done)| before * total + done).into_iter().chain(ended).reduce(f64::max);
        done.is_none_or(|done| all.is_none_or(|all| done <= all)).then_some(Way { done, all })
    }

    /// Done and all of the epoch under way, by its bar.
    fn inner(&self) -> Option<(f64, f64)> {
        let slot = self.bars.inside()?;
        slot.total.filter(|total| *total > 0.0).map(|total| (slot.current, total))
    }

    fn epochs(&self, ended: Option<Ending>) -> Way {
        let done = ended == Some(Ending::Completed);
        let mut way = Way { done: self.epochs.done(), all: self.epochs.all(done) };
        if way.all.is_none()
            && let (Some(all), Some((_, total)), Scope::Global) =
                (self.steps.all, self.inner(), self.steps.scope)
            && (all / total).fract() == 0.0
            && all / total >= way.done.unwrap_or(0.0)
        {
            way.all = Some(all / total);
        }
        if done
            && let (Some(some), Some(all)) = (way.done, way.all)
            && all - some <= 1.0
            && self.epochs.rows.now().is_some()
        {
            // the closing line says that the last epoch is over too
            way.done = Some(all);
        }
        let free = self.steps.now.is_none() || self.steps.scope == Scope::Epoch;
        if done && way.all.is_none() && !self.epochs.rows.is_amounts() && free {
            // no total was told: the epoch under way is the last one
            way.done = way.done.map(|some| some.max(self.epochs.before() + 1.0));
        }
        if done && way.all.is_none() && !self.epochs.rows.is_amounts() {
            // the run says that there are no more
            way.all = way.done;
        }
        way
    }

    /// What steps tell of epochs and the other way round, once one of them is at its end.
    fn settle(&self, epochs: &mut Way, steps: &mut Way, said: Option<Ending>) {
        if let Some(done) = epochs.done {
            // the Trainer rounds the amount of epochs up
            let rounds = self.epochs.rows.is_amounts() && self.facts.framework == Some("transformers");
            if steps.is_over() && epochs.all.is_none() && rounds {
                epochs.all = self.epochs.rows.now().map(f64::ceil);
            }
            if steps.is_over() && epochs.all.is_some_and(|all| done < all && all - done <= 1.0) {
                epochs.done = epochs.all;
            }
            // all steps of the run are done, and so is the epoch that they stand in
            let whole = !self.epochs.rows.is_amounts() && self.epochs.rows.now().is_some();
            if epochs.all.is_none() && whole && steps.is_over() && self.steps.global().is_some() {
                epochs.done = Some(done.max(self.epochs.before() + 1.0));
            }
        }
        if epochs.all.is_none() {
            epochs.all = self.per_run.filter(|all| epochs.done.unwrap_or(0.0) <= *all);
        }
        if said == Some(Ending::Completed)
            && epochs.is_over()
            && steps.done.is_none()
            && self.steps.told.is_some()
        {
            steps.done = self.steps.told;
            steps.all = self.steps.told;
        }
    }

    /// Steps in all of a run that says it is done, when it told every one of them and no total.
    fn all_told(&self, steps: &mut Way, said: Option<Ending>) {
        if said == Some(Ending::Completed)
            && steps.all.is_none()
            && self.steps.are_all_told()
            && self.steps.global().is_some()
        {
            steps.all = steps.done;
        }
    }

    /// Puts what is decided into `facts`.
    pub(super) fn decide(&self, facts: &mut Facts) {
        let said = self.outcome.ended.as_ref().map(|ended| ended.how);
        let mut epochs = self.epochs(said);
        let mut steps = self.global(&epochs);
        self.settle(&mut epochs, &mut steps, said);
        self.all_told(&mut steps, said);
        steps = self.by_epochs(&epochs, &steps).unwrap_or(steps);
        let mut progress = Progress {
            completed_epochs: epochs.done,
            total_epochs: epochs.all,
            step: steps.done,
            total_steps: steps.all,
            bars: self.bars.live(),
            ..Progress::default()
        };
        self.speed(&mut progress);
        progress.percent = self.percent(&epochs, &steps);
        facts.error.clone_from(&self.outcome.error);
        facts.ended.clone_from(&self.outcome.ended);
        let alone = self.steps.now.is_none() && self.steps.told.is_none() && epochs.done.is_none();
        let main = self.bars.main();
        let only = alone && main.is_some_and(|main| self.bars.is_validated(main));
        let last = epochs.done.zip(epochs.all).is_some_and(|(done, all)| all - done <= 1.0 && done < all)
            // a bar of epochs that was drawn behind it counts what it did
            && !main.is_some_and(|main| self.bars.is_counted_behind(main));
        // one epoch of nobody knows how many, or the last one, of which no line says that it is over
        // a bar without a name and figures may have been of anything
        let bare = alone
            && facts.metrics.is_empty()
            && main.is_some_and(|main| main.is_full() && !main.values && !label::is_of_steps(&main.label));
        // one of nobody knows how many trials
        let tried = facts.search.as_ref().is_some_and(|search| {
            search.position.is_none() && search.trial.is_some() && search.total_trials.is_none()
        });
        facts.undecided = only
            || bare
            || (tried && epochs.is_over())
            || self.opened
            // one of nobody knows how many turns
            || (self.turn.is_some_and(Turn::is_open) && !epochs.is_short() && !steps.is_short())
            || (last && main.is_some_and(|main| main.cycles > 0 && main.is_full()));
        if only {
            progress.total_steps = None;
            steps.all = None;
        }
        // one fold of several, or one trial
        let search = facts.search.as_ref().filter(|search| search.position.is_none());
        let trials = search.and_then(|search| search.trial.zip(search.total_trials));
        facts.more_turns = self.turn.is_some_and(Turn::has_more)
            || self.bars.turns().is_some_and(|(done, all)| done < all)
            || trials.is_some_and(|(trial, all)| trial < all);
        if facts.ended.is_none() {
            facts.ended = self.reached(&epochs, &steps, facts);
        } else if said == Some(Ending::Completed)
            && facts.framework == Some("transformers")
            && steps.is_short()
            && epochs.is_short()
        {
            // the Trainer prints its closing figures whenever it stops in order, and nothing else when a callback stopped it
            let because = format!(
                "it ended in order with {} left",
                self.left(&epochs, &steps, false).unwrap_or_default()
            );
            if let Some(ended) = &mut facts.ended {
                (ended.how, ended.because) = (Ending::EarlyStopped, Arc::from(because));
            }
        }
        let how = facts.ended.as_ref().map(|ended| ended.how);
        if facts.more_turns {
            progress.percent = None;
        }
        match self.left(&epochs, &steps, facts.undecided) {
            Some(left) => (facts.work_left, facts.work_left_because) = (Some(true), Some(Arc::from(left))),
            None if facts.undecided => facts.work_left_because = Some(Arc::from(self.open(&epochs, main))),
            None if epochs.is_over() || steps.is_over() => facts.work_left = Some(false),
            None => {}
        }
        if how == Some(Ending::Completed) {
            (facts.work_left, facts.work_left_because) = (Some(false), None);
            let alone = self.turn.is_some_and(Turn::is_open) && epochs.is_over();
            progress.percent = progress.percent.or(alone.then_some(100.0)).map(|_| 100.0);
        }
        if how.is_some() {
            progress.eta = None;
        }
        facts.stage = match how {
            Some(Ending::Completed | Ending::EarlyStopped) => Some(Stage::Completed),
            Some(Ending::Failed) => Some(Stage::Failed),
            Some(Ending::Cancelled) => Some(Stage::Cancelled),
            None => self.stage,
        };
        facts.progress = progress;
    }

    /// Whether its own counters say that all is done.
    fn reached(&self, epochs: &Way, steps: &Way, facts: &Facts) -> Option<Ended> {
        let place = Place { source: Arc::clone(&self.source), line: None };
        if facts.more_turns {
            return None;
        }
        if let Some(search) = &facts.search
            && let (Some(position), Some(trial)) = (search.position, search.trial)
        {
            let over = Some(position) == search.total_positions && Some(trial) == search.total_trials;
            return over.then(|| Ended {
                how: Ending::Completed,
                because: Arc::from(format!("trial {trial} of the last position is over")),
                place,
            });
        }
        if facts.undecided {
            return None;
        }
        let because = if epochs.is_over() {
            if steps.is_short()
                && self.steps.told.is_none()
                && self.steps.all.is_some()
                && !self.steps.are_as_good_as_over()
            {
                return None;
            }
            format!("epoch {} of {} is over", plain(epochs.done), plain(epochs.all))
        } else if epochs.is_short() && !steps.is_over() {
            return None;
        } else if steps.is_over() {
            let bare = self.steps.all.is_none() && self.steps.told.is_none();
            let own = self.bars.main().is_some_and(|slot| slot.values || !slot.label.is_empty());
            if bare && !own && facts.metrics.is_empty() {
                return None;
            }
            format!("step {} of {} is reached", plain(steps.done), plain(steps.all))
        } else {
            // a bar called `train` may be that of one epoch of nobody knows how many
            let told = |slot: &&Slot| {
                slot.style == BarStyle::Lines || (slot.values && !label::is_of_training(&slot.label))
            };
            let slot = self.bars.main().filter(told).filter(|slot| slot.is_full() && slot.cycles == 0)?;
            if epochs.done.is_some() {
                return None;
            }
            if slot.style == BarStyle::Lines {
                format!("its lines count {} of {}", slot.current, plain(slot.total))
            } else {
                format!("its bar `{}` is full", slot.label)
            }
        };
        Some(Ended { how: Ending::Completed, because: Arc::from(because), place })
    }

    /// Why its counters do not tell whether work was left.
    fn open(&self, epochs: &Way, main: Option<&Slot>) -> String {
        if let Some((done, all)) = epochs.done.zip(epochs.all).filter(|(done, all)| done < all) {
            return format!(
                "{done} of {all} epochs are over, and the last one's bar is full, but no line closes it"
            );
        }
        let reached = match (epochs.done.zip(epochs.all), main) {
            (Some(_), _) => format!("epoch {} of {} is over", plain(epochs.done), plain(epochs.all)),
            (None, Some(main)) if main.is_full() => format!("the bar `{}` is full", main.label),
            _ => "its counters are at their end".to_owned(),
        };
        let but =
            if self.opened { "another part may have begun behind it" } else { "it may have been a part" };
        format!("{reached}, but no line says that this was all: {but}")
    }

    /// What is left to do, in words.
    fn left(&self, epochs: &Way, steps: &Way, undecided: bool) -> Option<String> {
        if let Some(turn) = self.turn.filter(|turn| turn.has_more()) {
            return Some(format!("turn {} of {}", plain(Some(turn.done)), plain(turn.all)));
        }
        let trials = self.facts.search.as_ref().filter(|search| search.position.is_none());
        let trials = trials.and_then(|search| search.trial.zip(search.total_trials));
        if let Some((trial, all)) = trials.filter(|(trial, all)| trial < all) {
            return Some(format!("trial {trial} of {all}"));
        }
        if let Some((done, all)) = self.bars.turns().filter(|(done, all)| done < all) {
            return Some(format!("{} of {} turns", plain(Some(done)), plain(Some(all))));
        }
        if undecided {
            return None;
        }
        // the last epoch is over, and no step was due that would have been told
        let over = epochs.is_over() && self.steps.all == steps.all && self.steps.are_as_good_as_over();
        if steps.is_short() && !over {
            return Some(format!("step {} of {}", plain(steps.done), plain(steps.all)));
        }
        if steps.is_over() || epochs.is_over() {
            return None;
        }
        if epochs.is_short() {
            return Some(format!("{} of {} epochs", plain(epochs.done), plain(epochs.all)));
        }
        if epochs.all.is_none() && self.epochs.are_short_anyhow() {
            return Some(format!("epochs behind the one that it numbers {}", plain(self.epochs.rows.now())));
        }
        if self.batches.is_short()
            || self.parts.is_short()
            || (self.steps.scope == Scope::Unknown && self.steps.are_short_of_next())
        {
            return Some("batches of the epoch under way".to_owned());
        }
        let open = self.bars.inside().or_else(|| self.bars.main()).or_else(|| self.bars.newest())?;
        let total = open.total.filter(|total| open.current < *total)?;
        Some(format!("bar `{}` at {} of {}", open.label, plain(Some(open.current)), plain(Some(total))))
    }

    fn percent(&self, epochs: &Way, steps: &Way) -> Option<f64> {
        let share = |done: f64, all: f64| (all > 0.0).then(|| (done / all * 100.0).clamp(0.0, 100.0));
        if self.turn.is_some_and(|turn| !turn.is_alone()) || self.bars.turns().is_some() {
            // how long the other turns take, nobody knows
            return None;
        }
        if let (Some(done), Some(all)) = (steps.done, steps.all) {
            return share(done, all);
        }
        if let (Some(done), Some(all)) = (epochs.done, epochs.all) {
            let batch = self.batch.filter(|_| self.bars.inside().is_none());
            // of the epoch that comes next
            let inner =
                self.inner().filter(|_| self.epochs.bars.before().is_none_or(|before| before >= done));
            let part = inner.or(batch).map_or(0.0, |(done, all)| if done < all { done / all } else { 0.0 });
            return share(done + part, all);
        }
        let main = self.bars.main().filter(|slot| {
            slot.cycles == 0 && self.epochs.rows.now().is_none() && self.epochs.bars.now().is_none()
        })?;
        share(main.current, main.total?)
    }

    /// Rate, time left and time spent.
    fn speed(&self, progress: &mut Progress) {
        let inside = self.bars.inside();
        let main = self.bars.main();
        let bar = main.filter(|slot| self.spans(slot)).or(inside).or(main);
        let steady = bar.and_then(|slot| slot.pace.rate());
        let lines = self.pace.rate();
        progress.rate = bar.and_then(|slot| slot.rate).or(lines).or(steady);
        progress.elapsed = match bar {
            Some(slot) if self.spans(slot) => slot.elapsed,
            _ => self.pace.seconds().or_else(|| self.epoch_pace.seconds()),
        }
        .filter(|seconds| *seconds > 0.0);
        let left_steps = progress.step.zip(progress.total_steps).map(|(done, all)| all - done);
        progress.eta =
            match (left_steps, steady.filter(|_| bar.is_some_and(|slot| self.spans(slot))).or(lines)) {
                (Some(left), Some(rate)) if rate > 0.0 => Some(left / rate),
                _ => self.eta_by_epochs(progress, inside, steady),
            }
            .filter(|eta| eta.is_finite() && *eta > 0.0);
    }

    fn eta_by_epochs(&self, progress: &Progress, inside: Option<&Slot>, steady: Option<f64>) -> Option<f64> {
        let (done, all) = progress.completed_epochs.zip(progress.total_epochs)?;
        if let (Some(slot), Some(rate)) = (inside, steady)
            && let Some(total) = slot.total
            && rate > 0.0
        {
            let over = slot.is_full() || self.epochs.bars.before().is_some_and(|before| before < done);
            let here = if over { 0.0 } else { slot.current };
            return Some(((all - done) * total - here).max(0.0) / rate);
        }
        let part = self.batch.map_or(0.0, |(batch, all)| if batch < all { batch / all } else { 0.0 });
        self.epoch_pace.rate().filter(|rate| *rate > 0.0).map(|rate| (all - done - part).max(0.0) / rate)
    }
}

/// A count without a needless fraction.
fn plain(count: Option<f64>) -> String {
    match count {
        Some(count) if count.fract() == 0.0 => format!("{count:.0}"),
        Some(count) => format!("{count:.2}"),
        None => "?".to_owned(),
    }
}
