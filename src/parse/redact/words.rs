//! What is made of words and what is not: `hf_hub_download` is, `hf_kQ7xRt` is not.

/// Runs of small letters longer than this are no word.
const LONGEST_WORD: usize = 15;
/// Runs of capitals longer than this are no abbreviation inside of a name.
const LONGEST_CAPITALS: usize = 5;
/// Numbers in names have no more digits than this.
const LONGEST_NUMBER: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Small,
    Capital,
    Digit,
}

fn kind(byte: u8) -> Kind {
    match byte {
        b'0'..=b'9' => Kind::Digit,
        b'A'..=b'Z' => Kind::Capital,
        _ => Kind::Small,
    }
}

/// The parts of a text between what is no letter and no digit.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty())
}

/// Whether all parts of a text look like words, names and short numbers.
pub(super) fn is_wordy(text: &str) -> bool {
    parts(text).all(part_is_wordy)
}

/// Whether a run of letters and digits looks like words, also in `CamelCase`, with short numbers among them.
fn part_is_wordy(part: &str) -> bool {
    let (mut numbers, mut odd) = (0, 0);
    let mut capitals = 0;
    let bytes = part.as_bytes();
    for run in bytes.chunk_by(|a, b| kind(*a) == kind(*b)) {
        let first = run.first().copied().map_or(Kind::Small, kind);
        let before = std::mem::take(&mut capitals);
        match first {
            Kind::Digit => {
                numbers += 1;
                if run.len() > LONGEST_NUMBER {
                    return false;
                }
            }
            Kind::Capital => {
                capitals = run.len();
                if run.len() > LONGEST_CAPITALS && run.len() < bytes.len() || run.len() > LONGEST_WORD {
                    return false;
                }
                odd += usize::from(run.len() == 1 && bytes.len() > 1);
            }
            Kind::Small => {
                // the capital before it begins the word
                odd -= usize::from(before == 1 && run.len() > 1 && odd > 0);
                odd += usize::from(run.len() == 1 && before != 1 && bytes.len() > 2);
                if !is_word(run) {
                    return false;
                }
            }
        }
    }
    numbers <= 2 && odd <= 1
}

/// Whether small letters can be spoken.
fn is_word(letters: &[u8]) -> bool {
    let vowels = letters.iter().filter(|byte| b"aeiouy".contains(byte) || !byte.is_ascii()).count();
    let alphabet = letters.windows(5).any(|five| {
        five.windows(2).all(|two| matches!(two, [a, b] if a.is_ascii() && a.checked_add(1) == Some(*b)))
    });
    letters.len() <= LONGEST_WORD && !alphabet && (letters.len() < 6 || vowels * 6 >= letters.len())
}

/// Whether a text is what programs make up and people do not: no words, or words in capitals only.
pub(super) fn is_made_up(text: &str) -> bool {
    let capitals =
        |part: &str| part.len() > LONGEST_CAPITALS && !part.bytes().any(|byte| kind(byte) == Kind::Small);
    !is_wordy(text) || parts(text).any(capitals)
}

/// Long, of letters and digits (or of both cases), and not made of words: nobody writes that by hand.
pub(super) fn is_strong(text: &str) -> bool {
    let has = |wanted: Kind| text.bytes().any(|byte| byte.is_ascii_alphanumeric() && kind(byte) == wanted);
    let kinds = [Kind::Small, Kind::Capital, Kind::Digit].into_iter().filter(|kind| has(*kind)).count();
    text.len() >= 16 && kinds >= 2 && !is_wordy(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_and_secrets_are_not() {
        for name in [
            "hub_download",
            "learn",
            "AutoModelForCausalLM",
            "T5ForConditionalGeneration",
            "mask-rcnn",
            "Llama3Tokenizer",
            "image-0.22",
            "checkpoint-1000",
            "Qwen2ForCausalLM",
            "resnet50",
            "MixtralForSequenceClassification",
            "token",
            "HF_TOKEN",
            "gpt2-xl",
            "v1",
            "adamw_bnb_8bit",
            "cosine_with_restarts",
            "abc123",
            "transfer",
            "RCNN",
            "größe",
        ] {
            assert!(is_wordy(name), "{name}");
        }
        for secret in [
            "kQ7xRt2LmN",
            "EXAMPLEexample123",
            "k3j9x2m1p4",
            "kQzRtYbLmNpWsXcV",
            "abcdefghij",
            "deadbeef12345678",
            "xkzqwrtp",
            "0123456789abcdef",
            "aB3dE9fG",
        ] {
            assert!(!is_wordy(secret), "{secret}");
        }
    }

    #[test]
    fn strength_takes_length_and_variety() {
        assert!(is_made_up("EXAMPLE_with_underscore99") && !is_made_up("CUDA_with_underscore99"));
        assert!(is_strong("kQ7xRt2LmNpWsXcVhJ"));
        for weak in
            ["kQ7xRt2", "2026112208150412345", "aaaaaaaaaaaaaaaaaaaaaa", "MixtralForSequenceClassification"]
        {
            assert!(!is_strong(weak), "{weak}");
        }
    }
}
