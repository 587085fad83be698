//! Every screen at every size, as text and as colours, and the promise that what asks for no redraw changes no cell.

mod honesty;
mod samples;

use std::path::PathBuf;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use trainmon::app::key::{Code, Key};
use trainmon::app::msg::Msg;
use trainmon::app::state::{State, update};
use trainmon::model::run::Problem;
use trainmon::store::Update;
use trainmon::ui::theme::{Colours, Theme};
use trainmon::ui::{pen, render};

use self::samples::NOW;

pub(crate) fn drawn(state: &State, theme: &Theme) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, state.cols, state.rows));
    render(state, theme, NOW, &mut buffer);
    buffer
}

fn text(buffer: &Buffer) -> String {
    lines(buffer, |buffer, x, y| buffer[(x, y)].symbol().to_owned())
}

/// Which role coloured each cell: `a`ccent, `d`im, `f`aint, `g`ood, `w`arn, `b`ad, `B`old, `s`elected, `%` a bar, `c`hart.
fn colours(buffer: &Buffer, theme: &Theme) -> String {
    let fg = |style: ratatui::style::Style| style.fg;
    let roles = [
        (fg(theme.accent), 'a'),
        (fg(theme.dim), 'd'),
        (fg(theme.faint), 'f'),
        (fg(theme.good), 'g'),
        (fg(theme.warn), 'w'),
        (fg(theme.bad), 'b'),
        (fg(theme.grid), 'f'),
    ];
    let bars = [theme.bars.running, theme.bars.done, theme.bars.failed, theme.bars.waiting, theme.bars.other];
    lines(buffer, |buffer, x, y| {
        let cell = &buffer[(x, y)];
        let letter = if ["━", "╸"].contains(&cell.symbol()) && bars.iter().any(|bar| bar.fg == Some(cell.fg))
        {
            '%'
        } else if let Some((_, letter)) = roles.iter().find(|(colour, _)| *colour == Some(cell.fg)) {
            *letter
        } else if cell.fg != Color::Reset {
            'c'
        } else if cell.modifier.contains(Modifier::BOLD) {
            'B'
        } else if Some(cell.bg) == theme.selection.bg {
            's'
        } else if cell.symbol() == " " {
            ' '
        } else {
            '.'
        };
        letter.to_string()
    })
}

fn lines(buffer: &Buffer, cell: impl Fn(&Buffer, u16, u16) -> String) -> String {
    let mut all = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            line.push_str(&cell(buffer, x, y));
            x += pen::width(buffer[(x, y)].symbol()).max(1);
        }
        all.push_str(line.trim_end());
        all.push('\n');
    }
    all
}

fn press(state: &mut State, keys: &str) {
    for word in keys.split_whitespace() {
        let keys: Vec<Key> = match word {
            "Enter" => vec![Key::plain(Code::Enter)],
            "PgDn" => vec![Key::plain(Code::PageDown)],
            "End" => vec![Key::plain(Code::End)],
            "Left" => vec![Key::plain(Code::Left)],
            word => word.chars().map(|c| Key::char(if c == '_' { ' ' } else { c })).collect(),
        };
        for key in keys {
            samples::tell(state, Msg::Key(key));
        }
    }
}

fn screen(cols: u16, rows: u16, keys: &str) -> State {
    let mut state = samples::sample(cols, rows);
    press(&mut state, keys);
    state
}

/// Something that cannot be read.
pub(crate) fn unreadable() -> Problem {
    Problem {
        path: PathBuf::from("/data/shared/runs"),
        what: "permission denied: ask its owner for r-x on it".to_owned(),
    }
}

const SIZES: [(u16, u16); 4] = [(60, 15), (80, 24), (120, 36), (200, 60)];

#[test]
fn every_screen_at_every_size() {
    let theme = Theme::default();
    for (name, keys) in [("runs", "jj"), ("run", "jj Enter"), ("failed", "j Enter"), ("logs", "jj 3")] {
        for (cols, rows) in SIZES {
            let buffer = drawn(&screen(cols, rows, keys), &theme);
            insta::assert_snapshot!(format!("{name}_{cols}x{rows}"), text(&buffer));
        }
        let buffer = drawn(&screen(80, 24, keys), &theme);
        insta::assert_snapshot!(format!("{name}_colours"), colours(&buffer, &theme));
    }
}

#[test]
fn charts_looked_at_in_other_ways() {
    let theme = Theme::default();
    for (name, keys) in [
        ("zoomed", "jj Enter ++<"),
        ("smoothed", "jj Enter eey"),
        ("alone", "jj Enter feeo"),
        ("alone_at", "jj Enter f+xh"),
    ] {
        for (cols, rows) in [(80, 24), (120, 36), (200, 60)] {
            let buffer = drawn(&screen(cols, rows, keys), &theme);
            insta::assert_snapshot!(format!("{name}_{cols}x{rows}"), text(&buffer));
        }
        let buffer = drawn(&screen(120, 36, keys), &theme);
        insta::assert_snapshot!(format!("{name}_colours"), colours(&buffer, &theme));
    }
}

#[test]
fn the_smallest_and_the_too_small() {
    let theme = Theme::default();
    for (name, keys) in
        [("runs", "jj"), ("run", "jj Enter"), ("help", "?"), ("prompt", "/ state:failed_loss<")]
    {
        insta::assert_snapshot!(format!("{name}_40x10"), text(&drawn(&screen(40, 10, keys), &theme)));
    }
    insta::assert_snapshot!("too_small", text(&drawn(&screen(39, 10, ""), &theme)));
}

#[test]
fn a_narrow_pane_beside_the_training() {
    insta::assert_snapshot!("runs_46x40", text(&drawn(&screen(46, 40, "jj"), &Theme::default())));
    insta::assert_snapshot!("runs_60x50", text(&drawn(&screen(60, 50, "jj"), &Theme::default())));
}

#[test]
fn what_is_typed_held_and_asked() {
    let theme = Theme::default();
    for (name, keys) in [
        ("prompt", "/ state:r_loss<1_"),
        ("prompt_wrong", "/ state:r_loss<"),
        ("prompt_cursor", "/ sweep Left Left"),
        ("prompt_nothing", "/ nothing_is_called_so"),
        ("filtered", "/ sweep Enter"),
        ("help", "?"),
        ("help_run", "2 ?"),
        ("sorted", "sssss r"),
        ("end", "End"),
        ("run_scrolled", "jj Enter PgDn"),
    ] {
        insta::assert_snapshot!(name, text(&drawn(&screen(80, 24, keys), &theme)));
    }
}

#[test]
fn ascii_and_no_colour() {
    for (name, keys) in [("runs", "jj"), ("run", "jj Enter"), ("help", "?")] {
        let theme = Theme::new(Colours::None, true);
        let buffer = drawn(&screen(100, 30, keys), &theme);
        let text = text(&buffer);
        // names and logs are what they are; everything of ours is ASCII
        let ours: String =
            text.lines().filter(|line| !line.contains("実験") && !line.contains('█')).collect();
        let foreign: Vec<char> = ours
            .chars()
            .filter(|c| !c.is_ascii() && !"拡散モデル学習率とても長い名前".contains(*c))
            .collect();
        assert!(foreign.is_empty(), "{foreign:?}");
        assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
        insta::assert_snapshot!(format!("{name}_ascii"), text);
    }
}

#[test]
fn nothing_to_show() {
    let theme = Theme::default();
    let mut looking = State { cols: 80, rows: 24, place: "~/experiments".to_owned(), ..State::default() };
    insta::assert_snapshot!("empty_looking", text(&drawn(&looking, &theme)));
    update(&mut looking, Msg::Runs(vec![Update::Walked]), NOW);
    insta::assert_snapshot!("empty_walked", text(&drawn(&looking, &theme)));
    update(&mut looking, Msg::Runs(vec![Update::Problem(unreadable())]), NOW);
    insta::assert_snapshot!("empty_unreadable", text(&drawn(&looking, &theme)));
    let mut some = screen(80, 24, "");
    let news = vec![Update::Problem(unreadable()), Update::Reading { total: 9_000_000, done: 3_900_000 }];
    assert!(update(&mut some, Msg::Runs(news), NOW).redraw);
    update(&mut some, Msg::Notice("a reader failed; see the log of trainmon".to_owned()), NOW);
    insta::assert_snapshot!("unreadable_and_reading", text(&drawn(&some, &theme)));
    press(&mut some, "z");
    insta::assert_snapshot!("frozen", text(&drawn(&some, &theme)));
}

#[test]
fn no_size_makes_it_panic_or_leave_its_place() {
    for theme in [Theme::default(), Theme::new(Colours::Basic, true)] {
        for keys in ["", "jj", "jj Enter", "jj Enter End", "G Enter", "jjjjj Enter", "3", "?", "/ a_b"] {
            let mut state = screen(80, 24, keys);
            // strides that share no factor meet every kind of place; the geometry itself is swept size by size beside it
            for cols in (1..=220).step_by(23) {
                for rows in (1..=70).step_by(3) {
                    update(&mut state, Msg::Resize { cols, rows }, NOW);
                    drawn(&state, &theme);
                }
            }
            for cols in (38..=220).step_by(3) {
                for rows in [10, 20, 33] {
                    update(&mut state, Msg::Resize { cols, rows }, NOW);
                    drawn(&state, &theme);
                }
            }
        }
    }
}

#[test]
fn a_run_that_moves_on_changes_few_cells() {
    let theme = Theme::default();
    for (cols, rows, keys, most) in [(120, 36, "jj", 60), (120, 36, "jj Enter", 90), (80, 24, "", 40)] {
        let mut state = screen(cols, rows, keys);
        let before = drawn(&state, &theme);
        let mut row =
            samples::rows().into_iter().find(|row| &*row.run.key.id == "llama-7b/sft-2").expect("the sample");
        let run = std::sync::Arc::make_mut(&mut row.run);
        run.facts.progress.step = Some(2012.0);
        run.facts.progress.percent = Some(2012.0 / 30.0);
        run.facts.progress.eta = Some(519.0);
        let loss = &mut run.facts.metrics[0];
        let mut series = (*loss.series).clone();
        series.push(2020.0, 1.131);
        loss.series = series.into();
        loss.last = 1.131;
        loss.step = Some(2020.0);
        state.store.insert(row);
        let after = drawn(&state, &theme);
        let changed = before.diff(&after).len();
        assert!(changed > 0 && changed <= most, "{cols}x{rows} {keys}: {changed} cells");
    }
}
