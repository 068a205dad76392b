#!/usr/bin/env python3
"""The tests' Standard Webhooks verifier against vectors it had no part in."""
import json
import os
import sys

TOP = os.environ.get("SRCDIR", ".")
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, holds, run, test                 # noqa: E402
import standardwebhooks as sw                              # noqa: E402

with open(os.path.join(TOP, "tests", "data", "standard_webhooks.json"), encoding="utf-8") as f:
    VECTORS = json.load(f)


@test
def signatures_are_the_published_ones():
    for v in VECTORS["sign"]:
        equal(sw.key_of(v["secret"]).hex(), v["key_hex"], v["id"])
        equal(sw.signature(v["msg_id"], v["timestamp"], v["payload"].encode(), v["secret"]),
              v["signature"], v["id"])


@test
def messages_are_accepted_and_refused_as_by_the_reference_libraries():
    for v in VECTORS["verify"]:
        try:
            sw.verify(v["payload"].encode(), v["headers"], v["secret"], now=v["now"])
            got = "accepted"
        except sw.VerificationError:
            got = "rejected"
        equal(got, v["result"].split(":")[0], v["name"])


@test
def both_secrets_of_a_rotation_are_accepted():
    v = VECTORS["rotation"]
    headers = {"Webhook-Id": v["msg_id"], "Webhook-Timestamp": str(v["timestamp"]),
               "Webhook-Signature": v["header"]}
    for secret in v["secrets_in_order"]:
        equal(sw.verify(v["payload"].encode(), headers, secret, now=v["timestamp"]), "evt_1")


@test
def the_tolerance_is_five_minutes_both_ways_inclusive():
    secret, body = VECTORS["sign"][0]["secret"], b"{}"
    headers = sw.sign("e", 1000000, body, secret)
    for off, good in ((-301, False), (-300, True), (0, True), (300, True), (301, False)):
        try:
            sw.verify(body, headers, secret, now=1000000 + off)
            got = True
        except sw.VerificationError:
            got = False
        equal(got, good, "%d s" % off)


@test
def what_is_missing_or_changed_is_refused():
    secret, body = VECTORS["sign"][0]["secret"], b'{"a": 1}'
    good = sw.sign("e", 1000000, body, secret)
    bad = [dict(good, **{"webhook-id": "f"}), dict(good, **{"webhook-timestamp": "1000001"}),
           dict(good, **{"webhook-signature": "v1,AAAA"}),
           dict(good, **{"webhook-signature": good["webhook-signature"][3:]})]
    bad += [{k: v for k, v in good.items() if k != name} for name in good]
    sw.verify(body, good, secret, now=1000000)
    for headers in bad:
        try:
            sw.verify(body, headers, secret, now=1000000)
        except sw.VerificationError:
            continue
        holds(False, "accepted: %r" % headers)
    for i in range(len(body)):
        for bit in range(8):
            changed = body[:i] + bytes([body[i] ^ 1 << bit]) + body[i + 1:]
            try:
                sw.verify(changed, good, secret, now=1000000)
            except sw.VerificationError:
                continue
            holds(False, "accepted: %r" % changed)


@test
def bad_secrets_are_named():
    for v in VECTORS["bad_secrets"]:
        try:
            sw.key_of(v["secret"])
        except sw.BadSecret:
            continue
        holds(False, "taken for a secret: %r" % v["secret"])


if __name__ == "__main__":
    run()
