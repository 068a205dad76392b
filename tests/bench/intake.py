#!/usr/bin/env python3
"""What taking an event in costs: the host's HTTP server and intake (one event of about 300
bytes per POST, a bearer token, keep-alive), with a core that commits to nothing, so that it
can be told from what the journal costs. Promise: 30,000 a second on one core."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from receiver import free_port                            # noqa: E402
from wait import wait_for                                 # noqa: E402

HERE = os.path.join(os.environ.get("BUILDDIR", "."), "tests/bench")
TOKEN = "0123456789abcdef0123456789abcdef"
PROMISE_US = 1e6 / 30000
SECONDS = int(os.environ.get("HERMOD_BENCH_SECONDS", "10"))
# What the generator is told, and how a reader would say it.
ROUNDS = [
    (["-c", "64"], "64 connections, one request at a time each"),
    (["-c", "1000"], "1,000 connections, one request at a time each"),
    (["-c", "64", "-p", "8"], "64 connections, 8 requests pipelined"),
    (["-c", "64", "-r", "30000"], "64 connections, 30,000 a second in all"),
    (["-c", "64", "-r", "5000"], "64 connections, 5,000 a second in all"),
    (["-c", "1", "-r", "1000"], "1 connection, 1,000 a second"),
]


def answers(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def one_round(options):
    port = free_port()
    server = subprocess.Popen([os.path.join(HERE, "intake_alone"), str(port), TOKEN],
                              stdout=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: answers(port), 10, "intake_alone to listen")
        out = subprocess.run([os.path.join(HERE, "generator"), "-d", str(SECONDS), "-t", TOKEN,
                              *options, str(port)], capture_output=True, text=True)
    finally:
        server.send_signal(signal.SIGTERM)
        cost = json.loads(server.communicate()[0])
    if out.returncode != 0:
        raise SystemExit("generator: %s%s" % (out.stdout, out.stderr))
    rate = float(re.search(r"(\d+) events/s", out.stdout)[1])
    p50, p99, p999 = (re.search(r"\b%s ([0-9.]+)" % re.escape(p), out.stdout)[1]
                      for p in ("p50", "p99", "p99.9"))
    return rate, p50, p99, p999, cost


def main():
    rows, worst = [], 0
    for options, words in ROUNDS:
        print("intake: %s" % words, file=sys.stderr)
        rate, p50, p99, p999, cost = one_round(options)
        per_event = cost["userUs"] + cost["systemUs"]
        if "-r" not in options:
            worst = max(worst, per_event)
        rows.append("| %s | %s | %s | %s | %s | %.1f + %.1f |" % (
            words, format(round(rate, -1), ",.0f"), p50, p99, p999, cost["userUs"],
            cost["systemUs"]))
    print("""## Intake

One event of about 300 bytes per POST, over keep-alive connections with a bearer token, to
the host's own HTTP server and intake; the events are checked and answered, but not written
down: the journal is measured by itself. Generator and server share this machine's cores.
The processor time is the server's, in the program and in the kernel.

| load | events/s | p50 ms | p99 ms | p99.9 ms | processor time per event, us |
|---|---:|---:|---:|---:|---:|
%s

Each event costs one `recv` and one `sendmsg`; events that arrive together share the rest.

Promised: 30,000 events a second on one core, so under %.1f us each when there is much to do.
%s.
""" % ("\n".join(rows), PROMISE_US, "Held" if worst < PROMISE_US else "NOT HELD"))
    sys.exit(0 if worst < PROMISE_US else 1)


if __name__ == "__main__":
    main()
