//! Where a window of several files stands in each of them.

/// A window's place in one of its files, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Those before the window.
    pub start: u64,
    /// Those before what comes behind the window.
    pub end: u64,
    /// All of them; 0 where no line of the file passes, so that it has no place among the others.
    pub len: u64,
}
