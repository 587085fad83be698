//! Logs, names and figures that would like to speak to the terminal. None of their sequences may reach it.
