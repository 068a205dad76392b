#!/usr/bin/env python3
"""The make plugin against a Make.as with a memory: what subscribers end as."""
import os
import sys

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, run, test                                # noqa: E402
from host import Host, event                                       # noqa: E402
from sandbox import Sandbox                                        # noqa: E402

OURS = ["sesamy_active_sku_po_s1-p", "sesamy_active_sku_s1", "sesamy_active_subscriber",
        "sesamy_tag_vip"]


def deliver(box, *users):
    for u in users:
        box.put("sesamy/users/" + u, {"email": u + "@tidning.se", "tags": ["vip"]})
        box.put("sesamy/contracts/c-" + u, {
            "id": "c-" + u, "userId": u, "status": "ACTIVE", "isActive": True,
            "contractDuration": "RECURRING",
            "items": [{"sku": "s1", "name": "Tidning", "purchaseOptionId": "p",
                       "purchaseOptionName": "År"}]})
    with Host(**box.host("make", apiUrl="/make/api/public/v2", userId="1",
                         apiKey="sandbox-make-key", listId="7")) as h:
        for one in h.post(*(event(user=u) for u in users)):
            h.wait_state("delivered", one)


@test
def foreign_tags_stay_stale_ones_go_and_nobody_is_signed_up_again():
    with Sandbox() as box:
        box.put("make/subscribers/u1@tidning.se", {
            "id": 1, "email": "u1@tidning.se", "email_status": "unsubscribed", "lists": [7],
            "tags": ["Nyheter", "sesamy_active_sku_old", "sesamy_tag_vip", "SESAME street"]})
        deliver(box, "u1")
        got = box.get("make/subscribers/u1@tidning.se")
        equal(sorted(got["tags"]), sorted(["Nyheter", "SESAME street"] + OURS))
        equal(got["email_status"], "unsubscribed")


@test
def what_several_deliveries_need_is_made_once():
    users = ["u%d" % n for n in range(8)]
    with Sandbox() as box:
        box.put("make/settings/createTags", False)
        deliver(box, *users)
        state = box.get("make")
        equal(sorted(state["tags"].values()), OURS)
        equal(state["products"], {"s1|p": {"external_id": "s1|p", "name": "Tidning - År"}})
        equal(sorted(state["subscriptions"]), ["c-" + u for u in users])


if __name__ == "__main__":
    run()
