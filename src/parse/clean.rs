//! Makes any text safe to draw: run names, paths, labels and messages come from files and folders that anybody may have named.

use std::borrow::Cow;

use super::escape;
use super::escape::Escapes;
use super::escape::Step;

/// `text` without escape sequences, controls and characters that are drawn as nothing or turn the text around. Tabs and line ends
/// become blanks. Borrowed when there is nothing to do, which is the rule.
pub fn clean(text: &str) -> Cow<'_, str> {
    let is_clean = escape::special(text, 0) == text.len() && !text.contains(['\t', '\n', '\r']);
    if is_clean { Cow::Borrowed(text) } else { Cow::Owned(cleaned(text)) }
}

/// Whether a terminal would act upon `c`, draw nothing for it, or turn the text around it: never to be printed as it is.
pub fn is_unsafe(c: char) -> bool {
    c.is_control() || escape::is_hidden(c)
}

fn cleaned(text: &str) -> String {
    let mut machine = Escapes::default();
    let shown = |c| match machine.step(c) {
        Step::Text(c) => (!escape::is_hidden(c)).then_some(c),
        Step::Tab | Step::Newline | Step::Return => Some(' '),
        Step::Nothing | Step::Back | Step::Move(_) => None,
    };
    text.chars().filter_map(shown).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        for text in ["", "run-3", "größe 中文 ✓ ▌ 😀"] {
            assert!(matches!(clean(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn what_is_taken_out() {
        assert_eq!(clean("a\x1b[31mb\x1b]0;x\x07c"), "abc");
        assert_eq!(clean("one\ttwo\nthree\rfour"), "one two three four");
        assert_eq!(clean("gnp\u{202e}.exe\u{200b}\u{feff}"), "gnp.exe");
        assert_eq!(clean("\u{9b}2Jx\u{85}y"), "xy");
        assert_eq!(clean("a\x08b\0"), "ab");
    }

    proptest! {
        #[test]
        fn nothing_dangerous_comes_out(text in any::<String>(), hot in "[\x00-\x20\u{7f}-\u{a0}\u{200b}-\u{206f}\\[\\]A-Z;0-9]{0,40}") {
            let text = text + &hot;
            let cleaned = clean(&text);
            prop_assert!(!cleaned.chars().any(|c| c.is_control() || escape::is_hidden(c)));
            prop_assert!(matches!(clean(&cleaned), Cow::Borrowed(_)));
        }
    }
}
