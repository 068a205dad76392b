#!/usr/bin/env python3
"""Plugins learn who an event is about from the source role: fresh, once for all that wait, and
without a trace of anybody in logs or on disk; and what happens when it, or the platform, is not
there."""
import glob
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, contains, equal, holds, none, run, test      # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402
from sesamy import CREDENTIALS, Sesamy                    # noqa: E402
from wait import wait_for                                 # noqa: E402

ANNA = {"email": "anna.marker@example.se", "firstName": "Änna-Marker",
        "mobilePhone": "+46709999999"}


def stage(s, r, sesamy=True, retry=("100ms", "100ms", "200ms"), **config):
    block = {"apiUrl": r.url(""), "apiKey": "k", "list": "l",
             "retry": {"schedule": list(retry)}}
    vendor = {"integrations": {"welcome": block}}
    if sesamy:
        vendor["sesamy"] = CREDENTIALS
    return Host({"acme": vendor}, plugins=("welcome",), config=s.config(**config))


def new_user(user="email|1", **more):
    return event(user, type="userVendor.1#new", **dict({"contractId": None}, **more))


def emails(r):
    return [q.json["email"] for q in r.records]


@test
def a_plugin_learns_who_the_event_is_about():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, stage(s, r) as h:
        (id,) = h.post(new_user())
        h.wait_state("delivered", id)
        equal(emails(r), [ANNA["email"]])
        equal(sorted(t.partition("?")[0] for t in s.asked),
              ["/management/contracts", "/management/entitlements",
               "/management/users/email%7C1"])
        equal(s.tokens, 1)
        (id,) = h.post(new_user(contractId="c/1"))
        h.wait_state("delivered", id)
        equal(s.asked[-1], "/management/contracts/c%2F1")
        equal(s.tokens, 1)


@test
def an_event_is_served_with_what_is_true_after_it_was_accepted():
    with Receiver() as r, Sesamy({"email|1": dict(ANNA)}) as s, stage(s, r) as h:
        for n in range(5):
            s.users["email|1"]["email"] = "%d@example.se" % n
            (id,) = h.post(new_user())
            h.wait_state("delivered", id)
        equal(emails(r), ["%d@example.se" % n for n in range(5)])


@test
def fifty_events_of_one_user_that_wait_together_cost_two_fetches_at_most():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, stage(s, r) as h:
        s.open.clear()
        ids = h.post(*[new_user() for _ in range(50)])
        wait_for(lambda: s.count() == 1, 30, "the first fetch")
        s.open.set()
        for id in ids:
            h.wait_state("delivered", id)
        holds(s.count() <= 2, lambda: "%d fetches" % s.count())
        equal(len(r.records), 50)


@test
def a_user_that_is_gone_is_skipped():
    with Receiver() as r, Sesamy() as s, stage(s, r) as h:
        (id,) = h.post(new_user())
        contains(h.wait_state("skipped", id)["reason"], "not known any more")
        equal(r.records, [])


@test
def a_platform_in_trouble_is_asked_again():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, stage(s, r) as h:
        s.faults = [(503, {})] * 3
        (id,) = h.post(new_user())
        h.wait_state("delivered", id)
        equal(emails(r), [ANNA["email"]])


@test
def no_request_comes_before_the_platform_wants_one():
    with Receiver() as r, Sesamy({"email|1": ANNA, "email|2": ANNA}) as s, stage(s, r) as h:
        s.faults = [(429, {"Retry-After": "3600"})] * 3
        (first,) = h.post(new_user())
        h.wait_attempts(first)
        asked = len(s.asked)
        (second,) = h.post(new_user("email|2"))
        h.wait_attempts(second)
        equal(len(s.asked), asked)
        for id in (first, second):
            contains(h.deliveries(event=id)[0]["reason"], "429")


@test
def without_credentials_a_delivery_is_parked_with_the_reason():
    with Receiver() as r, Sesamy() as s, stage(s, r, sesamy=False) as h:
        (id,) = h.post(new_user())
        contains(h.wait_state("parked", id)["reason"], "sesamy.clientId")
        equal(h.processes("source"), [])
        equal(s.asked, [])


@test
def a_killed_source_costs_a_retry_and_no_event():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, stage(s, r) as h:
        (id,) = h.post(new_user())
        h.wait_state("delivered", id)
        for _ in range(3):
            s.open.clear()
            asked = len(s.asked)
            (id,) = h.post(new_user())
            wait_for(lambda: len(s.asked) > asked, 30, "the source to ask")
            victim = h.kill("source")
            s.open.set()
            h.wait_state("delivered", id)
            holds(h.one("source").pid != victim.pid, "the source was not started anew")


@test
def runners_and_core_may_die_under_the_source():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, \
            stage(s, r, retry=["100ms"] * 20) as h:
        source = h.one("source")
        for role in ("runner", "core"):
            s.open.clear()
            asked = len(s.asked)
            (id,) = h.post(new_user())
            wait_for(lambda: len(s.asked) > asked, 30, "the source to ask")
            h.kill(role)
            s.open.set()
            h.wait_ready()
            h.wait_state("delivered", id)
        equal(h.one("source").pid, source.pid)


@test
def an_orderly_stop_ends_the_source_last():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, stage(s, r) as h:
        (id,) = h.post(new_user())
        h.wait_state("delivered", id)
        equal(h.stop(), 0)
        said = [line for line in h.lines if "has stopped" in line]
        equal(len(said), 3)
        contains(said[-1], "source has stopped")


@test
def nobody_is_found_in_the_log_or_on_disk():
    marks = ["marker", "Marker", "+46709999999", "about somebody"]
    with Receiver("default=400,200") as r, Sesamy({"email|1": ANNA}) as s, \
            stage(s, r, logLevel="debug") as h:
        s.faults = [(500, {})]
        ids = h.post(new_user(), new_user("email|2"))
        for id in ids:
            wait_for(lambda: h.deliveries(event=id)[0]["state"] in ("delivered", "parked",
                                                                     "skipped"), 30, "an end")
        h.stop()
        found = ["%s in the log" % m for m in marks if m in h.log()]
        for path in glob.glob(h.path("journal.db*")):
            with open(path, "rb") as f:
                data = f.read()
            found += ["%s in %s" % (m, path) for m in marks if m.encode() in data]
        none(found)


@test
def the_source_has_neither_the_journal_nor_a_plugin():
    with Receiver() as r, Sesamy({"email|1": ANNA}) as s, stage(s, r) as h:
        (id,) = h.post(new_user())
        h.wait_state("delivered", id)
        pid = h.one("source").pid
        try:
            fds = [os.readlink(p) for p in glob.glob("/proc/%d/fd/*" % pid)]
            with open("/proc/%d/maps" % pid, encoding="utf-8") as f:
                maps = f.read()
        except PermissionError:
            raise Skip("only root may look into a role") from None
        none([fd for fd in fds if "journal" in fd or fd.endswith(".so")])
        none([line for line in maps.splitlines() if "welcome" in line])


if __name__ == "__main__":
    run()
