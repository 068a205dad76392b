#!/usr/bin/env python3
"""The scripted receiver does what its script says: the system tests lean on it."""
import http.client
import os
import subprocess
import sys
import threading
import urllib.error

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from checks import equal, holds, run, test                # noqa: E402
from host import event, http as ask                       # noqa: E402
from receiver import Receiver                             # noqa: E402
from script import Script                                 # noqa: E402
from yamltext import Tag, yaml_text                       # noqa: E402


def status(r, path="/", user="u1"):
    return ask("POST", r.url(path), event(user)).status


def fails(r, path="/"):
    connection = http.client.HTTPConnection("127.0.0.1", r.port, timeout=10)
    try:
        connection.request("POST", path, event())
        connection.getresponse().read()
    except (OSError, http.client.HTTPException) as e:
        return e
    finally:
        connection.close()
    raise AssertionError("there was an answer")


@test
def answers_follow_the_script_and_the_last_one_is_repeated():
    with Receiver("default=500x2,429,200") as r:
        equal([status(r) for _ in range(5)], [500, 500, 429, 200, 200])


@test
def a_path_counts_more_than_a_user_and_a_user_more_than_the_default():
    s = Script("default=200; user:u1=201; path:/a=202; path:/a user:u1=203")
    got = [s.next(p, u).status for p in ("/", "/a") for u in ("u0", "u1")]
    equal(got, [200, 201, 202, 203])


@test
def options_are_headers_bodies_and_quoted_words():
    with Receiver("default=429('retry-after=Mon, 10 Nov 2025 12:00:00 GMT' body=no x-a=b)") as r:
        a = ask("POST", r.url(), event())
        equal((a.status, a.body, a.headers["retry-after"], a.headers["x-a"]),
              (429, b"no", "Mon, 10 Nov 2025 12:00:00 GMT", "b"))


@test
def a_script_with_a_mistake_is_refused():
    for bad in ("default=2000", "default=what", "who=200"):
        try:
            Script(bad)
        except ValueError:
            continue
        raise AssertionError("%r was taken" % bad)


@test
def reset_close_and_garbage_are_no_answers():
    with Receiver("path:/r=reset; path:/c=close; path:/g=garbage") as r:
        holds(isinstance(fails(r, "/r"), (ConnectionResetError, http.client.IncompleteRead)), "r")
        fails(r, "/c")
        holds(isinstance(fails(r, "/g"), http.client.BadStatusLine), "g")
        equal([q.how for q in r.select()], ["cut"] * 3)


@test
def refused_connections_are_refused_until_it_listens_again():
    with Receiver(refuse=True) as r:
        for _ in range(3):
            try:
                status(r)
                raise AssertionError("there was an answer")
            except urllib.error.URLError as e:
                holds(isinstance(e.reason, ConnectionRefusedError), e)
            r.listen()
            equal(status(r), 200)
            r.refuse()


@test
def held_requests_wait_and_overlaps_are_seen():
    with Receiver("default=held") as r:
        users = ["a", "a", "b"]
        threads = [threading.Thread(target=status, args=(r, "/", u)) for u in users]
        for t in threads:
            t.start()
        r.wait_in_flight(3)
        equal(len(r.overlaps), 1)
        equal({q.user for q in r.overlaps[0]}, {"a"})
        equal(r.max_in_flight, 3)
        r.release()
        for t in threads:
            t.join()
        equal(len(r.answered()), 3)


@test
def who_hangs_up_on_a_hang_is_seen_to_be_gone():
    with Receiver("default=hang") as r:
        c = http.client.HTTPConnection("127.0.0.1", r.port)
        c.request("POST", "/", event())
        r.wait_in_flight(1)
        c.close()
        r.wait_until(lambda: r.select(how="gone"), "the request to be gone")


@test
def bodies_come_through_chunked_and_kept_alive():
    with Receiver() as r:
        c = http.client.HTTPConnection("127.0.0.1", r.port)
        for body in (b"x" * 100000, b"", bytes(range(256))):
            c.request("POST", "/", iter([body[:50], body[50:]]), encode_chunked=True,
                      headers={"Transfer-Encoding": "chunked"})
            c.getresponse().read()
            equal(r.select()[-1].body, body)
        equal(len({q.connection for q in r.select()}), 1)
        c.close()


@test
def as_a_program_it_tells_its_port_and_what_it_was_sent():
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "receiver.py")
    p = subprocess.Popen([sys.executable, "-B", program, "--script", "default=204"],
                         stdout=subprocess.PIPE, text=True)
    try:
        port = int(p.stdout.readline().split()[1])
        equal(ask("POST", "http://127.0.0.1:%d/x" % port, event("u7")).status, 204)
        line = p.stdout.readline()
        holds('"user": "u7"' in line and '"path": "/x"' in line, line)
    finally:
        p.kill()
        p.wait()
        p.stdout.close()


@test
def yaml_is_written_with_tags():
    equal(yaml_text({"a": [{"b": Tag("file", "x y")}, 1], "c": {}, "d": True}),
          '"a":\n  -\n    "b": !file "x y"\n  - 1\n"c": {}\n"d": true\n')


if __name__ == "__main__":
    run()
