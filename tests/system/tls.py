#!/usr/bin/env python3
"""https: a certificate that cannot be verified is no answer, and nothing is sent; one that
the machine's administrator trusts (SSL_CERT_FILE) is; a name that it is not for is not."""
import os
import shutil
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, contains, equal, run, test       # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402


class Certificate:
    """Self-signed, for these names, in a directory of its own."""

    def __init__(self, names):
        if not shutil.which("openssl"):
            raise Skip("openssl makes the certificate")
        self.dir = tempfile.mkdtemp(prefix="hermod-tls-")
        self.file = os.path.join(self.dir, "cert.pem")
        key = os.path.join(self.dir, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=test",
                        "-addext", "subjectAltName=" + names, "-keyout", key, "-out", self.file],
                       check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.file, key)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        shutil.rmtree(self.dir)


def refused(names, env):
    with Certificate(names) as c, Receiver(tls=c.context) as r:
        env = {k: c.file for k in env}
        with Host({"acme": {"webhooks": {"url": r.url()}}}, env=env) as h:
            (id,) = h.post(event())
            h.wait_state("parked", id)
            equal(len(r.select()), 0, "requests that reached the receiver")
            return h.explain(id)


@test
def a_certificate_nobody_vouches_for_is_refused():
    contains(refused("IP:127.0.0.1", []), "no answer: TLS: SSL certificate problem: self-signed")


@test
def a_certificate_for_another_name_is_refused():
    contains(refused("DNS:another.example", ["SSL_CERT_FILE"]), "no answer: TLS: ")


@test
def a_certificate_the_administrator_trusts_is_good():
    with Certificate("IP:127.0.0.1") as c, Receiver(tls=c.context) as r:
        with Host({"acme": {"webhooks": {"url": r.url()}}},
                  env={"SSL_CERT_FILE": c.file}) as h:
            ids = [h.post(event("u%d" % n))[0] for n in range(3)]
            for id in ids:
                h.wait_state("delivered", id)
            equal(len(r.select()), 3, "requests")


if __name__ == "__main__":
    run()
