//! Reading: pointing, selecting, folding, opening, jumping, filtering by hand and by panel, and what leaves the pane.

use proptest::prelude::*;

use super::*;
use crate::app::effect::Deed;
use crate::app::effect::Errand;
use crate::app::effect::Named;
use crate::model::log::Category;
use crate::model::log::Facets;
use crate::model::log::Landmark;
use crate::model::log::When;
use crate::model::stamp::Stamp;

fn pointed(desk: &Desk) -> Option<u64> {
    desk.pane.point().map(|spot| spot.offset / 10)
}

/// The effects of the last of some keys.
fn last(desk: &mut Desk, typed: &str) -> Vec<Effect> {
    desk.press(&keys(typed)).pop().flatten().map(|outcome| outcome.effects).unwrap_or_default()
}

fn copied(desk: &mut Desk, typed: &str) -> Option<String> {
    match last(desk, typed).first() {
        Some(Effect::Copy(text)) => Some(text.clone()),
        _ => None,
    }
}

#[test]
fn a_line_is_pointed_at_and_the_view_follows_it() {
    // keys, pointed at, topmost line
    let cases = [
        ("v", Some(999), 990),
        ("vk", Some(998), 990),
        ("vkkkkkkkkkk", Some(989), 989),
        ("v⇞⇞", Some(981), 981),
        ("gv", Some(0), 0),
        ("gvj", Some(1), 0),
        ("gv⇟⇟", Some(18), 9),
        ("gv⇟⇟⇟⇟⇟⇟⇟⇟", Some(72), 63),
        ("⇞vg", Some(0), 0),
        ("/line⏎j", Some(901), 897),
        ("/line⏎jN", Some(900), 897),
        ("v⎋", None, 990),
    ];
    for (typed, at, top) in cases {
        let mut desk = Desk::new(1000);
        desk.press(&keys(typed));
        assert_eq!((pointed(&desk), desk.top()), (at, top), "{typed}");
    }
    let mut desk = Desk::new(1000);
    desk.press(&keys("v"));
    assert!(!desk.pane.follows());
    desk.total = 1010;
    desk.answer();
    assert_eq!((pointed(&desk), desk.top()), (Some(999), 990), "what is pointed at stays where it is");
    desk.press(&keys("⎋"));
    assert!(!desk.pane.follows());
    desk.press(&keys("vG"));
    assert_eq!((pointed(&desk), desk.pane.follows()), (None, true));
}

#[test]
fn keys_that_come_faster_than_answers_move_the_point_all_the_same() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("v"));
    for key in keys("⇞⇞⇞⇞⇞⇞⇞⇞") {
        let outcome = desk.pane.key(key).unwrap();
        desk.carry_out(outcome.effects);
    }
    desk.answer();
    assert_eq!(pointed(&desk), Some(999 - 8 * 9));
}

#[test]
fn one_escape_ends_a_search_that_found_something() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("/line⏎⎋"));
    assert_eq!((pointed(&desk), desk.pane.query().search.as_str()), (None, ""));
    desk.press(&keys("/line⏎Vj⎋"));
    assert_eq!(desk.pane.selected_lines(), None);
    assert_eq!(desk.pane.query().search, "line");
}

#[test]
fn selected_lines_are_copied_and_the_selection_is_over() {
    let mut desk = Desk::new(1000);
    assert_eq!(copied(&mut desk, "gvy").as_deref(), Some("line 0000"));
    assert_eq!(copied(&mut desk, "gVjjy").as_deref(), Some("line 0000\nline 0001\nline 0002\n"));
    assert_eq!(desk.pane.selected_lines(), None);
    assert_eq!(copied(&mut desk, " kky").as_deref(), Some("line 0000\nline 0001\nline 0002\n"), "upwards");
    // far more than the window's margin
    desk.press(&keys("gV"));
    desk.press(&vec![Key::plain(Code::PageDown); 40]);
    let text = copied(&mut desk, "y").unwrap();
    assert_eq!(text.lines().count(), 40 * 9 + 1);
    assert!(text.starts_with("line 0000\nline 0001\n") && text.ends_with("line 0360\n"));
}

#[test]
fn a_selection_that_cannot_be_reached_is_dropped_and_said() {
    let mut desk = Desk::new(100_000);
    desk.press(&keys("gvVG"));
    assert_eq!((pointed(&desk), desk.pane.selected_lines()), (Some(99_999), None));
    assert!(desk.pane.said().unwrap().contains("out of reach"));
}

#[test]
fn too_much_for_a_clipboard_is_said() {
    let mut desk = Desk::new(20_000);
    desk.press(&keys("gvV"));
    for _ in 0..1200 {
        desk.press(&[Key::plain(Code::PageDown)]);
    }
    assert_eq!(last(&mut desk, "y"), []);
    let said = desk.pane.said().unwrap_or_default();
    assert!(said.contains("too much for a clipboard") || said.contains("out of reach"), "{said}");
}

#[test]
fn nothing_leaves_while_secrets_are_shown() {
    for take in ["y", "Y", "V", "⏎"] {
        let mut desk = Desk::new(1000);
        desk.press(&keys("gvR"));
        assert!(desk.asked.last().unwrap().reveal && desk.pane.reveals());
        let effects = last(&mut desk, take);
        assert!(
            !effects.iter().any(|effect| matches!(effect, Effect::Copy(_) | Effect::Errand(_))),
            "{take}"
        );
        assert!(!desk.pane.typing());
        // hidden again, but the lines at hand are still the ones with the secrets
        let outcome = desk.pane.key(Key::char('R')).unwrap();
        desk.carry_out(outcome.effects);
        assert!(!desk.asked.last().unwrap().reveal);
        let outcome = desk.pane.key(Key::char('y')).unwrap();
        assert_eq!(outcome.effects, []);
        assert_eq!(desk.pane.said(), Some("not while secrets are shown: R hides them"));
        desk.answer();
        assert!(copied(&mut desk, "y").is_some());
    }
    // and not from the inside of a JSON row
    let mut desk = Desk::new(1000);
    desk.press(&keys("v⏎"));
    assert_eq!(copied(&mut desk, "y").as_deref(), Some("0.5"));
    desk.press(&keys("⎋R⏎"));
    assert_eq!(copied(&mut desk, "y"), None);
}

#[test]
fn what_was_shown_to_ones_own_eyes_is_hidden_on_other_pages_and_in_other_files() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("R"));
    let run = run("a", &["training.log", "other.log"]);
    let effect = desk.pane.show(Some(View { open: false, ..view(&run) }));
    let Some(Effect::Log(_, Some(ask))) = effect else { panic!("{effect:?}") };
    assert!(
        !ask.reveal && desk.pane.reveals(),
        "they are told to be shown until the lines come without them"
    );
    desk.asked.push(ask);
    desk.answer();
    assert!(!desk.pane.reveals());
    let mut desk = Desk::new(1000);
    desk.press(&keys("R⇥"));
    assert!(!desk.asked.last().unwrap().reveal);
}

#[test]
fn a_selection_is_written_where_one_says() {
    let mut desk = Desk::new(1000);
    let effects = last(&mut desk, "gvVjY/tmp/x.txt⏎");
    let want = Errand::Write {
        path: "/tmp/x.txt".to_owned(),
        text: "line 0000\nline 0001\n".to_owned(),
        lines: 2,
        run: "/runs/a".into(),
    };
    assert_eq!(effects, [Effect::Errand(want)]);
}

#[test]
fn a_line_is_opened_in_a_pager_or_an_editor() {
    for (key, edit) in [("o", false), ("O", true), ("E", true)] {
        let mut desk = Desk::new(1000);
        let effects = last(&mut desk, &format!("gvj{key}"));
        let [Effect::Outside(outside)] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!((outside.edit, outside.offset), (edit, 10));
        assert_eq!(outside.path, Path::new("/runs/a/training.log"));
    }
}

fn blocks(total: u64) -> Desk {
    let mut desk = Desk::new(total);
    desk.blocks = true;
    desk.answer();
    desk
}

/// Numbers of the lines on screen, and how many are folded into each.
fn rows(desk: &Desk) -> Vec<(u64, usize)> {
    desk.pane.from_top().take(10).map(|(line, row)| (line.spot.offset / 10, row.folded)).collect()
}

#[test]
fn blocks_fold_into_their_first_line_and_the_pane_stays_full() {
    let mut desk = blocks(1000);
    desk.press(&keys("gc"));
    settle(&mut desk);
    let want: Vec<(u64, usize)> = (0..10).map(|n| (n, 0)).collect();
    assert_eq!(rows(&desk), want);
    desk.press(&keys("jjj"));
    assert_eq!(
        rows(&desk),
        [(3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 5), (16, 0), (17, 0)]
    );
    desk.press(&keys("G"));
    settle(&mut desk);
    assert_eq!(rows(&desk).len(), 10);
    assert_eq!(rows(&desk).last(), Some(&(999, 0)));
    assert!(rows(&desk).contains(&(990, 5)));
    // one is opened by itself, the others stay
    desk.press(&keys("vkkkk⏎"));
    assert_eq!(pointed(&desk), Some(990));
    assert!(!rows(&desk).contains(&(990, 5)) && rows(&desk).contains(&(991, 0)));
    desk.press(&keys("⏎"));
    assert!(rows(&desk).contains(&(990, 5)));
    desk.press(&keys("c"));
    assert!(rows(&desk).iter().all(|(_, folded)| *folded == 0));
}

/// Answers whatever is wished for because rows lack.
fn settle(desk: &mut Desk) {
    let run = run("a", &["training.log", "other.log"]);
    for _ in 0..20 {
        let Some(effect) = desk.pane.show(Some(view(&run))) else { return };
        desk.carry_out(vec![effect]);
        desk.answer();
    }
    panic!("it never has enough");
}

#[test]
fn a_hit_within_a_fold_opens_it() {
    let mut desk = blocks(1000);
    desk.press(&keys("gc"));
    settle(&mut desk);
    // the desk's hits are at every hundredth line, the 10th of a hundred folded lines is one of a block
    let ask = desk.asked.len();
    let effect = desk.pane.find(Landmark::Hit, Spot::START, true, "no hit").effects;
    desk.carry_out(effect);
    let mut page = desk.page();
    page.at = Some(Spot::at(130));
    desk.pane.page(page);
    assert!(desk.asked.len() > ask);
    assert_eq!(pointed(&desk), Some(13));
    assert!(desk.pane.from_top().any(|(line, _)| line.spot == Spot::at(130)));
}

#[test]
fn text_that_is_filtered_folds_nothing() {
    let mut desk = blocks(1000);
    desk.press(&keys("fline⏎gc"));
    assert!(rows(&desk).iter().all(|(_, folded)| *folded == 0));
    assert_eq!(desk.pane.said(), Some("nothing folds while text is filtered"));
}

#[test]
fn copying_a_folded_block_copies_all_of_it() {
    let mut desk = blocks(1000);
    desk.press(&keys("gc⇟v"));
    settle(&mut desk);
    desk.press(&keys("j"));
    assert_eq!(pointed(&desk), Some(10));
    assert_eq!(copied(&mut desk, "y").map(|text| text.lines().count()), Some(6));
}

#[test]
fn landmarks_are_asked_for_by_key_and_by_name() {
    let cases = [
        (">", Landmark::Error, true),
        ("<", Landmark::Error, false),
        ("}", Landmark::Traceback, true),
        ("{", Landmark::Traceback, false),
        ("!", Landmark::Error, true),
        ("J50%⏎", Landmark::Part(0.5), true),
        (":step 1200⏎", Landmark::Step(1200), true),
        ("J14:05⏎", Landmark::Time(When::Clock(50_700_000)), true),
        ("Jtraceback⏎", Landmark::Traceback, true),
    ];
    for (typed, what, forward) in cases {
        let mut desk = Desk::new(1000);
        desk.press(&keys("g⇟"));
        desk.press(&keys(typed));
        let Anchor::Find { what: asked, forward: towards, .. } = desk.asked.last().unwrap().anchor else {
            panic!("{typed}")
        };
        assert_eq!((asked, towards), (what, forward), "{typed}");
        assert!(pointed(&desk).is_some(), "{typed}: what is found is pointed at");
    }
    let mut desk = Desk::new(1000);
    desk.press(&keys("Jnowhere⏎"));
    assert!(desk.pane.typing() && desk.pane.bad_pattern().unwrap().contains("no place"));
    desk.press(&keys("⎋JG⌫start⏎"));
    assert_eq!(desk.top(), 0);
    assert_eq!(desk.pane.bad_pattern(), None);
}

#[test]
fn bookmarks_are_gone_through() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("'"));
    assert_eq!(desk.pane.said(), Some("no bookmark: m sets one"));
    desk.press(&keys("gvjm⎋Gvm⎋g"));
    assert!(desk.pane.is_bookmarked(Spot::at(10)) && desk.pane.is_bookmarked(Spot::at(9990)));
    desk.press(&keys("'"));
    assert_eq!(pointed(&desk), Some(1));
    desk.press(&keys("'"));
    assert_eq!(pointed(&desk), Some(999));
    assert!(desk.pane.from_top().any(|(line, _)| line.spot == Spot::at(9990)));
    desk.press(&keys("'"));
    assert_eq!(desk.pane.said(), Some("no bookmark below"));
    desk.press(&keys("\"m\""));
    assert_eq!(desk.pane.said(), Some("no bookmark above"));
}

#[test]
fn earlier_filters_and_searches_come_back() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("/one⏎⎋/two⏎⎋fcat:setup⏎"));
    let up = Key::plain(Code::Up);
    let down = Key::plain(Code::Down);
    desk.press(&keys("/th"));
    desk.press(&[up]);
    assert_eq!(desk.pane.input().unwrap().1.text(), "two");
    desk.press(&[up, up]);
    assert_eq!((desk.pane.input().unwrap().1.text(), desk.pane.query().search.as_str()), ("one", "one"));
    desk.press(&[down, down]);
    assert_eq!(desk.pane.input().unwrap().1.text(), "th");
    desk.press(&keys("⎋f"));
    assert_eq!(desk.pane.input().unwrap().1.text(), "cat:setup", "a filter is gone on with");
}

#[test]
fn tab_completes_names_and_then_values() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("fca⇥"));
    assert_eq!(desk.pane.input().unwrap().1.text(), "cat:");
    desk.press(&keys("s⇥"));
    assert_eq!(desk.pane.filter(), "cat:setup");
    desk.press(&keys("⇥"));
    assert_eq!(desk.pane.filter(), "cat:system");
    desk.press(&keys(" level>=⇥⇥⏎"));
    assert_eq!(desk.pane.filter(), "cat:system level>=info");
    assert_eq!(desk.asked.last().unwrap().query.filter.conditions.len(), 2);
    // values of events come from the log
    desk.press(&keys("f event:"));
    assert!(desk.asked.last().unwrap().facets);
    let facets = Facets { events: vec![("training.step".into(), 5)], ..Facets::default() };
    let page = LogPage { facets: Some(Arc::new(facets)), ..desk.page() };
    desk.pane.page(page);
    desk.press(&keys("⇥⏎"));
    assert_eq!(desk.pane.filter(), "cat:system level>=info event:training.step");
    assert!(!desk.asked.last().unwrap().facets, "values are counted no longer than one types some");
}

#[test]
fn the_panel_and_the_text_are_one_truth() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("Fj"));
    assert!(desk.asked.last().unwrap().facets);
    let facets = Facets { categories: [1, 2, 3, 4, 5, 6], ..Facets::default() };
    let page = LogPage { facets: Some(Arc::new(facets)), ..desk.page() };
    desk.pane.page(page);
    assert_eq!(desk.pane.facet_rows().len(), 4 + Category::COUNT);
    desk.press(&keys(" "));
    assert_eq!(desk.pane.filter(), "!level:warn");
    assert!(!desk.pane.facet_rows()[1].shown);
    desk.press(&keys("j⏎"));
    assert_eq!(desk.pane.filter(), "level:info");
    assert!(desk.pane.facet_rows()[2].only);
    desk.press(&keys("⏎x"));
    assert_eq!(desk.pane.filter(), "!level:info");
    desk.press(&keys("F"));
    assert!(!desk.asked.last().unwrap().facets);
    // a class that its own key hides is shown again by the panel
    desk.press(&keys("eF "));
    assert!(desk.pane.query().hidden.is_empty());
    assert_eq!(desk.pane.filter(), "!level:info");
}

#[test]
fn filters_are_saved_chosen_and_deleted_by_name() {
    let mut desk = Desk::new(1000);
    assert_eq!(last(&mut desk, "s"), []);
    assert!(desk.pane.said().unwrap().contains("no filter to save"));
    let named = Named { name: "bad".to_owned(), text: "level>=error".to_owned() };
    let effects = last(&mut desk, "flevel>=error⏎sbad⏎");
    assert_eq!(effects, [Effect::Errand(Errand::Filters(Deed::Keep(named.clone())))]);
    desk.press(&keys("⎋"));
    assert_eq!(last(&mut desk, "S"), [Effect::Errand(Errand::Filters(Deed::List))]);
    assert!(desk.pane.know_filters(vec![named]));
    assert_eq!(last(&mut desk, "x"), [Effect::Errand(Errand::Filters(Deed::Drop("bad".to_owned())))]);
    desk.press(&keys("⏎"));
    assert_eq!((desk.pane.filter(), desk.pane.saved()), ("level>=error", None));
    assert!(!desk.pane.know_filters(Vec::new()));
}

#[test]
fn a_json_row_opens_as_a_tree_and_its_values_are_copied() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("v⏎"));
    assert_eq!(desk.asked.last().unwrap().open, Some(Spot::at(9990)));
    let names = |desk: &Desk| -> Vec<String> {
        desk.pane.inside().unwrap().rows().iter().map(|(_, node)| node.name.clone()).collect()
    };
    assert_eq!(names(&desk), ["loss", "at", "step"]);
    desk.press(&keys("j⏎"));
    assert_eq!(names(&desk), ["loss", "at"]);
    assert_eq!(copied(&mut desk, "y").as_deref(), Some(r#"{"step":7}"#));
    desk.press(&keys("lj"));
    assert_eq!(copied(&mut desk, "y").as_deref(), Some("7"));
    desk.press(&keys("hh"));
    assert_eq!(names(&desk), ["loss", "at"], "from within it is gone to the branch, which is then closed");
    desk.press(&keys("⎋"));
    assert_eq!((desk.pane.mode(), desk.asked.last().unwrap().open), (Mode::Point, None));
    // nothing in it
    desk.press(&keys("k⏎"));
    assert!(desk.pane.said().unwrap().contains("nothing to open"));
}

#[test]
fn several_files_are_asked_for_in_one() {
    let mut desk = Desk::new(1000);
    desk.press(&keys("M"));
    assert_eq!(
        desk.asked.last().unwrap().paths,
        [Path::new("/runs/a/training.log"), Path::new("/runs/a/other.log")]
    );
    assert_eq!(desk.pane.merged().unwrap(), ["training.log", "other.log"]);
    desk.press(&keys("]"));
    assert_eq!(desk.asked.last().unwrap().paths, [Path::new("/runs/a/training.log")]);
    let mut desk = Desk::new(1000);
    let effect = desk.pane.show(Some(view(&run("b", &["only.log"]))));
    desk.carry_out(effect.into_iter().collect());
    desk.answer();
    desk.press(&keys("M"));
    assert_eq!((desk.pane.merged(), desk.pane.said()), (None, Some("this run has no second text file")));
}

#[test]
fn a_live_file_that_says_nothing_is_told_to_be_silent_and_when_that_changes() {
    let mut desk = Desk::new(100);
    let mut run = run("a", &["training.log"]);
    let written = Stamp::from_millis(10_000_000);
    run.sources[0].modified = Some(written);
    desk.pane.show(Some(view(&run)));
    let later = |seconds: i64| Stamp::from_millis(10_000_000 + seconds * 1000);
    assert_eq!(desk.pane.silence(later(60)), None);
    assert_eq!(desk.pane.changes(later(60)), Some(later(120)));
    assert_eq!(desk.pane.silence(later(1860)).map(|span| span.as_secs()), Some(1860));
    assert_eq!(desk.pane.changes(later(1860)), Some(later(2100)));
    desk.pane.show(Some(View { alive: false, ..view(&run) }));
    assert_eq!((desk.pane.silence(later(1860)), desk.pane.changes(later(1860))), (None, None));
}

#[test]
fn times_that_cannot_be_told_are_not_on_offer() {
    let mut desk = Desk::new(10);
    let mut seen = Vec::new();
    for _ in 0..3 {
        desk.press(&keys("t"));
        seen.push(desk.pane.times());
    }
    assert_eq!(seen, [Times::Gap, Times::Written, Times::Gap]);
    let page = LogPage { began: Some(Stamp::local(5)), ..desk.page() };
    desk.pane.page(page);
    desk.press(&keys("tt"));
    assert_eq!(desk.pane.times(), Times::Start);
    desk.press(&keys("tt"));
    assert_eq!(desk.pane.times(), Times::Written, "what has no zone is not told from now");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However one scrolls, folds and opens: the rows on screen follow one another, every line is in one of them or folded into
    /// one, and the pane is full.
    #[test]
    fn scrolling_never_loses_or_doubles_a_line(typed in "[jkgGcvv⏎⇞⇟⎋mn<>' V]{0,40}", grows in 0..3_u64) {
        let mut desk = blocks(400);
        for key in keys(&typed) {
            desk.press(&[key]);
            desk.total += grows * 7;
            desk.answer();
            settle(&mut desk);
            let rows = rows(&desk);
            prop_assert!(rows.len() == 10, "{typed}: {rows:?}");
            for pair in rows.windows(2) {
                let [(one, folded), (next, _)] = pair else { continue };
                prop_assert_eq!(one + 1 + *folded as u64, *next, "{}: {:?}", &typed, &rows);
            }
            if let Some(at) = pointed(&desk) {
                prop_assert!(rows.iter().any(|(line, _)| *line == at), "{typed}: {at} is not among {rows:?}");
            }
        }
    }
}
