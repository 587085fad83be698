//! What a frame costs, and what news of one run costs, with ten thousand runs in the store.

#[path = "../tests/it/screens/samples.rs"]
mod samples;

use divan::Bencher;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use trainmon::app::key::{Code, Key};
use trainmon::app::msg::Msg;
use trainmon::app::state::{State, update};
use trainmon::store::Update;
use trainmon::ui::{Theme, render};

use self::samples::NOW;

fn main() {
    divan::main();
}

const SIZES: [(u16, u16); 2] = [(120, 36), (200, 60)];

fn many(cols: u16, rows: u16) -> State {
    samples::state(samples::fleet(10_000), cols, rows)
}

fn frames(bencher: Bencher<'_, '_>, state: &State) {
    let theme = Theme::default();
    let area = Rect::new(0, 0, state.cols, state.rows);
    let mut buffer = Buffer::empty(area);
    bencher.bench_local(|| {
        buffer.reset();
        render(state, &theme, NOW, &mut buffer);
    });
}

#[divan::bench(args = SIZES)]
fn list_of_10000(bencher: Bencher<'_, '_>, (cols, rows): (u16, u16)) {
    frames(bencher, &many(cols, rows));
}

#[divan::bench(args = SIZES)]
fn page_of_a_run(bencher: Bencher<'_, '_>, (cols, rows): (u16, u16)) {
    let mut state = samples::sample(cols, rows);
    for key in [Key::char('j'), Key::char('j'), Key::plain(Code::Enter)] {
        update(&mut state, Msg::Key(key), NOW);
    }
    frames(bencher, &state);
}

#[divan::bench]
fn news_of_one_in_10000(bencher: Bencher<'_, '_>) {
    let mut state = many(120, 36);
    let runs: Vec<_> = samples::fleet(64).into_iter().map(|row| row.run).collect();
    let mut turn = runs.iter().cycle();
    bencher.bench_local(|| {
        let run = turn.next().cloned();
        update(&mut state, Msg::Runs(run.into_iter().map(Update::Run).collect()), NOW)
    });
}

#[divan::bench]
fn a_letter_of_a_filter_over_10000(bencher: Bencher<'_, '_>) {
    let mut state = many(120, 36);
    update(&mut state, Msg::Key(Key::char('/')), NOW);
    let mut turn = [Key::char('r'), Key::plain(Code::Backspace)].into_iter().cycle();
    update(&mut state, Msg::Key(Key::char('s')), NOW);
    bencher.bench_local(|| turn.next().map(|key| update(&mut state, Msg::Key(key), NOW)));
}

#[divan::bench]
fn freezing_10000(bencher: Bencher<'_, '_>) {
    let mut state = many(120, 36);
    bencher.bench_local(|| update(&mut state, Msg::Key(Key::char('z')), NOW));
}
