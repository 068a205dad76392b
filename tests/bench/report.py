#!/usr/bin/env python3
"""Runs the benchmarks named on the command line and makes one page of what they say.

    report.py OUTPUT.md BENCH...

Each benchmark is a program that prints one section of Markdown (from "## " on) and exits 0,
or 1 when a promise was not held (the section then says which), or 77 when it cannot run
here. Progress goes to stderr."""
import os
import platform
import subprocess
import sys
import time

HEAD = """\
# Performance

Made by `make bench`; do not edit. The programs that measured this are in `tests/bench/`.

Measured on {date} with Hermod {version} on {cores} cores of {cpu}, {memory} of memory,
{system}.
"""


def first(path, start):
    try:
        with open(path, encoding="utf-8") as f:
            for line in f:
                if line.startswith(start):
                    return line.split(":" if ":" in line else "=", 1)[1].strip().strip('"')
    except OSError:
        pass
    return "unknown"


def head():
    kib = first("/proc/meminfo", "MemTotal").split()[0]
    version = subprocess.run([os.environ["HERMOD"], "--version"], capture_output=True, text=True,
                             check=True).stdout.split()[1]
    return HEAD.format(
        date=time.strftime("%Y-%m-%d", time.gmtime()), version=version,
        cores=len(os.sched_getaffinity(0)), cpu=first("/proc/cpuinfo", "model name"),
        memory="%.0f GiB" % (int(kib) / 1024 / 1024) if kib.isdigit() else "unknown",
        system="%s, Linux %s" % (first("/etc/os-release", "PRETTY_NAME"), platform.release()))


def main():
    output, programs = sys.argv[1], sys.argv[2:]
    sections, broken = [head()], []
    for program in programs:
        print("bench: %s" % os.path.basename(program), file=sys.stderr, flush=True)
        command = [sys.executable, "-B", program] if program.endswith(".py") else [program]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.stdout.strip():
            sections.append(done.stdout.strip() + "\n")
        if done.returncode not in (0, 77):
            broken.append(os.path.basename(program))
    with open(output, "w", encoding="utf-8") as f:
        f.write("\n".join(sections))
    print("bench: wrote %s" % output, file=sys.stderr)
    if broken:
        sys.exit("bench: not held: %s" % ", ".join(broken))


if __name__ == "__main__":
    main()
