//! One run's facts from those of its sources: the more exact source wins, and nothing is counted twice.
//!
//! A run says the same thing in several places: a loss rounded to four digits in its log, in full in `metrics.csv`, and again
//! in every checkpoint's `trainer_state.json`. Of each metric one source is taken whole, history and all; places and totals
//! come from whoever knows them; how it ended from whoever said so last, the graver word first when that cannot be told.

mod files;
mod metrics;
mod planned;

#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::model::facts::Ended;
use crate::model::facts::Facts;
use crate::model::facts::Metric;
use crate::model::facts::Progress;
use crate::model::record::Ending;
use crate::model::run::SourceKind;
use crate::model::stamp::Stamp;
use crate::model::state::RunnerType;

/// What one source of a run has said.
#[derive(Debug, Clone)]
pub struct Said {
    /// Kind of source.
    pub kind: SourceKind,
    /// What it amounts to.
    pub facts: Facts,
    /// When its file was last written.
    pub written: Option<Stamp>,
}

impl Said {
    /// What a source of a kind has said, as far as such sources know it.
    pub fn new(kind: SourceKind, mut facts: Facts) -> Self {
        if kind == SourceKind::EventFile {
            // what a step counts, each of its tags tells for itself: batches, epochs, images
            facts.progress = Progress::default();
            facts.work_left = None;
            facts.work_left_because = None;
            facts.stage = None;
            for metric in &mut facts.metrics {
                metric.last = shortest(metric.last);
                metric.min = metric.min.map(shortest);
                metric.max = metric.max.map(shortest);
            }
        }
        if kind == SourceKind::Wandb {
            facts.framework = facts.framework.or(Some("wandb"));
            if facts.planned.epochs.is_some() {
                // a total of its own would rest on nothing but that it ended in order
                facts.progress.total_epochs = None;
            }
        }
        Self { kind, facts, written: None }
    }

    /// The same, of a file that was last written at `written`.
    #[must_use]
    pub fn written(self, written: Option<Stamp>) -> Self {
        Self { written, ..self }
    }

    /// Whether it is a log that tells where training is.
    fn is_log_of_training(&self) -> bool {
        let progress = &self.facts.progress;
        self.kind == SourceKind::TextLog && (progress.step.is_some() || progress.completed_epochs.is_some())
    }
}

/// The figure that a value of single precision stands for: the one with the fewest digits. 0.42215 was 0.42214998602867126
/// nowhere but in the file.
#[expect(clippy::cast_possible_truncation, reason = "it was of single precision")]
fn shortest(value: f64) -> f64 {
    let single = value as f32;
    if f64::from(single).to_bits() == value.to_bits() {
        single.to_string().parse().unwrap_or(value)
    } else {
        value
    }
}

/// Whom runs report to, whatever trains them: heard of where nothing else is known.
const TRACKERS: [&str; 2] = ["wandb", "mlflow"];

/// Two endings nearer than this were said at the same time as far as log lines can tell.
const SAME_TIME: Duration = Duration::from_mins(1);

/// Puts the sources of a run together. Their order matters only between equals: the main log comes first.
pub fn combine(said: &[Said]) -> Facts {
    let other = |one: &Said| is_forgotten(one, said) || is_of_another_run(one, said);
    if said.iter().any(other) {
        let kept: Vec<Said> = said.iter().filter(|one| !other(one)).cloned().collect();
        return combine(&kept);
    }
    let folder = said.iter().find(|one| one.kind == SourceKind::Folder && one.facts.framework.is_some());
    let first = |pick: fn(&Facts) -> bool| {
        folder
            .filter(|one| pick(&one.facts))
            .or_else(|| said.iter().find(|one| pick(&one.facts)))
            .map(|one| &one.facts)
    };
    let mut facts = Facts {
        framework: first(|f| f.framework.is_some_and(|name| !TRACKERS.contains(&name)))
            .or_else(|| first(|f| f.framework.is_some()))
            .and_then(|f| f.framework),
        title: first(|f| f.title.is_some()).and_then(|f| f.title.clone()),
        planned: planned::planned(said),
        runner_type: first(|f| f.runner_type.is_some()).and_then(|f| f.runner_type),
        stage: first(|f| f.stage.is_some()).and_then(|f| f.stage),
        job_id: first(|f| f.job_id.is_some()).and_then(|f| f.job_id.clone()),
        correlation_id: first(|f| f.correlation_id.is_some()).and_then(|f| f.correlation_id.clone()),
        search: first(|f| f.search.is_some()).and_then(|f| f.search.clone()),
        best_scores: first(|f| !f.best_scores.is_empty()).map(|f| f.best_scores.clone()).unwrap_or_default(),
        latest_scores: first(|f| !f.latest_scores.is_empty())
            .map(|f| f.latest_scores.clone())
            .unwrap_or_default(),
        early_stopped_at: first(|f| f.early_stopped_at.is_some()).and_then(|f| f.early_stopped_at),
        error: error(said),
        ended: ended(said),
        metrics: metrics::choose(said),
        checkpoints: files::checkpoints(said),
        samples: files::samples(said),
        started_at: said.iter().filter_map(|one| one.facts.started_at).min(),
        updated_at: said.iter().filter_map(|one| one.facts.updated_at).max(),
        progress: progress(said, folder),
        ..Facts::default()
    };
    let told = planned::fill(&mut facts);
    facts.progress.percent = match folder.filter(|one| one.facts.progress.completed_epochs.is_some()) {
        Some(disk) => disk.facts.progress.percent,
        None if said.iter().any(|one| one.facts.more_turns) => None,
        None => percent(said, &told).or_else(|| percent(said, &facts.progress)),
    };
    for warning in said.iter().flat_map(|one| &one.facts.warnings) {
        if !facts.warnings.contains(warning) {
            facts.warnings.push(warning.clone());
        }
    }
    for (name, lines) in said.iter().flat_map(|one| &one.facts.user_formats) {
        facts.count_user_format(name, *lines);
    }
    // a copy of the log, or the same events as rows, are no more lines: those of the main log count
    let log = said.iter().find(|one| one.kind == SourceKind::TextLog);
    if let Some(log) = log.or_else(|| said.iter().find(|one| one.kind == SourceKind::JsonLines)) {
        facts.log_lines = log.facts.log_lines;
    }
    if facts.runner_type.is_none() && facts.search.is_some() {
        facts.runner_type = Some(RunnerType::Search);
    }
    work_left(said, folder, &told, &mut facts);
    facts
}

/// The error of the source that knows one, a fatal one before any other.
fn error(said: &[Said]) -> Option<crate::model::facts::RunError> {
    let current = || said.iter().filter(|one| !is_superseded(one, said));
    let all = || current().filter_map(|one| one.facts.error.as_ref());
    all()
        .find(|error| error.fatal && !error.type_name.is_empty())
        .or_else(|| all().find(|error| error.fatal))
        .or_else(|| all().next())
        .cloned()
}

/// A tracker knows that the program ended in an exception, and not that it was Ctrl+C.
fn gravity(kind: SourceKind, how: Ending) -> u8 {
    match how {
        Ending::Failed if !matches!(kind, SourceKind::Yaml | SourceKind::Wandb) => 4,
        Ending::Cancelled => 3,
        Ending::Failed => 2,
        Ending::EarlyStopped => 1,
        Ending::Completed => 0,
    }
}

/// Whether `one` is the log of an earlier session: another one went on writing after its last line.
fn is_superseded(one: &Said, said: &[Said]) -> bool {
    let later = |other: &&Said| {
        let apart = other.written.zip(one.written).is_some_and(|(then, now)| then.since(now) > SAME_TIME);
        other.is_log_of_training() && apart
    };
    one.is_log_of_training() && said.iter().any(|other| later(&other))
}

/// Whether another log, written later, counts anew what `one` counted: that is another run in the same folder.
fn is_forgotten(one: &Said, said: &[Said]) -> bool {
    let place = |said: &Said| {
        let progress = &said.facts.progress;
        (progress.completed_epochs, progress.total_epochs, progress.step)
    };
    let anew = |other: &Said| {
        let apart = other.written.zip(one.written).is_some_and(|(then, now)| then.since(now) > SAME_TIME);
        let ((epochs, all, _), (before, total, _)) = (place(other), place(one));
        apart
            && other.is_log_of_training()
            && all.is_some()
            && all == total
            && epochs.zip(before).is_some_and(|(epochs, before)| epochs < before)
    };
    one.is_log_of_training() && one.facts.ended.is_some() && said.iter().any(anew)
}

/// Whether `one` is a document that an earlier run left in the folder: it counts to another end than the log, or came further than
/// the log has epochs.
fn is_of_another_run(one: &Said, said: &[Said]) -> bool {
    let mine = &one.facts.progress;
    let apart = |log: &Said| {
        let Some(all) = log.facts.progress.total_epochs.filter(|_| log.is_log_of_training()) else {
            return false;
        };
        mine.total_epochs.is_some_and(|total| (total - all).abs() > 1.0)
            || mine.completed_epochs.is_some_and(|done| done > all + 1.0)
    };
    one.kind == SourceKind::Json && said.iter().any(apart)
}

/// Whether `one` tells of a try that never began, and a log called like it but for a number of one that came to its end.
fn is_of_another_try(one: &Said, ended: &Ended, said: &[Said]) -> bool {
    let bare = |ended: &Ended| ended.place.source.replace(|c: char| c.is_ascii_digit(), "");
    let later = |other: &Said| {
        let gone = other.facts.ended.as_ref().filter(|ended| ended.how == Ending::Completed);
        let before = one.written.zip(other.written).is_none_or(|(then, now)| then.since(now) <= SAME_TIME);
        other.is_log_of_training() && before && gone.is_some_and(|end| bare(end) == bare(ended))
    };
    one.kind == SourceKind::TextLog
        && ended.how == Ending::Failed
        && !one.is_log_of_training()
        && said.iter().any(later)
}

/// Whether `one` says that it is done and knows no epochs, while another log knows some that are left: it was of a preparation or an
/// evaluation, or holds one of several bars.
fn is_beside(one: &Said, said: &[Said]) -> bool {
    let done = one.facts.ended.as_ref().is_some_and(|ended| ended.how == Ending::Completed);
    let open = |other: &Said| {
        let left = other.facts.progress.completed_epochs.is_some() && other.facts.work_left == Some(true);
        other.kind == SourceKind::TextLog && other.facts.ended.is_none() && left
    };
    let knows = one.facts.progress.completed_epochs.is_some();
    done && one.kind == SourceKind::TextLog && !knows && said.iter().any(open)
}

/// Whether more than the last epoch is left: whatever else is at its end, it is not the run.
fn has_epochs_left(progress: &Progress) -> bool {
    progress.completed_epochs.zip(progress.total_epochs).is_some_and(|(done, all)| all - done > 1.0)
}

fn ended(said: &[Said]) -> Option<Ended> {
    let mut chosen: Option<(&Said, &Ended)> = None;
    for one in said.iter().filter(|one| !is_superseded(one, said) && !is_beside(one, said)) {
        let Some(ended) = one.facts.ended.as_ref().filter(|ended| !is_of_another_try(one, ended, said))
        else {
            continue;
        };
        let better = chosen.is_none_or(|(other, known)| {
            match (one.facts.updated_at, other.facts.updated_at) {
                (Some(a), Some(b)) if a.since(b) > SAME_TIME => return true,
                (Some(a), Some(b)) if b.since(a) > SAME_TIME => return false,
                _ => {}
            }
            gravity(one.kind, ended.how) > gravity(other.kind, known.how)
        });
        if better {
            chosen = Some((one, ended));
        }
    }
    chosen.map(|(_, ended)| ended.clone())
}

fn highest(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    values.flatten().filter(|value| value.is_finite()).reduce(f64::max)
}

/// Whether the source is a tracker's file of one metric, whose steps count whatever its program handed over.
fn is_of_one_metric(one: &Said) -> bool {
    let path = |metric: &Metric| {
        metric.source.contains("plots/metrics/")
            || (&*metric.name == "value" && metric.source.contains("metrics/"))
    };
    one.kind == SourceKind::Csv && one.facts.metrics.first().is_some_and(path)
}

/// The furthest step. What trackers of single metrics call so is one only where it is not the epochs that they count.
fn step(said: &[Said]) -> Option<f64> {
    let plain = highest(said.iter().filter(|one| !is_of_one_metric(one)).map(|one| one.facts.progress.step));
    let tracked = highest(said.iter().filter(|one| is_of_one_metric(one)).map(|one| one.facts.progress.step));
    let epochs = said.iter().flat_map(|one| {
        let Facts { progress, planned, .. } = &one.facts;
        [progress.completed_epochs, progress.total_epochs, planned.epochs]
    });
    let epochs = highest(epochs).unwrap_or(-1.0);
    highest([plain, tracked.filter(|step| *step > epochs)].into_iter())
}

/// What announces totals for a run of which it knows nothing else.
fn knows_progress(facts: &Facts) -> bool {
    facts.progress.step.is_some() || facts.progress.completed_epochs.is_some() || !facts.metrics.is_empty()
}

/// A total: the source that has come furthest by its own account knows it best, mere announcements come last.
fn total(
    said: &[Said],
    pick: fn(&Progress) -> Option<f64>,
    reached: fn(&Progress) -> Option<f64>,
) -> Option<f64> {
    let mut chosen: Option<(bool, f64, f64)> = None;
    for one in said {
        let Some(total) = pick(&one.facts.progress) else { continue };
        let rank = (knows_progress(&one.facts), reached(&one.facts.progress).unwrap_or(0.0));
        if chosen.is_none_or(|(knows, far, _)| (rank.0 && !knows) || (rank.0 == knows && rank.1 > far)) {
            chosen = Some((rank.0, rank.1, total));
        }
    }
    chosen.map(|(_, _, total)| total)
}

fn progress(said: &[Said], folder: Option<&Said>) -> Progress {
    let all = || said.iter().map(|one| &one.facts.progress);
    let on_disk =
        folder.map(|one| &one.facts.progress).filter(|progress| progress.completed_epochs.is_some());
    Progress {
        percent: None,
        completed_epochs: on_disk
            .and_then(|p| p.completed_epochs)
            .or_else(|| highest(all().map(|p| p.completed_epochs))),
        total_epochs: on_disk
            .and_then(|p| p.total_epochs)
            .or_else(|| total(said, |p| p.total_epochs, |p| p.completed_epochs)),
        step: step(said),
        total_steps: total(said, |p| p.total_steps, |p| p.step),
        rate: all().find_map(|p| p.rate),
        eta: all().find_map(|p| p.eta),
        elapsed: highest(all().map(|p| p.elapsed)),
        bars: all().find(|p| !p.bars.is_empty()).map(|p| p.bars.clone()).unwrap_or_default(),
    }
}

/// The percentage that the furthest source gives, or that places and totals of several sources give together.
fn percent(said: &[Said], progress: &Progress) -> Option<f64> {
    let share = |done: Option<f64>, of: Option<f64>| match (done, of) {
        (Some(done), Some(of)) if of > 0.0 => Some((done / of * 100.0).clamp(0.0, 100.0)),
        _ => None,
    };
    let told = highest(said.iter().map(|one| one.facts.progress.percent));
    let told = told.filter(|percent| *percent < 100.0 || !has_epochs_left(progress));
    let of_steps = share(progress.step, progress.total_steps).filter(|_| !has_epochs_left(progress));
    told.or(of_steps).or_else(|| share(progress.completed_epochs, progress.total_epochs))
}

/// Whether work was left: what the disk shows, else what all places and totals together show, else what a source says.
fn work_left(said: &[Said], folder: Option<&Said>, progress: &Progress, facts: &mut Facts) {
    let told = folder
        .map(|one| &one.facts)
        .filter(|f| f.work_left.is_some() || f.progress.completed_epochs.is_some());
    if let Some(told) = told {
        facts.work_left = told.work_left;
        facts.work_left_because.clone_from(&told.work_left_because);
        return;
    }
    if let Some(one) = said.iter().find(|one| one.facts.more_turns) {
        facts.work_left = one.facts.work_left;
        facts.work_left_because.clone_from(&one.facts.work_left_because);
        return;
    }
    if said.iter().any(|one| one.facts.undecided) && said.iter().all(|one| one.facts.work_left != Some(true))
    {
        let why = said.iter().find(|one| one.facts.undecided);
        facts.work_left_because = why.and_then(|one| one.facts.work_left_because.clone());
        facts.undecided = true;
        return;
    }
    let reached =
        |done: Option<f64>, of: Option<f64>| matches!((done, of), (Some(done), Some(of)) if done >= of);
    // who counted all epochs and says that steps are left of something around them
    let around = said.iter().find(|one| {
        let own = &one.facts.progress;
        one.facts.work_left == Some(true)
            && one.kind == SourceKind::TextLog
            && reached(own.completed_epochs, own.total_epochs)
    });
    if let Some(one) = around.filter(|_| !reached(progress.step, progress.total_steps)) {
        facts.work_left = one.facts.work_left;
        facts.work_left_because.clone_from(&one.facts.work_left_because);
        return;
    }
    if (reached(progress.step, progress.total_steps) && !has_epochs_left(progress))
        || reached(progress.completed_epochs, progress.total_epochs)
    {
        // one source is behind another: a checkpoint's state says that much was left when it was written
        facts.work_left = Some(false);
        let mut sources = said.iter().filter(|one| one.facts.work_left == Some(false));
        facts.work_left_because = sources.find_map(|one| one.facts.work_left_because.clone());
        return;
    }
    let furthest = |one: &&Said| one.facts.progress.step.unwrap_or(-1.0);
    let mut chosen: Option<&Said> = None;
    // who knows no epochs cannot say that none are left
    let apt = |one: &&Said| !has_epochs_left(progress) || one.facts.progress.completed_epochs.is_some();
    for one in said.iter().filter(|one| one.facts.work_left.is_some()).filter(apt) {
        if chosen.is_none_or(|other| furthest(&one) > furthest(&other)) {
            chosen = Some(one);
        }
    }
    if let Some(one) = chosen {
        facts.work_left = one.facts.work_left;
        facts.work_left_because.clone_from(&one.facts.work_left_because);
        return;
    }
    let short = |done: Option<f64>, of: Option<f64>, what: &str| match (done, of) {
        (Some(done), Some(of)) if done < of => Some(format!("{done} of {of} {what}")),
        _ => None,
    };
    let because = short(progress.step, progress.total_steps, "steps")
        .or_else(|| short(progress.completed_epochs, progress.total_epochs, "epochs"));
    let because = because.or_else(|| not_begun(said, progress));
    if let Some(because) = because {
        facts.work_left = Some(true);
        facts.work_left_because = Some(because.into());
    }
}

/// A job whose own events announce its steps, and that then logged none of them.
fn not_begun(said: &[Said], progress: &Progress) -> Option<String> {
    let begun = progress.step.is_some() || progress.completed_epochs.is_some();
    let announced = said.iter().find(|one| {
        let facts = &one.facts;
        one.kind == SourceKind::JsonLines
            && facts.stage.is_some()
            && facts.ended.is_none()
            && facts.metrics.is_empty()
    })?;
    let steps = announced.facts.progress.total_steps.filter(|_| !begun)?;
    Some(format!("none of {steps} steps"))
}
