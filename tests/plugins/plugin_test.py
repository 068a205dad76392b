#!/usr/bin/env python3
"""`hermod plugin test` itself: cases that must hold, cases that must fail with exactly this
text (tests/cases/bad/NAME.tap), the archive it writes, and how it is called."""
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("BUILDDIR", "."))
HERMOD = os.path.abspath(os.environ.get("HERMOD", "./hermod"))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import contains, equal, holds, none, run, test         # noqa: E402

CASES = os.path.join(TOP, "tests", "cases")
PROBE = os.path.join(BUILD, "tests", "cases", "probe.so")


def plugin_test(*args, cwd=CASES):
    return subprocess.run([HERMOD, "plugin", "test", *args], cwd=cwd, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def cases(folder):
    return sorted(n for n in os.listdir(os.path.join(CASES, folder)) if n.endswith(".yaml"))


@test
def good_cases_hold():
    names = cases("good")
    done = plugin_test(PROBE, *names, cwd=os.path.join(CASES, "good"))
    equal(done.returncode, 0, done.stdout)
    lines = done.stdout.splitlines()
    equal(lines[:2], ["TAP version 13", "1..%d" % len(names)])
    equal(len(lines), 2 + len(names))
    for n, (line, name) in enumerate(zip(lines[2:], names), 1):
        holds(re.match(r"ok %d - %s(: .+)?$" % (n, re.escape(name)), line), line)


@test
def bad_cases_fail_and_say_what_was_wanted_and_what_was_got():
    bad = []
    for name in cases("bad"):
        done = plugin_test(PROBE, name, cwd=os.path.join(CASES, "bad"))
        with open(os.path.join(CASES, "bad", name[:-5] + ".tap"), encoding="utf-8") as f:
            want = f.read()
        if done.stdout != want or done.returncode != 1:
            bad.append("%s: exit %d\n%s\nwanted:\n%s" %
                       (name, done.returncode, done.stdout, want))
    none(bad)


@test
def one_bad_case_does_not_keep_others_from_running():
    done = plugin_test(PROBE, "bad/crash.yaml", "good/skipped.yaml", "none.yaml",
                       "good/check.yaml")
    equal(done.returncode, 1)
    equal([line.split(" - ")[0] for line in done.stdout.splitlines() if "ok " in line],
          ["not ok 1", "ok 2", "not ok 3", "ok 4"])
    contains(done.stdout, "none.yaml: No such file or directory", "# 2 of 4 failed")


@test
def a_file_that_is_no_plugin_is_said_once():
    done = plugin_test("bad/crash.yaml", "good/skipped.yaml", "good/check.yaml")
    equal(done.returncode, 1)
    equal(done.stdout, "TAP version 13\n1..2\nBail out! The plugin cannot be loaded\n")
    contains(done.stderr, "crash.yaml")


@test
def too_few_arguments_are_wrong_usage():
    for args in ((), (PROBE,), (PROBE, "good/check.yaml", "--hra=x")):
        done = plugin_test(*args)
        equal(done.returncode, 2)
        contains(done.stderr, "hermod help plugin test")


def archive(*args):
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "out.har")
        done = plugin_test("--har", path, *args)
        with open(path, encoding="utf-8") as f:
            return done, json.load(f)["log"]


@test
def the_archive_holds_every_request_in_order():
    done, log = archive(PROBE, "good/in-order.yaml", "bad/crash.yaml", "good/check.yaml")
    equal(done.returncode, 1)
    equal(log["version"], "1.2")
    equal(log["creator"]["name"], "hermod")
    equal([(e["request"]["method"], e["request"]["url"], e["response"]["status"])
           for e in log["entries"]],
          [("GET", "https://a.example/users?email=x%40y", 200),
           ("POST", "https://a.example/users", 201), ("GET", "https://a.example/me", 401)])
    first, second, _ = log["entries"]
    equal(first["request"]["queryString"], [{"name": "email", "value": "x@y"}])
    equal(second["request"]["postData"]["text"],
          '{"n": 1.50, "deep": {"a": [1, {"b": null}]}, "more": true}')
    equal(second["response"]["content"]["text"], "created")
    contains(second["comment"], "in-order.yaml")
    for e in log["entries"]:                   # what HAR 1.2 requires of an entry
        for name in ("startedDateTime", "time", "request", "response", "cache", "timings"):
            holds(name in e, name)
        for name in ("method", "url", "httpVersion", "cookies", "headers", "queryString",
                     "headersSize", "bodySize"):
            holds(name in e["request"], name)
        for name in ("status", "statusText", "httpVersion", "cookies", "headers", "content",
                     "redirectURL", "headersSize", "bodySize"):
            holds(name in e["response"], name)


@test
def secrets_are_in_the_archive_only_when_asked_for():
    _, log = archive(PROBE, "good/in-order.yaml")
    holds("s3cret" not in json.dumps(log), "a secret setting")
    contains(json.dumps(log), '{"name": "Authorization", "value": "***"}')
    _, log = archive("--secrets", PROBE, "good/in-order.yaml")
    contains(json.dumps(log), "Bearer s3cret-k/y")


if __name__ == "__main__":
    run()
