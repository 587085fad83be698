//! Windows of a log whose sections are folded.
//!
//! Nothing of a folded section is read but its title: where it ends is where the next title of its rank stands, and the counts by
//! cell lead there. Upwards it is the other way round: the last titles above a place tell whether it is folded away, and into what.

use std::io;
use std::sync::Arc;

use super::Gather;
use super::Sought;
use super::Walk;
use super::Window;
use crate::model::log::Class;
use crate::model::log::Classes;
use crate::model::log::FoldedLines;
use crate::model::log::LogLine;
use crate::model::log::Section;
use crate::model::log::SectionFolds;
use crate::model::log::Spot;
use crate::parse::sections::RANKS;
use crate::source::logfile::Stretch;
use crate::source::logview::heads::Head;
use crate::source::logview::heads::Heads;

/// Titles of any rank, each a bit.
pub(super) const ANY: u8 = (1 << RANKS) - 1;

/// Titles of this rank and of higher ones.
const fn down_to(rank: u8) -> u8 {
    ANY & ((1 << (rank + 1)) - 1)
}

/// A title that was found.
#[derive(Debug, Clone)]
struct Title {
    heads: Arc<Heads>,
    at: usize,
    stretch: Stretch,
}

impl Title {
    fn head(&self) -> Option<&Head> {
        self.heads.all.get(self.at)
    }

    fn offset(&self) -> u64 {
        self.head().map_or(self.stretch.start, Head::offset)
    }
}

/// What a look for a title came to.
enum Sight {
    Title(Title),
    /// There is none.
    None,
    /// It gave up.
    TooFar,
}

/// How a place is folded.
enum Cover {
    /// It is not.
    Open,
    /// It is the title of a folded section, or within it.
    Folded(Title),
    /// Nobody knows yet.
    Unknown,
}

/// A window of a log with folded sections.
pub(super) struct Folding<'a> {
    folds: &'a SectionFolds,
    /// Titles that are opened for the line that was wished for.
    opened: Vec<u64>,
}

impl<'a> Folding<'a> {
    pub(super) const fn new(folds: &'a SectionFolds) -> Self {
        Self { folds, opened: Vec::new() }
    }

    fn has(&self, spot: Spot) -> bool {
        self.folds.has(spot) && !self.opened.contains(&spot.offset)
    }

    /// The titles that end the section of one of this rank.
    const fn enders(&self, rank: u8) -> u8 {
        if self.folds.all { ANY } else { down_to(rank) }
    }

    /// Ranks of titles before `place` that may be folded, each with the first place of one.
    fn ranks(&self, place: u64) -> Vec<(u8, u64)> {
        if self.folds.all {
            return vec![(RANKS - 1, 0)];
        }
        let mut ranks: Vec<(u8, u64)> = Vec::new();
        for (spot, rank) in self.folds.others.range(..Spot::at(place)) {
            if !ranks.iter().any(|(known, _)| known == rank) {
                ranks.push((*rank, spot.offset));
            }
        }
        ranks
    }
}

impl Gather<'_> {
    /// The first such title at or behind `from`, or the last one before it that stands at `limit` or behind.
    fn title(&mut self, from: u64, forward: bool, ranks: u8, limit: u64) -> io::Result<Sight> {
        let sought = Sought::Title(ranks);
        let len = self.file.len();
        let mut next =
            if forward { Some(from).filter(|from| *from < len) } else { from.min(len).checked_sub(1) };
        while let Some(place) = next.filter(|place| *place >= limit) {
            let Some(stretch) = self.stretch(place, forward, sought)? else { return Ok(Sight::None) };
            let Some(holds) = self.holds(&stretch, sought)? else { return Ok(Sight::TooFar) };
            if holds {
                let heads = self.cache.heads(self.file, &stretch)?;
                let is_one = |head: &Head| {
                    ranks & (1 << head.rank) != 0
                        && if forward { head.offset() >= from } else { head.offset() < from }
                };
                let at = if forward {
                    heads.all.iter().position(is_one)
                } else {
                    heads.all.iter().rposition(is_one)
                };
                if let Some(at) = at {
                    return Ok(Sight::Title(Title { heads, at, stretch }));
                }
            }
            next = if forward {
                Some(stretch.end).filter(|end| *end < len)
            } else {
                stretch.start.checked_sub(1)
            };
        }
        Ok(Sight::None)
    }

    /// The outermost folded section that the last line before `place` is in, or whose title it is.
    fn cover(&mut self, folding: &Folding<'_>, place: u64) -> io::Result<Cover> {
        let mut best: Option<Title> = None;
        for (rank, limit) in folding.ranks(place) {
            match self.title(place, false, folding.enders(rank), limit)? {
                Sight::None => {}
                Sight::TooFar => return Ok(Cover::Unknown),
                Sight::Title(title) => {
                    let Some(head) = title.head() else { continue };
                    let counts = folding.folds.all || head.rank == rank;
                    let seen = !self.hidden.has(head.kept.line.class());
                    let outer = best.as_ref().is_none_or(|best| title.offset() < best.offset());
                    if counts && seen && outer && folding.has(head.kept.line.spot) {
                        best = Some(title);
                    }
                }
            }
        }
        Ok(best.map_or(Cover::Open, Cover::Folded))
    }

    /// The title of a folded section as a line, and where the section ends; the last is `Err` where nobody knows yet.
    fn fold(&mut self, folding: &Folding<'_>, title: &Title) -> io::Result<(LogLine, Result<u64, Walk>)> {
        let Some(head) = title.head() else { return Ok((LogLine::plain(Spot::END, ""), Err(Walk::Edge))) };
        let offset = head.offset();
        let before = self.levels.sums_before(&title.stretch);
        let mut line = head.kept.shown(self.asked.sieve.search.as_ref(), self.reveal);
        line.number = before.map(|sums| sums.rows.visible(Classes::default()) + u64::from(head.index) + 1);
        let end = self.title(offset.saturating_add(1), true, folding.enders(head.rank), 0)?;
        let (folded, end) = match end {
            Sight::Title(end) => (self.lines_between(title, Some(&end)), Ok(end.offset())),
            Sight::None => (self.lines_between(title, None), Err(Walk::Edge)),
            Sight::TooFar => {
                (FoldedLines { exact: false, ..self.lines_between(title, None) }, Err(Walk::TooFar))
            }
        };
        // how many there are is no matter before it is known where they end
        let folded = if end == Err(Walk::TooFar) { FoldedLines::default() } else { folded };
        if let Some(section) = &line.section {
            line.section = Some(Arc::new(Section { folded: Some(folded), ..(**section).clone() }));
        }
        Ok((line, end))
    }

    /// The lines behind a title and before another one, or up to the end.
    fn lines_between(&self, title: &Title, end: Option<&Title>) -> FoldedLines {
        let Some(head) = title.head() else { return FoldedLines::default() };
        let class = head.kept.line.class();
        let sum = |few: &super::scan::Few| -> u64 {
            Class::ALL
                .iter()
                .zip(few)
                .filter(|(class, _)| !self.hidden.has(**class))
                .map(|(_, n)| u64::from(*n))
                .sum()
        };
        let own = u64::from(!self.hidden.has(class));
        let to_head = sum(&head.before) + own;
        if let Some(end) = end.filter(|end| end.stretch.start == title.stretch.start) {
            let lines = end.head().map_or(0, |end| sum(&end.before)).saturating_sub(to_head);
            return FoldedLines { lines, exact: true };
        }
        let (between, exact) =
            self.levels.sums_between(&title.stretch, end.map(|end| &end.stretch), self.file.len());
        let rest = sum(&title.heads.lines).saturating_sub(to_head);
        let last = end.and_then(Title::head).map_or(0, |end| sum(&end.before));
        FoldedLines { lines: rest + between.rows.visible(self.hidden) + last, exact }
    }

    /// Opens what hides the line at `offset`. `false` where nobody knows yet what does.
    fn open_around(&mut self, folding: &mut Folding<'_>, offset: u64) -> io::Result<bool> {
        loop {
            match self.cover(folding, offset.saturating_add(1))? {
                Cover::Folded(title) if title.offset() < offset => folding.opened.push(title.offset()),
                Cover::Folded(_) | Cover::Open => return Ok(true),
                Cover::Unknown => return Ok(false),
            }
        }
    }

    /// The next title at or behind `offset`, or the last one before it, that is not folded away.
    pub(super) fn next_title(
        &mut self,
        folds: &SectionFolds,
        found: u64,
        forward: bool,
    ) -> io::Result<(Option<u64>, Walk)> {
        let folding = Folding::new(folds);
        let title = match self.cover(&folding, found.saturating_add(1))? {
            Cover::Folded(title) if title.offset() < found => title,
            Cover::Folded(_) | Cover::Open => return Ok((Some(found), Walk::Enough)),
            Cover::Unknown => return Ok((None, Walk::TooFar)),
        };
        if !forward {
            return Ok((Some(title.offset()), Walk::Enough));
        }
        let enders = title.head().map_or(ANY, |head| folding.enders(head.rank));
        Ok(match self.title(title.offset() + 1, true, enders, 0)? {
            Sight::Title(end) => (Some(end.offset()), Walk::Enough),
            Sight::None => (None, Walk::Edge),
            Sight::TooFar => (None, Walk::TooFar),
        })
    }

    /// The lines around `offset`, of folded sections the titles alone.
    pub(super) fn around_folded(
        &mut self,
        offset: u64,
        (before, after): (usize, usize),
        folds: &SectionFolds,
        open: Option<u64>,
    ) -> io::Result<Window> {
        let mut folding = Folding::new(folds);
        let mut window = Window { looking: true, ..Window::default() };
        if let Some(open) = open
            && !self.open_around(&mut folding, open)?
        {
            return Ok(window);
        }
        let mut start = offset.min(self.file.len());
        if offset < self.file.len() {
            match self.cover(&folding, offset + 1)? {
                Cover::Folded(title) => start = title.offset(),
                Cover::Open => {}
                Cover::Unknown => return Ok(window),
            }
        }
        let mut lines = Vec::new();
        self.budget = self.most;
        let up = self.folded_above(&folding, start, before, &mut lines)?;
        lines.reverse();
        self.budget = self.most;
        let down = if offset == u64::MAX {
            Walk::Edge
        } else {
            let enough = lines.len() + after;
            self.folded_below(&folding, start, enough, &mut lines)?
        };
        window.lines = lines;
        window.at_start = up == Walk::Edge;
        window.at_end = down == Walk::Edge;
        window.looking = up == Walk::TooFar || down == Walk::TooFar;
        window.unfolded = folding.opened.iter().map(|offset| Spot::at(*offset)).collect();
        Ok(window)
    }

    /// The lines before `place`, the last one first.
    fn folded_above(
        &mut self,
        folding: &Folding<'_>,
        place: u64,
        enough: usize,
        lines: &mut Vec<LogLine>,
    ) -> io::Result<Walk> {
        let mut place = place;
        while lines.len() < enough {
            match self.cover(folding, place)? {
                Cover::Unknown => return Ok(Walk::TooFar),
                Cover::Folded(title) => {
                    let (line, _) = self.fold(folding, &title)?;
                    lines.push(line);
                    place = title.offset();
                }
                Cover::Open => {
                    let hidden = self.hidden;
                    let mut title = None;
                    let walk = self.walk(place, false, Sought::Shown, &mut |line| {
                        // what stands above a title may be folded
                        title = line.section.is_some().then_some(line.spot.offset);
                        if !hidden.has(line.class()) {
                            lines.push(line);
                        }
                        title.is_none() && lines.len() < enough
                    })?;
                    match (walk, title) {
                        (Walk::Enough, Some(title)) => place = title,
                        (walk, _) => return Ok(walk),
                    }
                }
            }
        }
        Ok(Walk::Enough)
    }

    /// The lines from `place` on.
    fn folded_below(
        &mut self,
        folding: &Folding<'_>,
        place: u64,
        enough: usize,
        lines: &mut Vec<LogLine>,
    ) -> io::Result<Walk> {
        let mut place = place;
        while lines.len() < enough {
            let hidden = self.hidden;
            let mut head = None;
            let walk = self.walk(place, true, Sought::Shown, &mut |line| {
                if hidden.has(line.class()) {
                    return true;
                }
                if line.section.is_some() && folding.has(line.spot) {
                    head = Some(line.spot.offset);
                    return false;
                }
                lines.push(line);
                lines.len() < enough
            })?;
            let (Walk::Enough, Some(head)) = (walk, head) else { return Ok(walk) };
            let title = match self.title(head, true, ANY, 0)? {
                Sight::Title(title) => title,
                Sight::None => return Ok(Walk::Edge),
                Sight::TooFar => return Ok(Walk::TooFar),
            };
            let (line, end) = self.fold(folding, &title)?;
            lines.push(line);
            match end {
                Ok(end) => place = end,
                Err(walk) => return Ok(walk),
            }
        }
        Ok(Walk::Enough)
    }
}
