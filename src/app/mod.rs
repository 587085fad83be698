//! What the user sees and did, as data: `update` is the only place where it changes. Pure: time, keys and news come in as
//! messages, and what is to be done outside goes out as effects.

pub mod age;
pub mod binding;
pub mod cross;
pub mod effect;
pub mod help;
pub mod key;
pub mod layout;
pub mod lens;
pub mod line;
pub mod logs;
pub mod msg;
pub mod page;
pub mod state;
pub mod update;
pub mod wrap;
