#!/usr/bin/env python3
"""hermod(1) and the bash completion know every command and option there is, and none that
is not. What there is, `hermod help` says: it is made from the same rows as the parsing."""
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import Skip, equal, holds, none, run, test    # noqa: E402

SRCDIR = os.environ.get("SRCDIR", ".")
HERMOD = os.environ.get("HERMOD", "./hermod")
MANUAL = os.path.join(SRCDIR, "docs/hermod.1")
COMPLETION = os.path.join(SRCDIR, "etc/hermod.bash-completion")
SHARED = ("Reaching the host", "Choosing deliveries")
OF_ALL = {"-h", "--help"}


def hermod(*words):
    return subprocess.run([HERMOD, *words], capture_output=True, text=True, timeout=60,
                          check=True).stdout


def commands():
    found = re.findall(r"^  ((?:\w+ )?\w+)  ", hermod("help"), re.M)
    holds(len(found) >= 13, found)
    return found


def options(command):
    """{"-c", "--config", ...} as `hermod help` shows them."""
    text = hermod("help", *command.split()).split("\nOptions:\n")[1].split("\n\n")[0]
    rows = re.findall(r"^ {2,6}(?:(-\w), )?(--[\w-]+)", text, re.M)
    return {word for row in rows for word in row if word}


def manual_sections():
    """{title: text} of the subsections."""
    with open(MANUAL, encoding="utf-8") as f:
        parts = re.split(r"^\.S[hs] (.*)\n", f.read(), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def manual_options(text):
    """Those that have an entry of their own."""
    entries = re.findall(r"^\.It (Fl .*)$", text, re.M)
    return {"-" + o for e in entries for o in re.findall(r"Fl (-?[\w-]+)", e)}


@test
def the_manual_has_a_section_for_each_command_and_for_no_other():
    titles = [t for t in manual_sections() if t.startswith("hermod ")]
    equal(titles, ["hermod " + c for c in commands()])


@test
def the_manual_has_every_option_of_every_command():
    sections = manual_sections()
    shared = set().union(*(manual_options(sections[s]) for s in SHARED))
    missing = []
    for command in commands():
        known = shared | manual_options(sections["hermod " + command]) | OF_ALL
        missing += ["%s %s" % (command, o) for o in options(command) - known]
    none(missing)


@test
def the_manual_has_no_option_that_is_not():
    sections = manual_sections()
    wrong, every = [], set()
    for command in commands():
        there = options(command)
        every |= there
        wrong += ["%s %s" % (command, o)
                  for o in manual_options(sections["hermod " + command]) - there]
    for s in SHARED:
        wrong += ["%s: %s" % (s, o) for o in manual_options(sections[s]) - every]
    none(wrong)


@test
def the_manual_is_good_mdoc():
    if not shutil.which("mandoc"):
        raise Skip("no mandoc")
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", MANUAL],
                          capture_output=True, text=True, timeout=60)
    equal(lint.stdout + lint.stderr, "")


def complete(*words):
    """What bash offers for the last word."""
    script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hermod; ' \
             'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash", COMPLETION, "hermod", *words],
                          capture_output=True, text=True, timeout=60)
    equal((done.returncode, done.stderr), (0, ""), words)
    return done.stdout.split("\n")[:-1]


@test
def completion_offers_every_command_and_no_other():
    first = {c.split()[0] for c in commands()}
    equal(set(complete("")), first | {"help", "--help", "--version"})
    second = {c.split()[1] for c in commands() if " " in c}
    equal(set(complete("plugin", "")), second | {"--help"})
    equal(complete("re"), ["replay", "resume"])


@test
def completion_offers_every_option_and_no_other():
    for command in commands():
        equal(set(complete(*command.split(), "-")), options(command), command)
        equal(complete(*command.split(), "--he"), ["--help"])


@test
def completion_offers_values():
    equal(complete("deliveries", "--state", "p"), ["parked"])
    equal(complete("replay", "--reason", "ret"), ["retries\\ used\\ up"])
    holds(COMPLETION in complete("check", "-c", COMPLETION[:-3]), "file names")


if __name__ == "__main__":
    run()
