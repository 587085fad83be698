use ratatui::style::Color;

use super::*;

fn detected(vars: &[(&str, &str)]) -> (Colours, bool) {
    let vars: Vec<(String, String)> = vars.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let theme =
        Theme::detect(&|name| vars.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    (theme.colours, theme.glyphs.ascii)
}

#[test]
fn what_the_environment_says() {
    assert_eq!(detected(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), (Colours::True, false));
    assert_eq!(detected(&[("TERM", "xterm-256color")]), (Colours::Indexed, false));
    assert_eq!(detected(&[("TERM", "xterm"), ("LANG", "en_GB.UTF-8")]), (Colours::Basic, false));
    assert_eq!(detected(&[("TERM", "linux")]), (Colours::Basic, true));
    assert_eq!(detected(&[("TERM", "xterm-256color"), ("LANG", "C")]), (Colours::Indexed, true));
    assert_eq!(detected(&[("LC_ALL", "de_DE.ISO-8859-1"), ("LANG", "C.UTF-8")]), (Colours::Basic, true));
    assert_eq!(detected(&[("LC_ALL", ""), ("LANG", "C.UTF-8")]), (Colours::Basic, false));
    assert_eq!(
        detected(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).0,
        Colours::None
    );
    assert_eq!(
        detected(&[("COLORTERM", "truecolor"), ("NO_COLOR", "")]).0,
        Colours::True,
        "an empty NO_COLOR is none"
    );
}

#[test]
fn the_themes_are_whole_at_every_level() {
    for ground in [Ground::Dark, Ground::Light] {
        for colours in [Colours::True, Colours::Indexed, Colours::Basic, Colours::None] {
            let theme = Theme::parse(ground.theme(), colours, false).expect("the file that is compiled in");
            assert_eq!(theme.colours, colours);
            for state in State::ALL {
                assert_eq!(ratatui::text::Span::raw(theme.state(state).0).width(), 1);
            }
        }
    }
    assert!(Theme::parse("name = 'x'", Colours::True, false).is_err());
}

#[test]
fn states_differ_by_glyph_alone() {
    for ascii in [false, true] {
        let theme = Theme::new(Colours::None, ascii);
        let glyphs: std::collections::HashSet<&str> =
            State::ALL.iter().map(|state| theme.state(*state).0).collect();
        assert_eq!(glyphs.len(), State::ALL.len());
        assert!(!ascii || glyphs.iter().all(|glyph| glyph.is_ascii()));
    }
}

#[test]
fn the_background_is_what_the_terminal_says_else_dark() {
    let detected = |told: Option<&str>| {
        Theme::detect(&|name| match name {
            "TERM" => Some("xterm-256color".to_owned()),
            "COLORFGBG" => told.map(str::to_owned),
            _ => None,
        })
    };
    let (dark, light) =
        (Theme::on(Ground::Dark, Colours::Indexed, false), Theme::on(Ground::Light, Colours::Indexed, false));
    assert_ne!(dark, light);
    for told in [None, Some("15;0"), Some("7;default;8"), Some(""), Some("default"), Some("0;300")] {
        assert_eq!(detected(told), dark, "{told:?}");
    }
    for told in ["0;15", "0;7", "0;default;15"] {
        assert_eq!(detected(Some(told)), light, "{told}");
    }
}

/// The light that a colour gives off, from 0 for black to 1 for white, as WCAG 2 has it.
fn luminance(colour: Color) -> f64 {
    let rgb = match colour {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(at @ 16..232) => {
            let level = |at: u8| if at == 0 { 0 } else { 55 + 40 * at };
            [level((at - 16) / 36), level((at - 16) / 6 % 6), level((at - 16) % 6)]
        }
        Color::Indexed(at @ 232..) => [8 + 10 * (at - 232); 3],
        other => panic!("{other:?} differs from one terminal to the next"),
    };
    let [r, g, b] = rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: Color, other: Color) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn all_text_can_be_read_on_its_background() {
    // the backgrounds that terminals come with, from black and white to a little less
    let grounds = [
        (Ground::Dark, [Color::Rgb(0, 0, 0), Color::Rgb(0x1e, 0x1e, 0x22)]),
        (Ground::Light, [Color::Rgb(255, 255, 255), Color::Rgb(0xfa, 0xfa, 0xf7)]),
    ];
    for (ground, behind) in grounds {
        for colours in [Colours::True, Colours::Indexed] {
            let theme = Theme::on(ground, colours, false);
            let of = |style: Style| style.fg.expect("a colour");
            let selection = theme.selection.bg.expect("a colour");
            let inks = theme.inks.iter().map(|ink| ("chart", of(ink.line), 4.5, 0.0));
            // the selected row is one of many: what is dim there may be a little less so
            let needed = [
                ("accent", of(theme.accent), 4.5, 4.5),
                ("good", of(theme.good), 4.5, 4.5),
                ("warn", of(theme.warn), 4.5, 4.5),
                ("bad", of(theme.bad), 4.5, 4.5),
                ("dim", of(theme.dim), 4.5, 3.0),
                ("faint", of(theme.faint), 3.0, 0.0),
                ("selected", of(theme.selection), 0.0, 4.5),
            ];
            for (name, colour, least, selected) in needed.into_iter().chain(inks) {
                for behind in behind {
                    let found = contrast(colour, behind);
                    assert!(found >= least, "{ground:?} {colours:?} {name}: {found:.2} on {behind:?}");
                }
                let found = contrast(colour, selection);
                assert!(found >= selected, "{ground:?} {colours:?} {name}: {found:.2} where selected");
            }
            let bars = theme.bars;
            for bar in [bars.running, bars.done, bars.failed, bars.waiting, bars.other] {
                for behind in behind {
                    let found = contrast(of(bar), behind);
                    assert!(found >= 2.4, "{ground:?} {colours:?} {bar:?}: {found:.2}");
                }
            }
        }
    }
}
