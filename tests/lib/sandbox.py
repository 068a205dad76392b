"""`hermod sandbox` for a test: stand-ins of the platform and the vendors, with a memory."""
import json
import subprocess

from checks import equal
from host import HERMOD, http


class Sandbox:
    def __enter__(self):
        self.process = subprocess.Popen([HERMOD, "sandbox", "--port", "0"], text=True,
                                        stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        self.url = line[line.index("http://"):].split()[0].rstrip("/.,")
        return self

    def __exit__(self, *exc):
        self.process.terminate()
        self.process.wait(30)
        self.process.stdout.close()

    def put(self, path, value):
        """Says what stands at a place of the state: "sesamy/users/u1"."""
        answer = http("PUT", self.url + "/_sandbox/state/" + path, json.dumps(value).encode())
        equal(answer.status // 100, 2, path)

    def get(self, path):
        answer = http("GET", self.url + "/_sandbox/state/" + path)
        equal(answer.status, 200, path)
        return json.loads(answer.body)

    def host(self, plugin, **settings):
        """What Host() needs for one destination of vendor acme; apiUrl is a path here."""
        settings["apiUrl"] = self.url + settings["apiUrl"]
        return {"plugins": [plugin],
                "config": {"sesamy": {"apiUrl": self.url + "/sesamy",
                                      "tokenUrl": self.url + "/sesamy/oauth/token"}},
                "vendors": {"acme": {"sesamy": {"clientId": "sandbox",
                                                "clientSecret": "sandbox-secret"},
                                     "integrations": {plugin: settings}}}}
