//! Text in lines of a pane's width: the layout must know how many they are before anything is drawn.

use unicode_width::UnicodeWidthStr;

/// `text` in lines of at most so many columns, cut between words. A word that is longer than a line stays whole in one of its
/// own, for whoever draws it to shorten.
pub fn wrap(text: &str, columns: u16) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= usize::from(columns) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrap("CUDA out of memory. Tried to", 11), ["CUDA out of", "memory.", "Tried to"]);
        assert_eq!(wrap("a/very/long/path and more", 8), ["a/very/long/path", "and more"]);
        assert_eq!(wrap("学習 実験 run", 9), ["学習 実験", "run"]);
        assert_eq!(wrap("  ", 9), Vec::<String>::new());
    }
}
