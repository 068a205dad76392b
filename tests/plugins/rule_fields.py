#!/usr/bin/env python3
"""The fields that the rule plugin writes: its page lists them all, a case pins each of them,
and whatever a subscriber has, Rule's limits are kept."""
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.environ.get("SRCDIR", "."))
BUILD = os.path.abspath(os.environ.get("BUILDDIR", "."))
HERMOD = os.path.abspath(os.environ.get("HERMOD", "./hermod"))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from checks import equal, holds, none, run, test          # noqa: E402

PLUGIN = os.path.join(TOP, "plugins", "rule")
GROUP_MAX = 65000                      # characters of all values of one group
FORMATS = {"text": r"(?s).*", "datetime": r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"}


def read(*path):
    with open(os.path.join(PLUGIN, *path), encoding="utf-8") as f:
        return f.read()


def listed():
    """[(key, type)] on the page."""
    return re.findall(r"^\| `(\w+\.\w+)` \| (\w+) \|", read("rule.md"), re.M)


def pinned(case):
    """[(key, type)] in a case."""
    return re.findall(r"- \{key: (\w+\.\w+), .*, type: (\w+)\}$", read("cases", case), re.M)


def sent(profile, contracts, entitlements):
    """What Rule is sent of a subscriber."""
    case = {
        "description": "anything is sent", "settings": {"apiKey": "0123456789abcdef"},
        "event": {"eventType": "userVendor.1#update", "vendorId": "acme", "userId": "u1",
                  "occured_at": "2025-11-10T12:00:00Z"},
        "sesamy": {"profile": profile, "contracts": contracts, "entitlements": entitlements},
        "exchanges": [{"request": {"method": "POST",
                                   "url": "https://app.rule.io/api/v2/subscribers"},
                       "response": {"status": 500}}],
        "outcome": "retry",
    }
    with tempfile.TemporaryDirectory() as tmp:
        path, har = os.path.join(tmp, "case.yaml"), os.path.join(tmp, "out.har")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(case, f)                             # JSON is YAML
        ran = subprocess.run([HERMOD, "plugin", "test", "--har", har,
                              os.path.join(BUILD, "plugins", "rule", "rule.so"), path],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        holds(ran.returncode == 0, ran.stdout.decode())
        with open(har, encoding="utf-8") as f:
            (entry,) = json.load(f)["log"]["entries"]
    return json.loads(entry["request"]["postData"]["text"])


@test
def the_page_lists_every_field_that_a_case_pins_with_its_type():
    equal(listed(), pinned("fields-all.yaml"))


@test
def there_are_at_least_fifty_sesamy_fields_and_none_twice():
    keys = [key for key, _ in listed()]
    holds(sum(k.startswith("Sesamy_") for k in keys) >= 50, "only %d" % len(keys))
    equal(len(keys), len(set(keys)))


@test
def no_field_is_in_the_code_alone():
    rows = re.findall(r"^    (?:OF_\w+|ROW|OUT_OF)\(\"([\w.]+)\"", read("fields.c"), re.M)
    equal([r.split(".")[-1] for r in rows], [key.split(".")[1] for key, _ in listed()])


@test
def a_huge_subscriber_stays_within_rules_limits():
    long = "å" * 5000
    entitlements = [{"id": "e%d" % i, "sku": "sku-%d-%s" % (i, "x" * 40), "type": "article",
                     "title": "Tittel %d %s" % (i, "ø" * 40), "hasAccess": True,
                     "purchaseOption": "po-%d-%s" % (i, "y" * 40),
                     "createdAt": "2025-01-01T00:00:00Z"} for i in range(1500)]
    contracts = [{"id": long, "name": long, "userId": "u1", "status": "ACTIVE", "isActive": True,
                  "contractDuration": "RECURRING", "currency": long, "manageUrl": long,
                  "createdAt": "2025-01-01T00:00:00Z", "price": 1, "nextPrice": None,
                  "nextBillAt": None, "willCancelAt": None, "recurringInterval": long,
                  "paymentData": {"method": long},
                  "appliedDiscounts": [{"code": "c%d%s" % (i, "z" * 90)} for i in range(900)],
                  "items": [{"sku": "k%d%s" % (i, "s" * 90), "name": "n%d%s" % (i, "æ" * 90),
                             "purchaseOptionId": "o%d" % i,
                             "purchaseOptionName": "p%d%s" % (i, "q" * 90)}
                            for i in range(900)]}]
    profile = {"userId": "u1", "email": "u1@example.com", "firstName": long, "lastName": long,
               "company": long, "locale": long, "tags": ["t%d%s" % (i, "t" * 80)
                                                         for i in range(900)],
               "user_metadata": {"department": long},
               "billingAddress": {k: long for k in ("firstName", "lastName", "street", "city",
                                                    "zip", "co", "country")}}
    fields = sent(profile, contracts, entitlements)["subscribers"]["fields"]
    groups, bad = {}, []
    for f in fields:
        values = f["value"] if f["type"] == "multiple" else [f["value"]]
        holds(isinstance(values, list) and all(isinstance(v, str) for v in values), f["key"])
        group = f["key"].split(".")[0]
        groups[group] = groups.get(group, 0) + len(json.dumps(f["value"], ensure_ascii=False)
                                                   .encode())
        if f["type"] != "multiple" and not re.fullmatch(FORMATS[f["type"]], f["value"]):
            bad.append(f["key"])
    none(bad + ["%s: %d" % g for g in groups.items() if g[1] >= GROUP_MAX])
    holds(groups["Sesamy_Subscription"] > 30000, "lists are not cut more than they need be")


if __name__ == "__main__":
    run()
