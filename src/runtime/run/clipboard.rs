//! The clipboard of whoever sits before the terminal, wherever this program runs: OSC 52, which the terminal itself carries out.

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding.
fn coded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word =
            group.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let digit = usize::try_from(word >> (18 - 6 * place) & 63).ok().and_then(|at| DIGITS.get(at));
            out.push(if place > group.len() { '=' } else { digit.map_or('=', |digit| char::from(*digit)) });
        }
    }
    out
}

/// Adds the sequence that puts `text` on the clipboard. tmux passes it on by itself where `set-clipboard` is `on`; where
/// `allow-passthrough` is, it does so in a wrapping of its own.
pub(super) fn sequence(text: &str, in_tmux: bool, out: &mut Vec<u8>) {
    let coded = coded(text.as_bytes());
    out.extend_from_slice(format!("\x1b]52;c;{coded}\x07").as_bytes());
    if in_tmux {
        out.extend_from_slice(format!("\x1bPtmux;\x1b\x1b]52;c;{coded}\x07\x1b\\").as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64() {
        for (text, want) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar\n", "Zm9vYmFyCg==")]
        {
            assert_eq!(coded(text.as_bytes()), want);
        }
        assert_eq!(coded(&[0xfb, 0xff, 0xfe]), "+//+");
    }

    #[test]
    fn the_text_is_coded_and_tmux_gets_it_both_ways() {
        let mut out = Vec::new();
        sequence("a\x1b]é", false, &mut out);
        assert_eq!(out, b"\x1b]52;c;YRtdw6k=\x07");
        out.clear();
        sequence("hi", true, &mut out);
        assert_eq!(out, b"\x1b]52;c;aGk=\x07\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\");
    }
}
