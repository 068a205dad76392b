#!/usr/bin/env python3
"""`hermod check`: every mistake of the configuration in one run, each on one line with its
place, and `run` refuses to start on it. Single mistakes: tests/unit/config."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import HERMOD, Host                             # noqa: E402

FIVE = """\
vendor: acme
integrations:
  webhooks:
    - name: crm
      ulr: http://127.0.0.1:1/a
      url: http://127.0.0.1:1/a
    - name: bi
      url: http://127.0.0.1:1/b
      enabled: perhaps
      retry: {schedule: [5s, soon]}
      limits: {concurrent: 0}
    - name: crm
      url: http://127.0.0.1:1/c
"""
# (line, column, what the message must say)
WANTED = [(5, 7, ["ulr", "url"]), (9, 16, ["enabled", "perhaps"]),
          (10, 30, ["soon"]), (11, 28, ["concurrent", "0"]), (12, 13, ["crm"])]


def idle(vendors, **more):
    return Host(vendors, start=False, **more)


@test
def five_mistakes_make_five_lines_with_their_places_and_exit_1():
    with idle({"acme": FIVE}) as h:
        r = h.cli("check")
        equal(r.returncode, 1)
        lines = [line for line in (r.stdout + r.stderr).splitlines() if ".yaml:" in line]
        equal(len(lines), 5, "\n".join(lines) + "\nlines")
        for line, (row, column, words) in zip(lines, WANTED):
            m = re.match(r"(.*acme\.yaml):(\d+):(\d+): ", line)
            holds(m, "no place in: " + line)
            equal((int(m[2]), int(m[3])), (row, column), line)
            contains(line, *words)


@test
def run_refuses_to_start_on_mistakes_and_names_them():
    with idle({"acme": FIVE}) as h:
        r = subprocess.run([HERMOD, "run", "-c", h.path("hermod.yaml")], capture_output=True,
                           text=True, timeout=60, stdin=subprocess.DEVNULL)
        equal(r.returncode, 1)
        equal(len([x for x in r.stderr.splitlines() if "acme.yaml:" in x]), 5, r.stderr)
        holds(not os.path.exists(h.journal), "nothing was begun")


@test
def mistakes_in_several_files_are_all_told():
    with idle({"acme": FIVE, "other": "vendor: acme\nintegrations: {}\n",
               "third": "vendor: third\nintegrations: {webhoks: {url: 'http://a.example'}}\n"},
              config={"retention": "a while"}) as h:
        r = h.cli("check")
        equal(r.returncode, 1)
        text = r.stdout + r.stderr
        contains(text, "hermod.yaml:", "retention", "other.yaml:1:9", "third.yaml:2:16", "webhooks")


@test
def a_good_configuration_is_said_to_be_good():
    with idle({"acme": {"webhooks": {"url": "https://example.com/hook"}}}) as h:
        r = h.cli("check")
        equal(r.returncode, 0, r.stdout + r.stderr)


@test
def a_plugin_that_cannot_be_used_is_not_counted():
    with idle({"acme": {"webhooks": {"url": "https://example.com/hook"}}}) as h:
        h.write("plugins/broken.so", "no plugin")
        r = h.cli("check")
        equal(r.returncode, 0, r.stdout + r.stderr)
        contains(r.stdout, "1 destination, 1 plugin.", "Plugins: webhooks")


@test
def a_secret_file_that_others_can_read_is_a_warning_and_no_mistake():
    block = ("vendor: acme\nintegrations:\n  webhooks:\n    url: https://example.com/hook\n"
             "    secret: !file ../hook.key\n")
    with idle({"acme": block}) as h:
        h.write("hook.key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0o644)
        r = h.cli("check")
        equal(r.returncode, 0, r.stdout + r.stderr)
        contains(r.stdout + r.stderr, "warning", "hook.key", "acme.yaml:5:13")
        h.write("hook.key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0o600)
        r = h.cli("check")
        equal(r.returncode, 0)
        holds("warning" not in r.stdout + r.stderr, r.stdout + r.stderr)


@test
def a_missing_file_is_told_by_name():
    r = subprocess.run([HERMOD, "check", "-c", "/nonexistent/hermod.yaml"], text=True,
                       capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    equal(r.returncode, 1)
    contains(r.stdout + r.stderr, "/nonexistent/hermod.yaml", "No such file")


if __name__ == "__main__":
    run()
