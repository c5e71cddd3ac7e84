"""Holds what a server says of a campaign against the list of what it had acknowledged."""

import collections
import concurrent.futures
import pathlib

from load import Answer, Client, Load, Unit, version
from running import PASSWORD, pingxuan

# What counts against a unit's limit.
NOT_STANDING = {"draft", "withdrawn", "rejected"}


def broken(load: Load, folder: pathlib.Path, url: str | None) -> list[str]:
    """Every sentence says what is not as it must be."""
    found = list(load.faults)
    with concurrent.futures.ThreadPoolExecutor(4) as several:
        for faults in several.map(lambda unit: of_unit(load, unit), load.campaign.county.units):
            found += faults
    found += of_audit(load)
    seen = pingxuan("doctor", folder, url)
    if seen.returncode:
        found.append(f"the doctor: {seen.stdout}{seen.stderr}")
    return found


def of_unit(load: Load, unit: Unit) -> list[str]:
    """What is acknowledged is there, as it was left; nothing else is; the unit is not over its limit."""
    client, found = Client(unit.server), []
    token = log_in(client, unit.name)
    there, cursor = {}, ""
    while cursor is not None:
        page = read(client, f"/applications?limit=100&campaign_id={load.campaign.id}" + (f"&cursor={cursor}" if cursor else ""), token).body
        there |= {one["id"]: one["state"] for one in page["items"]}
        cursor = page["next_cursor"]
    expected = {one.id: one for one in load.written.values() if one.unit is unit}
    found += [f"{id} is lost: {expected[id].steps} were acknowledged" for id in expected.keys() - there.keys()]
    found += [f"{id} is there twice or unasked" for id in there.keys() - expected.keys()]
    for id in expected.keys() & there.keys():
        now, then = version(read(client, f"/applications/{id}", token)), expected[id]
        if (now, there[id]) != (then.version, then.state):
            found.append(f"{id} is {there[id]} in version {now}, acknowledged was {then.state} in version {then.version}")
    standing = sum(state not in NOT_STANDING for state in there.values())
    if standing > load.campaign.limit:
        found.append(f"{unit.name} has {standing} standing, {load.campaign.limit} are allowed")
    client.close()
    return found


def of_audit(load: Load) -> list[str]:
    """Each acknowledged step is written down once, in its order, and no other; and no unit was ever over its limit."""
    client = Client(load.campaign.county.server)
    token = log_in(client, "auditor")
    events = read(client, f"/audit-events?campaign_id={load.campaign.id}", token, Accept="application/jsonl").body
    client.close()
    steps, standing, found = collections.defaultdict(list), collections.Counter(), []
    for event in sorted((event for event in events if event["object"]["kind"] == "application"), key=lambda event: event["id"]):
        id = event["object"]["id"]
        steps[id].append(event["operation"])
        if id in load.written:
            name = load.written[id].unit.name
            standing[name] += {"submit_application": 1, "withdraw_application": -1}.get(event["operation"], 0)
            if standing[name] > load.campaign.limit:
                found.append(f"{name} had {standing[name]} standing at {event['at']}, {load.campaign.limit} are allowed")
    for id in steps.keys() | load.written.keys():
        expected = load.written[id].steps if id in load.written else []
        if steps[id] != expected:
            found.append(f"{id}: acknowledged were {expected}, written down are {steps[id]}")
    return found


def log_in(client: Client, username: str) -> str:
    answer = client.call("POST", "/auth/login", None, {"username": username, "password": PASSWORD})
    assert answer.status == 200, answer
    return answer.body["access_token"]


def read(client: Client, path: str, token: str, **headers: str) -> Answer:
    answer = client.call("GET", path, token, **headers)
    assert answer.status == 200, answer
    return answer
