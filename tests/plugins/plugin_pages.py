#!/usr/bin/env python3
"""Each plugin's page says what the plugin says of itself, and its samples run.

    plugin_pages.py --write     brings the settings tables up to date
"""
import json
import os
import re
import subprocess
import sys
import time

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("BUILDDIR", "."))
HERMOD = os.path.abspath(os.environ.get("HERMOD", "./hermod"))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import contains, equal, holds, none, run, test         # noqa: E402

BLOCK = re.compile(r"(<!-- settings: made from the plugin.*?-->\n)(.*?)(<!-- end -->)", re.S)
NAMES = sorted(n for n in os.listdir(os.path.join(TOP, "plugins"))
               if os.path.isdir(os.path.join(TOP, "plugins", n)))


def page_path(name):
    return os.path.join(TOP, "plugins", name, name + ".md")


def page(name):
    with open(page_path(name), encoding="utf-8") as f:
        return f.read()


def info(name):
    so = os.path.join(BUILD, "plugins", name, name + ".so")
    out = subprocess.run([HERMOD, "plugin", "info", "--json", so], check=True, timeout=60,
                         stdout=subprocess.PIPE).stdout
    return json.loads(out)


def duration(ms):
    for unit, size in (("d", 86400000), ("h", 3600000), ("m", 60000), ("s", 1000)):
        if ms and ms % size == 0:
            return "%d%s" % (ms // size, unit)
    return "%dms" % ms


def kind(s):
    if s["type"] == "choice":
        return ", ".join("`%s`" % c for c in s["choices"].split("|"))
    if s["type"] == "duration":
        return "duration, %s to %s" % (duration(s["min"]), duration(s["max"]))
    if s["type"] == "int":
        return "whole number, %d to %d" % (s["min"], s["max"])
    return s["type"]


def table(name):
    rows = ["| Setting | Type | Default | What it is |", "|---|---|---|---|"]
    for s in info(name)["settings"]:
        default = "**required**" if s["required"] else \
            "`%s`" % s["default"] if "default" in s else ""
        rows.append("| `%s` | %s%s | %s | %s |" % (
            s["name"], kind(s), ", secret" if s["secret"] else "", default,
            s["help"].replace("|", "\\|")))
    return "\n".join(rows) + "\n"


@test
def the_settings_tables_are_the_plugins_own():
    for name in NAMES:
        found = BLOCK.search(page(name))
        holds(found, "plugins/%s/%s.md has no block for the settings" % (name, name))
        equal(found[2], table(name), name)


@test
def every_event_type_of_a_plugin_is_on_its_page():
    for name in NAMES:
        contains(page(name), *("`%s`" % e for e in info(name)["events"]))


@test
def samples_of_configuration_have_settings_that_exist():
    bad = []
    for name in NAMES:
        known = {s["name"] for s in info(name)["settings"]} | {
            "name", "enabled", "events", "retry", "limits", "allowNetworks"}
        for block in re.findall(r"```yaml\n(.*?)```", page(name), re.S):
            inside = re.search(r"^( *)(?:- )?%s:\n((?:\1 +.*\n)+)" % name, block, re.M)
            holds(inside, "%s.md: a sample without %s" % (name, name))
            lines = inside[2].split("\n")
            depth = len(lines[0]) - len(lines[0].lstrip())
            for line in lines:
                key = re.match(r" {%d}(\w+):" % depth, line)
                if key and key[1] not in known:
                    bad.append("%s.md: %s" % (name, key[1]))
    none(bad)


@test
def the_check_that_receivers_copy_accepts_and_refuses_as_the_reference_libraries_do():
    with open(os.path.join(TOP, "tests", "data", "standard_webhooks.json"),
              encoding="utf-8") as f:
        vectors = json.load(f)["verify"]
    (sample,) = re.findall(r"```python\n(.*?)```", page("webhooks"), re.S)
    scope = {}
    exec(compile(sample, "webhooks.md", "exec"), scope)            # noqa: S102
    holds(all(m in scope for m in ("base64", "hashlib", "hmac", "time")), "its imports")
    real = time.time
    for v in vectors:
        try:
            time.time = lambda v=v: v["now"]
            got = scope["is_genuine"](v["secret"], v["headers"], v["payload"].encode())
        finally:
            time.time = real
        equal(got, v["result"] == "accepted", v["name"])


def write():
    for name in NAMES:
        text = BLOCK.sub(lambda m, n=name: m[1] + table(n) + m[3], page(name))
        with open(page_path(name), "w", encoding="utf-8") as f:
            f.write(text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        run()
