#!/usr/bin/env python3
"""The manuals say what the code does: every key of the configuration with its default, every
function of the SDK, the example that is compiled; and mandoc finds nothing wrong."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, equal, holds, none, run, test    # noqa: E402

TOP = os.environ.get("SRCDIR", ".")
PAGES = ["docs/hermod.yaml.5", "docs/hermod-plugin.3", "docs/hermod-case.5"]
# Defaults that are made of directories chosen at build time; the manual names the usual ones.
BUILT = {"plugins": "/usr/lib/hermod/plugins", "vendors": "/etc/hermod/vendors.d",
         "journal": "sqlite:/var/lib/hermod/journal.db"}


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        return f.read()


def rows(path):
    """(name, default or None) of each row of a settings table."""
    for m in re.finditer(r'\.name = "(\w+)"(.*?)(?=\.name = "|\n};)', read(path), re.S):
        fallback = re.search(r'\.fallback = ("[^"]*"|\w+)', m[2])
        yield m[1], fallback and fallback[1].strip('"')


def items(page):
    """The text of each `.It Ic name` up to the next."""
    parts = re.split(r"^\.It Ic (!?\w+)[^\n]*\n", read(page), flags=re.M)
    found = {}
    for name, text in zip(parts[1::2], parts[2::2]):
        found.setdefault(name, []).append(text)
    return found


@test
def every_key_of_the_configuration_is_in_the_manual():
    known = items(PAGES[0])
    tables = ["host", "vendor", "destination", "common"]
    keys = {name for t in tables for name, _ in rows("host/config/%s.c" % t)}
    keys |= {"sesamy", "retry", "schedule", "allowNetworks", "integrations", "limits"}
    holds(len(keys) > 25, lambda: "only %d keys found in the code" % len(keys))
    none(sorted(keys - set(known)))
    none(sorted(name for name in known if name not in keys and name[0] != "!"))


@test
def defaults_are_those_of_the_table():
    known, bad = items(PAGES[0]), []
    for name, fallback in rows("host/config/host.c"):
        if fallback is None:
            continue
        want = BUILT.get(name, fallback)
        if not any(re.search(r"^\.(Li|Pa) %s( \.)?$" % re.escape(want), text, re.M)
                   for text in known.get(name, [])):
            bad.append("%s: %s" % (name, want))
    none(bad)


@test
def every_function_of_the_sdk_is_in_the_manual():
    header, page = read("sdk/hermod/plugin.h"), read(PAGES[1])
    names = set(re.findall(r"^(hermod_\w+)\(struct hermod_call \*c", header, re.M))
    names |= set(re.findall(r"^#define (hermod_\w+)\(c", header, re.M))
    holds(len(names) > 50, lambda: "only %d functions found in the header" % len(names))
    none(sorted(names - set(re.findall(r"^\.It Fn (hermod_\w+)", page, re.M))))
    none(sorted(set(re.findall(r"^\.(?:It )?Fn (hermod_\w+)", page, re.M)) - names))


@test
def the_example_is_the_one_that_is_compiled():
    m = re.search(r"^\.Bd -literal\n(.*?)\n\.Ed$", read(PAGES[1]), re.S | re.M)
    text = re.sub(r"^\\&", "", m[1], flags=re.M).replace("\\e", "\\")
    equal(text + "\n", read("plugins/welcome/welcome.c"))


@test
def every_key_of_a_case_is_in_the_manual():
    keys = {name for path in ("host/cli/case.c", "host/cli/case_exchange.c",
                                      "host/cli/case_sesamy.c")
            for name in re.findall(r'{ "(\w+)", (?:read|any|case)_\w+ }', read(path))}
    holds(len(keys) > 25, lambda: "only %d keys found in the code" % len(keys))
    known = set()
    for line in re.findall(r"^\.(?:It )?Ic (.*)$", read(PAGES[2]), re.M):
        known |= set(re.findall(r"\w+", line))
    none(sorted(keys - known))


@test
def the_example_of_a_case_is_one_that_is_run():
    (text,) = re.findall(r"^\.Bd -literal\n(.*?)\n\.Ed$", read(PAGES[2]), re.S | re.M)
    equal(text + "\n", read("plugins/welcome/cases/new-user.yaml"))


@test
def the_examples_of_the_configuration_are_accepted_by_hermod_check():
    hermod, built = os.environ.get("HERMOD", ""), os.environ.get("BUILDDIR", ".")
    if not os.access(hermod, os.X_OK):
        raise Skip("hermod is not built")
    host, vendor = re.findall(r"^\.Bd -literal -offset indent\n(.*?)\n\.Ed$", read(PAGES[0]),
                              re.S | re.M)
    with tempfile.TemporaryDirectory() as here:
        os.mkdir(os.path.join(here, "vendors.d"))
        files = {"hermod.yaml": host + "\nvendors: vendors.d\nplugins: [%s]\n" %
                 os.path.abspath(os.path.join(built, "plugins/webhooks")),
                 "vendors.d/acme.yaml": vendor + "\n", "ingest.token": "0123456789abcdef\n",
                 "vendors.d/acme-warehouse.secret": "whsec_" + 32 * "A" + "\n"}
        for name, text in files.items():
            with open(os.path.join(here, name), "w", encoding="utf-8") as f:
                f.write(text)
            os.chmod(os.path.join(here, name), 0o600)
        p = subprocess.run([hermod, "check", "-c", os.path.join(here, "hermod.yaml")],
                           env=dict(os.environ, ACME_CRM_AUTHORIZATION="Bearer x"),
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                           check=False)
    equal((p.returncode, p.stdout.count("error")), (0, 0), p.stdout)


@test
def mandoc_finds_nothing_wrong():
    if not shutil.which("mandoc"):
        raise Skip("mandoc is not installed")
    bad = []
    for page in PAGES:
        out = subprocess.run(["mandoc", "-T", "lint", "-W", "style", os.path.join(TOP, page)],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                             check=False).stdout
        # Pages that are not installed yet, and an index that is out of date, are not ours.
        bad += [line for line in out.splitlines()
                if "referenced manual not found" not in line and "mandoc.db" not in line]
    none(bad)


if __name__ == "__main__":
    run()
