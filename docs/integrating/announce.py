#!/usr/bin/env python3
"""Brings a demonstration to where there is something to read for everyone, as its office and its approver would.

    announce.py SERVER notice    another campaign, and the public notice of its supervisors
    announce.py SERVER awards    the notice's period goes by, the list is approved, the awards are announced
    announce.py SERVER revoke    one of these awards is revoked
    announce.py SERVER verifying the demonstration's campaign verifies, and supervisor-01 has a township to visit

SERVER is that of `pingxuan serve --demo`, such as http://127.0.0.1:8080. Nothing here works anywhere else.
"""

import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

NOTICE = pathlib.Path(__file__).resolve().parent.parent.parent / "campaigns/xingguo-2022.json"
CATEGORY = "excellent_supervisor"
RECORD = {
    "document_number": "兴府字〔2022〕99号（演示）",
    "decided_on": "2022-11-15",
    "meeting": "县政府常务会议（演示）",
    "present": ["县长（演示）"],
    "reasons": "演示。",
}


class Person:
    """An account of the demonstration that is logged in."""

    def __init__(self, server, username):
        self.server, self.username = server, username
        self.log_in()

    def log_in(self):
        self.token = None
        self.token = self.ask("POST", "/auth/login", {"username": self.username, "password": "Pingxuan-2022-demo"})[0]["access_token"]

    def ask(self, method, path, body=None, tag=None):
        """Asks; the answer and its version. A refusal is an error."""
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if tag:
            headers["If-Match"] = tag
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.server}{path if path.startswith('/sandbox') else '/api/v1' + path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                return json.load(response), response.headers["ETag"]
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()}")

    def get(self, path):
        return self.ask("GET", path)[0]

    def act(self, thing, action, body=None, target=None):
        """An action on a thing as it is now."""
        return self.ask("POST", f"{target or thing}/{action}", body, self.ask("GET", thing)[1])[0]


def notice(office, approver):
    definition = json.loads(NOTICE.read_text("utf-8"))
    definition["acceptance"]["value"] = {"opens_on": "2022-11-04", "closes_on": "2022-11-06"}
    campaign = office.ask("POST", "/campaigns", {"definition": definition})[0]["id"]
    thing = f"/campaigns/{campaign}"
    office.act(thing, "advance")
    while office.get(thing)["state"] != "accepting":
        time.sleep(0.1)
    office.act(thing, "advance")
    office.act(thing, "advance")
    ranking = f"{thing}/categories/{CATEGORY}/ranking"
    while ties := office.get(ranking)["ties"]:
        office.act(ranking, "resolve-tie", {"application_ids": ties[0]["application_ids"], "reason": "演示：按登记先后。"})
    draft = office.ask("POST", f"{thing}/shortlists", {"category_code": CATEGORY})[0]["id"]
    office.act(f"/shortlists/{draft}", "propose")
    approver.act(f"/shortlists/{draft}", "endorse", {})
    office.act(f"/shortlists/{draft}", "publish-notice")


def awards(office, approver):
    shown = office.get("/public/notices?state=published")["items"][0]
    # A week goes by, and everybody's session with it.
    office.ask("POST", "/sandbox/clock", {"now": "2022-11-15T09:00:00+08:00"})
    office.log_in()
    approver.log_in()
    office.act(f"/public/notices/{shown['id']}", "close", target=f"/public-notices/{shown['id']}")
    thing = f"/campaigns/{shown['campaign_id']}"
    noticed = next(one for one in office.get(f"{thing}/shortlists")["items"] if one["state"] == "noticed")
    approver.act(f"/shortlists/{noticed['id']}", "approve", {"decision": RECORD})
    for category in office.get(f"{thing}/categories")["items"]:
        if category["code"] != CATEGORY:
            approver.act(f"{thing}/categories/{category['code']}", "no-award", {"decision": RECORD})
    office.act(thing, "advance")


def revoke(_office, approver):
    award = approver.get("/awards")["items"][0]
    approver.act(f"/applications/{award['application_id']}", "revoke", {"decision": RECORD})


def verifying(office, _approver):
    supervisor = Person(office.server, "supervisor-01").get("/me")["supervisor_id"]
    declared = office.get("/applications?state=submitted&limit=100")["items"]
    for one in declared:
        thing = f"/applications/{one['id']}"
        receipt = {"copies": 2, "digest": one["content_digest"], "received_on": "2022-11-07"}
        office.ask("PUT", f"{thing}/paper-receipt", receipt, office.ask("GET", thing)[1])
        office.act(thing, "accept", {})
    office.ask("POST", "/sandbox/clock", {"now": "2023-01-03T09:00:00+08:00"})
    office.log_in()
    township = next(one for one in declared if one["category_code"] == "demonstration_township")
    thing = f"/campaigns/{township['campaign_id']}"
    office.act(thing, "advance")
    office.ask("POST", f"{thing}/assignments", {"application_id": township["id"], "supervisor_id": supervisor})
    office.ask("POST", f"{thing}/assignments/confirm", {})


def main():
    steps = {"notice": notice, "awards": awards, "revoke": revoke, "verifying": verifying}
    if len(sys.argv) != 3 or sys.argv[2] not in steps:
        sys.exit(__doc__)
    server, step = sys.argv[1:]
    steps[step](Person(server, "office-01"), Person(server, "approver-01"))


if __name__ == "__main__":
    main()
