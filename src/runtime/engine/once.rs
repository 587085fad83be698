//! Reads everything below some roots once, for `status` and `doctor`: no thread outlives the call.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use super::core::RunCore;
use super::warden;
use crate::clock::Clock;
use crate::model::owner::Owners;
use crate::model::run::Problem;
use crate::model::run::Run;
use crate::parse::redact::Redactor;
use crate::parse::user::UserFormats;
use crate::source::discover;
use crate::source::discover::Found;
use crate::source::discover::FoundRun;
use crate::source::discover::Root;

const BUFFER: usize = 128 << 10;

/// Every run below `roots`, read to its end (`taught`: what the user taught of lines), without the secrets that `redactor` finds, sorted by root and id; and what could not be read.
pub fn read_once(
    roots: &[Root],
    taught: &UserFormats,
    redactor: &Redactor,
    clock: &dyn Clock,
) -> (Vec<Arc<Run>>, Vec<Problem>) {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for (index, root) in (0..).zip(roots) {
        discover::walk(root, index, &|| false, &mut |one| match one {
            Found::Run(run) => found.push(run),
            Found::Problem(problem) => problems.push(problem),
        });
    }
    found.sort_by(|a, b| a.key.cmp(&b.key));
    let (mut runs, mut owners) = std::thread::scope(|scope| {
        let looking = scope.spawn(|| warden::look_once(&found));
        (read_all(&found, taught, redactor, clock), looking.join().unwrap_or_default())
    });
    for run in &mut runs {
        run.owners = owners.remove(&run.key).unwrap_or_default();
    }
    (runs.into_iter().map(Arc::new).collect(), problems)
}

/// The processes that own `found`, as of now.
pub fn owners_of(found: &FoundRun) -> Owners {
    warden::look_once(std::slice::from_ref(found)).remove(&found.key).unwrap_or_default()
}

fn read_all(found: &[FoundRun], taught: &UserFormats, redactor: &Redactor, clock: &dyn Clock) -> Vec<Run> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Run)>> = Mutex::new(Vec::with_capacity(found.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut buffer = vec![0; BUFFER];
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = found.get(at) else { return };
                    let run = read_run(
                        RunCore::whole(one.clone(), taught.clone(), redactor.clone()),
                        clock,
                        &mut buffer,
                    );
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, run));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, run)| run).collect()
}

/// One run, read to its end as of now: what is appended meanwhile is left for another time.
fn read_run(mut core: RunCore, clock: &dyn Clock, buffer: &mut [u8]) -> Run {
    core.look(&mut |_| ());
    while core.pump(buffer, u64::MAX, clock.now()).more {}
    core.set_looked_at();
    let run = core.picture();
    core.close();
    run
}
