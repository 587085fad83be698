//! `trainmon logs`.
