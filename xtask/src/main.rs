//! `cargo xtask`: the front door for people who build Fanlight from source.
//!
//! Start with [`cli`] for what can be asked, then [`up`], [`build`], [`dev`] and [`checks`], which answer. They stand on
//! [`toolbox`] (installs what is missing), [`process`] (runs programs) and [`terminal`] (says what happens).

mod build;
mod checks;
mod cli;
mod dev;
mod fingerprint;
mod fuzz;
mod process;
mod server;
mod split;
mod style;
mod terminal;
mod toolbox;
mod up;
mod workspace;

use cli::Request;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match cli::parse(&args) {
        Ok((request, options)) => {
            terminal::set_verbose(options.is_verbose);
            answer(request)
        }
        Err(problem) => {
            eprintln!("{problem}\n\n{}", cli::USAGE);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what was asked; `false` when it was done and the answer is "no", as for a failing test.
fn answer(request: Request) -> anyhow::Result<bool> {
    match request {
        Request::Help => println!("{}", cli::USAGE),
        Request::Up(serve) => up::run(&serve)?,
        Request::Build => {
            build::everything()?;
        }
        Request::Dev(serve) => dev::run(&serve)?,
        Request::Tools => {
            toolbox::wasm_tools()?;
        }
        Request::Style => style::join()?,
        Request::Split => split::run()?,
        Request::Test(selection) => return checks::run(&selection),
        Request::Fuzz { seconds_per_target } => fuzz::run(seconds_per_target)?,
    }
    Ok(true)
}
