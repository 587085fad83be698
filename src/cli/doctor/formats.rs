//! The user's own formats, and how much each of them found in the runs at hand.

use std::sync::Arc;

use super::page::Mood;
use super::page::Page;
use crate::model::run::Run;
use crate::model::run::Verdict;
use crate::parse::user::UserFormats;

/// Tells of each format, those of one name together.
pub(super) fn list(page: &mut Page, formats: &UserFormats, runs: &[(Arc<Run>, Verdict)]) {
    if formats.is_empty() {
        return;
    }
    page.section("Formats of the settings file");
    let mut names: Vec<&str> = Vec::new();
    for name in formats.iter().map(|format| &*format.name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    for name in names {
        let same = formats.iter().filter(|format| &*format.name == name);
        let patterns = counted(same.map(|format| format.patterns.len() as u64).sum(), "pattern");
        let matched: Vec<u64> = runs
            .iter()
            .flat_map(|(run, _)| &run.facts.user_formats)
            .filter_map(|(known, lines)| (**known == *name).then_some(*lines))
            .collect();
        if matched.is_empty() {
            page.entry(name, format!("{patterns}; no line matched"), Mood::Mind);
        } else {
            let (lines, runs) = (counted(matched.iter().sum(), "line"), counted(matched.len() as u64, "run"));
            page.entry(name, format!("{patterns}; {lines} of {runs} matched"), Mood::Fine);
        }
    }
}

/// What the formats found in one run.
pub(super) fn of_run(page: &mut Page, run: &Run) {
    let found: Vec<String> = run
        .facts
        .user_formats
        .iter()
        .map(|(name, lines)| format!("{} by {name}", counted(*lines, "line")))
        .collect();
    if !found.is_empty() {
        page.entry("your formats", found.join(", "), Mood::Fine);
    }
}

fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
