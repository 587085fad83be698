//! What a row of JSON says beside its text: enough to filter by, at the price of one look.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::stamp::Stamp;
use crate::parse::jsonl::time::iso;
use crate::parse::logjson::quote_not_finite;

/// The keys that filters ask for.
#[derive(Debug, Deserialize)]
struct Keys<'a> {
    #[serde(borrow, alias = "timestamp", alias = "time", alias = "asctime")]
    ts: Option<&'a RawValue>,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    correlation_id: Option<&'a RawValue>,
    #[serde(borrow)]
    rank: Option<&'a RawValue>,
    #[serde(borrow, alias = "context", alias = "extra")]
    fields: Option<Inner<'a>>,
}

/// The same keys one level down.
#[derive(Debug, Default, Deserialize)]
struct Inner<'a> {
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    correlation_id: Option<&'a RawValue>,
    #[serde(borrow)]
    rank: Option<&'a RawValue>,
}

/// What a row says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) time: Option<Stamp>,
    pub(super) event: Option<String>,
    pub(super) correlation_id: Option<String>,
    pub(super) rank: Option<u32>,
}

/// Reads a row; what is no object says nothing.
pub(super) fn read(row: &str) -> Said {
    if !row.starts_with('{') {
        return Said::default();
    }
    let row = quote_not_finite(row);
    let Ok(keys) = serde_json::from_str::<Keys<'_>>(&row) else { return Said::default() };
    let inner = keys.fields.unwrap_or_default();
    Said {
        time: keys.ts.and_then(text).and_then(|text| iso(&text)),
        event: keys.event.or(inner.event).and_then(text),
        correlation_id: keys.correlation_id.or(inner.correlation_id).and_then(text),
        rank: keys.rank.or(inner.rank).and_then(text).and_then(|text| text.parse().ok()),
    }
}

fn text(value: &RawValue) -> Option<String> {
    let raw = value.get();
    if raw == "null" {
        return None;
    }
    if raw.starts_with('"') {
        return serde_json::from_str::<Cow<'_, str>>(raw).ok().map(Cow::into_owned);
    }
    Some(raw.to_owned())
}
