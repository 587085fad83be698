//! Rich's bars, as Lightning, Stable-Baselines3 and own loops draw them:
//! `Epoch 6/29 ━━━━━━ 20/20 0:00:00 • 0:00:00 54.10it/s v_num: 0`, with figures that did not fit on right-aligned lines below;
//! `epochs ━━━━━ 100% 5/5 0:00:03 0:00:00`; `100% ━━━━ 4,000/4,000  [ 0:00:08 < 0:00:00 , 484 it/s ]`.

use crate::model::record::Bar;
use crate::model::record::BarStyle;
use crate::model::record::Pair;
use crate::model::record::Pairs;
use crate::model::record::Record;

use super::Line;
use super::Out;
use super::Shape;
use crate::parse::text::number;

/// A bar whose figures may go on below it.
struct Waiting {
    label: String,
    done: f64,
    all: Option<f64>,
    rate: Option<f64>,
    elapsed: Option<f64>,
    remaining: Option<f64>,
    /// What stands behind the times, and below.
    tail: String,
}

#[derive(Default)]
pub(super) struct Rich {
    waiting: Option<Waiting>,
}

fn is_cell(c: char) -> bool {
    matches!(c, '━' | '╸' | '╺' | '─')
}

/// `name: value name: value` and `name=value`.
fn pairs(tail: &str) -> Pairs<'_> {
    let mut out = Pairs::new();
    let mut name = None;
    for word in tail.split_whitespace() {
        if let Some((head, value)) = word.split_once('=') {
            out.extend(number::number(value.trim_end_matches(',')).map(|value| Pair { name: head, value }));
        } else if let Some(head) = word.strip_suffix(':') {
            name = Some(head);
        } else if let Some(head) = name.take()
            && let Some(value) = number::number(word)
        {
            out.push(Pair { name: head, value });
        }
    }
    out.retain(|pair| pair.name != "v_num");
    out
}

fn read(body: &str, ascii: bool) -> Option<Waiting> {
    let drawn = !ascii && (body.contains('━') || body.contains('╺'));
    let (label, rest) = if drawn {
        let at = body.find(is_cell)?;
        let (label, rest) = body.split_at_checked(at)?;
        (label, rest.trim_start_matches(is_cell))
    } else {
        // nothing is done yet, and without colours an empty bar is blank
        let at = body.find("      ").filter(|_| body.contains("% ") && !body.contains('|'))?;
        body.split_at_checked(at)?
    };
    let mut label = label.trim();
    if let Some(head) = label.strip_suffix('%') {
        label = head.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end();
    }
    let mut out = Waiting {
        label: label.to_owned(),
        done: 0.0,
        all: None,
        rate: None,
        elapsed: None,
        remaining: None,
        tail: String::new(),
    };
    let mut counted = false;
    let mut times = 0;
    let mut words = rest.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if word.ends_with('%') && !counted && number::figure(word).is_some() {
            continue;
        }
        if !counted {
            let (done, all) = word.split_once('/')?;
            out.done = number::count(done)?;
            out.all = number::count(all);
            counted = true;
            continue;
        }
        if matches!(word, "•" | "[" | "]" | "<" | ",") {
            continue;
        }
        if times < 2 && (number::clock(word).is_some() || word == "-:--:--") {
            times += 1;
            if times == 1 {
                out.elapsed = number::clock(word);
            } else {
                out.remaining = number::clock(word);
            }
            continue;
        }
        if out.rate.is_none() && out.tail.is_empty() {
            if let Some(rate) = word.strip_suffix("it/s") {
                out.rate = number::number(rate);
                continue;
            }
            if let Some(rate) = number::number(word).filter(|_| words.peek() == Some(&"it/s")) {
                out.rate = Some(rate);
                words.next();
                continue;
            }
        }
        out.tail.push_str(word);
        out.tail.push(' ');
    }
    (counted && times > 0).then_some(out)
}

impl Rich {
    fn hand_on(&mut self, out: &mut Out<'_>) {
        let Some(bar) = self.waiting.take() else { return };
        if bar.tail.contains("v_num") {
            out.framework("lightning");
        }
        out.put(&Record::Bar(Bar {
            label: &bar.label,
            current: bar.done,
            total: bar.all,
            rate: bar.rate.filter(|rate| *rate > 0.0),
            elapsed: bar.elapsed,
            remaining: bar.remaining,
            unit: "",
            style: BarStyle::Rich,
            values: pairs(&bar.tail),
        }));
    }
}

impl Shape for Rich {
    fn may_want(&self, body: &str) -> bool {
        body.contains(['━', '╺']) || body.contains("      ")
    }

    fn is_busy(&self) -> bool {
        self.waiting.is_some()
    }

    fn line(&mut self, line: &Line<'_>, out: &mut Out<'_>) -> bool {
        if let Some(bar) = &mut self.waiting {
            let indent = line.raw.len() - line.raw.trim_start().len();
            if indent >= 20
                && !line.body.contains('━')
                && line.body.split_whitespace().count() <= 6
                && bar.tail.len() < 600
            {
                bar.tail.push_str(line.body);
                bar.tail.push(' ');
                return true;
            }
            self.hand_on(out);
        }
        if line.body.starts_with('┏') || line.body.starts_with('┡') || line.body.starts_with(['│', '┃'])
        {
            return false;
        }
        let Some(bar) = read(line.body, line.ascii) else { return false };
        self.waiting = Some(bar);
        out.drew();
        true
    }

    fn rest(&mut self, out: &mut Out<'_>) {
        self.hand_on(out);
    }
}
