#!/usr/bin/env python3
"""Every way to hand events in, end to end: one object, an array, NDJSON, CloudEvents in
three forms, signed as a Standard Webhook; and every way to be refused, with a problem
document (RFC 9457) that names the field. Parsing in detail: tests/unit/model."""
import base64
import json
import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import Host, event, ids_of                      # noqa: E402
from receiver import Receiver                             # noqa: E402
import standardwebhooks                                   # noqa: E402

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Pair:
    """A host with one destination, and its receiver."""

    def __init__(self, **more):
        self.r = Receiver()
        self.h = Host({"acme": {"webhooks": {"url": self.r.url()}}}, **more)

    def __enter__(self):
        return self.h, self.r

    def __exit__(self, *exc):
        self.h.__exit__(*exc)
        self.r.close()


def arrive(h, r, answer, bodies):
    """The answer accepted these; they arrive so, byte for byte."""
    equal(answer.status, 202, answer.body)
    ids = ids_of(answer)
    equal(len(ids), len(bodies))
    r.wait_count(len(bodies))
    got = {q.id: q.body for q in r.answered()}
    equal(got, dict(zip(ids, bodies)))


def refused(h, status, body, pointer=None, words=(), **more):
    """Refused with a problem document; nothing of it is kept."""
    answer = h.intake(body, **more)
    equal(answer.status, status, answer.body)
    equal(answer.headers["Content-Type"].split(";")[0], "application/problem+json")
    equal(answer.json["status"], status)
    contains(answer.json["detail"], *words)
    holds(answer.json["title"], "a title")
    if pointer is not None:
        equal(answer.json.get("pointer"), pointer, answer.body)
    equal(h.deliveries(), [], "deliveries")
    return answer


@test
def one_object_arrives_byte_for_byte():
    with Pair() as (h, r):
        e = b'  {"eventType":"contract.1#purchased" , "vendorId":"acme","userId":"a|b",' \
            b'"occured_at":"2025-11-10T12:00:00Z", "x":"\\u00e5 \xc3\xa5"}'
        arrive(h, r, h.intake(e + b"\n"), [e.strip()])


@test
def an_array_arrives_each_event_byte_for_byte():
    with Pair() as (h, r):
        events = [event("u1"), event("u2", note="[,]{}\\\""), event("u3")]
        arrive(h, r, h.intake(b" [" + b" ,\n".join(events) + b"]\n"), events)


@test
def ndjson_arrives_each_line_byte_for_byte():
    with Pair() as (h, r):
        events = [event("u%d" % n) for n in range(5)]
        arrive(h, r, h.intake(b"\n".join(events) + b"\n\r\n", "application/x-ndjson"), events)


@test
def a_thousand_events_in_one_request_all_arrive():
    with Pair() as (h, r):
        events = [event("u%d" % n) for n in range(1000)]
        arrive(h, r, h.intake(b"[" + b",".join(events) + b"]"), events)


@test
def a_binary_cloudevent_arrives():
    with Pair() as (h, r):
        e = event()
        arrive(h, r, h.intake(e, headers={
            "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/shop",
            "ce-type": "contract.1#purchased"}), [e])


@test
def a_structured_cloudevent_arrives_as_its_data():
    with Pair() as (h, r):
        e = event()
        envelope = (b'{"specversion":"1.0","id":"1","source":"/shop",'
                    b'"type":"contract.1#purchased","data":' + e + b"}")
        arrive(h, r, h.intake(envelope, "application/cloudevents+json"), [e])


@test
def a_structured_cloudevent_in_base64_arrives_as_its_data():
    with Pair() as (h, r):
        e = event()
        envelope = json.dumps({"specversion": "1.0", "id": "1", "source": "/shop",
                               "type": "contract.1#purchased",
                               "data_base64": base64.b64encode(e).decode()}).encode()
        arrive(h, r, h.intake(envelope, "application/cloudevents+json"), [e])


@test
def a_batch_of_cloudevents_arrives_and_the_same_source_and_id_only_once():
    with Pair() as (h, r):
        events = [event("u1"), event("u2")]
        batch = b"[" + b",".join(
            b'{"specversion":"1.0","id":"%d","source":"/shop","type":"x","data":%s}' % (n, e)
            for n, e in enumerate(events)) + b"]"
        arrive(h, r, h.intake(batch, "application/cloudevents-batch+json"), events)
        again = h.intake(batch, "application/cloudevents-batch+json")
        equal(again.status, 202)
        (last,) = h.post(event("u1"))
        h.wait_state("delivered", last)
        equal(len(r.select()), 3)


@test
def a_sender_that_signs_needs_no_token():
    with Pair(config={"signingSecrets": [SECRET]}) as (h, r):
        e = event()
        headers = standardwebhooks.sign("msg_1", int(time.time()), e, SECRET)
        arrive(h, r, h.intake(e, headers=headers, token=False), [e])
        bad = h.intake(event(), headers=headers, token=False)
        equal(bad.status, 401)
        old = standardwebhooks.sign("msg_2", int(time.time()) - 3600, e, SECRET)
        equal(h.intake(e, headers=old, token=False).status, 401)


@test
def without_a_token_or_with_a_wrong_one_nothing_is_accepted():
    with Pair() as (h, r):
        refused(h, 401, event(), token=False)
        for wrong in ("Bearer wrong", "Bearer ", "Bearer test-intake-toke",
                      "Bearer test-intake-tokenn", "Basic dGVzdDp0ZXN0"):
            answer = refused(h, 401, event(), headers={"Authorization": wrong})
            contains(answer.headers["WWW-Authenticate"], "Bearer")


@test
def a_missing_field_is_named():
    with Pair() as (h, r):
        for field in ("userId", "vendorId", "eventType", "occured_at"):
            e = json.loads(event())
            del e[field]
            refused(h, 400, json.dumps(e).encode(), "/" + field, [field])


@test
def a_wrong_event_in_an_array_is_named_by_its_place_and_none_is_kept():
    with Pair() as (h, r):
        refused(h, 400, b"[" + event() + b"," + event(user=7) + b"]", "/1/userId")


@test
def what_is_not_json_is_refused():
    with Pair() as (h, r):
        for body in (b"", b"{", b"null", b"7", b"[]", b'"x"', b"\xff\xfe", b"{}{}",
                     event()[:-1], b"[" + event() + b",]", b"[" * 100000):
            refused(h, 400, body)


@test
def a_vendor_that_is_not_configured_is_refused_by_name_of_the_field():
    with Pair() as (h, r):
        refused(h, 422, event(vendor="nobody"), "/vendorId")


@test
def too_much_is_refused():
    with Pair() as (h, r):
        refused(h, 413, b"[" + b",".join(event("u%d" % n) for n in range(1001)) + b"]",
                words=["1000"])
        refused(h, 413, event(pad="x" * (1024 * 1024)))
        refused(h, 413, event(pad="x" * (300 * 1024)))


@test
def another_path_method_or_content_type_is_refused():
    with Pair() as (h, r):
        refused(h, 404, event(), path="/v1/event")
        answer = refused(h, 405, None, method="GET")
        contains(answer.headers["Allow"], "POST")
        refused(h, 415, event(), content_type="text/plain")


@test
def a_request_that_comes_byte_by_byte_is_served_like_any_other():
    with Pair() as (h, r):
        e = event()
        with socket.create_connection(("127.0.0.1", h.port)) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in (b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json"
                         b"\r\nAuthorization: Bearer test-intake-token\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\n"
                         b"%x\r\n%s\r\n0\r\n\r\n" % (len(e), e)):
                s.sendall(bytes([byte]))
            head = s.recv(4096)
        contains(head.decode(), "202")
        r.wait_count(1)
        equal(r.select()[0].body, e)


if __name__ == "__main__":
    run()
