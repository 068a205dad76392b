#!/usr/bin/env python3
"""Each rule of rules.py can fail: in a copy of the tree that breaks it, it names the place."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, run, test             # noqa: E402

TOP = os.environ.get("SRCDIR", ".")
HEADER = "/* %s - planted. */\n#ifndef %s\n#define %s\n%s\n#endif\n"


# Some files of each kind are enough of a tree.
FILES = ["host/base/buf.c", "host/base/buf.h", "host/model/event.c", "host/wire/codec.c",
         "host/core/core.h", "host/runner/call.h", "host/config/config.h", "tests/unit/unit.h"]
FILES += ["host/%s/files.mk" % folder for folder in ("base", "model", "wire", "core", "runner",
                                                     "config")]
COPY = tempfile.TemporaryDirectory()
for name in FILES:
    os.makedirs(os.path.dirname(os.path.join(COPY.name, name)), exist_ok=True)
    shutil.copyfile(os.path.join(TOP, name), os.path.join(COPY.name, name))


def run_rules(top):
    p = subprocess.run([sys.executable, "-B", os.path.join(TOP, "tests/rules/rules.py")],
                       env=dict(os.environ, SRCDIR=top), stdout=subprocess.PIPE,
                       encoding="utf-8", check=False)
    return p.returncode, p.stdout


def judged(path, text):
    """The exit status and output of rules.py on the copy, while text stands at the end of a
    file."""
    place, before = os.path.join(COPY.name, path), None
    os.makedirs(os.path.dirname(place), exist_ok=True)
    if os.path.exists(place):
        with open(place, encoding="utf-8") as f:
            before = f.read()
    with open(place, "w", encoding="utf-8") as f:
        f.write((before or "") + text)
    try:
        return run_rules(COPY.name)
    finally:
        os.remove(place)
        if before is not None:
            with open(place, "w", encoding="utf-8") as f:
                f.write(before)


def broken(out):
    return {line.split(" - ")[1] for line in out.splitlines() if line.startswith("not ok")}


def caught(rule, path, text):
    """This rule fails and no other, and the file is named."""
    status, out = judged(path, text)
    equal(status, 1, out)
    equal(broken(out), {rule})
    contains(out, path)


@test
def a_copy_with_nothing_planted_passes():
    status, out = run_rules(COPY.name)
    equal(status, 0, out)


@test
def an_include_up_the_layers_is_caught():
    rule = "includes go down the layers only"
    caught(rule, "host/base/buf.c", '#include "model/event.h"\n')
    caught(rule, "host/model/event.c", '#include "wire/codec.h"\n')
    caught(rule, "host/wire/codec.c", '#include "core/core.h"\n')
    caught(rule, "host/core/core.h", '#include "runner/call.h"\n')
    caught(rule, "host/runner/call.h", '#include "../../plugins/webhooks/webhooks.h"\n')
    caught(rule, "host/config/config.h", '#include "uv.h"\n')


@test
def a_library_used_beside_its_owner_is_caught():
    rule = "each foreign library has one owner"
    for header in ("curl/curl.h", "json-c/json.h", "openssl/evp.h", "sqlite3.h", "uv.h",
                   "microhttpd.h", "dlfcn.h", "ucontext.h", "yaml.h", "utf8proc.h",
                   "CUnit/Basic.h", "libpq-fe.h"):
        caught(rule, "host/model/event.c", "#include <%s>\n" % header)
    caught(rule, "host/core/core.h", "#include <hermod/plugin.h>\n")


@test
def a_plugin_that_looks_into_the_host_is_caught():
    rule = "plugins see only the sdk and their vendors library"
    caught(rule, "plugins/planted/planted.c", '#include <hermod/plugin.h>\n#include <base/buf.h>\n')
    caught(rule, "plugins/planted/planted.c", '#include "../../host/base/buf.h"\n')
    caught(rule, "plugins/planted/planted.c", '#include "wire/codec.h"\n')


@test
def a_banned_function_is_caught_and_its_name_in_a_comment_is_not():
    rule = "banned functions are not called"
    caught(rule, "host/base/buf.c", "int x = atoi(text);\n")
    caught(rule, "host/base/buf.c", "char *p = alloca (7);\n")
    caught(rule, "plugins/planted/planted.c", "strcpy(a, b);\n")
    out = judged("host/base/buf.c", '/* no atoi(x) */\nchar s[] = "strcpy(";\n')[1]
    equal(broken(out), set())


@test
def a_typedef_of_a_struct_is_caught():
    caught("a struct is called a struct", "host/base/buf.h", "typedef struct buf buf_t;\n")


@test
def what_is_too_long_is_caught():
    rule = "files functions and lines keep their size"
    caught(rule, "host/base/buf.c", "\n" * 600)
    caught(rule, "host/base/buf.c", "/* %s */\n" % ("x" * 120))
    caught(rule, "host/base/buf.c", "void\nf(void)\n{\n%s}\n" % ("    x();\n" * 61))


@test
def a_header_without_its_first_sentence_or_guard_is_caught():
    rule = "headers say what they own and have a guard"
    for text in (HEADER % ("other.h", "HERMOD_BASE_PLANTED_H", "HERMOD_BASE_PLANTED_H", ""),
                 HEADER % ("planted.h", "PLANTED_H", "PLANTED_H", "")):
        status, out = judged("host/base/planted.h", text)
        equal(status, 1)
        contains(out, "host/base/planted.h: ", rule)


@test
def tabs_and_spaces_at_the_end_are_caught():
    rule = "text is clean"
    caught(rule, "host/base/buf.c", "\tint x;\n")
    caught(rule, "tests/unit/unit.h", "int x; \n")
    caught(rule, "host/base/buf.c", "int x;")


@test
def a_file_that_is_not_built_is_caught():
    caught("every host file is in the build", "host/base/planted.c", "int planted;\n")


if __name__ == "__main__":
    run()
