//! Many transcripts as JSON lines: read, graded on all cores, written in their order.
//!
//! What is waiting is bounded at every step, so memory does not grow with the input, and a line's
//! report depends on that line alone, so the output is the same whatever the number of threads.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, IsTerminal, Read as _, Write},
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

use anyhow::Context as _;
use serde::Deserialize;

use super::{Asked, shipped};
use crate::assessment::{Rubric, Transcript, check_rubric, check_transcript, parse_json, text_of};

/// Longest line read, in bytes: a transcript of 5,000 turns with a case in full is far shorter.
const LONGEST_LINE: u64 = 32 << 20;
/// Lines read ahead of the last one written, for each thread: one slow line holds up the others only
/// after so many, and memory stays bounded.
const AHEAD: usize = 64;

/// One line of input.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    rubric: Option<Rubric>,
    case: Option<CaseReference>,
    transcript: Transcript,
}

/// A case by id, or in full.
#[derive(Deserialize)]
#[serde(untagged)]
enum CaseReference {
    Id(String),
    Full(Box<cases::Case>),
}

/// What is written for a transcript and a rubric, or why nothing is.
pub(super) type Work<'w> = &'w (dyn Fn(&Transcript, &Asked) -> Result<String, String> + Sync);

/// A line's number, from 1, and what is known of it.
type Numbered<T> = (usize, T);

/// Grades the lines of standard input on `threads` threads, keeping their order. A line that cannot be
/// graded is reported on standard error and the others go on; the exit status says so at the end.
pub(super) fn grade_lines(work: Work, threads: usize) -> anyhow::Result<ExitCode> {
    let input = BufReader::new(std::io::stdin());
    let failed = grade_all(work, threads.max(1), input, &mut std::io::stdout().lock())?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// True when a line failed.
fn grade_all(work: Work, threads: usize, input: impl BufRead + Send, out: &mut impl Write) -> anyhow::Result<bool> {
    let (lines, waiting) = mpsc::sync_channel::<Numbered<Result<Vec<u8>, String>>>(2 * threads);
    let (reports, done) = mpsc::channel::<Numbered<Result<String, String>>>();
    // A line is read only for a place given back by one that was written.
    let (leave, places) = mpsc::channel::<()>();
    (0..AHEAD * threads).try_for_each(|_| leave.send(())).context("starting")?;
    let waiting = Mutex::new(waiting);
    let closed = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(move || send_lines(input, &lines, &places));
        for _ in 0..threads {
            let (waiting, closed, reports) = (&waiting, &closed, reports.clone());
            scope.spawn(move || {
                while let Some((number, line)) = next(waiting) {
                    // When nobody reads any more, what was read is let go: the reader must not wait for ever.
                    if !closed.load(Ordering::Relaxed) {
                        let _gone = reports.send((number, line.and_then(|line| grade_line(work, &line))));
                    }
                }
            });
        }
        drop(reports);
        let failed = write_in_order(&done, &leave, out);
        closed.store(true, Ordering::Relaxed);
        drop((done, leave));
        let read = reader.join().unwrap_or_else(|_| Err(anyhow::anyhow!("reading standard input failed")));
        read.and(failed)
    })
}

fn next<T>(waiting: &Mutex<mpsc::Receiver<T>>) -> Option<T> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn send_lines(
    mut input: impl BufRead,
    lines: &mpsc::SyncSender<Numbered<Result<Vec<u8>, String>>>,
    places: &mpsc::Receiver<()>,
) -> anyhow::Result<()> {
    for number in 1.. {
        if places.recv().is_err() {
            break;
        }
        let Some(line) = read_bounded(&mut input).context("reading standard input")? else { break };
        if lines.send((number, line)).is_err() {
            break;
        }
    }
    Ok(())
}

/// The next line, or why it cannot be used; none at the end.
fn read_bounded(input: &mut impl BufRead) -> std::io::Result<Option<Result<Vec<u8>, String>>> {
    let mut line = Vec::new();
    if input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
        skip_line(input)?;
        return Ok(Some(Err("longer than 32 MiB; give one transcript a line".to_owned())));
    }
    Ok(Some(Ok(line)))
}

fn skip_line(input: &mut impl BufRead) -> std::io::Result<()> {
    loop {
        let buffer = input.fill_buf()?;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let (used, finished) = end.map_or((buffer.len(), buffer.is_empty()), |end| (end + 1, true));
        input.consume(used);
        if finished {
            return Ok(());
        }
    }
}

/// One line's report; an empty one for an empty line.
fn grade_line(work: Work, line: &[u8]) -> Result<String, String> {
    let text = text_of(line).map_err(|error| error.to_string())?.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let (transcript, asked) = read_line(text)?;
    work(&transcript, &asked)
}

/// The transcript of a line and what it is marked against, or what is wrong with it.
pub(super) fn read_line(text: &str) -> Result<(Transcript, Asked), String> {
    let line: Line = parse_json(text).map_err(|error| error.to_string())?;
    check_transcript(&line.transcript).map_err(|error| error.to_string())?;
    let asked = match (line.rubric, line.case) {
        (Some(rubric), None) => Asked { rubric, case: None },
        (None, Some(CaseReference::Full(case))) => Asked::of(*case, &line.transcript),
        (None, Some(CaseReference::Id(id))) => {
            let case = shipped(&id).ok_or_else(|| format!("there is no shipped case `{id}`; give the case in full"))?;
            Asked::of(case, &line.transcript)
        }
        _ => return Err("a line holds either `rubric` or `case`; give one of them".to_owned()),
    };
    check_rubric(&asked.rubric).map_err(|error| error.to_string())?;
    Ok((line.transcript, asked))
}

/// Writes reports as soon as all before them are written; true when a line failed.
fn write_in_order(
    done: &mpsc::Receiver<Numbered<Result<String, String>>>,
    leave: &mpsc::Sender<()>,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let progress = progress();
    let mut early = BTreeMap::new();
    let mut expected = 1;
    let mut failed = false;
    for (number, report) in done {
        early.insert(number, report);
        while let Some(report) = early.remove(&expected) {
            match report {
                Ok(report) if report.is_empty() => {}
                Ok(report) => {
                    writeln!(out, "{report}").and_then(|()| out.flush()).context("writing a report")?;
                    progress.inc(1);
                }
                Err(problem) => {
                    failed = true;
                    progress.suspend(|| eprintln!("line {expected}: {problem}"));
                }
            }
            expected += 1;
            // The reader may have ended already.
            let _ended = leave.send(());
        }
    }
    progress.finish_and_clear();
    Ok(failed)
}

fn progress() -> indicatif::ProgressBar {
    if std::io::stderr().is_terminal() {
        let bar = indicatif::ProgressBar::new_spinner();
        bar.set_style(
            indicatif::ProgressStyle::with_template("{spinner} {pos} graded in {elapsed}, {per_sec}")
                .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
        );
        bar
    } else {
        indicatif::ProgressBar::hidden()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: usize) -> String {
        format!(
            r#"{{"rubric":{{"id":"r","items":[{{"id":"a","text":"Asks about fever"}}]}},"transcript":{{"id":"{id}","turns":[{{"speaker":"student","text":"Any fever?"}}]}}}}"#
        )
    }

    /// Slower for some lines than for others.
    fn echo(transcript: &Transcript, _: &Asked) -> Result<String, String> {
        let number: u64 = transcript.id.parse().map_err(|_| "no number".to_owned())?;
        let _work = (0..(number % 7) * 20_000).fold(0_u64, |sum, x| std::hint::black_box(sum.wrapping_add(x)));
        Ok(format!("{{\"id\":{number}}}"))
    }

    #[test]
    fn the_order_is_kept_and_bad_lines_are_skipped_whatever_the_number_of_threads() {
        let mut input = String::new();
        for number in 0..500 {
            input.push_str(&if number % 50 == 3 { "{not json}\n".to_owned() } else { line(number) + "\n" });
            if number % 90 == 0 {
                input.push('\n');
            }
        }
        let expected: Vec<String> =
            (0..500).filter(|number| number % 50 != 3).map(|number| format!("{{\"id\":{number}}}")).collect();

        for threads in [1, 2, 7] {
            let mut out = Vec::new();
            let failed = grade_all(&echo, threads, input.as_bytes(), &mut out).unwrap();
            assert!(failed);
            assert_eq!(String::from_utf8(out).unwrap().lines().collect::<Vec<_>>(), expected, "{threads} threads");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_whole() {
        let mut input = vec![b'x'; usize::try_from(LONGEST_LINE).unwrap() + 10];
        input.push(b'\n');
        input.extend(line(5).into_bytes());
        let mut out = Vec::new();

        let failed = grade_all(&echo, 2, input.as_slice(), &mut out).unwrap();

        assert!(failed);
        assert_eq!(out, b"{\"id\":5}\n");
    }

    #[test]
    fn a_closed_output_ends_the_work() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let input = (0..1_000).map(|number| line(number) + "\n").collect::<String>();

        assert!(grade_all(&echo, 2, input.as_bytes(), &mut Closed).is_err());
    }
}
