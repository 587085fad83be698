//! One pattern: compiled within bounds, refused with a reason when it cannot do what its author means.

use regex::Regex;
use regex::RegexBuilder;
use regex_syntax::ast::Ast;
use regex_syntax::ast::GroupKind;
use regex_syntax::ast::RepetitionKind;
use regex_syntax::ast::RepetitionRange;

use super::groups::Group;

/// Compiled patterns are kept below this size, so that none can fill memory.
const SIZE_LIMIT: usize = 1 << 20;

/// A pattern and what its groups hold.
#[derive(Debug, Clone)]
pub struct Pattern {
    regex: Regex,
    /// Numbers of the named groups, with what they hold, in the order they stand.
    pub(super) groups: Vec<(usize, Group)>,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.regex.as_str() == other.regex.as_str()
    }
}

/// Why a text is no pattern that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// What is wrong, in one line.
    pub what: String,
    /// Where in the pattern, in bytes, when it is wrong at one place.
    pub at: Option<usize>,
}

impl Unfit {
    fn new(what: impl Into<String>, at: Option<usize>) -> Self {
        Self { what: what.into(), at }
    }
}

/// How much of a pattern fits a line that the whole pattern does not match.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fit {
    /// Where in the line the fitting part ends, in bytes.
    pub line: usize,
    /// The first part of the pattern that no longer fits.
    pub wants: String,
}

impl Pattern {
    /// Compiles a pattern that reads lines.
    pub fn new(text: &str) -> Result<Self, Unfit> {
        let pattern = Self::compile(text)?;
        let has = |wanted: &Group| pattern.groups.iter().any(|(_, group)| group == wanted);
        for (_, group) in &pattern.groups {
            let lacking = match group {
                Group::Name(number) if !has(&Group::Value(*number)) => ("name", "value", number),
                Group::Value(number) if !has(&Group::Name(*number)) => ("value", "name", number),
                _ => continue,
            };
            let (one, other, number) = lacking;
            let number = if *number == 1 { String::new() } else { number.to_string() };
            return Err(Unfit::new(
                format!(
                    "a group `{one}{number}` needs a group `{other}{number}`: the two are a metric's name and its figure"
                ),
                None,
            ));
        }
        Ok(pattern)
    }

    /// Compiles the pattern of one metric inside of the group `pairs`: it has the groups `name` and `value` and no other.
    pub fn pair(text: &str) -> Result<Self, Unfit> {
        let pattern = Self::compile(text)?;
        let mut groups: Vec<&Group> = pattern.groups.iter().map(|(_, group)| group).collect();
        groups.sort_by_key(|group| matches!(group, Group::Value(_)));
        if groups == [&Group::Name(1), &Group::Value(1)] {
            return Ok(pattern);
        }
        Err(Unfit::new("it must have the groups `name` and `value`, and no other", None))
    }

    fn compile(text: &str) -> Result<Self, Unfit> {
        let parsed = regex_syntax::ast::parse::Parser::new().parse(text);
        let ast =
            parsed.map_err(|error| Unfit::new(error.kind().to_string(), Some(error.span().start.offset)))?;
        if let Some((name, at)) = repeated(&ast, false) {
            let what = format!(
                "the group `{name}` is inside of a repetition, of which only the last turn would be read; \
                 take all turns in as a group `pairs`"
            );
            return Err(Unfit::new(what, Some(at)));
        }
        let built = RegexBuilder::new(text).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT * 4).build();
        let regex = built.map_err(|error| match (&error, regex_syntax::parse(text)) {
            (regex::Error::CompiledTooBig(_), _) => Unfit::new("the pattern is too large", None),
            (_, Err(regex_syntax::Error::Translate(error))) => {
                Unfit::new(error.kind().to_string(), Some(error.span().start.offset))
            }
            _ => Unfit::new("not a regular expression", None),
        })?;
        let groups = regex.capture_names().enumerate();
        let groups = groups.filter_map(|(number, name)| Some((number, Group::of(name?)))).collect();
        Ok(Self { regex, groups })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        self.regex.as_str()
    }

    pub(super) fn regex(&self) -> &Regex {
        &self.regex
    }

    /// Names of its groups.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.regex.capture_names().flatten()
    }

    /// Whether it has a group `pairs`.
    pub fn has_pairs(&self) -> bool {
        self.groups.iter().any(|(_, group)| *group == Group::Pairs)
    }

    /// How far it fits a line, part by part; `None` when not even its first part does.
    pub fn fit(&self, line: &str) -> Option<Fit> {
        let text = self.text();
        let ast = regex_syntax::ast::parse::Parser::new().parse(text).ok()?;
        let Ast::Concat(parts) = &ast else { return None };
        // what only looks at its place (`^`) fits anywhere and explains nothing
        let first = parts.asts.iter().position(|part| !matches!(part, Ast::Assertion(_) | Ast::Flags(_)))?;
        for (number, part) in parts.asts.iter().enumerate().skip(first).rev() {
            let Some(last) = number.checked_sub(1).filter(|last| *last >= first) else { break };
            let span = parts.asts.get(last)?.span();
            let head = text.get(..span.end.offset)?;
            let Some(found) = Regex::new(head).ok().and_then(|head| head.find(line).map(|found| found.end()))
            else {
                continue;
            };
            // letters of a word are parts of their own: they are told together
            let rest = parts.asts.get(number..)?;
            let word = rest.iter().take_while(|part| matches!(part, Ast::Literal(_))).last();
            let end = word.unwrap_or(part).span().end.offset;
            return Some(Fit { line: found, wants: text.get(part.span().start.offset..end)?.to_owned() });
        }
        None
    }
}

/// A named group that may be passed through more than once, with its place. `inside`: a repetition stands around.
fn repeated(ast: &Ast, inside: bool) -> Option<(String, usize)> {
    match ast {
        Ast::Group(group) => match &group.kind {
            GroupKind::CaptureName { name, .. } if inside => {
                Some((name.name.clone(), group.span.start.offset))
            }
            _ => repeated(&group.ast, inside),
        },
        Ast::Repetition(repetition) => {
            let once = matches!(
                repetition.op.kind,
                RepetitionKind::ZeroOrOne
                    | RepetitionKind::Range(RepetitionRange::Exactly(1) | RepetitionRange::Bounded(0 | 1, 1))
            );
            repeated(&repetition.ast, inside || !once)
        }
        Ast::Concat(concat) => concat.asts.iter().find_map(|ast| repeated(ast, inside)),
        Ast::Alternation(alternation) => alternation.asts.iter().find_map(|ast| repeated(ast, inside)),
        _ => None,
    }
}
