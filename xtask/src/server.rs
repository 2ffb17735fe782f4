//! Servers that chores start: which port to use, and how to tell that one is ready.

use crate::{process, terminal};
use anyhow::{Context, Result, bail};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// The port that LangSmith's own local server made customary.
const DEFAULT_PORT: u16 = 1984;

/// An address to serve on: the one asked for, else the first free loopback port from 1984 on (says so when that is busy).
pub fn choose_addr(asked: Option<&str>) -> Result<String> {
    if let Some(asked) = asked {
        return Ok(asked.to_owned());
    }
    let free = (DEFAULT_PORT..DEFAULT_PORT + 100).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok());
    let port = free.context("ports 1984 to 2083 are all in use; choose another with --addr")?;
    if port != DEFAULT_PORT {
        terminal::say(&format!(
            "  Port {DEFAULT_PORT} is in use, so Fanlight takes {port}. Choose another with --addr."
        ));
    }
    Ok(format!("127.0.0.1:{port}"))
}

/// A server on a free port with a data directory of its own; both go when this is dropped.
pub struct TemporaryServer {
    process: Child,
    data_dir: PathBuf,
    pub url: String,
}

impl TemporaryServer {
    /// Starts the server and waits until it answers. What it logs goes to `log`.
    pub fn start(binary: &Path, name: &str, log: &Path) -> Result<TemporaryServer> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr())?.port();
        let addr = format!("127.0.0.1:{port}");
        let data_dir = std::env::temp_dir().join(format!("fanlight-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&data_dir).with_context(|| format!("cannot create {}", data_dir.display()))?;
        std::fs::create_dir_all(log.parent().expect("a log lies in a folder"))?;
        let log_file = std::fs::File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let process = process::command(binary)
            .args(["serve", "--addr", &addr, "--data"])
            .arg(&data_dir)
            .stdin(Stdio::null())
            .stdout(log_file.try_clone()?)
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = TemporaryServer { process, data_dir, url: format!("http://{addr}") };
        wait_until_ready(&addr, Duration::from_secs(30), &mut server.process)
            .with_context(|| format!("the server did not become ready; see {}", log.display()))?;
        Ok(server)
    }
}

impl Drop for TemporaryServer {
    fn drop(&mut self) {
        // Both fail only when the server is gone already, which is what is wanted.
        self.process.kill().ok();
        self.process.wait().ok();
        std::fs::remove_dir_all(&self.data_dir).ok();
    }
}

/// Returns when `/readyz` answers 200; fails when the process ends or the time is up.
pub fn wait_until_ready(addr: &str, patience: Duration, process: &mut Child) -> Result<()> {
    let started = Instant::now();
    while started.elapsed() < patience {
        if is_ready(addr) {
            return Ok(());
        }
        if let Some(status) = process.try_wait()? {
            bail!("it ended with {status}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("it does not answer on {addr} after {} s", patience.as_secs())
}

fn is_ready(addr: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let target: SocketAddr = addr.to_socket_addrs()?.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
        let mut stream = TcpStream::connect_timeout(&target, Duration::from_millis(500))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n")?;
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        Ok(start.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
