//! Reads one JSON row in either spelling of the known loggers and in any shape of metrics.
//!
//! A row of a shape that was met before is read along that shape; any other one is read member by member, which also
//! tells its shape. Both ways say the same of every row.

use super::names::Member;
use super::names::Names;
use super::said::Said;
use super::scan::Scanner;
use super::scan::Value;
use super::scan::figure;
use super::shape::STEPS;
use super::shape::Shapes;
use super::shape::Slot;
use super::shape::Span;

/// Groups inside groups that are looked into.
const DEPTH: usize = 5;

/// What the rows of one file have in common.
#[derive(Debug)]
pub(super) struct Reader {
    names: Names,
    shapes: Shapes,
    /// The values of the row that is being read member by member.
    spans: Vec<Span>,
}

impl Reader {
    /// A reader that has seen no row.
    pub(super) fn new() -> Self {
        Self { names: Names::new(), shapes: Shapes::default(), spans: Vec::new() }
    }

    /// The metric name at `index`.
    pub(super) fn name(&self, index: usize) -> Option<&str> {
        self.names.name(index)
    }

    /// Reads a whole row into `said`, which has to be new; `None` when it is not one object from brace to brace.
    pub(super) fn read<'a>(&mut self, text: &'a str, said: &mut Said<'a>) -> Option<()> {
        if self.shapes.read(&self.names, text, said).is_some() {
            return Some(());
        }
        *said = Said::default();
        self.by_member(text, said)
    }

    fn by_member<'a>(&mut self, text: &'a str, said: &mut Said<'a>) -> Option<()> {
        self.spans.clear();
        self.names.begin();
        let mut scan = Scanner::new(text);
        scan.open()?;
        self.members(&mut scan, said, 0, 0)?;
        if !scan.is_over() {
            return None;
        }
        self.shapes.learn(text, &self.spans);
        Some(())
    }

    fn members<'a>(
        &mut self,
        scan: &mut Scanner<'a>,
        said: &mut Said<'a>,
        group: usize,
        depth: usize,
    ) -> Option<()> {
        while let Some(key) = scan.key()? {
            let begin = scan.place();
            let value = scan.value()?;
            let member = self.names.find(group, key);
            match value {
                Value::Object => match member.and_then(|member| self.names.open(member)) {
                    Some(inner) if depth < DEPTH => {
                        self.members(scan, said, inner, depth + 1)?;
                        continue;
                    }
                    _ => scan.skip()?,
                },
                Value::Array => scan.skip()?,
                _ => {
                    if let Some(member) = member {
                        say(&self.names, said, member, value);
                    }
                }
            }
            let slot = Slot { member: member.filter(|m| m.says()), skips: value == Value::Object };
            // as many as that tell that there were too many
            if self.spans.len() < STEPS {
                self.spans.push(Span { begin, end: scan.at(), slot });
            }
        }
        Some(())
    }
}

/// What a value that is no group says.
fn say<'a>(names: &Names, said: &mut Said<'a>, member: Member, value: Value<'a>) {
    match value {
        Value::Number(token) => said.number(names, &member, token, figure(token)),
        Value::Text(text) => said.text(names, &member, text),
        Value::Word(word) => said.word(member, word),
        Value::Object | Value::Array => {}
    }
}

#[cfg(test)]
mod tests;
