#!/usr/bin/env python3
"""No answer, however odd, brings a plugin down, makes it misuse the host, or gets what it quotes
into a reason: each answer in the longest cases of every plugin is replaced by each odd one."""
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("BUILDDIR", "."))
HERMOD = os.path.abspath(os.environ.get("HERMOD", "./hermod"))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import holds, none, run, test                          # noqa: E402

PLUGINS = os.path.join(TOP, "plugins")
LONGEST = 1                            # cases of each plugin: it makes every call
PERSON = "asa@quoted.example"          # stands in the answers, and must stand in no reason
KEYS = ("id message title detail code type error errors status category tags tags_count "
        "total_items results options fields custom subscriber subscribers data name value").split()


def same(value):
    """An object with this value under every key that some plugin may look at."""
    return "{%s}" % ", ".join("%s: %s" % (k, value) for k in KEYS)


ODD = ["status: 200, json: %s" % j for j in (
    "null", "true", "7", "-1e400", "[]", "{}", "[[]]", "[{}, null, 7, \"\", [[]]]",
    "[" * 20 + "]" * 20, '"%s"' % PERSON,
    same("null"), same("[]"), same("{}"), same("-1"), same("9223372036854775808"), same('""'),
    same('"%s"' % PERSON), same("[null, 7, \"\", {}, [], {name: 7, id: [], value: {}}]"),
    same('[{name: "sesamy_x", title: 7}, "sesamy_y", {title: "%s"}]' % PERSON))] + [
    'status: 200, body: ""', 'status: 200, body: "<html>%s"' % PERSON,
    'status: 200, body: "%s"' % ("[" * 5000), "status: 204", "status: 299"] + [
    "status: %d, json: %s" % (s, j) for s in (400, 401, 403, 404, 409, 422, 423, 429, 500)
    for j in ("[]", same("7"), same('"%s"' % PERSON), same('[{message: "%s"}]' % PERSON))]
RESPONSE = re.compile(r"^( +)response:.*\n(?:\1 +.*\n)*", re.M)


def longest(folder):
    """The text of the delivered cases with the most answers."""
    texts = []
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            text = f.read()
        if re.search(r"^outcome: delivered$", text, re.M):
            texts.append(text)
    return sorted(texts, key=lambda t: -len(RESPONSE.findall(t)))[:LONGEST]


def with_odd_answers(text):
    for at in RESPONSE.finditer(text):
        for odd in ODD:
            yield "%s%sresponse: {%s}\n%s" % (text[:at.start()], at[1], odd, text[at.end():])


def problems(name, folder):
    so = os.path.join(BUILD, "plugins", name, name + ".so")
    bad = []
    with tempfile.TemporaryDirectory() as tmp:
        files = []
        for text in longest(folder):
            for odd in with_odd_answers(text):
                files.append(os.path.join(tmp, "%d.yaml" % len(files)))
                with open(files[-1], "w", encoding="utf-8") as f:
                    f.write(odd)
        done = subprocess.run([HERMOD, "plugin", "test", so, *files], timeout=300,
                              stdout=subprocess.PIPE, text=True)
        results = re.split(r"^(?=not ok|ok)", done.stdout, flags=re.M)[1:]
        holds(len(results) == len(files) > 0, "%s: %d results" % (name, len(results)))
        for result, path in zip(results, files):
            title, *lines = result.splitlines()
            verdict = "\n".join(t for t in lines if re.match(r" *(outcome|reason): ", t))
            if PERSON in verdict or ".yaml: " not in title or \
                    re.search(r"the plugin (crashed|ended)|plugin mistake|not return", result):
                with open(path, encoding="utf-8") as f:
                    bad.append("%s\n%s\n%s" % (name, f.read(), result))
    return bad


@test
def odd_answers_harm_no_plugin_and_are_not_quoted():
    bad = []
    for name in sorted(os.listdir(PLUGINS)):
        folder = os.path.join(PLUGINS, name, "cases")
        if os.path.isdir(folder):
            bad += problems(name, folder)
    none(bad[:5])


if __name__ == "__main__":
    run()
