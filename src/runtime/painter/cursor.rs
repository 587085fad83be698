//! Where the terminal's cursor stands, and the shortest way to elsewhere.

use smallvec::SmallVec;

type Steps = SmallVec<[u8; 24]>;

/// Rows that are gone down by line feeds; farther a move by number is as short.
const FEEDS: u16 = 4;

/// The cursor.
#[derive(Debug)]
pub(super) struct Cursor {
    cols: u16,
    /// Column and row from 0. The column is not known behind a character of doubtful width, nor after the last column, where
    /// terminals differ on whether it waits to wrap.
    at: Option<(Option<u16>, u16)>,
}

impl Cursor {
    /// A cursor that may stand anywhere, on a screen so wide.
    pub(super) fn new(cols: u16) -> Self {
        Self { cols, at: None }
    }

    /// Columns of the screen.
    pub(super) fn cols(&self) -> u16 {
        self.cols
    }

    /// Column and row, when both are known.
    pub(super) fn place(&self) -> Option<(u16, u16)> {
        self.at.and_then(|(x, y)| x.map(|x| (x, y)))
    }

    /// Something was written that takes so many columns.
    pub(super) fn advance(&mut self, columns: u16) {
        if let Some((x, _)) = &mut self.at {
            *x = x.map(|x| x.saturating_add(columns)).filter(|x| *x < self.cols);
        }
    }

    /// It is in this row, but the column is not sure.
    pub(super) fn lose_column(&mut self, y: u16) {
        self.at = Some((None, y));
    }

    /// It may be anywhere.
    pub(super) fn lose(&mut self) {
        self.at = None;
    }

    /// Bytes that [`Cursor::go`] would write.
    pub(super) fn cost(&self, x: u16, y: u16) -> usize {
        self.way(x, y).len()
    }

    /// Moves it.
    pub(super) fn go(&mut self, x: u16, y: u16, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.way(x, y));
        self.at = Some((Some(x), y));
    }

    fn way(&self, x: u16, y: u16) -> Steps {
        let Some((column, row)) = self.at else { return absolute(x, y) };
        if column == Some(x) && row == y {
            return Steps::new();
        }
        let mut best = absolute(x, y);
        let mut offer = |way: Steps| {
            if way.len() < best.len() {
                best = way;
            }
        };
        if row == y {
            offer(sequence(&[x + 1], b'G'));
        }
        if row <= y && y - row <= FEEDS {
            let feeds = std::iter::repeat_n(b'\n', usize::from(y - row));
            let mut from_left = Steps::from_slice(b"\r");
            from_left.extend(feeds.clone());
            from_left.extend(sideways(0, x));
            offer(from_left);
            if let Some(column) = column {
                let mut straight: Steps = feeds.collect();
                straight.extend(sideways(column, x));
                offer(straight);
            }
        }
        if column == Some(x) && row > y {
            offer(sequence(&[row - y], b'A'));
        }
        best
    }
}

fn absolute(x: u16, y: u16) -> Steps {
    match (x, y) {
        (0, 0) => sequence(&[], b'H'),
        (0, _) => sequence(&[y + 1], b'H'),
        _ => sequence(&[y + 1, x + 1], b'H'),
    }
}

fn sideways(from: u16, to: u16) -> Steps {
    match (to.checked_sub(from), from.checked_sub(to)) {
        (Some(0), _) => Steps::new(),
        (Some(n), _) => sequence(&[n], b'C'),
        (None, Some(n @ 1..=3)) => std::iter::repeat_n(b'\x08', usize::from(n)).collect(),
        (None, back) => sequence(&[back.unwrap_or(0)], b'D'),
    }
}

/// A relative move of 1 needs no number.
fn sequence(params: &[u16], end: u8) -> Steps {
    let mut out = Vec::with_capacity(12);
    match params {
        [1] if end != b'm' => csi(&mut out, &[], end),
        _ => csi(&mut out, params, end),
    }
    Steps::from_vec(out)
}

/// Writes a control sequence.
pub(super) fn csi(out: &mut Vec<u8>, params: &[u16], end: u8) {
    out.extend_from_slice(b"\x1b[");
    for (n, param) in params.iter().enumerate() {
        if n > 0 {
            out.push(b';');
        }
        decimal(out, *param);
    }
    out.push(end);
}

fn decimal(out: &mut Vec<u8>, n: u16) {
    if n >= 10 {
        decimal(out, n / 10);
    }
    out.push(b'0' + u8::try_from(n % 10).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(from: (Option<u16>, u16), to: (u16, u16)) -> String {
        let cursor = Cursor { cols: 200, at: Some(from) };
        String::from_utf8(cursor.way(to.0, to.1).to_vec()).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn the_shortest_way() {
        assert_eq!(way((Some(5), 3), (5, 3)), "");
        assert_eq!(way((Some(5), 3), (6, 3)), "^[C");
        assert_eq!(way((Some(5), 3), (15, 3)), "^[16G");
        assert_eq!(way((Some(5), 3), (0, 3)), "\r");
        assert_eq!(way((Some(5), 3), (3, 3)), "\x08\x08");
        assert_eq!(way((Some(50), 3), (0, 4)), "\r\n");
        assert_eq!(way((Some(50), 3), (50, 4)), "\n");
        assert_eq!(way((Some(50), 3), (50, 2)), "^[A");
        assert_eq!(way((Some(150), 3), (1, 4)), "\r\n^[C");
        assert_eq!(way((Some(150), 30), (99, 5)), "^[6;100H");
        assert_eq!(way((None, 3), (9, 3)), "^[10G");
        assert_eq!(way((None, 3), (0, 3)), "\r");
        assert_eq!(way((Some(7), 3), (0, 0)), "^[H");
    }

    #[test]
    fn nothing_is_taken_for_granted_after_the_last_column() {
        let mut cursor = Cursor::new(80);
        cursor.at = Some((Some(0), 0));
        cursor.advance(79);
        assert_eq!(cursor.place(), Some((79, 0)));
        cursor.advance(1);
        assert_eq!(cursor.place(), None);
    }
}
