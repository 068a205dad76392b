#!/usr/bin/env python3
"""The mailchimp plugin against a Mailchimp with a memory: what contacts end as."""
import os
import sys

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, run, test                                # noqa: E402
from host import Host, event                                       # noqa: E402
from sandbox import Sandbox                                        # noqa: E402

LIST, EMAIL = "a1b2c3d4e5", "asa@tidning.se"


class Mailchimp(Sandbox):
    def __enter__(self):
        super().__enter__()
        self.put("sesamy/users/u1", {"email": "Asa@Tidning.se", "firstName": "Åsa",
                                     "tags": ["vip", "Åland"]})
        return self

    def put_contact(self, **contact):
        self.put("mailchimp/lists/%s/members/%s" % (LIST, EMAIL),
                 dict(contact, email_address=EMAIL))

    def contact(self):
        (contact,) = self.get("mailchimp/lists/%s/members" % LIST).values()
        return contact


def deliver(box, *events):
    with Host(**box.host("mailchimp", apiUrl="/mailchimp/3.0", listId=LIST,
                         apiKey="0123456789abcdef0123456789abcdef-us19")) as h:
        for one in h.post(*events):
            h.wait_state("delivered", one)


@test
def a_new_contact_is_transactional_and_has_fields_tags_and_one_activity():
    with Mailchimp() as box:
        deliver(box, event(user="u1"))
        contact = box.contact()
        equal(contact["status"], "transactional")
        equal(contact["merge_fields"]["FNAME"], "Åsa")
        equal(contact["merge_fields"]["SESAMYUSR"], "u1")
        equal(contact["merge_fields"]["SMYSUBSC"], "False")
        equal(sorted(contact["tags"]), ["sesamy_tag_vip", "sesamy_tag_Åland"])
        equal([e["name"] for e in contact["events"]], ["sesamy_contract_purchased"])


@test
def foreign_tags_stay_stale_ones_go_and_nobody_is_signed_up_again():
    foreign = ["Newsletter", "SESAME street"] + ["group %02d" % n for n in range(60)]
    with Mailchimp() as box:
        box.put_contact(status="unsubscribed", tags=foreign + ["sesamy_active_subscriber",
                                                               "sesamy_tag_vip"])
        deliver(box, event(user="u1"))
        contact = box.contact()
        equal(contact["status"], "unsubscribed")
        equal(sorted(contact["tags"]), sorted(foreign + ["sesamy_tag_vip", "sesamy_tag_Åland"]))


if __name__ == "__main__":
    run()
