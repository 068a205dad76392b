#!/usr/bin/env python3
"""Events a second from intake to receiver, against the least a forwarder can do: the
ceiling program has no journal, no checks and no lanes. Both in turn, on the same cores, with
the same generator and sink; one event of about 300 bytes a POST, one POST a delivery."""
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from host import Host                                     # noqa: E402
from wait import wait_for                                 # noqa: E402

HERE = os.path.join(os.environ.get("BUILDDIR", "."), "tests/bench")
SECONDS = os.environ.get("HERMOD_BENCH_SECONDS", "5")
ROUNDS = int(os.environ.get("HERMOD_BENCH_ROUNDS", "5"))
RATE = 500
TICK = os.sysconf("SC_CLK_TCK")


class Program:
    """A program that prints its port and runs until it is told to end."""

    def __init__(self, name, *args):
        self.p = subprocess.Popen([os.path.join(HERE, name), *args], stdout=subprocess.PIPE,
                                  text=True)
        self.port = int(self.p.stdout.readline())

    def close(self):
        self.p.send_signal(signal.SIGTERM)
        self.p.wait()
        self.p.stdout.close()


def sink(port, what):
    with urllib.request.urlopen("http://127.0.0.1:%d/%s" % (port, what)) as answer:
        return answer.read()


def stats(port):
    return json.loads(sink(port, "stats"))


def cpu_s(pids):
    total = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid, encoding="ascii") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def generate(port, token, *options):
    """How many were accepted."""
    command = [os.path.join(HERE, "generator"), *options, "-v", "acme", "-w", "0"]
    if token:
        command += ["-t", token]
    out = subprocess.run([*command, "127.0.0.1:%d" % port], capture_output=True, text=True,
                         check=True).stdout
    return int(re.search(r"answered (\d+)", out)[1])


def drained(sink_port, count):
    wait_for(lambda: stats(sink_port)["count"] >= count, 120, "all to arrive")


def measure(port, token, pids, sink_port):
    """(events/s from the first sent to the last arrived, CPU us an event), (p50, p99 us)."""
    sink(sink_port, "reset")
    before = cpu_s(pids)
    start = os.times().elapsed
    count = generate(port, token, "-c", "64", "-d", SECONDS)
    drained(sink_port, count)
    took = os.times().elapsed - start
    each = (cpu_s(pids) - before) / count * 1e6
    sink(sink_port, "reset")
    drained(sink_port, generate(port, token, "-c", "16", "-r", str(RATE), "-d", SECONDS))
    late = stats(sink_port)
    return count / took, each, late["p50Us"], late["p99Us"]


def ceiling(target):
    c = Program("ceiling", "0", "http://127.0.0.1:%d/" % target.port, "64")
    try:
        return measure(c.port, None, [c.p.pid], target.port)
    finally:
        c.close()


def hermod(target):
    block = {"url": "http://127.0.0.1:%d/" % target.port, "limits": {"concurrent": 64}}
    with Host({"acme": {"webhooks": block}}) as h:
        pids = [p.pid for role in ("core", "runner") for p in h.processes(role)]
        return measure(h.port, h.config["tokens"][0], pids, target.port)


def main():
    rounds = []
    target = Program("sink", "0", "fast")
    try:
        for _ in range(ROUNDS):
            rounds.append((ceiling(target), hermod(target)))
    finally:
        target.close()
    median = [[statistics.median(r[who][i] for r in rounds) for i in range(4)] for who in (0, 1)]
    ratio = [statistics.median(r[1][i] / max(r[0][i], 1e-9) for r in rounds) for i in range(4)]
    print("""## From intake to receiver

One webhooks destination, an fsync before each answer, medians of %d rounds; the ceiling keeps
events in memory only and checks nothing. The ratio is that of each round.

| system | events/s | CPU us an event | p50 ms at %d/s | p99 ms at %d/s |
|---|---:|---:|---:|---:|""" % (ROUNDS, RATE, RATE))
    for name, m in (("ceiling", median[0]), ("Hermod", median[1])):
        print("| %s | %d | %.1f | %.2f | %.2f |" % (name, m[0], m[1], m[2] / 1000, m[3] / 1000))
    print("| Hermod over ceiling | %.2f | %.2f | %.2f | %.2f |\n" % tuple(ratio))
    for key, value in (("throughput_vs_ceiling", ratio[0]), ("cpu_vs_ceiling", ratio[1]),
                       ("latency_p99_vs_memory_ceiling", ratio[3])):
        print("    " + json.dumps({key: round(value, 3)}))


if __name__ == "__main__":
    main()
