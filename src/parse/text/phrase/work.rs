//! What a program says that it does, and which checkpoints it writes.

use crate::model::state::Stage;

/// A file's name in a sentence about saving.
fn path(body: &str) -> Option<&str> {
    body.split([' ', '\'', '"', '`', '(', ')', ','])
        .rev()
        .map(|word| word.trim_end_matches(['.', ':', '!']))
        .find(|word| {
            let ext = word.rsplit_once('.').map_or("", |(_, ext)| ext);
            word.len() > 3
                && (matches!(
                    ext,
                    "pt" | "pth"
                        | "ckpt"
                        | "safetensors"
                        | "h5"
                        | "keras"
                        | "npz"
                        | "pkl"
                        | "bin"
                        | "tar"
                        | "pdparams"
                        | "params"
                        | "joblib"
                        | "onnx"
                        | "zip"
                        | "json"
                ) || word.contains("checkpoint-")
                    || (word.contains('/') && !word.contains("//")))
        })
}

/// The checkpoint that a message says was written; `lower` is the same in lower case.
pub(super) fn checkpoint<'a>(body: &'a str, lower: &str) -> Option<&'a str> {
    let saves = [
        "saving checkpoint",
        "saved checkpoint",
        "checkpoint saved",
        "saving model",
        "model saved",
        "saved model",
        "saving best",
        "saved best",
        "best checkpoint saved",
        "saved state to",
        "saving current",
        "save model to",
        "saved to checkpoint",
        "checkpoint written",
        "saved the checkpoint",
        "model checkpoint saved",
    ]
    .iter()
    .any(|word| lower.contains(word));
    let off = lower.contains("finished saving")
        || lower.contains("failed")
        || lower.contains("error")
        || lower.contains("writing model shards");
    if saves && !off { path(body) } else { None }
}

/// What a message in lower case says that it does now.
pub(super) fn stage(lower: &str) -> Option<Stage> {
    let starts = |word: &str| lower.starts_with(word);
    if lower.contains("***** running training")
        || starts("running training")
        || starts("start training")
        || starts("starting training")
        || starts("begin training")
        || [
            "training starts at ",
            "training for ",
            "train for ",
            "will train for ",
            "fitting for ",
            "optimizing for ",
            "running for ",
        ]
        .iter()
        .any(|start| starts(start))
    {
        return Some(Stage::Training);
    }
    if lower.contains("***** running evaluation")
        || starts("eval begin")
        || lower.contains("running validation")
        || starts("validating")
    {
        return Some(Stage::Validating);
    }
    if starts("loading model")
        || starts("loading checkpoint")
        || starts("loading pretrained")
        || starts("load model")
    {
        return Some(Stage::LoadingModel);
    }
    if starts("loading dataset")
        || starts("loading data")
        || starts("preparing dataset")
        || starts("preparing data")
        || starts("caching latents")
        || starts("tokenizing")
    {
        return Some(Stage::PreparingDataset);
    }
    None
}
