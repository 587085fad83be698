//! What a terminal would do with each character, as far as a log needs it.
//!
//! The splitter, the replay and the cleaner share this one machine, so that they can never disagree on where an escape sequence
//! ends: a difference would let a sequence through in one place that another took for text. It follows the state machine of
//! ECMA-48 terminals, but a line's end always ends an unfinished sequence too: a torn or hostile one can hide the rest of its
//! line and never the rest of the file. It holds no buffers, so an endless sequence costs no memory.

/// Blanks that one cursor movement may leave behind: a few bytes of a log must not become a screenful.
pub(super) const PAD: usize = 512;

/// Where the cursor is sent, and what is erased. Counts are at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Rows up, same column.
    Up(u16),
    /// Rows down, same column.
    Down(u16),
    /// Columns to the left.
    Left(u16),
    /// Columns to the right.
    Right(u16),
    /// To this column, from 1.
    Column(u16),
    /// Rows up, first column.
    PreviousLine(u16),
    /// Rows down, first column.
    NextLine(u16),
    /// Anywhere on the screen, which a log does not have.
    Place,
    /// From the cursor to the end of the row.
    EraseRight,
    /// From the row's start to the cursor.
    EraseLeft,
    /// The row.
    EraseLine,
    /// From the cursor to the end of the screen.
    EraseBelow,
    /// The screen.
    EraseScreen,
}

/// What one character amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Part of a sequence, or a control without effect.
    Nothing,
    /// A character to show. It may still be a hidden one: see [`is_hidden`].
    Text(char),
    /// `\t`.
    Tab,
    /// `\n`.
    Newline,
    /// `\r`.
    Return,
    /// `\x08`.
    Back,
    /// A cursor movement or an erasure.
    Move(Move),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    #[default]
    Ground,
    /// Behind ESC.
    Escape,
    /// Behind ESC and an intermediate: one more character comes.
    Intermediate,
    /// Inside `ESC [`.
    Csi,
    /// Inside `ESC [` with a private marker or an intermediate: no sequence that we know.
    CsiIgnored,
    /// Inside OSC, DCS, APC, PM, SOS or a screen title: all is data until its terminator.
    String,
}

/// The machine. `Default` is the state at the start of a file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Escapes {
    state: State,
    /// First parameter; `None` when it is not given.
    param: Option<u16>,
    /// Whether the first parameter is over.
    later: bool,
}

impl Escapes {
    /// Whether no sequence is under way.
    pub(super) fn is_ground(self) -> bool {
        self.state == State::Ground
    }

    /// Takes one character in.
    pub(super) fn step(&mut self, c: char) -> Step {
        match c {
            '\n' => self.end(Step::Newline),
            '\r' => self.end(Step::Return),
            '\u{1b}' => self.enter(State::Escape),
            // CAN and SUB break a sequence off
            '\u{18}' | '\u{1a}' => self.end(Step::Nothing),
            '\u{80}'..='\u{9f}' => self.c1(c),
            _ => match self.state {
                State::Ground => ground(c),
                State::Escape => self.escape(c),
                State::Intermediate => match c {
                    ' '..='/' => Step::Nothing,
                    _ => self.end(Step::Nothing),
                },
                State::Csi => self.csi(c),
                State::CsiIgnored => match c {
                    '@'..='~' => self.end(Step::Nothing),
                    '\u{a0}'.. => self.end(Step::Text(c)),
                    _ => Step::Nothing,
                },
                State::String => match c {
                    '\u{7}' => self.end(Step::Nothing),
                    _ => Step::Nothing,
                },
            },
        }
    }

    fn end(&mut self, step: Step) -> Step {
        self.state = State::Ground;
        step
    }

    fn enter(&mut self, state: State) -> Step {
        *self = Self { state, param: None, later: false };
        Step::Nothing
    }

    fn c1(&mut self, c: char) -> Step {
        match c {
            '\u{9b}' => self.enter(State::Csi),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => self.enter(State::String),
            '\u{84}' => self.end(Step::Move(Move::Down(1))),
            '\u{85}' => self.end(Step::Move(Move::NextLine(1))),
            '\u{8d}' => self.end(Step::Move(Move::Up(1))),
            _ => self.end(Step::Nothing),
        }
    }

    fn escape(&mut self, c: char) -> Step {
        match c {
            '[' => self.enter(State::Csi),
            // k is the window title of screen and tmux
            ']' | 'P' | 'X' | '^' | '_' | 'k' => self.enter(State::String),
            ' '..='/' => self.enter(State::Intermediate),
            'D' => self.end(Step::Move(Move::Down(1))),
            'E' => self.end(Step::Move(Move::NextLine(1))),
            'M' => self.end(Step::Move(Move::Up(1))),
            'c' => self.end(Step::Move(Move::EraseScreen)),
            '\u{a0}'.. => self.end(Step::Text(c)),
            '\0'..' ' | '\u{7f}' => Step::Nothing,
            _ => self.end(Step::Nothing),
        }
    }

    fn csi(&mut self, c: char) -> Step {
        match c {
            '0'..='9' if !self.later => {
                let digit = c.to_digit(10).and_then(|d| u16::try_from(d).ok()).unwrap_or(0);
                self.param = Some(self.param.unwrap_or(0).saturating_mul(10).saturating_add(digit));
                Step::Nothing
            }
            ';' | ':' => {
                self.later = true;
                Step::Nothing
            }
            ' '..='/' | '<'..='?' => {
                self.state = State::CsiIgnored;
                Step::Nothing
            }
            '@'..='~' => {
                let step = self.sequence(c);
                self.end(step)
            }
            // a letter of another script is no part of a sequence: it was cut off
            '\u{a0}'.. => self.end(Step::Text(c)),
            _ => Step::Nothing,
        }
    }

    /// A finished `ESC [` sequence. Colours (`m`) are dropped here: who wants to keep them adds a step for them.
    fn sequence(self, last: char) -> Step {
        let count = self.param.unwrap_or(1).max(1);
        let mode = self.param.unwrap_or(0);
        Step::Move(match last {
            'A' => Move::Up(count),
            'B' | 'e' => Move::Down(count),
            'C' | 'a' => Move::Right(count),
            'D' => Move::Left(count),
            'E' => Move::NextLine(count),
            'F' => Move::PreviousLine(count),
            'G' | '`' => Move::Column(count),
            'H' | 'f' | 'd' => Move::Place,
            'K' => match mode {
                0 => Move::EraseRight,
                1 => Move::EraseLeft,
                2 => Move::EraseLine,
                _ => return Step::Nothing,
            },
            'J' => match mode {
                0 => Move::EraseBelow,
                1..=3 => Move::EraseScreen,
                _ => return Step::Nothing,
            },
            _ => return Step::Nothing,
        })
    }
}

fn ground(c: char) -> Step {
    match c {
        '\t' => Step::Tab,
        '\u{8}' => Step::Back,
        // a terminal goes down a row: the words on both sides must not become one
        '\u{b}' | '\u{c}' => Step::Text(' '),
        '\0'..' ' | '\u{7f}' => Step::Nothing,
        _ => Step::Text(c),
    }
}

/// Whether `c` is drawn as nothing or turns the text around it: bidirectional controls, zero-width characters, separators, tags.
/// With them a line can show something else than what a search or a person reads. Joiners are among them: how wide a terminal
/// draws a joined emoji cannot be told, and one cell too many shifts a row of the screen.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Bytes that [`special`] looks at in one go.
const BLOCK: usize = 64;

/// Where the first character at or behind `from` stands that is not plain text, tab, `\r` or `\n`; `text.len()` when there is
/// none. `from` lies on a character boundary.
pub(super) fn special(text: &str, from: usize) -> usize {
    special_byte(text.as_bytes(), from)
}

/// The same in bytes of which nobody knows whether they are text.
pub(super) fn special_byte(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    loop {
        while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) {
            if is_suspect(block) {
                break;
            }
            at += BLOCK;
        }
        // what is left is part of the last block, which is looked at as quickly as any other
        if bytes.len() - at < BLOCK && bytes.last_chunk().is_some_and(|last| !is_suspect(last)) {
            return bytes.len();
        }
        let Some(block) = bytes.get(at..bytes.len().min(at + BLOCK)).filter(|b| !b.is_empty()) else {
            return bytes.len();
        };
        if let Some(found) = block.iter().enumerate().position(|(i, b)| is_special(*b, bytes, at + i)) {
            return at + found;
        }
        at += block.len();
    }
}

/// A sieve that the compiler turns into vector instructions: `false` proves a block plain. Of the characters beyond ASCII it
/// lets those pass that bars are made of (lead byte E2, without second bytes 80 and 81): a closer look costs time, not truth.
#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "branches would keep it from being vectorised")]
fn is_suspect(block: &[u8; BLOCK]) -> bool {
    let mut suspect = false;
    for b in block {
        let control = (*b < 0x20) & (*b != b'\n') & (*b != b'\r');
        let delete_or_hidden = b.wrapping_sub(0x7F) < 3;
        let lead = (*b >= 0xC0) & (*b != 0xE2);
        suspect |= control | delete_or_hidden | lead;
    }
    suspect
}

/// Whether the byte at `at` begins a control or a hidden character.
fn is_special(byte: u8, bytes: &[u8], at: usize) -> bool {
    match byte {
        b'\t' | b'\n' | b'\r' => false,
        0..0x20 | 0x7F => true,
        ..0xC0 => false,
        _ => {
            let second = bytes.get(at + 1).copied().unwrap_or(0);
            let third = bytes.get(at + 2).copied().unwrap_or(0);
            match (byte, second) {
                (0xC2, 0x80..=0x9F | 0xAD) | (0xD8, 0x9C) | (0xF3, 0xA0) => true,
                (0xE1, 0xA0) => third == 0x8E,
                (0xE2, 0x80) => matches!(third, 0x8B..=0x8F | 0xA8..=0xAE),
                (0xE2, 0x81) => matches!(third, 0xA0..=0xAF),
                (0xEF, 0xBB) => third == 0xBF,
                (0xEF, 0xBF) => matches!(third, 0xB9..=0xBB),
                _ => false,
            }
        }
    }
}

/// How many bytes at the start of `bytes` are plain ASCII text without controls.
pub(super) fn plain_run(bytes: &[u8]) -> usize {
    bytes.iter().position(|b| !(0x20..0x7F).contains(b)).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(input: &str) -> String {
        let mut machine = Escapes::default();
        input
            .chars()
            .filter_map(|c| match machine.step(c) {
                Step::Text(c) => Some(c),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn sequences_leave_nothing() {
        for input in [
            "a\x1b[1;31mb",
            "a\x1b]0;title\x07b",
            "a\x1b]52;c;AAAA\x1b\\b",
            "a\x1bP1$r0m\x1b\\b",
            "a\x1b_Gi=1\x1b\\b",
            "a\u{9b}31mb",
            "a\u{9d}0;title\u{9c}b",
            "a\x1b(Bb",
            "a\x1b[?1049hb",
            "a\x1b[>4;2mb",
            "a\x1b[38:2::1:2:3mb",
            "a\x1b[1\x18b",
            "a\x1b\x1b[mb",
            "a\x07\x00\x7fb",
            "a\x1bkname\x1b\\b",
        ] {
            assert_eq!(text(input), "ab", "{input:?}");
        }
    }

    #[test]
    fn a_line_end_ends_any_sequence() {
        for open in ["\x1b", "\x1b[", "\x1b[12;", "\x1b]0;x", "\x1bP", "\u{9b}", "\x1b("] {
            let mut machine = Escapes::default();
            for c in open.chars() {
                machine.step(c);
            }
            assert_eq!(machine.step('\n'), Step::Newline);
            assert_eq!(machine.step('x'), Step::Text('x'), "{open:?}");
        }
    }

    #[test]
    fn moves_are_told() {
        let last = |input: &str| {
            let mut machine = Escapes::default();
            input.chars().map(|c| machine.step(c)).last()
        };
        assert_eq!(last("\x1b[A"), Some(Step::Move(Move::Up(1))));
        assert_eq!(last("\x1b[0A"), Some(Step::Move(Move::Up(1))));
        assert_eq!(last("\x1b[12A"), Some(Step::Move(Move::Up(12))));
        assert_eq!(last("\x1b[99999999A"), Some(Step::Move(Move::Up(u16::MAX))));
        assert_eq!(last("\x1b[2K"), Some(Step::Move(Move::EraseLine)));
        assert_eq!(last("\x1b[K"), Some(Step::Move(Move::EraseRight)));
        assert_eq!(last("\x1b[1G"), Some(Step::Move(Move::Column(1))));
        assert_eq!(last("\x1b[3;7H"), Some(Step::Move(Move::Place)));
        assert_eq!(last("\x1bM"), Some(Step::Move(Move::Up(1))));
    }

    /// What `special` must find, told char by char.
    fn plainly(text: &str, from: usize) -> usize {
        text.char_indices()
            .find(|(at, c)| {
                *at >= from && ((c.is_control() && !matches!(c, '\t' | '\n' | '\r')) || is_hidden(*c))
            })
            .map_or(text.len(), |(at, _)| at)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn special_misses_nothing(text in "([ -~█▌━\r\n\té°…中😀]{0,90}[\u{0}-\u{ff}\u{200a}-\u{2080}\u{180e}\u{61c}\u{feff}\u{fff0}-\u{ffff}\u{e0000}-\u{e1000}]?){0,3}") {
            prop_assert_eq!(special(&text, 0), plainly(&text, 0));
            if let Some((from, _)) = text.char_indices().nth(3) {
                prop_assert_eq!(special(&text, from), plainly(&text, from));
            }
        }
    }
}
