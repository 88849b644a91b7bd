"""One redaction at a time, on the routes that showed the thing before: ``python -m tests.redaction_sweep``.

The fictional record is told so far that every event happens, and one event of each type gets markers: in
every text, number and day of its own. Every route is asked by every reader, and it is noted who was shown
which marker where. Then each marker is closed by itself (a field, an item of a list), and each event as a
whole; the routes that had shown it are asked again, and it is opened again. Nobody but the office may be
told the marker; no answer may fail; what else was shown must still be shown.

It can be stopped and goes on where it was: what has been done stands in ``.sweep/``.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.serve.app import create_app
from api.setup.config import RecordSettings
from domain.kernel.closed_values import pointer
from domain.kernel.events import Actor
from domain.kernel.record import kind_of
from domain.kernel.streams import entity_of
from domain.recording.application import command_named
from domain.recording.receipts import CommandTerms
from domain.values.disclosure import Disclosure
from domain.values.refusal import Refusal
from projections.registry import open_store
from tests.acceptance import redacted

READERS = {"public": [], "member": ["MEM"], "citizens' evaluator": ["EV-C"], "city's evaluator": ["EV-G"]}
OFFICE = frozenset({"city's evaluator"})
"""Who is of the office, and is told what is closed."""
TERMS = CommandTerms(Actor("DIS", "p-dis"), frozenset({"DIS"}))
EACH = 1
"""Addresses asked of each route by those who sign in; the public asks all."""


class Sweep:
    """A record with markers, the application that tells of it, and what has been found so far."""

    def __init__(self, folder: Path):
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.done_in, self.shown_in = folder / "done.ndjson", folder / "shown.json"
        self.closed_in = folder / "closed.json"
        url = f"sqlite:///{folder.absolute() / 'record.sqlite'}"
        if not self.shown_in.exists():
            self._make(url)
        kept = json.loads(self.shown_in.read_text(encoding="utf-8"))
        self.places: dict[str, list[Any]] = kept["places"]
        self.targets: dict[str, list[Any]] = kept["targets"]
        self.tokens: dict[str, str] = kept["tokens"]
        self.asked: int = kept["asked"]
        self.shown: dict[str, dict[str, list[str]]] = kept["shown"]
        """By reader and address, the markers that were told."""
        self.store = open_store(url)
        self.store.application.clock = lambda: dt.datetime(2030, 1, 1, 3, tzinfo=dt.UTC)
        self.client = client_of(url)

    def _make(self, url: str) -> None:
        for old in self.folder.glob("*"):
            old.unlink()
        source = open_store(f"sqlite:///{self.folder.absolute() / 'told.sqlite'}")
        redacted.tell(source)
        target = open_store(url)
        marked = redacted.mark(source, target, "far", lambda type_, _: None)
        accounts, tokens = Accounts(target.engine), Tokens(target.engine)
        made = {
            name: tokens.make(accounts.add(f"reader-{n}", roles, f"p-reader-{n}"), "sweep")
            for n, (name, roles) in enumerate(READERS.items())
            if roles
        }
        marked.entities = {type_: entity_of(stream) for type_, (stream, _) in marked.targets.items()}
        client = client_of(url)
        addresses = [
            address
            for address in redacted.addresses(client.application, target, marked)
            if not address.startswith("/en/") and "q=" not in address and ".csv.en" not in address
        ]
        shown: dict[str, dict[str, list[str]]] = {name: {} for name in READERS}
        asked = 0
        for name in READERS:
            for address in addresses if name == "public" else sample(addresses):
                status, text = ask(client, address, made.get(name))
                asked += 1
                if status >= 500:
                    print(f"before anything is closed: {status} {name} {address}", flush=True)
                if found := sorted(markers_in(text, marked.places)):
                    shown[name][address] = found
        kept = {
            "places": marked.places,
            "targets": marked.targets,
            "tokens": made,
            "asked": asked,
            "shown": shown,
        }
        self.shown_in.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        source.close()
        target.close()

    # ------------------------------------------------------------------------------------- one at a time

    def cases(self) -> Iterator[tuple[str, str, tuple[str, ...], list[str]]]:
        """What is closed by itself: a name, the type of event, what the redaction names, and its markers.
        First something of each type, then each as a whole, then the rest."""
        own = defaultdict[str, list[str]](list)
        for marker, (type_, _) in self.places.items():
            own[type_].append(marker)
        parts = [
            (f"{type_} {pointer(path)}", type_, (pointer(("data", *path)),), [marker])
            for marker, (type_, path) in self.places.items()
        ]
        firsts = {type_: case for case in reversed(parts) for type_ in case[1:2]}
        yield from firsts.values()
        for type_ in self.targets:
            yield f"{type_} whole", type_, (), own[type_]
        yield from (case for case in parts if case is not firsts[case[1]])

    def run(self, seconds: float) -> None:
        """Do what has not been done, for so long."""
        until = time.monotonic() + seconds
        self._open_again()
        known = {json.loads(line)["case"] for line in self._lines()}
        for n, (case, type_, names, markers) in enumerate(self.cases()):
            if time.monotonic() > until:
                break
            if case in known:
                continue
            found = self._close(case, n, type_, names, markers)
            with self.done_in.open("a", encoding="utf-8") as file:
                file.write(json.dumps(found, ensure_ascii=False) + "\n")

    def _open_again(self) -> None:
        """Open what is closed now, if anything is: it may have been stopped just then."""
        if self.closed_in.exists():
            kind, entity, act = json.loads(self.closed_in.read_text(encoding="utf-8"))
            undo = {"redaction_id": act, "reason": "掃引"}
            with suppress(Refusal):
                self.store.application.execute(command_named(kind, "lift_redaction"), entity, undo, TERMS)
            self.closed_in.unlink()

    def _lines(self) -> list[str]:
        return self.done_in.read_text(encoding="utf-8").splitlines() if self.done_in.exists() else []

    def _close(
        self, case: str, n: int, type_: str, names: tuple[str, ...], markers: list[str]
    ) -> dict[str, Any]:
        stream, version = self.targets[type_]
        kind, entity = kind_of(stream).__name__, entity_of(stream)
        act = f"sweep-{n}-{time.time_ns()}"
        asked = {
            "redaction_id": act,
            "target_version": version,
            "redacted": Disclosure("closed", "personal"),
            "reason": "掃引",
            "fields": names,
        }
        result: dict[str, Any] = {"case": case, "asked": 0, "routes": 0, "readers": 0}
        failed, leaked, lost = [], [], []
        self.closed_in.write_text(json.dumps([kind, entity, act]), encoding="utf-8")
        try:
            self.store.application.execute(command_named(kind, "redact"), entity, asked, TERMS)
        except Refusal as refused:
            return {**result, "refused": refused.code}
        routes, readers = set[str](), set[str]()
        for reader, answers in self.shown.items():
            if reader in OFFICE:  # is told what is closed, as before
                continue
            for address in self._of_each_route(answers, set(markers)):
                told = answers[address]
                status, text = ask(self.client, address, self.tokens.get(reader))
                result["asked"] += 1
                routes.add(route_of(address))
                readers.add(reader)
                now = markers_in(text, told)
                if status >= 500:
                    failed.append(f"{status} {reader} {address}")
                else:
                    leaked += [f"{reader} {address} {m}" for m in now & set(markers)]
                    lost += [f"{reader} {address} {m}" for m in set(told) - now - set(markers)]
        self._open_again()
        result |= {"routes": len(routes), "readers": len(readers)}
        return {**result, "failed": failed, "leaked": leaked, "lost": lost, "shown_by": sorted(routes)}

    def _of_each_route(self, answers: dict[str, list[str]], markers: set[str]) -> list[str]:
        """For each route that showed one of these markers the address that showed most of them."""
        best: dict[str, tuple[int, str]] = {}
        for address, told in answers.items():
            shown = len(markers & set(told))
            if shown > best.get(route_of(address), (0, ""))[0]:
                best[route_of(address)] = shown, address
        return [address for _, address in best.values()]

    # ----------------------------------------------------------------------------------------- the report

    def report(self, most: int) -> int:
        """Print what has been found; how many leaks and failures there are."""
        done = [json.loads(line) for line in self._lines()]
        every = sum(1 for _ in self.cases())
        told = [d for d in done if d.get("asked")]
        types, routes = {t for t, _ in self.places.values()}, {r for d in told for r in d["shown_by"]}
        sums = {name: [line for d in told for line in d[name]] for name in ("failed", "leaked", "lost")}
        lines = {
            "types of event with markers": f"{len(types)} of {len(self.targets)}",
            "markers": len(self.places),
            "readers": ", ".join(READERS),
            "asked before": f"{self.asked} answers",
            "closed one at a time": f"{len(done)} of {every}; {len(told)} had been told somewhere",
            "asked again": f"{sum(d['asked'] for d in done)} answers of {len(routes)} routes",
            "refused": sum("refused" in d for d in done),
            "failed (5xx)": len(sums["failed"]),
            "told though closed": len(sums["leaked"]),
            "closed though open": len(sums["lost"]),
        }
        for what, figure in lines.items():
            print(f"{what:<28} {figure}")
        for name in ("failed", "leaked", "lost"):
            by_case = {d["case"]: d[name] for d in told if d[name]}
            for case, at in list(by_case.items())[:most]:
                found = Counter(route_of(line.split(" /", 1)[1]) for line in at)
                where = ", ".join(f"{route} ×{n}" for route, n in found.most_common(4))
                print(f"  {name} {case}: {where} | {at[0]}")
        return len(sums["failed"]) + len(sums["leaked"])


def client_of(url: str) -> FlaskClient:
    settings = RecordSettings(
        database_url=url, secret_key="only for the sweep", public_url="https://record.example"
    )
    return create_app(settings).test_client(use_cookies=False)


def ask(client: FlaskClient, address: str, token: str | None) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = client.get(address, headers=headers)
    # What is searched for stands in the answer whatever is found.
    text = answer.get_data(as_text=True)
    return answer.status_code, text


def markers_in(text: str, markers: Any) -> set[str]:
    """Which of these markers an answer tells: words as they are, numbers with and without commas, days in
    every way in which they are written."""
    plain = text.replace(",", "")
    return {
        marker
        for marker in markers
        if any(form in (plain if form.isdecimal() else text) for form in forms(marker))
    }


def forms(marker: str) -> list[str]:
    if re.fullmatch(r"\d{4}-\d\d-\d\d(T.*)?", marker):
        year, month, day = int(marker[:4]), int(marker[5:7]), int(marker[8:10])
        return [marker[:10], f"{year}年{month}月{day}日", f"令和{year - 2018}年{month}月{day}日"]
    return [marker]


def route_of(address: str) -> str:
    """An address without what it is about; the same answer about different kinds of things is one route."""
    steps = address.partition("?")[0].strip("/").split("/")
    first, rest = (steps[:3], steps[3:]) if steps[0] == "api" else (steps[:1], steps[1:])
    if len(rest) > 1:
        first[-1] = "*"
    told = [*first, *("*" if n == 0 else step for n, step in enumerate(rest))]
    return "/" + "/".join(told)


def sample(addresses: list[str]) -> list[str]:
    """Some addresses of every route; what lists everything is asked page by page."""
    many = Counter[str]()
    chosen = []
    for address in addresses:
        route = route_of(address)
        many[route] += 1
        if many[route] <= EACH or address.startswith("/api/v1/events?") or "q=" in address:
            chosen.append(address)
    return [a for a in chosen if not (a.startswith("/en/") and many[route_of(a)] > 1) and "q=" not in a]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".sweep"))
    parser.add_argument("--seconds", type=float, default=86_400.0)
    parser.add_argument("--most", type=int, default=20, help="cases listed of each kind")
    given = parser.parse_args()
    with redacted.unlimited():
        sweep = Sweep(given.folder)
        sweep.run(given.seconds)
    return min(1, sweep.report(given.most))


if __name__ == "__main__":
    sys.exit(main())
