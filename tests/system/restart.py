#!/usr/bin/env python3
"""A plugin that crashes, hangs, exits, returns a wrong number or writes to stdout harms
nobody else: it is named, its delivery kept, its runner restarted, poison set aside; and the
core comes back by itself. The plugin is rogue.c, which does as the event's user says.

Descriptors that are no plugin at all: tests/abi/bad. Many kills under load: kill.py."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import BUILDDIR, Host, event                    # noqa: E402
from receiver import Receiver                             # noqa: E402

ROGUE = os.path.join(BUILDDIR, "tests/system/rogue.so")


class Both:
    """A host with the rogue and an honest neighbour, and their receiver."""

    def __init__(self, script="default=200"):
        self.r = Receiver(script)
        retry = {"schedule": ["50ms"] * 8}
        self.h = Host({"acme": {"rogue": {"url": self.r.url("/rogue"), "retry": retry},
                                "webhooks": {"url": self.r.url("/honest"), "retry": retry}}},
                      plugins=["webhooks", ROGUE])

    def __enter__(self):
        return self.h, self.r

    def __exit__(self, *exc):
        self.h.__exit__(*exc)
        self.r.close()


def poison(user, *words):
    """The event kills the rogue's runner until it is set aside; what comes beside it and
    after it arrives, at both destinations."""
    with Both() as (h, r):
        core = h.processes("core")
        honest = h.one("runner", "webhooks")
        bad, beside = h.post(event(user), event("good"))
        d = h.wait_state("parked", bad, name="rogue", timeout=60)
        (after,) = h.post(event("good"))
        equal(d["why"], "killed its runner")
        contains(h.explain(bad), "killed its runner")
        contains(h.log(), "plugin=rogue", "event=" + bad, *words)
        for id in (beside, after):
            h.wait_state("delivered", id, name="rogue")
        for id in (bad, beside, after):
            h.wait_state("delivered", id, name="webhooks")
        equal(h.processes("core"), core, "core lived on")
        equal(h.processes("runner", "webhooks"), [honest], "the neighbour's runner lived on")
        equal(len(r.overlaps), 0)


@test
def a_plugin_that_crashes_is_restarted_and_the_event_that_crashes_it_set_aside():
    poison("crash-1", "Segmentation fault")


@test
def a_plugin_that_aborts_likewise():
    poison("abort-1", "Aborted")


@test
def a_plugin_that_calls_exit_likewise():
    poison("exit-1", "exit")


@test
def a_plugin_that_never_returns_is_stopped_and_its_event_set_aside():
    poison("spin-1", "has held its thread")


@test
def a_plugin_that_overflows_its_stack_likewise():
    poison("deep-1", "stack")


@test
def a_plugin_that_dies_after_it_was_heard_is_set_aside_and_the_others_go_on():
    poison("late-1", "it killed its runner", "Killed")


@test
def a_plugin_that_returns_no_outcome_is_parked_by_name_and_its_runner_lives_on():
    with Both() as (h, r):
        runner = h.one("runner", "rogue")
        (id,) = h.post(event("zero-1"))
        d = h.wait_state("parked", id, name="rogue")
        equal((d["why"], d["attempts"]), ("failed", 1))
        contains(h.explain(id), "returned 0")
        equal(h.processes("runner", "rogue"), [runner])


@test
def a_plugin_that_takes_too_much_memory_is_ended_with_a_clear_word():
    with Both() as (h, r):
        bad, good = h.post(event("memory-1"), event("good"))
        h.wait_state("parked", bad, name="rogue")
        contains(h.explain(bad), "memory")
        h.wait_state("delivered", good, name="rogue")


@test
def a_plugin_that_writes_to_stdout_is_named_and_harms_nothing():
    with Both() as (h, r):
        (id,) = h.post(event("print-1"))
        h.wait_state("delivered", id, name="rogue")
        h.wait_log("writes to stdout", "plugin=rogue")


@test
def a_plugin_that_closes_the_hosts_sockets_harms_only_itself():
    with Both() as (h, r):
        h.post(event("close-1"))
        (id,) = h.post(event("good"))
        h.wait_state("delivered", id, name="webhooks")
        h.wait_state("delivered", id, name="rogue")


@test
def after_a_runner_was_killed_its_deliveries_are_made():
    with Both("default=held") as (h, r):
        ids = h.post(*[event("u%d" % n) for n in range(5)])
        r.wait_in_flight(5, "/rogue")
        old = h.kill("runner", "rogue")
        r.release()
        for id in ids:
            h.wait_state("delivered", id, name="rogue")
        new = h.one("runner", "rogue")
        holds(new.pid != old.pid, "another process")


@test
def after_the_core_was_killed_it_comes_back_and_goes_on():
    with Both("default=held") as (h, r):
        ids = h.post(*[event("u%d" % n) for n in range(5)])
        r.wait_in_flight(10)
        supervisor = h.one("supervisor")
        h.kill("core")
        r.release()
        h.wait_ready()
        for id in ids:
            h.wait_state("delivered", id, name="rogue")
            h.wait_state("delivered", id, name="webhooks")
        h.post(event("after"))
        equal(h.processes("supervisor"), [supervisor])


@test
def nothing_outlives_a_killed_supervisor():
    with Both() as (h, r):
        h.kill("supervisor")
        equal(h.alive(), [])
        h.start()
        (id,) = h.post(event())
        h.wait_state("delivered", id, name="webhooks")


@test
def a_second_host_on_the_same_journal_is_refused():
    with Both() as (h, r):
        with Host(start=False, journal=h.journal) as other:
            out = other.cli("run", timeout=30)
            equal(out.returncode, 1)
            contains(out.stderr, "journal")
        (id,) = h.post(event())
        h.wait_state("delivered", id, name="webhooks")


if __name__ == "__main__":
    run()
