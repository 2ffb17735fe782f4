//! What can be asked of `cargo xtask`: arguments in, a [`Request`] out. Pure, so that it can be tested.

pub const USAGE: &str = "\
Usage: cargo xtask <COMMAND> [-v]

Commands:
  up [--addr HOST:PORT] [--data DIR] [--no-demo]
          Install what is missing, build everything, start Fanlight and say how to send traces to it.
  test [--fail-fast] [STEP…]
          Install what is missing and run every check, or only the steps named. `test --list` names them.
  build   Build target/release/fanlight with the dashboard inside it.
  dev [--addr HOST:PORT] [--data DIR]
          Work on it: a debug server, and the dashboard rebuilt and reloaded whenever a file changes.
  tools   Only install the tools that turn Rust into a web page.
  style   Only join the stylesheets into those of target/style/, as Trunk asks for before it builds.
  split   Only split the wasm that Trunk has just built, as it asks for then.
  fuzz [SECONDS]
          Throw malformed input at the decoders, SECONDS (default 30) for each target.
  help    Print this.

Options:
  -v, --verbose   Show everything the programs print, not only their last line.

Tools are kept per version in the platform's cache directory and shared by every clone.
Set FANLIGHT_CACHE to keep them elsewhere and FANLIGHT_CHROMIUM to test with another Chromium.";

/// One thing to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    Help,
    Up(Serve),
    Build,
    Dev(Serve),
    Tools,
    Style,
    Split,
    Test(Selection),
    Fuzz { seconds_per_target: u32 },
}

/// How to start the server.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Serve {
    /// `host:port`; without it the first free port from 1984 on.
    pub addr: Option<String>,
    /// Without it the server's own default.
    pub data_dir: Option<String>,
    pub is_without_demo: bool,
}

/// Which steps of the checks to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Empty for all.
    pub steps: Vec<String>,
    pub is_list_only: bool,
    /// Stop at the first step that fails instead of reporting on all of them.
    pub is_fail_fast: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    pub is_verbose: bool,
}

/// Reads the arguments after `cargo xtask`. The error is a sentence for the person who typed them.
pub fn parse(args: &[String]) -> Result<(Request, Options), String> {
    let mut options = Options::default();
    let mut rest = Vec::new();
    for arg in args {
        match arg.as_str() {
            "-v" | "--verbose" => options.is_verbose = true,
            "-h" | "--help" => return Ok((Request::Help, options)),
            other => rest.push(other),
        }
    }
    let Some((command, rest)) = rest.split_first() else { return Ok((Request::Help, options)) };
    let request = match *command {
        "help" => Request::Help,
        "up" => Request::Up(parse_serve("up", rest)?),
        "dev" => Request::Dev(parse_serve("dev", rest)?),
        "build" => nothing_more("build", rest, Request::Build)?,
        "tools" => nothing_more("tools", rest, Request::Tools)?,
        "style" => nothing_more("style", rest, Request::Style)?,
        "split" => nothing_more("split", rest, Request::Split)?,
        "test" => Request::Test(parse_selection(rest)?),
        "fuzz" => Request::Fuzz { seconds_per_target: parse_seconds(rest)? },
        other => return Err(format!("There is no command `{other}`.")),
    };
    Ok((request, options))
}

fn parse_serve(command: &str, args: &[&str]) -> Result<Serve, String> {
    let mut serve = Serve::default();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        // Both `--addr X` and `--addr=X` are in people's fingers.
        let (flag, mut attached) = match arg.split_once('=') {
            Some((flag, value)) => (flag, Some(value)),
            None => (*arg, None),
        };
        let mut value = || attached.take().or_else(|| args.next().copied()).map(str::to_owned);
        match flag {
            "--addr" => serve.addr = Some(value().ok_or("--addr needs HOST:PORT.")?),
            "--data" => serve.data_dir = Some(value().ok_or("--data needs a directory.")?),
            "--no-demo" if command == "up" => serve.is_without_demo = true,
            other => return Err(format!("`cargo xtask {command}` does not know `{other}`.")),
        }
    }
    Ok(serve)
}

fn parse_selection(args: &[&str]) -> Result<Selection, String> {
    let mut selection = Selection::default();
    for arg in args {
        match *arg {
            "--list" => selection.is_list_only = true,
            "--fail-fast" => selection.is_fail_fast = true,
            flag if flag.starts_with('-') => return Err(format!("`cargo xtask test` does not know `{flag}`.")),
            step => selection.steps.push(step.to_owned()),
        }
    }
    Ok(selection)
}

fn parse_seconds(args: &[&str]) -> Result<u32, String> {
    match args {
        [] => Ok(30),
        [seconds] => seconds.parse().map_err(|_| format!("`{seconds}` is not a number of seconds.")),
        [_, extra, ..] => Err(format!("`cargo xtask fuzz` does not know `{extra}`.")),
    }
}

fn nothing_more(command: &str, args: &[&str], request: Request) -> Result<Request, String> {
    match args.first() {
        None => Ok(request),
        Some(extra) => Err(format!("`cargo xtask {command}` does not know `{extra}`.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: Result<Request, &str>) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(parse(&args).map(|(request, _)| request), expected.map_err(str::to_owned), "{line}");
    }

    #[test]
    fn without_arguments_the_usage_is_shown() {
        check("", Ok(Request::Help));
        check("up --help", Ok(Request::Help));
    }

    #[test]
    fn a_flag_takes_its_value_attached_or_apart() {
        let expected =
            || Serve { addr: Some("127.0.0.1:80".into()), data_dir: Some("d".into()), is_without_demo: true };
        check("up --addr 127.0.0.1:80 --data d --no-demo", Ok(Request::Up(expected())));
        check("up --addr=127.0.0.1:80 --data=d --no-demo", Ok(Request::Up(expected())));
    }

    #[test]
    fn steps_are_taken_in_any_place() {
        let selection = Selection { steps: vec!["fmt".into(), "doc".into()], is_list_only: false, is_fail_fast: true };
        check("test fmt --fail-fast doc", Ok(Request::Test(selection)));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        check("fly", Err("There is no command `fly`."));
        check("up --addr", Err("--addr needs HOST:PORT."));
        check("dev --no-demo", Err("`cargo xtask dev` does not know `--no-demo`."));
        check("build now", Err("`cargo xtask build` does not know `now`."));
        check("fuzz soon", Err("`soon` is not a number of seconds."));
    }

    #[test]
    fn verbose_may_stand_anywhere() {
        let args = ["build".to_owned(), "-v".to_owned()];
        assert_eq!(parse(&args), Ok((Request::Build, Options { is_verbose: true })));
    }
}
