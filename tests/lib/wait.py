"""Waiting for what should come to pass, and no longer."""
import os
import time

# A slow machine, or one under valgrind, sets this to more than 1.
PATIENCE = float(os.environ.get("HERMOD_TEST_PATIENCE", "1"))


def wait_for(predicate, timeout=30, what="", condition=None):
    """Returns predicate()'s first true value. Looks every 10 ms, or whenever condition
    (a threading.Condition) is notified. what: text, or a function that makes it."""
    end = time.monotonic() + timeout * PATIENCE
    while True:
        value = predicate()
        if value:
            return value
        left = end - time.monotonic()
        if left <= 0:
            raise AssertionError("waited %.0f s in vain for %s" % (
                timeout * PATIENCE, what() if callable(what) else what or predicate))
        if condition is None:
            time.sleep(0.01)
        else:
            with condition:
                condition.wait(min(left, 0.1))
