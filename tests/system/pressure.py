#!/usr/bin/env python3
"""Back-pressure: before the disk or the queue is full intake answers 503 with Retry-After,
keeps what it has accepted, and accepts again when there is room."""
import os
import resource
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, contains, equal, holds, run, test    # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402
from wait import wait_for                                 # noqa: E402


def push_back(answer):
    equal(answer.status, 503, answer.body)
    holds(int(answer.headers["Retry-After"]) >= 1, "when to come back")
    equal(answer.headers["Content-Type"].split(";")[0], "application/problem+json")


def fill(h, most=3000, pad=2000):
    """Sends until told 503; the ids that were accepted, and that answer."""
    ids = []
    for n in range(most):
        answer = h.intake(event("u%d" % n, pad="x" * pad))
        if answer.status != 202:
            return ids, answer
        ids += [e["id"] for e in answer.json["events"]]
    raise AssertionError("%d events and never a 503" % most)


@test
def less_free_disk_than_wanted_is_503():
    with Receiver() as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}, config={"minFree": "1000TB"}) as h:
            answer = h.intake(event())
            push_back(answer)
            contains(answer.json["detail"], "disk")
            equal(h.deliveries(), [])
            equal(r.select(), [])


@test
def a_journal_that_cannot_grow_is_503_loses_nothing_and_recovers():
    """The size of files is limited from outside, and the limit lifted again: a disk that
    is full where statvfs() does not see it (a quota)."""
    with Receiver("default=held") as r:
        block = {"url": r.url(), "retry": {"schedule": ["100ms"] * 50}}
        with Host({"acme": {"webhooks": block}}) as h:
            (first,) = h.post(event("first"))
            core = h.one("core")
            limit = 1 << 20
            resource.prlimit(core.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            ids, answer = fill(h)
            push_back(answer)
            equal([p.pid for p in h.processes("core")], [core.pid], "core lives on")
            resource.prlimit(core.pid, resource.RLIMIT_FSIZE,
                             (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            r.release()
            wait_for(lambda: h.intake(event("after")).status == 202, 30, "room again")
            r.wait_until(lambda: {first, *ids} <= {q.id for q in r.answered()},
                         "all that was accepted")
            h.wait_settled()


@test
def a_full_file_system_is_503_loses_nothing_and_recovers():
    """On a tmpfs of 8 MiB, filled to the last byte by somebody else."""
    with Receiver() as r, Host({"acme": {"webhooks": {"url": r.url()}}}, start=False) as h:
        disk = h.path("disk")
        os.mkdir(disk)
        if os.geteuid() != 0 or subprocess.run(
                ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk],
                stderr=subprocess.DEVNULL).returncode != 0:
            raise Skip("mounting a file system needs root")
        try:
            h.journal = os.path.join(disk, "journal.db")
            h.write_config()
            h.start()
            (first,) = h.post(event("first"))
            h.wait_state("delivered", first)
            with open(os.path.join(disk, "ballast"), "wb", buffering=0) as f:
                try:
                    while f.write(b"x" * 4096):
                        pass
                except OSError:
                    pass
            ids, answer = fill(h)
            push_back(answer)
            os.unlink(os.path.join(disk, "ballast"))
            wait_for(lambda: h.intake(event("after")).status == 202, 30, "room again")
            r.wait_until(lambda: set(ids) <= {q.id for q in r.answered()},
                         "all that was accepted")
            h.wait_settled()
        finally:
            h.stop()
            subprocess.run(["umount", disk], check=True)


@test
def too_many_waiting_deliveries_are_503_until_they_have_gone():
    with Receiver("default=held") as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}, config={"maxWaiting": 50}) as h:
            ids, answer = fill(h, 200, 0)
            push_back(answer)
            holds(len(ids) >= 50, "%d were accepted" % len(ids))
            r.release()
            r.wait_count(len(ids))
            h.wait_settled()
            wait_for(lambda: h.intake(event("after")).status == 202, 30, "room again")


if __name__ == "__main__":
    run()
