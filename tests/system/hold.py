#!/usr/bin/env python3
"""Retry-After holds the whole destination, not only the delivery that was told; the others
go on. The forms it can have: tests/unit/model/retry."""
import email.utils
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402


def held_back(status, header, least_s):
    """u0 is told to wait; u1 and u2, sent later, wait too, at that destination only."""
    script = "default=200; path:/a=%s(retry-after=%s),200" % (status, header)
    with Receiver(script) as r:
        blocks = [{"name": "a", "url": r.url("/a")}, {"name": "b", "url": r.url("/b")}]
        with Host({"acme": {"webhooks": blocks}}) as h:
            (first,) = h.post(event("u0"))
            r.wait_until(lambda: r.answered("/a"), "the first answer of a")
            told = r.answered("/a")[0].answered
            h.wait_attempts(first, name="a")
            ids = h.post(event("u1"), event("u2"))
            r.wait_until(lambda: len(r.answered("/b")) == 3, "b to have all three")
            holds(len(r.select("/a")) == 1, "a had another request while it was held")
            contains(h.explain(ids[0]), "held until")
            contains(h.cli("status").stdout, "held")
            r.wait_until(lambda: len(r.answered("/a")) == 4, "a to have all three in the end")
            wait = r.select("/a")[1].at - told
            holds(wait >= least_s, "came back after %.2f s, told %s" % (wait, header))
            holds(r.answered("/b")[-1].answered < r.select("/a")[1].at, "b did not wait")


@test
def a_429_with_seconds_holds_the_whole_destination():
    held_back("429", "2", 2)


@test
def a_503_with_seconds_holds_the_whole_destination():
    held_back("503", "2", 2)


@test
def a_hold_survives_a_restart():
    with Receiver("default=429(retry-after=2),200") as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
            (first,) = h.post(event("u0"))
            h.wait_attempts(first)
            told = r.answered()[0].answered
            h.stop()
            h.start()
            (second,) = h.post(event("u1"))
            h.wait_state("delivered", first)
            h.wait_state("delivered", second)
            holds(r.select()[1].at - told >= 2, "asked again after %.2f s" %
                  (r.select()[1].at - told))


@test
def a_hold_ends_with_the_time_it_was_given_as_a_date():
    at = int(time.time()) + 4
    date = email.utils.formatdate(at, usegmt=True)
    with Receiver("default=429('retry-after=%s'),200" % date) as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
            (id,) = h.post(event())
            h.wait_state("delivered", id)
            holds(r.select()[1].at >= at, "asked again %.2f s early" % (at - r.select()[1].at))


@test
def an_absurd_hint_is_capped_at_a_day():
    with Receiver("default=429(retry-after=999999999),200") as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
            (id,) = h.post(event())
            h.wait_attempts(id)
            due = h.wait_state("waiting", id)["dueAt"]
            text = h.explain(id)
            contains(text, "held until")
            equal(len(r.select()), 1)
            holds(due, "a due time")


if __name__ == "__main__":
    run()
