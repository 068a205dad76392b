"""Standard Webhooks 1.0.0, the receiving side: written from the specification
(github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md) and sharing
nothing with the sender under test. Symmetric signatures (v1) only.

    verify(body, headers, "whsec_...")     raises VerificationError, or returns the message's id
"""
import base64
import binascii
import hashlib
import hmac
import re
import time

TOLERANCE_S = 300


class VerificationError(Exception):
    """The message is not to be trusted; the text says why."""


class BadSecret(ValueError):
    """The secret itself cannot be one."""


def key_of(secret):
    """The bytes of a secret: base64, with or without whsec_ before it."""
    text = secret[len("whsec_"):] if secret.startswith("whsec_") else secret
    if not text:
        raise BadSecret("the secret is empty")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as e:
        raise BadSecret("the secret is not base64: %s" % e) from e


def signature(message_id, timestamp, body, secret):
    """The signature of body (bytes), as it stands in the header."""
    content = message_id.encode() + b"." + str(timestamp).encode() + b"." + body
    mac = hmac.new(key_of(secret), content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(mac).decode()


def sign(message_id, timestamp, body, *secrets):
    """The headers that a sender with these secrets would send."""
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signature(message_id, timestamp, body, secret)
                                          for secret in secrets)}


def verify(body, headers, secret, now=None, tolerance_s=TOLERANCE_S):
    """headers: a mapping with names in any case. body: bytes, as they were received."""
    named = {name.lower(): value for name, value in headers.items()}
    try:
        message_id = named["webhook-id"]
        sent = named["webhook-timestamp"]
        signatures = named["webhook-signature"]
    except KeyError as e:
        raise VerificationError("no header %s" % e) from e
    if not message_id:
        raise VerificationError("webhook-id is empty")
    if not re.fullmatch(r"[0-9]{1,12}", sent):
        raise VerificationError("webhook-timestamp is not Unix seconds")
    age = (time.time() if now is None else now) - int(sent)
    if age > tolerance_s:
        raise VerificationError("webhook-timestamp is too old")
    if age < -tolerance_s:
        raise VerificationError("webhook-timestamp is too new")
    wanted = signature(message_id, sent, body, secret)
    for one in signatures.split(" "):
        if hmac.compare_digest(one.encode(), wanted.encode()):
            return message_id
    raise VerificationError("no signature matches")
