#!/usr/bin/env python3
"""Accepted is kept: 20 rounds of events sent without a pause, kill -9 of a random role (each
role in some round), start again. Every event that got its 202 arrives at least once, with
the body it was sent with, and what arrives again carries the same webhook-id.

HERMOD_TEST_SEED repeats a run; HERMOD_TEST_ROUNDS makes it longer."""
import http.client
import json
import os
import random
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import equal, holds, run, test                # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402

SEED = int(os.environ.get("HERMOD_TEST_SEED", random.randrange(1 << 32)))
ROUNDS = int(os.environ.get("HERMOD_TEST_ROUNDS", "20"))
ROLES = ["core", "runner", "source", "supervisor"]
# So that there is a source role.
SESAMY = {"clientId": "x", "clientSecret": "y"}


AHEAD = 200                            # how far each sender may be ahead of what arrives


class Sender(threading.Thread):
    """Sends events until told to stop; keeps what was accepted. An event whose answer did
    not come is sent again until it does, as a careful platform would."""

    def __init__(self, host, receiver, number):
        super().__init__(daemon=True)
        self.host = host
        self.receiver = receiver
        self.number = number
        self.accepted = {}             # id -> body
        self.resent = 0
        self.refused = []              # answers other than 202 and 503
        self.stopping = threading.Event()
        self.connection = None

    def run(self):
        rng = random.Random(SEED + self.number)
        while not self.stopping.is_set():
            count = rng.choice([1, 1, 1, 5])
            events = [event("user|%d-%d" % (self.number, rng.randrange(20)),
                            note="æøå 漢字 \U0001f600 %d" % rng.randrange(1 << 30))
                      for _ in range(count)]
            while not self.stopping.is_set() and not self.send(events):
                self.resent += 1
                self.stopping.wait(0.02)   # the host is down or starting: not so fast
            while len(self.accepted) - len(self.receiver.records) > AHEAD:
                if self.stopping.wait(0.02):
                    break

    def send(self, events):
        body = b"[" + b",\n ".join(events) + b"]"
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.host.port,
                                                             timeout=30)
            self.connection.request("POST", "/v1/events", body, {
                "Content-Type": "application/json",
                "Authorization": "Bearer " + self.host.config["tokens"][0]})
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException):
            if self.connection:
                self.connection.close()
            self.connection = None
            return False
        if answer.status == 202:
            ids = [e["id"] for e in json.loads(text)["events"]]
            self.accepted.update(zip(ids, events))
            return True
        if answer.status != 503:
            self.refused.append((answer.status, text))
        return False


def rounds_of_kills(h, rng):
    """Each role at least ROUNDS // 5 times, the rest at random, in random order."""
    plan = ROLES * (ROUNDS // 5)
    plan += [rng.choice(ROLES) for _ in range(ROUNDS - len(plan))]
    rng.shuffle(plan)
    return plan


@test
def what_was_accepted_arrives_whatever_is_killed():
    print("# seed %d" % SEED)
    rng = random.Random(SEED)
    with Receiver("default=200(delay=3)") as r:
        block = {"url": r.url("/hook"), "retry": {"schedule": ["50ms"] * 60},
                 "limits": {"concurrent": 20}}
        with Host({"acme": {"sesamy": SESAMY, "integrations": {"webhooks": block}}}) as h:
            senders = [Sender(h, r, n) for n in range(3)]
            for s in senders:
                s.start()
            for role in rounds_of_kills(h, rng):
                # Kill in the thick of it: when some more have arrived.
                seen = len(r.records)
                r.wait_until(lambda: len(r.records) >= seen + rng.randrange(5, 60),
                             lambda: "more events before a kill of %s; log:\n%s" % (
                                 role, h.log()[-3000:]))
                h.kill(role)
                if role == "supervisor":
                    h.start()
            for s in senders:
                s.stopping.set()
            for s in senders:
                s.join()
            accepted = {k: v for s in senders for k, v in s.accepted.items()}
            check_arrivals(h, r, accepted)
            equal([x for s in senders for x in s.refused], [], "answers that are no 202 or 503")
            print("# %d accepted, %d requests, %d sent again by the senders" % (
                len(accepted), len(r.records), sum(s.resent for s in senders)))


def check_arrivals(h, r, accepted):
    # What was in flight in two deaths of its runner was set aside: rightly, for all that the
    # host can know. The operator who killed them puts it back.
    h.wait_ready()
    h.wait_settled(120)
    equal([d for d in h.deliveries(state="parked") if d["why"] != "killed its runner"], [],
          "parked for another reason")
    put_back = h.cli_json("replay", "--all")["count"]
    print("# %d were set aside and put back" % put_back)

    def missing():
        return set(accepted) - {q.id for q in r.answered()}

    r.wait_until(lambda: not missing(), lambda: "%d of %d to arrive, e.g. %s" % (
        len(missing()), len(accepted), [h.deliveries(event=id) for id in sorted(missing())[:3]]))
    holds(len(accepted) > ROUNDS, "hardly anything was sent")
    wrong = [q.id for q in r.select() if q.id in accepted and q.body != accepted[q.id]]
    equal(wrong, [], "events that arrived with another body")
    by_body = {}
    for q in r.select():
        by_body.setdefault(q.body, set()).add(q.id)
    equal([ids for ids in by_body.values() if len(ids) > 1], [],
          "events that arrived under several ids")
    h.wait_settled()
    equal(h.deliveries(state="parked"), [], "parked")


if __name__ == "__main__":
    run()
