//! The two lines above the log.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::line::put;
use super::line::width;
use super::roles::Roles;
use crate::app::age;
use crate::app::logs::Behind;
use crate::app::logs::HINT;
use crate::app::logs::Input;
use crate::app::logs::LogPane;
use crate::model::level::Level;
use crate::model::log::Class;
use crate::model::stamp::Stamp;

/// A word of the head, in its style.
type Word = (String, Style);

/// Columns in which a part of a word says enough.
const ENOUGH: u16 = 16;

/// How the classes are called; the first letter is the key.
const CLASSES: [(Class, &str); Class::COUNT] = [
    (Class::Debug, "debug"),
    (Class::Info, "info"),
    (Class::Warning, "warn"),
    (Class::Error, "error"),
    (Class::Progress, "progress"),
    (Class::Plain, "other"),
];

/// How a pane stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// There is no other.
    Alone,
    /// It has the keys, and the other one has not.
    Focused {
        /// The other one stands above it.
        below: bool,
        /// The other one cannot be led by it, since its file tells no times.
        untimed: bool,
    },
    /// The other one has the keys.
    Beside {
        /// That one stands above it.
        below: bool,
        /// It cannot be led, since its file tells no times.
        untimed: bool,
        /// It goes to the time of the other one.
        by_time: bool,
    },
}

pub(super) fn draw(pane: &LogPane, roles: &Roles, now: Stamp, seat: Seat, area: Rect, buffer: &mut Buffer) {
    let row = |n: u16| Rect { y: area.y + n, height: 1, ..area };
    let mut left = offered(pane, roles).unwrap_or_else(|| about_file(pane, roles, seat, now));
    let mut right = about_view(pane, roles);
    match seat {
        Seat::Alone => {}
        Seat::Focused { untimed, .. } => about_lock(false, untimed, roles, &mut right),
        Seat::Beside { untimed, by_time, .. } => about_lock(by_time, untimed, roles, &mut right),
    }
    if seat != Seat::Alone {
        // of two panes that are narrow, each must tell its file
        let name = left.first().map_or(0, |(word, _)| width(word));
        while right.len() > 1 && wide(&right) + name + 1 > area.width {
            right.pop();
            right.pop();
        }
    }
    if matches!(seat, Seat::Focused { below: true, .. } | Seat::Beside { below: true, .. }) {
        // what parts it from the pane above
        for x in area.left()..area.right() {
            put(buffer, x, area.y, 1, roles.flat, roles.faint);
        }
        left.push((" ".to_owned(), roles.faint));
        right.insert(0, (" ".to_owned(), roles.faint));
    }
    line(&left, &right, row(0), buffer);
    if area.height < 2 {
        return;
    }
    if pane.input().is_some() {
        typing(pane, roles, row(1), buffer);
        return;
    }
    let right = about_query(pane, roles, area.width);
    let right_width: u16 = right.iter().map(|(word, _)| width(word)).sum();
    let room = area.width.saturating_sub(right_width + 2);
    line(&classes(pane, roles, room), &right, row(1), buffer);
}

/// What the pane has to do with the other one, before all else that is told of its view.
fn about_lock(by_time: bool, untimed: bool, roles: &Roles, words: &mut Vec<Word>) {
    let word = match (by_time, untimed) {
        (_, true) => ("tells no times ".to_owned(), roles.warn),
        (true, false) => ("by time ".to_owned(), roles.accent),
        (false, false) => return,
    };
    if !words.is_empty() {
        words.insert(0, (format!("{} ", roles.dot), roles.dim));
    }
    words.insert(0, word);
}

fn wide(words: &[Word]) -> u16 {
    words.iter().fold(0, |sum: u16, (word, _)| sum.saturating_add(width(word)))
}

/// What Tab would put at the cursor of a filter.
fn offered(pane: &LogPane, roles: &Roles) -> Option<Vec<Word>> {
    let (candidates, chosen) = pane.candidates()?;
    if let Some(hint) = candidates.hint {
        return Some(vec![(format!(" {hint}"), roles.dim)]);
    }
    // the chosen one is always in sight
    let first = chosen.unwrap_or(0);
    let words =
        candidates.texts.iter().enumerate().skip(first).map(|(at, text)| {
            (format!(" {text}"), if chosen == Some(at) { roles.accent } else { roles.dim })
        });
    let words: Vec<Word> = words.collect();
    (!words.is_empty()).then_some(words)
}

/// `left` from the left and `right` at the right, which goes first where there is no room for both.
fn line(left: &[Word], right: &[Word], area: Rect, buffer: &mut Buffer) {
    let wanted = wide(right).min(area.width);
    let mut x = area.right() - wanted;
    let room = (x - area.x).saturating_sub(u16::from(wanted > 0));
    for (word, style) in right {
        x += put(buffer, x, area.y, area.right() - x, word, *style);
    }
    let mut x = area.x;
    for (word, style) in left {
        let free = (area.x + room).saturating_sub(x);
        // a word is told whole or not at all, unless what is seen of it says enough
        if x > area.x && width(word) > free && free < ENOUGH {
            break;
        }
        x += put(buffer, x, area.y, (area.x + room).saturating_sub(x), word, *style);
    }
}

fn about_file(pane: &LogPane, roles: &Roles, seat: Seat, now: Stamp) -> Vec<Word> {
    let Some((source, number, of)) = pane.source() else { return Vec::new() };
    let merged = pane.merged();
    let name = merged
        .as_ref()
        .map_or_else(|| source.name.to_string(), |files| format!("{} files by time", files.len()));
    let mut words = match seat {
        Seat::Alone => vec![(format!(" {name}"), roles.strong)],
        Seat::Focused { .. } => vec![(format!("{}{name}", roles.mark), roles.strong.patch(roles.accent))],
        Seat::Beside { .. } => vec![(format!(" {name}"), roles.dim)],
    };
    if of > 1 && merged.is_none() {
        words.push((format!(" {number}/{of}"), roles.dim));
    }
    if pane.answered() {
        words.push((format!(" {} {}", roles.dot, bytes(pane.latest().counted.1)), roles.dim));
    }
    if let Some(note) = &pane.latest().note {
        words.push((format!(" {} {note}", roles.dot), roles.warn));
    }
    if let Some(silent) = pane.silence(now) {
        words.push((format!(" {} silent {}", roles.dot, age::text(silent)), roles.warn));
    }
    words
}

fn about_view(pane: &LogPane, roles: &Roles) -> Vec<Word> {
    let mut words = Vec::new();
    if !pane.answered() {
        return words;
    }
    if let Some(said) = pane.said() {
        words.push((format!("{said} "), roles.warn));
    }
    if pane.reveals() {
        words.push((" SECRETS SHOWN ".to_owned(), roles.alarm));
    } else {
        match pane.hidden_secrets() {
            0 => {}
            1 => words.push(("1 secret hidden (R) ".to_owned(), roles.dim)),
            n => words.push((format!("{n} secrets hidden (R) "), roles.dim)),
        }
    }
    if let Some(lines) = pane.selected_lines() {
        words.push((format!("{lines} selected "), roles.accent));
    }
    if let Some(times) = pane.times().name() {
        words.push((format!("{times} "), roles.dim));
    }
    let latest = pane.latest();
    if !latest.counted_all() {
        words.push((format!("counted {} ", percent(latest.counted.0, latest.counted.1)), roles.dim));
    }
    if pane.is_frozen() {
        words.push(("frozen ".to_owned(), roles.accent));
    }
    let below = if pane.is_frozen() { "behind" } else { "new below" };
    match pane.behind() {
        Some(Behind::Lines(n)) => words.push((format!("{} {below} ", count(n)), roles.accent)),
        Some(Behind::Bytes(n)) => words.push((format!("{} {below} ", bytes(n)), roles.accent)),
        None if pane.follows() => words.push(("following ".to_owned(), roles.good)),
        None => {}
    }
    if !pane.follows() {
        let part = pane.part(1);
        words.push((format!("at {} ", percent(part.bytes.start, part.all)), roles.dim));
    }
    let dot = (format!("{} ", roles.dot), roles.dim);
    let mut parted: Vec<Word> = words.into_iter().flat_map(|word| [dot.clone(), word]).collect();
    parted.drain(..1.min(parted.len()));
    parted
}

/// The classes with their counts, as fully as there is room for.
fn classes(pane: &LogPane, roles: &Roles, room: u16) -> Vec<Word> {
    for named in [true, false] {
        let words = classes_as(pane, roles, named);
        if words.iter().map(|(word, _)| width(word)).sum::<u16>() <= room {
            return words;
        }
    }
    // the letters of what is hidden are the least that must be seen
    let all = CLASSES.iter().map(|(class, name)| {
        let hidden = pane.query().hidden.has(*class);
        let sign = if hidden { "-" } else { "+" };
        (format!("{sign}{}", name.get(..1).unwrap_or_default()), style(*class, hidden, roles))
    });
    std::iter::once((" ".to_owned(), roles.text)).chain(all).collect()
}

fn classes_as(pane: &LogPane, roles: &Roles, named: bool) -> Vec<Word> {
    let latest = pane.latest();
    let unsure = if latest.counted_all() { "" } else { "+" };
    let mut words = vec![(" ".to_owned(), roles.text)];
    for (class, name) in CLASSES {
        let hidden = pane.query().hidden.has(class);
        let sign = if hidden { "-" } else { "+" };
        let name = if named { name } else { name.get(..1).unwrap_or_default() };
        let n = latest.counts.messages.get(class);
        let figure = if pane.answered() { format!("{}{unsure}", count(n)) } else { String::new() };
        let style = if n == 0 && !hidden { roles.dim } else { style(class, hidden, roles) };
        words.push((format!("{sign}{name} {figure}"), style));
        words.push(("  ".to_owned(), roles.text));
    }
    words.pop();
    words
}

fn style(class: Class, hidden: bool, roles: &Roles) -> Style {
    if hidden {
        return roles.dim;
    }
    match class {
        Class::Info => roles.level(Some(Level::Info)),
        Class::Warning => roles.level(Some(Level::Warning)),
        Class::Error => roles.level(Some(Level::Error)),
        Class::Debug | Class::Progress | Class::Plain => roles.text,
    }
}

/// Filter and search, with how much they find.
fn about_query(pane: &LogPane, roles: &Roles, room: u16) -> Vec<Word> {
    let query = pane.query();
    let latest = pane.latest();
    let counts = &latest.counts;
    let unsure = if latest.counted_all() { "" } else { "+" };
    let longest = usize::from(room / 4).max(6);
    let mut words = Vec::new();
    if !pane.filter().is_empty() {
        words.push((format!("& {} ", shortened(pane.filter(), longest, roles)), roles.accent));
    }
    if !pane.filter().is_empty() || !query.hidden.is_empty() {
        let part = format!("{}/{}{unsure} ", count(counts.matched), count(counts.seen));
        words.push((part, roles.dim));
    }
    if !query.search.is_empty() {
        words.push((format!("/ {} ", shortened(&query.search, longest, roles)), roles.accent));
        let number = latest.at_number.filter(|_| latest.at == pane.point()).map(|n| format!("{}/", count(n)));
        let hits = format!("{}{}{unsure} ", number.unwrap_or_default(), count(counts.hits));
        words.push((hits, if counts.hits == 0 && latest.counted_all() { roles.warn } else { roles.dim }));
    }
    words
}

fn shortened(text: &str, longest: usize, roles: &Roles) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    text.chars().take(longest.saturating_sub(1)).chain(roles.ellipsis.chars()).collect()
}

/// The text that is being typed, with a block where the cursor is, and what is wrong with it.
fn typing(pane: &LogPane, roles: &Roles, area: Rect, buffer: &mut Buffer) {
    let Some((what, edit)) = pane.input() else { return };
    let counts = &pane.latest().counts;
    let (name, hint, n) = match what {
        Input::Search => (" / ", "a regex", Some(counts.hits)),
        Input::Filter => (" & ", "a regex, or level>= cat: since: !not  Tab completes", Some(counts.matched)),
        Input::Goto => (" : ", HINT, None),
        Input::Write => (" write to ", "a path; the file must be new", None),
        Input::Name => (" save as ", "a name", None),
    };
    let right = match (pane.bad_pattern(), n) {
        // nobody has said anything wrong yet
        (Some(_), _) if edit.parts().0.ends_with([':', '=']) && pane.candidates().is_some() => {
            ("a value is wanted ".to_owned(), roles.dim)
        }
        (Some(bad), _) => (format!("{bad} "), roles.bad),
        (None, _) if edit.is_empty() => (format!("{hint} "), roles.dim),
        (None, None) => (String::new(), roles.dim),
        (None, Some(n)) => {
            let latest = pane.latest();
            let all = count(counts.seen);
            let part = if latest.counted_all() {
                format!("{}/{all} ", count(n))
            } else {
                format!("{}/{all} {} {} ", count(n), roles.dot, percent(latest.counted.0, latest.counted.1))
            };
            (part, roles.dim)
        }
    };
    let typed = width(name).saturating_add(width(edit.text())).saturating_add(2);
    let wanted = width(&right.0).min(area.width.saturating_sub(typed).max(area.width / 2));
    put(buffer, area.right() - wanted, area.y, wanted, &right.0, right.1);
    let room = area.width.saturating_sub(wanted + 1);
    let mut x = area.x + put(buffer, area.x, area.y, room, name, roles.accent);
    let (before, behind) = edit.parts();
    // the end of what stands before the cursor is what counts
    let mut skip = width(before).saturating_sub((area.x + room).saturating_sub(x + 1));
    let seen: String = before
        .chars()
        .skip_while(|c| {
            let hides = skip > 0;
            skip = skip.saturating_sub(width(c.encode_utf8(&mut [0; 4])).max(1));
            hides
        })
        .collect();
    let end = area.x + room;
    x += put(buffer, x, area.y, end.saturating_sub(x), &seen, roles.text);
    let mut rest = behind.chars();
    let under = rest.next().map_or_else(|| " ".to_owned(), |c| c.to_string());
    x += put(buffer, x, area.y, end.saturating_sub(x), &under, roles.found);
    put(buffer, x, area.y, end.saturating_sub(x), rest.as_str(), roles.text);
}

/// `part` of `whole` in whole percent, rounded down so that 100 % means all.
pub(super) fn percent(part: u64, whole: u64) -> String {
    let percent = u128::from(part.min(whole)) * 100 / u128::from(whole.max(1));
    format!("{percent}%")
}

/// A count in at most six columns.
pub(super) fn count(n: u64) -> String {
    match n {
        0..100_000 => n.to_string(),
        100_000..10_000_000 => format!("{}k", n / 1000),
        10_000_000..10_000_000_000 => format!("{}M", n / 1_000_000),
        _ => format!("{}G", n / 1_000_000_000),
    }
}

/// A size in powers of a thousand.
pub(super) fn bytes(n: u64) -> String {
    let units = [("GB", 1e9), ("MB", 1e6), ("kB", 1e3)];
    match units.iter().find(|(_, unit)| n as f64 >= *unit) {
        Some((name, unit)) if (n as f64) < unit * 10.0 => format!("{:.1} {name}", n as f64 / unit),
        Some((name, unit)) => format!("{:.0} {name}", n as f64 / unit),
        None => format!("{n} B"),
    }
}
