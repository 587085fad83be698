//! Names of measures: by them a line of figures is told from a line of settings, in any language that logs were seen in.

/// Parts of names that make a figure a measure of learning.
const METRICS: [&str; 79] = [
    "loss",
    "losses",
    "acc",
    "accuracy",
    "acc1",
    "acc5",
    "top1",
    "top5",
    "prec1",
    "prec5",
    "ppl",
    "perplexity",
    "f1",
    "auc",
    "auroc",
    "mae",
    "mse",
    "rmse",
    "mape",
    "precision",
    "recall",
    "reward",
    "rewards",
    "return",
    "score",
    "bleu",
    "rouge",
    "map",
    "map50",
    "iou",
    "miou",
    "dice",
    "dsc",
    "error",
    "err",
    "kl",
    "elbo",
    "nll",
    "bce",
    "cer",
    "wer",
    "psnr",
    "ssim",
    "fid",
    "fitness",
    "logloss",
    "r2",
    "mcc",
    "entropy",
    "objective",
    "norm",
    "gnorm",
    "grad_norm",
    "epe",
    "hinge",
    "crossentropy",
    "smoothl1",
    "bpc",
    "verlust",
    "fehler",
    "genauigkeit",
    "perte",
    "perda",
    "perdita",
    "exactitud",
    "accuratezza",
    "cost",
    "pearson",
    "spearman",
    "ll",
    "loglik",
    "loglikelihood",
    "likelihood",
    "deviance",
    "aucroc",
    "areaunderroc",
    "areaunderpr",
    "ter",
    "kappa",
];

/// Parts of names that make of a measure's name a setting: `loss_weight`, `max_grad_norm`, `rms_norm_eps`.
const SETTINGS: [&str; 28] = [
    "weight",
    "weights",
    "coef",
    "coeff",
    "coefs",
    "coefficient",
    "eps",
    "epsilon",
    "alpha",
    "beta",
    "gamma",
    "lambda",
    "thresh",
    "threshold",
    "thr",
    "type",
    "decay",
    "power",
    "classes",
    "clip",
    "limit",
    "interval",
    "freq",
    "scale",
    "smoothing",
    "reduction",
    "fn",
    "function",
];

/// Loss, accuracy, precision and recall in other scripts, anywhere in a name.
const FOREIGN: [&str; 21] = [
    "损失",
    "準確率",
    "准确率",
    "精确率",
    "精度",
    "召回率",
    "損失",
    "正解率",
    "손실",
    "정확도",
    "потер",
    "ошибк",
    "точност",
    "pérdida",
    "précision",
    "precisión",
    "precisão",
    "acurácia",
    "dokładność",
    "kayıp",
    "doğruluk",
];

/// Whether `name` (already [`plain`](super::plain)) names a measure of learning.
pub(super) fn is_metric(name: &str) -> bool {
    let hit = |part: &str| METRICS.contains(&part);
    let joined = name.contains('_') || name.contains(' ');
    let parts = || name.split([' ', '_']);
    let bound = parts().any(|part| part == "max") && parts().any(|part| part == "norm");
    // `clip_loss`, `Value function loss`
    let ends = parts().next_back().is_some_and(|last| matches!(last, "loss" | "losses" | "acc" | "accuracy"));
    if joined && (bound || (!ends && parts().any(|part| SETTINGS.contains(&part)))) {
        return false;
    }
    name.split([' ', '_']).any(hit)
        || (!name.is_ascii() && FOREIGN.iter().any(|word| name.contains(word)))
        || name.split(' ').any(|word| {
            hit(word) || word.ends_with("loss") || word.ends_with("acc") || word.ends_with("accuracy")
        })
}
