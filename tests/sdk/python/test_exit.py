"""A program that simply ends has sent everything."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os, sys
from langsmith import traceable

@traceable(run_type="tool")
def step(n):
    return "x" * 500

@traceable
def job(n):
    return [step(k) for k in range(4)]

for n in range(60):
    job(n)
{ending}
"""


@pytest.mark.parametrize(
    "ending",
    ["", "raise SystemExit(3)", "raise RuntimeError('unhandled')", "import langsmith; langsmith.Client().flush()"],
    ids=["end of file", "sys.exit", "an exception", "a flush"],
)
def test_nothing_is_lost_when_the_process_ends(client, project, url, ending):
    environment = os.environ | {
        "LANGSMITH_TRACING": "true", "LANGSMITH_ENDPOINT": url, "LANGSMITH_API_KEY": "any", "LANGSMITH_PROJECT": project,
    }
    subprocess.run([sys.executable, "-c", PROGRAM.format(ending=ending)], env=environment, timeout=60, stderr=subprocess.DEVNULL)
    runs = list(client.list_runs(project_name=project))
    assert len(runs) == 300 and all(run.end_time for run in runs)
