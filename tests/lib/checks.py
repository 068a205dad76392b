"""A small test runner: tests are functions, their names are sentences.

    @test
    def a_404_is_parked_after_one_attempt(): ...

    if __name__ == "__main__":
        run()

prints TAP and exits 0, 1, or 77 when all were skipped. A name on the command line runs
that test alone.
"""
import os
import sys
import time
import traceback

_tests = []
notes = []                             # lines that are shown if the test fails


class Skip(Exception):
    """Raised by a test that cannot run here, with the reason."""


def test(fn):
    _tests.append(fn)
    return fn


def equal(got, want, what=""):
    if got != want:
        raise AssertionError("%sgot %r, wanted %r" % (what and "%s: " % (what,), got, want))


def none(bad):
    """There must be none of them."""
    if bad:
        raise AssertionError("%d found:\n%s" % (len(bad), "\n".join(str(b) for b in bad)))


def holds(condition, what):
    if not condition:
        raise AssertionError(what() if callable(what) else what)


def contains(text, *words):
    """All words stand in text, in any case."""
    for word in words:
        if word.lower() not in text.lower():
            raise AssertionError("no %r in:\n%s" % (word, text))


def report():
    """The exception at hand, shortly: where in the test, and what."""
    kind, value, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)[1:]
    if issubclass(kind, AssertionError):
        frames = [f for f in frames if f.filename == sys.argv[0]] or frames
    for f in frames:
        print("#   %s:%d: %s" % (os.path.basename(f.filename), f.lineno, f.line))
    for line in "".join(traceback.format_exception_only(kind, value)).rstrip().split("\n"):
        print("#     " + line)
    for line in notes:
        print("#   " + line)


def run():
    chosen = [t for t in _tests if t.__name__ in sys.argv[1:]] or _tests
    failed = skipped = 0
    print("1..%d" % len(chosen), flush=True)
    for n, fn in enumerate(chosen, 1):
        name = fn.__name__.replace("_", " ")
        notes.clear()
        began = time.monotonic()
        try:
            fn()
            print("ok %d - %s # %.1f s" % (n, name, time.monotonic() - began), flush=True)
        except Skip as why:
            skipped += 1
            print("ok %d - %s # SKIP %s" % (n, name, why), flush=True)
        except Exception:                                      # noqa: BLE001
            failed += 1
            print("not ok %d - %s" % (n, name))
            report()
            sys.stdout.flush()
    sys.exit(1 if failed else 77 if skipped == len(chosen) else 0)
