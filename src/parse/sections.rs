//! Titles of sections, as training logs write them: between rules on one line, or between two lines that are rules.
//!
//! ```text
//! ==== Epoch 3 ====                 ======================
//! ───────── Results ─────────       Evaluation
//! ***** Running training *****      ======================
//! ```
//!
//! Much else is drawn with the same signs: bars, borders of tables, hunks of a diff, keys in PEM form, separators between rows of
//! figures. What is not clearly a title is none: a section too few folds less, one too many tears another one apart.

use super::logline::Line;
use crate::model::log::Block;
use crate::model::log::LineKind;

/// Ranks that titles may have, from 0.
pub const RANKS: u8 = 6;

/// Signs on both sides of a title on one line, at least.
const SIDE: usize = 3;
/// The same where nothing parts them from the title.
const SIDE_CLOSE: usize = 4;
/// Signs of a line that is a rule, at least.
const RULE: usize = 5;
/// The longest title, in characters.
const LONGEST: usize = 120;
/// Longer lines are no titles, in bytes: rules of three bytes a sign, over 500 columns.
const LINE: usize = 1500;

/// A title without its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Title<'a> {
    /// The words.
    pub text: &'a str,
    /// How high it stands, from 0.
    pub rank: u8,
}

/// The rank of a title on one line between such signs.
const fn rank(sign: char) -> Option<u8> {
    Some(match sign {
        '=' | '═' | '#' | '━' => 1,
        '*' => 2,
        '─' => 3,
        '_' | '~' => 4,
        '-' | '–' | '—' => 5,
        _ => return None,
    })
}

/// The rank of a title between two lines of such signs: above those on one line.
const fn framed_rank(sign: char) -> Option<u8> {
    Some(match sign {
        '=' | '═' | '#' | '━' | '*' => 0,
        '─' | '_' | '~' | '-' | '–' | '—' => 2,
        _ => return None,
    })
}

/// The title that a message is on one line: `=== Epoch 3 ===`.
pub fn title(body: &str) -> Option<Title<'_>> {
    let body = body.trim();
    let sign = body.chars().next()?;
    let rank = rank(sign)?;
    if body.len() > LINE {
        return None;
    }
    let behind = body.trim_start_matches(sign);
    let inner = behind.trim_end_matches(sign);
    let left = (body.len() - behind.len()) / sign.len_utf8();
    let right = (behind.len() - inner.len()) / sign.len_utf8();
    let parted = inner.starts_with(' ') && inner.ends_with(' ');
    if left.min(right) < if parted { SIDE } else { SIDE_CLOSE } || (!parted && matches!(sign, '_' | '~')) {
        return None;
    }
    let text = inner.trim();
    (is_title(text, sign) && !is_message(text, sign)).then_some(Title { text, rank })
}

/// The sign of a message that is a rule from one end to the other.
pub fn rule(body: &str) -> Option<char> {
    let body = body.trim();
    let sign = body.chars().next()?;
    framed_rank(sign)?;
    ((RULE * sign.len_utf8()..=LINE).contains(&body.len()) && body.trim_start_matches(sign).is_empty())
        .then_some(sign)
}

/// The title that a message between two rules of `sign` is.
pub fn framed(body: &str, sign: char) -> Option<Title<'_>> {
    let rank = framed_rank(sign)?;
    // a frame may go on at its sides
    let text = body.trim().trim_matches(sign).trim();
    let is_row = text.contains(" | ")
        || text.starts_with('|')
        || text.ends_with('|')
        || text.contains("....")
        || tells_a_figure(text);
    (!is_row && is_title(text, sign)).then_some(Title { text, rank })
}

/// Whether words between rules of `sign` may be a title, and are no part of a bar, a table, a border or a key.
fn is_title(text: &str, sign: char) -> bool {
    if text.is_empty() || text.chars().nth(LONGEST).is_some() || !text.contains(char::is_alphabetic) {
        return false;
    }
    let arrow = text.starts_with(['>', '<', '│', '║', '+']) || text.ends_with(['>', '<', '│', '║', '+']);
    let columns = text.contains("   ") || text.contains('\t');
    let mut signs = [0; 4];
    let rule = sign.encode_utf8(&mut signs).repeat(SIDE);
    !arrow && !columns && !text.contains(&*rule) && !is_bar(text)
}

/// Whether the words are the figures of a bar.
fn is_bar(text: &str) -> bool {
    let figure = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    figure.len() < text.len() && figure.starts_with('%')
        || ["it/s", "s/it", "ETA:", "ETA ", "/step"].iter().any(|part| text.contains(part))
        || text.contains(|c| matches!(c, '\u{2588}'..='\u{258f}'))
}

/// Whether words that stand like a title are a message: an alarm, the ends of a key, the word of a logger that failed.
fn is_message(text: &str, sign: char) -> bool {
    let begins = |words: &[&str]| {
        words.iter().any(|word| text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word)))
    };
    match sign {
        '-' => {
            begins(&["BEGIN ", "END "]) && text.contains(char::is_uppercase) && is_loud(text)
                || text == "Logging error"
        }
        '*' => begins(&["error", "warning", "fatal", "aborted", "sig", "segmentation", "stack smashing"]),
        _ => false,
    }
}

fn is_loud(text: &str) -> bool {
    !text.contains(char::is_lowercase)
}

/// Whether a fraction is told by a name (`loss: 0.4`, `acc=0.9`): a row of figures between separators.
fn tells_a_figure(text: &str) -> bool {
    text.char_indices().any(|(at, c)| {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default().trim_start_matches([' ', '-', '+']);
        let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let fraction =
            behind.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        matches!(c, ':' | '=') && behind.len() < rest.len() && (fraction || behind.starts_with(['e', '%']))
    })
}

/// A title that became clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// How many rows above the one that was read the section begins.
    pub back: usize,
    /// How many rows above it the words stand.
    pub words: usize,
    /// How high it stands.
    pub rank: u8,
}

/// What stands above a row, as far as titles go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Above {
    #[default]
    Nothing,
    /// A rule that a section may begin with.
    Rule(char),
    /// One, and words below it; their rank, when they are a title by themselves as well.
    Words(char, Option<u8>),
    /// A rule below words. It ends a title and begins none: of rules and words by turns only the first words are one, so that
    /// a few rows above tell all, wherever one begins to read.
    Closed(char),
    /// Such a rule, and words below it.
    Between(char, Option<u8>),
}

/// Finds titles, row by row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Titles {
    above: Above,
}

impl Titles {
    /// A row and what it is; sections whose titles are told by now begin at it, or above it: the one above first.
    pub fn row(&mut self, line: &Line<'_>) -> [Option<Seen>; 2] {
        let body = line.text.get(line.body..).unwrap_or(line.text);
        if self.above == Above::Nothing && !may_begin(body) {
            return [None, None];
        }
        let above = std::mem::take(&mut self.above);
        let is_drawn = line.json || line.kind == LineKind::Progress;
        match above {
            Above::Words(sign, _) if !is_drawn && rule(body) == Some(sign) => {
                self.above = Above::Closed(sign);
                return [framed_rank(sign).map(|rank| Seen { back: 2, words: 1, rank }), None];
            }
            Above::Between(sign, _) if !is_drawn && rule(body) == Some(sign) => {
                self.above = Above::Closed(sign);
                return [None, None];
            }
            Above::Rule(sign) if !is_drawn && framed(body, sign).is_some() => {
                self.above = Above::Words(sign, own_rank(line, body));
                return [None, None];
            }
            Above::Closed(sign) if !is_drawn && framed(body, sign).is_some() => {
                self.above = Above::Between(sign, own_rank(line, body));
                return [None, None];
            }
            // no rule came below words that are a title by themselves
            Above::Words(_, rank) | Above::Between(_, rank) => {
                let late = rank.map(|rank| Seen { back: 1, words: 1, rank });
                return [late, self.single(line, body)];
            }
            _ => {}
        }
        [None, self.single(line, body)]
    }

    /// A row by itself.
    fn single(&mut self, line: &Line<'_>, body: &str) -> Option<Seen> {
        if line.json || line.kind != LineKind::Text || line.block != Block::None {
            return None;
        }
        if let Some(sign) = rule(body) {
            self.above = Above::Rule(sign);
            return None;
        }
        title(body).map(|title| Seen { back: 0, words: 0, rank: title.rank })
    }

    /// A row that is no part of a title. Returns the rank of the row above it where that is a title by itself.
    pub const fn pass(&mut self) -> Option<u8> {
        let above = self.above;
        self.above = Above::Nothing;
        match above {
            Above::Words(_, rank) | Above::Between(_, rank) => rank,
            Above::Nothing | Above::Rule(_) | Above::Closed(_) => None,
        }
    }

    /// Ranks of titles that may stand above the rows to come, each a bit.
    pub fn ranks_under_way(&self) -> u8 {
        let mut passed = *self;
        [self.pending(), passed.pass()].into_iter().flatten().fold(0, |bits, rank| bits | 1 << rank)
    }

    /// The rank of the title that the next rows may make of those above.
    pub const fn pending(&self) -> Option<u8> {
        match self.above {
            Above::Nothing | Above::Closed(_) => None,
            Above::Rule(sign) | Above::Words(sign, _) => framed_rank(sign),
            Above::Between(_, rank) => rank,
        }
    }
}

/// The rank of words between rules that are a title by themselves.
fn own_rank(line: &Line<'_>, body: &str) -> Option<u8> {
    let is_text = line.kind == LineKind::Text && line.block == Block::None;
    title(body).filter(|_| is_text).map(|title| title.rank)
}

/// Rows above a place that tell which title it stands in.
pub const CONTEXT: usize = 8;

/// Whether a message begins with a sign of a rule, as few do.
fn may_begin(body: &str) -> bool {
    let first = body.as_bytes().iter().find(|byte| **byte != b' ');
    // 0xE2 begins the signs that are not ASCII
    first.is_some_and(|byte| matches!(byte, b'=' | b'#' | b'*' | b'_' | b'~' | b'-' | 0xE2))
}

#[cfg(test)]
mod tests;
