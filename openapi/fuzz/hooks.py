"""What the document cannot say: who asks, which ids there are, which version is the current one, what a valid number is.

Loaded by schemathesis (`schemathesis.toml`); `run` sets the environment. Only what is meant to be valid is touched: a
part of a request that schemathesis has made invalid goes out as it made it.
"""

from __future__ import annotations

import json
import os
import random
import re
import string
import threading
import time
import tomllib
import uuid
from collections import Counter
from pathlib import Path

import requests
import schemathesis
from schemathesis.core.parameters import ParameterLocation
from schemathesis.openapi.checks import RejectedPositiveData

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
URL = os.environ["PINGXUAN_URL"].rstrip("/")
API = URL + "/api/v1"
USERNAME = os.environ.get("PINGXUAN_USERNAME", "")
PASSWORD = os.environ.get("PINGXUAN_PASSWORD", "")
SCRATCH = Path(os.environ["PINGXUAN_SCRATCH"])
DOCUMENT = json.loads(Path(os.environ["PINGXUAN_DOCUMENT"]).read_text(encoding="utf-8"))
DEFINITION = json.loads((ROOT / "campaigns" / "xingguo-2022.json").read_text(encoding="utf-8"))
EXCEPTIONS = tomllib.loads((HERE / "exceptions.toml").read_text(encoding="utf-8"))

chance = random.Random(int(os.environ.get("PINGXUAN_SEED", "1")))
lock = threading.Lock()
http = requests.Session()
positive_log = (SCRATCH / "positive-cases").open("w", encoding="utf-8")
DEMO_PASSWORD = os.environ["PINGXUAN_DEMO_PASSWORD"]
met = Counter()

# Which ids a path segment's resources have. The last of them in a path says what an answer is.
KINDS = {
    "annual-assessments": None,
    "applications": "application_id",
    "assignments": "assignment_id",
    "attachments": "attachment_id",
    "awards": "award_id",
    "campaigns": "campaign_id",
    "duty-records": "duty_record_id",
    "exports": "job_id",
    "extensions": None,
    "imports": "job_id",
    "jobs": "job_id",
    "notices": "notice_id",
    "objections": "objection_id",
    "public-notices": "notice_id",
    "recusals": "recusal_id",
    "score-sheet": None,
    "shortlists": "shortlist_id",
    "site-visits": "site_visit_id",
    "supervisors": "supervisor_id",
    "thematic-activities": "activity_id",
    "units": "unit_id",
    "users": "user_id",
    "vetoes": "veto_id",
    "vetting-requests": "request_id",
    "publish-notice": "notice_id",
}
# Members and parameters that name a thing of another kind than their name says.
ALIASES = {
    "actor_id": "user_id",
    "department_id": "unit_id",
    "department_ids": "unit_id",
    "investigator_id": "user_id",
    "application_ids": "application_id",
    "supervisor_ids": "supervisor_id",
    "object_id": "application_id",
}
PLAIN = {"certificate_number", "receipt_code", "category_code"}
pool: dict[str, list] = {kind: [] for kind in KINDS.values() if kind}
pool |= {"category_code": [], "certificate_number": [], "receipt_code": []}


# Who asks.


def login(username: str, password: str) -> dict:
    answer = http.post(f"{API}/auth/login", json={"username": username, "password": password}, timeout=30)
    answer.raise_for_status()
    return answer.json()


def bearer(username: str, password: str) -> dict:
    return {"Authorization": "Bearer " + login(username, password)["access_token"]}


if USERNAME:
    # A token lives for ten minutes. What ends the session takes one of its own.
    @schemathesis.auth(
        refresh_interval=240,
        cache_by_key=lambda case, _: case.id if case.operation.definition.raw["operationId"] == "logout" else "shared",
    )
    class Session:
        def get(self, case, context):
            return login(USERNAME, PASSWORD)["access_token"]

        def set(self, case, token, context):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


# Which ids there are.


def learn(kind: str, value: object) -> None:
    known = pool.get(kind)
    if known is None or not isinstance(value, str) or value in known:
        return
    known.append(value)
    del known[:-200]


def harvest(value: object, kind: str | None) -> None:
    """Takes the ids out of an answer."""
    if isinstance(value, dict):
        if kind:
            learn(kind, value.get("id"))
        for name, member in value.items():
            if name.endswith("_id") or name in PLAIN:
                learn(ALIASES.get(name, name), member)
            elif isinstance(member, (dict, list)) and name not in ("form", "definition"):
                harvest(member, kind if name == "items" else None)
    elif isinstance(value, list):
        for member in value[:100]:
            harvest(member, kind)


def kind_of(path: str) -> str | None:
    named = [part for part in path.split("/") if part in KINDS]
    return KINDS[named[-1]] if named else None


# Accounts that are needed until the end: nobody disables them, or takes their roles.
needed: set[str] = set()


def look_around() -> None:
    """Looks around as those do who see most."""
    places = {
        "office-01": ["campaigns", "applications", "units", "supervisors", "vetoes", "thematic-activities", "objections"],
        "security-admin": ["users"],
        "": ["public/notices", "public/awards"],
    }
    below = ["assignments", "shortlists", "recusals", "site-visits", "vetting-requests"]
    for username, names in places.items():
        headers = bearer(username, DEMO_PASSWORD) if username else {}

        def find(path: str) -> None:
            harvest(http.get(f"{API}/{path}?limit=100", headers=headers, timeout=30).json(), kind_of(path))

        if username:
            needed.add(http.get(f"{API}/me", headers=headers, timeout=30).json()["id"])
        for name in names:
            find(name)
        for campaign in list(pool["campaign_id"]) if username == "office-01" else []:
            for name in below:
                find(f"campaigns/{campaign}/{name}")
        for supervisor in list(pool["supervisor_id"]) if username == "office-01" else []:
            find(f"supervisors/{supervisor}/duty-records")


look_around()
if USERNAME:
    needed.add(http.get(f"{API}/me", headers=bearer(USERNAME, PASSWORD), timeout=30).json()["id"])


# What is valid.


def credit_code() -> str:
    """A 统一社会信用代码 with its check digit (GB 32100-2015)."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "11360732XN" + "".join(chance.choice(string.digits) for _ in range(7))
    weights = [pow(3, place, 31) for place in range(17)]
    rest = sum(alphabet.index(digit) * weight for digit, weight in zip(body, weights)) % 31
    return body + alphabet[(31 - rest) % 31]


def citizen_id() -> str:
    """A 公民身份号码 with its check digit (GB 11643-1999), of a region that there never was."""
    body = f"360799{chance.randint(1950, 2000)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}{chance.randint(0, 999):03}"
    weights = [pow(2, 17 - place, 11) for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights)) % 11
    return body + "10X98765432"[rest]


def any_of(kind: str) -> str | None:
    known = pool.get(kind)
    return chance.choice(known) if known else None


# What no text may hold (D-905).
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


def mended(value: object, name: str | None = None) -> object:
    """A body with ids that there are and numbers whose check digits are right."""
    often = chance.random() < 0.9
    if name == "definition":
        return value
    if isinstance(value, dict):
        return {key: mended(member, key) for key, member in value.items()}
    if isinstance(value, list):
        kind = ALIASES.get(name or "")
        if kind and pool.get(kind) and often:
            wanted = min(max(len(value), 1), 5, len(pool[kind]))
            return chance.sample(pool[kind], wanted) if value else value
        return [mended(member, name) for member in value]
    if isinstance(value, str):
        if name == "citizen_id" and often:
            return citizen_id()
        if name == "code" and often and len(value) == 18:
            return credit_code()
        if name and often and (known := any_of(ALIASES.get(name, name))):
            return known
        return CONTROL.sub("文", value) if often else value
    return value


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """To invent notices takes minutes, and none of them makes sense: the real one stands for all."""
    for body in ("CampaignIn", "DryRunIn"):
        raw_schema["components"]["schemas"][body]["properties"]["definition"] = {"enum": [DEFINITION]}


# A piece of a file is bytes as any others.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")


# Requests.


def is_negative(case, location: ParameterLocation) -> bool:
    return case.meta.is_negative_at(location)


def is_under_test(case, location: ParameterLocation, name: str) -> bool:
    """Whether the coverage phase tries this very parameter."""
    data = case.meta.phase.data
    return getattr(data, "parameter_location", None) == location and getattr(data, "parameter", None) == name


def takes(case, name: str) -> bool:
    return any(header.name == name for header in case.operation.headers)


def current(case) -> str | None:
    """The tag of what a request would change; none where it is not there or out of reach."""
    path = case.path.replace("/public-notices/", "/public/notices/")
    while "{" in path:
        if "get" in DOCUMENT["paths"].get(path, {}):
            try:
                place = path.format(**case.path_parameters)
            except (KeyError, IndexError, ValueError):
                return None
            headers = {name: case.headers[name] for name in ("Authorization",) if name in case.headers}
            answer = http.get(URL + requests.utils.requote_uri(place), headers=headers, timeout=30)
            if "ETag" in answer.headers:
                return answer.headers["ETag"]
            if answer.status_code != 200:
                return None
        path = path.rsplit("/", 1)[0]
    return "*"


def put_version(case) -> None:
    headers = dict(case.headers or {})
    creates = takes(case, "If-None-Match") and case.method.upper() == "PUT"
    tag = current(case)
    if creates and tag == "*":  # There is no GET of a single one of these.
        tag = chance.choice(["*", None])
    headers.pop("If-None-Match", None)
    headers.pop("If-Match", None)
    if tag is None and creates:
        headers["If-None-Match"] = "*"
    else:
        headers["If-Match"] = tag or '"1.0000000000000000"'
    case.headers = headers


def as_caller(case) -> None:
    """Log-in and renewal with what is good."""
    if not isinstance(case.body, dict) or chance.random() < 0.5:
        return
    username, password = USERNAME or "jiangbei", PASSWORD or DEMO_PASSWORD
    if case.operation.definition.raw["operationId"] == "login":
        case.body = {"username": username, "password": password}
    else:
        case.body = {"refresh_token": login(username, password)["refresh_token"]}


def put_ids(case, operation: str) -> None:
    """Ids that there are, unless a link has brought one."""
    given = {**case.path_parameters}
    linked = case._override.path_parameters
    for name in given:
        known = any_of(ALIASES.get(name, name))
        tried = name in PLAIN and is_under_test(case, ParameterLocation.PATH, name)
        if known and name not in linked and not tried and chance.random() < 0.9:
            given[name] = known
    if operation in ("disable_user", "update_user") and given.get("user_id") in needed:
        given["user_id"] = chance.choice([one for one in pool["user_id"] if one not in needed])
    if given != case.path_parameters:
        case.path_parameters = given


def put_filters(case) -> None:
    asked = {**case.query}
    for name in list(asked):
        if is_under_test(case, ParameterLocation.QUERY, name):
            continue
        if name == "cursor":
            del asked[name]
        elif (known := any_of(ALIASES.get(name, name))) and chance.random() < 0.7:
            asked[name] = known
    if asked != case.query:
        case.query = asked


def put_body(case, operation: str) -> None:
    if operation in ("login", "refresh_session"):
        as_caller(case)
    elif (fixed := mended(case.body)) != case.body:
        case.body = fixed


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.method.upper() != case.operation.method.upper():
        return
    operation = case.operation.definition.raw["operationId"]
    if not is_negative(case, ParameterLocation.PATH) and isinstance(case.path_parameters, dict):
        put_ids(case, operation)
    if not is_negative(case, ParameterLocation.QUERY) and isinstance(case.query, dict):
        put_filters(case)
    if not is_negative(case, ParameterLocation.BODY) and isinstance(case.body, (dict, list)):
        put_body(case, operation)
    if not is_negative(case, ParameterLocation.HEADER):
        if takes(case, "If-Match") and "Authorization" in (case.headers or {}):
            put_version(case)
        if takes(case, "Idempotency-Key") and "Idempotency-Key" in (case.headers or {}):
            case.headers = {**case.headers, "Idempotency-Key": str(uuid.uuid4())}


@schemathesis.hook
def after_call(context, case, response):
    if case.meta is not None and case.meta.generation.mode.is_positive:
        with lock:
            positive_log.write(case.id + "\n")
            positive_log.flush()
    if 200 <= response.status_code < 300 and "json" in (response.headers.get("content-type") or [""])[0]:
        try:
            harvest(response.json(), kind_of(case.path))
        except ValueError:
            pass


# Deliberate exceptions: `exceptions.toml`, each with its reason.


@schemathesis.hook
def filter_failure(context, failure, case, response) -> bool:
    if not isinstance(failure, RejectedPositiveData):
        return True
    operation = case.operation.definition.raw["operationId"]
    try:
        problem = response.json()
    except ValueError:
        return True
    codes = {item["code"] for item in problem.get("errors", [])} or {problem.get("code")}
    with lock:
        met.update((operation, response.status_code, code) for code in codes)
        lines = [f"{count}\t{operation}\t{status}\t{code}\n" for (operation, status, code), count in sorted(met.items())]
        (SCRATCH / "refused-valid").write_text("".join(lines), encoding="utf-8")
    if response.status_code == 412 and "If-Match" in case.headers:
        time.sleep(0.6)
        if current(case) not in ("*", case.headers["If-Match"]):
            return False  # Time itself has changed it since (D-301): what is due is carried out four times a second.
    allowed = set(EXCEPTIONS["everywhere"]) | set(EXCEPTIONS["operations"].get(operation, {}))
    return not codes <= allowed
