"""A real host for a test: `hermod run` in a directory of its own, with what a test wants
to say to it, ask it and do to it.

    with Receiver() as r, Host(vendors={"acme": {"webhooks": {"url": r.url()}}}) as h:
        ids = h.post(event(user="u1"))
        r.wait_count(1)
"""
import collections
import itertools
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

import checks
from receiver import free_port
from wait import PATIENCE, wait_for
from yamltext import yaml_text

HERMOD = os.environ.get("HERMOD", "./hermod")
BUILDDIR = os.environ.get("BUILDDIR", ".")
SRCDIR = os.environ.get("SRCDIR", ".")
PLUGINS = os.path.join(BUILDDIR, "plugins")

# What a test host has unless the test says otherwise: short waits, and leave to reach
# the receiver, which is on the loopback.
DEFAULTS = {
    "tokens": ["test-intake-token"],
    "adminTokens": ["test-admin-token"],
    "retry": {"schedule": ["100ms", "200ms"]},
    "allowNetworks": ["127.0.0.0/8"],
    "minFree": "0",
}

EIGHT = ["userVendor.1#new", "userVendor.1#update", "contract.1#purchased",
         "contract.1#update", "contract#cancelRequest", "entitlement.1#new",
         "entitlement.1#update", "checkout.1#confirm"]
SIX = [t for t in EIGHT if not t.startswith("entitlement")]

_serial = itertools.count(1)

Answer = collections.namedtuple("Answer", "status headers body json")
Process = collections.namedtuple("Process", "pid role label started")


def event(user="u1", type="contract.1#purchased", vendor="acme", **more):
    """One event as JSON bytes, unlike any other unless the caller fixes what differs."""
    n = next(_serial)
    fields = {"eventType": type, "vendorId": vendor, "userId": user,
              "contractId": "contract_%d" % n,
              "occured_at": "2025-11-10T12:00:%02d.%03dZ" % (n // 1000 % 60, n % 1000)}
    fields.update(more)
    return json.dumps({k: v for k, v in fields.items() if v is not None},
                      ensure_ascii=False).encode()


def plugin(name):
    """A plugin's .so in the build tree."""
    return os.path.join(PLUGINS, name, name + ".so")


class Host:
    def __init__(self, vendors=None, config=None, plugins=("webhooks",), env=None, start=True,
                 journal=None, run_options=None):
        """vendors: {id: block or YAML text}; a block without `integrations` is taken for
        them. plugins: names in the build tree, or paths of .so files. config: keys of
        hermod.yaml beside DEFAULTS, env: of the environment (None takes one away)."""
        self.dir = tempfile.mkdtemp(prefix="hermod-test-")
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("HERMOD_")}
        self.env.update(env or {})
        self.env = {k: v for k, v in self.env.items() if v is not None}
        self.run_options = run_options or {}
        self.journal = journal or os.path.join(self.dir, "journal.db")
        self.config = dict(DEFAULTS)
        self.config.update(config or {})
        self.port, self.admin_port = free_port(), free_port()
        self.process = None
        self.lines = []                # of stderr, over all starts
        self._heard = threading.Condition()
        self._seen = set()             # every Process ever seen, to leave none behind
        os.mkdir(self.path("vendors.d"))
        os.mkdir(self.path("plugins"))
        for p in plugins:
            so = p if "/" in p else plugin(p)
            os.symlink(os.path.abspath(so), self.path("plugins", os.path.basename(so)))
        self.write_config()
        for name, block in (vendors or {}).items():
            self.write_vendor(name, block)
        if start:
            try:
                self.start()
            except BaseException:
                self.close()
                raise

    # ---- files ----

    def path(self, *parts):
        return os.path.join(self.dir, *parts)

    def write(self, name, text, mode=0o600):
        path = self.path(name)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        return path

    def write_config(self, **changes):
        self.config.update(changes)
        keys = {"listen": "127.0.0.1:%d" % self.port,
                "admin": "127.0.0.1:%d" % self.admin_port,
                "plugins": [self.path("plugins")], "vendors": self.path("vendors.d"),
                "journal": "sqlite:" + self.journal}
        keys.update(self.config)
        return self.write("hermod.yaml", yaml_text(
            {k: v for k, v in keys.items() if v is not None}))

    def write_vendor(self, name, block):
        if not isinstance(block, str):
            if "integrations" not in block:
                block = {"integrations": block}
            block = yaml_text(dict({"vendor": name}, **block))
        return self.write("vendors.d/%s.yaml" % name, block)

    # ---- running ----

    def start(self, ready=True):
        """Starts the host and waits until it is ready. Takes other ports when somebody
        else has these."""
        for _ in range(5):
            if self._start() and (not ready or self._wait_ready()):
                return self
            if not any("in use" in line.lower() for line in self.lines[-20:]):
                break
            self.port, self.admin_port = free_port(), free_port()
            self.write_config()
        raise AssertionError("hermod run ended with status %s:\n%s" % (
            self.process.returncode, self.log()))

    def _start(self):
        self.process = subprocess.Popen(
            [HERMOD, "run", "-c", self.path("hermod.yaml")], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.env, cwd=self.dir,
            **self.run_options)
        threading.Thread(target=self._listen, args=(self.process.stderr,), daemon=True).start()
        return True

    def _listen(self, pipe):
        for line in pipe:
            with self._heard:
                self.lines.append(line.decode(errors="replace").rstrip("\n"))
                self._heard.notify_all()
        pipe.close()

    def _wait_ready(self):
        """True once ready, False when it has ended before."""
        return wait_for(
            lambda: "ended" if self.process.poll() is not None
            else self.ready() and "ready",
            30, lambda: "the host to be ready:\n" + self.log()) == "ready"

    def ready(self):
        try:
            return self.admin("/readyz").status == 200
        except OSError:
            return False

    def wait_ready(self):
        if not self._wait_ready():
            raise AssertionError("the host has ended:\n" + self.log())

    def wait_exit(self, timeout=30):
        """The exit status, once the supervisor and all it started are gone."""
        status = self.process.wait(timeout * PATIENCE)
        wait_for(lambda: not self.alive(), timeout, lambda: "roles to end: %s" % self.alive())
        return status

    def stop(self, timeout=30):
        """An orderly stop; returns the exit status."""
        self.processes()
        self.process.send_signal(signal.SIGTERM)
        return self.wait_exit(timeout)

    def kill(self, role, label=None):
        """kill -9 of a role. Returns the process, gone when this returns."""
        victim = self.one(role, label)
        os.kill(victim.pid, signal.SIGKILL)
        if role == "supervisor":
            self.wait_exit()
        else:
            wait_for(lambda: _stat(victim.pid, victim.started) is None, 20,
                     "%s to be gone" % role)
        return victim

    def processes(self, role=None, label=None):
        """The processes of this host, from /proc: role is supervisor, core, runner ..."""
        found = []
        if self.process and self.process.poll() is None:
            for p in _family(self.process.pid):
                self._seen.add(p)
                found.append(p)
        return [p for p in found if role in (None, p.role) and label in (None, p.label)]

    def one(self, role, label=None):
        """The process of that role, once it is there."""
        return wait_for(lambda: self.processes(role, label), 20, "a %s" % role)[0]

    def alive(self):
        return [p for p in self._seen if _stat(p.pid, p.started) is not None]

    def close(self):
        self.processes()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for p in self.alive():
            try:
                os.kill(p.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind:
            checks.notes.extend("host: " + line for line in self.lines[-40:])
        self.close()

    # ---- its log ----

    def log(self):
        with self._heard:
            return "\n".join(self.lines)

    def wait_log(self, *words, timeout=30, after=0):
        """The first line, from number `after` on, in which all words stand."""
        def look():
            with self._heard:
                return next((line for line in self.lines[after:]
                             if all(w in line for w in words)), None)
        return wait_for(look, timeout, lambda: "%r in the log:\n%s" % (words, self.log()),
                        condition=self._heard)

    # ---- HTTP ----

    def http(self, method, url, body=None, headers=None, timeout=30):
        return http(method, url, body, headers, timeout)

    def intake(self, body, content_type="application/json", headers=None, token=True,
               path="/v1/events", method="POST"):
        """One request to intake, as it is; the Answer, whatever its status."""
        all_headers = {"Content-Type": content_type}
        if token:
            all_headers["Authorization"] = "Bearer " + self.config["tokens"][0]
        all_headers.update(headers or {})
        return http(method, "http://127.0.0.1:%d%s" % (self.port, path), body,
                    {k: v for k, v in all_headers.items() if v is not None})

    def post(self, *events, **more):
        """Sends events, all in one request; their ids. They must be accepted."""
        many = len(events) > 1
        body = b"[" + b",".join(events) + b"]" if many else events[0]
        answer = self.intake(body, **more)
        if answer.status != 202:
            raise AssertionError("intake said %d %r" % (answer.status, answer.body))
        return ids_of(answer)

    def admin(self, path, method="GET", body=None, query=None, token=True):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = {}
        if token and self.config.get("adminTokens"):
            headers["Authorization"] = "Bearer " + self.config["adminTokens"][0]
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        return http(method, "http://127.0.0.1:%d%s" % (self.admin_port, path), body, headers)

    # ---- the command line ----

    def cli(self, *args, stdin=None, config=True, timeout=60):
        """Runs a subcommand; a CompletedProcess with text. -c goes behind the words."""
        words = list(args)
        if config:
            at = 2 if words[0] == "plugin" else 1
            words[at:at] = ["-c", self.path("hermod.yaml")]
        return run(*words, stdin=stdin, env=self.env, cwd=self.dir, timeout=timeout)

    def cli_json(self, *args):
        r = self.cli(*args, "--json")
        if r.returncode != 0:
            raise AssertionError("hermod %s: status %d\n%s%s" % (
                " ".join(args), r.returncode, r.stdout, r.stderr))
        return json.loads(r.stdout)

    # ---- what became of events ----

    def deliveries(self, **query):
        """The journal's view: a list of dicts, newest first."""
        query.setdefault("limit", 1000)
        answer = self.admin("/v1/deliveries", query=query)
        if answer.status != 200:
            raise AssertionError("deliveries: %d %r" % (answer.status, answer.body))
        return answer.json["deliveries"]

    def states(self, **query):
        """{(event id, vendor, destination's name): state}"""
        return {(d["event"], d["vendor"], d["name"]): d["state"]
                for d in self.deliveries(**query)}

    def wait_state(self, state, event_id, vendor=None, name=None, timeout=30):
        """Waits until the event's delivery there is in that state; the delivery."""
        last = []

        def look():
            last[:] = [d for d in self.deliveries(event=event_id)
                       if vendor in (None, d["vendor"]) and name in (None, d["name"])]
            return next((d for d in last if d["state"] == state), None)
        return wait_for(look, timeout, lambda: "%s to be %s: %s" % (event_id, state, last))

    def wait_attempts(self, event_id, count=1, name=None):
        """Until so many attempts of the event's delivery there have ended."""
        wait_for(lambda: any(d["attempts"] >= count for d in self.deliveries(event=event_id)
                             if name in (None, d["name"])),
                 30, lambda: "%d attempts: %s" % (count, self.deliveries(event=event_id)))

    def wait_settled(self, timeout=60, **query):
        """Until nothing waits any more."""
        query["state"] = "waiting"
        wait_for(lambda: not self.deliveries(**query), timeout,
                 lambda: "deliveries to settle: %s" % self.deliveries(**query)[:3])

    def explain(self, event_id):
        r = self.cli("explain", event_id)
        if r.returncode != 0:
            raise AssertionError("explain: status %d %s" % (r.returncode, r.stderr))
        return r.stdout


def ids_of(answer):
    return [e["id"] for e in answer.json["events"]]


def run(*args, stdin=None, env=None, cwd=None, timeout=60):
    """hermod with these arguments."""
    return subprocess.run([HERMOD, *args], input=stdin, capture_output=True, text=True,
                          errors="replace", env=env, cwd=cwd, timeout=timeout * PATIENCE,
                          **({} if stdin is not None else {"stdin": subprocess.DEVNULL}))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def http(method, url, body=None, headers=None, timeout=30):
    request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        response = _opener.open(request, timeout=timeout * PATIENCE)
    except urllib.error.HTTPError as e:
        response = e
    with response:
        data = response.read()
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    return Answer(response.status, dict(response.headers.items()), data, value)


def _stat(pid, started=None):
    """(parent, start time) of a process that runs (a zombie does not), or None. With
    started: only if it is that very one."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as f:
            fields = f.read().rpartition(")")[2].split()
    except OSError:
        return None
    if fields[0] == "Z" or (started is not None and fields[19] != started):
        return None
    return int(fields[1]), fields[19]


def _family(root):
    """root and all below it, as Process."""
    stats = {int(p): s for p in os.listdir("/proc") if p.isdigit() and (s := _stat(int(p)))}
    family, grown = {root}, True
    while grown:
        more = {p for p, (parent, _) in stats.items() if parent in family} - family
        family |= more
        grown = bool(more)
    for pid in sorted(family & set(stats)):
        try:
            with open("/proc/%d/cmdline" % pid, encoding="utf-8", errors="replace") as f:
                words = f.read().split("\0")[:-1]
        except OSError:
            continue
        role, label = "supervisor", ""
        if "--role" in words:
            at = words.index("--role")
            role, label = words[at + 1], " ".join(words[at + 2:])
        yield Process(pid, role, label, stats[pid][1])
