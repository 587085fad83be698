//! Bytes to segments: what stands between two line ends or redraws of a log.
//!
//! This is the hottest loop of the program. A segment that lies whole in its chunk and holds nothing but plain text is handed out
//! as a slice of the chunk; everything else (escapes, backspaces, bytes that are no UTF-8, UTF-16, a segment cut by the end of a
//! chunk) goes character by character through the same state, so that the chunks may be cut anywhere without any difference.

use memchr::memchr2;

use super::decode::Decoder;
use super::decode::Piece;
use super::escape;
use super::escape::Escapes;
use super::escape::Move;
use super::escape::PAD;
use super::escape::Step;

/// Bytes of text that are kept of one segment; what is longer is skipped without being held.
pub const CAP: usize = 64 * 1024;

/// Bytes after which it is asked again whether redraws are expected.
const STRETCH: usize = 4096;

/// What ended a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum End {
    /// `\n`, with any `\r` before it.
    Line,
    /// `\r`, a run of `\x08`, or a cursor movement that leads to other text: what follows is drawn over it.
    Redraw,
    /// Nothing yet: the file has been silent, and the segment may go on.
    Rest,
}

/// A piece of a log: valid text without escape sequences, without controls but `\t`, and without hidden characters. Not trimmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment<'a> {
    /// The text. Empty for a line end that has nothing new before it.
    pub text: &'a str,
    /// Where the segment begins in its file, in bytes.
    pub offset: u64,
    /// Its line, from 1: one more than the `\n` before it.
    pub line: u64,
    /// What ended it.
    pub end: End,
    /// It was longer than [`CAP`]; `text` is its beginning.
    pub cut: bool,
    /// No other text stood before it on its line.
    pub blank_start: bool,
}

/// Takes the segments of a file, and may take redraws that it knows as they stand in the file.
pub trait Pieces {
    /// One segment.
    fn segment(&mut self, segment: &Segment<'_>);

    /// Whether it may know what comes next, so that [`Pieces::redraws`] is worth asking.
    fn is_expecting(&self) -> bool;

    /// What it takes of `bytes`, which begin a segment at `offset` of the file in `line`.
    fn redraws(&mut self, bytes: &[u8], offset: u64, line: u64) -> Taken;
}

/// Redraws that were taken: whole ones, clean text and not blank, each but the last ended by `\r`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Bytes of all of them, with what ends each.
    pub bytes: usize,
    /// What ended the last: a line, or a `\r` that neither `\r` nor `\n` follows.
    pub end: End,
}

/// Cuts a stream of bytes into segments.
///
/// A segment without text is handed out only for a line end, so that lines can be counted. When [`Splitter::rest`] has handed
/// out an unfinished segment and more of it comes, it is handed out again as a whole, with the same `offset`; when only its line
/// end comes, that is told by a segment without text.
#[derive(Debug)]
pub struct Splitter {
    decoder: Decoder,
    draft: Draft,
    /// Bytes taken in.
    offset: u64,
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new()
    }
}

impl Splitter {
    /// A splitter at the first byte of a file.
    pub fn new() -> Self {
        Self { decoder: Decoder::default(), draft: Draft::new(0, 1), offset: 0 }
    }

    /// A splitter that begins inside a UTF-8 file, at the start of a line: at byte `offset`, in `line` (from 1).
    pub fn at(offset: u64, line: u64) -> Self {
        Self { decoder: Decoder::utf8(), draft: Draft::new(offset, line), offset }
    }

    /// How many bytes of the file are taken in.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The line that the next byte belongs to, from 1.
    pub fn line(&self) -> u64 {
        self.draft.line
    }

    /// Takes the next bytes in and hands out each segment that ends in them.
    pub fn push<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, bytes: &[u8], each: &mut F) {
        self.segments(bytes, each);
    }

    /// Takes the next bytes in and hands out each segment that ends in them; of known redraws only the bytes.
    #[inline]
    pub fn feed<P: Pieces>(&mut self, bytes: &[u8], to: &mut P) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let mut count = STRETCH;
            if to.is_expecting() {
                if self.decoder.is_between() && self.draft.is_empty() {
                    if let [b'\r', next, ..] = rest
                        && !matches!(next, b'\r' | b'\n')
                    {
                        // draws over nothing
                        self.offset += 1;
                        self.draft.next(End::Redraw, self.offset, false);
                        rest = rest.get(1..).unwrap_or_default();
                    }
                    let taken = to.redraws(rest, self.offset, self.draft.line);
                    if taken.bytes > 0 {
                        self.offset += taken.bytes as u64;
                        self.draft.next(taken.end, self.offset, true);
                        rest = rest.get(taken.bytes..).unwrap_or_default();
                        if taken.end == End::Line {
                            continue;
                        }
                    }
                }
                count = 0;
            }
            count += first_segment(rest.get(count..).unwrap_or_default());
            let (now, later) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let mut each = |segment: &Segment<'_>| to.segment(segment);
            self.segments(now, &mut each);
            if self.draft.returned
                && self.decoder.is_between()
                && later.first().is_some_and(|next| !matches!(next, b'\r' | b'\n'))
            {
                self.draft.finish(End::Redraw, self.offset, &mut each);
            }
            rest = later;
        }
    }

    fn segments<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, bytes: &[u8], each: &mut F) {
        let Self { decoder, draft, offset } = self;
        decoder.decode(bytes, &mut |piece| match piece {
            Piece::Text(text) => {
                draft.text(text, *offset, each);
                *offset += text.len() as u64;
            }
            Piece::Char(c, len) => {
                draft.char(c, *offset, *offset + len, each);
                *offset += len;
            }
            Piece::Skip(len) => *offset += len,
        });
    }

    /// Hands out what the file ends in, if it is unfinished and was not handed out yet.
    pub fn rest<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, each: &mut F) {
        if self.draft.returned {
            self.draft.finish(End::Redraw, self.offset, each);
        } else {
            self.draft.show(End::Rest, each);
        }
    }
}

/// The segment under way, and the line that it is on.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "four facts that do not exclude each other")]
struct Draft {
    text: String,
    escapes: Escapes,
    /// First byte of the segment.
    start: u64,
    line: u64,
    /// `text` holds something that was not handed out yet.
    fresh: bool,
    /// The cap is reached: the rest up to the line end or redraw is skipped.
    cut: bool,
    /// A `\r` came; whether it is a redraw or part of a line end is told by what follows.
    returned: bool,
    /// No text stood before on the line.
    blank_start: bool,
}

impl Draft {
    fn new(start: u64, line: u64) -> Self {
        Self {
            text: String::new(),
            escapes: Escapes::default(),
            start,
            line,
            fresh: false,
            cut: false,
            returned: false,
            blank_start: true,
        }
    }

    /// Whether nothing of the segment is held: the next one may be a slice of the chunk.
    fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.cut && !self.returned && self.escapes.is_ground()
    }

    /// Takes text in that begins at `base` in the file.
    fn text<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, text: &str, base: u64, each: &mut F) {
        let bytes = text.as_bytes();
        let mut special = escape::special(text, 0);
        let mut at = 0;
        while at < bytes.len() {
            if special < at {
                special = escape::special(text, at);
            }
            let whole = if self.is_empty() { self.whole(text, at, special, base, each) } else { None };
            at = match whole {
                Some(behind) => behind,
                None => self.slowly(text, at, base, each),
            };
        }
    }

    /// Hands out the segment at `at` as a slice, if it is plain and ends in this text. Returns where it ends.
    #[inline]
    fn whole<F: FnMut(&Segment<'_>) + ?Sized>(
        &mut self,
        text: &str,
        at: usize,
        special: usize,
        base: u64,
        each: &mut F,
    ) -> Option<usize> {
        let bytes = text.as_bytes();
        let stop = at + memchr2(b'\r', b'\n', bytes.get(at..)?)?;
        if special < stop {
            return None;
        }
        let mut behind = stop + 1;
        let mut end = End::Line;
        if bytes.get(stop) == Some(&b'\r') {
            while bytes.get(behind) == Some(&b'\r') {
                behind += 1;
            }
            // at the end of the chunk nothing tells yet what the `\r` is
            if *bytes.get(behind)? == b'\n' {
                behind += 1;
            } else {
                end = End::Redraw;
            }
        }
        let mut shown = text.get(at..stop)?;
        let cut = shown.len() > CAP;
        if cut {
            shown = shown.get(..shown.floor_char_boundary(CAP))?;
        }
        self.hand_out(shown, cut, end, each);
        self.next(end, base + behind as u64, !shown.is_empty() && !is_blank(shown));
        Some(behind)
    }

    /// Takes in what stands at `at` until the draft is empty again or the text ends. Returns where it stopped.
    #[inline(never)]
    fn slowly<F: FnMut(&Segment<'_>) + ?Sized>(
        &mut self,
        text: &str,
        from: usize,
        base: u64,
        each: &mut F,
    ) -> usize {
        let bytes = text.as_bytes();
        let mut at = from;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let run = if self.returned || !self.escapes.is_ground() {
                0
            } else if self.cut {
                memchr2(b'\r', b'\n', rest).unwrap_or(rest.len())
            } else {
                escape::plain_run(rest)
            };
            if run > 0 {
                if let Some(plain) = text.get(at..at + run) {
                    self.keep(plain);
                }
                at += run;
                continue;
            }
            if rest.first() == Some(&0) {
                // a file with a hole is gigabytes of these
                at += zeros(rest);
                self.char('\0', base + at as u64, base + at as u64, each);
            } else {
                let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { break };
                let before = base + at as u64;
                at += c.len_utf8();
                self.char(c, before, base + at as u64, each);
            }
            if self.is_empty() {
                break;
            }
        }
        at
    }

    /// Takes one character in, which stands at `before..after` in the file.
    fn char<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, c: char, before: u64, after: u64, each: &mut F) {
        if self.returned && c != '\r' && c != '\n' {
            self.finish(End::Redraw, before, each);
        }
        if self.cut && c != '\r' && c != '\n' {
            return;
        }
        match self.escapes.step(c) {
            Step::Newline => self.finish(End::Line, after, each),
            Step::Return => self.returned = true,
            Step::Text(c) if !escape::is_hidden(c) => self.keep(c.encode_utf8(&mut [0; 4])),
            Step::Text(_) | Step::Nothing => {}
            Step::Tab => self.keep("\t"),
            Step::Back => self.back(1, each),
            Step::Move(to) => self.moved(to, after, each),
        }
        if self.text.is_empty() && self.escapes.is_ground() && !self.returned && !self.cut && !self.fresh {
            // leading controls that are over belong to no segment; a sequence before text does
            if matches!(c, '\u{8}' | '\0') {
                self.start = after;
            }
        }
    }

    /// Appends text as far as the cap allows.
    fn keep(&mut self, text: &str) {
        if self.cut {
            return;
        }
        let room = CAP - self.text.len();
        let fits = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        self.cut = fits.len() < text.len();
        self.fresh |= !fits.is_empty();
        self.text.push_str(fits);
    }

    /// The cursor went `count` columns to the left: what it left behind is a redraw, and what follows is drawn over its end.
    fn back<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, count: usize, each: &mut F) {
        self.show(End::Redraw, each);
        for _ in 0..count {
            if self.text.pop().is_none() {
                break;
            }
        }
    }

    fn moved<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, to: Move, after: u64, each: &mut F) {
        match to {
            Move::EraseRight => {}
            Move::Left(count) => self.back(usize::from(count), each),
            Move::Right(count) => self.pad(usize::from(count)),
            Move::Column(column) if column > 1 => {
                let target = usize::from(column) - 1;
                let width = self.text.chars().count();
                if target < width {
                    self.back(width - target, each);
                } else {
                    self.pad(target - width);
                }
            }
            _ => self.finish(End::Redraw, after, each),
        }
    }

    fn pad(&mut self, count: usize) {
        const BLANKS: &str = match std::str::from_utf8(&[b' '; PAD]) {
            Ok(blanks) => blanks,
            Err(_) => " ",
        };
        self.keep(BLANKS.get(..count.min(PAD)).unwrap_or_default());
    }

    /// Hands the draft out, if there is anything new in it, and keeps it.
    fn show<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, end: End, each: &mut F) {
        if self.fresh {
            self.hand_out(&self.text, self.cut, end, each);
            self.fresh = false;
            if end == End::Redraw && !is_blank(&self.text) {
                self.blank_start = false;
            }
        }
    }

    /// Ends the segment and begins the next one at `next`.
    fn finish<F: FnMut(&Segment<'_>) + ?Sized>(&mut self, end: End, next: u64, each: &mut F) {
        let stood = !is_blank(&self.text);
        if self.fresh {
            self.hand_out(&self.text, self.cut, end, each);
        } else {
            self.blank_start &= !stood;
            self.hand_out("", false, end, each);
        }
        self.text.clear();
        self.fresh = false;
        self.cut = false;
        self.returned = false;
        self.next(end, next, stood);
    }

    #[inline]
    fn hand_out<F: FnMut(&Segment<'_>) + ?Sized>(&self, text: &str, cut: bool, end: End, each: &mut F) {
        if end == End::Line || !text.is_empty() {
            let Self { start, line, blank_start, .. } = *self;
            each(&Segment { text, offset: start, line, end, cut, blank_start });
        }
    }

    #[inline]
    fn next(&mut self, end: End, start: u64, stood: bool) {
        self.start = start;
        if end == End::Line {
            self.line += 1;
            self.blank_start = true;
        } else {
            self.blank_start &= !stood;
        }
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| b == b' ' || b == b'\t')
}

/// How many bytes the first segment of `bytes` takes with what ends it, as far as they reach.
#[inline]
fn first_segment(bytes: &[u8]) -> usize {
    let Some(mut end) = memchr2(b'\r', b'\n', bytes) else { return bytes.len() };
    while bytes.get(end) == Some(&b'\r') {
        end += 1;
    }
    if bytes.get(end) == Some(&b'\n') { end + 1 } else { end }
}

/// How many zero bytes `bytes` begins with.
fn zeros(bytes: &[u8]) -> usize {
    const BLOCK: usize = 256;
    let blocks = bytes.chunks_exact(BLOCK).take_while(|block| *block == [0; BLOCK]).count() * BLOCK;
    blocks + bytes.iter().skip(blocks).take_while(|b| **b == 0).count()
}

#[cfg(test)]
pub(crate) mod tests;
