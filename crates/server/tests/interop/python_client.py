"""A client in Python, written after docs/protocol.md alone, against a real server.

It uses the official Socket.IO client for Python and a document of its own of some forty lines.
Two people join one dashboard, one over WebSocket and one over polling, edit it at the same time
and must end with what the server exports. Each step prints a line; the exit code says the rest.
"""

import copy
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

import socketio

PATIENCE_S = 15
ROOT = pathlib.Path(__file__).resolve().parents[4]
BINARY = os.environ.get("COBOARD_BINARY", str(ROOT / "target/release/coboard"))

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
DASHBOARD = {
    "title": "Nodes",
    "refresh": 10,
    "tags": ["a", "b"],
    "panels": [
        {"title": "cpu", "gridPos": {"x": 0, "y": 0}},
        {"title": "notes", "options": {"content": "some text 🙂"}},
    ],
}


class Document:
    """The items of a dashboard, as a snapshot holds them: id to [value, location]."""

    def __init__(self, snapshot):
        self.revision = snapshot["revision"]
        self.items = snapshot["content"]["items"]

    def apply(self, entry):
        """Applies an entry of the log. Entries come without gaps."""
        assert entry["revision"] == self.revision + 1, (entry["revision"], self.revision)
        self.revision = entry["revision"]
        self.apply_components(entry["components"])

    def apply_segment(self, segment):
        """Applies a piece of a catch_up: an entry, or what others did as one."""
        if "entry" in segment:
            if segment["entry"]["revision"] > self.revision:
                self.apply(segment["entry"])
        elif segment["from"] == self.revision:
            self.revision = segment["to"]
            self.apply_components(segment["components"])

    def apply_components(self, components):
        for item, change in components.get("items", {}).items():
            if "n" in change:
                self.items[item] = change["n"]
            else:
                self.items[item][1] = change["m"][-1]
        for address, change in components.get("cells", {}).items():
            self.apply_cell(address, change)

    def apply_cell(self, address, change):
        item, *keys = [key.replace("~1", "/").replace("~0", "~") for key in address[1:].split("/")]
        holder, last = self.items[item], 0
        for key in keys:
            # Keys that begin with $ carry one more $ inside of values.
            holder, last = holder[last], "$" + key if key.startswith("$") else key
        if "s" in change:
            new = change["s"][-1]
            if new == []:
                holder.pop(last, None)
            else:
                holder[last] = new
        elif "a" in change:
            holder[last] += change["a"]
        else:
            holder[last] = edited(holder[last], change["t"])

    def plain(self):
        """The dashboard as plain JSON."""
        return self.filled(self.items["0"][0])

    def filled(self, value):
        """A value with its lists filled with their items, in order of key and id."""
        if not isinstance(value, dict):
            return value
        if set(value) == {"$l"}:
            within = [
                (location[1].encode(), int(item), held)
                for item, (held, location) in self.items.items()
                if location and location[0] == value["$l"]
            ]
            return [self.filled(held) for *_, held in sorted(within, key=lambda entry: entry[:2])]
        return {
            key[1:] if key.startswith("$") else key: self.filled(held) for key, held in value.items()
        }


def base62(number):
    text = ""
    while number or not text:
        number, digit = divmod(number, 62)
        text = DIGITS[digit] + text
    return text


def edited(text, steps):
    """A text after an edit. Counts are code points, which is what Python counts."""
    out, at = "", 0
    for step in steps:
        if isinstance(step, int):
            out += text[at : at + step]
            at += step
        elif isinstance(step, str):
            out += step
        else:
            gone = step["d"]
            at += gone if isinstance(gone, int) else len(gone)
    return out + text[at:]


class Person:
    """Somebody with a connection, a session and a document that follows the server."""

    def __init__(self, url, name, transport):
        self.url, self.name, self.sequence, self.counter = url, name, 0, 0
        self.client = "c-" + secrets.token_hex(8)
        self.document, self.held = None, []
        self.moved = threading.Condition()
        self.socket = socketio.Client(reconnection=False)
        self.socket.on("committed", self.committed)
        token = f"open:u-{self.client}:{urllib.parse.quote(name)}"
        self.socket.connect(url, auth={"token": token}, transports=[transport], wait_timeout=PATIENCE_S)

    def ask(self, event, payload):
        answer = self.socket.call(event, payload, timeout=PATIENCE_S)
        assert answer["ok"], (event, answer)
        return answer["value"]

    def enter(self, document):
        hello = self.ask(
            "hello",
            {
                "protocol_min": 1,
                "protocol_max": 1,
                "client": self.client,
                "device": "python",
                "build": "python-interop",
            },
        )
        assert hello["protocol"] == 1 and hello["user"]["name"] == self.name, hello
        self.id, self.lineage = document, hello["lineage"]
        joined = self.ask("join", {"document": document, "inflight": []})
        self.session, self.number = joined["session"], joined["client_number"]
        snapshot = get(self.url + joined["reset"]["snapshot"]["url"])
        with self.moved:
            self.document = Document(snapshot)
            for message in self.held:
                self.take(message)
        if self.document.revision < joined["head"]:
            request = {"document": document, "session": self.session, "since": self.document.revision}
            page = self.ask("catch_up", request)["catch_up"]
            with self.moved:
                for segment in page["segments"]:
                    self.document.apply_segment(segment)
                self.moved.notify_all()

    def committed(self, message):
        with self.moved:
            if self.document is None:
                self.held.append(message)
            else:
                self.take(message)

    def take(self, message):
        for entry in message["entries"]:
            if entry["revision"] > self.document.revision:
                self.document.apply(entry)
        self.moved.notify_all()

    def operation(self, components, base=None):
        self.sequence += 1
        return {
            "id": {"client": self.client, "sequence": self.sequence},
            "base": self.document.revision if base is None else base,
            "components": components,
            "meta": {"kind": "edit", "label": "from Python"},
        }

    def submit(self, *operations):
        payload = {"document": self.id, "session": self.session, "operations": list(operations)}
        return self.ask("submit", payload)["results"]

    def reaches(self, revision):
        with self.moved:
            came = self.moved.wait_for(lambda: self.document.revision >= revision, PATIENCE_S)
        assert came, f"{self.name} stays at {self.document.revision}, not {revision}"

    def new_number(self):
        """A counter that this client never used before."""
        self.counter += 1
        return self.counter

    def new_item(self):
        return str((self.number << 32) + self.new_number())

    def end_of(self, key):
        """The location after the last item of a list of the root."""
        held_by = self.document.items["0"][0][key]["$l"]
        keys = [location[1] for _, location in self.document.items.values() if location and location[0] == held_by]
        last = max(keys, key=str.encode)
        assert last[0] == "a" and last[1] != "z", last
        step = DIGITS[DIGITS.index(last[1]) + 1]
        return [held_by, f"a{step}.{base62(self.number)}.{base62(self.new_number())}."]


def get(url):
    with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def scenario(url):
    made = post(url + "/api/dashboards/import", DASHBOARD)
    ana, ben = Person(url, "Ana María", "websocket"), Person(url, "Ben", "polling")
    ana.enter(made["id"])
    ben.enter(made["id"])
    assert ana.document.plain() == ben.document.plain() == DASHBOARD
    yield "both join, over WebSocket and over polling, and read the dashboard"

    [ack] = ana.submit(ana.operation({"cells": {"@0/title": {"s": ["Nodes", "Pods"]}, "@0/refresh": {"a": 5}}}))
    ben.reaches(ack["revision"])
    assert ben.document.plain()["title"] == "Pods" and ben.document.plain()["refresh"] == 15
    yield "one edits, the other receives it"

    new = {"n": [{"title": "disk"}, ben.end_of("panels")]}
    [ack] = ben.submit(ben.operation({"items": {ben.new_item(): new}}))
    ana.reaches(ack["revision"])
    assert [panel["title"] for panel in ana.document.plain()["panels"]] == ["cpu", "notes", "disk"]
    yield "a new panel comes with the id of its client"

    base, notes = ana.document.revision, text_item(ana.document)
    cell = f"@{notes}/options/content"
    first = ana.operation({"cells": {cell: {"t": [11, " from Ana"]}}}, base)
    later = ben.operation({"cells": {cell: {"t": ["Ben: "]}, "@0/title": {"s": ["Pods", "Both"]}}}, base)
    revision = max(ack["revision"] for ack in ana.submit(first) + ben.submit(later))
    for person in (ana, ben):
        person.reaches(revision)
        assert person.document.plain()["panels"][1]["options"]["content"] == "Ben: some text 🙂 from Ana"
    yield "two edits of one text on one base merge, counted in code points"

    again = ana.submit(first)
    assert again[0]["revision"] < revision, again
    yield "an operation sent twice is committed once"

    [refused] = ana.submit(ana.operation({"cells": {"@0/title": {"z": 1}}}))
    assert refused["error"]["code"] == "E_OP" and refused["error"]["retry"] == "never", refused
    ana.sequence -= 1
    yield "an operation that says nothing is refused with its code"

    missed = copy.deepcopy(ben.document)
    for number in range(20):
        [ack] = ana.submit(ana.operation({"cells": {"@0/refresh": {"s": [number]}}}))
        ana.reaches(ack["revision"])
    ask = {"document": made["id"], "session": ben.session, "since": missed.revision}
    segments = ben.ask("catch_up", ask)["catch_up"]["segments"]
    for segment in segments:
        missed.apply_segment(segment)
    assert len(segments) == 1 and segments[0]["authors"][0]["count"] == 20, segments
    ben.reaches(ack["revision"])
    assert missed.plain() == ben.document.plain() and missed.plain()["refresh"] == 19
    yield "twenty missed operations come as one segment"

    second = {"document": made["id"], "client": ana.client + "-2", "revision": ana.document.revision}
    session = ana.ask("join", {**second, "lineage": ana.lineage})["session"]
    change = ana.operation({"cells": {"@0/title": {"s": ["Tabs"]}}})
    ana.sequence -= 1
    change["id"] = {"client": second["client"], "sequence": 1}
    [ack] = ana.ask("submit", {"document": made["id"], "session": session, "operations": [change]})["results"]
    for person in (ana, ben):
        person.reaches(ack["revision"])
    yield "one connection serves two clients of one person"

    other = ana.ask("join", {**second, "lineage": "of another database"})
    assert other["reset"]["reason"] == "lineage_changed" and "catch_up" not in other, other
    yield "a revision of another lineage is not gone on from"

    exported = get(f"{url}/api/dashboards/{made['id']}/export")
    assert exported == ana.document.plain() == ben.document.plain(), exported
    yield "all three have the same dashboard"
    ana.socket.disconnect()
    ben.socket.disconnect()


def text_item(document):
    return next(item for item, (held, _) in document.items.items() if isinstance(held, dict) and "options" in held)


def main():
    with tempfile.TemporaryDirectory() as data:
        command = [BINARY, "serve", "--listen", "127.0.0.1:0", "--data", data]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            url = re.search(r"http://[0-9.:]+", server.stdout.readline()).group()
            for done in scenario(url):
                print(f"ok   {done}", flush=True)
        finally:
            server.terminate()
            server.wait(PATIENCE_S)
    print("passed")


if __name__ == "__main__":
    try:
        main()
    except Exception as failure:  # noqa: BLE001 - whatever it is, the step after the last line failed
        print(f"FAILED {type(failure).__name__}: {failure}")
        sys.exit(1)
