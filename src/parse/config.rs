//! What settings tell of a run: totals, and the framework that they are settings of. JSON documents, YAML documents and what
//! a tracker was handed are read by the same rules.
//!
//! A setting is what somebody planned, and weaker than whatever the run says of itself. Where two of them contradict each
//! other, or where it is not sure which of two limits ends the run, nothing is said.

use std::borrow::Cow;

use crate::model::record::Count;
use crate::model::record::Origin;
use crate::model::record::Record;
use crate::model::record::Sink;

use super::role::Role;
use super::role::role;

/// Settings that one file may have.
pub(crate) const MOST: usize = 4096;

/// No run is as long.
const LONGEST: f64 = 1e13;

/// Groups that are about the run itself: `early_stopping.epochs` is a patience, `scheduler.total_steps` a curve's length.
const GROUPS: [&str; 22] = [
    "training",
    "train",
    "trainer",
    "optimization",
    "training_args",
    "training_arguments",
    "args",
    "config",
    "cfg",
    "hparams",
    "params",
    "hyperparameters",
    "hyper_parameters",
    "parameters",
    "train_cfg",
    "train_config",
    "training_config",
    "runner",
    "solver",
    "lightning",
    "fit",
    "experiment",
];

/// A total as it is gathered.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Told {
    Nothing,
    Once(f64),
    /// Two settings that do not agree.
    Twice,
}

impl Told {
    fn hear(&mut self, value: f64) {
        *self = match *self {
            Self::Nothing => Self::Once(value),
            Self::Once(known) if known.to_bits() == value.to_bits() => Self::Once(known),
            _ => Self::Twice,
        };
    }

    fn value(self) -> Option<f64> {
        match self {
            Self::Once(value) => Some(value),
            _ => None,
        }
    }
}

/// What a setting counts, and whether it is a limit beside others (`max_steps`) rather than what they come to (`total_steps`).
fn counts(name: &str) -> Option<(Count, bool)> {
    let lower = name.to_ascii_lowercase();
    match (lower.as_str(), role(name)) {
        // what a policy plays between two updates, and how many updates that makes
        ("num_steps" | "num_iterations", _) => None,
        ("total_timesteps", _) => Some((Count::Steps, false)),
        ("max_update" | "max_updates", _) => Some((Count::Steps, true)),
        (_, Role::EpochTotal) => Some((Count::Epochs, false)),
        (lower, Role::StepTotal) => Some((Count::Steps, lower.starts_with("max_"))),
        _ => None,
    }
}

/// A count as settings write it: `100`, `3.0`, `1e5`, `1_000_000`.
pub(crate) fn count(value: &str) -> Option<f64> {
    let value = value.trim();
    let digits = value.bytes().next().is_some_and(|b| b.is_ascii_digit());
    let plain = if value.contains('_') { Cow::Owned(value.replace('_', "")) } else { Cow::Borrowed(value) };
    let value: f64 = plain.parse().ok().filter(|_| digits)?;
    ((1.0..LONGEST).contains(&value) && value.fract() == 0.0).then_some(value)
}

fn about_the_run(group: &str) -> bool {
    group.is_empty()
        || group.split('.').all(|part| GROUPS.iter().any(|known| part.eq_ignore_ascii_case(known)))
}

/// Says what `all` settings tell: pairs of a path, its keys joined by `.`, and a value as written.
pub(crate) fn tell(all: &[(&str, &str)], sink: &mut dyn Sink) {
    let origin = Origin::default();
    let get = |wanted: &str| all.iter().find(|(path, _)| *path == wanted).map(|(_, value)| *value);
    let has = |name: &str| {
        all.iter()
            .any(|(path, _)| path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case(name)))
    };
    let framework = framework(all, &get);
    if let Some(name) = framework {
        sink.record(&Record::Framework(name), &origin);
    }
    let null = |value: &str| matches!(value, "" | "null" | "None" | "~");
    if framework == Some("ultralytics")
        && (get("mode") != Some("train") || get("time").is_some_and(|hours| !null(hours)))
    {
        // validation has settings of a training that it does not do; a time limit takes the place of the epochs
        return;
    }
    let (mut epochs, mut steps, mut limits) = (Told::Nothing, Told::Nothing, false);
    for (path, value) in all {
        let (group, name) = path.rsplit_once('.').unwrap_or(("", path));
        let Some(value) = count(value).filter(|_| about_the_run(group)) else { continue };
        match counts(name) {
            Some((Count::Epochs, _)) => epochs.hear(value),
            Some((_, limit)) => {
                steps.hear(value);
                limits |= limit;
            }
            None => {}
        }
    }
    if ["total_timesteps", "gae_lambda", "clip_range", "num_envs", "n_envs"].iter().any(|name| has(name)) {
        // epochs there are passes over what was played since the last update
        epochs = Told::Nothing;
    }
    if limits && epochs != Told::Nothing && steps != Told::Nothing {
        if has("per_device_train_batch_size") || has("num_train_epochs") {
            epochs = Told::Nothing;
        } else if has("max_train_epochs") {
            // kohya: epochs overrule steps
            steps = Told::Nothing;
        } else {
            // whichever is reached first
            (epochs, steps) = (Told::Nothing, Told::Nothing);
        }
    }
    for (of, told) in [(Count::Epochs, epochs), (Count::Steps, steps)] {
        if let Some(value) = told.value() {
            sink.record(&Record::Planned { of, value }, &origin);
        }
    }
}

/// The framework that settings are of, where their names or what they name leave no doubt.
fn framework<'a>(all: &[(&str, &str)], get: &impl Fn(&str) -> Option<&'a str>) -> Option<&'static str> {
    if get("imgsz").is_some() && get("close_mosaic").is_some() && get("mode").is_some() {
        return Some("ultralytics");
    }
    let last = |name: &str| all.iter().any(|(path, _)| path.rsplit('.').next() == Some(name));
    if last("per_device_train_batch_size") && last("num_train_epochs") {
        return Some("transformers");
    }
    let lightning = |value: &str| {
        ["lightning.pytorch.", "pytorch_lightning."].iter().any(|module| value.starts_with(module))
    };
    let target = all
        .iter()
        .any(|(path, value)| matches!(*path, "trainer._target_" | "trainer.class_path") && lightning(value));
    target.then_some("lightning")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::recorder::Recorder;

    fn said(all: &[(&str, &str)]) -> String {
        let mut sink = Recorder::default();
        tell(all, &mut sink);
        sink.said.join(" | ")
    }

    #[test]
    fn totals_of_the_run_and_of_nothing_else() {
        assert_eq!(said(&[("max_epochs", "10"), ("early_stopping.epochs", "3")]), "planned Epochs=10");
        assert_eq!(said(&[("lightning.trainer.max_epochs", "10")]), "planned Epochs=10");
        assert_eq!(said(&[("SOLVER.MAX_ITER", "270000")]), "planned Steps=270000");
        assert_eq!(said(&[("scheduler.total_steps", "500"), ("model.num_steps", "50")]), "");
        assert_eq!(said(&[("max_steps", "1_000_000")]), "planned Steps=1000000");
        for value in ["-1", "0", "2.5", "null", "inf", "nan", "1e400", "true", "1e14"] {
            assert_eq!(said(&[("epochs", value)]), "", "{value}");
        }
    }

    #[test]
    fn what_contradicts_itself_says_nothing() {
        assert_eq!(said(&[("epochs", "10"), ("trainer.max_epochs", "20")]), "");
        assert_eq!(said(&[("epochs", "10"), ("trainer.max_epochs", "10")]), "planned Epochs=10");
        assert_eq!(said(&[("max_epochs", "10"), ("max_steps", "20")]), "");
        assert_eq!(said(&[("epochs", "10"), ("total_steps", "20")]), "planned Epochs=10 | planned Steps=20");
        assert_eq!(said(&[("num_train_epochs", "3"), ("max_steps", "20")]), "planned Steps=20");
        assert_eq!(said(&[("max_train_epochs", "3"), ("max_train_steps", "1600")]), "planned Epochs=3");
    }

    #[test]
    fn epochs_of_reinforcement_learning_are_none_of_the_run() {
        let ppo = [
            ("total_timesteps", "500000"),
            ("n_epochs", "10"),
            ("num_steps", "128"),
            ("num_iterations", "976"),
        ];
        assert_eq!(said(&ppo), "planned Steps=500000");
    }

    #[test]
    fn frameworks_by_their_settings() {
        let args = |mode, time| {
            [("mode", mode), ("epochs", "3"), ("time", time), ("imgsz", "64"), ("close_mosaic", "10")]
        };
        assert_eq!(said(&args("train", "null")), "framework ultralytics | planned Epochs=3");
        assert_eq!(said(&args("val", "null")), "framework ultralytics");
        assert_eq!(said(&args("train", "1.5")), "framework ultralytics");
        let hydra = [("trainer._target_", "lightning.pytorch.trainer.Trainer"), ("trainer.max_epochs", "5")];
        assert_eq!(said(&hydra), "framework lightning | planned Epochs=5");
        let trainer =
            [("per_device_train_batch_size", "8"), ("num_train_epochs", "3.0"), ("max_steps", "-1")];
        assert_eq!(said(&trainer), "framework transformers | planned Epochs=3");
    }
}
