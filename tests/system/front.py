#!/usr/bin/env python3
"""What stands before every command: help, version, mistakes in the command line, and an
answer that cannot be written."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import HERMOD                                   # noqa: E402
from host import run as hermod                            # noqa: E402

COMMANDS = ["run", "check", "send", "status", "deliveries", "explain", "replay", "drop", "pause",
            "resume", "plugin list", "plugin info", "plugin test"]


def refused(*words):
    """The mistake's text: exit 2, and nothing where an answer would stand."""
    answer = hermod(*words)
    equal((answer.returncode, answer.stdout), (2, ""), " ".join(words))
    return answer.stderr


@test
def the_list_shows_every_command_and_fits_a_terminal():
    for words in (["help"], ["--help"], ["-h"]):
        answer = hermod(*words)
        equal(answer.returncode, 0)
        for name in COMMANDS:
            contains(answer.stdout, "\n  %s " % name)
        holds(max(map(len, answer.stdout.splitlines())) < 80, answer.stdout)
    contains(refused(), "usage: hermod COMMAND")


@test
def each_command_has_the_same_help_in_three_ways():
    for name in COMMANDS:
        words = name.split()
        texts = {hermod("help", *words).stdout, hermod(*words, "--help").stdout,
                 hermod(*words, "-h").stdout}
        equal(len(texts), 1, name)
        (text,) = texts
        contains(text, "usage: hermod %s" % name, "--help", "exit status")
        # A long directory's name may stand alone on a line.
        holds(all(len(line) < 80 or len(line.split()) == 1 for line in text.splitlines()), text)


@test
def version_tells_the_plugin_interface_too():
    answer = hermod("--version")
    equal(answer.returncode, 0)
    contains(answer.stdout, "hermod ", "plugin interface 1.")


@test
def a_word_that_groups_commands_lists_them():
    contains(refused("plugin"), "plugin list", "plugin info", "plugin test")
    contains(hermod("help", "plugin").stdout, "plugin list")


@test
def a_mistyped_command_is_guessed():
    contains(refused("stauts"), 'no command "stauts"; did you mean: hermod status')
    contains(refused("plugin", "lsit"), "did you mean: hermod plugin list")
    contains(refused("plugins", "info"), "did you mean: hermod plugin info")
    contains(refused("help", "explian"), "did you mean: hermod explain")
    text = refused("xyzzy")
    holds("did you mean" not in text, text)
    contains(text, "hermod help")


@test
def a_mistyped_option_is_guessed_and_help_is_pointed_out():
    contains(refused("status", "--jsno"), "did you mean --json?", "hermod help status")
    contains(refused("check", "-c"), "-c needs a value: FILE")
    contains(refused("status", "too", "many"), '"too" is one word too many')
    contains(refused("pause"), "VENDOR/PLUGIN[/NAME]", "missing")


@test
def what_contradicts_itself_is_refused_before_anybody_is_asked():
    contains(refused("replay"), "--all")
    contains(refused("drop", "--all", "--vendor", "acme"), "contradict")
    contains(refused("explain"), "EVENT", "--user")
    contains(refused("explain", "evt_x", "--user", "u"), "either")
    contains(refused("deliveries", "--state", "parkt"), "did you mean parked?")
    contains(refused("deliveries", "--limit", "0"), "from 1 to 1000")
    contains(refused("replay", "--reason", "credential"), "credentials")
    contains(refused("replay", "--since", "yesterday"), "2025-11-10T12:00:00Z")
    contains(refused("pause", "acme"), "acme/webhooks")
    contains(refused("send", "--retry-for", "soon"), "duration")
    contains(refused("status", "--url", "localhost:1"), "http://")


@test
def an_answer_that_cannot_be_written_is_a_failure():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([HERMOD, "help"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    equal(done.returncode, 1)
    contains(done.stderr.decode(), "cannot write")


if __name__ == "__main__":
    run()
