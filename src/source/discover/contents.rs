//! What the files of one folder show: by their names first, and by their first bytes where names leave it open.

use std::collections::HashMap;
use std::ffi::CString;
use std::sync::Arc;

use crate::model::run::Problem;

use super::FoundFile;
use super::list;
use super::list::Listing;
use super::list::Meta;
use super::names;
use super::names::Content;
use super::names::File;
use super::sniff;
use super::unit::Log;
use super::unit::MOST_OTHERS;
use super::unit::Place;
use super::unit::Unit;

/// Files of one folder whose content is asked.
const MOST_SNIFFED: usize = 32;

/// Files of one folder whose names tell nothing and whose content is asked; a folder of more holds data.
const MOST_UNNAMED: usize = 16;

/// Checkpoints of one folder that is nothing by itself, below a run.
const MOST_STRAYS: usize = 64;

/// Files of an epoch's folder.
const MOST_OF_EPOCH: usize = 64;

/// The files of a folder.
pub(super) struct Read {
    pub(super) unit: Unit,
    /// Jobs' own logs: the name in the id, the file's name, the file.
    pub(super) jobs: Vec<(String, String, FoundFile)>,
    pub(super) problems: Vec<Problem>,
}

/// What the files of a folder show. `jobs`: jobs' own logs may be among them.
pub(super) fn read(listing: &Listing, place: &Place, jobs: bool) -> Read {
    let mut read = Read { unit: Unit::new(place.clone()), jobs: Vec::new(), problems: Vec::new() };
    let mut rows = Vec::new();
    let mut identities = Vec::new();
    // links last: one that leads to a file beside it (latest.log) is no second source
    let is_link = |name: &&CString| !listing.links.is_empty() && listing.links.contains(name);
    let plain = listing.files.iter().filter(|name| !is_link(name));
    for name in plain.chain(&listing.links) {
        let text = name.to_string_lossy();
        let told = told(&text, place, jobs);
        match told {
            File::Nothing => continue,
            File::Presence(what) => {
                read.unit.presences.push((what, name.clone()));
                continue;
            }
            _ => {}
        }
        let Ok(meta) = list::look(listing.fd(), name) else { continue };
        if !meta.kind.is_file() {
            continue;
        }
        if !listing.links.is_empty() {
            if is_link(&name) && identities.contains(&meta.identity) {
                continue;
            }
            identities.push(meta.identity);
        }
        let Ok(text) = name.to_str() else {
            let path = place.path.join(list::os(name));
            read.problems
                .push(Problem { path, what: "its name is not UTF-8; rename it to have it read".to_owned() });
            continue;
        };
        let file = found(text, &meta);
        if let File::Maybe(rank, Content::Rows) = told {
            rows.push((rank, name, file));
        } else {
            note(&mut read.unit, told, name, file, &meta);
        }
    }
    settle_rows(&mut read, listing, place, jobs, rows);
    read
}

fn told(name: &str, place: &Place, jobs: bool) -> File {
    let mut named = names::file(name, &place.name);
    let own = place.name == "params" || place.is_below("metrics");
    if own && !jobs && matches!(named, File::Maybe(_, Content::Unnamed | Content::UnnamedTable)) {
        // a tracker's folder, in which names are those of metrics and parameters
        named = File::Nothing;
    }
    match named {
        // a metric of an MLflow run has its own name and no other
        File::Nothing if !jobs && place.name == "metrics" => {
            File::Tracker(names::TABLE, names::Tracker::Table)
        }
        File::Nothing if !jobs && place.name == "params" => names::mlflow_param(name),
        // and may be in a group (`metrics/val/acc`)
        File::Nothing if !jobs && place.is_below("metrics") => {
            let is_tsv = name.as_bytes().ends_with(b".tsv");
            let content = if is_tsv { Content::Table } else { Content::MlflowMetric };
            File::Maybe(names::TABLE, content)
        }
        told => told,
    }
}

fn note(unit: &mut Unit, told: File, name: &CString, file: FoundFile, meta: &Meta) {
    match told {
        // a program that was named like a log
        File::Log(_) if meta.executable && !file.path.contains("log") => {}
        File::Log(rank) => {
            unit.log = Log::Own;
            unit.files.push((rank, file));
        }
        File::SideLog(rank) => {
            unit.log = unit.log.max(Log::Side);
            unit.files.push((rank, file));
        }
        File::Copy => {
            unit.table = true;
            unit.files.push((names::COPY, file));
        }
        File::Tracker(rank, tracker) => {
            unit.tracked(tracker);
            unit.files.push((rank, file));
        }
        File::Beside(rank) => unit.files.push((rank, file)),
        File::Maybe(rank, content) => unit.unsure.push((rank, content, name.clone(), file)),
        File::Presence(_) | File::Nothing => {}
    }
}

/// Files of JSON lines: logs of jobs, sources of the folder's run, or data.
fn settle_rows(
    read: &mut Read,
    listing: &Listing,
    place: &Place,
    jobs: bool,
    rows: Vec<(names::Rank, &CString, FoundFile)>,
) {
    let job_folder = jobs && place.name.eq_ignore_ascii_case("jobs");
    let mut stems: HashMap<String, u32> = HashMap::new();
    if jobs {
        let folders = listing.folders.iter().map(|name| name.to_string_lossy().into_owned());
        let files = rows.iter().map(|(_, _, file)| stem(&file.path).to_owned());
        folders.chain(files).for_each(|name| *stems.entry(name).or_default() += 1);
    }
    let mut asked = 0;
    for (rank, name, file) in rows {
        // asking goes on as long as it finds jobs
        let worth = asked < MOST_SNIFFED || read.jobs.len() * 2 > asked;
        let head = if job_folder || !worth {
            Vec::new()
        } else {
            asked += 1;
            list::head(listing.fd(), name)
        };
        if job_folder || (jobs && sniff::job_rows(&head) && !shared_name(&file.path)) {
            // the id must be one run's only
            let alone = stems.get(stem(&file.path)).is_none_or(|count| *count < 2);
            let name = if alone { stem(&file.path) } else { &*file.path };
            read.jobs.push((name.to_owned(), file.path.to_string(), file.clone()));
        } else if sniff::json_rows(&head) {
            read.unit.table = true;
            read.unit.files.push((rank, file));
        } else if file.bytes == 0 && shared_name(&file.path) {
            read.unit.files.push((rank, file));
        }
    }
}

/// Asks the content of files that their names leave open. Beside a log of its own no table need prove itself.
pub(super) fn ask(listing: &Listing, unit: &mut Unit) {
    let mut left = MOST_SNIFFED;
    let mut unnamed = Vec::new();
    let mut tables = Vec::new();
    for (rank, content, name, file) in std::mem::take(&mut unit.unsure) {
        if content == Content::Unnamed {
            unnamed.push((rank, name, file));
            continue;
        }
        if content == Content::UnnamedTable {
            tables.push((rank, name, file));
            continue;
        }
        let text = matches!(content, Content::Text | Content::UnlikelyText);
        if unit.log == Log::Own && !text {
            unit.files.push((rank, file));
            continue;
        }
        if left == 0 {
            continue;
        }
        left -= 1;
        let head = list::head(listing.fd(), &name);
        let wanted = match content {
            Content::Text => sniff::text(&head),
            Content::UnlikelyText => sniff::unlikely_text(&head),
            Content::Table => sniff::table(&head),
            Content::Json => sniff::json(&head),
            Content::Rows => sniff::json_rows(&head),
            Content::Unnamed | Content::UnnamedTable => false,
            Content::MlflowMetric => sniff::mlflow_metric(&head),
            Content::MlflowRun => sniff::mlflow_run(&head),
            Content::Config => sniff::config(&head) && (unit.shows() || !holds_source(listing)),
        };
        if wanted {
            if text {
                unit.log = Log::Own;
            } else {
                // a run of MLflow that has logged nothing is none
                unit.table |= content != Content::MlflowRun;
            }
            unit.files.push((rank, file));
        }
    }
    // several of them compare runs, or are data
    if let [(rank, name, file)] = tables.as_slice()
        && sniff::unnamed_table(&list::head(listing.fd(), name))
    {
        unit.table = true;
        unit.files.push((*rank, file.clone()));
    }
    if unit.shows() || unnamed.len() > MOST_UNNAMED {
        return;
    }
    for (rank, name, file) in unnamed {
        if sniff::unnamed(&list::head(listing.fd(), &name)) {
            unit.log = Log::Own;
            unit.files.push((rank, file));
        }
    }
}

/// Looks at the files that tell by their presence, now that somebody wants to know: all of them, or those of models alone.
pub(super) fn see(listing: &Listing, unit: &mut Unit, all: bool) {
    let most = if all { MOST_OTHERS } else { MOST_STRAYS };
    let wanted = |what: &names::Presence| all || *what == names::Presence::Model;
    let names = std::mem::take(&mut unit.presences).into_iter().filter(|(what, _)| wanted(what));
    for (_, name) in names.take(most) {
        let Ok(text) = name.to_str() else { continue };
        if let Some(meta) = list::look(listing.fd(), &name).ok().filter(|meta| meta.kind.is_file()) {
            unit.others.push(found(text, &meta));
        }
    }
}

/// Files of an epoch's folder tell by their presence. Those that a known tracker writes show that training wrote here.
pub(super) fn epoch(listing: &Listing, place: &Place) -> Unit {
    let mut unit = Unit::new(place.clone());
    for name in listing.files.iter().take(MOST_OF_EPOCH) {
        let Ok(text) = name.to_str() else { continue };
        let Ok(meta) = list::look(listing.fd(), name) else { continue };
        if meta.kind.is_file() {
            unit.table |=
                matches!(text, "validation_scores.json" | "training_losses.pt" | "optimizer_buffer.json");
            unit.others.push(found(text, &meta));
        }
    }
    unit
}

fn found(name: &str, meta: &Meta) -> FoundFile {
    FoundFile { path: Arc::from(name), bytes: meta.bytes, modified: meta.modified }
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// A name that a run gives to its one file of rows, as against the id of a job.
fn shared_name(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "events",
        "event",
        "log",
        "logs",
        "metrics",
        "training",
        "train",
        "history",
        "progress",
        "status",
        "trainer_log",
        "train_log",
        "training_log",
        "output",
        "results",
        "messages",
    ];
    name.split('.').next().is_some_and(|stem| NAMES.contains(&stem))
}

/// A folder of source code or of a model: a configuration in it belongs to the program, not to a run.
fn holds_source(listing: &Listing) -> bool {
    let foreign = [&b".py"[..], b".rs", b".ts", b".js", b".safetensors", b".toml"];
    listing.files.iter().any(|name| foreign.iter().any(|end| name.to_bytes().ends_with(end)))
}
