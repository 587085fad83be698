//! What is inside a line: a JSON row as a tree whose branches close, or all draws of a bar.

use serde_json::Value;

use super::Goal;
use super::LogPane;
use super::keys::acts;
use super::keys::seen;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;
use crate::model::log::Opened;
use crate::model::log::Spot;
use crate::parse::clean::clean;

/// More nodes than this nobody goes through; the last one says so.
const NODES: usize = 10_000;

/// A line that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Inside {
    /// The line.
    pub(super) spot: Spot,
    /// What is in it, once the answer is there.
    pub content: Option<Content>,
    /// The row that is pointed at, among those that are shown.
    pub row: usize,
}

/// What is inside.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The draws of a line, oldest first, and how many older ones are left out.
    Draws(Vec<String>, u64),
    /// A JSON row: its values in the order of their rows, and the whole.
    Tree(Vec<Node>, Value),
}

/// A value of a JSON row.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// How deep it lies.
    pub depth: usize,
    /// Its name or number.
    pub name: String,
    /// What is told of it in its row.
    pub text: String,
    /// Whether it is a text, which stands in no quotes.
    pub is_text: bool,
    /// Whether it has branches, and they are closed.
    pub closed: Option<bool>,
    /// Index behind the last of its branches.
    end: usize,
    /// How manieth branch of the one above it is, from the root on.
    path: Vec<u32>,
}

impl Inside {
    /// The rows that are shown, with their indices.
    pub fn rows(&self) -> Vec<(usize, &Node)> {
        let Some(Content::Tree(nodes, _)) = &self.content else { return Vec::new() };
        let mut rows = Vec::new();
        let mut at = 0;
        while let Some(node) = nodes.get(at) {
            rows.push((at, node));
            at = if node.closed == Some(true) { node.end } else { at + 1 };
        }
        rows
    }

    /// How many rows are shown.
    pub fn len(&self) -> usize {
        match &self.content {
            None => 0,
            Some(Content::Draws(draws, _)) => draws.len(),
            Some(Content::Tree(..)) => self.rows().len(),
        }
    }

    /// Whether nothing is shown.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn chosen(&self) -> Option<usize> {
        self.rows().get(self.row).map(|(at, _)| *at)
    }
}

/// The nodes of a JSON text, branch by branch.
fn tree(json: &str) -> Option<Content> {
    let root: Value = serde_json::from_str(json).ok()?;
    let mut nodes = Vec::new();
    match &root {
        Value::Object(map) => {
            (0..).zip(map).for_each(|(at, (name, value))| add(&mut nodes, name, value, &[at]));
        }
        other => add(&mut nodes, "", other, &[]),
    }
    Some(Content::Tree(nodes, root))
}

fn add(nodes: &mut Vec<Node>, name: &str, value: &Value, path: &[u32]) {
    if nodes.len() >= NODES {
        return;
    }
    let at = nodes.len();
    let depth = path.len().saturating_sub(1);
    let (text, is_text, branches) = match value {
        Value::String(text) => (clean(text).into_owned(), true, false),
        Value::Array(items) => (format!("[{}]", items.len()), false, !items.is_empty()),
        Value::Object(map) => (format!("{{{}}}", map.len()), false, !map.is_empty()),
        other => (other.to_string(), false, false),
    };
    // what lies deep is opened by who wants it
    let closed = branches.then_some(depth > 1);
    let below = |at: u32| path.iter().copied().chain([at]).collect::<Vec<u32>>();
    let node = Node {
        depth,
        name: clean(name).into_owned(),
        text,
        is_text,
        closed,
        end: at + 1,
        path: path.to_vec(),
    };
    nodes.push(node);
    match value {
        Value::Array(items) => {
            (0..).zip(items).for_each(|(at, item)| add(nodes, &format!("[{at}]"), item, &below(at)));
        }
        Value::Object(map) => {
            (0..).zip(map).for_each(|(at, (name, item))| add(nodes, name, item, &below(at)));
        }
        _ => {}
    }
    let end = nodes.len();
    if let Some(node) = nodes.get_mut(at) {
        node.end = end;
    }
}

impl LogPane {
    /// Opens the line that is pointed at: its fold, or what is inside of it.
    pub(super) fn open_line(&mut self) -> Outcome {
        let Some(spot) = self.point() else { return Outcome::default() };
        let line = self.page.lines.iter().find(|line| line.spot == spot);
        if !line.is_some_and(|line| line.json || line.redrawn) {
            if let Some(outcome) = self.fold_section_at(spot) {
                return outcome;
            }
            if !self.fold_at(spot) {
                self.said = Some("nothing to open: no title, block, bar or JSON row".to_owned());
            }
            let top = self.top_spot();
            if self.lacks_rows() {
                return acts(self.ask_around(top, Goal::Stay));
            }
            return seen();
        }
        self.opened = Some(Inside { spot, content: None, row: 0 });
        let top = self.top_spot();
        acts(self.ask_around(top, Goal::Stay))
    }

    /// Takes what the answer tells of the open line.
    pub(super) fn take_inside(&mut self) {
        let Some(inside) = &mut self.opened else { return };
        if self.lines_of != self.generation && inside.content.is_some() {
            return;
        }
        let content = match &self.page.opened {
            Some((spot, opened)) if *spot == inside.spot => Some(match opened {
                Opened::Json(text) => tree(text).unwrap_or_else(|| Content::Draws(vec![text.to_string()], 0)),
                Opened::Draws { draws, left_out } => {
                    Content::Draws(draws.iter().map(ToString::to_string).collect(), *left_out)
                }
            }),
            _ => None,
        };
        let Some(content) = content else {
            if self.page.generation == self.generation && !self.page.looking && inside.content.is_none() {
                self.opened = None;
                self.said = Some("there is nothing inside this line".to_owned());
            }
            return;
        };
        match (&mut inside.content, content) {
            (Some(Content::Tree(old, _)), Content::Tree(new, _)) if same(old, &new) => {}
            (Some(Content::Draws(old, _)), Content::Draws(new, left_out)) => {
                // a bar that is drawn on: who stands at the end stays there
                let at_end = inside.row + 1 >= old.len();
                inside.row = if at_end { new.len().saturating_sub(1) } else { inside.row };
                inside.content = Some(Content::Draws(new, left_out));
            }
            (_, content) => {
                inside.row = match &content {
                    Content::Draws(draws, _) => draws.len().saturating_sub(1),
                    Content::Tree(..) => 0,
                };
                inside.content = Some(content);
            }
        }
    }

    pub(super) fn inside_key(&mut self, key: Key) -> Option<Outcome> {
        let rows = self.rows_of_key(key);
        let inside = self.opened.as_mut()?;
        let last = inside.len().saturating_sub(1);
        let here = inside.row.min(last);
        let to = match (rows, key.code) {
            (Some(rows), _) => here.saturating_add_signed(rows),
            (None, _) if key.ctrl || key.alt => return None,
            (None, Code::Char('g') | Code::Home) => 0,
            (None, Code::Char('G') | Code::End) => last,
            (None, Code::Esc | Code::Char('v')) => {
                self.opened = None;
                let top = self.top_spot();
                return Some(acts(self.ask_around(top, Goal::Stay)));
            }
            (None, Code::Enter | Code::Char(' ')) => return Some(self.branch(None)),
            (None, Code::Char('l') | Code::Right) => return Some(self.branch(Some(false))),
            (None, Code::Char('h') | Code::Left) => return Some(self.branch(Some(true))),
            (None, Code::Char('y')) => return Some(self.copy_value()),
            // what is a letter here is no key of the log below
            (None, Code::Char(c)) if !matches!(c, 'q' | '?' | '1' | '2' | '3' | 'z') => {
                return Some(Outcome::default());
            }
            _ => return None,
        };
        inside.row = to.min(last);
        Some(if inside.row == here { Outcome::default() } else { seen() })
    }

    /// Closes or opens a branch; to close what has none closes the branch that it is in.
    fn branch(&mut self, close: Option<bool>) -> Outcome {
        let Some(inside) = &mut self.opened else { return Outcome::default() };
        let Some(at) = inside.chosen() else { return Outcome::default() };
        let rows: Vec<usize> = inside.rows().iter().map(|(at, _)| *at).collect();
        let Some(Content::Tree(nodes, _)) = &mut inside.content else { return Outcome::default() };
        let depth = nodes.get(at).map_or(0, |node| node.depth);
        match (nodes.get(at).and_then(|node| node.closed), close) {
            (Some(closed), wanted) if wanted != Some(closed) => {
                if let Some(node) = nodes.get_mut(at) {
                    node.closed = Some(!closed);
                }
                seen()
            }
            (_, Some(true)) if depth > 0 => {
                let above = rows
                    .iter()
                    .take(inside.row)
                    .rposition(|row| nodes.get(*row).is_some_and(|node| node.depth < depth));
                inside.row = above.unwrap_or(inside.row);
                seen()
            }
            _ => Outcome::default(),
        }
    }

    /// The text of the value that is pointed at, as it is copied.
    pub(super) fn value_text(&self) -> Option<String> {
        let inside = self.opened.as_ref()?;
        match inside.content.as_ref()? {
            Content::Draws(draws, _) => draws.get(inside.row).cloned(),
            Content::Tree(nodes, root) => {
                let path = &nodes.get(inside.chosen()?)?.path;
                let value = path.iter().try_fold(root, |value, at| {
                    let at = usize::try_from(*at).ok()?;
                    match value {
                        Value::Array(items) => items.get(at),
                        Value::Object(map) => map.values().nth(at),
                        _ => None,
                    }
                });
                Some(match value? {
                    // what is pasted into a terminal must do no harm there
                    Value::String(text) => text.lines().map(clean).collect::<Vec<_>>().join("\n"),
                    other => other.to_string(),
                })
            }
        }
    }
}

/// Whether two trees are of the same values, whatever is closed in them.
fn same(old: &[Node], new: &[Node]) -> bool {
    old.len() == new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| (&old.name, &old.text, old.depth) == (&new.name, &new.text, new.depth))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside(json: &str) -> Inside {
        Inside { spot: Spot::START, content: tree(json), row: 0 }
    }

    fn told(inside: &Inside) -> Vec<String> {
        inside
            .rows()
            .iter()
            .map(|(_, node)| format!("{}{}={}", "  ".repeat(node.depth), node.name, node.text))
            .collect()
    }

    #[test]
    fn a_tree_keeps_the_order_of_its_keys_and_closes_what_lies_deep() {
        let inside = inside(r#"{"b":1,"a":{"x":[1,{"deep":"é"}],"y":null},"t":"a \"q\""}"#);
        assert_eq!(
            told(&inside),
            ["b=1", "a={2}", "  x=[2]", "    [0]=1", "    [1]={1}", "  y=null", "t=a \"q\""]
        );
    }

    #[test]
    fn what_a_value_hides_behind_escapes_is_taken_out() {
        let inside = inside(r#"{"a\u001b[2J":"x\u202ey\u001b]52;c;eA==\u0007z"}"#);
        let told = told(&inside).join("");
        assert!(
            told.starts_with('a') && !told.contains(|c: char| c.is_control() || c == '\u{202e}'),
            "{told:?}"
        );
    }

    #[test]
    fn what_is_no_json_and_what_is_large_does_no_harm() {
        assert_eq!(tree("{\"a\":"), None);
        let many = format!("[{}]", vec!["1"; NODES * 2].join(","));
        assert_eq!(inside(&many).len(), NODES);
        let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
        assert_eq!(tree(&deep), None, "nothing is nested so deep by those who mean it");
    }
}
