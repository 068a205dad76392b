#!/usr/bin/env python3
"""How much memory a delivery takes that waits for its answer: 1,000 at once to a receiver
that never answers. Promise: under 100 KiB of the runner's resident memory each."""
import os
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402

COUNT = 1000
PROMISE_KIB = 100


def resident_kib(pid):
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as f:
        for line in f:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("no VmRSS")


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536), hard))
    with Receiver("default=200; path:/dead=hang") as r:
        block = [{"name": "alive", "url": r.url("/alive")},
                 {"name": "dead", "url": r.url("/dead"), "limits": {"concurrent": COUNT}}]
        with Host({"acme": {"webhooks": block}}) as h:
            h.post(event("first"))                     # all that is made once
            r.wait_count(1, path="/alive")
            r.wait_in_flight(1, "/dead")
            runner, core = h.one("runner"), h.one("core")
            before = resident_kib(runner.pid), resident_kib(core.pid)
            h.post(*[event("u%d" % n) for n in range(COUNT - 1)])
            r.wait_in_flight(COUNT, "/dead")
            after = resident_kib(runner.pid), resident_kib(core.pid)
    each = (after[0] - before[0]) / (COUNT - 1)
    print("""## Memory of a delivery that waits

%d deliveries at once to a receiver that never answers:

| process | before | with %d in flight | each |
|---|---:|---:|---:|
| runner | %.1f MiB | %.1f MiB | %.1f KiB |
| core | %.1f MiB | %.1f MiB | %.1f KiB |

Promised: under %d KiB of the runner's resident memory each. %s.
""" % (COUNT, COUNT, before[0] / 1024, after[0] / 1024, each, before[1] / 1024, after[1] / 1024,
       (after[1] - before[1]) / (COUNT - 1), PROMISE_KIB,
       "Held" if each < PROMISE_KIB else "NOT HELD"))
    sys.exit(0 if each < PROMISE_KIB else 1)


if __name__ == "__main__":
    main()
