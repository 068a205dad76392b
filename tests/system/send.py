#!/usr/bin/env python3
"""hermod send against a host that is busy, goes away, refuses or is none: what it sends,
when it sends again, and what it says."""
import json
import os
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from checks import contains, equal, holds, run, test      # noqa: E402
from host import event                                    # noqa: E402
from host import run as hermod                            # noqa: E402


def accept(request):
    """202 with an id for each event, as intake answers."""
    events = [{"id": "evt_%026d" % n, "status": "accepted"}
              for n, _ in enumerate(json.loads(request["body"]))]
    return 202, {}, json.dumps({"accepted": len(events), "duplicates": 0, "events": events})


def problem(status, detail, headers=None, **more):
    return lambda request: (status, headers or {}, json.dumps(dict(more, detail=detail)))


def refuse(*errors):
    """422 that names (pointer, detail) pairs."""
    return problem(422, "not valid", errors=[{"pointer": p, "detail": d} for p, d in errors])


def hang_up(request):
    return None


class FakeIntake:
    """Answers each request by the next function of the script; the last one stays."""

    def __init__(self, *script):
        fake = self
        self.requests, self.script = [], list(script)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = {"path": self.path, "headers": self.headers, "body": body}
                fake.requests.append(request)
                step = fake.script.pop(0) if len(fake.script) > 1 else fake.script[0]
                answer = step(request)
                self.close_connection = answer is None
                if answer is None:
                    return
                status, headers, text = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self):
        self.thread.start()
        self.dir = tempfile.TemporaryDirectory(prefix="hermod-test-")
        with open(os.path.join(self.dir.name, "token"), "w") as f:
            f.write("the-token\n")
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        self.dir.cleanup()

    def send(self, *words, stdin=b""):
        url = "http://127.0.0.1:%d" % self.server.server_port
        text = stdin.decode() if isinstance(stdin, bytes) else stdin
        return hermod("send", "--url", url, "--token-file",
                      os.path.join(self.dir.name, "token"), *words, stdin=text)


@test
def an_event_travels_byte_for_byte_with_the_token():
    odd = b'{ "eventType" : "x", "n": 1.50,\n  "t": "\\u00e5 }", "vendorId":"acme" }'
    with FakeIntake(accept) as f:
        answer = f.send(stdin=odd)
        equal((answer.returncode, answer.stdout), (0, "evt_%026d\n" % 0), answer.stderr)
        (request,) = f.requests
        equal(request["path"], "/v1/events")
        equal(request["headers"]["Authorization"], "Bearer the-token")
        equal(request["headers"]["Content-Type"], "application/json")
        equal(request["body"], b"[" + odd + b"]")


@test
def a_busy_host_is_asked_again_and_nothing_is_lost():
    with FakeIntake(problem(503, "the disk is nearly full", {"Retry-After": "1"}),
                    problem(503, "still busy"), accept) as f:
        answer = f.send(stdin=event())
        equal(answer.returncode, 0, answer.stderr)
        contains(answer.stderr, "the disk is nearly full", "trying again in 1.0 s")
        equal(len(f.requests), 3)
        equal(len({r["body"] for r in f.requests}), 1)


@test
def patience_ends_when_it_was_told_to():
    with FakeIntake(problem(503, "the disk is nearly full")) as f:
        answer = f.send("--retry-for", "0", stdin=event())
        equal((answer.returncode, answer.stdout), (1, ""))
        contains(answer.stderr, "gave up: the disk is nearly full", "1 not sent")
        equal(len(f.requests), 1)


@test
def a_refused_event_is_named_and_the_others_are_sent():
    text = b"\n".join(event("u%d" % n) for n in range(4))
    with FakeIntake(refuse(("/1/userId", "userId is empty"), ("/3", "it is bad")), accept) as f:
        answer = f.send(stdin=text)
        equal(answer.returncode, 1)
        equal(len(answer.stdout.split()), 2)
        contains(answer.stderr, "standard input, event 2 refused: userId is empty (at /userId)",
                 "event 4 refused: it is bad\n", "2 events accepted, 2 refused")
        equal([e["userId"] for e in json.loads(f.requests[1]["body"])], ["u0", "u2"])


@test
def a_refusal_that_names_no_event_ends_it():
    with FakeIntake(problem(401, "the token is not one of those configured")) as f:
        answer = f.send(stdin=event())
        equal((answer.returncode, answer.stdout), (1, ""))
        contains(answer.stderr, "the token is not one", "came from", "token")
        equal(len(f.requests), 1)


@test
def a_host_that_goes_away_in_the_middle_is_waited_for():
    text = b"\n".join(event("u%d" % n) for n in range(1500))
    with FakeIntake(accept, hang_up, accept) as f:
        answer = f.send(stdin=text)
        equal(answer.returncode, 0, answer.stderr)
        equal(len(answer.stdout.split()), 1500)
        equal([len(json.loads(r["body"])) for r in f.requests], [1000, 500, 500])


@test
def what_is_not_a_hermod_host_is_told_as_such():
    for page in ("<html>It works!</html>", "{}", '{"events": []}'):
        with FakeIntake(lambda request, page=page: (200, {}, page)) as f:
            answer = f.send(stdin=event())
            equal((answer.returncode, answer.stdout), (1, ""))
            contains(answer.stderr, "not an answer of a Hermod host")


@test
def no_answer_can_command_the_terminal():
    with FakeIntake(refuse(("/0", "bad\x1b[2J\x07\u009b31m"))) as f:
        answer = f.send(stdin=event())
        contains(answer.stderr, "refused: bad [2J  31m")
        holds("\x1b" not in answer.stderr and "\u009b" not in answer.stderr, answer.stderr)


@test
def a_broken_file_keeps_everything_back():
    with FakeIntake(accept) as f:
        names = []
        for name, text in (("good.json", event()), ("bad.json", b'{"a":\n')):
            names.append(os.path.join(f.dir.name, name))
            with open(names[-1], "wb") as out:
                out.write(text)
        answer = f.send(*names)
        equal((answer.returncode, answer.stdout), (1, ""))
        contains(answer.stderr, "bad.json: line 1: the object that begins here")
        equal(f.requests, [])


@test
def json_passes_on_what_the_host_said():
    with FakeIntake(refuse(("/0", "no")), accept) as f:
        answer = f.send("--json", stdin=event() + b"\n" + event())
        equal(answer.returncode, 1)
        first, second = [json.loads(line) for line in answer.stdout.splitlines()]
        equal(first["errors"][0]["detail"], "no")
        equal(second["accepted"], 1)


if __name__ == "__main__":
    run()
