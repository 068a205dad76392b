#!/usr/bin/env python3
"""A signed webhook is accepted by a verifier written from the Standard Webhooks
specification (tests/lib/standardwebhooks.py), with the old and with the new secret during
rotation, and refused when one byte is changed. The signature itself: the plugin's cases."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import equal, holds, run, test                # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402
from standardwebhooks import VerificationError, verify    # noqa: E402

OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NEW = "whsec_wCwLll4COr7oCPK1SNjVGTqLUim+bzEhpvFuLUGkSbM="
OTHER = "whsec_ThGV3wIN5Z4NZaM6QnnxGD565OXZgOMJ"


def one_request(script="default=200", sent=None, **settings):
    with Receiver(script) as r:
        block = dict({"url": r.url("/hook"), "retry": {"schedule": ["50ms"] * 5}}, **settings)
        with Host({"acme": {"webhooks": block}}) as h:
            (id,) = h.post(sent or event())
            h.wait_state("delivered", id)
            return id, r.select()


def refused(body, headers, secret):
    try:
        verify(body, headers, secret)
    except VerificationError:
        return True
    return False


@test
def a_signed_request_is_accepted():
    sent = event(note="æøå 漢字")
    id, (q,) = one_request(sent=sent, secret=NEW)
    verify(q.body, q.headers, NEW)
    equal(q.body, sent)
    equal(q.headers["webhook-id"], id)
    holds(abs(int(q.headers["webhook-timestamp"]) - time.time()) < 60, "a fresh timestamp")


@test
def a_changed_byte_anywhere_is_refused():
    _, (q,) = one_request(secret=NEW)
    for at in range(len(q.body)):
        changed = bytearray(q.body)
        changed[at] ^= 1
        holds(refused(bytes(changed), q.headers, NEW), "byte %d was changed" % at)
    for name in ("webhook-id", "webhook-timestamp"):
        holds(refused(q.body, dict(q.headers, **{name: q.headers[name][:-1] + "7x"}), NEW), name)


@test
def another_secret_is_refused():
    _, (q,) = one_request(secret=NEW)
    holds(refused(q.body, q.headers, OTHER), "a secret that did not sign")


@test
def both_secrets_verify_during_rotation():
    _, (q,) = one_request(secret=[NEW, OLD])
    verify(q.body, q.headers, NEW)
    verify(q.body, q.headers, OLD)
    holds(refused(q.body, q.headers, OTHER), "a third secret")


@test
def a_retry_has_the_same_id_and_a_signature_of_its_own():
    id, requests = one_request("default=500x2,200", secret=NEW)
    equal(len(requests), 3)
    equal({q.headers["webhook-id"] for q in requests}, {id})
    for q in requests:
        verify(q.body, q.headers, NEW)


@test
def without_a_secret_there_is_an_id_but_no_signature():
    id, (q,) = one_request()
    equal(q.headers["webhook-id"], id)
    holds("webhook-signature" not in q.headers, "unsigned")


@test
def the_body_is_the_event_byte_for_byte_and_the_headers_are_the_operators():
    sent = (b'{ "vendorId" : "acme",\t"eventType":"contract.1#update", "userId":"email|\\u00e9",\n'
            b' "unknown": [1.0, 1e2, {"a":null}], "occured_at":"2025-11-10T12:00:00+01:00" }')
    _, (q,) = one_request(sent=sent, headers={"X-Shop": "acme", "Authorization": "Bearer h"})
    equal(q.body, sent)
    equal(q.method, "POST")
    equal(q.headers["x-shop"], "acme")
    equal(q.headers["authorization"], "Bearer h")
    equal(q.headers["content-type"], "application/json")


if __name__ == "__main__":
    run()
