//! The thread that writes: what it has to tell next, and when the run is over.

use std::fs;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use super::Plan;
use super::log::Log;
use super::log::Looked;
use super::mail::Mail;
use super::mail::News;
use super::paper::Paper;
use crate::clock::Clock;
use crate::clock::SystemClock;
use crate::model::owner::Owners;
use crate::model::run::Run;
use crate::model::run::Source;
use crate::model::run::Verdict;
use crate::model::stamp::Stamp;
use crate::model::state::State;
use crate::parse::clean::clean;
use crate::report::follow;
use crate::report::follow::Gate;
use crate::report::follow::Said;
use crate::report::follow::Tone;
use crate::report::follow::Verbosity;
use crate::report::follow::outcome;
use crate::report::say::say;
use crate::track::judge::judge;

/// Two redraws of the line at the bottom are at least this far apart.
const FRAME: Duration = Duration::from_millis(100);
/// A run that says that it is over must have been silent for as long: last words come late.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// The same while a process still owns it.
const OWNED: Duration = Duration::from_secs(10);
/// How often standard input is asked whether it has ended.
const INPUT: Duration = Duration::from_millis(100);

pub(super) struct Writer {
    plan: Plan,
    paper: Paper,
    clock: SystemClock,
    log: Option<Log>,
    run: Option<Arc<Run>>,
    gate: Gate,
    /// All that was there at the start has been understood.
    level: bool,
    /// The last state that was told.
    state: Option<State>,
    /// When the log or the run last changed before our eyes.
    moved: Option<Stamp>,
    gone: Option<Stamp>,
    drawn: Option<Stamp>,
    /// Newer figures wait for the frame to be over.
    owed: bool,
    /// What has been complained of, so that it is told once.
    told: Option<String>,
}

impl Writer {
    pub(super) fn new(plan: Plan) -> Self {
        let paper = Paper::new(plan.ink);
        Self {
            plan,
            paper,
            clock: SystemClock,
            log: None,
            run: None,
            gate: Gate::default(),
            level: false,
            state: None,
            moved: None,
            gone: None,
            drawn: None,
            owed: false,
            told: None,
        }
    }

    /// Writes until the run is over.
    pub(super) fn run(mut self, mail: &Mail) -> io::Result<u8> {
        let mut wait = None;
        loop {
            // asked before the files are looked at: what comes until the end is read then
            let ended = self.plan.input_ended.as_ref().is_some_and(|ended| ended());
            let news = mail.take(wait);
            let now = self.clock.now();
            self.take_in(news, now)?;
            self.read_log(ended, now)?;
            let ended = ended && self.is_all_read();
            let verdict = self.judge(ended, now);
            if let Some(verdict) = &verdict {
                self.tell_state(verdict)?;
                if let Some(code) = self.over(verdict, ended, now) {
                    return self.close(verdict, code);
                }
                self.progress(verdict, false, now);
            } else if self.gone.is_some_and(|gone| now.since(gone) >= LAST_WORDS) {
                return self.lost();
            }
            self.paper.flush()?;
            wait = self.patience(verdict.as_ref(), now);
        }
    }

    /// Whether the engine knows all that is in the files by now: what it told last may be of before the end.
    fn is_all_read(&self) -> bool {
        self.run.as_ref().is_none_or(|run| {
            let unread = |source: &Source| {
                fs::metadata(run.path_of(&source.path)).is_ok_and(|meta| meta.len() > source.read)
            };
            !run.sources.iter().any(unread)
        })
    }

    fn take_in(&mut self, news: News, now: Stamp) -> io::Result<()> {
        if let Some(problem) = news.problem {
            self.complain(&problem)?;
        }
        if news.gone {
            self.gone.get_or_insert(now);
        }
        if news.walked && self.run.is_none() && news.run.is_none() {
            self.gone.get_or_insert(now);
        }
        if let Some(run) = news.run {
            self.gone = None;
            if self.level && self.run.as_ref().is_some_and(|known| known.facts != run.facts) {
                self.moved = Some(now);
            }
            let run = match (&run.owners, &self.plan.owners) {
                (Owners::Unknown, known) if *known != Owners::Unknown => {
                    Arc::new(Run { owners: known.clone(), ..Run::clone(&run) })
                }
                _ => {
                    // the engine knows better from here on
                    self.plan.owners = Owners::Unknown;
                    run
                }
            };
            let (all, read) = run.bytes();
            self.level |= run.looked_at && all == read;
            self.run = Some(run);
        }
        if news.resized {
            self.paper.wipe();
            self.drawn = None;
        }
        Ok(())
    }

    /// Reads on in the log; the first time chooses it and tells its last lines.
    fn read_log(&mut self, ended: bool, now: Stamp) -> io::Result<()> {
        if self.log.is_none() && !self.open_log()? {
            return Ok(());
        }
        let Some(log) = &mut self.log else { return Ok(()) };
        let looked = log.look();
        let name = log.name().to_owned();
        match looked {
            Looked::Quiet => self.told = None,
            Looked::Restarted(how) => {
                self.gate.reset();
                self.complain(&format!("{name}: {how}; going on from its beginning"))?;
            }
            Looked::Gone => return self.complain(&format!("{name}: gone; waiting for it to come back")),
            Looked::Failed(error) => return self.complain(&format!("{name}: cannot be read: {error}")),
        }
        let Self { log: Some(log), paper, moved, .. } = self else { return Ok(()) };
        let look = paper.look();
        let mut failed = None;
        let read = log.on(ended, look, &mut |said| {
            paper.line(&said);
            *moved = Some(now);
            if paper.is_full()
                && let Err(error) = paper.flush()
            {
                failed = Some(error);
            }
            failed.is_none()
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if let Err(error) = read {
            return self.complain(&format!("{name}: cannot be read: {error}"));
        }
        Ok(())
    }

    /// Chooses the log of the run and tells its last lines. Returns whether there is one.
    fn open_log(&mut self) -> io::Result<bool> {
        let Some(run) = self.run.clone().filter(|run| run.looked_at) else { return Ok(false) };
        let Some(main) = run.main_log() else {
            if self.level && self.plan.verbosity > Verbosity::Quiet {
                self.complain("no log among its files: only its progress can be told")?;
            }
            return Ok(false);
        };
        let others: Vec<String> = run
            .sources
            .iter()
            .filter(|source| source.is_log() && source.path != main.path)
            .map(|source| clean(&source.path).into_owned())
            .collect();
        let name = clean(&main.path).into_owned();
        if !others.is_empty() && self.plan.verbosity > Verbosity::Quiet {
            let more = if others.len() > 5 { ", …" } else { "" };
            let others = others.into_iter().take(5).collect::<Vec<_>>().join(", ");
            self.complain(&format!("following {name}; not shown: {others}{more}"))?;
        }
        let mut log =
            Log::new(run.path_of(&main.path), name, self.plan.verbosity, self.plan.redactor.clone());
        if let Looked::Failed(error) = log.look() {
            self.complain(&format!("{}: cannot be read: {error}", log.path().display()))?;
        }
        let said = log.last(self.plan.lines, self.paper.look());
        match said {
            Ok(said) => said.iter().for_each(|said| self.paper.line(said)),
            Err(error) => self.complain(&format!("{}: cannot be read: {error}", log.path().display()))?,
        }
        self.log = Some(log);
        self.paper.flush()?;
        Ok(true)
    }

    /// The run's state as of now; `None` while nothing is known of it.
    fn judge(&self, ended: bool, now: Stamp) -> Option<Verdict> {
        let run = self.run.as_ref().filter(|run| run.looked_at)?;
        let verdict = judge(run, &self.plan.rules, now);
        // with its pipe closed nobody writes it any more, however young its words are
        if !ended || !self.level || verdict.state.is_finished() {
            return Some(verdict);
        }
        let because = run.facts.work_left_because.as_ref().filter(|_| run.facts.work_left == Some(true));
        Some(match because {
            Some(because) => Verdict {
                state: State::Interrupted,
                reason: format!("standard input ended: {because}"),
                outdated: false,
                until: None,
            },
            None => Verdict {
                state: State::Unknown,
                reason: "standard input ended, and nothing in it tells whether the work was done".to_owned(),
                outdated: false,
                until: None,
            },
        })
    }

    /// Tells that the run has stalled, or goes on.
    fn tell_state(&mut self, verdict: &Verdict) -> io::Result<()> {
        if !self.level || self.state == Some(verdict.state) {
            return Ok(());
        }
        let before = self.state.replace(verdict.state);
        if self.plan.verbosity == Verbosity::Quiet || self.plan.ends_on_stall {
            return Ok(());
        }
        match (before, verdict.state) {
            (_, State::Stalled) => {
                self.complain(&format!("stalled: {}; waiting for more", clean(&verdict.reason)))
            }
            (Some(State::Stalled), State::Running) => self.complain("it goes on"),
            (None, State::Queued) => self.complain("queued: waiting for it to begin"),
            _ => Ok(()),
        }
    }

    /// The exit code, when the run is over.
    fn over(&self, verdict: &Verdict, ended: bool, now: Stamp) -> Option<u8> {
        let run = self.run.as_ref()?;
        if !self.level {
            return None;
        }
        if ended {
            return Some(outcome::code(verdict.state));
        }
        if self.plan.input_ended.is_some() {
            return None;
        }
        let stalled = verdict.state == State::Stalled && self.plan.ends_on_stall;
        if !stalled && !outcome::is_over(verdict.state) {
            return None;
        }
        let silent = self.silent(run, now);
        let enough = if verdict.state.is_finished() { patience_with(run) } else { Duration::ZERO };
        (silent >= enough).then(|| outcome::code(verdict.state))
    }

    /// How long nothing has changed: by the times of the files, and by what was seen to change.
    fn silent(&self, run: &Run, now: Stamp) -> Duration {
        let written = run.last_write.filter(|at| *at <= now);
        // a file from the future was written as long ago as it was found
        let seen = if written.is_none() { self.moved.or(self.drawn) } else { self.moved };
        [written, seen].into_iter().flatten().map(|at| now.since(at)).min().unwrap_or(Duration::MAX)
    }

    fn progress(&mut self, verdict: &Verdict, last: bool, now: Stamp) {
        let Some(run) = self.run.clone().filter(|_| self.level) else { return };
        if self.plan.verbosity == Verbosity::Quiet {
            return;
        }
        if self.paper.in_place() {
            let due = self.drawn.is_none_or(|drawn| now.since(drawn) >= FRAME) || !self.paper.has_bottom();
            self.owed = !last && !due;
            if self.owed {
                return;
            }
            if let Some(line) = follow::progress(&run, verdict, self.paper.look()) {
                self.paper.bottom(&line);
                self.drawn = Some(now);
            }
        } else if self.gate.lets_through(&run)
            && let Some(text) = follow::progress(&run, verdict, self.paper.look())
        {
            self.paper.line(&Said { text, tone: Tone::Plain });
        }
    }

    /// Tells the rest and the outcome.
    fn close(&mut self, verdict: &Verdict, code: u8) -> io::Result<u8> {
        let Self { log, paper, .. } = self;
        if let Some(log) = log {
            let look = paper.look();
            // what cannot be read now was complained of
            let _ = log.on(true, look, &mut |said| {
                paper.line(&said);
                true
            });
        }
        self.progress(verdict, true, self.clock.now());
        self.paper.keep_bottom();
        self.paper.line(&outcome::line(verdict));
        self.paper.flush()?;
        Ok(code)
    }

    /// The run is no more.
    fn lost(&mut self) -> io::Result<u8> {
        self.paper.keep_bottom();
        self.complain("the run is gone: its files are no longer there")?;
        Ok(outcome::code(State::Unknown))
    }

    /// Says something beside the lines, once.
    fn complain(&mut self, what: &str) -> io::Result<()> {
        if self.told.as_deref() == Some(what) {
            return Ok(());
        }
        self.told = Some(what.to_owned());
        self.paper.wipe();
        self.drawn = None;
        self.paper.flush()?;
        (self.plan.complain)(&say(what));
        Ok(())
    }

    /// How long nothing happens by itself.
    fn patience(&self, verdict: Option<&Verdict>, now: Stamp) -> Option<Duration> {
        let mut waits: Vec<Duration> = Vec::new();
        if let Some(gone) = self.gone {
            waits.push(LAST_WORDS.saturating_sub(now.since(gone)));
        }
        if self.plan.input_ended.is_some() {
            waits.push(INPUT);
        }
        if let Some(verdict) = verdict {
            // a moment that has passed changed nothing
            waits.extend(verdict.until.filter(|until| *until > now).map(|until| until.since(now)));
            if let Some(run) = self.run.as_ref().filter(|_| verdict.state.is_finished()) {
                waits.push(patience_with(run).saturating_sub(self.silent(run, now)));
            }
        }
        if let Some(drawn) = self.drawn.filter(|_| self.owed) {
            waits.push(FRAME.saturating_sub(now.since(drawn)));
        }
        waits.into_iter().min().map(|wait| wait.max(Duration::from_millis(1)))
    }
}

/// How long a run that says that it is over has to be silent.
fn patience_with(run: &Run) -> Duration {
    if run.owners.live().is_empty() { LAST_WORDS } else { OWNED }
}
