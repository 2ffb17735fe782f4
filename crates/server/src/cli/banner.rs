//! What `fanlight serve` says when it is ready: where to look, and what to set in an application.

/// The lines for a server that answers at `url`.
pub fn banner(url: &str) -> String {
    format!(
        "
Fanlight is ready: {url}

To send it the traces of an application that uses the langsmith SDK, set

  export LANGSMITH_TRACING=true
  export LANGSMITH_ENDPOINT={url}
  export LANGSMITH_API_KEY=any-text

and start the application. Ctrl-C stops Fanlight; the traces stay.
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_can_be_pasted_into_a_shell() {
        let text = banner("http://127.0.0.1:1984");
        let lines: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("  export ")).collect();
        assert_eq!(
            lines,
            ["LANGSMITH_TRACING=true", "LANGSMITH_ENDPOINT=http://127.0.0.1:1984", "LANGSMITH_API_KEY=any-text"]
        );
    }
}
