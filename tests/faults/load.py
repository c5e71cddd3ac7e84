"""A county whose units declare as fast as they are answered, with a list of what was answered: the acknowledged writes."""

import collections
import collections.abc
import dataclasses
import datetime
import http.client
import json
import random
import socket
import threading
import time

from running import PASSWORD, ROOT, Server, code_of, log_in, office, own_password

CATEGORY = "advanced_individual"
# Within so many seconds every request has an answer that says whether it was carried out, whatever is broken meanwhile.
PATIENCE = 90
# What a citizen ID's check digit is made of (GB 11643-1999).
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"

Answer = collections.namedtuple("Answer", "status headers body")


@dataclasses.dataclass
class Written:
    """An application, as the server has acknowledged it."""

    id: str
    unit: "Unit"
    version: int = 1
    state: str = "draft"
    steps: list[str] = dataclasses.field(default_factory=lambda: ["create_application"])


class Unit:
    """A unit, its account, and what it has standing."""

    def __init__(self, server: Server, number: int, made: dict) -> None:
        self.server, self.name, self.id = server, f"faults-{number}", made["id"]
        self.lock, self.standing, self.token = threading.Lock(), [], None


class Broken(Exception):
    """The connection broke, and nobody knows what has become of the request."""


class Client:
    """Somebody who calls on a connection that is kept as long as it holds."""

    def __init__(self, server: Server) -> None:
        self.server, self.connection = server, None

    def call(self, method: str, path: str, token: str | None, body: object = None, **headers: str) -> Answer:
        """One attempt."""
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/merge-patch+json" if method == "PATCH" else "application/json"} | headers
        if token:
            headers["Authorization"] = "Bearer " + token
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
                self.connection.connect()
                self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connection.request(method, "/api/v1" + path, sent, headers)
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as broken:
            self.close()
            raise Broken from broken
        lines = "jsonl" in answer.getheader("content-type", "")
        read = [json.loads(line) for line in text.splitlines()] if lines else json.loads(text or b"null")
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, read)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class County:
    """An office, an auditor and units with their accounts, entered over HTTP."""

    def __init__(self, server: Server, units: int) -> None:
        self.server, self.people = server, 0
        definition = json.loads((ROOT / "campaigns" / "xingguo-2022.json").read_text(encoding="utf-8"))
        today = datetime.date.today()
        window = {"opens_on": str(today - datetime.timedelta(days=2)), "closes_on": str(today + datetime.timedelta(days=20))}
        definition["acceptance"]["value"] = window
        self.definition = definition
        office(server)
        towns = [{"code": code_of(n), "kind": "township", "name": f"第{n}个申报的镇", "short_name": f"申{n}镇"} for n in range(units)]
        made = [self.entered("/units", town) for town in towns]
        log_in(server, "security-admin", PASSWORD)
        self.units = [Unit(server, number, unit) for number, unit in enumerate(made)]
        users = [{"username": unit.name, "display_name": unit.name, "roles": ["unit"], "unit_id": unit.id} for unit in self.units]
        users.append({"username": "auditor", "display_name": "审计", "roles": ["auditor"]})
        once = {user["username"]: self.entered("/users", user)["initial_password"] for user in users}
        for name, password in once.items():
            own_password(server, name, password)

    def entered(self, path: str, body: dict) -> dict:
        status, _, made = self.server.call("POST", path, body)
        assert status == 201, made
        return made

    def campaign(self, limit: int | None = None) -> "Campaign":
        """A campaign that accepts; a unit may have as many standing as the definition says, or `limit`."""
        category = next(one for one in self.definition["categories"] if one["code"] == CATEGORY)
        if limit:
            category = category | {"per_unit_limit": {"value": limit, "source": "office"}}
        categories = [category if one["code"] == CATEGORY else one for one in self.definition["categories"]]
        log_in(self.server, "office", PASSWORD)
        status, headers, made = self.server.call("POST", "/campaigns", {"definition": self.definition | {"categories": categories}})
        assert status == 201, made
        place = f"/campaigns/{made['id']}"
        status, _, body = self.server.call("POST", f"{place}/advance", **{"If-Match": headers["etag"]})
        assert status == 200, body
        for _ in range(300):
            if self.server.call("GET", place)[2]["state"] == "accepting":
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the campaign does not open")
        for unit in self.units:
            unit.standing = []
        return Campaign(self, made["id"], category["per_unit_limit"]["value"])

    def person(self) -> int:
        """The number of a person who was not nominated yet."""
        self.people += 1
        return self.people


@dataclasses.dataclass
class Campaign:
    """A campaign that accepts, and how many a unit may have standing."""

    county: County
    id: str
    limit: int


def citizen_id(number: int) -> str:
    start = f"360799{1960 + number // 28000:04}06{number // 1000 % 28 + 1:02}{number % 1000:03}"
    return start + CHECKS[sum(int(digit) * weight for digit, weight in zip(start, WEIGHTS)) % 11]


def form(number: int) -> dict:
    """The form of a person, filled in."""
    return {
        "name": f"张·{number}", "sex": "female", "ethnicity": "畲族", "birth_month": citizen_id(number)[6:10] + "-06",
        "political_status": "party_member", "education": "大学", "working_since": "2008-07", "post": "办公室干部", "rank": "一级科员",
        "citizen_id": citizen_id(number), "phone": f"139{number:08}", "is_leading_cadre": False, "front_line": True,
        "resume": "2008年7月参加工作。", "deeds": {f"criterion_{one}": f"对照第{one}条做了这些事。" for one in range(1, 5)},
        "honours": [], "penalties": [],
        "internal_showing": {"shown_from": "2022-11-01", "shown_until": "2022-11-05", "how": "单位公示栏", "result": "无异议"},
    }  # fmt: skip


class Load:
    """Several who write for the units of a campaign, each as fast as they are answered, or at `pace` requests a second together."""

    def __init__(self, campaign: Campaign, writers: int, seed: int, pace: float | None = None) -> None:
        self.campaign, self.pace, self.over, self.lock = campaign, pace, threading.Event(), threading.Lock()
        self.written: dict[str, Written] = {}
        # What nothing excuses; and how often what happened that faults explain.
        self.faults, self.counted = [], collections.Counter()
        self.writers = [Writer(self, random.Random(f"{seed}-{number}")) for number in range(writers)]

    def __enter__(self) -> "Load":
        for writer in self.writers:
            writer.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Every request that was begun is brought to its end first."""
        self.over.set()
        for writer in self.writers:
            writer.join(2 * PATIENCE)
            if writer.is_alive():
                self.fault("a writer does not come to its end")

    def count(self, what: str) -> None:
        with self.lock:
            self.counted[what] += 1

    def fault(self, what: str) -> None:
        with self.lock:
            self.faults.append(what)

    def acknowledged(self) -> int:
        return self.counted["acknowledged"]

    def goes_on(self, more: int = 20) -> float:
        """Waits until so many more writes are acknowledged: the seconds that it took."""
        before = self.acknowledged()
        return self.wait(lambda: self.acknowledged() >= before + more, "nothing goes on")

    def wait(self, comes: collections.abc.Callable[[], bool], otherwise: str) -> float:
        """Waits for something while there are still writers: the seconds that it took."""
        began = time.monotonic()
        while not comes():
            alive = any(writer.is_alive() for writer in self.writers)
            assert alive and time.monotonic() < began + PATIENCE, f"{otherwise}: {self.said()}; {self.faults[:5]}"
            time.sleep(0.02)
        return time.monotonic() - began

    def said(self) -> str:
        return ", ".join(f"{number} {what}" for what, number in sorted(self.counted.items()))


class Writer(threading.Thread):
    """Somebody who writes: what was begun is sent again until it is known whether it was carried out."""

    def __init__(self, load: Load, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.load, self.chance, self.client, self.due = load, chance, Client(load.campaign.county.server), time.monotonic()

    def run(self) -> None:
        try:
            while not self.load.over.is_set():
                self.turn()
        except Exception as fault:  # Whatever ends a writer is told, also what nobody has thought of.
            self.load.fault(repr(fault))
        self.client.close()

    def turn(self) -> None:
        """A draft, which is changed, submitted, and sometimes withdrawn."""
        application = self.begin(self.chance.choice(self.load.campaign.county.units))
        for _ in range(self.chance.randrange(3)):
            self.change(application)
        if self.chance.random() < 0.9 and not self.submit(application):
            self.withdraw_one(application.unit)

    def begin(self, unit: Unit) -> Written:
        number = self.load.campaign.county.person()
        body = {"campaign_id": self.load.campaign.id, "category_code": CATEGORY, "form": form(number)}
        answer = self.ask(unit, "POST", "/applications", body, key=f"begin-{number}")
        assert answer.status == 201, f"create_application is answered {answer.status} {answer.body}"
        written = Written(answer.body["id"], unit)
        with self.load.lock:
            self.load.written[written.id] = written
        self.load.count("acknowledged")
        return written

    def change(self, application: Written) -> None:
        place = f"/applications/{application.id}"
        body = {"form": {"resume": f"改过的简历，第{application.version}次。"}}
        while True:
            answer = self.ask(application.unit, "PATCH", place, body, tag=application.version)
            if answer is not None:
                break
            # A change has no key: whether it was carried out is seen by the version.
            found = self.ask(application.unit, "GET", place)
            assert found.status == 200, f"an acknowledged application is answered {found.status} {found.body}"
            if version(found) > application.version:
                self.load.count("carried out without an answer")
                answer = found
                break
        self.moved(application, answer, "update_application")

    def submit(self, application: Written) -> bool:
        """Whether it stands: not where its unit has as many as it may."""
        answer = self.act(application, "submit")
        if answer.status == 409 and [fault["code"] for fault in answer.body["errors"]] == ["per_unit_limit_reached"]:
            self.load.count("over the limit")
            return False
        self.moved(application, answer, "submit_application")
        with application.unit.lock:
            application.unit.standing.append(application)
        return True

    def withdraw_one(self, unit: Unit) -> None:
        """Makes room, where another has not just done so."""
        with unit.lock:
            application = unit.standing.pop() if unit.standing else None
        if application:
            self.moved(application, self.act(application, "withdraw"), "withdraw_application")

    def act(self, application: Written, what: str) -> Answer:
        key = f"{what}-{application.id}"
        body = None if what == "submit" else {"reason": "本届不再参评。"}
        return self.ask(application.unit, "POST", f"/applications/{application.id}/{what}", body, key, application.version)

    def moved(self, application: Written, answer: Answer, step: str) -> None:
        """An acknowledged step goes onto the list."""
        assert answer.status == 200, f"{step} is answered {answer.status} {answer.body}"
        if version(answer) != application.version + 1:
            self.load.fault(f"{application.id}: {step} of version {application.version} is answered with version {version(answer)}")
        application.version, application.state = application.version + 1, answer.body["state"]
        application.steps.append(step)
        self.load.count("acknowledged")

    def ask(self, unit: Unit, method: str, path: str, body: object = None, key: str | None = None, tag: int | None = None) -> Answer | None:
        """An answer that says what has become of a request. Without a key nothing is changed twice: then None is no answer."""
        self.keep_pace()
        headers = ({"Idempotency-Key": key} if key else {}) | ({"If-Match": f'"s{tag}"'} if tag else {})
        until, unsure = time.monotonic() + PATIENCE, False
        while time.monotonic() < until:
            try:
                if unit.token is None:
                    self.log_in(unit)
                answer = self.client.call(method, path, unit.token, body, **headers)
            except Broken:
                self.load.count("broken connections")
                time.sleep(0.2)
            else:
                if answer.status == 401:
                    unit.token = None
                    continue
                if not self.put_off(method, path, answer):
                    self.load.count("answered")
                    self.heed(answer, path, unsure)
                    return answer
            unsure = True
            if method == "PATCH":
                return None
        raise AssertionError(f"{method} {path} has no answer within {PATIENCE} s")

    def keep_pace(self) -> None:
        if self.load.pace:
            self.due += self.chance.expovariate(self.load.pace / len(self.load.writers))
            time.sleep(max(self.due - time.monotonic(), 0))

    def put_off(self, method: str, path: str, answer: Answer) -> bool:
        """Whether it is to be sent again, after the time that was said."""
        flying = answer.status == 409 and answer.body["code"] == "idempotency_in_flight"
        if answer.status < 500 and answer.status != 429 and not flying:
            return False
        wait = answer.headers.get("retry-after")
        if wait is None or answer.status not in (409, 429, 503):
            self.load.fault(f"{method} {path.split('/')[1]} is answered {answer.status} {answer.body['code']}, Retry-After {wait}")
        self.load.count(f"answered {answer.status}")
        time.sleep(min(float(wait or 0.5), 5))
        return True

    def heed(self, answer: Answer, path: str, unsure: bool) -> None:
        if answer.headers.get("idempotent-replayed"):
            self.load.count("carried out without an answer")
            if not unsure:
                self.load.fault(f"{path}: the first answer says that it was given before")

    def log_in(self, unit: Unit) -> None:
        answer = self.client.call("POST", "/auth/login", None, {"username": unit.name, "password": PASSWORD})
        if not self.put_off("POST", "/auth", answer):
            assert answer.status == 200, f"{unit.name} cannot log in: {answer.status} {answer.body}"
            unit.token = answer.body["access_token"]


def version(answer: Answer) -> int:
    """The version that is shown to those outside the house, whose tags begin with an s."""
    return int(answer.headers["etag"].strip('"').split(".")[0].removeprefix("s"))
