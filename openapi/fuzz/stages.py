"""Brings a demonstration further than its first morning, so that there is something of nearly every kind to call.

A campaign whose acceptance window lies in the past can go on at once where nobody declares: the office evaluates the
supervisors. There is one of each stage: verifying, selecting, a list proposed, a list shown to the public, with objections.
"""

from __future__ import annotations

import copy
import json
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEFINITION = json.loads((ROOT / "campaigns" / "xingguo-2022.json").read_text(encoding="utf-8"))
CATEGORY = "excellent_supervisor"


class Person:
    """Somebody who has logged in, or anyone."""

    def __init__(self, url: str, username: str = "", password: str = "") -> None:
        self.api = url + "/api/v1"
        self.headers = {"Content-Type": "application/json"}
        if username:
            tokens, _ = self.call("POST", "/auth/login", {"username": username, "password": password})
            self.headers["Authorization"] = "Bearer " + tokens["access_token"]

    def call(self, method: str, path: str, body: object = None, **headers: str) -> tuple[dict, str]:
        """The answer and its tag."""
        sent = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.api + path, sent, self.headers | headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}"), answer.headers.get("ETag", "*")
        except urllib.error.HTTPError as error:
            raise RuntimeError(f"{method} {path}: {error.code} {error.read().decode()}") from error

    def get(self, path: str) -> dict:
        return self.call("GET", path)[0]

    def post(self, path: str, body: object) -> dict:
        return self.call("POST", path, body)[0]

    def act(self, place: str, action: str, body: object = None) -> dict:
        """Carries out an action on what is there now."""
        tag = self.call("GET", place)[1]
        return self.call("POST", f"{place}/{action}", body, **{"If-Match": tag})[0]


def campaign(office: Person, year: int) -> str:
    """A campaign of supervisors alone, whose window is over, in verification."""
    definition = copy.deepcopy(DEFINITION)
    definition["year"]["value"] = year
    definition["acceptance"]["value"] = {"opens_on": "2022-11-05", "closes_on": "2022-11-06"}
    definition["categories"] = [category for category in definition["categories"] if category["code"] == CATEGORY]
    made = office.post("/campaigns", {"definition": definition})["id"]
    place = f"/campaigns/{made}"
    office.act(place, "advance")
    for _ in range(100):
        if office.get(place)["state"] == "accepting":
            break
        time.sleep(0.2)
    office.act(place, "advance")
    return made


def shortlist(office: Person, campaign_id: str) -> str:
    """The best of a ranking, whose ties are put in order."""
    place = f"/campaigns/{campaign_id}/categories/{CATEGORY}/ranking"
    for tie in office.get(place)["ties"]:
        if tie["across_quota"]:
            office.act(place, "resolve-tie", {"application_ids": tie["application_ids"], "reason": "得分相同,按任职时间先后排列。"})
    made = office.post(f"/campaigns/{campaign_id}/shortlists", {"category_code": CATEGORY})
    return made["id"]


def furnish(url: str, password: str, unit: str) -> None:
    """`unit` is the account of a department, which is asked about candidates and reports."""
    own = Person(url, unit, password).get("/me")["unit_id"]
    office = Person(url, "office-01", password)
    approver = Person(url, "approver-02", password)
    anyone = Person(url)
    campaign(office, 2018)
    selecting, proposed, shown = (campaign(office, year) for year in (2019, 2020, 2021))
    for one in (selecting, proposed, shown):
        office.act(f"/campaigns/{one}", "advance")
    lists = [shortlist(office, one) for one in (proposed, shown)]
    for one in lists:
        office.act(f"/shortlists/{one}", "propose")
    departments = [unit["id"] for unit in office.get("/units?kind=department&limit=100")["items"]]
    departments.sort(key=lambda unit: unit != own)
    office.post(f"/campaigns/{proposed}/vetting-requests", {"category_code": CATEGORY, "due_on": "2022-11-30", "department_ids": departments[:3]})
    approver.act(f"/shortlists/{lists[1]}", "endorse", {"remark": "同意公示。"})
    office.act(f"/shortlists/{lists[1]}", "publish-notice")
    notice = anyone.get("/public/notices")["items"][0]["id"]
    for number in range(3):
        objector = {"name": f"群众{number}", "phone": "0797-5320000"}
        anyone.post(f"/public/notices/{notice}/objections", {"objector": objector, "content": "履职记录与事实不符,请予核实。"})
    for number, unit in enumerate(departments[-4:]):
        said = {"document": "兴信用〔2022〕8号", "basis": "列入失信名单。", "decided_on": "2022-10-08"}
        office.post("/vetoes", {"unit_id": unit, "field": "credit", "department_id": departments[number % 2]} | said)
    office.post("/thematic-activities", {"title": "专题督查", "held_on": "2022-11-01", "description": None})
    supervisor = Person(url, "supervisor-01", password)
    me = supervisor.get("/me")["supervisor_id"]
    for number in range(3):
        record = {"kind": "advice", "done_on": "2022-10-10", "title": f"建议{number}", "description": "延长便民服务中心窗口服务时间。"}
        supervisor.post(f"/supervisors/{me}/duty-records", record)
