//! The panel of facets: by what lines differ, how many there are of each, and which are shown.
//!
//! It has no state of its own but a cursor: what it shows is read from the filter's text, and what it does is done to that text.

use super::Goal;
use super::LogPane;
use super::keys::acts;
use super::keys::seen;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::model::level::Level;
use crate::model::log::Category;
use crate::model::log::Class;
use crate::parse::logquery;

/// A way in which lines differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Facet {
    /// How grave they are.
    Level,
    /// What they are about.
    Category,
    /// The event of a JSON row.
    Event,
    /// The rank that wrote them.
    Rank,
}

impl Facet {
    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Level => "levels",
            Self::Category => "categories",
            Self::Event => "events",
            Self::Rank => "ranks",
        }
    }

    /// Its name in a filter.
    const fn name(self) -> &'static str {
        match self {
            Self::Level => "level",
            Self::Category => "cat",
            Self::Event => "event",
            Self::Rank => "rank",
        }
    }
}

/// Levels as they are told apart, from the gravest, with the class that counts them.
const LEVELS: [(&str, Class, &[&str]); 4] = [
    ("error", Class::Error, &["error", "critical"]),
    ("warn", Class::Warning, &["warn"]),
    ("info", Class::Info, &["info"]),
    ("debug", Class::Debug, &["debug"]),
];

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Of which facet.
    pub facet: Facet,
    /// How it is called.
    pub name: String,
    /// Lines of it, as far as they are counted.
    pub count: u64,
    /// Whether the filter lets it through.
    pub shown: bool,
    /// Whether the filter lets nothing else through.
    pub only: bool,
    /// How it is written in a filter.
    values: Vec<String>,
    class: Option<Class>,
}

/// The panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Panel {
    /// The row that is pointed at.
    pub row: usize,
}

impl LogPane {
    /// The panel, while it is open.
    pub const fn panel(&self) -> Option<&Panel> {
        self.panel.as_ref()
    }

    /// All values that are known, facet by facet.
    pub fn facet_rows(&self) -> Vec<Row> {
        let words = words(&self.filter);
        let mut rows = Vec::new();
        let mut add = |facet: Facet, name: &str, count: u64, values: &[&str], class: Option<Class>| {
            let picked = Picked::of(facet, &words);
            let hidden = class.is_some_and(|class| self.query.hidden.has(class));
            let shown = values.iter().any(|value| picked.shows(value)) && !hidden;
            let only =
                !picked.only.is_empty() && picked.only.iter().all(|one| values.contains(&one.as_str()));
            let values = values.iter().map(|&value| value.to_owned()).collect();
            rows.push(Row { facet, name: name.to_owned(), count, shown, only: only && shown, values, class });
        };
        for (name, class, values) in LEVELS {
            add(Facet::Level, name, self.page.counts.messages.get(class), values, Some(class));
        }
        let Some(facets) = &self.page.facets else { return rows };
        for category in Category::ALL {
            let count = facets.categories.get(category as usize).copied().unwrap_or(0);
            add(Facet::Category, category.name(), count, &[category.name()], None);
        }
        // a name with a blank or a comma cannot be typed as a value
        let typed = |name: &str| !name.is_empty() && !name.contains([' ', ',', '\t', '"']);
        for (facet, tally) in [(Facet::Event, &facets.events), (Facet::Rank, &facets.ranks)] {
            for (name, count) in tally.iter().filter(|(name, _)| typed(name)) {
                add(facet, name, *count, &[name], None);
            }
        }
        rows
    }

    pub(super) fn panel_key(&mut self, key: Key) -> Option<Outcome> {
        let rows = self.facet_rows();
        let last = rows.len().saturating_sub(1);
        let panel = self.panel.as_mut()?;
        let here = panel.row.min(last);
        let to = match (key.code, key.ctrl || key.alt) {
            (Code::Char('j') | Code::Down, false) => here + 1,
            (Code::Char('k') | Code::Up, false) => here.saturating_sub(1),
            (Code::Char('g') | Code::Home, false) => 0,
            (Code::Char('G') | Code::End, false) => last,
            (Code::Char('F') | Code::Esc, false) => {
                self.panel = None;
                let top = self.top_spot();
                return Some(acts(self.ask_around(top, Goal::Stay)));
            }
            (Code::Char(' '), false) => return Some(self.change(rows.get(here)?, Change::Toggle)),
            (Code::Enter, false) => return Some(self.change(rows.get(here)?, Change::Only)),
            (Code::Char('x'), false) => return Some(self.change(rows.get(here)?, Change::Exclude)),
            _ => {
                // what scrolls, scrolls the log
                return match key.code {
                    Code::PageDown | Code::PageUp => Some(self.scroll(self.rows_of_key(key)?)),
                    _ => None,
                };
            }
        };
        panel.row = to.min(last);
        Some(if panel.row == here { Outcome::default() } else { seen() })
    }

    fn change(&mut self, row: &Row, change: Change) -> Outcome {
        if let Some(class) = row.class.filter(|class| self.query.hidden.has(*class)) {
            // hidden by its own key: showing it again must show it
            self.query.hidden.toggle(class);
            if change == Change::Toggle {
                return self.queried();
            }
        }
        let text = changed(&self.filter, row.facet, &row.values, change);
        self.filter_by(text)
    }
}

/// What is done to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// It is shown or hidden.
    Toggle,
    /// It alone is shown, or everything again.
    Only,
    /// It is not shown whatever else is, or no longer so.
    Exclude,
}

/// What the words of a filter say about one facet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Picked {
    /// What alone is let through; nothing for all.
    only: Vec<String>,
    /// What is not.
    not: Vec<String>,
}

impl Picked {
    fn of(facet: Facet, words: &[&str]) -> Self {
        let mut picked = Self::default();
        for word in words {
            let (not, bare) = word.strip_prefix('!').map_or((false, *word), |bare| (true, bare));
            let Some(values) = values(facet, bare) else { continue };
            let all = if not { &mut picked.not } else { &mut picked.only };
            if !not && !all.is_empty() {
                // two words beside one another must both hold
                all.retain(|value| values.contains(value));
            } else {
                all.extend(values);
            }
        }
        picked
    }

    fn shows(&self, value: &str) -> bool {
        let matches = |pattern: &String| {
            pattern == value || pattern.strip_suffix('*').is_some_and(|begin| value.starts_with(begin))
        };
        (self.only.is_empty() || self.only.iter().any(matches)) && !self.not.iter().any(matches)
    }

    fn words(&self, facet: Facet) -> Vec<String> {
        let name = facet.name();
        let word = |not: &str, values: &[String]| {
            (!values.is_empty()).then(|| format!("{not}{name}:{}", values.join(",")))
        };
        [word("", &self.only), word("!", &self.not)].into_iter().flatten().collect()
    }
}

/// The values of a word that is about this facet.
fn values(facet: Facet, word: &str) -> Option<Vec<String>> {
    if facet == Facet::Level
        && let Some(least) = word.strip_prefix("level>=")
    {
        let least = logquery::level(least).ok()?;
        return Some(level_names(|level| level >= least));
    }
    let (name, values) = word.split_once(':')?;
    let own = name == facet.name() || (facet == Facet::Category && name == "category");
    let list = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    match facet {
        _ if !own => None,
        // under the names that this panel writes
        Facet::Level => {
            let levels: Vec<Level> = list.filter_map(|name| logquery::level(name).ok()).collect();
            Some(level_names(|level| levels.contains(&level)))
        }
        Facet::Category => Some(list.map(str::to_ascii_lowercase).collect()),
        Facet::Event | Facet::Rank => Some(list.map(str::to_owned).collect()),
    }
}

fn level_names(is: impl Fn(Level) -> bool) -> Vec<String> {
    let all = [
        (Level::Debug, "debug"),
        (Level::Info, "info"),
        (Level::Warning, "warn"),
        (Level::Error, "error"),
        (Level::Critical, "critical"),
    ];
    all.into_iter().filter(|(level, _)| is(*level)).map(|(_, name)| name.to_owned()).collect()
}

/// The filter's text after a change to one value of a facet. Words about other things stay as they were typed.
fn changed(text: &str, facet: Facet, value: &[String], change: Change) -> String {
    let all = words(text);
    let mut picked = Picked::of(facet, &all);
    let own = |word: &str| values(facet, word.strip_prefix('!').unwrap_or(word)).is_some();
    let shown = value.iter().any(|value| picked.shows(value));
    let only = !picked.only.is_empty() && picked.only.iter().all(|one| value.contains(one));
    let drop = |from: &mut Vec<String>| from.retain(|one| !value.contains(one));
    match change {
        Change::Only if only && picked.not.is_empty() => picked = Picked::default(),
        Change::Only => picked = Picked { only: value.to_vec(), not: Vec::new() },
        // the last one that is let through: then all are again
        Change::Toggle if shown && only => picked.only.clear(),
        Change::Toggle
            if shown && !picked.only.is_empty() && picked.only.iter().any(|one| value.contains(one)) =>
        {
            drop(&mut picked.only);
        }
        Change::Toggle if shown => picked.not.extend_from_slice(value),
        Change::Toggle => {
            picked.not.retain(|one| {
                !value.iter().any(|own| {
                    own == one || one.strip_suffix('*').is_some_and(|begin| own.starts_with(begin))
                })
            });
            if !picked.only.is_empty() {
                picked.only.extend_from_slice(value);
                picked.only.dedup();
            }
        }
        Change::Exclude if value.iter().all(|value| picked.not.contains(value)) => drop(&mut picked.not),
        Change::Exclude => {
            drop(&mut picked.only);
            picked.not.extend(
                value.iter().filter(|value| !picked.not.contains(value)).cloned().collect::<Vec<_>>(),
            );
        }
    }
    let kept = all.iter().filter(|word| !own(word)).map(|&word| word.to_owned());
    let words: Vec<String> = kept.chain(picked.words(facet)).collect();
    words.join(" ")
}

/// The words of a filter, quotes and all.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let quote = if rest.starts_with('"') {
            Some(1)
        } else if rest.starts_with("!\"") {
            Some(2)
        } else {
            None
        };
        let end = match quote {
            Some(from) => end_of_quote(rest, from),
            None => rest.find(char::is_whitespace),
        };
        let (word, after) = rest.split_at_checked(end.unwrap_or(rest.len())).unwrap_or((rest, ""));
        words.push(word);
        rest = after.trim_start();
    }
    words
}

fn end_of_quote(text: &str, from: usize) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip_while(|(at, _)| *at < from) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, facet: Facet, value: &str, change: Change) -> String {
        let value: Vec<String> = value.split(',').map(str::to_owned).collect();
        changed(text, facet, &value, change)
    }

    #[test]
    fn a_change_is_made_to_the_text_and_leaves_the_rest_of_it() {
        use Change::Exclude;
        use Change::Only;
        use Change::Toggle;
        let cases = [
            ("", Facet::Category, "debug", Toggle, "!cat:debug"),
            ("!cat:debug", Facet::Category, "debug", Toggle, ""),
            ("loss \"a b\"", Facet::Category, "metrics", Only, "loss \"a b\" cat:metrics"),
            ("cat:metrics", Facet::Category, "metrics", Only, ""),
            ("cat:metrics", Facet::Category, "metrics", Toggle, ""),
            ("cat:metrics", Facet::Category, "setup", Toggle, "cat:metrics,setup"),
            ("cat:metrics,setup", Facet::Category, "setup", Toggle, "cat:metrics"),
            ("cat:metrics,setup", Facet::Category, "setup", Exclude, "cat:metrics !cat:setup"),
            ("!cat:setup", Facet::Category, "setup", Exclude, ""),
            ("level>=warn x", Facet::Level, "info", Toggle, "x level:warn,error,critical,info"),
            ("level>=warn", Facet::Level, "error,critical", Toggle, "level:warn"),
            ("", Facet::Level, "error,critical", Only, "level:error,critical"),
            ("level>=error", Facet::Level, "error,critical", Only, ""),
            ("!event:training.*", Facet::Event, "training.step", Toggle, ""),
            ("rank:0 rank:1", Facet::Rank, "2", Only, "rank:2"),
            ("!\"level:x y\" since:10m", Facet::Rank, "0", Toggle, "!\"level:x y\" since:10m !rank:0"),
        ];
        for (text, facet, value, change, want) in cases {
            let got = after(text, facet, value, change);
            assert_eq!(got, want, "{text:?} {value} {change:?}");
            assert!(logquery::parse(&got).is_ok(), "{got}");
        }
    }

    #[test]
    fn twice_is_nothing() {
        for text in ["", "loss", "cat:metrics,setup", "!cat:debug x"] {
            for value in ["debug", "metrics", "system"] {
                for change in [Change::Exclude, Change::Toggle] {
                    let twice =
                        after(&after(text, Facet::Category, value, change), Facet::Category, value, change);
                    let shows = |text: &str| {
                        Category::ALL.map(|c| Picked::of(Facet::Category, &words(text)).shows(c.name()))
                    };
                    if change == Change::Toggle {
                        assert_eq!(shows(&twice), shows(text), "{text:?} {value}");
                    }
                    assert!(logquery::parse(&twice).is_ok());
                }
            }
        }
    }
}
