#!/usr/bin/env python3
"""docs/sandbox.md: its curl commands work against a sandbox, in their order, and its table
has the credentials that there are."""
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, equal, holds, run, test          # noqa: E402

SRCDIR = os.environ.get("SRCDIR", ".")
HERMOD = os.environ.get("HERMOD", "./hermod")
with open(os.path.join(SRCDIR, "docs/sandbox.md"), encoding="utf-8") as f:
    PAGE = f.read()


class Sandbox:
    def __enter__(self):
        self.process = subprocess.Popen([HERMOD, "sandbox", "--port", "0"],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.stdout.close()
        self.status = self.process.wait(timeout=20)

    def state(self, path=""):
        with urllib.request.urlopen(self.url + "/_sandbox/state" + path, timeout=20) as r:
            return json.load(r)


@test
def every_command_of_the_page_works():
    if not shutil.which("curl"):
        raise Skip("no curl")
    commands = re.findall(r"^    (curl .*)$", PAGE, re.M)
    holds(len(commands) >= 10, commands)
    with Sandbox() as s:
        for command in commands:
            command = command.replace("http://127.0.0.1:8480", s.url)
            done = subprocess.run(command.replace("curl -s", "curl -s --fail-with-body", 1),
                                  shell=True, capture_output=True, text=True, timeout=60)
            equal(done.returncode, 0, command + "\n" + done.stdout + done.stderr)
            if done.stdout:
                json.loads(done.stdout)
        holds("asa@sandbox.test" in s.state("/mailchimp/lists/a1b2c3d4e5/members"),
              "no member was made")
    equal(s.status, 0)


@test
def the_table_has_every_stand_in_and_its_credentials():
    rows = dict(re.findall(r"^\| `(\w+)` \| `http.*?` \| (.*) \|$", PAGE, re.M))
    with Sandbox() as s:
        state = s.state()
    equal(set(rows), set(state))
    for name, account in state.items():
        secrets = [v for k, v in account.get("account", {}).items() if k != "portalId"]
        for word in secrets or [c["secret"] for c in account["clients"].values()]:
            holds(word in rows[name], "%s: %s" % (name, word))


if __name__ == "__main__":
    run()
