//! The one gate through which text of a log leaves for the command line.
//!
//! Rows come without their secrets already; what is put together of several places (a reason, a progress line) is looked at here
//! once more. A mask stays a mask.

use std::borrow::Cow;

use crate::parse::redact::Redactor;

/// `text`, which is safe to draw already, as it may be printed.
pub fn say(text: &str) -> Cow<'_, str> {
    Redactor::default().redact(text).into_text()
}
