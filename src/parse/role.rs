//! What a named figure is: the place it was measured at, a total, bookkeeping of the logger, or a metric.
//!
//! JSON rows, CSV columns and JSON documents name their figures with the same few dozen words, whoever wrote them. A name that
//! is not in these lists is a metric when its value is a number. Names with a `/` in them are namespaced metrics
//! (`train/loss`) and only a handful of them are known to count steps.

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The global step. The rank settles which of several wins (`global_step` over `step` over `iter`).
    Step(u8),
    /// The epoch.
    Epoch,
    /// The batch inside an epoch.
    Batch,
    /// Batches of an epoch, as a row gives it beside a batch.
    BatchTotal,
    /// Global steps of the run.
    StepTotal,
    /// Epochs of the run.
    EpochTotal,
    /// Steps of one epoch.
    StepsPerEpoch,
    /// When it was written.
    Time,
    /// How grave it is.
    Level,
    /// The message for people.
    Message,
    /// The message for programs.
    Event,
    /// Which data it was measured on (`mode: val`).
    Split,
    /// Job id.
    Job,
    /// Correlation id.
    Correlation,
    /// A traceback.
    Exception,
    /// An error's message.
    ErrorText,
    /// An error's class.
    ErrorType,
    /// Path of a checkpoint.
    Checkpoint,
    /// Path of a sample.
    Sample,
    /// `success`, `failed`.
    Status,
    /// A number that says how a process ended.
    ExitCode,
    /// Whether it stopped before its time, on purpose.
    StoppedEarly,
    /// A group whose members count as the row's own.
    Fields,
    /// A group of settings: only totals are read from it.
    Config,
    /// Loguru's record.
    Loguru,
    /// Bookkeeping: neither place nor metric.
    Skip,
    /// A metric when it is a number, a namespace when it is a group.
    Figure,
}

/// Tells what `name` stands for; case and `-` for `_` do not matter.
pub fn role(name: &str) -> Role {
    let mut plain = [0u8; 40];
    let Some(plain) = plain.get_mut(..name.len()) else { return Role::Figure };
    for (to, from) in plain.iter_mut().zip(name.bytes()) {
        *to = match from {
            b'-' | b' ' => b'_',
            other => other.to_ascii_lowercase(),
        };
    }
    let Ok(plain) = std::str::from_utf8(plain) else { return Role::Figure };
    place(plain).or_else(|| words(plain)).unwrap_or(Role::Figure)
}

fn place(name: &str) -> Option<Role> {
    Some(match name {
        "global_step"
        | "globalstep"
        | "gstep"
        | "trainer/global_step"
        | "train/global_step"
        | "time/total_timesteps"
        | "global_iter"
        | "global_iteration"
        | "total_timesteps"
        | "num_timesteps"
        | "num_updates" => Role::Step(3),
        "step" | "_step" | "current_step" | "current_steps" | "cur_step" | "train_step" | "training_step"
        | "step_num" | "step_idx" | "timestep" | "timesteps" => Role::Step(2),
        "iter" | "iteration" | "itr" | "cur_iter" | "n_iter" | "iter_num" | "update" | "updates" => {
            Role::Step(1)
        }
        "epoch" | "current_epoch" | "cur_epoch" | "epoch_num" | "epoch_idx" | "train/epoch"
        | "trainer/epoch" => Role::Epoch,
        "batch" | "batch_idx" | "batch_index" | "batch_id" | "batch_num" | "i_batch" => Role::Batch,
        "total_batches" | "num_batches" | "n_batches" | "batches" => Role::BatchTotal,
        "total_steps"
        | "steps_total"
        | "total_step"
        | "max_steps"
        | "num_steps"
        | "num_training_steps"
        | "total_iters"
        | "max_iters"
        | "max_iter"
        | "total_iterations"
        | "num_iterations"
        | "max_iterations"
        | "max_train_steps"
        | "total_optimization_steps" => Role::StepTotal,
        "total_epochs" | "epochs_total" | "total_epoch" | "num_epochs" | "max_epochs" | "max_epoch"
        | "n_epochs" | "nb_epochs" | "num_train_epochs" | "max_train_epochs" | "epochs" => Role::EpochTotal,
        "steps_per_epoch" | "iters_per_epoch" | "batches_per_epoch" => Role::StepsPerEpoch,
        _ => return None,
    })
}

fn words(name: &str) -> Option<Role> {
    Some(match name {
        "ts" | "timestamp" | "time" | "asctime" | "@timestamp" | "datetime" | "date" | "_timestamp"
        | "created" | "created_at" | "t" | "wall_time" | "walltime" => Role::Time,
        "level" | "levelname" | "severity" | "lvl" | "log_level" | "loglevel" | "log.level" => Role::Level,
        "msg" | "message" | "text" | "log" => Role::Message,
        "event" | "event_type" | "event_name" => Role::Event,
        "mode" | "split" | "phase" | "subset" => Role::Split,
        "job_id" | "jobid" => Role::Job,
        "correlation_id" | "correlationid" => Role::Correlation,
        "exception" | "exc_info" | "stack_trace" | "stacktrace" | "traceback" | "exc_text"
        | "error_stack" => Role::Exception,
        "error" | "err" | "error_message" => Role::ErrorText,
        "error_type" | "exc_type" | "exception_type" => Role::ErrorType,
        "checkpoint_path" | "ckpt_path" => Role::Checkpoint,
        "sample_path" => Role::Sample,
        "status" | "outcome" | "success" => Role::Status,
        "exit_code" | "exitcode" | "returncode" | "return_code" => Role::ExitCode,
        "stopped_early" | "early_stopped" => Role::StoppedEarly,
        "fields" | "context" | "extra" | "data" | "metrics" | "scalars" | "values" | "logs" | "payload"
        | "jsonpayload" | "json_payload" | "attributes" => Role::Fields,
        "config" | "args" | "hparams" | "params" | "hyperparameters" | "hyper_parameters" | "cfg"
        | "options" | "settings" | "training_args" | "parameters" => Role::Config,
        "record" => Role::Loguru,
        "gpu" | "gpus" | "cpu" | "memory" | "mem" | "system" | "hardware" | "host" | "env"
        | "environment" | "git" | "device" | "devices" | "versions" | "node" | "kubernetes" | "docker" => {
            Role::Skip
        }
        "seed"
        | "resource"
        | "labels"
        | "pid"
        | "tid"
        | "ppid"
        | "rank"
        | "local_rank"
        | "world_size"
        | "line"
        | "lineno"
        | "thread"
        | "process"
        | "levelno"
        | "msecs"
        | "relativecreated"
        | "port"
        | "index"
        | "id"
        | "run_id"
        | "sample_index"
        | "version"
        | "v"
        | "percentage"
        | "progress_pct"
        | "progress"
        | "percent"
        | "eta"
        | "eta_seconds"
        | "remaining_time"
        | "elapsed_time"
        | "elapsed"
        | "elapsed_seconds"
        | "_runtime"
        | "runtime"
        | "image_count"
        | "samples_generated"
        | "training_time_seconds"
        | "duration_seconds"
        | "attempt"
        | "attempts"
        | "retries"
        | "size"
        | "bytes" => Role::Skip,
        _ => return None,
    })
}

/// Whether a metric's name is one that only training gives: what tells a table of figures from a table of data.
pub fn is_training_word(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let word = |w: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == w);
    [
        "loss",
        "lr",
        "acc",
        "accuracy",
        "reward",
        "val",
        "valid",
        "train",
        "eval",
        "auc",
        "logloss",
        "ppl",
        "perplexity",
        "iou",
        "mse",
        "mae",
        "rmse",
        "f1",
    ]
    .iter()
    .any(|w| word(w))
        || name.ends_with("loss")
        || name.contains("map50")
        || name.contains("ep_rew")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_what_they_count() {
        for (name, what) in [
            ("step", Role::Step(2)),
            ("Global_Step", Role::Step(3)),
            ("time/total_timesteps", Role::Step(3)),
            ("iter", Role::Step(1)),
            ("Epoch", Role::Epoch),
            ("epochs", Role::EpochTotal),
            ("steps_total", Role::StepTotal),
            ("train/loss", Role::Figure),
            ("lr-AdamW", Role::Figure),
            ("loss", Role::Figure),
            ("eta_seconds", Role::Skip),
            ("correlationId", Role::Correlation),
            ("a name that is far longer than any name that means something here", Role::Figure),
        ] {
            assert_eq!(role(name), what, "{name}");
        }
    }

    #[test]
    fn training_words() {
        for name in [
            "val_loss",
            "train/box_loss",
            "lr",
            "metrics/mAP50(B)",
            "rollout/ep_rew_mean",
            "total_loss",
            "Logloss",
        ] {
            assert!(is_training_word(name), "{name}");
        }
        for name in ["sepal_length", "price", "label", "x1"] {
            assert!(!is_training_word(name), "{name}");
        }
    }
}
