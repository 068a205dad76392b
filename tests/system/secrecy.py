#!/usr/bin/env python3
"""A secret is seen by nobody but the runner that needs it and the other side: not in the
log, the journal, any output, a problem, the command lines or environments of the roles,
nor in the memory of core."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, equal, holds, run, test                # noqa: E402
from host import Host, event                              # noqa: E402
from receiver import Receiver                             # noqa: E402
from yamltext import Tag                                  # noqa: E402

INTAKE = "intake-5ecret-marker-aaaa"
ADMIN = "admin-5ecret-marker-bbbb"
HEADER = "header-5ecret-marker-cccc"
FROM_ENV = "env-5ecret-marker-dddd"
KEY = "whsec_NWVjcmV0LW1hcmtlci1lZWVlZWVlZWVlZWU="
KEY_BYTES = "5ecret-marker-eeeeeeeeee"
CREDENTIAL = "credential-5ecret-marker-ffff"
ALL = [INTAKE, ADMIN, HEADER, FROM_ENV, KEY, KEY_BYTES, CREDENTIAL]


def secretive(r, start=True):
    h = Host(config={"tokens": [Tag("file", "intake.token")], "logLevel": "debug",
                     "adminTokens": [Tag("file", "admin.token")]},
             env={"SHOP_KEY": FROM_ENV}, start=False)
    h.env["CREDENTIALS_DIRECTORY"] = h.path("credentials")
    os.mkdir(h.path("credentials"), 0o700)
    h.write("credentials/shop", CREDENTIAL + "\n")
    h.write("intake.token", INTAKE + "\n")
    h.write("admin.token", ADMIN + "\n")
    h.write("webhook.key", KEY + "\n")
    h.write_vendor("acme", {"webhooks": {
        "url": r.url("/hook"), "secret": Tag("file", "../webhook.key"),
        "headers": {"Authorization": HEADER, "X-Env": Tag("env", "SHOP_KEY"),
                    "X-Credential": Tag("credential", "shop")},
        "retry": {"schedule": ["50ms"]}}})
    if start:
        h.start(ready=False)
        h.config["tokens"], h.config["adminTokens"] = [INTAKE], [ADMIN]
        h.wait_ready()
    return h


def found(data, where):
    if isinstance(data, str):
        data = data.encode()
    return ["%s in %s" % (s, where) for s in ALL if s.encode() in data]


SHADOW = 1 << 36               # larger is only the address space that a sanitizer reserves


def memory(pid):
    """All private readable memory of a process."""
    with open("/proc/%d/maps" % pid, encoding="ascii", errors="replace") as maps, \
            open("/proc/%d/mem" % pid, "rb", 0) as mem:
        for line in maps:
            place, mode = line.split()[:2]
            if mode[:2] != "rw":
                continue
            begin, end = (int(x, 16) for x in place.split("-"))
            if end - begin > SHADOW:
                continue
            try:
                mem.seek(begin)
                yield mem.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue


@test
def the_other_side_gets_them():
    with Receiver() as r, secretive(r) as h:
        (id,) = h.post(event())
        h.wait_state("delivered", id)
        headers = r.select()[0].headers
        equal((headers["authorization"], headers["x-env"], headers["x-credential"]),
              (HEADER, FROM_ENV, CREDENTIAL))
        holds("webhook-signature" in headers, "signed")


@test
def no_output_no_log_and_no_file_has_them():
    with Receiver("default=401,500,500,400(body=%s)" % HEADER) as r, secretive(r) as h:
        for n in range(3):
            h.post(event("u%d" % n))
        h.wait_settled()
        id = h.deliveries()[0]["event"]
        bad = []
        for words in (["status"], ["deliveries"], ["explain", id], ["check"],
                      ["plugin", "info", h.path("plugins", "webhooks.so")]):
            for more in ([], ["--json"]):
                out = h.cli(*words, *more, config=words[0] != "plugin")
                bad += found(out.stdout + out.stderr, " ".join(words + more))
        for path in ("/", "/healthz", "/readyz", "/metrics", "/v1/deliveries", "/v1/status"):
            bad += found(h.admin(path).body, path)
        for p in h.processes():
            with open("/proc/%d/cmdline" % p.pid, "rb") as f:
                bad += found(f.read(), "the command line of " + p.role)
            # Only root may look at all: the roles have made themselves undumpable.
            if p.role != "supervisor" and os.geteuid() == 0:
                with open("/proc/%d/environ" % p.pid, "rb") as f:
                    bad += found(f.read(), "the environment of " + p.role)
        h.stop()
        for name in os.listdir(h.dir):
            if name.startswith("journal"):
                with open(h.path(name), "rb") as f:
                    bad += found(f.read(), name)
        bad += found(h.log(), "the log")
        equal(bad, [])


@test
def a_mistake_in_a_vendors_file_is_told_without_the_secret():
    with Receiver() as r, secretive(r, start=False) as h:
        h.write_vendor("acme", "vendor: acme\nintegrations:\n  webhooks:\n"
                       "    url: %s\n    secret: %s\n    headers: [%s]\n"
                       "    enabled: %s\n" % (HEADER, HEADER, HEADER, KEY))
        out = h.cli("check")
        equal(out.returncode, 1)
        # `enabled` and `url` are no secrets: what was found there may be shown. The other
        # two are.
        for line in (out.stdout + out.stderr).splitlines():
            if ".secret:" in line or ".headers:" in line:
                equal(found(line, line), [])


@test
def core_never_has_a_vendors_secret_in_its_memory():
    if os.geteuid() != 0:
        raise Skip("looking into another process's memory needs root")
    with Receiver() as r, secretive(r) as h:
        (id,) = h.post(event())
        h.wait_state("delivered", id)
        core = h.one("core")
        bad = []
        for part in memory(core.pid):
            bad += [s for s in (HEADER, FROM_ENV, KEY, CREDENTIAL) if s.encode() in part]
        equal(bad, [])


if __name__ == "__main__":
    run()
