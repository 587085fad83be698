#![allow(missing_docs)]
use std::path::PathBuf;
use trainmon::model::log::*;
use trainmon::source::logview::LogView;
#[expect(clippy::disallowed_methods)]
fn main() {
    let path = PathBuf::from(std::env::args().nth(1).unwrap());
    for (filter, search) in [("", ""), ("", "nan"), ("ERROR", ""), ("", "zzzz")] {
        let mut view = LogView::new(path.clone());
        let t = std::time::Instant::now();
        view.look();
        let ask = LogAsk {
            generation: 1,
            path: path.clone(),
            query: LogQuery { filter: filter.into(), search: search.into(), ..Default::default() },
            anchor: Anchor::End,
            rows: 36,
        };
        let page = view.page(&ask, &|| false);
        let first = t.elapsed();
        while view.left() > 0 {
            view.step(16 << 20, &|| false);
        }
        let all = t.elapsed();
        let page2 = view.page(&ask, &|| false);
        println!(
            "{filter:?} {search:?} first {first:?} ({} lines) all {all:?} {:?}",
            page.lines.len(),
            page2.counts
        );
    }
}
