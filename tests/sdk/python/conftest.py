"""A server to talk to, and clients that reach it as an application would.

`cargo xtask test sdk-python` starts the server and names it in FANLIGHT_URL. Run alone, `pytest` starts one itself:
FANLIGHT_BINARY, or the release build.
"""

import os
import socket
import subprocess
import time
import urllib.request
import uuid
from pathlib import Path

# Before langsmith is imported: tracing is on, and nothing of the person's own configuration gets in.
for name in [name for name in os.environ if name.startswith(("LANGSMITH_", "LANGCHAIN_"))]:
    del os.environ[name]
os.environ["LANGSMITH_TRACING"] = "true"

import pytest
from langsmith import Client

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def url(tmp_path_factory):
    """The server's address, such as http://127.0.0.1:1984."""
    if given := os.environ.get("FANLIGHT_URL"):
        yield given
        return
    binary = os.environ.get("FANLIGHT_BINARY", ROOT / "target/release/fanlight")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    data_dir = tmp_path_factory.mktemp("data")
    server = subprocess.Popen([binary, "serve", "--addr", address, "--data", data_dir])
    try:
        wait_until_ready(f"http://{address}")
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait(15)


def wait_until_ready(url):
    for _ in range(400):
        try:
            return urllib.request.urlopen(f"{url}/readyz", timeout=1)
        except OSError:
            time.sleep(0.025)
    raise TimeoutError(f"{url} did not become ready")


@pytest.fixture
def connect(url):
    """Makes clients; each is flushed and closed when the test ends."""
    clients = []

    def connect(base_path="", **options):
        clients.append(Client(api_url=url + base_path, api_key="any", **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(connect):
    return connect()


@pytest.fixture
def project(client):
    """A project name of this test's own; what the test sent there is deleted."""
    name = f"sdk-{uuid.uuid4()}"
    yield name
    if client.has_project(name):
        client.delete_project(project_name=name)


@pytest.fixture
def runs_of(client):
    """`runs_of(project)`: its runs by name, after everything was sent."""

    def runs_of(project, **conditions):
        client.flush()
        return {run.name: run for run in client.list_runs(project_name=project, **conditions)}

    return runs_of
