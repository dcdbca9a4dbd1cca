//! Keeps the count of a test run: steps with their times, tests that passed, failed or were skipped, and the last line.

use crate::{Done, machine};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// No step takes longer than this: a hung browser must not cost the whole run.
const STEP_LIMIT: Duration = Duration::from_secs(20 * 60);

/// What happened so far.
pub(crate) struct Report {
    strict: bool,
    started: Instant,
    tests: Count,
    troubles: Vec<String>,
    absent: Vec<String>,
}

/// Tests counted in a program's output.
#[derive(Debug, Default, PartialEq, Clone, Copy)]
pub(crate) struct Count {
    passed: u64,
    failed: u64,
    skipped: u64,
}

impl Report {
    pub(crate) fn new(strict: bool) -> Self {
        Self { strict, started: Instant::now(), tests: Count::default(), troubles: Vec::new(), absent: Vec::new() }
    }

    /// Runs the steps of a stage and says how long they took.
    pub(crate) fn stage(&mut self, name: &str, steps: impl FnOnce(&mut Self)) {
        let start = Instant::now();
        println!("── {name} ──");
        steps(self);
        println!("── {name} took {:.1} s ──\n", start.elapsed().as_secs_f64());
    }

    /// A program that is right or wrong as a whole, such as a formatter.
    pub(crate) fn check(&mut self, name: &str, command: Done<Command>) {
        self.step(name, command, false);
    }

    /// A program that runs tests; one that ran none has failed.
    pub(crate) fn tests(&mut self, name: &str, command: Done<Command>) {
        self.step(name, command, true);
    }

    /// Something found out without a program.
    pub(crate) fn found<T>(&mut self, name: &str, done: Done<T>) -> Option<T> {
        match done {
            Ok(found) => {
                self.tests.passed += 1;
                Some(found)
            }
            Err(why) => {
                self.trouble(name, &why);
                None
            }
        }
    }

    /// How many steps failed so far.
    pub(crate) fn troubles(&self) -> usize {
        self.troubles.len()
    }

    /// Something that this machine can't run.
    pub(crate) fn skip(&mut self, what: &str, reason: &str) {
        println!("SKIPPED {what}: {reason}");
        self.tests.skipped += 1;
    }

    /// Something that no registry has and that this machine was not given: said loudly, and no failure even under `--strict`.
    pub(crate) fn absent(&mut self, what: &str, reason: &str) {
        println!("NOT RUN {what}: {reason}");
        self.absent.push(what.into());
    }

    /// Prints the closing lines; an error when anything failed, or was skipped under `--strict`.
    pub(crate) fn end(self) -> Done {
        println!("all stages took {:.0} s", self.started.elapsed().as_secs_f64());
        for trouble in &self.troubles {
            println!("FAILED {trouble}");
        }
        for what in &self.absent {
            println!("NOT RUN {what} (the reason stands above)");
        }
        let Count { passed, failed, skipped } = self.tests;
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        match (failed, skipped) {
            (0, 0) => Ok(()),
            (0, _) if !self.strict => Ok(()),
            (0, skipped) => Err(format!("{skipped} skipped, which --strict doesn't allow")),
            (failed, _) => Err(format!("{failed} failed")),
        }
    }

    fn step(&mut self, name: &str, command: Done<Command>, runs_tests: bool) {
        let start = Instant::now();
        let done = command.and_then(relay);
        let seconds = start.elapsed().as_secs_f64();
        match done {
            Err(why) => self.trouble(name, &why),
            Ok((count, ended_well)) => {
                self.tests.add(count);
                let nothing = count == Count::default();
                if count.skipped > 0 {
                    println!("SKIPPED {name}: {} of its tests", count.skipped);
                }
                if !ended_well && count.failed == 0 {
                    self.trouble(name, "ended with an error");
                } else if count.failed > 0 {
                    self.troubles.push(format!("{name}: {} tests", count.failed));
                } else if nothing && runs_tests {
                    self.trouble(name, "ran no test");
                } else if nothing {
                    self.tests.passed += 1;
                }
            }
        }
        println!("{name}: {seconds:.1} s");
    }

    fn trouble(&mut self, name: &str, why: &str) {
        self.tests.failed += 1;
        println!("FAILED {name}: {why}");
        self.troubles.push(format!("{name}: {}", why.lines().next().unwrap_or_default()));
    }
}

impl Count {
    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Adds what one line of cargo's, wasm-bindgen's or Node's test runner says.
    fn read(&mut self, line: &str) {
        if let Some(told) = line.trim_start().strip_prefix("test result:") {
            self.passed += before(told, " passed");
            self.failed += before(told, " failed");
        } else if let Some(told) = line.strip_prefix("ℹ ") {
            match told.split_once(' ') {
                Some(("pass", n)) => self.passed += n.trim().parse().unwrap_or(0),
                Some(("fail" | "cancelled", n)) => self.failed += n.trim().parse().unwrap_or(0),
                Some(("skipped" | "todo", n)) => self.skipped += n.trim().parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

/// The number that stands before a word: `before("ok. 12 passed; 0 failed", " passed")` is 12.
fn before(told: &str, word: &str) -> u64 {
    let number = told.split_once(word).and_then(|(front, _)| front.rsplit(' ').next());
    number.and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Runs a program, showing what it prints and counting the tests in it; tells whether it ended well.
fn relay(mut command: Command) -> Done<(Count, bool)> {
    let name = machine::named(&command);
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|why| format!("{name} didn't start: {why}"))?;
    let lines = lines_of(&mut child);
    let end = Instant::now() + STEP_LIMIT;
    let mut count = Count::default();
    loop {
        match lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                println!("{line}");
                count.read(&line);
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                return Err(format!("{name} took longer than {} minutes", STEP_LIMIT.as_secs() / 60));
            }
        }
    }
    let status = child.wait().map_err(|why| format!("{name} was lost: {why}"))?;
    Ok((count, status.success()))
}

fn lines_of(child: &mut Child) -> mpsc::Receiver<String> {
    let (tell, told) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            let mut line = Vec::new();
            while out.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                if tell.send(String::from_utf8_lossy(&line).trim_end().to_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_of_each_runner_are_counted() {
        let mut count = Count::default();
        count.read("test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out; finished in 0.01s");
        count.read("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out; finished in 0.20s");
        for line in ["ℹ pass 5", "ℹ fail 1", "ℹ cancelled 1", "ℹ skipped 2", "ℹ duration_ms 81", "✔ fine (1 ms)"] {
            count.read(line);
        }
        assert_eq!(count, Count { passed: 18, failed: 4, skipped: 2 });
    }

    #[test]
    fn a_skip_fails_only_when_strict() {
        for (strict, ends_well) in [(false, true), (true, false)] {
            let mut report = Report::new(strict);
            report.skip("browser", "there is none");
            assert_eq!(report.end().is_ok(), ends_well);
        }
    }

    #[test]
    fn a_runner_that_ran_no_test_has_failed() {
        let mut report = Report::new(false);
        report.tests("nothing", Ok(Command::new("true")));
        assert!(report.end().is_err());
    }

    #[test]
    fn a_program_that_fails_or_is_missing_fails_the_run() {
        for program in ["false", "no-such-program-here"] {
            let mut report = Report::new(false);
            report.check(program, Ok(Command::new(program)));
            assert!(report.end().is_err(), "{program}");
        }
    }
}
