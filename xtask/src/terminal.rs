//! Says what happens: one line per step, alive while it runs, with its duration when it is done.
//!
//! On a terminal the line is rewritten in place; in a log a sign of life is printed now and then.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often a long step gives a sign of life in a log.
const LOG_INTERVAL: Duration = Duration::from_secs(20);

static IS_VERBOSE: AtomicBool = AtomicBool::new(false);

/// Lets every line of the programs through from now on.
pub fn set_verbose(is_verbose: bool) {
    IS_VERBOSE.store(is_verbose, Ordering::Relaxed);
}

pub fn is_verbose() -> bool {
    IS_VERBOSE.load(Ordering::Relaxed)
}

/// Whether a person watches, so that lines may be rewritten and coloured.
pub fn is_interactive() -> bool {
    std::io::stderr().is_terminal()
}

/// Prints a line that belongs to no step.
pub fn say(line: &str) {
    // The line of a step under way is written again below it.
    let start = if is_interactive() { "\r\x1b[K" } else { "" };
    eprintln!("{start}{line}");
}

/// A step under way. Ends with [`Step::done`] or [`Step::failed`]; dropped, it counts as failed.
pub struct Step {
    title: String,
    started: Instant,
    detail: Arc<Mutex<String>>,
    /// Dropping the sender stops the ticker.
    ticker: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Step {
    pub fn start(title: &str) -> Step {
        let (title, started, detail) = (title.to_owned(), Instant::now(), Arc::new(Mutex::new(String::new())));
        let (stop, stopped) = mpsc::channel::<()>();
        let ticker = std::thread::spawn({
            let (title, detail) = (title.clone(), Arc::clone(&detail));
            move || {
                // In a log, a step that is over at once needs no line about its start.
                let mut interval = Duration::from_millis(if is_interactive() { 150 } else { 1_000 });
                while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                    let detail = detail.lock().expect("no one panics while holding a string").clone();
                    draw_progress(&title, started.elapsed(), &detail);
                    if !is_interactive() {
                        interval = LOG_INTERVAL;
                    }
                }
            }
        });
        if is_interactive() || is_verbose() {
            draw_progress(&title, Duration::ZERO, "");
        }
        Step { title, started, detail, ticker: Some((stop, ticker)) }
    }

    /// What is being done right now, such as the last line that a program printed.
    pub fn set_detail(&self, detail: &str) {
        *self.detail.lock().expect("no one panics while holding a string") = detail.to_owned();
    }

    /// Ends the step well. `note` is what is worth knowing about it, and may be empty. Returns how long it took.
    pub fn done(mut self, note: &str) -> Duration {
        self.end("✓", note)
    }

    /// Ends the step badly. Returns how long it took.
    pub fn failed(mut self, note: &str) -> Duration {
        self.end("✗", note)
    }

    fn end(&mut self, mark: &str, note: &str) -> Duration {
        let elapsed = self.started.elapsed();
        let Some((stop, ticker)) = self.ticker.take() else { return elapsed };
        drop(stop);
        ticker.join().expect("the ticker only prints");
        if is_interactive() {
            eprint!("\r\x1b[K");
        }
        eprintln!("{}", step_line(mark, &self.title, note, elapsed));
        elapsed
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.end("✗", "");
    }
}

/// `  ✓ trunk 0.21.14            cached      0.1 s`
pub fn step_line(mark: &str, title: &str, note: &str, elapsed: Duration) -> String {
    format!("  {mark} {title:<28} {note:<44} {:>9}", duration_text(elapsed))
}

/// `0.4 s`, `12 s`, `2 m 05 s`.
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 9.95 {
        return format!("{seconds:.1} s");
    }
    match seconds.round() as u64 {
        short @ ..60 => format!("{short} s"),
        long => format!("{} m {:02} s", long / 60, long % 60),
    }
}

/// The text without terminal colours and control characters.
pub fn plain_text(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            // A colour is `ESC [ digits m`; any letter ends the sequences that programs print.
            '\x1b' => while chars.next().is_some_and(|next| !next.is_ascii_alphabetic()) {},
            '\t' => plain.push(' '),
            other if other.is_control() => {}
            other => plain.push(other),
        }
    }
    plain
}

fn draw_progress(title: &str, elapsed: Duration, detail: &str) {
    let line = format!("  … {title:<28} {:>9}  {detail}", duration_text(elapsed));
    if is_verbose() {
        if elapsed.is_zero() {
            eprintln!("{line}");
        }
    } else if is_interactive() {
        // Longer lines would wrap and could then not be rewritten.
        let short: String = line.chars().take(100).collect();
        eprint!("\r\x1b[K{short}");
        // Nothing is lost when a sign of life cannot be shown.
        std::io::stderr().flush().ok();
    } else {
        eprintln!("{}", line.trim_end());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_duration(millis: u64, expected: &str) {
        assert_eq!(duration_text(Duration::from_millis(millis)), expected);
    }

    #[test]
    fn durations_read_well_at_every_size() {
        check_duration(0, "0.0 s");
        check_duration(1_234, "1.2 s");
        check_duration(9_960, "10 s");
        check_duration(59_999, "1 m 00 s");
        check_duration(125_000, "2 m 05 s");
    }

    #[test]
    fn colours_are_taken_out_of_a_line() {
        assert_eq!(plain_text("\x1b[1m\x1b[32m   Compiling\x1b[0m serde\tv1\r"), "   Compiling serde v1");
    }
}
