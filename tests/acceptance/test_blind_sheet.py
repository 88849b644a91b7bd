"""Both sides write blind: before both are in, no route of the running service tells one from the other.

The routes are not chosen by hand: every GET route that the application has is asked, with the sheet, its
action, every position of the log and every question, in both languages, by every kind of reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from flask import Flask

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from projections.questions.question import QUESTIONS
from projections.registry import open_store
from tests.support.answer_text import text_of
from tests.support.copies import copied
from tests.support.served import served
from tests.support.server import created, kyodo_here, running_server, settings_for
from tests.support.stories.sheets import (
    ACTION,
    FY,
    SHEET,
    given_a_sheet,
    given_an_action_under_way,
    submission,
)

MARK_C, MARK_G = "ひみつの市民評価", "ひみつの行政評価"
READERS = {
    "citizen": ("EV-C",),
    "city": ("EV-G",),
    "both": ("EV-C", "EV-G"),
    "secretariat": ("SEC",),
    "others": ("CHR", "MEM", "ADV", "LDR", "APR", "DIS", "IMP"),
}
"""Accounts by name, with their roles. Beside them there is the public."""
OTHERS = ("city", "both", "secretariat", "others", "public")
"""Everybody but the citizens' side. Who is told what is decided by the same code on both databases: on
PostgreSQL the other side and the public ask."""
ON_POSTGRES = ("city", "public")
LENGTH = re.compile(
    r'(?<=on":"....-..-..",)"position":\d+|^{"position":\d+|(?<=\],)"position":\d+(?=,"next":)'
    r"|(?<=記録の)[\d,]+(?=件目までから作成)|(?<=up to its entry )[\d,]+"
    r"|(?<=記録番号)\d+(?=までを探しました)|(?<=Searched up to record no. )\d+"
)
"""Where an answer says at which length of the log it was given, or how far the log was looked through."""
COUNTING = re.compile(r"(/en)?/(home\.json|views)?|.*/S22\b.*")
"""Pages that count the events there are: the front page, what the views are made of, and the question whether
the log is whole."""
ACCESS_LOG, READINGS = "/api/v1/access-log", ("CLOSED_PART_READ", "PERSONAL_DATA_READ", "EXPORTED")
"""Where it is noted that the office read what is not public, or took a table: the readers here read on.
Whatever else would be noted there must not be."""
ELSEWHERE = ("/static", "/sign-in", "/api/docs/<")
"""Files, and links that sign somebody in: nothing of the record."""
VALUES = {
    "sheet_id": SHEET,
    "action_id": ACTION,
    "id": SHEET,
    "fiscal_year": FY,
    "known_on": "2099-12-31",
    "in_force_on": "2099-12-31",
    "since": "2000-01-01",
    "on": "2027-03-31",
}
"""What questions are asked about."""


class Site:
    """The service as its readers meet it, over HTTP."""

    def __init__(self, http: httpx.Client, url: str, tokens: dict[str, str], app: Flask | None = None):
        self.http, self.url, self.tokens, self.app = http, url, tokens, app

    def among(self, *readers: str) -> list[str]:
        """Those of the readers who ask here."""
        return [r for r in readers if r in ON_POSTGRES or self.url.startswith("sqlite")]

    def as_(self, reader: str) -> dict[str, str]:
        token = self.tokens.get(reader)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, reader: str, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers={**self.as_(reader), **headers})

    def post(self, reader: str, path: str, **body: Any) -> httpx.Response:
        headers = body.pop("headers", {})
        return self.http.post(f"/api/v1/{path}", json=body, headers={**self.as_(reader), **headers})

    def submit(self, reader: str, side: str, mark: str) -> None:
        answered = self.post(reader, f"sheets/{SHEET}/submit-self-evaluation", **submission(side, mark))
        assert answered.status_code == 200, answered.text


def asked_in_process(app: Flask) -> httpx.Client:
    """A client of the application itself."""
    return httpx.Client(transport=httpx.WSGITransport(app), base_url="http://localhost")


def filled_in_by_nobody(tokens: dict[str, str], url: str) -> None:
    """The record that each test has a copy of: accounts, whose tokens go into ``tokens``, and a sheet that
    both sides are asked to fill in."""
    created(url)
    store = open_store(url)
    accounts = Accounts(store.engine)
    for name, roles in READERS.items():
        tokens[name] = Tokens(store.engine).make(accounts.add(name, roles, f"p-{name}"), "test")
    store.close()
    with served(url) as app:
        given_a_sheet_to_fill_in(Site(asked_in_process(app), url, tokens))


@pytest.fixture(scope="module")
def tokens() -> dict[str, dict[str, str]]:
    """By database and reader the tokens of the accounts in the record that is copied."""
    return {"sqlite": {}, "postgres": {}}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def record(
    request: pytest.FixtureRequest, tokens: dict[str, dict[str, str]], tmp_path: Path
) -> Iterator[tuple[str, dict[str, str]]]:
    made = tokens[request.param]
    for url in copied(request, "a sheet to fill in", partial(filled_in_by_nobody, made), tmp_path):
        yield url, made


@pytest.fixture
def site(record: tuple[str, dict[str, str]]) -> Iterator[Site]:
    """The application over a record with a sheet that both sides are asked to fill in."""
    with served(record[0], public_url="http://kyodo.example.jp") as app:
        yield Site(asked_in_process(app), *record, app)


@pytest.fixture
def running_site(record: tuple[str, dict[str, str]]) -> Iterator[Site]:
    """The same, as it is served."""
    with running_server(record[0], create=False) as base, httpx.Client(base_url=base, timeout=60) as http:
        yield Site(http, *record)


def given_a_sheet_to_fill_in(site: Site) -> None:
    """Everything up to the self-evaluation, given by the secretariat over HTTP."""
    collections = {"Party": "parties", "PlanAction": "actions", "EvaluationSheet": "sheets"}
    creating = {"register_organisation": "-/register-organisation", "register": "", "open": ""}

    def do(role: str, kind: str, entity: str, command: str, **fields: Any) -> None:
        place = creating.get(command)
        path = f"{collections[kind]}/{entity}/{command.replace('_', '-')}"
        if place is not None:
            path, fields = f"{collections[kind]}/{place}".rstrip("/"), {"id": entity, **fields}
        answered = site.post("secretariat", path, **fields)
        assert answered.status_code in (200, 201), f"{path}: {answered.text}"

    given_an_action_under_way(do)
    given_a_sheet(do, "self_evaluating")


# ------------------------------------------------------------------------------------- every route there is


def addresses(app: Flask, head: int) -> Iterator[str]:
    """An address for every GET route and everything it may be asked about here; what is served in the same
    way at several addresses (the trail of every kind of thing) is asked at one of them in each language."""
    asked = set()
    for rule in app.url_map.iter_rules():
        path, view = str(rule), app.view_functions[rule.endpoint]
        served = (view, path.startswith("/en/"), path.count("<"))
        if "GET" in (rule.methods or ()) and served not in asked and not path.startswith(ELSEWHERE):
            asked.add(served)
            yield from filled(path, head)
    for stream in ("", f"&stream={SHEET}", "&type=SelfEvaluationSubmitted", "&type=SheetUnsealed"):
        yield f"/api/v1/events?limit=200{stream}"
        yield f"/api/v1/events?limit=3&after={head - 4}{stream}"
    yield from (f"/api/v1/sheets?{f}" for f in (f"action_id={ACTION}", f"fiscal_year={FY}", "state=unsealed"))
    for mark in (MARK_C, MARK_G):
        yield from (f"{place}?q={quote(mark)}" for place in ("/search", "/en/search", "/api/v1/search"))


def filled(rule: str, head: int) -> Iterator[str]:
    """The addresses of one route."""
    if ":position>" in rule:
        yield from (re.sub(r"<int[^>]*:position>", str(n), rule) for n in range(1, head + 2))
    elif "<code>" in rule and "questions" in rule:
        for code, asked in QUESTIONS.items():
            given = [f"{p.name}={VALUES[p.name]}" for p in asked.parameters() if p.name in VALUES]
            place = rule.replace("<code>", code)
            yield f"{place}?{'&'.join(given)}" if given else place
            if rule.startswith("/api/"):
                yield from (place, *(f"{place}?{one}" for one in given))
    elif "<" in rule:
        for thing in (SHEET, ACTION, "p-citizen", "org-npo"):
            yield re.sub(r"<[^>]*>", thing, rule)
    else:
        yield rule


def everything(site: Site, reader: str, head: int) -> dict[str, httpx.Response]:
    """What this reader is answered at every address; of the pages in English, which tell the same in other
    words, at every tenth."""
    every = list(dict.fromkeys(addresses(site.app, head)))
    english = [path for path in every if path.startswith("/en/")]
    paths = [path for path in every if path not in english] + english[::10]
    return {path: site.get(reader, path) for path in paths}


def told(path: str, answered: httpx.Response) -> Any:
    """What an answer tells beside the length of the log, which is public (decision 0010): its status, its
    words, and its ETag unless its words tell the length."""
    words = LENGTH.sub("", text_of(answered.content))
    if path == ACCESS_LOG and answered.status_code == httpx.codes.OK:
        noted = answered.json()["items"]
        words = str([entry for entry in noted if entry["code"] not in READINGS])
    if COUNTING.fullmatch(path):
        words = re.sub(r"\d+", "", words)
    tells_length = words != text_of(answered.content)
    return answered.status_code, words, None if tells_length else answered.headers.get("ETag")


def head_of(site: Site) -> int:
    """The position of the newest event: the log has no holes, for nobody."""
    listed = site.get("public", "/api/v1/events?limit=200").json()["items"]
    assert [e["position"] for e in listed] == list(range(1, len(listed) + 1))
    return len(listed)


# -------------------------------------------------------------------------------------------- the tests


def test_what_one_side_submitted_is_read_nowhere_before_both_are_in(site: Site) -> None:
    site.submit("citizen", "c", MARK_C)
    head = head_of(site)
    broken = set()
    for reader in site.among(*OTHERS):
        for path, answered in everything(site, reader, head).items():
            broken |= {path} if answered.status_code >= 500 else set()
            words = text_of(answered.content).replace(quote(MARK_C), "").replace(f'value="{MARK_C}"', "")
            asked_for_it = "q=" in path
            assert (words.count(MARK_C) == 0) or (asked_for_it and not hits(answered)), f"{reader} {path}"
            assert "p-citizen" not in words or "p-citizen" in path, f"{reader} {path}"
    own = everything(site, "citizen", head)
    readable = {
        path for path, answered in own.items() if MARK_C in text_of(answered.content) and "q=" not in path
    }
    assert {
        f"/api/v1/sheets/{SHEET}",
        f"/sheets/{SHEET}",
        "/api/v1/sheets",
        f"/api/v1/events/{head}",
    } <= readable
    assert broken == set()


def hits(answered: httpx.Response) -> bool:
    """Whether a search found something (the words looked for stand in every answer)."""
    if answered.headers["Content-Type"].startswith("application/json"):
        return bool(answered.json()["items"])
    return SHEET in answered.text


def test_nothing_changes_for_the_others_when_one_side_submits(site: Site) -> None:
    before = head_of(site)
    readers = site.among("city", "secretariat", "public")
    empty = {reader: everything(site, reader, before) for reader in readers}
    site.submit("citizen", "c", MARK_C)
    for reader in readers:
        after = everything(site, reader, before)
        changed = {
            path
            for path, answered in after.items()
            if told(path, answered) != told(path, empty[reader][path])
        }
        # the stub in the log itself, the address that had no event before, and how much room a disk has
        logs = {
            p for p in after if p.startswith("/api/v1/events?") and "&stream" not in p and "&type" not in p
        }
        known = {"/api/v1/events", f"/api/v1/events/{before + 1}", "/readyz"}
        assert changed <= logs | known, (reader, changed)
        stub = after[f"/api/v1/events/{before + 1}"].json()
        assert {name for name, value in stub.items() if value} == {
            "position", "label", "who", "asserted_by", "closed", "sealed",
        }  # fmt: skip


def test_etags_tell_nobody_what_they_may_not_know(running_site: Site) -> None:
    site = running_site
    place = f"/api/v1/sheets/{SHEET}"
    tags = {reader: site.get(reader, place).headers["ETag"] for reader in (*READERS, "public")}
    site.submit("citizen", "c", MARK_C)
    for reader, tag in tags.items():
        again = site.get(reader, place, **{"If-None-Match": tag})
        assert again.status_code == (200 if reader == "citizen" else 304), reader
    own = site.get("citizen", place).headers["ETag"]
    assert own not in {site.get(reader, place).headers["ETag"] for reader in OTHERS}
    site.submit("city", "g", MARK_G)
    opened = {reader: site.get(reader, place).headers["ETag"] for reader in READERS}
    assert len(set(opened.values())) == 1 and opened["city"] not in {own, *tags.values()}
    assert site.get("public", place).headers["ETag"] not in opened.values()
    for reader in ("citizen", "public"):
        lists = site.get(reader, "/api/v1/sheets")
        assert "Authorization" in lists.headers["Vary"] and "Cookie" in lists.headers["Vary"]


@pytest.mark.parametrize("other_first", [False, True])
def test_refusals_are_the_same_whether_the_other_side_is_in_or_not(site: Site, other_first: bool) -> None:
    if other_first:
        site.submit("citizen", "c", MARK_C)
    place = f"sheets/{SHEET}"
    said = submission("g", MARK_G)
    answers = [
        site.post("city", f"{place}/submit-self-evaluation", **submission("c", MARK_G)),
        site.post("city", f"{place}/submit-self-evaluation", **{**said, "scores": []}),
        site.post("city", f"{place}/correct-self-evaluation", **said, reason="誤記（架空）"),
        site.post("city", f"{place}/submit-self-evaluation", **said, headers={"If-Match": '"4"'}),
        site.post("both", f"{place}/submit-self-evaluation", **said),
        site.post("secretariat", f"{place}/hold-dialogue", held_on="2026-10-20"),
        site.post("secretariat", f"{place}/publish", headers={"If-Match": '"3"'}),
        site.post("secretariat", f"{place}/publish", headers={"If-Match": '"4"'}),
        *(site.post("others", f"{place}/redact", redaction_id="r-1", target_version=n, reason="x",
                    redacted={"visibility": "closed", "ground": "personal"}) for n in (4, 9)),
    ]  # fmt: skip
    assert [(a.status_code, a.json()["code"]) for a in answers] == [
        (403, "FORBIDDEN"),
        (422, "SCORES_INCOMPLETE"),
        (409, "NOT_SUBMITTED"),
        (412, "VERSION_CONFLICT"),
        (409, "SAME_EVALUATOR"),
        (409, "ONE_SIDE_MISSING"),
        (409, "ONE_SIDE_MISSING"),
        (412, "VERSION_CONFLICT"),
        (409, "SEALED"),
        (409, "SEALED"),
    ]
    assert "it is at 3" in site.post(
        "city", f"{place}/submit-self-evaluation", **said,
        headers={"If-Match": '"4"', "Accept-Language": "en"},
    ).json()["detail"]  # fmt: skip
    refused = site.get("secretariat", "/api/v1/access-log").json()["items"]
    assert {line["code"] for line in refused if "self_evaluation" in line["command"]} == {"SEALED"}
    accepted = site.post("city", f"{place}/submit-self-evaluation", **said, headers={"If-Match": '"3"'})
    assert accepted.status_code == 200, accepted.text


def test_the_operators_terminal_prints_the_stub(site: Site) -> None:
    site.submit("citizen", "c", MARK_C)
    env = settings_for(site.url)
    log = kyodo_here("events", env=env).stdout
    assert "封印中" in log.splitlines()[-1] and "SelfEvaluationSubmitted" not in log
    outputs = [
        kyodo_here(*call, env=env).stdout
        for call in (
            ("events", "--json"),
            ("events", "--stream", SHEET),
            ("events", "--type", "SelfEvaluationSubmitted"),
            ("ask", "S16", f"sheet_id={SHEET}", "--json"),
            ("ask", "S1", f"id={SHEET}", "--json"),
            ("trail", SHEET, "--json"),
            ("search", MARK_C),
        )
    ]
    assert [MARK_C in said.replace(f"「{MARK_C}」", "") for said in outputs] == [False] * len(outputs)
    assert outputs[1].count("\n") == 3 and outputs[2] == ""


def test_after_the_unsealing_both_sides_read_each_other_and_after_the_publication_everybody(
    site: Site,
) -> None:
    site.submit("city", "g", MARK_G)
    site.submit("citizen", "c", MARK_C)
    place, page = f"/api/v1/sheets/{SHEET}", f"/sheets/{SHEET}"
    for reader in ("citizen", "city", "secretariat", "others"):
        trail = () if reader == "citizen" else (f"/trails/{SHEET}",)  # a trail is about more than the sheet
        for path in (place, page, f"/en{page}", f"/api/v1/events?stream={SHEET}", *trail):
            words = site.get(reader, path).text
            assert MARK_C in words and MARK_G in words, f"{reader} {path}"
    head = head_of(site)
    for path, answered in everything(site, "public", head).items():
        if "q=" not in path:
            assert MARK_C not in answered.text and MARK_G not in answered.text, path
    publish(site)
    for path in (place, page, f"/en{page}", f"/api/v1/questions/P9?action_id={ACTION}", f"/actions/{ACTION}"):
        words = site.get("public", path).text
        assert path.startswith("/actions") or (MARK_C in words and MARK_G in words), path
        assert "p-citizen" not in words and "p-city" not in words, path
    assert f"/sheets/{SHEET}" in site.get("public", f"/actions/{ACTION}").text


def publish(site: Site) -> None:
    """The rest of the sheet's way."""
    better = {
        "improvement_id": "i-1",
        "text": "夜に開く（架空）",
        "owner": "g",
        "applies_to_fiscal_year": FY + 1,
    }
    for command, fields in (
        ("hold-dialogue", {"held_on": "2026-10-20"}),
        ("discuss-gap", {"item": "P3", "cause": "平日の昼（架空）"}),
        ("agree-score", {"item": "P3", "score": 3}),
        ("keep-difference", {"item": "R1", "why": "受け止めの違い（架空）"}),
        ("conclude-mutual", {}),
        ("agree-improvement", better),
        ("publish", {}),
    ):
        answered = site.post("secretariat", f"sheets/{SHEET}/{command}", **fields)
        assert answered.status_code == 200, f"{command}: {answered.text}"
