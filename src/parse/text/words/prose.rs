//! Words of sentences, and those that belong to a name behind them: where a name begins is told by what stands before it.

/// Words that join a name to the sentence before it.
pub(super) fn is_link(word: &str) -> bool {
    matches!(
        word,
        "to" | "from"
            | "of"
            | "in"
            | "at"
            | "for"
            | "by"
            | "than"
            | "after"
            | "and"
            | "with"
            | "is"
            | "was"
            | "the"
            | "a"
            | "an"
            | "on"
            | "or"
            | "be"
            | "will"
            | "has"
            | "had"
    )
}

/// Words of prose: a figure behind one of them is not named by it.
pub(super) fn is_prose(word: &str) -> bool {
    is_link(word)
        || matches!(
            word,
            "top"
                | "last"
                | "first"
                | "reached"
                | "above"
                | "below"
                | "every"
                | "number"
                | "total"
                | "have"
                | "did"
                | "not"
                | "improve"
                | "improved"
                | "saved"
                | "saving"
                | "restored"
                | "loading"
                | "loaded"
                | "reducing"
                | "target"
                | "up"
                | "down"
                | "out"
                | "until"
                | "each"
                | "per"
                | "over"
                | "between"
                | "python"
                | "cuda"
                | "version"
                | "torch"
                | "used"
                | "using"
                | "took"
                | "under"
                | "as"
                | "when"
                | "started"
                | "position"
                | "共"
        )
}

/// Words that say on which data a figure was taken; they belong to the name behind them.
pub(super) fn is_qualifier(word: &str) -> bool {
    matches!(
        word,
        "train"
            | "training"
            | "val"
            | "valid"
            | "validation"
            | "test"
            | "eval"
            | "evaluation"
            | "avg"
            | "average"
            | "mean"
            | "best"
            | "running"
            | "smoothed"
            | "final"
            | "dev"
            | "max"
            | "min"
            | "median"
    )
}
