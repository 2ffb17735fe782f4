"""Makes a data directory with many runs in it, by sending them: the same ones every time.

    python3 bench/million.py DIRECTORY [--runs 1000000] [--binary target/release/fanlight]

Ten runs to a trace over the last 30 days, with threads, users, tags, models, errors and feedback; `bench/queries.py`
asks questions of it. Needs about 1 KB of disk a run, and some minutes for a million.
"""

import argparse
import json
import random
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from queue import Queue

from harness import BINARY, Client, RUNS_PER_TRACE, Text, server, trace

TRACES_PER_REQUEST = 20


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--binary", default=str(BINARY))
    options = parser.parse_args()

    chance = random.Random(1984)
    text = Text(chance)
    n_traces = options.runs // RUNS_PER_TRACE
    span = timedelta(days=30)
    first = datetime.now(timezone.utc) - span - timedelta(minutes=10)
    todo: Queue = Queue(maxsize=16)
    rated = []

    def send(port):
        client = Client(port)
        while (body := todo.get()) is not None:
            client.ask("POST", "/runs/batch", body)

    with server(options.binary, options.directory) as (port, _):
        writers = [threading.Thread(target=send, args=(port,)) for _ in range(2)]
        for writer in writers:
            writer.start()
        began, n_bytes, pending = time.perf_counter(), 0, []
        for number in range(n_traces):
            runs = trace(chance, text, first + number * span / n_traces, number)
            if number % 20 == 0:
                rated.append(runs[0]["id"])
            pending += runs
            if len(pending) >= TRACES_PER_REQUEST * RUNS_PER_TRACE or number == n_traces - 1:
                body = json.dumps({"post": pending}).encode()
                n_bytes += len(body)
                todo.put(body)
                pending = []
            if number % 10_000 == 9_999:
                print(f"{(number + 1) * RUNS_PER_TRACE:>10,} runs  {time.perf_counter() - began:6.0f} s", flush=True)
        for _ in writers:
            todo.put(None)
        for writer in writers:
            writer.join()
        client = Client(port)
        for run_id in rated:
            client.ask("POST", "/feedback", {"run_id": run_id, "key": "user_rating", "score": chance.choice([0, 0.2, 0.5, 1, 1])})
        print("waiting until all of it can be searched …", flush=True)
        while (waiting := client.ask("GET", "/api/fanlight/v1/storage")[0]["n_unindexed_runs"]) > 0:
            print(f"{waiting:>10,} to go  {time.perf_counter() - began:6.0f} s", flush=True)
            time.sleep(5)
        report = client.ask("GET", "/api/fanlight/v1/storage")[0]
    n_stored = sum(file.stat().st_size for file in options.directory.iterdir())
    print(f"on disk {n_stored / 1e6:,.0f} MB, {n_stored / n_bytes:.1%} of {n_bytes / 1e6:,.0f} MB of JSON; search index {report['search_bytes'] / n_bytes:.1%}")


if __name__ == "__main__":
    main()
