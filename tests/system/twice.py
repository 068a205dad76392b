#!/usr/bin/env python3
"""Accepting twice is harmless: the same event, by key or by content, arrives once; another
event under a used key is refused. The keys themselves: tests/unit/model/event."""
import json
import os
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import Host, event, ids_of                      # noqa: E402
from receiver import Receiver                             # noqa: E402


def once(send):
    """send(host) sends one event some way or other several times, and returns the ids it
    was told. They must be one id, and arrive once."""
    with Receiver() as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        ids = set(send(h))
        equal(len(ids), 1, "ids %r" % ids)
        (id,) = ids
        h.wait_state("delivered", id)
        # Of the same user, so behind any second delivery there might be.
        (last,) = h.post(event())
        h.wait_state("delivered", last)
        equal([q.id for q in r.select()], [id, last], "what arrived")
        equal(len(h.deliveries(event=id)), 1, "deliveries")


@test
def the_same_bytes_without_a_key_arrive_once():
    e = event()
    once(lambda h: h.post(e) + h.post(e) + h.post(e))


@test
def the_same_fields_in_another_order_and_spacing_arrive_once():
    def send(h):
        e = event()
        fields = json.loads(e)
        other = json.dumps(dict(reversed(fields.items())), indent=4).encode()
        holds(other != e, "not the same bytes")
        return h.post(e) + h.post(other)
    once(send)


@test
def the_same_idempotency_key_arrives_once():
    def send(h):
        e = event()
        key = {"Idempotency-Key": "order-1234"}
        return h.post(e, headers=key) + h.post(e, headers=key)
    once(send)


@test
def the_same_webhook_id_arrives_once():
    def send(h):
        e = event()
        key = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek"}
        return h.post(e, headers=key) + h.post(e, headers=key)
    once(send)


@test
def twenty_at_the_same_time_arrive_once():
    def send(h):
        e, ids = event(), []
        start = threading.Barrier(20)

        def one():
            start.wait()
            ids.extend(h.post(e))

        threads = [threading.Thread(target=one) for _ in range(20)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        equal(len(ids), 20, "answers")
        return ids
    once(send)


@test
def twice_in_one_array_arrives_once():
    def send(h):
        e = event()
        return h.post(e, e)
    once(send)


@test
def a_restart_in_between_changes_nothing():
    def send(h):
        e = event()
        first = h.post(e)
        h.stop()
        h.start()
        return first + h.post(e)
    once(send)


@test
def two_keys_make_two_deliveries_of_the_same_content():
    with Receiver() as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        e = event()
        one = h.post(e, headers={"Idempotency-Key": "a"})
        two = h.post(e, headers={"Idempotency-Key": "b"})
        holds(one != two, "two ids")
        r.wait_count(2)
        equal({q.id for q in r.select()}, set(one + two))


@test
def another_event_under_a_used_key_is_refused_and_not_delivered():
    with Receiver() as r, Host({"acme": {"webhooks": {"url": r.url()}}}) as h:
        key = {"Idempotency-Key": "order-1234"}
        first = h.intake(event(), headers=key)
        equal(first.status, 202)
        second = h.intake(event(user="u2"), headers=key)
        equal(second.status, 422)
        contains(second.headers["Content-Type"], "application/problem+json")
        contains(second.json["detail"], "Idempotency-Key")
        (last,) = h.post(event(user="u2"))
        h.wait_state("delivered", last)
        equal({q.id for q in r.select()}, {ids_of(first)[0], last})


if __name__ == "__main__":
    run()
