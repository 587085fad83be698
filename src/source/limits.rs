//! Limits of the process that stand in the way of holding many logs open.

use rustix::process::Resource;
use rustix::process::Rlimit;

/// Raises the number of files that may be open to what the system allows, and tells what it is now. Shells start programs with
/// 1024 while the hard limit is far higher. A failure changes nothing: files are then closed and opened more often.
pub fn raise_open_files() -> Option<u64> {
    let limit = rustix::process::getrlimit(Resource::Nofile);
    if limit.current == limit.maximum {
        return limit.current;
    }
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    match rustix::process::setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_hard_one_afterwards() {
        let told = raise_open_files();
        let now = rustix::process::getrlimit(Resource::Nofile);
        assert_eq!((told, now.current), (now.maximum, now.maximum));
    }
}
