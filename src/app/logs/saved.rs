//! Filters that are kept under a name, in the user's own folder.

use super::Input;
use super::LogPane;
use super::keys::seen;
use crate::app::effect::Deed;
use crate::app::effect::Effect;
use crate::app::effect::Errand;
use crate::app::effect::Named;
use crate::app::effect::Outcome;
use crate::app::key::Code;
use crate::app::key::Key;

/// The list of saved filters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Saved {
    /// The filters, once they are read.
    pub filters: Option<Vec<Named>>,
    /// The one that is pointed at.
    pub row: usize,
}

/// The longest name.
const NAME_MAX: usize = 60;

fn errand(deed: Deed) -> Outcome {
    Outcome { effects: vec![Effect::Errand(Errand::Filters(deed))], redraw: true }
}

impl LogPane {
    pub(super) fn begin_save(&mut self) -> Outcome {
        if self.filter.trim().is_empty() {
            self.said = Some("no filter to save: f filters".to_owned());
            return seen();
        }
        self.begin(Input::Name)
    }

    pub(super) fn save_as(&mut self, name: &str) -> Outcome {
        let name: String = name.chars().take(NAME_MAX).collect();
        if name.is_empty() {
            self.said = Some("not saved: it has no name".to_owned());
            return seen();
        }
        self.said = Some(format!("saved as {name}"));
        errand(Deed::Keep(Named { name, text: self.filter.trim().to_owned() }))
    }

    pub(super) fn list_saved(&mut self) -> Outcome {
        self.saved = Some(Saved::default());
        errand(Deed::List)
    }

    /// Takes the list in. Returns whether it is seen.
    pub fn know_filters(&mut self, filters: Vec<Named>) -> bool {
        let Some(saved) = &mut self.saved else { return false };
        saved.row = saved.row.min(filters.len().saturating_sub(1));
        saved.filters = Some(filters);
        true
    }

    pub(super) fn saved_key(&mut self, key: Key) -> Option<Outcome> {
        let saved = self.saved.as_mut()?;
        let count = saved.filters.as_ref().map_or(0, Vec::len);
        let chosen = saved.filters.as_ref().and_then(|all| all.get(saved.row)).cloned();
        if key.ctrl || key.alt {
            return None;
        }
        let to = match key.code {
            Code::Char('j') | Code::Down => saved.row + 1,
            Code::Char('k') | Code::Up => saved.row.saturating_sub(1),
            Code::Char('g') | Code::Home => 0,
            Code::Char('G') | Code::End => count,
            Code::Enter => {
                self.saved = None;
                let Some(named) = chosen else { return Some(seen()) };
                self.history.remember(Input::Filter, &named.text);
                return Some(self.filter_by(named.text));
            }
            Code::Char('x') | Code::Delete => {
                return Some(chosen.map_or_else(Outcome::default, |named| errand(Deed::Drop(named.name))));
            }
            Code::Char('s') => {
                self.saved = None;
                return Some(self.begin_save());
            }
            Code::Char('S') | Code::Esc => {
                self.saved = None;
                return Some(seen());
            }
            Code::Char('q' | '?' | '1' | '2' | '3' | 'z') => return None,
            Code::Char(_) => return Some(Outcome::default()),
            _ => return None,
        };
        let before = saved.row;
        saved.row = to.min(count.saturating_sub(1));
        Some(if saved.row == before { Outcome::default() } else { seen() })
    }
}
