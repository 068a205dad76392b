#!/usr/bin/env python3
"""The rules of the house that a program can hold: who may include what, which file owns
which foreign library, banned functions, sizes, how headers begin. HACKING.md says why."""
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import holds, none, run, test                 # noqa: E402

TOP = os.environ.get("SRCDIR", ".")

# Each folder of host/, and the folders of host/ it may include from, besides itself.
MAY_INCLUDE = {
    "base": [],
    "model": ["base"],
    "wire": ["base", "model"],
    "config": ["base", "model"],
    "supervisor": ["base", "model", "wire", "config"],
    "net": ["base", "model"],
    "core": ["base", "model", "wire", "net"],
    "source": ["base", "model", "wire", "net"],
    "runner": ["base", "model", "wire", "net"],
    # The front door: its subcommands use the parts without a role of their own.
    # Stand-ins for tests and for trying out; no role uses it.
    "sandbox": ["base", "model", "net"],
    "cli": ["base", "model", "config", "supervisor", "runner", "sandbox"],
    "main.c": ["cli", "core", "runner", "source"],
}
# Each foreign header, and the files that may include it. What is neither here nor in
# C_LIBRARY is refused: a new library begins with a row in this table.
OWNERS = {
    r"uv\.h": r"host/base/loop\.c",
    r"openssl/.*": r"host/base/digest\.c",
    r"utf8proc\.h": r"host/base/unicode\.c",
    r"yaml\.h": r"host/config/.*",
    r"sqlite3\.h": r"host/core/journal_sqlite.*",
    r"microhttpd\.h": r"host/net/httpd.*",
    r"json-c/.*": r"host/(runner|cli|sandbox)/.*",
    r"curl/.*": r"host/(net/http_(curl|handle)|cli/client).*",
    r"dlfcn\.h": r"host/runner/loader\.c",
    r"ucontext\.h": r"host/runner/coro\.c",
    r"(valgrind/valgrind|sanitizer/.*)\.h": r"host/runner/(coro\.c|sanitize\.h)",
    r"(elf|link)\.h": r"host/runner/.*",
    # The model fills the structs about a subscriber that plugins see: one shape, not two.
    r"hermod/plugin\.h": r"(host/(runner|cli)/.*|host/net/request\.h"
                         r"|host/model/(subscriber|tags)\.[ch]|(plugins|sdk|tests)/.*)",
    r"CUnit/.*": r"tests/.*",
}
C_LIBRARY = re.compile(
    r"(sys|netinet|arpa|linux)/[a-z0-9_]+\.h|(assert|ctype|dirent|errno|fcntl|fnmatch|getopt|glob"
    r"|grp|ifaddrs|inttypes|limits|locale|malloc|math|netdb|poll|pthread|pwd|sched|semaphore"
    r"|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|strings|syslog"
    r"|termios|time|unistd|wchar)\.h")
BANNED = ["strcpy", "strcat", "sprintf", "vsprintf", "strtok", "atoi", "atol", "atoll", "gets",
          "alloca", "mktemp", "tmpnam", "system", "popen"]
FILE_LINES = 600
FUNCTION_LINES = 60
COLUMNS = 100


def sources(*tops):
    """(path from the top, text) of every C file below."""
    for top in tops:
        for folder, _, names in os.walk(os.path.join(TOP, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as f:
                        yield os.path.relpath(path, TOP), f.read()


def code(text):
    """Without comments and what stands in quotes; line numbers stay."""
    def blank(m):
        return re.sub(r"[^\n]", " ", m[0])
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', blank, text,
                  flags=re.S)


def includes(text):
    """(line, '<' or '"', name)"""
    for n, line in enumerate(text.splitlines(), 1):
        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)', line)
        if m:
            yield n, m[1], m[2]


@test
def includes_go_down_the_layers_only():
    bad = []
    for path, text in sources("host"):
        folder = path.split("/")[1]
        holds(folder in MAY_INCLUDE, "no rule for host/%s" % folder)
        for line, kind, name in includes(text):
            if kind != '"' or name == "config.h":
                continue
            target = name.split("/")[0]
            if target != folder and target not in MAY_INCLUDE[folder]:
                bad.append("%s:%d: includes %s" % (path, line, name))
    none(bad)


@test
def each_foreign_library_has_one_owner():
    bad = []
    for path, text in sources("host", "sdk"):
        for line, kind, name in includes(text):
            if kind == '"' or C_LIBRARY.fullmatch(name):
                continue
            owners = [o for header, o in OWNERS.items() if re.fullmatch(header, name)]
            if not any(re.fullmatch(o, path) for o in owners):
                bad.append("%s:%d: includes <%s>" % (path, line, name))
    none(bad)


@test
def plugins_see_only_the_sdk_and_their_vendors_library():
    bad = []
    for path, text in sources("plugins"):
        for line, kind, name in includes(text):
            own = kind == '"' and os.path.exists(os.path.join(TOP, os.path.dirname(path), name))
            if name.split("/")[0] in MAY_INCLUDE or (kind == '"' and not own) or ".." in name:
                bad.append("%s:%d: includes %s" % (path, line, name))
    none(bad)


@test
def banned_functions_are_not_called():
    pattern = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED))
    bad = []
    for path, text in sources("host", "plugins"):
        for n, line in enumerate(code(text).splitlines(), 1):
            m = pattern.search(line)
            if m:
                bad.append("%s:%d: %s()" % (path, n, m[1]))
    none(bad)


@test
def a_struct_is_called_a_struct():
    pattern = re.compile(r"^\s*typedef\s+(struct|union|enum)\b")
    bad = []
    for path, text in sources("host", "plugins", "sdk"):
        bad += ["%s:%d: a typedef" % (path, n)
                for n, line in enumerate(code(text).splitlines(), 1) if pattern.match(line)]
    none(bad)


@test
def files_functions_and_lines_keep_their_size():
    bad = []
    for path, text in sources("host", "plugins"):
        lines = text.splitlines()
        if len(lines) > FILE_LINES:
            bad.append("%s: %d lines" % (path, len(lines)))
        bad += ["%s:%d: %d columns" % (path, n, len(line))
                for n, line in enumerate(lines, 1) if len(line) > COLUMNS]
        begin = None
        for n, line in enumerate(lines, 1):
            if line == "{":
                begin = n
            elif line == "}" and begin:
                if n - begin - 1 > FUNCTION_LINES:
                    bad.append("%s:%d: a function of %d lines" % (path, begin, n - begin - 1))
                begin = None
    none(bad)


@test
def headers_say_what_they_own_and_have_a_guard():
    bad = []
    for path, text in sources("host"):
        if not path.endswith(".h"):
            continue
        name = os.path.basename(path)
        if not text.startswith("/* %s - " % name):
            bad.append("%s: does not begin with \"/* %s - ...\"" % (path, name))
        guard = "HERMOD_" + re.sub(r"\W", "_", path[len("host/"):]).upper()
        if "#ifndef %s\n" % guard not in text:
            bad.append("%s: no guard %s" % (path, guard))
    none(bad)


@test
def text_is_clean():
    bad = []
    for path, text in sources("host", "plugins", "sdk", "tests"):
        bad += ["%s:%d: a tab or a space at the end" % (path, n)
                for n, line in enumerate(text.split("\n"), 1)
                if "\t" in line or line != line.rstrip()]
        if not text.endswith("\n"):
            bad.append("%s: no line end at the end" % path)
    none(bad)


@test
def every_host_file_is_in_the_build():
    listed = ""
    for folder, _, names in os.walk(os.path.join(TOP, "host")):
        for name in names:
            if name == "files.mk":
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    listed += f.read()
    bad = [path for path, _ in sources("host")
           if path != "host/main.c" and not re.search(r"\s%s\b" % re.escape(path), listed)]
    none(bad)


if __name__ == "__main__":
    run()
