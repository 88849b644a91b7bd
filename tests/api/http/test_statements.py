"""How many statements an answer takes: counted at the driver, over every page and every list of both records.

What asks the position is counted too. BEGIN and ROLLBACK are not, for they ask nothing, nor is what asks
whether an answer that is kept may be given (projections/answers/record_etag.py): it is asked before one is
made.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.papers.routes import KINDS, TYPES
from api.setup.record_settings import FICTIONAL, keep_setting
from domain.sample.record import make_sample
from projections.engine.store import Store
from projections.registry import open_store
from tests.api.conftest import over
from tests.api.site import kanazawas_history
from tests.support.copies import copied
from tests.support.statements import Statements, statements_seen

MOST_FOR_A_LIST, MOST = 6, 12
MOST_FOR_A_PAPER = 24
"""A paper holds what several pages hold, an annual report the figures and lists of a year."""
MOST_OF = {"/": 36, "/home.json": 36, "/matters/<entity>": 18, "/matters/<entity>.json": 18}
"""Home tells of eight things, three of its decisions with vote, answer and cost each; a decision is told to
its end. It is as many however much is on record, and what everybody is told is kept until more is added."""
EACH = 4
"""Addresses asked of one route."""

LISTS = re.compile(
    r"/(timeline|meetings|matters|issues|actions)(\.json)?|/api/v1/[a-z-]+|/api/v1/\w+/<entity>/[a-z]+"
)
"""Pages and resources that are one list, with what each row needs."""
NOT_LISTS = re.compile(r"/api/v1/(metrics|due|search|changes|.*/(trail|links|changes))")
"""They have the shape of a list's address, and look at much more."""
NOT_OF_THE_RECORD = re.compile(r"/(readyz|livez|-/|static)")
"""What looks at tables, not at what is recorded."""
PAPERS = re.compile(rf"({'|'.join(re.escape(kind.path) for kind in KINDS)})(\.\w+)?")
FILES = {TYPES["pdf"], TYPES["docx"]}
"""What has no links to follow."""
LINK = re.compile(r"""(?:href|src)="([^"]+)"|"(/[^"\s{}]*)\"""")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def record_of(request: pytest.FixtureRequest) -> pytest.FixtureRequest:
    return request


def fictional(url: str) -> None:
    _filled(url, fill_fictional)


def kanazawa(url: str) -> None:
    _filled(url, kanazawas_history)


def fill_fictional(store: Store) -> None:
    make_sample(store.application, 6)
    keep_setting(store.engine, FICTIONAL, "yes")


def _filled(url: str, fill: object) -> None:
    store = open_store(url)
    store.create()
    fill(store)  # type: ignore[operator]
    store.close()


def asked_of_each_route(
    app: Flask, client: FlaskClient, seen: Statements
) -> Iterator[tuple[str, str, list[str]]]:
    """Every route with an address that a page or an answer names, and the statements that it took."""
    routes = app.url_map.bind("localhost")
    plain = [rule.rule for rule in app.url_map.iter_rules() if "<" not in rule.rule]
    waiting, known, many = ["/", "/api/v1/events", *plain], {"/"}, dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        rule = _route(routes, address)
        if rule is None or many.get(rule, 0) >= EACH:
            continue
        many[rule] = many.get(rule, 0) + 1
        seen.clear()
        answer = client.get(address)
        yield rule, address, [sql for sql in seen.sent if "sum(generation)" not in sql]
        if answer.status_code < 400 and rule.count(".csv") == 0 and answer.mimetype not in FILES:
            for found in LINK.findall(answer.get_data(as_text=True)):
                whole = urldefrag(urljoin(f"http://x{address}", "".join(found).replace("&amp;", "&")))[0]
                path = whole.removeprefix("http://x")
                if path not in known and path.startswith("/") and "/en/" not in path:
                    known.add(path)
                    waiting.append(path)


def _route(routes: object, address: str) -> str | None:
    try:
        rule, _ = routes.match(unquote(address.partition("?")[0]), return_rule=True)  # type: ignore[attr-defined]
    except Exception:
        return None
    return None if NOT_OF_THE_RECORD.match(rule.rule) else str(rule.rule)


@pytest.mark.parametrize("prepare", [kanazawa, fictional])
def test_no_answer_takes_more_statements_than_its_budget(
    prepare: object, record_of: pytest.FixtureRequest, one_app: Flask, tmp_path: Path
) -> None:
    copies = copied(record_of, prepare.__name__, prepare, tmp_path)  # type: ignore[attr-defined,arg-type]
    with statements_seen() as seen:
        for app in itertools.chain.from_iterable(over(one_app, url) for url in copies):
            client = app.test_client(use_cookies=False)
            client.get("/livez")
            client.get("/council")  # a first look at the schema is not of an answer
            over_budget, most = [], dict[str, tuple[int, str]]()
            for rule, address, sent in asked_of_each_route(app, client, seen):
                is_list = LISTS.fullmatch(rule) and not NOT_LISTS.fullmatch(rule)
                usual = MOST_FOR_A_PAPER if PAPERS.fullmatch(rule) else MOST_FOR_A_LIST if is_list else MOST
                budget = MOST_OF.get(rule.removeprefix("/en") or "/", usual)
                most[rule] = max(most.get(rule, (0, "")), (len(sent), address))
                if len(sent) > budget:
                    told = "\n".join(f"    {sql[:160]}" for sql in sent)
                    over_budget.append(f"{len(sent)} > {budget}: {address}\n{told}")
    assert not over_budget, "\n".join(over_budget)
    print(
        "\n".join(
            f"{n} {r} {a}" for r, (n, a) in sorted(most.items(), key=lambda x: -x[1][0]) if "<" in r and n > 8
        )
    )
    assert len(most) > 80
    assert any(PAPERS.fullmatch(rule) for rule in most)
    assert max(n for n, _ in most.values()) > MOST_FOR_A_LIST  # it counts
