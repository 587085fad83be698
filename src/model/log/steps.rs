//! What is told of a step that was jumped to, where bars count it.

/// A line at or behind a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepFound {
    /// Where the line begins, in bytes.
    pub offset: u64,
    /// The step that was meant, within its epoch where steps begin anew with each.
    pub step: u64,
    /// The epoch that the line stands in, where one is named.
    pub epoch: Option<u64>,
    /// The how manieth round of its bar it is, from 1.
    pub round: u64,
    /// Whether it is of a later round than the step: that one ended before it.
    pub later: bool,
    /// The step that the line shows.
    pub done: u64,
    /// Steps in all of the epoch.
    pub of: Option<u64>,
}

/// What came of the search for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepAnswer {
    /// A bar's line.
    At(StepFound),
    /// Steps are told, and none at or after this one.
    TooFew,
    /// The epochs differ in their steps: which step of the run one is, nobody can say.
    Uneven,
    /// No line and no bar tells a step.
    Nothing,
}
