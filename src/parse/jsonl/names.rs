//! What the keys of one file's rows mean: settled once for each name and not once for each row.
//!
//! The keys of a file's rows come in the same order row after row, so each key is looked for where it stood in the row before.

use crate::parse::role::Role;
use crate::parse::role::role;

/// Names that one file may bring: a row of a few thousand metrics is real, a million made-up keys are not.
const NAMES: usize = 8192;

/// Bytes that a key may have: what is longer names nothing.
const KEY: usize = 1024;

/// What the members of a group are to the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The row's own.
    Own,
    /// Figures under a name.
    Named,
    /// Settings: only totals.
    Config,
    /// Loguru's `record`.
    Loguru,
    /// Loguru's `level`, `time` and `exception` objects.
    LoguruPart,
}

/// A group of a row: where its names begin, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    prefix: Box<str>,
    kind: Kind,
}

/// A name that was met.
#[derive(Debug, Clone)]
struct Known {
    group: usize,
    key: Box<str>,
    /// With its group's name in front.
    name: Box<str>,
    role: Role,
    /// The group that it opens when its value is an object.
    opens: Option<usize>,
}

/// A member of a row, as far as its name tells: the same in every row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    /// Which name.
    pub(super) index: usize,
    /// What it stands for.
    pub(super) role: Role,
    /// What its group is to the row.
    pub(super) kind: Kind,
    /// Its key has a `/` in it: a metric's name, whatever it counts.
    pub(super) is_path: bool,
}

impl Member {
    /// Whether any value of it but a group may say anything.
    pub(super) fn says(self) -> bool {
        self.role != Role::Skip || self.kind == Kind::LoguruPart
    }
}

/// What the rows of one file have named so far.
#[derive(Debug)]
pub(super) struct Names {
    known: Vec<Known>,
    groups: Vec<Group>,
    next: usize,
}

impl Names {
    pub(super) fn new() -> Self {
        Self { known: Vec::new(), groups: vec![Group { prefix: "".into(), kind: Kind::Own }], next: 0 }
    }

    /// A row begins: its first key is the first one of the row before, as a rule.
    pub(super) fn begin(&mut self) {
        self.next = 0;
    }

    /// The metric name at `index`.
    pub(super) fn name(&self, index: usize) -> Option<&str> {
        self.known.get(index).map(|known| &*known.name)
    }

    /// The key at `index`, as it stands in the row.
    pub(super) fn key(&self, index: usize) -> &str {
        self.known.get(index).map_or("", |known| &*known.key)
    }

    /// What the group of the name at `index` is called.
    pub(super) fn prefix(&self, index: usize) -> Option<&str> {
        let group = self.known.get(index)?.group;
        self.groups.get(group).map(|group| &*group.prefix)
    }

    /// The member `key` of a group; `None` when there are too many names, or it is too long.
    pub(super) fn find(&mut self, group: usize, key: &str) -> Option<Member> {
        let is = |known: &Known| known.group == group && &*known.key == key;
        let index = match self.known.get(self.next) {
            Some(known) if is(known) => self.next,
            // a row of another shape than the one before: from there on in order again
            _ => match self.known.iter().position(is) {
                Some(index) => index,
                None => self.add(group, key)?,
            },
        };
        self.next = index + 1;
        let known = self.known.get(index)?;
        let is_path = known.key.contains('/');
        Some(Member { index, role: known.role, kind: self.groups.get(group)?.kind, is_path })
    }

    fn add(&mut self, group: usize, key: &str) -> Option<usize> {
        let index = self.known.len();
        if index >= NAMES || key.len() > KEY {
            return None;
        }
        let prefix = &self.groups.get(group)?.prefix;
        let name = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}/{key}") };
        self.known.push(Known { group, key: key.into(), name: name.into(), role: role(key), opens: None });
        Some(index)
    }

    /// The group that a member opens; `None` when it is to be skipped. The same for a member whenever it is asked.
    pub(super) fn open(&mut self, member: Member) -> Option<usize> {
        let known = self.known.get(member.index)?;
        if let Some(opens) = known.opens {
            return Some(opens);
        }
        let group = match (member.kind, known.role) {
            (Kind::Own, Role::Loguru) => Group { prefix: "".into(), kind: Kind::Loguru },
            (Kind::Loguru, _) => match &*known.key {
                "extra" => Group { prefix: "".into(), kind: Kind::Own },
                "level" | "time" | "exception" => Group { prefix: known.key.clone(), kind: Kind::LoguruPart },
                _ => return None,
            },
            (Kind::Own, Role::Fields) => Group { prefix: "".into(), kind: Kind::Own },
            (Kind::Own | Kind::Config, Role::Config) => Group { prefix: "".into(), kind: Kind::Config },
            (Kind::Config, Role::Figure | Role::Fields) => {
                Group { prefix: known.key.clone(), kind: Kind::Config }
            }
            (Kind::Own | Kind::Named, Role::Figure | Role::Checkpoint) => {
                Group { prefix: known.name.clone(), kind: Kind::Named }
            }
            _ => return None,
        };
        let at = self.groups.iter().position(|old| *old == group).unwrap_or(self.groups.len());
        if at == self.groups.len() {
            self.groups.push(group);
        }
        if let Some(known) = self.known.get_mut(member.index) {
            known.opens = Some(at);
        }
        Some(at)
    }
}
