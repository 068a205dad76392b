#!/usr/bin/env python3
"""The hubspot plugin against a HubSpot with a memory: what contacts and options end as."""
import json
import os
import subprocess
import sys

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, run, test                                # noqa: E402
from host import HERMOD, Host, event, http                         # noqa: E402

USERS = 12


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
        answer = http("PUT", self.url + "/_sandbox/" + path, json.dumps(value).encode())
        equal(answer.status // 100, 2, path)

    def hubspot(self):
        return json.loads(http("GET", self.url + "/_sandbox/state").body)["hubspot"]

    def subscriber(self, n, title, email=None):
        user = "email|u%d" % n
        self.put("sesamy/users/email%%7Cu%d" % n,
                 {"email": email or "u%d@example.com" % n, "firstName": "Åse", "tags": []})
        self.put("sesamy/contracts/c%d" % n, {
            "id": "c%d" % n, "userId": user, "name": title, "status": "ACTIVE",
            "isActive": True, "contractDuration": "RECURRING",
            "createdAt": "2025-01-01T00:00:00Z",
            "items": [{"sku": "s%d" % n, "name": title, "purchaseOptionId": "p"}]})
        return user


def host(box):
    return Host(plugins=["hubspot"],
                config={"sesamy": {"apiUrl": box.url + "/sesamy",
                                   "tokenUrl": box.url + "/sesamy/oauth/token"}},
                vendors={"acme": {
                    "sesamy": {"clientId": "sandbox", "clientSecret": "sandbox-secret"},
                    "integrations": {"hubspot": {"apiUrl": box.url + "/hubspot",
                                                 "accessToken": "pat-eu1-sandbox"}}}})


def deliver(h, *events):
    for one in h.post(*events):
        h.wait_state("delivered", one)


@test
def deliveries_that_each_need_a_new_option_end_with_all_of_them():
    with Sandbox() as box, host(box) as h:
        users = [box.subscriber(n, "Tidning %d" % n) for n in range(USERS)]
        box.put("hubspot/settings/requests", 100000)
        deliver(h, *(event(user=u) for u in users))
        state = box.hubspot()
        equal(sorted(o["value"] for o in
                     state["properties"]["subscription_type"]["options"]),
              sorted("Tidning %d" % n for n in range(USERS)))
        equal(sorted(c["properties"]["subscription_type"]
                     for c in state["contacts"].values()),
              sorted("Tidning %d" % n for n in range(USERS)))


@test
def a_contact_whose_address_changes_stays_one_contact():
    with Sandbox() as box, host(box) as h:
        user = box.subscriber(1, "Ny; Tidning")
        deliver(h, event(user=user))
        box.subscriber(1, "Ny; Tidning", "new@example.com")
        deliver(h, event(user=user, type="userVendor.1#update"))
        (contact,) = box.hubspot()["contacts"].values()
        equal({k: contact["properties"][k] for k in ("email", "firstname",
                                                     "subscription_type")},
              {"email": "new@example.com", "firstname": "Åse",
               "subscription_type": "Ny, Tidning"})


if __name__ == "__main__":
    run()
