//! Which source a metric is taken from, and what it is called where its file's name is part of its own.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::facts::Axis;
use crate::model::facts::Metric;
use crate::model::run::SourceKind;

use super::Said;

/// One account of a metric.
struct Account<'a> {
    kind: SourceKind,
    metric: &'a Metric,
}

/// Every metric once, in the order in which the sources name them.
pub(super) fn choose(said: &[Said]) -> Vec<Metric> {
    let mut names: Vec<(Cow<'_, str>, Vec<Account<'_>>)> = Vec::new();
    let mut at: HashMap<String, usize> = HashMap::new();
    for one in said {
        for metric in &one.facts.metrics {
            let name = if one.kind == SourceKind::EventFile {
                Some(tagged(&metric.source, &metric.name))
            } else {
                named(&metric.source, &metric.name)
            };
            let Some(mut name) = name else { continue };
            let account = Account { kind: one.kind, metric };
            if let Some(index) = at.get(name.as_ref()).copied()
                && names
                    .get(index)
                    .is_some_and(|(_, known)| known.iter().any(|other| is_another(&account, other)))
            {
                name = Cow::Owned(format!("{}/{name}", stem(&metric.source)));
            }
            let index = *at.entry(name.to_string()).or_insert(names.len());
            match names.get_mut(index) {
                Some((_, accounts)) => accounts.push(account),
                None => names.push((name, vec![account])),
            }
        }
    }
    let trusted = sums_of_this_end(&names);
    names
        .into_iter()
        .filter_map(|(name, accounts)| {
            let chosen = best(&accounts)?;
            let mut metric = chosen.metric.clone();
            let log = accounts.iter().find(|account| account.kind == SourceKind::TextLog);
            if let Some(log) =
                log.filter(|log| chosen.kind == SourceKind::Json && !rounds(metric.last, log.metric.last))
            {
                // logged after the document was written: measured once more, or a step or two further
                (metric.last, metric.step) = (log.metric.last, log.metric.step);
            }
            // a file of sums has the same figure in full, and no curve
            let sum = accounts.iter().find(|account| {
                let of_end = chosen.kind == SourceKind::Json && trusted.contains(&&*account.metric.source);
                is_sum(account) && (of_end || rounds(account.metric.last, metric.last))
            });
            metric.last = sum.map_or(metric.last, |sum| sum.metric.last);
            if *metric.name != *name {
                metric.name = name.into();
            }
            Some(metric)
        })
        .collect()
}

fn is_sum(account: &Account<'_>) -> bool {
    account.metric.points == 0 && exactness(account.kind) == 2
}

/// The files of sums that were written at the end of this very run and not of one before: every loss in them is the last that
/// a history has. What else they hold (the time that the last evaluation took) is then newer than any history.
fn sums_of_this_end<'a>(names: &[(Cow<'_, str>, Vec<Account<'a>>)]) -> Vec<&'a str> {
    let mut agree: Vec<(&str, bool)> = Vec::new();
    for (_, accounts) in names.iter().filter(|(name, _)| name.contains("loss")) {
        let Some(history) = best(accounts).filter(|chosen| !is_sum(chosen)) else { continue };
        for sum in accounts.iter().filter(|account| is_sum(account)) {
            agree.push((&sum.metric.source, rounds(history.metric.last, sum.metric.last)));
        }
    }
    let all = |source: &str| agree.iter().all(|(other, same)| *other != source || *same);
    agree.iter().map(|(source, _)| *source).filter(|source| all(source)).collect()
}

/// How exact a kind of source is: logs round for people.
fn exactness(kind: SourceKind) -> u8 {
    match kind {
        SourceKind::TextLog | SourceKind::Other => 0,
        // single precision
        SourceKind::Folder | SourceKind::EventFile => 1,
        SourceKind::JsonLines | SourceKind::Csv | SourceKind::Json | SourceKind::Yaml | SourceKind::Wandb => {
            2
        }
    }
}

/// The account to trust. Exact ones come before rounded ones unless they lag behind; among exact ones the newest version of a
/// logger's folder, then the longest history, then the more exact one, then the furthest step.
fn best<'a, 'b>(accounts: &'b [Account<'a>]) -> Option<&'b Account<'a>> {
    let mut chosen: Option<&Account<'_>> = None;
    for account in accounts {
        let better = chosen.is_none_or(|known| {
            let (new, old) = (exactness(account.kind), exactness(known.kind));
            if new.min(1) == old.min(1) {
                rank(account) > rank(known)
            } else if new > old {
                !lags(account.metric, known.metric)
            } else {
                lags(known.metric, account.metric)
            }
        });
        if better {
            chosen = Some(account);
        }
    }
    chosen
}

fn rank(account: &Account<'_>) -> (u64, u64, u8, u64) {
    let step = account.metric.step.unwrap_or(0.0).max(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank: casts saturate")]
    (
        version(&account.metric.source).unwrap_or(0),
        account.metric.points,
        exactness(account.kind),
        step as u64,
    )
}

/// Whether the `exact` account is behind the other by more than its own rhythm: a state written at the last checkpoint, a table
/// that is flushed now and then.
fn lags(exact: &Metric, other: &Metric) -> bool {
    if exact.points == 0 && other.points > 0 {
        return true;
    }
    if exact.axis == Axis::Index && exact.step.is_none() && other.axis != Axis::Index && other.points > 0 {
        // rows without a place (predictions, models compared) are no curve of the run
        return !rounds(exact.last, other.last);
    }
    let (Some(mine), Some(theirs)) = (exact.step, other.step) else {
        return false;
    };
    if exact.axis != Axis::Step || other.axis != Axis::Step {
        return false;
    }
    let rhythm = mine / (exact.points.max(1) as f64);
    theirs - mine > (rhythm * 1.5).max(1.5)
}

/// Whether `rounded` may be `exact` with fewer digits.
fn rounds(exact: f64, rounded: f64) -> bool {
    (exact - rounded).abs() <= exact.abs() * 0.005 || (exact.is_nan() && rounded.is_nan())
}

/// Two tables side by side that name their columns alike (`train.log` and `valid.log`) speak of different things.
fn is_another(new: &Account<'_>, known: &Account<'_>) -> bool {
    let tables = new.kind == SourceKind::Csv && known.kind == SourceKind::Csv;
    let beside = folder(&new.metric.source) == folder(&known.metric.source)
        && new.metric.source != known.metric.source;
    tables && beside && !rounds(new.metric.last, known.metric.last)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// `2` for a source below `version_2/`.
fn version(path: &str) -> Option<u64> {
    path.split('/').rev().find_map(|part| part.strip_prefix("version_")?.parse().ok())
}

/// The name of an event file's metric. On which data it was measured, the file's folder may tell (Keras' `train` and `validation`,
/// what `add_scalars` splits, `CatBoost`'s `learn` and `test`).
fn tagged<'a>(source: &str, tag: &'a str) -> Cow<'a, str> {
    let mut folders = folder(source).rsplit('/');
    let (inside, above) = (folders.next().unwrap_or_default(), folders.next().unwrap_or_default());
    // Keras' callback puts it before what it sums up over an epoch; elsewhere it tells that from what steps log
    let keras = matches!(inside, "train" | "validation").then(|| tag.strip_prefix("epoch_")).flatten();
    let tag = keras.unwrap_or(tag);
    match inside {
        "learn" | "test" if above == "catboost_info" => Cow::Owned(format!("{inside}:{tag}")),
        _ if ["val", "eval", "test", "dev"].iter().any(|data| tag.to_ascii_lowercase().starts_with(data)) => {
            Cow::Borrowed(tag)
        }
        "validation" | "valid" | "val" | "eval" => Cow::Owned(format!("val_{tag}")),
        "test" => Cow::Owned(format!("test_{tag}")),
        _ => Cow::Borrowed(tag),
    }
}

/// A metric's name where its file's path is a part of it; `None` for figures that are none of the run's.
fn named<'a>(source: &str, name: &'a str) -> Option<Cow<'a, str>> {
    if let Some(at) = source.find("plots/metrics/")
        && let Some(path) =
            source.get(at + "plots/metrics/".len()..).and_then(|path| path.strip_suffix(".tsv"))
    {
        // DVCLive: one file a metric, its folders are the name's
        return Some(if path.rsplit('/').next() == Some(name) {
            Cow::Owned(path.to_owned())
        } else {
            Cow::Borrowed(name)
        });
    }
    if name == "value"
        && let Some(at) = source.rfind("metrics/")
    {
        // MLflow: the file is called like the metric
        return source.get(at + "metrics/".len()..).map(|path| Cow::Owned(path.to_owned()));
    }
    match source.rsplit('/').next() {
        Some("time_left.tsv") => None,
        // CatBoost's own word for the two
        Some("learn_error.tsv") => Some(Cow::Owned(format!("learn:{name}"))),
        Some("test_error.tsv") => Some(Cow::Owned(format!("test:{name}"))),
        _ => Some(Cow::Borrowed(name)),
    }
}
