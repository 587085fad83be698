//! Names of what is counted: epochs, steps and batches, and how many of them there are to be.

use crate::model::record::Count;

use super::Counter;

/// What `name` (already [`plain`](super::plain)) counts, if it is a counter: judged by its last word.
pub(super) fn counter(name: &str) -> Option<Counter> {
    if matches!(
        name,
        "global step"
            | "global_step"
            | "gstep"
            | "num_updates"
            | "nupdates"
            | "total steps done"
            | "update step"
            | "current_steps"
            | "global iter"
            | "global_iter"
            | "training global_step"
            | "train_num_updates"
    ) {
        return Some(Counter::GlobalStep);
    }
    let last = name.rsplit(' ').next().unwrap_or(name);
    let before = name.strip_suffix(last).unwrap_or("").trim_end();
    if before.split(' ').any(|word| {
        matches!(
            word,
            "best"
                | "nan"
                | "skipped"
                | "number"
                | "num"
                | "per"
                | "total"
                | "max"
                | "of"
                | "warmup"
                | "n"
                | "every"
                | "patience"
                | "early"
                | "last"
                | "micro"
                | "sampling"
                | "ddim"
                | "ddpm"
                | "denoising"
                | "inner"
                | "local"
                | "diffusion"
        )
    }) {
        return None;
    }
    match last {
        "эпоха" | "эпохи" | "epoche" | "época" | "epoca" | "époque" | "epoque" | "epoka" | "エポック"
        | "轮次" | "에포크" | "에폭" | "epoch" | "epochs" | "ep" | "epo" | "epch" | "current_epoch"
        | "train_epoch" | "epoch_num" | "epoch_idx" => Some(Counter::Epoch),
        "шаг" | "итерация" | "раунд" | "runde" | "durchlauf" | "ronda" | "rodada" | "ラウンド"
        | "schritt" | "étape" | "paso" | "passo" | "krok" | "adım" | "itération" | "iteración"
        | "iteração" | "iterazione" | "ステップ" | "步数" | "스텝" | "generation" | "episode" | "trial"
        | "round" | "step" | "steps" | "iter" | "iters" | "iteration" | "iterations" | "itr"
        | "train_step" | "update" | "updates" | "train_iter" | "it" | "num_iter" | "timestep"
        | "timesteps" => Some(Counter::Step),
        "batch" | "batches" | "minibatch" | "mini_batch" | "batch_idx" | "batch_id" => Some(Counter::Batch),
        _ => None,
    }
}

/// What a configured total counts, by its [`plain`](super::plain) name.
pub(super) fn total(name: &str) -> Option<Count> {
    match name {
        "epochs"
        | "num_epochs"
        | "n_epochs"
        | "nepochs"
        | "max_epochs"
        | "max_epoch"
        | "end_epoch"
        | "num_train_epochs"
        | "total_epochs"
        | "num epochs"
        | "total epochs"
        | "number of epochs"
        | "max epochs"
        | "n epochs"
        | "num_epoch"
        | "nb_epochs"
        | "nb_epoch"
        | "train_epochs"
        | "epoch_num"
        | "total epoch"
        | "solver max_epochs"
        | "train epochs"
        | "scheduled epochs"
        | "number of training epochs" => Some(Count::Epochs),
        "total optimization steps"
        | "max_steps"
        | "total_steps"
        | "num_training_steps"
        | "max_iters"
        | "max_iter"
        | "total_iters"
        | "total steps"
        | "num_steps"
        | "train_steps"
        | "total training steps"
        | "total_training_steps"
        | "max steps"
        | "num_iterations"
        | "n_iterations"
        | "max iterations"
        | "max_iterations"
        | "total iterations"
        | "total_iterations"
        | "num_train_steps"
        | "total_timesteps"
        | "num_rounds"
        | "n_rounds"
        | "max_rounds"
        | "num rounds"
        | "total rounds"
        | "global rounds"
        | "global_rounds"
        | "number of rounds"
        | "communication rounds"
        | "cfg steps" => Some(Count::Steps),
        "num update steps per epoch"
        | "steps_per_epoch"
        | "num batches per epoch"
        | "steps per epoch"
        | "batches per epoch"
        | "iters_per_epoch" => Some(Count::StepsPerEpoch),
        _ => None,
    }
}
