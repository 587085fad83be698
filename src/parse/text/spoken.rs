//! Text that a log prints between its lines: what a language model wrote, a prompt, a quoted sentence. Whatever figures are in it are
//! none of the run's.
//!
//! Three marks tell it: quotation marks around a sentence, a label of the few that stand before such text (`sample:`, `prompt:`), and
//! a ruled heading (`--- sample ---`) above it. A block below a heading ends at the next rule, at a line that a logger wrote, at a
//! line of a form that held figures before, or where no sample is so long.

/// Lines that one sample may have.
const LONGEST: u32 = 60;

/// Labels before text.
const LABELS: [&str; 14] = [
    "sample",
    "samples",
    "generated",
    "generated text",
    "generated sample",
    "prompt",
    "output",
    "model output",
    "sample output",
    "completion",
    "response",
    "question",
    "answer",
    "continuation",
];

/// What a ruled heading above text begins with.
const HEADS: [&str; 8] =
    ["sample", "samples", "generated", "generation", "prompt", "output", "completion", "response"];

/// Other words of such a heading.
const BESIDE: [&str; 17] = [
    "text",
    "output",
    "outputs",
    "sample",
    "samples",
    "model",
    "from",
    "at",
    "after",
    "step",
    "epoch",
    "iter",
    "iteration",
    "start",
    "begin",
    "of",
    "no",
];

/// Whether a word is a number, as that of a sample: `3`, `#3`, `3/5`.
fn is_number(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
    !bare.is_empty()
        && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '#' | '/' | '(' | ')' | '[' | ']'))
}

/// Where a label begins whose colon stands at `colon`.
fn label_at(body: &str, colon: usize) -> Option<usize> {
    let head = body.get(..colon)?;
    let mut words: smallvec::SmallVec<[&str; 4]> = head.rsplit(' ').take(3).collect();
    if words.first().is_some_and(|word| is_number(word)) {
        words.remove(0);
    }
    let (last, before) = (*words.first()?, words.get(1).copied());
    let start = |word: &str| word.as_ptr().addr().wrapping_sub(body.as_ptr().addr());
    let is =
        |label: &str, text: &str| label.eq_ignore_ascii_case(text.trim_start_matches(['[', '(', '>', '*']));
    if let Some(before) = before
        && let Some(both) = body.get(start(before)..start(last) + last.len())
        && LABELS.iter().any(|label| is(label, both))
    {
        return Some(start(before));
    }
    // `test sample:`, `best output:` are measured
    let alone = before.is_none_or(|before| is_number(before) || before.ends_with([':', ']', '|', '-', ',']));
    LABELS.iter().any(|label| alone && is(label, last)).then(|| start(last))
}

/// Where quoted or labelled text begins.
fn begin(body: &str) -> Option<usize> {
    if body.starts_with('{') || body.contains("\":") {
        // JSON, which its own readers know
        return None;
    }
    let mut before = ' ';
    let mut quoted = None;
    for (at, c) in body.char_indices() {
        let opens = matches!(c, '"' | '“') && matches!(before, ' ' | '\t');
        if opens && quoted.is_none() {
            quoted = Some(at);
        } else if let Some(from) = quoted.filter(|_| matches!(c, '"' | '”')) {
            if body.get(from..at).is_some_and(|inside| inside.split_whitespace().count() > 2) {
                return Some(from);
            }
            quoted = None;
        }
        if c == ':' {
            let behind = body.get(at + 1..).unwrap_or("").trim_start();
            let text =
                behind.starts_with(|c: char| c.is_alphabetic() || matches!(c, '"' | '\'' | '“' | '<' | '«'));
            if let Some(start) = text.then(|| label_at(body, at)).flatten() {
                return Some(start);
            }
        }
        before = c;
    }
    None
}

/// What of a line its writer says himself: all before quoted and labelled text.
pub(super) fn own_words(body: &str) -> &str {
    if !body.bytes().any(|b| matches!(b, b'"' | b':' | 0xe2)) {
        return body;
    }
    begin(body).and_then(|at| body.get(..at)).unwrap_or(body)
}

/// Whether nothing on a line is said by its writer.
pub(super) fn is_all(body: &str) -> bool {
    let whole = ['\'', '"'].iter().any(|sign| {
        let inside = body.strip_prefix(*sign).and_then(|rest| rest.strip_suffix(*sign));
        inside.is_some_and(|inside| inside.contains(' ') && !inside.contains(*sign))
    });
    whole || begin(body) == Some(0)
}

/// Signs that rules are drawn with.
fn is_ruled(body: &str) -> bool {
    let mut signs = body.chars();
    let first = signs.next();
    matches!(first, Some('-' | '=' | '*' | '#' | '~' | '_' | '+' | '>'))
        && signs.next() == first
        && signs.next() == first
}

/// Whether a line is a heading above text.
fn is_heading(body: &str) -> bool {
    if !is_ruled(body) || body.len() > 80 {
        return false;
    }
    let lower = body.to_ascii_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    let mut words = bare.split([' ', ':', '=', '_', '(', ')']).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| HEADS.contains(&first))
        && words.all(|word| is_number(word) || BESIDE.contains(&word))
}

/// A block of text.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Lines of it that may follow.
    left: u32,
}

impl Block {
    /// Whether a line, `logged` when a logger wrote it, is a heading above text, or stands below one.
    pub(super) fn holds(&mut self, body: &str, logged: bool) -> bool {
        if is_heading(body) {
            self.left = LONGEST;
            return true;
        }
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        if is_ruled(body) || logged {
            self.left = 0;
            return !logged;
        }
        true
    }

    /// Whether a line of it may follow.
    pub(super) fn is_open(&self) -> bool {
        self.left > 0
    }

    /// A line of the log's own came.
    pub(super) fn end(&mut self) {
        self.left = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_or_labelled_is_not_said() {
        for (body, own) in [
            ("Sample: \"epoch 3/3 done, the loss was 0.1\"", ""),
            ("\"epoch 5/5 loss 0.001\"", ""),
            ("sample 3: Once upon a time", ""),
            ("Generated text: the loss = 3", ""),
            ("output: step 100/100 loss: 0.001", ""),
            ("step 300 sample: the loss was 0.1", "step 300 "),
            ("step 300 | Prompt: what", "step 300 | "),
            ("He said “epoch 5/5 is over” twice", "He said "),
            // figures, settings, names
            ("sample: 3/100 loss 0.5", "sample: 3/100 loss 0.5"),
            ("test output: loss 0.5", "test output: loss 0.5"),
            ("\"loss\": 0.5, \"text\": 3", "\"loss\": 0.5, \"text\": 3"),
            ("msg=\"epoch 3/10 loss=0.5\"", "msg=\"epoch 3/10 loss=0.5\""),
            ("epoch 3/10 loss: 0.5", "epoch 3/10 loss: 0.5"),
            ("{\"loss\": 0.5, \"text\": \"a b c d\"}", "{\"loss\": 0.5, \"text\": \"a b c d\"}"),
        ] {
            assert_eq!(own_words(body), own, "{body}");
            assert_eq!(is_all(body), own.is_empty(), "{body}");
        }
    }

    #[test]
    fn a_block_ends_at_a_rule_or_at_a_logger() {
        let mut block = Block::default();
        assert!(!block.holds("epoch 1/3", false));
        assert!(block.holds("--- sample ---", false) && block.holds("epoch 5/5", false));
        assert!(block.holds("------", false) && !block.holds("epoch 2/3", false));
        assert!(block.holds("=== Generated text (step 300) ===", false) && !block.holds("epoch 2/3", true));
        assert!(!block.holds("epoch 2/3", false));
        for other in ["--- sampling config ---", "=== Output layers ===", "sample", "# sample"] {
            assert!(!block.holds(other, false), "{other}");
        }
    }
}
