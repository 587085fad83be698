use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::style::Modifier;
use ratatui::style::Style;

use super::*;

/// A painter and the terminal that it paints on.
struct Pair {
    painter: Painter,
    terminal: vt100::Parser,
}

impl Pair {
    fn new(cols: u16, rows: u16) -> Self {
        let (rows, cols) = (rows.try_into().unwrap(), cols.try_into().unwrap());
        Self { painter: Painter::new(), terminal: vt100::Parser::new(rows, cols, 0) }
    }

    /// Paints `buffer` and returns the bytes it took, once the terminal shows just that.
    fn show(&mut self, buffer: &Buffer) -> Vec<u8> {
        let mut bytes = Vec::new();
        buffer.clone_into(self.painter.canvas(buffer.area.width, buffer.area.height));
        self.painter.paint(&mut bytes);
        self.terminal.process(&bytes);
        let mut slots = Vec::new();
        for y in 0..buffer.area.height {
            glyph::slots(Rows::of(buffer).row(y), &mut slots);
            for (x, slot) in slots.iter().enumerate() {
                let x = u16::try_from(x).unwrap();
                let cell = self.terminal.screen().cell(y, x).unwrap();
                assert_eq!(seen(cell), expected(*slot), "column {x}, row {y} after {}", readable(&bytes));
            }
        }
        bytes
    }
}

fn readable(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace('\x1b', "^").replace('\n', "\\n").replace('\r', "\\r")
}

type Seen = (String, vt100::Color, vt100::Color, [bool; 5]);

fn seen(cell: &vt100::Cell) -> Seen {
    let text = if cell.has_contents() { cell.contents().to_owned() } else { " ".to_owned() };
    let flags = [cell.bold(), cell.dim(), cell.italic(), cell.underline(), cell.inverse()];
    if cell.is_wide_continuation() {
        return (String::new(), vt100::Color::Default, vt100::Color::Default, [false; 5]);
    }
    let unseen = text == " " && !cell.underline() && !cell.inverse();
    if unseen {
        return (text, vt100::Color::Default, cell.bgcolor(), [false; 5]);
    }
    (text, cell.fgcolor(), cell.bgcolor(), flags)
}

fn expected(slot: Slot<'_>) -> Seen {
    let Glyph { text, width, pad, look, .. } = slot.glyph;
    let in_text = slot.part < width - pad;
    if slot.part > 0 && in_text {
        return (String::new(), vt100::Color::Default, vt100::Color::Default, [false; 5]);
    }
    let text = if in_text { text } else { " " };
    let has = |modifier| look.modifier.contains(modifier);
    let flags = [
        has(Modifier::BOLD),
        has(Modifier::DIM),
        has(Modifier::ITALIC),
        has(Modifier::UNDERLINED),
        has(Modifier::REVERSED),
    ];
    if text == " " && !flags[3] && !flags[4] {
        return (text.to_owned(), vt100::Color::Default, colour(look.bg), [false; 5]);
    }
    (text.to_owned(), colour(look.fg), colour(look.bg), flags)
}

fn colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::White => vt100::Color::Idx(15),
        Color::Indexed(index) => vt100::Color::Idx(index),
        Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
        other => panic!("no test draws {other:?}"),
    }
}

fn any_colour() -> impl Strategy<Value = Color> {
    prop_oneof![
        4 => Just(Color::Reset),
        1 => Just(Color::Red),
        1 => Just(Color::DarkGray),
        1 => Just(Color::White),
        1 => any::<u8>().prop_map(Color::Indexed),
        1 => any::<(u8, u8, u8)>().prop_map(|(r, g, b)| Color::Rgb(r, g, b)),
    ]
}

fn any_style() -> impl Strategy<Value = Style> {
    let modifiers = [
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::DIM,
        Modifier::ITALIC | Modifier::UNDERLINED,
        Modifier::REVERSED,
    ];
    (any_colour(), any_colour(), prop::sample::select(modifiers.to_vec())).prop_map(|(fg, bg, modifier)| {
        Style::new().fg(fg).bg(bg).add_modifier(modifier).remove_modifier(!modifier)
    })
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 ]{1,30}",
        "[ ]{1,30}",
        "[█▏━│⠁⣿x ]{1,12}",
        "[日本語ｗ漢a ]{1,12}",
        "(e\u{301}|n|👍|👍🏽|👨\u{200d}👩\u{200d}👧|❤\u{fe0f}|⏸|日| ){1,8}",
    ]
}

/// Text somewhere in a buffer.
#[derive(Debug, Clone)]
struct Patch {
    x: u16,
    y: u16,
    text: String,
    style: Style,
}

/// A step from one frame to the next.
#[derive(Debug, Clone)]
enum Step {
    Patches(Vec<Patch>),
    Clear,
    Scroll {
        top: u16,
        rows: u16,
        by: u16,
        up: bool,
    },
    /// A cell set by itself, so that it may cut a wide one in half.
    Cell {
        x: u16,
        y: u16,
        symbol: &'static str,
    },
}

const COLS: u16 = 37;
const ROWS: u16 = 11;

fn any_patches() -> impl Strategy<Value = Vec<Patch>> {
    let patch = (0..COLS, 0..ROWS, any_text(), any_style()).prop_map(|(x, y, text, style)| Patch {
        x,
        y,
        text,
        style,
    });
    prop::collection::vec(patch, 0..12)
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any_patches().prop_map(Step::Patches),
        1 => Just(Step::Clear),
        3 => (0..ROWS, 2..ROWS, 1..4u16, any::<bool>()).prop_map(|(top, rows, by, up)| Step::Scroll { top, rows, by, up }),
        2 => (0..COLS, 0..ROWS, prop::sample::select(vec!["x", " ", "日", "", "\u{301}", "❤\u{fe0f}"]))
            .prop_map(|(x, y, symbol)| Step::Cell { x, y, symbol }),
    ]
}

fn apply(buffer: &mut Buffer, step: &Step) {
    match step {
        Step::Patches(patches) => {
            for patch in patches {
                buffer.set_string(patch.x, patch.y, &patch.text, patch.style);
            }
        }
        Step::Clear => buffer.reset(),
        Step::Scroll { top, rows, by, up } => {
            let bottom = (top + rows).min(ROWS);
            let region = usize::from(top * COLS)..usize::from(bottom * COLS);
            let cells = &mut buffer.content[region];
            let by = usize::from(by * COLS).min(cells.len());
            if *up {
                cells.rotate_left(by);
            } else {
                cells.rotate_right(by);
            }
        }
        Step::Cell { x, y, symbol } => {
            buffer.cell_mut((*x, *y)).unwrap().set_symbol(symbol);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_terminal_shows_the_buffer(steps in prop::collection::vec(any_step(), 1..8)) {
        let mut pair = Pair::new(COLS, ROWS);
        let mut buffer = Buffer::empty(Rect::new(0, 0, COLS, ROWS));
        for step in &steps {
            apply(&mut buffer, step);
            pair.show(&buffer);
            prop_assert!(pair.show(&buffer).is_empty(), "the same again takes no byte");
        }
    }
}

fn log(lines: std::ops::Range<u32>, top: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
    buffer.set_string(0, 0, "a header line", Style::new().fg(Color::White).bg(Color::DarkGray));
    for (row, n) in (top..).zip(lines) {
        buffer.set_string(0, row, line(n), Style::new());
    }
    buffer.set_string(0, 35, "q quit  / filter", Style::new());
    buffer
}

fn line(n: u32) -> String {
    format!(
        "14:02:{n:02} INFO step {} loss={:.4} lr=1.3e-05 grad_norm={:.3}",
        n * 7,
        3.0 / f64::from(n + 1),
        f64::from(n).sin()
    )
}

#[test]
fn a_new_log_line_costs_about_its_own_length() {
    let mut pair = Pair::new(120, 36);
    pair.show(&log(0..20, 10));
    let bytes = pair.show(&log(1..21, 10));
    assert!(bytes.len() <= line(20).len() + 46, "{} bytes: {}", bytes.len(), readable(&bytes));
    let bytes = pair.show(&log(0..20, 10));
    assert!(bytes.len() <= line(0).len() + 48, "{} bytes: {}", bytes.len(), readable(&bytes));
    let bytes = pair.show(&log(3..23, 10));
    let three: usize = (20..23).map(|n| line(n).len()).sum();
    assert!(bytes.len() <= three + 52, "{} bytes: {}", bytes.len(), readable(&bytes));
}

#[test]
fn the_whole_screen_scrolls_without_a_region() {
    let mut pair = Pair::new(40, 10);
    let page = |first: u32| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 10));
        for row in 0..10 {
            buffer.set_string(
                0,
                row,
                format!("row number {}", u32::from(row) * 1001 + first * 1001),
                Style::new(),
            );
        }
        buffer
    };
    pair.show(&page(1));
    let bytes = pair.show(&page(2));
    assert_eq!(readable(&bytes), "^[?2026h^[m^[H^[M^[10Hrow number 11011^[?2026l");
}

#[test]
fn one_changed_figure_costs_a_few_bytes() {
    let mut pair = Pair::new(120, 36);
    let frame = |loss: &str| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
        buffer.set_string(10, 5, format!("loss {loss} lr 1.3e-5"), Style::new());
        buffer
    };
    pair.show(&frame("1.127"));
    let bytes = pair.show(&frame("1.126"));
    assert_eq!(readable(&bytes), "^[?2026h^[6;20H^[m6^[?2026l");
    let bytes = pair.show(&frame("1.045"));
    assert_eq!(readable(&bytes), "^[?2026h^[6;18H^[m045^[?2026l");
}

#[test]
fn unchanged_cells_between_are_written_again_when_that_is_shorter() {
    let mut pair = Pair::new(120, 36);
    let frame = |text: &str| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
        buffer.set_string(0, 5, text, Style::new());
        buffer
    };
    pair.show(&frame("1.1 2.2           3.3"));
    let bytes = pair.show(&frame("1.2 2.3           3.4"));
    assert_eq!(readable(&bytes), "^[?2026h^[6;3H^[m2 2.3^[21G4^[?2026l");
}

#[test]
fn a_line_that_gets_shorter_is_erased() {
    let mut pair = Pair::new(120, 36);
    let frame = |text: &str, right: &str| {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 36));
        buffer.set_string(0, 5, text, Style::new().fg(Color::Red));
        buffer.set_string(100, 5, right, Style::new());
        buffer
    };
    pair.show(&frame("a rather long line of text that goes on", ""));
    let bytes = pair.show(&frame("a", ""));
    assert_eq!(readable(&bytes), "^[?2026h^[6;3H^[m^[K^[?2026l");
    pair.show(&frame("a rather long line of text that goes on", "stays"));
    let bytes = pair.show(&frame("a", "stays"));
    assert_eq!(readable(&bytes), "^[?2026h^[6;3H^[m^[37X^[?2026l");
}

#[test]
fn the_last_cell_neither_scrolls_nor_wraps() {
    let mut pair = Pair::new(10, 3);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 3));
    for y in 0..3 {
        buffer.set_string(0, y, "0123456789", Style::new());
    }
    pair.show(&buffer);
    buffer.set_string(8, 2, "日", Style::new());
    buffer.set_string(0, 0, "z", Style::new());
    pair.show(&buffer);
    buffer.set_string(9, 1, "日", Style::new());
    buffer.set_string(9, 2, "x", Style::new());
    pair.show(&buffer);
}

#[test]
fn no_control_character_gets_out() {
    for symbol in
        ["\x1b[31m", "\x07", "a\x1bb", "\u{9b}2J", "\r", "\n", "\t", "\x7f", "\u{202e}abc", "\u{2028}"]
    {
        let mut painter = Painter::new();
        let canvas = painter.canvas(10, 2);
        canvas.set_string(0, 0, "0123456789", Style::new());
        canvas.cell_mut((3, 0)).unwrap().set_symbol(symbol);
        let mut bytes = Vec::new();
        painter.paint(&mut bytes);
        let text = readable(&bytes);
        assert_eq!(text, "^[?2026h^[m^[2J^[H^[m012\u{fffd}^[5G456789^[?2026l", "{symbol:?}");
    }
}

#[test]
fn clusters_that_terminals_measure_differently_leave_the_row_in_place() {
    let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
    buffer.set_string(0, 0, "👨\u{200d}👩\u{200d}👧|❤\u{fe0f}|ok", Style::new());
    let mut pair = Pair::new(12, 1);
    pair.show(&buffer);
    let text: String = pair.terminal.screen().contents();
    assert_eq!(text, "👨|❤ |ok");
}

#[test]
fn another_size_or_a_lost_screen_draws_every_cell() {
    let mut painter = Painter::new();
    let frame = |painter: &mut Painter, cols, forget| {
        painter.canvas(cols, 2).set_string(0, 0, "abc", Style::new());
        if forget {
            painter.forget();
        }
        let mut bytes = Vec::new();
        painter.paint(&mut bytes);
        readable(&bytes)
    };
    assert_eq!(frame(&mut painter, 10, false), "^[?2026h^[m^[2J^[H^[mabc^[?2026l");
    assert_eq!(frame(&mut painter, 10, false), "");
    assert_eq!(frame(&mut painter, 12, false), "^[?2026h^[m^[2J^[H^[mabc^[?2026l");
    assert_eq!(frame(&mut painter, 12, true), "^[?2026h^[m^[2J^[H^[mabc^[?2026l");
}
