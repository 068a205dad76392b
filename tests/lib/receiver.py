"""A scripted HTTP receiver that remembers all it was sent.

In a test:

    with Receiver("default=200; user:u1=500x2,200") as r:
        ... r.url("/hook") ... r.wait_count(3) ... r.records ...

As a program, for people and shell scripts:

    python3 receiver.py --port 0 --script 'default=200' --record FILE

prints "port N", then writes each request, once it is answered or given up, as one line
of JSON to FILE (default: standard output): at and answered (Unix time, seconds), method,
path, headers, user, answer, how, body (base64).

script.py says what a script looks like.
"""
import argparse
import asyncio
import base64
import json
import os
import random
import socket
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from script import Script          # noqa: E402
from wait import wait_for          # noqa: E402


_given = set()                  # no port twice in one process


def free_port():
    """A port outside the range that outgoing connections take theirs from."""
    while True:
        port = random.randint(20000, 32000)
        if port in _given:
            continue
        _given.add(port)
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Record:
    """One request. `how` is '' while it is unanswered, then 'answered', 'gone' (the other
    side went away first) or 'cut' (the script said so)."""

    def __init__(self, method, target, headers, body, connection):
        self.at = time.time()
        self.answered = None
        self.method = method
        self.target = target
        self.path, _, self.query = target.partition("?")
        self.header_list = headers
        self.headers = {k.lower(): v for k, v in headers}
        self.body = body
        self.connection = connection
        self.how = ""
        self.answer = ""
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = None
        user = self.json.get("userId") if isinstance(self.json, dict) else None
        self.user = user if isinstance(user, str) else ""

    @property
    def id(self):
        return self.headers.get("webhook-id", "")

    def as_json(self):
        return json.dumps({
            "at": self.at, "answered": self.answered, "method": self.method,
            "path": self.target, "headers": self.header_list, "user": self.user,
            "answer": self.answer, "how": self.how,
            "body": base64.b64encode(self.body).decode()})


class Connection(asyncio.Protocol):
    """Reads requests one after the other; keeps the connection alive between them."""

    def __init__(self, owner):
        self.owner = owner
        self.data = b""
        self.task = None
        self.record = None

    def connection_made(self, transport):
        self.transport = transport
        self.owner.connections.add(self)

    def connection_lost(self, exc):
        self.owner.connections.discard(self)
        if self.task and not self.task.done():
            self.task.cancel()

    def data_received(self, data):
        self.data += data
        if self.task is None or self.task.done():
            self._serve()

    def _serve(self):
        request = self._take_request()
        if request:
            self.task = asyncio.get_running_loop().create_task(self._answer(*request))

    def _take_request(self):
        head, mark, rest = self.data.partition(b"\r\n\r\n")
        if not mark:
            return None
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = [tuple(p.strip() for p in line.split(":", 1)) for line in lines[1:]]
        by_name = {k.lower(): v for k, v in headers}
        if by_name.get("expect", "").lower() == "100-continue" and not rest:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if by_name.get("transfer-encoding", "").lower() == "chunked":
            body, left = self._dechunk(rest)
            if body is None:
                return None
        else:
            size = int(by_name.get("content-length", "0"))
            if len(rest) < size:
                return None
            body, left = rest[:size], rest[size:]
        self.data = left
        return method, target, headers, body

    @staticmethod
    def _dechunk(rest):
        body = b""
        while True:
            line, mark, rest = rest.partition(b"\r\n")
            if not mark:
                return None, b""
            size = int(line.split(b";")[0], 16)
            if len(rest) < size + 2:
                return None, b""
            body, rest = body + rest[:size], rest[size + 2:]
            if size == 0:
                return body, rest

    async def _answer(self, method, target, headers, body):
        record = Record(method, target, headers, body, id(self))
        answer = self.owner.began(record)
        how = "gone"
        try:
            if answer.delay_ms:
                await asyncio.sleep(answer.delay_ms / 1000)
            if answer.kind == "hang":
                await asyncio.get_running_loop().create_future()
            if answer.kind == "held":
                await self.owner.held(record)
            # Ended before the answer is on its way: the other side may send its next
            # request the moment it has read this answer.
            how = "cut" if answer.kind in ("reset", "close", "garbage") else "answered"
            self.owner.end(record, how)
            self._write(answer)
        finally:
            self.owner.end(record, how)
        if not self.transport.is_closing():
            asyncio.get_running_loop().call_soon(self._serve)

    def _write(self, answer):
        if answer.kind == "close":
            self.transport.abort()
        elif answer.kind == "reset":
            self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf an ans")
            sock = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        elif answer.kind == "garbage":
            self.transport.write(b"\x00\x01 this is no HTTP at all \xff\r\n\r\n")
            self.transport.close()
        else:
            lines = ["HTTP/1.1 %d Scripted" % answer.status]
            lines += ["%s: %s" % h for h in answer.headers.items()]
            lines += ["Content-Length: %d" % len(answer.body), "", ""]
            self.transport.write("\r\n".join(lines).encode("latin-1") + answer.body)


class Receiver:
    def __init__(self, script="default=200", port=None, refuse=False, on_end=None, tls=None):
        self.script = Script(script)
        self.records = []              # in order of arrival; only ever grows
        self.connections = set()
        self.overlaps = []             # pairs of requests of one lane in flight at once
        self.max_in_flight = 0
        self.max_by_path = {}
        self._in_flight = []
        self._changed = threading.Condition()
        self._on_end = on_end
        self._tls = tls
        self._held = {}                # record -> future
        self._released = set()
        self._server = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = port or free_port()
        if not refuse:
            self.listen()

    # ---- what tests say ----

    def url(self, path="/"):
        return "%s://127.0.0.1:%d%s" % ("https" if self._tls else "http", self.port, path)

    def rule(self, text):
        """Adds or replaces rules while running."""
        self._do(self._async_rule(text))

    def listen(self):
        wait_for(lambda: self._do(self._async_listen()), 10, "port %d to be free" % self.port)

    def refuse(self):
        """From now on connections are refused, and those that exist are reset."""
        self._do(self._async_refuse())

    def release(self, user=None, path=None):
        """Answers the held requests that fit, and those of the kind that come later."""
        self._do(self._async_release(user, path))

    def release_one(self, record):
        self._do(self._async_release_one(record))

    def close(self):
        self._do(self._async_refuse())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    # ---- what tests ask ----

    def wait_until(self, predicate, what, timeout=30):
        """Until predicate() holds; looked at whenever a request comes or ends."""
        wait_for(predicate, timeout, lambda: "%s; the receiver has %s" % (
            what() if callable(what) else what, self.summary()), condition=self._changed)

    def wait_count(self, count, timeout=30, path=None):
        """Until that many were answered, given up or cut."""
        self.wait_until(lambda: len([r for r in self.select(path) if r.how]) >= count,
                        "%d requests to end" % count, timeout)

    def wait_in_flight(self, count, path=None, user=None):
        self.wait_until(lambda: len(self.in_flight(path, user)) >= count,
                        "%d requests in flight" % count)

    def select(self, path=None, user=None, how=None):
        with self._changed:
            return [r for r in self.records if (path is None or r.path == path)
                    and (user is None or r.user == user) and (how is None or r.how == how)]

    def answered(self, path=None, user=None):
        return self.select(path, user, "answered")

    def in_flight(self, path=None, user=None):
        return self.select(path, user, "")

    def summary(self):
        with self._changed:
            return ["%s %s -> %s" % (r.path, r.user, r.answer + "/" + r.how)
                    for r in self.records[-20:]]

    # ---- on the loop ----

    def began(self, record):
        answer = self.script.next(record.path, record.user)
        record.answer = answer.kind
        with self._changed:
            lane = (record.path, record.user)
            self.overlaps += [(r, record) for r in self._in_flight
                              if (r.path, r.user) == lane]
            self.records.append(record)
            self._in_flight.append(record)
            self.max_in_flight = max(self.max_in_flight, len(self._in_flight))
            here = sum(r.path == record.path for r in self._in_flight)
            self.max_by_path[record.path] = max(self.max_by_path.get(record.path, 0), here)
            self._changed.notify_all()
        return answer

    def end(self, record, how):
        """The first word on how a request ended counts."""
        with self._changed:
            if record.how:
                return
            record.how = how
            record.answered = time.time()
            self._in_flight.remove(record)
            self._held.pop(record, None)
            self._changed.notify_all()
        if self._on_end:
            self._on_end(record)

    async def held(self, record):
        for path in (None, record.path):
            for user in (None, record.user):
                if (path, user) in self._released:
                    return
        self._held[record] = asyncio.get_running_loop().create_future()
        await self._held[record]

    async def _async_release(self, user, path):
        self._released.add((path, user))
        for record, future in list(self._held.items()):
            if (user is None or record.user == user) and (path is None or record.path == path):
                if not future.done():
                    future.set_result(None)

    async def _async_release_one(self, record):
        self._held[record].set_result(None)

    async def _async_rule(self, text):
        self.script.add(text)

    async def _async_listen(self):
        if self._server:
            return True
        try:
            self._server = await self._loop.create_server(
                lambda: Connection(self), "127.0.0.1", self.port, backlog=1024,
                reuse_address=True, ssl=self._tls)
        except OSError:
            return False
        return True

    async def _async_refuse(self):
        if self._server:
            self._server.close()
            self._server = None
        for connection in list(self.connections):
            connection.transport.abort()
        await asyncio.sleep(0)

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--port", type=int, default=0, help="0 takes a free one")
    p.add_argument("--script", default="default=200", help="what to answer; see script.py")
    p.add_argument("--record", help="file for the requests; default: standard output")
    p.add_argument("--free-ports", type=int, metavar="N",
                   help="only print N ports that nothing listens on")
    o = p.parse_args()
    if o.free_ports:
        print(*(free_port() for _ in range(o.free_ports)))
        return
    out = open(o.record, "a", encoding="ascii") if o.record else sys.stdout

    def write(record):
        out.write(record.as_json() + "\n")
        out.flush()

    with Receiver(o.script, port=o.port or None, on_end=write) as r:
        print("port", r.port, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
