//! Stand-in for `parse::replay`.

use vte::Params;
use vte::Parser;
use vte::Perform;

pub(super) struct Replayed<'a> {
    pub(super) text: &'a str,
    pub(super) offset: u64,
    pub(super) redrawn: bool,
}

#[derive(Default)]
struct Grid {
    rows: Vec<(Vec<char>, u64, bool)>,
    row: usize,
    col: usize,
    at: u64,
}

impl Grid {
    fn row(&mut self) -> Option<&mut (Vec<char>, u64, bool)> {
        while self.rows.len() <= self.row {
            self.rows.push((Vec::new(), self.at, false));
        }
        self.rows.get_mut(self.row)
    }
}

impl Perform for Grid {
    fn print(&mut self, c: char) {
        if matches!(c, '\u{80}'..='\u{9f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{ad}')
        {
            return;
        }
        let col = self.col;
        if let Some((cells, _, redrawn)) = self.row() {
            if col < cells.len() {
                *redrawn = true;
            }
            while cells.len() <= col {
                cells.push(' ');
            }
            if let Some(cell) = cells.get_mut(col) {
                *cell = c;
            }
        }
        self.col += 1;
    }

    fn execute(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.row();
                self.row += 1;
                self.col = 0;
            }
            b'\r' => self.col = 0,
            8 => self.col = self.col.saturating_sub(1),
            b'\t' => self.print('\t'),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &Params, _: &[u8], _: bool, action: char) {
        let n = usize::from(params.iter().next().and_then(|p| p.first().copied()).unwrap_or(0));
        match action {
            'A' => self.row = self.row.saturating_sub(n.max(1)),
            'B' => self.row += n.clamp(1, 100),
            'C' => self.col += n.clamp(1, 500),
            'K' => {
                let col = self.col;
                if let Some((cells, _, redrawn)) = self.row() {
                    *redrawn = true;
                    match n {
                        0 => cells.truncate(col),
                        _ => cells.clear(),
                    }
                }
            }
            _ => {}
        }
    }
}

pub(super) fn rows(bytes: &[u8], offset: u64, row: &mut dyn FnMut(&Replayed<'_>)) {
    let mut grid = Grid::default();
    let mut parser = Parser::new();
    for (i, byte) in bytes.iter().enumerate() {
        grid.at = offset + i as u64;
        parser.advance(&mut grid, std::slice::from_ref(byte));
    }
    for (cells, offset, redrawn) in &grid.rows {
        let text: String = cells.iter().collect();
        row(&Replayed { text: &text, offset: *offset, redrawn: *redrawn });
    }
}
