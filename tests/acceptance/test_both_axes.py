"""Both time axes (S6): what was known on one day about another, by hand; and what is closed today is closed
in every past, whatever the day, whatever the way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from projections.engine.store import Store
from projections.questions.question import QUESTIONS
from projections.registry import open_store
from tests.acceptance.conftest import get
from tests.support.decided import COUNCIL, NEW, OLD, Told, _the_council
from tests.support.given import ticking_clock
from tests.support.served import served
from tests.support.stories.sheets import (
    ACTION,
    FY,
    SHEET,
    given_a_sheet,
    given_an_action_under_way,
    submission,
)

CLOSED = {"visibility": "closed", "ground": "personal"}
WHY = "理由（架空）"


def go_to(store: Store, day: str) -> None:
    """From now on it is this day."""
    start = dt.datetime.fromisoformat(f"{day}T01:00:00+00:00")
    store.application.clock = ticking_clock(start, dt.timedelta(seconds=1))


@contextmanager
def client_of(url: str) -> Iterator[FlaskClient]:
    with served(url, public_url="https://kyodo.example.jp") as app:
        yield app.test_client()


def signed_in(store: Store) -> dict[str, str]:
    """The header of somebody of the secretariat."""
    account = Accounts(store.engine).add("staff", ("SEC",), "p-staff")
    return {"Authorization": f"Bearer {Tokens(store.engine).make(account, 'test')}"}


# ---------------------------------------------------------------- S6, with three pairs of dates


def tell(store: Store) -> None:
    """An old matter: raised on 1 April and concluded on the 5th (so it was said on the 27th), replaced on
    12 May; in June somebody enters that the city had decided on 8 April; in July the title is corrected, and
    the day of the conclusion: it was the 25th."""
    told = Told(store)
    go_to(store, "2026-04-01")
    _the_council(told)
    words = {"question": "どうするか。", "practice": "慣行", "council_id": COUNCIL}
    told.imported("Matter", OLD, "raise_matter", "2026-04-01", title="旧手引（架空）", **words)
    since = {"value": "2026-05-01", "precision": "day"}
    adopted = {"result": "adopted", "effective_from": since}
    go_to(store, "2026-04-27")
    told.imported("Matter", OLD, "import_conclusion", "2026-04-05", **adopted)
    go_to(store, "2026-05-15")
    told.imported("Matter", NEW, "raise_matter", "2026-05-01", title="新手引き（架空）", **words)
    told.imported("Matter", NEW, "import_conclusion", "2026-05-10", **adopted)
    told.imported("Matter", OLD, "supersede", "2026-05-12", superseded_by=NEW, reason="全部改正")
    go_to(store, "2026-06-20")
    decision = {"authority": "mayor", "text": "認める（架空）", "document_no": "架協第2号"}
    told.imported("Matter", OLD, "record_city_decision", "2026-04-08", **decision)
    go_to(store, "2026-07-05")
    for n, version, field, after in (
        (1, 1, "title", "旧手引き（架空）"),
        (2, 2, "effective", "2026-04-25"),
    ):
        change = [{"field": field, "after": after}]
        asked = {"correction_id": f"fix-{n}", "target_version": version, "changes": change, "reason": WHY}
        told.do("SEC", "Matter", OLD, "propose_correction", **asked)
        told.do("CHR", "Matter", OLD, "approve_correction", correction_id=f"fix-{n}")


RAISED, CONCLUDED, REPLACED, CITY = (
    "MatterRaised",
    "MatterConcluded",
    "MatterSuperseded",
    "CityDecisionRecorded",
)
TITLE = ("title", "旧手引（架空）", "旧手引き（架空）")
DAY = ("effective", "2026-04-05", "2026-04-25")


@pytest.fixture(scope="module")
def told_late(module_database_url: str) -> Iterator[tuple[FlaskClient, dict[str, str]]]:
    """A client of that record, and the header of somebody of the secretariat; the tests only ask."""
    store = open_store(module_database_url)
    store.create()
    tell(store)
    staff = signed_in(store)
    store.close()
    with client_of(module_database_url) as client:
        yield client, staff


@pytest.mark.parametrize(
    ("known_on", "effective_on", "then", "today", "added", "changed", "no_longer"),
    [
        (  # Before the late entry: the decision of 8 April was in force and nobody knew.
            *("2026-04-30", "2026-04-10"),
            *([RAISED, CONCLUDED], [RAISED, CITY]),
            *([CITY], {RAISED: [TITLE]}, [CONCLUDED]),
        ),
        (  # After it, before the correction: known, and beside it a conclusion that came later in truth.
            *("2026-06-30", "2026-04-10"),
            *([RAISED, CONCLUDED, CITY], [RAISED, CITY]),
            *([], {RAISED: [TITLE]}, [CONCLUDED]),
        ),
        (  # About a day after the replacement, as it was known when that had just been entered.
            *("2026-05-31", "2026-05-31"),
            *([RAISED, CONCLUDED, REPLACED], [RAISED, CONCLUDED, REPLACED, CITY]),
            *([CITY], {RAISED: [TITLE], CONCLUDED: [DAY]}, []),
        ),
    ],
)
def test_what_was_known_on_one_day_about_another(
    told_late: tuple[FlaskClient, dict[str, str]],
    known_on: str,
    effective_on: str,
    then: list[str],
    today: list[str],
    added: list[str],
    changed: dict[str, list[tuple[str, str, str]]],
    no_longer: list[str],
) -> None:
    client, staff = told_late
    asked = f"id={OLD}&known_on={known_on}&effective_on={effective_on}"
    told = get(client, f"/api/v1/questions/S6?{asked}", headers=staff)["answer"]

    def types(facts: list[Any]) -> list[str]:
        return [fact["type"] for fact in facts]

    assert (types(told["then"]["facts"]), types(told["today"]["facts"])) == (then, today)
    assert told["then"]["order_unknown"] == told["today"]["order_unknown"] == []
    difference = told["difference"]
    assert types(difference["added"]) == added
    assert types(difference["no_longer"]) == no_longer
    assert {
        change["type"]: [(f["field"], _plain(f["then"]), _plain(f["today"])) for f in change["fields"]]
        for change in difference["changed"]
    } == changed
    # The matter itself, as it was known and in force on these days, rests on the same facts.
    past = get(client, f"/api/v1/matters/{OLD}?as_known_on={known_on}&in_force_on={effective_on}")
    assert {type_ for type_ in (RAISED, CONCLUDED, REPLACED, CITY) if type_ in past} == set(then)


def _plain(value: Any) -> Any:
    return value["value"] if isinstance(value, dict) else value


# ---------------------------------------------------------------- what is closed today

DOCUMENT, EVIDENCE, EVENT, FIELD, ITEM, SHEET_WORDS = (
    "閉じた資料の題名",
    "閉じた根拠の説明",
    "伏せた意見の内容",
    "伏せた選択肢の説明",
    "非公開の議題の題名",
    "封印された自己評価",
)
OPEN_ONCE = (DOCUMENT, EVENT, FIELD, ITEM)
"""What anybody could read until it was closed."""
MATTER, MEETING = "matter-closed", "meeting-closed"


def tell_openly(store: Store) -> None:
    """In 2026 everything is open that can be; a piece of evidence is closed from its beginning, and one side
    of a sheet has submitted."""
    told = Told(store)
    go_to(store, "2026-04-01")
    _the_council(told)
    words = {"title": "案件（架空）", "question": "どうするか。", "practice": "慣行", "council_id": COUNCIL}
    told.do("MEM", "Matter", MATTER, "raise_matter", **words)
    told.do("MEM", "Matter", MATTER, "propose_option", option_id="a", label="案（架空）", text=FIELD)
    opinion = {"opinion_id": "o-1", "channel": "oral", "stance": "for", "text": EVENT}
    told.do("MEM", "Matter", MATTER, "record_opinion", **opinion)
    public = {"visibility": "public"}
    told.do("SEC", "Document", "doc-x", "register", title=DOCUMENT, kind="survey", disclosure=public)
    evidence = {"evidence_id": "e-1", "document_id": "doc-x", "disclosure": CLOSED}
    told.do("SEC", "Matter", MATTER, "attach_evidence", envelope={"note": EVIDENCE}, **evidence)
    starts = "2026-05-10T14:00:00+09:00"
    told.do("SEC", "Meeting", MEETING, "schedule", council_id=COUNCIL, kind="plenary", starts_at=starts)
    item = {"item_id": "item-1", "order": 1, "title": ITEM, "type": "decision", "matter_id": MATTER}
    told.do("SEC", "Meeting", MEETING, "list_item", **item)
    given_an_action_under_way(told.do)
    given_a_sheet(told.do, "targets_agreed")
    for command in ("start_implementation", "complete_implementation"):
        told.do("SEC", "PlanAction", ACTION, command, fiscal_year=FY)
    told.do("SEC", "EvaluationSheet", SHEET, "start_self_evaluation")
    told.do("EV-C", "EvaluationSheet", SHEET, "submit_self_evaluation", **submission("c", SHEET_WORDS))


def close_it_all(store: Store) -> None:
    """A year later each is closed in its own way."""
    told = Told(store)
    go_to(store, "2027-05-10")
    told.do("DIS", "Document", "doc-x", "change_disclosure", to=CLOSED, reason=WHY)
    for n, version, fields in ((1, 3, []), (2, 2, ["text"])):
        asked = {"redaction_id": f"r-{n}", "target_version": version, "redacted": CLOSED, "reason": WHY}
        told.do("DIS", "Matter", MATTER, "redact", fields=fields, **asked)
    at = "2027-05-10T14:00:00+09:00"
    told.do("CHR", "Meeting", MEETING, "open", at=at, presiding="y-1", present=["y-2", "y-3", "y-4"])
    behind = {"item_id": "item-1", "disclosure": CLOSED, "decided_in_meeting": True, "reason": WHY}
    told.do("CHR", "Meeting", MEETING, "close_item", **behind)


PUBLIC_QUESTIONS = [
    code
    for code, asked in QUESTIONS.items()
    if not asked.for_staff and not any(p.required for p in asked.parameters())
]
WAYS_IN = (
    *("/", "/timeline", "/timeline.csv", "/actions", "/actions.csv", "/events-list.csv", "/council"),
    *("/meetings", "/matters", "/sources", "/participation", "/home.json", "/timeline.json"),
    *(f"/matters/{MATTER}", f"/meetings/{MEETING}", f"/actions/{ACTION}", f"/sheets/{SHEET}"),
    *(f"/trails/{thing}" for thing in (MATTER, MEETING, "doc-x", SHEET)),
    *(f"/api/v1/{name}?limit=200" for name in ("timeline", "matters", "meetings", "sources", "events")),
    *(f"/api/v1/{name}?limit=200" for name in ("actions", "sheets", "parties", "councils", "facts")),
    *(f"/api/v1/matters/{MATTER}{part}" for part in ("", "/trail", "/trail.prov.json", "/links")),
    *(f"/api/v1/meetings/{MEETING}{part}" for part in ("", "/trail", "/links")),
    *(f"/api/v1/sources/doc-x{part}" for part in ("", "/trail", "/links")),
    *(f"/api/v1/sheets/{SHEET}{part}" for part in ("", "/trail")),
    *(f"/api/v1/search?q={words}" for words in (DOCUMENT, EVIDENCE, EVENT, FIELD, ITEM, SHEET_WORDS)),
    *(f"/api/v1/questions/{code}" for code in PUBLIC_QUESTIONS),
    "/api/v1/changes?from=2026-03-31&to=2026-12-31&limit=200",
    "/changes?from=2026-03-31&to=2026-12-31",
    *(
        f"/api/v1/{thing}/changes?from={day}&to=2028-01-01"
        for thing in (f"matters/{MATTER}", f"meetings/{MEETING}", "sources/doc-x", f"sheets/{SHEET}")
        for day in ("2026-03-31", "2026-12-31")
    ),
    f"/changes?from=2026-03-31&to=2028-01-01&id={MATTER}",
)
MOMENTS = (
    *("", "as_known_on=2026-12-31", "as_known_on=2027-05-10", "in_force_on=2026-12-31"),
    *("as_known_on=2026-12-31&in_force_on=2026-12-31", "as_known_on=2026-04-01"),
)


def everything(client: FlaskClient, moments: tuple[str, ...] = MOMENTS) -> Iterator[tuple[str, str]]:
    """What anybody is answered, whatever the way in and the day: the address, and the text."""
    for way in WAYS_IN:
        for moment in moments:
            address = f"{way}{'&' if '?' in way else '?'}{moment}" if moment else way
            answer = client.get(address)
            assert answer.status_code in (200, 404), (address, answer.status_code)
            # An answer may repeat what was looked for: only what it found counts.
            told = (
                (answer.json or {}).get("items")
                if way.startswith("/api/v1/search")
                else answer.get_data(True)
            )
            yield address, str(told)


def test_what_is_closed_today_is_closed_in_every_past(database_url: str) -> None:
    store = open_store(database_url)
    store.create()
    tell_openly(store)
    with client_of(database_url) as client:  # today: what that told is asked for below, whatever the day
        seen = [told for _, told in everything(client, moments=("",))]
    for words in OPEN_ONCE:
        assert any(words in told for told in seen), f"{words} was never open: the test would prove nothing"
    assert not any(words in told for told in seen for words in (EVIDENCE, SHEET_WORDS))
    close_it_all(store)
    store.close()
    with client_of(database_url) as client:
        for address, told in everything(client):
            for words in (*OPEN_ONCE, EVIDENCE, SHEET_WORDS):
                assert words not in told, (address, words)
