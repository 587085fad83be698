//! Several logs as one, by the times of their lines.
//!
//! Each file keeps its own order, and a line without a time stays behind the one above it. The files are never merged as a whole: a
//! window is made of windows of each file around the same moment, and reaches as far as all of them do. Times with a zone and
//! times without one are compared by what the clock showed.

use std::path::PathBuf;
use std::sync::Arc;

use super::LogView;
use super::Stop;
use super::sieve::civil;
use crate::model::log::Anchor;
use crate::model::log::Extent;
use crate::model::log::Facets;
use crate::model::log::Landmark;
use crate::model::log::LogAsk;
use crate::model::log::LogLine;
use crate::model::log::LogPage;
use crate::model::log::Spot;
use crate::model::log::StepAnswer;
use crate::model::log::Tally;
use crate::model::log::When;
use crate::model::stamp::Stamp;
use crate::parse::redact::Redactor;

/// One log, or several.
#[derive(Debug)]
pub struct Logs {
    views: Vec<LogView>,
    paths: Vec<PathBuf>,
    /// The place that answered a wish, so that it is not looked for again whenever a file grows.
    found: Option<(u64, Spot, Option<StepAnswer>)>,
}

/// Where a line stands among those of all files: by time, then by file and place.
type Key = (i64, u16, u64);

fn key(line: &LogLine) -> Key {
    (line.moment.map_or(i64::MIN, civil), line.spot.file, line.spot.offset)
}

/// The lines of one file with their keys. Where its clock goes back, its lines stay in their order all the same.
fn keyed(lines: Vec<LogLine>) -> Vec<(Key, LogLine)> {
    let mut newest = i64::MIN;
    let each = lines.into_iter().map(|line| {
        let (time, file, offset) = key(&line);
        newest = newest.max(time);
        ((newest, file, offset), line)
    });
    each.collect()
}

impl Logs {
    /// The logs at `paths`, without the secrets that `redactor` knows; nothing is opened before the first look.
    pub fn new(paths: Vec<PathBuf>, redactor: &Redactor) -> Self {
        let views = paths.iter().map(|path| LogView::new(path.clone(), redactor.clone())).collect();
        Self { views, paths, found: None }
    }

    /// The files, in the order of their numbers.
    pub fn paths(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Looks whether one of them has changed, or whether there is something else to tell of it.
    pub fn look(&mut self) -> bool {
        let mut changed = false;
        for view in &mut self.views {
            // each of them is looked at, whatever came of those before
            changed |= view.look();
        }
        changed
    }

    /// Bytes that are left to count for the query of the last page.
    pub fn left(&self) -> u64 {
        self.views.iter().map(LogView::left).sum()
    }

    /// Counts about `budget` bytes more, in the first file that has some left.
    pub fn step(&mut self, budget: u64, stop: Stop<'_>) {
        if let Some(view) = self.views.iter_mut().find(|view| view.left() > 0) {
            view.step(budget, stop);
        }
    }

    /// The lines that `ask` wants.
    pub fn page(&mut self, ask: &LogAsk, stop: Stop<'_>) -> LogPage {
        if let [view] = &mut self.views[..] {
            return view.page(ask, stop);
        }
        // lines of other files stand between those of a section
        let ask = &LogAsk { sections: Arc::default(), ..ask.clone() };
        let known = self.found.filter(|(generation, ..)| *generation == ask.generation);
        let (around, found, looking) = match (ask.anchor, known) {
            (_, Some((_, spot, told))) => (Some(spot), Some((spot, told)), false),
            (Anchor::End, None) => (None, None, false),
            (Anchor::At { spot, .. }, None) => (Some(spot), None, false),
            (Anchor::Find { what, spot, forward }, None) => {
                let (found, looking) = self.find(ask, what, spot, forward, stop);
                (found.map(|(spot, _)| spot).or(Some(spot)), found, looking)
            }
        };
        if let Some((spot, told)) = found {
            self.found = Some((ask.generation, spot, told));
        }
        let around = around.filter(|spot| *spot != Spot::END);
        let pages = self.pages(ask, around, stop);
        let mut page = joined(ask, pages, around);
        page.at = found.map(|(spot, _)| spot);
        page.step = found.and_then(|(_, told)| told);
        page.looking |= looking;
        page
    }

    /// Each file's lines around the same moment.
    fn pages(&mut self, ask: &LogAsk, around: Option<Spot>, stop: Stop<'_>) -> Vec<LogPage> {
        let moment = around.and_then(|spot| self.moment(ask, spot, stop));
        let mut pages = Vec::new();
        for (file, view) in (0_u16..).zip(&mut self.views) {
            let anchor = match around {
                None => Anchor::End,
                Some(spot) if spot.file == file => {
                    Anchor::At { spot: Spot::at(spot.offset), above: ask.rows }
                }
                Some(_) => match moment {
                    Some(moment) => Anchor::Find {
                        what: Landmark::Time(When::Civil(moment)),
                        spot: Spot::START,
                        forward: true,
                    },
                    None => Anchor::At { spot: Spot::START, above: 0 },
                },
            };
            let opens = ask.open.filter(|spot| spot.file == file);
            let asked = LogAsk { anchor, open: opens.map(|spot| Spot::at(spot.offset)), ..ask.clone() };
            view.forget_answer();
            let mut page = view.page(&asked, stop);
            // behind the last line of a file is its end
            if matches!(anchor, Anchor::Find { .. }) && page.at.is_none() && !page.looking {
                view.forget_answer();
                page = view.page(&LogAsk { anchor: Anchor::End, ..asked }, stop);
            }
            for line in &mut page.lines {
                line.spot.file = file;
            }
            page.opened = page.opened.map(|(spot, inside)| (Spot { file, ..spot }, inside));
            pages.push(page);
        }
        pages
    }

    /// What the clock showed when the line at `spot` was written.
    fn moment(&mut self, ask: &LogAsk, spot: Spot, stop: Stop<'_>) -> Option<i64> {
        let view = self.views.get_mut(usize::from(spot.file))?;
        view.forget_answer();
        let all = crate::model::log::LogQuery::default();
        let anchor = Anchor::At { spot: Spot::at(spot.offset), above: 0 };
        let lines = view.page(&LogAsk { anchor, query: all, rows: 1, open: None, ..ask.clone() }, stop).lines;
        let line = lines.iter().find(|line| line.spot.offset >= spot.offset).or_else(|| lines.last())?;
        line.moment.map(civil)
    }

    /// The first such place of all files, and whether some of them are still being looked through.
    fn find(
        &mut self,
        ask: &LogAsk,
        what: Landmark,
        spot: Spot,
        forward: bool,
        stop: Stop<'_>,
    ) -> (Option<(Spot, Option<StepAnswer>)>, bool) {
        let end = spot == Spot::END;
        let moment = if end { None } else { self.moment(ask, spot, stop) };
        let mut best: Option<(LogLine, Option<StepAnswer>)> = None;
        let mut looking = false;
        for (file, view) in (0_u16..).zip(&mut self.views) {
            let from = if end {
                Spot::END
            } else if spot.file == file {
                Spot::at(spot.offset)
            } else {
                view.place_of(ask, moment, stop)
            };
            view.forget_answer();
            let page = view
                .page(&LogAsk { anchor: Anchor::Find { what, spot: from, forward }, ..ask.clone() }, stop);
            looking |= page.looking && page.at.is_none();
            let line = page.at.and_then(|at| page.lines.into_iter().find(|line| line.spot == at));
            let Some(mut line) = line else { continue };
            line.spot.file = file;
            let nearer =
                |other: &LogLine| if forward { key(&line) < key(other) } else { key(&line) > key(other) };
            if best.as_ref().is_none_or(|(best, _)| nearer(best)) {
                best = Some((line, page.step));
            }
        }
        // what lies nearer may still be found in a file that was not looked through
        if looking { (None, true) } else { (best.map(|(line, told)| (line.spot, told)), false) }
    }
}

impl LogView {
    /// The next page is that of a wish of its own, whatever its number.
    fn forget_answer(&mut self) {
        self.found = None;
        self.made = None;
        self.answered = None;
    }

    /// The first line that was written at `moment` or later.
    fn place_of(&mut self, ask: &LogAsk, moment: Option<i64>, stop: Stop<'_>) -> Spot {
        let Some(moment) = moment else { return Spot::START };
        self.forget_answer();
        let what = Landmark::Time(When::Civil(moment));
        let anchor = Anchor::Find { what, spot: Spot::START, forward: true };
        let query = crate::model::log::LogQuery::default();
        let page = self.page(&LogAsk { anchor, query, rows: 1, open: None, ..ask.clone() }, stop);
        page.at.unwrap_or(Spot::END)
    }
}

/// The pages as one: lines as far as all of them reach.
fn joined(ask: &LogAsk, pages: Vec<LogPage>, around: Option<Spot>) -> LogPage {
    let (mut from, mut to): (Option<Key>, Option<Key>) = (None, None);
    let mut out = LogPage { generation: ask.generation, at_start: true, at_end: true, ..LogPage::default() };
    let mut notes: Vec<String> = Vec::new();
    let mut facets: Option<Facets> = None;
    let mut lines: Vec<(Key, LogLine)> = Vec::new();
    let mut own_places: Vec<Places> = Vec::new();
    for (page, path) in pages.into_iter().zip(&ask.paths) {
        out.at_start &= page.at_start;
        out.at_end &= page.at_end;
        out.looking |= page.looking;
        out.counts.messages.merge(&page.counts.messages);
        out.counts.seen += page.counts.seen;
        out.counts.matched += page.counts.matched;
        out.counts.hits += page.counts.hits;
        out.counted.0 += page.counted.0;
        out.counted.1 += page.counted.1;
        out.began = earlier(out.began, page.began);
        out.newest = later(out.newest, page.newest);
        out.opened = out.opened.or(page.opened);
        out.bad_pattern = out.bad_pattern.or(page.bad_pattern);
        if let Some(note) = page.note {
            notes.push(format!("{}: {note}", path.file_name().unwrap_or_default().to_string_lossy()));
        }
        if let Some(more) = page.facets {
            facets.get_or_insert_default().add(&more);
        }
        let own = keyed(page.lines);
        // of a file that has more, nothing is known beyond the lines at hand
        if !page.at_start {
            from = from.max(Some(own.first().map_or((i64::MAX, u16::MAX, u64::MAX), |(key, _)| *key)));
        }
        if !page.at_end {
            let last = own.last().map_or((i64::MIN, 0, 0), |(key, _)| *key);
            to = Some(to.map_or(last, |to| to.min(last)));
        }
        own_places.push(Places {
            keys: own.iter().map(|(key, _)| *key).collect(),
            more: (!page.at_start, !page.at_end),
            len: page.counted.1,
        });
        lines.extend(own);
    }
    lines.retain(|(key, _)| from.is_none_or(|from| *key >= from) && to.is_none_or(|to| *key <= to));
    lines.sort_by_key(|(key, _)| *key);
    // so many are enough on both sides; more would only be sent along
    let place =
        around.and_then(|spot| lines.iter().position(|(_, line)| line.spot == spot)).unwrap_or(lines.len());
    let most = ask.rows * 3;
    if lines.len() > place.saturating_add(most) {
        lines.truncate(place + most);
        out.at_end = false;
    }
    if place > most {
        lines.drain(..place - most);
        out.at_start = false;
    }
    let ends = lines.first().zip(lines.last()).map(|((first, _), (last, _))| (*first, *last));
    out.extents = own_places.iter().map(|places| places.extent(ends)).collect();
    out.lines = lines.into_iter().map(|(_, line)| line).collect();
    out.note = (!notes.is_empty()).then(|| notes.join(" · "));
    out.facets = facets.map(Arc::new);
    out
}

/// The lines of one file around a window.
struct Places {
    keys: Vec<Key>,
    /// Whether it has more above them, and below.
    more: (bool, bool),
    len: u64,
}

impl Places {
    /// Where the window from the first key to the last one stands in the file.
    fn extent(&self, window: Option<(Key, Key)>) -> Extent {
        let Some((first, last)) = window.filter(|_| !self.keys.is_empty() || self.more != (false, false))
        else {
            return Extent::default();
        };
        let place = |at: usize| match self.keys.get(at) {
            Some((_, _, offset)) => *offset,
            // what comes behind the lines at hand is not far from them
            None if self.more.1 => self.keys.last().map_or(0, |(_, _, offset)| *offset),
            None => self.len,
        };
        let start = place(self.keys.partition_point(|key| *key < first));
        let end = place(self.keys.partition_point(|key| *key <= last));
        Extent { start, end: end.max(start), len: self.len }
    }
}

fn earlier(a: Option<Stamp>, b: Option<Stamp>) -> Option<Stamp> {
    a.into_iter().chain(b).min_by_key(|time| civil(*time))
}

fn later(a: Option<Stamp>, b: Option<Stamp>) -> Option<Stamp> {
    a.into_iter().chain(b).max_by_key(|time| civil(*time))
}

impl Facets {
    fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.categories.iter_mut().zip(other.categories) {
            *mine += theirs;
        }
        add(&mut self.events, &other.events);
        add(&mut self.ranks, &other.ranks);
        self.counted += other.counted;
    }
}

fn add(mine: &mut Tally, theirs: &Tally) {
    for (name, n) in theirs {
        match mine.iter_mut().find(|(own, _)| own == name) {
            Some((_, count)) => *count += n,
            None => mine.push((Arc::clone(name), *n)),
        }
    }
    mine.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}

#[cfg(test)]
mod tests;
