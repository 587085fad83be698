//! What a line of a log is good for: the rule by which `follow` chooses what to show.
//!
//! It is not the category that a filter asks for (`parse::logkind`): that one looks at a line alone, this one knows what came before.
//!
//! | part | what belongs to it |
//! |---|---|
//! | setup | every line before training's first figure (bars of other work do not count), and headings, devices and settings at any time |
//! | progress | progress bars, and messages that hold nothing but progress |
//! | metrics | lines with figures of training or of an evaluation |
//! | debug | lines at level debug, keep-alives and the chatter of connections |
//! | rest | everything else: what the program says while it works |
//!
//! A level is no part: an error in the middle of training is `rest` at level error.

use crate::model::level::Level;
use crate::model::log::LineKind;

/// What a line is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// What stands before the first figure, and what tells how the run is set up.
    Setup,
    /// Bars.
    Progress,
    /// Figures.
    Metrics,
    /// Detail.
    Debug,
    /// All else.
    Rest,
}

/// What the parser of the file made of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the parser may have told")]
pub(super) struct Heard {
    /// Training moved on: a bar of the run, a row with its place, an epoch.
    pub(super) training: bool,
    /// Figures of any sort.
    pub(super) figures: bool,
    /// A bar.
    pub(super) bar: bool,
    /// Something that stays: a checkpoint, the sums of the whole run, an end.
    pub(super) milestone: bool,
    /// Totals and settings.
    pub(super) settings: bool,
    /// An error or a warning that no logger marked.
    pub(super) level: Option<Level>,
}

/// The rule, and how far the log is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rule {
    begun: bool,
}

impl Rule {
    /// For a log that is read from somewhere in its middle.
    pub(super) const fn begun() -> Self {
        Self { begun: true }
    }

    /// Whether training's first figure has been seen.
    pub(super) const fn has_begun(self) -> bool {
        self.begun
    }

    /// Takes note of what was heard of a line that has its part from elsewhere.
    pub(super) const fn note(&mut self, heard: Heard) {
        self.begun |= heard.training;
    }

    /// The part of a line with the message `body`.
    pub(super) fn of(&mut self, body: &str, level: Option<Level>, kind: LineKind, heard: Heard) -> Part {
        let before = !self.begun;
        self.note(heard);
        // a logger's level says for whom a line is; figures say what it is
        if kind == LineKind::Progress || heard.bar {
            Part::Progress
        } else if heard.figures && !heard.settings {
            Part::Metrics
        } else if level == Some(Level::Debug) || is_chatter(body) {
            Part::Debug
        } else if before || heard.settings || title(body).is_some() || tells_of_device(body) {
            Part::Setup
        } else {
            Part::Rest
        }
    }
}

/// The text of a heading that stands between rules on its own line: `===== Training =====`, `***** Running training *****`.
pub fn title(body: &str) -> Option<&str> {
    const RULES: [char; 9] = ['=', '*', '-', '#', '─', '━', '═', '~', '+'];
    let body = body.trim();
    let rule = body.chars().next().filter(|c| RULES.contains(c))?;
    let inside = body.trim_start_matches(rule);
    let left = body.len() - inside.len();
    let title = inside.trim_end_matches(rule);
    let right = inside.len() - title.len();
    let title = title.trim();
    let long = |bytes: usize| bytes >= 3 * rule.len_utf8();
    let is_title = long(left)
        && long(right)
        && title.chars().count() <= 80
        && title.chars().any(char::is_alphabetic)
        && !title.contains(['|', '│', '+']);
    is_title.then_some(title)
}

/// Whether a line is a rule and nothing else.
pub fn is_rule(body: &str) -> bool {
    let body = body.trim();
    body.chars().count() >= 3 && body.chars().all(|c| "=*-#─━═~_+|".contains(c))
}

/// Whether a line is a bar of a kind that is printed once and not redrawn: a row of its cells, and a counter.
pub(super) fn is_bar(text: &str) -> bool {
    let cells = ["━━━", "███", "╸━", "▰▰▰"].iter().any(|cells| text.contains(cells));
    cells && text.split(['/', '%']).rev().skip(1).any(|part| part.ends_with(|c: char| c.is_ascii_digit()))
}

/// Whether a line stands at the right below a bar, where its figures had no room: `          train_loss: 0.171`.
pub(super) fn hangs_below(text: &str) -> bool {
    text.len() < 200 && text.starts_with("                    ") && text.contains([':', '.'])
}

/// Whether Python's own warnings wrote a line: `train.py:9: UserWarning: …`.
pub(super) fn is_warning(body: &str) -> bool {
    body.split_once("Warning: ").is_some_and(|(before, _)| {
        before.contains(".py:") && before.ends_with(|c: char| c.is_ascii_alphabetic() || c == ' ')
    })
}

/// Whether a line says what the run computes on.
fn tells_of_device(body: &str) -> bool {
    const WORDS: [&str; 14] = [
        "using device",
        "device:",
        "device =",
        "device=",
        "gpu available",
        "tpu available",
        "using gpu",
        "using cuda",
        "cuda available",
        "cuda_visible_devices",
        "running on cuda",
        "running on cpu",
        "running on gpu",
        "mixed precision",
    ];
    if body.len() > 200 {
        return false;
    }
    let lower = body.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

/// Whether a line tells of nothing but a connection that is kept up.
fn is_chatter(body: &str) -> bool {
    const BEGINNINGS: [&str; 18] = [
        "keep_alive",
        "keepalive",
        "keep-alive",
        "heartbeat",
        "ping",
        "pong",
        "sending ping",
        "received pong",
        "> ping",
        "< pong",
        "% sending keepalive",
        "% received pong",
        "client received: keep_alive",
        "ice connection state",
        "data channel state",
        "starting new https connection",
        // what script(1) puts around a terminal's recording
        "script started on",
        "script done on",
    ];
    let head = body.get(..body.floor_char_boundary(40)).unwrap_or(body).trim_start().to_ascii_lowercase();
    BEGINNINGS.iter().any(|begin| {
        head.strip_prefix(begin).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_stand_between_rules() {
        for (body, want) in [
            ("===== Training =====", Some("Training")),
            ("***** Running training *****", Some("Running training")),
            ("──── eval ────", Some("eval")),
            ("--- a ---", Some("a")),
            ("==========", None),
            ("=== open", None),
            ("-- a --", None),
            ("---|---|---", None),
            ("+---+ x +---+", None),
            ("--- 12 ---", None),
            ("", None),
        ] {
            assert_eq!(title(body), want, "{body}");
        }
    }

    #[test]
    fn bars_that_are_printed_once_and_what_hangs_below_them() {
        for bar in ["Epoch 2/4  ━━━━━━             7/20 0:00:01", " 42%|████▏     | 42/100"]
        {
            assert!(is_bar(bar), "{bar}");
        }
        for other in ["┏━━━┳━━━━┓", "━━━━━━━━ Training ━━━━━━━", "a/b", "100%"]
        {
            assert!(!is_bar(other), "{other}");
        }
        assert!(hangs_below("                                  val_acc: 0.953"));
        assert!(!hangs_below("    val_acc: 0.953"));
    }

    #[test]
    fn a_warning_of_python_needs_no_logger() {
        assert!(is_warning("/home/user/train.py:9: UserWarning: lr_scheduler.step() called first"));
        assert!(!is_warning("Warning: all is well") && !is_warning("train.py: no Warning here"));
    }

    #[test]
    fn all_before_the_first_figure_is_setup_and_less_behind_it() {
        let mut rule = Rule::default();
        let mut of = |body, level, heard| rule.of(body, level, LineKind::Text, heard);
        let figures = Heard { training: true, figures: true, ..Heard::default() };
        let aside = Heard { bar: true, ..Heard::default() };
        assert_eq!(of("loading", None, Heard::default()), Part::Setup);
        assert_eq!(of("Map: 100%|██| 1/1", None, aside), Part::Progress);
        assert_eq!(of("model has 3 parameters", None, Heard::default()), Part::Setup);
        assert_eq!(of("details", Some(Level::Debug), Heard::default()), Part::Debug);
        assert_eq!(of("step 1 loss 2", None, figures), Part::Metrics);
        assert_eq!(of("a word in between", None, Heard::default()), Part::Rest);
        assert_eq!(of("==== Evaluation ====", None, Heard::default()), Part::Setup);
        assert_eq!(of("Using device: cuda:0", None, Heard::default()), Part::Setup);
        assert_eq!(of("KEEP_ALIVE", None, Heard::default()), Part::Debug);
        assert_eq!(of("Script done on 2026-11-22", None, Heard::default()), Part::Debug);
        assert_eq!(of("pinging the moon", None, Heard::default()), Part::Rest);
        assert_eq!(of("step 2 loss 1", Some(Level::Debug), figures), Part::Metrics);
    }
}
