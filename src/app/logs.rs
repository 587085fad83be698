//! The log pane's state.
