//! What stands where there is nothing to list: it says what is looked for, or what hides it.

use ratatui::layout::Rect;

use super::pen::Pen;
use crate::app::state::State;
use crate::app::wrap::wrap;

/// Fills the page of an empty list.
pub(super) fn empty(pen: &mut Pen<'_>, area: Rect, state: &State) {
    let theme = pen.theme;
    let store = state.shown();
    let place = if state.place.is_empty() { "the folder" } else { &state.place };
    let mut lines: Vec<(String, bool)> = Vec::new();
    if !store.is_empty() {
        lines.push((
            format!("None of the {} runs matches  {}", store.len(), state.list.filter().text()),
            true,
        ));
        let esc = if state.prompt.is_some() {
            "Esc goes back to the filter before."
        } else {
            "Esc takes the filter away."
        };
        lines.push((esc.to_owned(), false));
    } else if store.walked() {
        lines.push((format!("No run below {place} yet."), true));
        for text in [
            "A run is a folder with a log (training.log, *.log, *.out), an event file (*.jsonl) or a tracker's files (metrics.csv, trainer_state.json, …). Folders are searched to the bottom.",
            "New runs appear here by themselves.",
            "trainmon doctor PATH tells what was found there and why it was not taken.",
        ] {
            lines.push((text.to_owned(), false));
        }
    } else {
        lines.push((format!("Looking for runs below {place}"), true));
    }
    // a single one stands above already, where there is a line for it
    let told = usize::from(state.rows >= 20 && store.problems().len() == 1);
    for problem in store.problems().iter().skip(told) {
        lines.push((
            format!("{} {}: {}", theme.glyphs.interrupted, problem.path.display(), problem.what),
            false,
        ));
    }
    let wide = area.width.saturating_sub(4);
    let rows: Vec<(String, bool)> = lines
        .into_iter()
        .flat_map(|(text, strong)| wrap(&text, wide).into_iter().map(move |line| (line, strong)))
        .collect();
    let high = u16::try_from(rows.len()).unwrap_or(u16::MAX);
    let top = area.y + (area.height.saturating_sub(high) / 3).min(6);
    for ((text, strong), y) in rows.iter().zip(top..area.bottom()) {
        let text = if theme.glyphs.ascii { text.replace('…', "...") } else { text.clone() };
        pen.put(area.x + 2, y, wide, &text, if *strong { theme.strong } else { theme.dim });
    }
}
