"""A small Sesamy API that remembers what it was asked: tokens, users, contracts, entitlements.

    with Sesamy(users={"email|1": {"email": "anna@example.se"}}) as s, \\
            Host({"acme": {"sesamy": CREDENTIALS, "integrations": ...}}, config=s.config()) as h:
"""
import http.server
import json
import threading
import urllib.parse

CREDENTIALS = {"clientId": "acme-id", "clientSecret": "acme-5ecret-marker"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):          # pylint: disable=arguments-differ
        pass

    def handle(self):
        try:
            super().handle()
        except (ConnectionError, BrokenPipeError):
            pass

    def do_POST(self):                     # pylint: disable=invalid-name
        form = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        self.send(*self.server.owner.token(self.path, self.headers.get("Content-Type"), form))

    def do_GET(self):                      # pylint: disable=invalid-name
        self.send(*self.server.owner.get(self.path, self.headers.get("Authorization")))

    def send(self, status, value, headers=None):
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        for name, text in (headers or {}).items():
            self.send_header(name, text)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass                               # a client that was killed


def refusal(status, code):
    return status, {"error": {"code": code, "message": "about somebody"}}


class Sesamy:
    def __init__(self, users=None):
        self.users = users or {}
        self.contracts = {}                # user -> list
        self.entitlements = {}
        self.asked = []                    # targets of the API, in order
        self.tokens = 0
        self.faults = []                   # (status, headers) for the next requests
        self.open = threading.Event()      # cleared: the API does not answer until it is set
        self.open.set()
        self.changed = threading.Condition()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.owner = self

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.open.set()
        self.server.shutdown()
        self.server.server_close()

    def config(self, **more):
        """hermod.yaml's part."""
        base = "http://127.0.0.1:%d" % self.server.server_address[1]
        return dict({"sesamy": {"apiUrl": base, "tokenUrl": base + "/oauth/token"}}, **more)

    def token(self, path, content_type, form):
        fields = urllib.parse.parse_qs(form)
        want = {"grant_type": ["client_credentials"], "client_id": [CREDENTIALS["clientId"]],
                "client_secret": [CREDENTIALS["clientSecret"]]}
        if path != "/oauth/token" or content_type != "application/x-www-form-urlencoded":
            return refusal(403, "forbidden")
        if fields != want:
            return 401, {"error": "invalid_client", "error_description": "about somebody"}
        with self.changed:
            self.tokens += 1
            return 200, {"access_token": "token-5ecret-marker", "token_type": "Bearer",
                         "expires_in": 86400}

    def get(self, target, authorization):
        with self.changed:
            self.asked.append(target)
            self.changed.notify_all()
            fault = self.faults.pop(0) if self.faults else None
        self.open.wait(60)
        if fault:
            return fault[0], {"error": {"code": "internal_error"}}, fault[1]
        if authorization != "Bearer token-5ecret-marker":
            return refusal(401, "authentication_required")
        path, _, query = target.partition("?")
        user = urllib.parse.parse_qs(query).get("userId", [""])[0]
        if path == "/management/contracts":
            return 200, self.contracts.get(user, [])
        if path == "/management/entitlements":
            return 200, self.entitlements.get(user, [])
        if path.startswith("/management/users/"):
            user = urllib.parse.unquote(path[len("/management/users/"):])
            if user in self.users:
                return 200, dict({"userId": user}, **self.users[user])
        return refusal(404, "resource_not_found")

    def count(self, what="/management/users/"):
        with self.changed:
            return sum(t.startswith(what) for t in self.asked)
