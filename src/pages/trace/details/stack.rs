//! Reads the error of a run: what was raised, and the stack trace of Python or JavaScript frame by frame. Pure.

/// An error taken apart; every line of the text is in exactly one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReport {
    /// The sentence to read first: `ValueError: no such order`.
    pub headline: String,
    /// The text before the stack trace, where it says more than the headline.
    pub message: String,
    pub lines: Vec<StackLine>,
}

/// A line of a stack trace, or a few that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StackLine {
    Frame(Frame),
    /// Headings such as `Traceback (most recent call last):`, causes, notes.
    Text(String),
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub function: String,
    /// As written, with line and column: `/app/agents.py:42`.
    pub place: String,
    /// The source lines shown below it, without their common indent.
    pub code: String,
    /// Not the reader's own code: an installed package or the runtime itself.
    pub is_library: bool,
}

/// Reads an error text. Total: what is not understood is kept as text.
pub fn report(error: &str) -> ErrorReport {
    let lines: Vec<&str> = error.lines().collect();
    let start = lines.iter().position(|line| is_stack_start(line)).unwrap_or(lines.len());
    let message = lines[..start].join("\n").trim().to_owned();
    let stack = read_lines(&lines[start..]);
    let last_words = stack.iter().rev().find_map(|line| match line {
        StackLine::Text(text) if looks_like_error(text) => Some(text.trim().to_owned()),
        _ => None,
    });
    let first_line = || message.lines().next().unwrap_or_default().to_owned();
    // Python's `repr` in front says less than the last line of its trace; JavaScript starts with the sentence.
    let headline = if looks_like_error(&message) { first_line() } else { last_words.unwrap_or_else(first_line) };
    let headline = if headline.is_empty() {
        lines.first().map(|line| line.trim().to_owned()).unwrap_or_default()
    } else {
        headline
    };
    let message = if message == headline || is_repr_of(&message, &headline) { String::new() } else { message };
    ErrorReport { headline, message, lines: stack }
}

/// `ValueError('words')` says nothing that `ValueError: words` does not.
fn is_repr_of(message: &str, headline: &str) -> bool {
    let class =
        |text: &str, end: char| text.split(end).next().and_then(|path| path.rsplit('.').next()).map(str::to_owned);
    !message.contains('\n') && message.ends_with(')') && class(message, '(') == class(headline, ':')
}

fn is_stack_start(line: &str) -> bool {
    line.trim_start().starts_with("Traceback (most recent call last)")
        || javascript_frame(line).is_some()
        || python_frame(line).is_some()
}

/// `SomeError: words`, `package.SomeError: words` or `SomeError`.
fn looks_like_error(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let name = line.split(':').next().unwrap_or_default();
    !line.starts_with(' ')
        && !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
        && (line.contains(": ") || name.ends_with("Error") || name.ends_with("Exception"))
}

fn read_lines(lines: &[&str]) -> Vec<StackLine> {
    let mut read: Vec<StackLine> = Vec::new();
    for line in lines {
        if let Some(frame) = python_frame(line).or_else(|| javascript_frame(line)) {
            read.push(StackLine::Frame(frame));
            continue;
        }
        match read.last_mut() {
            // Source lines stand four deep below their frame.
            Some(StackLine::Frame(frame)) if line.starts_with("    ") => {
                if !frame.code.is_empty() {
                    frame.code.push('\n');
                }
                frame.code.push_str(line.strip_prefix("    ").unwrap_or(line));
            }
            _ if line.trim().is_empty() => {}
            _ => read.push(StackLine::Text((*line).to_owned())),
        }
    }
    read
}

/// `  File "/app/agents.py", line 42, in answer`
fn python_frame(line: &str) -> Option<Frame> {
    let (path, rest) = line.trim_start_matches([' ', '|', '+']).strip_prefix("File \"")?.split_once("\", line ")?;
    let (number, function) = rest.split_once(", in ").unwrap_or((rest, ""));
    let is_library =
        ["/site-packages/", "/dist-packages/", "/lib/python", "<frozen "].iter().any(|mark| path.contains(mark));
    Some(Frame {
        function: function.trim().into(),
        place: format!("{path}:{}", number.trim()),
        code: String::new(),
        is_library,
    })
}

/// `    at answer (/app/agents.js:42:7)` or `    at /app/agents.js:42:7`
fn javascript_frame(line: &str) -> Option<Frame> {
    let rest = line.strip_prefix(' ')?.trim_start().strip_prefix("at ")?;
    let (function, place) = match rest.strip_suffix(')').and_then(|rest| rest.rsplit_once(" (")) {
        Some((function, place)) => (function, place),
        None => ("", rest),
    };
    let is_library = place.contains("node_modules/") || place.starts_with("node:") || place.contains("<anonymous>");
    Some(Frame { function: function.into(), place: place.trim().into(), code: String::new(), is_library })
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    #[track_caller]
    fn check(error: &str, expected: Expect) {
        let report = report(error);
        let mut drawn = format!("{}\n", report.headline);
        if !report.message.is_empty() {
            drawn.push_str(&format!("({})\n", report.message));
        }
        for line in report.lines {
            drawn.push_str(&match line {
                StackLine::Text(text) => format!("- {text}\n"),
                StackLine::Frame(frame) => {
                    format!(
                        "{} {} at {}: {:?}\n",
                        if frame.is_library { "·" } else { ">" },
                        frame.function,
                        frame.place,
                        frame.code
                    )
                }
            });
        }
        expected.assert_eq(&drawn);
    }

    #[test]
    fn pythons_repr_and_traceback() {
        check(
            "ValueError('no such order')\n\n\nTraceback (most recent call last):\n\n\n  File \"/usr/lib/python3.12/site-packages/langsmith/run_helpers.py\", line 617, in wrapper\n    function_result = run_container[\"context\"].run(\n                      ^^^^^\n\n\n  File \"/app/agents.py\", line 42, in answer\n    raise ValueError(\"no such order\")\n\n\nValueError: no such order\n",
            expect![[r#"
                ValueError: no such order
                - Traceback (most recent call last):
                · wrapper at /usr/lib/python3.12/site-packages/langsmith/run_helpers.py:617: "function_result = run_container[\"context\"].run(\n                  ^^^^^"
                > answer at /app/agents.py:42: "raise ValueError(\"no such order\")"
                - ValueError: no such order
            "#]],
        );
    }

    #[test]
    fn javascripts_message_and_frames() {
        check(
            "TypeError: x is undefined\n    at answer (/app/agents.js:42:7)\n    at async file:///app/main.js:3:1\n    at run (/app/node_modules/langchain/run.js:1:2)\n    at node:internal/process:1:1",
            expect![[r#"
                TypeError: x is undefined
                > answer at /app/agents.js:42:7: ""
                >  at async file:///app/main.js:3:1: ""
                · run at /app/node_modules/langchain/run.js:1:2: ""
                ·  at node:internal/process:1:1: ""
            "#]],
        );
    }

    #[test]
    fn a_plain_sentence_is_its_own_headline() {
        check(
            "Rate limit reached",
            expect![[r#"
            Rate limit reached
        "#]],
        );
        check(
            "Rate limit reached\nfor gpt-4o: retry in 20 s",
            expect![[r#"
            Rate limit reached
            (Rate limit reached
            for gpt-4o: retry in 20 s)
        "#]],
        );
        assert_eq!(report(""), ErrorReport::default());
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "(Traceback \\(most recent call last\\):|  File \"|\", line 1, in f|    at | \\(|\\)|\n|Error|: |    |x|é)*") {
            report(&text);
        }
    }
}
