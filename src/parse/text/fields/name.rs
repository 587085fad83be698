//! Which of the words before a figure are its name: a sentence may lead up to it, and another name may end right before it.

use super::Walk;

impl<'a> Walk<'a, '_> {
    /// Whether all that waits says only on which data the figure was taken.
    pub(super) fn qualified(&mut self) -> bool {
        self.pending.iter().all(|token| self.words.look(token.text).qualifier)
    }

    /// The name that the last `pending` tokens (and `head`, the one at hand) make up.
    pub(super) fn name(&mut self, head: Option<(&'a str, usize)>) -> &'a str {
        // `====> Test set loss: 0.5`
        while let Some(sign) = self.pending.first().filter(|t| !t.text.contains(char::is_alphanumeric)) {
            self.out.loose.push(sign.text);
            self.pending.remove(0);
        }
        let waiting = self.pending.len() + usize::from(head.is_some());
        self.torn = false;
        let mut first = 0;
        for (i, token) in self.pending.iter().enumerate() {
            // what stands before the end of a sentence is no part of what follows: `Solved in 312 episodes! Average score 195.2`
            if self.words.look(token.text).link || token.text.ends_with(['!', '?']) {
                first = i + 1;
            }
        }
        let twofold = self.pending.iter().any(|t| t.text == "/");
        // `Num batches each epoch = 10`
        let from = self.pending.get(first).map(|token| token.start);
        let until = head
            .map(|(text, start)| start + text.len())
            .or_else(|| self.pending.last().map(|token| token.start + token.text.len()));
        let whole = from.zip(until).and_then(|(from, until)| self.body.get(from..until));
        let twofold = twofold || whole.is_some_and(|whole| self.words.look(whole).total.is_some());
        // `elapsed time per iteration (ms): 12.3`
        let unit = head.is_some_and(|(text, _)| text.starts_with('('));
        if waiting - first > 3 && !twofold && !unit {
            // a sentence: only what surely belongs to the name stays with it
            self.torn = true;
            first = self.pending.len();
            while let Some(before) = first.checked_sub(1).and_then(|i| self.pending.get(i)) {
                let keep =
                    self.words.look(before.text).qualifier || (head.is_none() && first == self.pending.len());
                if !keep {
                    break;
                }
                first -= 1;
            }
        }
        if head.is_some_and(|(text, _)| text.starts_with('[')) {
            // `training [time: 1.23s, train loss: 0.5]`
            first = self.pending.len();
        }
        let start = self.pending.get(first).map(|t| t.start).or(head.map(|(_, start)| start));
        let end = head
            .map(|(text, start)| start + text.len())
            .or_else(|| self.pending.last().map(|t| t.start + t.text.len()));
        for token in self.pending.drain(..first) {
            self.out.loose.push(token.text);
        }
        self.pending.clear();
        let name = start.zip(end).and_then(|(s, e)| self.body.get(s..e)).unwrap_or("");
        // `Namespace(epochs=90, …`
        let name = match name.rsplit_once('(') {
            Some((call, inside)) if !inside.contains(')') && !inside.is_empty() && !call.contains(' ') => {
                inside
            }
            _ => name,
        };
        let name = name.trim_start_matches(|c: char| !c.is_ascii() && !c.is_alphanumeric());
        // `[Training] CrossEntropy = 0.1`
        let name = match name.split_once("] ") {
            Some((data, measure)) if data.trim_start_matches('[') == "Training" => measure,
            _ => name,
        };
        name.trim_matches(|c: char| {
            matches!(
                c,
                '\'' | '"'
                    | '`'
                    | '('
                    | '['
                    | '{'
                    | '<'
                    | ':'
                    | '='
                    | ' '
                    | '*'
                    | '#'
                    | '>'
                    | ']'
                    | '}'
                    | '.'
            )
        })
    }
}
