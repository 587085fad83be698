//! Which programs the demo runs, and which it has run before.

use std::time::Duration;

use super::programs::Boosting;
use super::programs::Fate;
use super::programs::HfTrainer;
use super::programs::Job;
use super::programs::Keras;
use super::programs::Kohya;
use super::programs::Lightning;
use super::programs::Plain;
use super::programs::Search;
use super::programs::Torch;
use super::script::Program;

/// A run of the demo.
pub(super) struct Role {
    /// The run's folder below the demo's; for a job, the folder that it shares with other jobs.
    pub(super) folder: &'static str,
    /// When its last write was; `None` for a run that is alive.
    pub(super) ended: Option<Duration>,
    /// What it does.
    pub(super) program: fn() -> Box<dyn Program>,
}

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Runs that write while the demo is open.
pub(super) fn live() -> Vec<Role> {
    let live = |folder, program: fn() -> Box<dyn Program>| Role { folder, ended: None, program };
    vec![
        live("vision/resnet18-cifar10", || Box::new(Torch::new(30, 120, ms(130), Fate::Completes, 11))),
        live("llm/sft-lora-r16", || Box::new(HfTrainer::new(3, 900, ms(700), Fate::Completes, 12))),
        live("segmentation/unet-cells", || Box::new(Lightning::new(25, 60, ms(180), Fate::Completes, 13))),
        live("tabular/mlp-churn", || Box::new(Keras::new(80, 24, ms(75), Fate::StopsEarly(36), 14))),
        live("diffusion/lora-cat", || Box::new(Kohya::new(8, 50, ms(1100), Fate::Silent(22), 15))),
        live("tabular/xgb-credit", || Box::new(Boosting::new(900, ms(450), Fate::Completes, 16))),
        live("speech/conformer-ctc", || Box::new(Plain::new(20_000, 10, ms(350), Fate::Crashes(1200), 17))),
        live("search/boosters", || Box::new(Search::new(6, 15, ms(2200), 18))),
        live("jobs", || {
            Box::new(Job::new(
                "train-7c1f09ab42de.jsonl",
                "train-7c1f09ab42de",
                800,
                ms(480),
                Fate::Completes,
                19,
            ))
        }),
    ]
}

/// Runs that ended before the demo was opened.
pub(super) fn past() -> Vec<Role> {
    let past = |folder, minutes, program: fn() -> Box<dyn Program>| Role {
        folder,
        ended: Some(Duration::from_mins(minutes)),
        program,
    };
    let hours = |n: u64| n * 60;
    let days = |n: u64| n * 24 * 60;
    vec![
        past("jobs", 4, || {
            Box::new(Job::new("train-e05d3b6c91aa.jsonl", "train-e05d3b6c91aa", 0, ms(0), Fate::Completes, 0))
        }),
        past("vision/resnet18-baseline", hours(2), || {
            Box::new(Torch::new(12, 90, ms(900), Fate::Completes, 21))
        }),
        past("speech/conformer-small", hours(3), || {
            Box::new(Plain::new(8000, 20, ms(2500), Fate::Crashes(5340), 22))
        }),
        past("tabular/mlp-churn-wide", hours(5), || {
            Box::new(Keras::new(60, 24, ms(300), Fate::StopsEarly(27), 23))
        }),
        past("llm/sft-lora-r64", hours(7), || {
            Box::new(HfTrainer::new(2, 400, ms(4000), Fate::Interrupted(171), 24))
        }),
        past("segmentation/unet-small", hours(26), || {
            Box::new(Lightning::new(10, 50, ms(700), Fate::Completes, 25))
        }),
        past("jobs", hours(30), || {
            Box::new(Job::new(
                "train-91b2c7d40f38.jsonl",
                "train-91b2c7d40f38",
                300,
                ms(2000),
                Fate::Completes,
                26,
            ))
        }),
        past("diffusion/lora-dog", days(3), || Box::new(Kohya::new(6, 60, ms(5000), Fate::Silent(263), 27))),
        past("tabular/xgb-fraud", days(9), || Box::new(Boosting::new(240, ms(900), Fate::Completes, 28))),
        past("archive/resnet34-flowers", days(45), || {
            Box::new(Torch::new(8, 80, ms(1500), Fate::Completes, 29))
        }),
    ]
}
