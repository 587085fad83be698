//! What the second pane of a split shows first: the file that one would want beside the first one.

use super::LogPane;
use super::files::LogSource;
use crate::model::log::Slot;
use crate::model::run::SourceKind;

/// Words in the names of files that are written side by side.
const PAIRS: [(&str, &str); 3] = [("stdout", "stderr"), (".out", ".err"), ("-out", "-err")];

impl LogPane {
    /// A pane of the same run, to stand beside this one. Its wishes are numbered on from `generation`.
    pub(super) fn beside(&self, slot: Slot, generation: u64) -> Self {
        Self {
            slot,
            generation,
            run: self.run.clone(),
            folder: self.folder.clone(),
            metrics: self.metrics.clone(),
            alive: self.alive,
            sources: self.sources.clone(),
            chosen: companion(&self.sources, self.chosen),
            history: self.history.clone(),
            wrap: self.wrap,
            times: self.times,
            numbers: self.numbers,
            ..Self::default()
        }
    }
}

/// The file to stand beside this one: its counterpart by name, else the next log, else any other; itself where it is alone.
fn companion(sources: &[LogSource], chosen: usize) -> usize {
    let Some(own) = sources.get(chosen) else { return chosen };
    let counterpart = sources.iter().position(|other| are_pair(&own.name, &other.name));
    let others = || (chosen + 1..sources.len()).chain(0..chosen);
    let text = |at: &usize| sources.get(*at).is_some_and(|other| other.kind == SourceKind::TextLog);
    counterpart.or_else(|| others().find(text)).or_else(|| others().next()).unwrap_or(chosen)
}

/// Whether two names differ in nothing but what they are a pair by: the stream, or the number of a rank.
fn are_pair(one: &str, other: &str) -> bool {
    let streams = PAIRS
        .iter()
        .any(|(out, err)| one != other && (one.replace(out, err) == other || one.replace(err, out) == other));
    streams || follows(one, other)
}

/// Whether the names are the same but for one number, which is one more in the second.
fn follows(one: &str, other: &str) -> bool {
    let (Some((before, number, behind)), Some(others)) = (numbered(one), numbered(other)) else {
        return false;
    };
    before == others.0 && behind == others.2 && number.checked_add(1) == Some(others.1)
}

/// A name taken apart at its last number.
fn numbered(name: &str) -> Option<(&str, u64, &str)> {
    let digit = |c: char| c.is_ascii_digit();
    let end = name.rfind(digit)? + 1;
    let (head, behind) = name.split_at_checked(end)?;
    let before = head.trim_end_matches(digit);
    Some((before, head.get(before.len()..)?.parse().ok()?, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[(&str, SourceKind)], own: usize) -> String {
        let source = |(name, kind): &(&str, SourceKind)| LogSource {
            name: (*name).into(),
            path: (*name).into(),
            kind: *kind,
            written: None,
        };
        let sources: Vec<LogSource> = names.iter().map(source).collect();
        sources[companion(&sources, own)].name.to_string()
    }

    #[test]
    fn what_belongs_beside_a_file() {
        use SourceKind::Csv;
        use SourceKind::JsonLines;
        use SourceKind::TextLog;
        let text = |names: &[&'static str]| names.iter().map(|name| (*name, TextLog)).collect::<Vec<_>>();
        for (names, own, want) in [
            (text(&["a.log", "job.stderr", "job.stdout"]), 2, "job.stderr"),
            (text(&["a.log", "job.stderr", "job.stdout"]), 1, "job.stdout"),
            (text(&["slurm-17.err", "monitor.log", "slurm-17.out"]), 2, "slurm-17.err"),
            (text(&["rank0.log", "rank1.log", "rank2.log"]), 1, "rank2.log"),
            (text(&["rank_0/out.log", "z.log", "rank_1/out.log"]), 0, "rank_1/out.log"),
            (text(&["rank0.log", "rank1.log"]), 1, "rank0.log"),
            (text(&["rank9.log", "x.log", "rank10.log"]), 0, "rank10.log"),
            (text(&["alone.log"]), 0, "alone.log"),
            (
                vec![("metrics.csv", Csv), ("training.log", TextLog), ("monitor.log", TextLog)],
                1,
                "monitor.log",
            ),
            (vec![("metrics.csv", Csv), ("training.log", TextLog)], 1, "metrics.csv"),
            (vec![("events.jsonl", JsonLines), ("training.log", TextLog)], 0, "training.log"),
            (text(&["99999999999999999999.log", "b.log"]), 0, "b.log"),
        ] {
            assert_eq!(chosen(&names, own), want, "{names:?} {own}");
        }
        assert_eq!(companion(&[], 3), 3);
    }
}
