//! The `fanlight` program.

fn main() -> std::process::ExitCode {
    fanlight_server::cli::main()
}
