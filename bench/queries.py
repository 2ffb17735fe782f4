"""How long questions take over many runs, at rest and while more arrive.

    python3 bench/queries.py DIRECTORY [--binary target/release/fanlight] [--times 20] [--ingest 2000]

DIRECTORY is one that `bench/million.py` made; the ingested runs go into a project of their own and stay there. Times are
the server's own (`Server-Timing`), rows what it looked at; with `--ingest` the same questions are asked again while so
many runs a second arrive, and how long those took to be acknowledged is reported too.
"""

import argparse
import json
import random
import statistics
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

from harness import BINARY, RARE_WORD, Client, Text, memory_mb, percentile, server, spread, trace

PAGE = ["id", "name", "status", "inputs_preview", "outputs_preview", "total_tokens", "total_cost", "tags", "feedback_stats", "metadata"]
FACETS = ["status", "name", "run_type", "model", "tag", "error_kind", "provider", "feedback", "metadata.env"]


def questions(project, client):
    """Name, bar in ms, path, body."""
    runs, traces = {"session": [project]}, {"session": [project], "is_root": True}

    def page(bar, name, base=traces, **more):
        return name, bar, "/api/v1/runs/query", {**base, "limit": 50, "select": PAGE, **more}

    cursor = None
    for _ in range(999):
        cursor = client.ask("POST", "/api/v1/runs/query", {**traces, "limit": 50, "select": ["id"], "cursor": cursor})[0]["cursors"]["next"]
        if cursor is None:
            break
    yield page(10, "newest page of traces")
    yield page(10, "newest page of runs", runs)
    if cursor:
        yield page(10, "page 1,000 of traces", cursor=cursor)
    selective = {
        "one user": 'and(eq(metadata_key, "user_id"), eq(metadata_value, "user-17"))',
        "one thread": 'eq(thread_id, "thread-17")',
        "error kind": 'eq(error_kind, "RateLimitError")',
        "slow": "gt(latency, 120)",
        "costly": "gt(total_cost, 0.2)",
        "bad feedback": 'and(eq(feedback_key, "user_rating"), lt(feedback_score, 0.1))',
        "name": 'eq(name, "search_orders")',
        "tag": 'has(tags, "enterprise")',
        "model": 'eq(model, "gpt-4.1")',
        "status": 'eq(status, "error")',
        "tokens": "gt(total_tokens, 9000)",
        "error text": 'like(error, "%timeout%")',
    }
    for name, text in selective.items():
        yield page(50, f"filter: {name}", runs, filter=text)
    worst = {
        "three that never meet": 'and(eq(name, "ChatOpenAI"), has(tags, "beta"), gt(latency, 599.9), eq(status, "error"))',
        "negations": 'and(neq(status, "success"), neq(name, "search_orders"), not(has(tags, "beta")), neq(run_type, "chain"))',
        "any run of the trace": 'and(eq(is_root, true), any_run(and(eq(run_type, "tool"), eq(status, "error"), gt(latency, 60))), lt(total_tokens, 100))',
        "errors with a stack trace": 'like(error, "%traceback%")',
        "errors without a text": 'and(neq(error, null), not(like(error, "%timeout%")))',
    }
    for name, text in worst.items():
        yield page(300, f"worst: {name}", runs, filter=text)
    yield page(300, "sorted by latency", runs, sort="latency")
    yield page(300, "sorted by cost, filtered", traces, sort="total_cost", filter='has(tags, "prod")')
    yield page(100, "search: a rare word", runs, filter=f'search("{RARE_WORD}")')
    yield page(100, "search: a common word", runs, filter='search("de")')
    yield page(100, "search: two words, traces", traces, filter='search("conde tuver")')
    yield page(100, "search: a phrase, traces", traces, filter='search("\\"conde tuver\\"")')
    unselective = 'and(has(tags, "prod"), gt(latency, 0.3))'
    for scope, base in [("traces", traces), ("runs", runs)]:
        yield f"facets of {scope}", 300, "/api/fanlight/v1/runs/facets", {**base, "facets": FACETS}
        yield f"facets of {scope}, filtered", 300, "/api/fanlight/v1/runs/facets", {**base, "facets": FACETS, "filter": unselective}
        yield f"histogram of {scope}", 300, "/api/fanlight/v1/runs/histogram", {**base, "filter": unselective}
        yield f"stats of {scope}", 300, "/api/v1/runs/stats", {**base, "filter": unselective}
    latency = ["latency_p50", "latency_p95", "latency_p99", "latency_max"]
    most = ["count", "error_count", *latency, "first_token_p50", "first_token_p95", "total_tokens", "prompt_tokens", "completion_tokens", "cost"]
    models, tools = {**runs, "filter": 'eq(run_type, "llm")'}, {**runs, "filter": 'eq(run_type, "tool")'}
    filtered = {**runs, "filter": worst["any run of the trace"].replace("eq(is_root, true), ", "")}

    def chart(bar, name, path, body):
        return f"chart: {name}", bar, f"/api/fanlight/v1/monitor/{path}", {"time_zone": "Europe/Berlin", **body}

    def by(key, rank="count"):
        return {"key": key, "rank_by": rank}

    yield chart(150, "traces, twelve metrics", "series", {**traces, "metrics": most})
    yield chart(150, "traces, feedback", "series", {**traces, "metrics": ["feedback.user_rating"]})
    yield chart(150, "cost by model", "series", {**models, "metrics": ["cost", "unpriced_count"], "group_by": by("model", "cost")})
    yield chart(150, "tools by name", "series", {**tools, "metrics": latency, "group_by": by("name")})
    yield chart(150, "cost by user", "series", {**traces, "metrics": ["cost"], "group_by": by("metadata.user_id", "cost")})
    yield chart(150, "error kinds", "series", {**runs, "error": True, "metrics": ["count"], "group_by": by("error_kind")})
    yield chart(150, "latency heatmap", "heatmap", traces)
    yield chart(150, "top names", "top", runs)
    yield chart(150, "markers", "markers", traces)
    yield chart(150, "exemplars", "exemplars", {**traces, "area": {"min": 60}})
    yield chart(1000, "what differs", "differs", {**traces, "area": {"min": 60}})
    yield chart(1000, "all runs, twelve metrics, 2,000 points", "series", {**runs, "metrics": most, "n_points": 2000})
    yield chart(1000, "all runs by name, twelve metrics", "series", {**runs, "metrics": most, "group_by": by("name")})
    yield chart(1000, "worst filter, twelve metrics", "series", {**filtered, "metrics": most})
    yield chart(1000, "a common word, twelve metrics", "series", {**runs, "metrics": most, "filter": 'search("de")'})
    yield "threads", 300, "/api/v2/threads/query", {"project_id": project, "min_start_time": "2000-01-01T00:00:00Z"}


def server_ms(headers, took_ms):
    """The server's own time and the rows that it looked at, where it says so."""
    rows = "–"
    for part in (headers.get("server-timing") or "").split(","):
        fields = [field.strip() for field in part.split(";")]
        for field in fields[1:]:
            if fields[0] == "total" and field.startswith("dur="):
                took_ms = float(field[4:])
            if fields[0] == "rows" and field.startswith("desc="):
                rows = field[5:].strip('"')
    return took_ms, rows


def ask_all(port, project, n_times):
    client = Client(port)
    n_over = 0
    for name, bar_ms, path, body in questions(project, client):
        times = []
        for _ in range(n_times):
            _, took_ms, headers = client.ask("POST", path, body)
            took_ms, rows = server_ms(headers, took_ms)
            times.append(took_ms)
        is_over = percentile(times, 0.95) > bar_ms
        n_over += is_over
        print(f"{name:<36} p50 {statistics.median(times):8.2f}  p95 {percentile(times, 0.95):8.2f}  bar {bar_ms:4} {'OVER' if is_over else '    '}  rows {rows}", flush=True)
    print(f"{n_over} over their bar")


def ingest(port, rate, stop, latencies_ms):
    """`rate` runs a second, in requests of ten traces, until told to stop."""
    chance = random.Random()
    text = Text(chance)
    client = Client(port)
    number = 0
    next_at = time.perf_counter()
    while not stop.is_set():
        runs = []
        for _ in range(10):
            runs += trace(chance, text, datetime.now(timezone.utc), number, project="ingest")
            number += 1
        _, took_ms, _ = client.ask("POST", "/runs/batch", json.dumps({"post": runs}).encode())
        latencies_ms.append(took_ms)
        next_at += len(runs) / rate
        time.sleep(max(0.0, next_at - time.perf_counter()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--binary", default=str(BINARY))
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--ingest", type=int, default=0)
    options = parser.parse_args()
    began = time.perf_counter()
    with server(options.binary, options.directory) as (port, process):
        print(f"ready after {time.perf_counter() - began:.1f} s, {memory_mb(process.pid):.0f} MB")
        project = Client(port).ask("GET", "/api/v1/sessions?name=bench")[0][0]["id"]
        ask_all(port, project, options.times)
        print(f"memory {memory_mb(process.pid):.0f} MB now, {memory_mb(process.pid, 'VmHWM'):.0f} MB at most")
        if options.ingest:
            print(f"\nwhile {options.ingest:,} runs/s arrive")
            stop, latencies_ms = threading.Event(), []
            began = time.perf_counter()
            writer = threading.Thread(target=ingest, args=(port, options.ingest, stop, latencies_ms))
            writer.start()
            ask_all(port, project, options.times)
            stop.set()
            writer.join()
            rate = len(latencies_ms) * 100 / (time.perf_counter() - began)
            print(f"acknowledged: {spread(latencies_ms)} of {len(latencies_ms)} requests of 100 runs, {rate:,.0f} runs/s")


if __name__ == "__main__":
    main()
