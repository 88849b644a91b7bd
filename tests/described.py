"""Is the service what its description says? Requests made from the description, answers held against it.

    python -m tests.described [--cases 10000] [--seed 0]

Three readers ask: nobody, a member, the secretariat, over a record of their own, each operation of
``/api/openapi.json`` in turn, half of the cases as the description allows, half as it does not. What may not
be: a status of 5xx, a status or a content type that is not described, a body that is not as described.
Printed too: which operations accepted what their description refuses.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
import structlog
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.failures import Failure, FailureGroup

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.serve.app import create_app
from api.setup import record_setup
from api.setup.config import RecordSettings
from domain.sample.record import make_sample
from projections.registry import open_store

READERS: dict[str, tuple[str, ...]] = {"anonymous": (), "member": ("MEM",), "secretariat": ("SEC",)}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
PUBLIC_URL = "https://kyodo.example.jp"
OK, SERVER = range(200, 300), range(500, 600)
REFUSED = (400, 422)
"""What is wrong with a request by itself. (404, 409 and 412 depend on what is on record.)"""


@dataclass
class Seen:
    """What came of the cases: how many, answers by status, and each fault with an example."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)
    server_errors: int = 0
    undescribed: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    """Operations that accepted what their description refuses."""
    refused: dict[str, set[str]] = field(default_factory=partial(defaultdict, set))
    """Operations that refused what their description allows, by code of the refusal."""

    def add(self, other: Seen) -> None:
        self.cases += other.cases
        self.statuses += other.statuses
        self.faults.update(other.faults)
        self.server_errors += other.server_errors
        self.undescribed += other.undescribed
        self.accepted += other.accepted
        for code, of in other.refused.items():
            self.refused[code] |= of

    def told(self) -> str:
        statuses = ", ".join(f"{status}: {n}" for status, n in sorted(self.statuses.items()))
        return "\n".join(
            [
                *(f"{what}\n    {example}" for what, example in self.faults.items()),
                f"{self.cases} cases ({statuses})",
                f"{self.server_errors} server errors, {self.undescribed} answers not as described",
                f"{len(self.accepted)} operations accepted what their description refuses: "
                + (", ".join(sorted(self.accepted)[:20]) or "none"),
                f"{len(set().union(*self.refused.values()))} operations refused what theirs allows: "
                + (", ".join(f"{code}: {len(of)}" for code, of in self._refused_most()) or "none"),
            ]
        )

    def _refused_most(self) -> list[tuple[str, set[str]]]:
        return sorted(self.refused.items(), key=lambda item: (-len(item[1]), item[0]))


@contextmanager
def service(folder: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """An application over a small fictional record, and a token for each reader."""
    url = f"sqlite:///{folder / 'record.sqlite'}"
    store = open_store(url)
    record_setup.create(store)
    make_sample(store.application, 1)
    accounts, tokens = Accounts(store.engine), Tokens(store.engine)
    made = {name: tokens.make(accounts.add(name, roles), "test") for name, roles in READERS.items() if roles}
    store.close()
    app = create_app(RecordSettings(database_url=url, secret_key="only for this", public_url=PUBLIC_URL))
    yield app, made
    app.extensions["kyodo-store"].close()


def ask_all(
    app: Flask,
    tokens: dict[str, str],
    each: int,
    seed: int = 0,
    only: Sequence[str] = (),
    readers: Sequence[str] = tuple(READERS),
) -> Seen:
    """Ask each operation ``each`` times as each reader in each mode; ``only`` those below these. All readers
    ask the same: making a request from the description takes longer than answering it."""
    seen = Seen()
    schema = description(app)
    if only:
        schema = schema.include(path_regex=f"^/api/v1/({'|'.join(only)})(/|$)")
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in MODES:
            judges = [_judging(seen, reader, _headers(tokens, reader), mode) for reader in readers]
            _ask(operation, mode, each, seed, judges)
    return seen


def _headers(tokens: dict[str, str], reader: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens[reader]}"} if reader in tokens else {}


@lru_cache(maxsize=1)
def description(app: Flask) -> Any:
    """What the application says of itself; read once, for that takes seconds."""
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


Judge = Callable[[Any], None]


def _ask(operation: Any, mode: GenerationMode, each: int, seed: int, judges: Sequence[Judge]) -> None:
    @hypothesis.seed(seed)
    @settings(
        max_examples=each,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        for judge in judges:
            judge(case)

    try:
        ask()
    except hypothesis.errors.Unsatisfiable:
        return  # nothing can be sent that this description refuses


def _judging(seen: Seen, reader: str, headers: dict[str, str], mode: GenerationMode) -> Judge:
    def judge(case: Any) -> None:
        case.headers = {k: v for k, v in (case.headers or {}).items() if k.lower() != "authorization"}
        answer = case.call(headers=headers)
        seen.cases += 1
        seen.statuses[answer.status_code] += 1
        if mode is GenerationMode.NEGATIVE and answer.status_code in OK and case.method != "GET":
            seen.accepted[case.operation.label] += 1
        if mode is GenerationMode.POSITIVE and answer.status_code in REFUSED:
            for code in _codes(answer):
                seen.refused[code].add(case.operation.label)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failed:
            faults: list[Any] = list(failed.exceptions)
        except Failure as failed:
            faults = [failed]
        else:
            return
        server = answer.status_code in SERVER
        seen.server_errors += server
        seen.undescribed += not server
        for fault in faults:
            what = f"{case.operation.label} as {reader}: {fault.title}"
            seen.faults.setdefault(
                what, f"{answer.status_code} {answer.text[:200]!r} {fault.message[:200]!r}"
            )

    return judge


def _codes(answer: Any) -> set[str]:
    """The codes of a refusal: of each mistake in the input, or its own."""
    told = answer.json()
    return {error["code"] for error in told.get("errors", ())} or {told["code"]}


def _checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]


CHECKS = _checks()


AT_ONCE = 2


def part(names: Sequence[str], each: int, seed: int) -> Seen:
    """What comes of the cases of the operations below these, in a process and on a record of its own: the
    library keeps what it has made of a description, some hundred megabytes for each collection."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with (
        tempfile.TemporaryDirectory(prefix="kyodo-described-") as folder,
        service(Path(folder)) as (app, tokens),
    ):
        return ask_all(app, tokens, each, seed, names)


def _collections() -> dict[str, int]:
    """What stands first in the paths of the description, with how many operations each has."""
    with tempfile.TemporaryDirectory(prefix="kyodo-described-") as folder, service(Path(folder)) as (app, _):
        paths = (found.ok().path for found in description(app).get_all_operations())
        return Counter(path.removeprefix("/api/v1/").split("/")[0] for path in paths)


def main() -> int:
    """0: no fault; 1: some."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--cases", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=0)
    wanted = asked.parse_args()
    collections = _collections()
    each = -(-wanted.cases // (sum(collections.values()) * len(READERS) * len(MODES)))
    print(
        f"{sum(collections.values())} operations, {len(READERS)} readers, {len(MODES)} modes, "
        f"{each} cases each",
        flush=True,
    )
    seen = Seen()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, mp_context=spawn, max_tasks_per_child=1) as pool:
        names = sorted(collections, key=lambda name: -collections[name])
        parts = pool.map(partial(part, each=each, seed=wanted.seed), [[name] for name in names])
        for name, found in zip(names, parts, strict=True):
            seen.add(found)
            print(f"  {name}: {found.cases} cases", flush=True)
    print(seen.told())
    return 1 if seen.faults else 0


if __name__ == "__main__":
    sys.exit(main())
