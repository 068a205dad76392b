#!/usr/bin/env python3
"""What a delivery costs in the runner by itself: memory while its answer does not come, and
processor time when it comes at once. Promise: under 100 KiB for each that waits."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from receiver import free_port                            # noqa: E402

HERE = os.path.join(os.environ.get("BUILDDIR", "."), "tests/bench")
SECONDS = int(os.environ.get("HERMOD_BENCH_SECONDS", "10"))
PROMISE_KIB = 100


def alone(*arguments):
    print("runner: %s" % " ".join(arguments), file=sys.stderr)
    out = subprocess.run([os.path.join(HERE, "runner_alone"), *arguments],
                         stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(out.stdout)


def waiting():
    rows, worst = [], 0
    for count in (1000, 10000):
        m = alone("hang", str(count))
        worst = max(worst, m["eachKib"])
        rows.append("| %s | %.1f MiB | %.1f MiB | %.1f KiB | %.1f MiB |" % (
            format(count, ","), m["beforeKib"] / 1024, m["hangingKib"] / 1024, m["eachKib"],
            m["answeredKib"] / 1024))
    return rows, worst


def answered():
    port = free_port()
    rows = []
    sink = subprocess.Popen([os.path.join(HERE, "sink"), str(port), "fast"],
                            stdout=subprocess.PIPE, text=True)
    try:
        sink.stdout.readline()
        for flying in (1, 10, 100, 1000):
            m = alone("fast", str(port), str(SECONDS), str(flying))
            if m["failed"]:
                raise SystemExit("runner: %d deliveries failed" % m["failed"])
            rows.append("| %s | %s | %.1f | %.1f |" % (
                format(flying, ","), format(round(m["perSecond"], -1), ",.0f"), m["userUs"],
                m["systemUs"]))
    finally:
        sink.terminate()
        sink.wait()
    return rows


def main():
    memory, worst = waiting()
    print("""## Runner

One runner with the webhooks plugin; the benchmark plays core and supervisor. Events are of
about 300 bytes, over plain HTTP on the loopback interface. Deliveries at once to a receiver
that does not answer, resident memory of the runner's process:

| deliveries | before | while they wait | each | after all were answered |
|---:|---:|---:|---:|---:|
%s

Of that a coroutine's stack is one page of 4 KiB; the rest is libcurl's handle and
connection, and the event. What stays afterwards are connections kept open; later deliveries
close those that are too many.

Deliveries to a receiver that answers at once (200, kept-alive connections), processor time
of the runner's process in the program and in the kernel. Benchmark, runner and receiver share
this machine's cores:

| at once | deliveries/s | program, us | kernel, us |
|---:|---:|---:|---:|
%s

Each costs one `send`, one `recv` and two `poll`, all of libcurl's; frames to and from core go
by the hundred in one system call. With thousands of open connections libcurl walks them all
at the end of each request, which shows from about a thousand on.

Promised: under %d KiB for each that waits. %s.
""" % ("\n".join(memory), "\n".join(answered()), PROMISE_KIB,
       "Held" if worst < PROMISE_KIB else "NOT HELD"))
    sys.exit(0 if worst < PROMISE_KIB else 1)


if __name__ == "__main__":
    main()
