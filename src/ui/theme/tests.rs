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
fn the_default_theme_is_whole_at_every_level() {
    for colours in [Colours::True, Colours::Indexed, Colours::Basic, Colours::None] {
        let theme = Theme::parse(DARK, colours, false).expect("the file that is compiled in");
        assert_eq!(theme.colours, colours);
        for state in State::ALL {
            assert_eq!(ratatui::text::Span::raw(theme.state(state).0).width(), 1);
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
