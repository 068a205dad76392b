#!/usr/bin/env python3
"""The hubspot plugin against a HubSpot with a memory: what contacts and options end as."""
import os
import sys

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, run, test                                # noqa: E402
from host import Host, event                                       # noqa: E402
from sandbox import Sandbox                                        # noqa: E402

USERS = 12


class HubSpot(Sandbox):
    def hubspot(self):
        return self.get("hubspot")

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
    return Host(**box.host("hubspot", apiUrl="/hubspot", accessToken="pat-eu1-sandbox"))


def deliver(h, *events):
    for one in h.post(*events):
        h.wait_state("delivered", one)


@test
def deliveries_that_each_need_a_new_option_end_with_all_of_them():
    with HubSpot() as box, host(box) as h:
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
    with HubSpot() as box, host(box) as h:
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
