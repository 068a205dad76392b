"""The end of `./quickstart`: sends events to the host that runs there, waits until each has
met its fate, and shows what arrived and what did not and why.

    showcase.py HERMOD DIRECTORY EVENTS.json

What arrived is taken from the receiver's record (DIRECTORY/received.jsonl), the reasons from
`hermod explain`. Exits 0 only if the two agree with each other and with what the webhooks
plugin promises: six of the eight types arrive, once and byte for byte; two it does not take.
"""
import base64
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from wait import wait_for                                 # noqa: E402

NOT_TAKEN = {"entitlement.1#new", "entitlement.1#update"}


class Show:
    def __init__(self, hermod, directory):
        self.hermod = hermod
        self.directory = directory

    def ask(self, *words):
        """The JSON that a subcommand prints."""
        words = [words[0], "-c", os.path.join(self.directory, "hermod.yaml"), *words[1:],
                 "--json"]
        r = subprocess.run([self.hermod, *words], capture_output=True, text=True,
                           stdin=subprocess.DEVNULL, timeout=60)
        if r.returncode != 0:
            raise SystemExit("hermod %s failed:\n%s" % (" ".join(words), r.stderr))
        return json.loads(r.stdout)

    def received(self):
        """{event id: [bodies]} as the receiver wrote them down."""
        found = {}
        with open(os.path.join(self.directory, "received.jsonl"), encoding="ascii") as f:
            for line in f:
                if line.endswith("\n"):
                    r = json.loads(line)
                    headers = {k.lower(): v for k, v in r["headers"]}
                    found.setdefault(headers.get("webhook-id"), []).append(
                        base64.b64decode(r["body"]))
        return found

    def fate(self, id):
        """What the one destination did with the event."""
        (event,) = self.ask("explain", id)["events"]
        (destination,) = event["destinations"]
        return destination


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for n, row in enumerate(rows):
        print(("    " + "  ".join(c.ljust(w) for c, w in zip(row, widths))).rstrip())
        if n == 0:
            print("    " + "  ".join("-" * w for w in widths))


def main():
    hermod, directory, file = sys.argv[1:]
    show = Show(hermod, directory)
    with open(file, encoding="utf-8") as f:
        text = f.read()
    events = json.loads(text)
    ids = [e["id"] for e in show.ask("send", file)["events"]]
    fates = wait_for(lambda: (lambda all: all if not any(
        f["fate"] == "waiting" for f in all) else None)([show.fate(i) for i in ids]),
        30, "every event to meet its fate")
    received = show.received()

    rows, good = [("event", "arrived", "what Hermod says of it")], True
    for event, id, fate in zip(events, ids, fates):
        bodies = received.get(id, [])
        wanted = event["eventType"] not in NOT_TAKEN
        told = fate["fate"].replace("-", " ")
        if fate.get("attempts"):
            last = fate["attempts"][-1]
            told += " at attempt %d, HTTP %d" % (last["n"], last["status"])
        elif fate.get("text"):
            told += ": " + fate["text"].rpartition(": ")[2]
        rows.append((event["eventType"], "yes" if bodies else "no", told))
        good &= len(bodies) == (1 if wanted else 0)
        good &= fate["fate"] == ("delivered" if wanted else "not-subscribed")
        # The event's own bytes, which stand in the file as they were sent.
        good &= all(body.decode() in text for body in bodies)
    table(rows)
    print("\n    %d events were sent, %d arrived, %d have a reason not to." % (
        len(events), len(received), len(events) - len(received)))
    if not good or len(events) != 8:
        raise SystemExit("This is not as it should be: six were to arrive, once each and byte "
                         "for byte,\nand two were to be not subscribed.")


if __name__ == "__main__":
    main()
