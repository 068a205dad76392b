#!/usr/bin/env python3
"""The public header brings only names that begin with hermod_ or HERMOD_, and only three
headers of the C library."""
import os
import re
import subprocess
import sys

HEADER = os.path.join(os.environ["SRCDIR"], "sdk", "hermod", "plugin.h")
STANDARD = ["stdbool.h", "stddef.h", "stdint.h"]


def macros(text):
    out = subprocess.run(["cc", "-E", "-dM", "-I", os.path.dirname(os.path.dirname(HEADER)), "-"],
                         input=text, capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^#define (\w+)", out, re.M))


def declared(source):
    """Names at file scope: tags, enumerators, functions, objects."""
    text = re.sub(r"/\*.*?\*/", " ", source, flags=re.S)
    text = re.sub(r"^#.*?(?<!\\)$", "", text, flags=re.S | re.M)
    names = set(re.findall(r"\b(?:struct|enum|union)\s+(\w+)", text))
    for body in re.findall(r"\benum\s+\w+\s*\{(.*?)\}", text, re.S):
        names |= set(re.findall(r"(\w+)\s*(?:=[^,]*)?(?:,|$)", body.strip()))
    names |= set(re.findall(r"^(\w+)\(", text, re.M))
    names |= set(re.findall(r"\btypedef\b[^;]*?(\w+)\s*;", text))
    names |= set(re.findall(r"^extern\b[^;{(]*?(\w+)\s*;", text, re.M))
    return names


def main():
    with open(HEADER, encoding="utf-8") as f:
        source = f.read()
    wrong = []
    included = re.findall(r"#include\s*[<\"]([^>\"]+)", source)
    if sorted(included) != STANDARD:
        wrong.append("includes %s, not %s" % (included, STANDARD))
    standard = "".join("#include <%s>\n" % h for h in STANDARD)
    new = macros(standard + "#include <hermod/plugin.h>\n") - macros(standard)
    names = declared(source)
    for name in sorted(new | names):
        if not re.match(r"hermod_|HERMOD_", name):
            wrong.append("the name %s" % name)
    if len(names) < 60 or len(new) < 30:
        wrong.append("found only %d names and %d macros: this test is blind" %
                     (len(names), len(new)))
    for w in wrong:
        print("FAIL: plugin.h:", w)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
