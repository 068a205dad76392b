#!/usr/bin/env python3
"""What the webhooks plugin signs is accepted by a verifier that shares nothing with it, with
each secret of a rotation, and refused when a byte is changed. Read from the archive of its
own cases."""
import json
import os
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("BUILDDIR", "."))
HERMOD = os.path.abspath(os.environ.get("HERMOD", "./hermod"))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, holds, run, test                         # noqa: E402
from standardwebhooks import VerificationError, verify             # noqa: E402

with open(os.path.join(TOP, "tests", "data", "standard_webhooks.json"), encoding="utf-8") as f:
    VECTORS = json.load(f)
NEW, OLD = VECTORS["rotation"]["secrets_in_order"]


def sent(case):
    """(body, headers, Unix seconds) of the one request of a case."""
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "out.har")
        done = subprocess.run(
            [HERMOD, "plugin", "test", "--har", path,
             os.path.join(BUILD, "plugins", "webhooks", "webhooks.so"),
             os.path.join(TOP, "plugins", "webhooks", "cases", case)],
            timeout=60, stdout=subprocess.PIPE, text=True)
        equal(done.returncode, 0, done.stdout)
        with open(path, encoding="utf-8") as har:
            (entry,) = json.load(har)["log"]["entries"]
    request = entry["request"]
    headers = {h["name"].lower(): h["value"] for h in request["headers"]}
    return request["postData"]["text"].encode(), headers, int(headers["webhook-timestamp"])


def refused(body, headers, secret, now):
    try:
        verify(body, headers, secret, now=now)
    except VerificationError:
        return True
    return False


@test
def both_secrets_of_a_rotation_are_accepted_and_no_other():
    body, headers, now = sent("signed-rotation.yaml")
    equal(verify(body, headers, NEW, now=now), "evt_1")
    equal(verify(body, headers, OLD, now=now), "evt_1")
    holds(refused(body, headers, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", now), "another one")


@test
def one_secret_is_accepted():
    for case, vector in (("signed.yaml", 1), ("signed-bare-secret.yaml", 2),
                         ("signed-white-space.yaml", 3)):
        body, headers, now = sent(case)
        verify(body, headers, VECTORS["sign"][vector]["secret"], now=now)


@test
def one_changed_byte_is_refused():
    body, headers, now = sent("signed.yaml")
    secret = VECTORS["sign"][1]["secret"]
    for i in range(len(body)):
        changed = body[:i] + bytes([body[i] ^ 1]) + body[i + 1:]
        holds(refused(changed, headers, secret, now), "byte %d" % i)
    holds(refused(body + b" ", headers, secret, now), "one more byte")
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        value = headers[name]
        changed = dict(headers, **{name: value[:-2] + chr(ord(value[-2]) ^ 1) + value[-1]})
        holds(refused(body, changed, secret, now), name)


@test
def an_old_message_is_refused():
    body, headers, now = sent("signed.yaml")
    holds(refused(body, headers, VECTORS["sign"][1]["secret"], now + 301), "after 301 s")


if __name__ == "__main__":
    run()
