//! The one gate through which text of a log leaves for the command line: what must not get out is taken out here.

use std::borrow::Cow;

/// `text`, which is safe to draw already, as it may be printed.
pub fn say(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
