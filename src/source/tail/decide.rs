//! What two looks at a path mean together: the whole of the decision, on plain values, so that every case can be written down.
//!
//! Names and sizes lie: a log that was truncated and has grown past its old length looks like one that was appended to, and an
//! inode number is given to the next file as soon as nobody holds the old one. What cannot be told from `stat` alone is told by
//! the bytes: [`Step::Compare`] asks for the prints of what was read.

use crate::model::stamp::Stamp;

/// What `stat` says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    /// Device.
    pub(super) dev: u64,
    /// Inode.
    pub(super) ino: u64,
    /// Bytes.
    pub(super) len: u64,
    /// Last modification: seconds and nanoseconds.
    pub(super) modified: (i64, i64),
    /// Last change of content or of what `stat` says.
    pub(super) changed: (i64, i64),
}

impl Stat {
    /// Last modification, in the program's own measure.
    pub(super) fn stamp(&self) -> Stamp {
        let (seconds, nanos) = self.modified;
        Stamp::from_millis(seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000))
    }
}

/// What was known of the file before this look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    /// The file that was read; `None` when none has been seen yet.
    pub(super) stat: Option<Stat>,
    /// How far it was read.
    pub(super) offset: u64,
    /// What the descriptor that is held open says of the file; `None` when none is held.
    pub(super) held: Option<Stat>,
}

/// What stands at the path now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Path {
    /// A plain file.
    File(Stat),
    /// Nothing.
    Missing,
}

/// What is to be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing is new.
    Same,
    /// There is more to read.
    Grown,
    /// Nothing was read yet, or what was read stands: the same file, to be taken as new.
    First,
    /// The prints of what was read decide: the same means [`Step::Same`] or [`Step::Grown`], another that it was rewritten.
    Compare,
    /// The device has another number, the inode has not: a network file system was mounted anew, or it is another file. The
    /// prints decide: the same means that it is the same file, another that it was replaced.
    CompareDevice,
    /// It is shorter than it was.
    Truncated,
    /// Another file stands at the path, and the old one is read to its end.
    Replaced,
    /// The old file is not read to its end, though its name is gone or another's: the rest of it comes first.
    Drain,
    /// No file at the path, and nothing left of the old one.
    Gone,
}

/// Decides.
pub(super) fn decide(known: &Known, path: Path) -> Step {
    let rest = known.held.is_some_and(|held| held.len > known.offset);
    let Path::File(now) = path else {
        return if rest { Step::Drain } else { Step::Gone };
    };
    let Some(before) = known.stat else { return Step::First };
    if now.ino != before.ino || (now.dev != before.dev && known.offset == 0) {
        return if rest { Step::Drain } else { Step::Replaced };
    }
    if now.dev != before.dev {
        return Step::CompareDevice;
    }
    if now.len < before.len || now.len < known.offset {
        return Step::Truncated;
    }
    let touched = now.modified != before.modified || now.changed != before.changed || now.len != before.len;
    if touched && known.offset > 0 {
        return Step::Compare;
    }
    if now.len > known.offset { Step::Grown } else { Step::Same }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Stat = Stat { dev: 1, ino: 10, len: 100, modified: (50, 0), changed: (50, 0) };

    fn at(stat: Stat, offset: u64) -> Known {
        Known { stat: Some(stat), offset, held: Some(stat) }
    }

    fn closed(stat: Stat, offset: u64) -> Known {
        Known { held: None, ..at(stat, offset) }
    }

    fn later(stat: Stat, len: u64) -> Stat {
        Stat { len, modified: (60, 0), changed: (60, 0), ..stat }
    }

    #[test]
    fn every_case() {
        let other = Stat { ino: 11, len: 5, ..later(A, 5) };
        let moved = Stat { dev: 2, ..A };
        let cases: &[(&str, Known, Path, Step)] = &[
            ("never seen, not there", Known { stat: None, offset: 0, held: None }, Path::Missing, Step::Gone),
            ("never seen, there", Known { stat: None, offset: 0, held: None }, Path::File(A), Step::First),
            ("nothing happened", at(A, 100), Path::File(A), Step::Same),
            ("nothing happened, not all read", at(A, 40), Path::File(A), Step::Grown),
            ("nothing happened, nothing read", at(A, 0), Path::File(A), Step::Grown),
            ("appended", at(A, 100), Path::File(later(A, 150)), Step::Compare),
            ("appended before anything was read", at(A, 0), Path::File(later(A, 150)), Step::Grown),
            ("appended while closed", closed(A, 100), Path::File(later(A, 150)), Step::Compare),
            ("touched", at(A, 100), Path::File(later(A, 100)), Step::Compare),
            (
                "same length, only the change time moved",
                at(A, 100),
                Path::File(Stat { changed: (60, 0), ..A }),
                Step::Compare,
            ),
            (
                "same length, within the second",
                at(A, 100),
                Path::File(Stat { modified: (50, 1), ..A }),
                Step::Compare,
            ),
            ("truncated to nothing", at(A, 100), Path::File(later(A, 0)), Step::Truncated),
            ("truncated to less", at(A, 100), Path::File(later(A, 40)), Step::Truncated),
            (
                "truncated to less, but not below what was read",
                at(A, 40),
                Path::File(later(A, 60)),
                Step::Truncated,
            ),
            ("truncated and grown past the old length", at(A, 100), Path::File(later(A, 500)), Step::Compare),
            ("truncated, clock not moved", at(A, 100), Path::File(Stat { len: 10, ..A }), Step::Truncated),
            (
                "read past what stat said, then truncated to that",
                Known { offset: 150, ..at(A, 100) },
                Path::File(A),
                Step::Truncated,
            ),
            ("replaced, all read", at(A, 100), Path::File(other), Step::Replaced),
            ("replaced, not all read", at(A, 40), Path::File(other), Step::Drain),
            (
                "replaced, the old one was appended to before",
                Known { held: Some(later(A, 130)), ..at(A, 100) },
                Path::File(other),
                Step::Drain,
            ),
            ("replaced while closed: the rest is lost", closed(A, 40), Path::File(other), Step::Replaced),
            ("replaced by a longer one", at(A, 100), Path::File(Stat { len: 900, ..other }), Step::Replaced),
            (
                "inode used again while closed, longer",
                closed(A, 100),
                Path::File(later(A, 120)),
                Step::Compare,
            ),
            (
                "inode used again while closed, shorter",
                closed(A, 100),
                Path::File(later(A, 20)),
                Step::Truncated,
            ),
            ("deleted, all read", at(A, 100), Path::Missing, Step::Gone),
            ("deleted, not all read", at(A, 40), Path::Missing, Step::Drain),
            (
                "deleted, and the writer goes on",
                Known { held: Some(later(A, 130)), ..at(A, 100) },
                Path::Missing,
                Step::Drain,
            ),
            ("deleted while closed", closed(A, 40), Path::Missing, Step::Gone),
            ("recreated after it was gone", closed(A, 100), Path::File(other), Step::Replaced),
            ("mounted anew", at(A, 100), Path::File(moved), Step::CompareDevice),
            ("another device before anything was read", closed(A, 0), Path::File(moved), Step::Replaced),
            (
                "empty and still empty",
                at(Stat { len: 0, ..A }, 0),
                Path::File(Stat { len: 0, ..A }),
                Step::Same,
            ),
            ("empty and touched", at(Stat { len: 0, ..A }, 0), Path::File(later(A, 0)), Step::Same),
        ];
        for (name, known, path, step) in cases {
            assert_eq!(decide(known, *path), *step, "{name}");
        }
    }

    #[test]
    fn nothing_read_is_never_compared() {
        for len in [0, 1, 100, 101, 1000] {
            for moved in [(50, 0), (50, 1), (60, 0)] {
                let now = Stat { len, modified: moved, ..A };
                assert_ne!(decide(&at(A, 0), Path::File(now)), Step::Compare, "{len} {moved:?}");
            }
        }
    }

    #[test]
    fn file_times_are_told_in_milliseconds() {
        assert_eq!(Stat { modified: (2, 345_678_901), ..A }.stamp(), Stamp::from_millis(2345));
        assert_eq!(Stat { modified: (-1, 0), ..A }.stamp(), Stamp::from_millis(-1000));
    }
}
