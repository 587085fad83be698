//! Ends of lines that may go on: what a file ends in while it is silent is half a line as often as a whole one.

/// Whether a text that may go on ends in a figure that may go on.
pub(super) fn is_torn(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e'))
}

/// A list of figures that ends in the beginning of the next one's name (`loss 0.2, val_l`), without that: of half a name nobody
/// can tell on which data the others were taken.
pub(super) fn without_torn_name(text: &str) -> &str {
    match text.rsplit_once([',', ';', '|']) {
        Some((head, name))
            if head.ends_with(|c: char| c.is_ascii_digit())
                && !name.trim().is_empty()
                && !name.trim().contains(|c: char| c.is_whitespace() || c.is_ascii_digit()) =>
        {
            head
        }
        _ => text,
    }
}
