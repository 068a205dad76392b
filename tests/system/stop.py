#!/usr/bin/env python3
"""An orderly stop: no new work, what is in flight is finished within the grace time, the
rest waits for the next start. Unorderly ends: kill.py, restart.py."""
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import equal, holds, run, test                # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402
from wait import wait_for                                 # noqa: E402


def closed(h):
    try:
        return h.intake(event(type="entitlement.1#new")).status != 202
    except OSError:
        return True


def stops_in_order(signum):
    with Receiver("default=held") as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        one, two = h.post(event("u1"), event("u1"))
        r.wait_in_flight(1)
        h.processes()
        h.process.send_signal(signum)
        wait_for(lambda: closed(h), 10, "intake to be closed")
        holds(h.process.poll() is None, "it waits for what is in flight")
        r.release_one(r.in_flight()[0])
        equal(h.wait_exit(), 0, "exit status")
        equal([q.id for q in r.select()], [one], "only what was in flight")
        r.release()
        h.start()
        h.wait_state("delivered", two)
        equal([q.id for q in r.select()], [one, two], "the first is not sent again")


@test
def sigterm_finishes_what_is_in_flight_and_keeps_the_rest():
    stops_in_order(signal.SIGTERM)


@test
def sigint_does_the_same():
    stops_in_order(signal.SIGINT)


@test
def a_host_that_was_started_with_its_input_and_output_closed_stops_as_any_other():
    def closed_files():
        os.close(0)
        os.close(1)

    with Receiver() as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}},
                  run_options={"preexec_fn": closed_files}) as h:
            h.post(event())
            r.wait_count(1)
            equal(h.stop(), 0, "exit status")


@test
def after_the_grace_time_what_hangs_is_left_for_the_next_start():
    with Receiver("default=hang") as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}, config={"grace": "500ms"}) as h:
            (id,) = h.post(event())
            r.wait_in_flight(1)
            began = time.monotonic()
            equal(h.stop(), 0, "exit status")
            took = time.monotonic() - began
            holds(0.4 < took < 15, "stopped after %.1f s" % took)
            r.rule("default=200")
            h.start()
            h.wait_state("delivered", id)
            equal([q.id for q in r.select()], [id, id], "again, with the same id")
            equal(h.log().count("killed its runner"), 0)


@test
def an_idle_host_stops_at_once_and_leaves_no_process():
    with Host({"acme": {"webhooks": {"url": "http://127.0.0.1:1/"}}}) as h:
        for role in ("supervisor", "core", "runner"):
            h.one(role)
        began = time.monotonic()
        equal(h.stop(), 0)
        holds(time.monotonic() - began < 5, "at once")
        equal(h.alive(), [])


@test
def a_second_sigterm_does_not_wait():
    with Receiver("default=hang") as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}, config={"grace": "10m"}) as h:
            (id,) = h.post(event())
            r.wait_in_flight(1)
            h.processes()
            h.process.send_signal(signal.SIGTERM)
            wait_for(lambda: closed(h), 10, "intake to be closed")
            h.process.send_signal(signal.SIGTERM)
            h.wait_exit(20)
            r.rule("default=200")
            h.start()
            h.wait_state("delivered", id)


@test
def stopped_during_a_wait_for_a_retry_it_goes_on_where_it_was():
    with Receiver("default=500,200") as r:
        block = {"url": r.url(), "retry": {"schedule": ["1s"]}}
        with Host({"acme": {"webhooks": block}}) as h:
            (id,) = h.post(event())
            h.wait_attempts(id)
            h.stop()
            h.start()
            d = h.wait_state("delivered", id)
            equal(d["attempts"], 2)


if __name__ == "__main__":
    run()
