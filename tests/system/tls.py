#!/usr/bin/env python3
"""Deliveries over TLS: only to the one whose certificate says so. The certificates are made
here with openssl(1); SSL_CERT_FILE names the authority that this host trusts."""
import os
import shutil
import ssl
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, contains, equal, run, test    # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402

HERE = "subjectAltName=IP:127.0.0.1"


class Authority:
    """A certificate authority in a temporary directory."""

    def __init__(self):
        if not shutil.which("openssl"):
            raise Skip("there is no openssl(1)")
        self.dir = tempfile.mkdtemp(prefix="hermod-tls-")
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-nodes", "-subj", "/CN=a test's authority", "-days", "2",
                     "-keyout", "ca.key", "-out", "ca.pem")
        with open(os.path.join(self.dir, "ca.conf"), "w", encoding="ascii") as f:
            f.write("[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\n"
                    "default_md=sha256\npolicy=p\ncopy_extensions=copy\n[p]\ncommonName=supplied\n")
        open(os.path.join(self.dir, "index"), "w", encoding="ascii").close()

    def openssl(self, *words):
        subprocess.run(["openssl", *words], cwd=self.dir, check=True, capture_output=True)

    def server(self, name, alternative=HERE, end="20991231235959Z"):
        """A server's TLS context, with a certificate of this authority."""
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-subj", "/CN=" + name, "-addext", alternative,
                     "-keyout", name + ".key", "-out", name + ".csr")
        self.openssl("ca", "-batch", "-config", "ca.conf", "-rand_serial", "-notext",
                     "-startdate", "20200101000000Z", "-enddate", end, "-cert", "ca.pem",
                     "-keyfile", "ca.key", "-in", name + ".csr", "-out", name + ".pem")
        return self.context(name)

    def context(self, name):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(os.path.join(self.dir, name + ".pem"),
                          os.path.join(self.dir, name + ".key"))
        return c

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        shutil.rmtree(self.dir)


def host(authority, r, **more):
    block = dict({"url": r.url("/hook"), "retry": {"schedule": ["50ms"]}}, **more)
    return Host({"acme": {"webhooks": block}},
                env={"SSL_CERT_FILE": os.path.join(authority.dir, "ca.pem")})


def refused(authority, context, *words):
    """Nothing is sent to this server; the delivery is tried again, and then parked."""
    with Receiver(tls=context) as r, host(authority, r) as h:
        (id,) = h.post(event())
        d = h.wait_state("parked", id)
        equal((d["attempts"], d["why"], d["status"]), (2, "retries used up", 0))
        contains(h.explain(id), "TLS", "certificate", *words)
        equal(r.select(), [], "requests")


@test
def a_server_with_a_good_certificate_gets_its_deliveries_on_one_connection():
    with Authority() as a, Receiver(tls=a.server("good")) as r, host(a, r) as h:
        for n in range(3):
            (id,) = h.post(event())
            h.wait_state("delivered", id)
        equal(len(r.select()), 3)
        equal(len({q.connection for q in r.select()}), 1, "connections")


@test
def a_certificate_of_an_authority_that_is_not_trusted_is_refused():
    with Authority() as ours, Authority() as theirs:
        refused(ours, theirs.server("good"))


@test
def a_certificate_for_another_name_is_refused():
    with Authority() as a:
        refused(a, a.server("other", "subjectAltName=DNS:other.example,IP:127.0.0.2"))


@test
def a_certificate_that_has_expired_is_refused():
    with Authority() as a:
        refused(a, a.server("old", end="20200102000000Z"), "expired")


@test
def without_the_setting_the_systems_authorities_count():
    with Authority() as a, Receiver(tls=a.server("good")) as r:
        block = {"url": r.url("/hook"), "retry": {"schedule": ["50ms"]}}
        env = {"SSL_CERT_FILE": None, "SSL_CERT_DIR": None}
        with Host({"acme": {"webhooks": block}}, env=env) as h:
            (id,) = h.post(event())
            h.wait_state("parked", id)
            equal(r.select(), [], "requests")


if __name__ == "__main__":
    run()
