"""The answers of two records beside one another: what tests/acceptance/year asks of the fixture is asked of
the other record too, and must be the same.

What is named otherwise there is called by its name in the story; what no two records have in common (where
in the log something stands, and what an event is called) is left out.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from api.access.accounts import Accounts
from api.access.tokens import Tokens
from api.serve.app import create_app
from api.setup.config import RecordSettings
from tests.acceptance.year.test_today import Office
from tests.support.stories.year.record import TODAY, Year

OF_ITS_OWN = frozenset(
    {
        "event_id",
        "position",
        "first_position",
        "last_position",
        "computed_at_position",
        "as_of_position",
        "version",
        "target_version",
        "recorded_at",
        "correlation_id",
        "causation_id",
        "fingerprint",
        "head",
        "digest",
    }
)
"""What is each record's own: where in the log, when to the second, under which name."""
_AT_NOON = re.compile(r"(T03|T12|\b12):\d\d(?::\d\d(?:\.\d+)?)?(?=Z|$|\D)")
"""The diary is written at noon; how long each act of a day takes is nobody's fact."""
_POSITION = re.compile(r"(記録(?:番号)? ?)\d+|(?<=出来事)\d+(?=件)")
_WORD = re.compile(r"[a-z0-9][a-z0-9-]*")

Events = list[Any]
BY_SEC = "the secretariat records the first plan"
BY_CHAIR = "the chair concludes, no policy of the system"
ROSTER = "a pasted roster is the source of its rows, and its number stands in each appointment"
INVOLVED = "the form of the council's part in an action asks its fiscal year alone"
ALLOWED = (
    (
        r"recorded_by: None in the fixture, ('SEC'|\{'role': 'SEC')",
        "written down for who acted",
    ),
    (r"/(who|author)/role(_label/\w+)?: '(IMP|取込|importer)'", BY_SEC),
    (r"'取込(による記述)?' in the fixture, '事務局", BY_SEC),
    (r": '?(system|システム)'?|only in the fixture \(\{'ja': 'システム'|'システムによる記述'", BY_CHAIR),
    (r"/evidence: None in the fixture, \{'kind': 'minute_taker'", "what such an act rests on"),
    (r"/(who|asserted_by)/(party|name): None in the fixture, 'p-", "who did it is named"),
    (r"/source: None in the fixture, \{'document_id': 'doc-", ROSTER),
    (r"^/sources: .*(シート「貼り付け」|'title': None, 'locators': \[\])", ROSTER),
    (r"/document_no: '7み協第1号' in the fixture, None here", ROSTER),
    (r"(2025-06-12|12 June|6月12日|'day' in).*(FY2025|fiscal_year|2025年度|2025-04-01|2026-03-31)", INVOLVED),
    (
        r"7(件| parts).*12(件| parts)|/closed_by_ground: .*'operations'",
        "the roster, and four roles, are closed",
    ),
    (r"/links/\d+/to/\w+: '(doc-(survey|case)|市民活動団体|近隣3市)", "papers marked in boxes have no order"),
    (r"^/answer/checks/[014]/", "how long the log is, and which views were built"),
)
"""What is said otherwise by nature: who wrote down and on what evidence; by a pattern of the difference."""

UNORDERED = ("/events", "/links", "/entries", "/sources", "/facts")
"""Lists of what an answer rests on."""

Question = tuple[str, dt.date, tuple[tuple[str, Any], ...]]


@dataclass
class Listened:
    """A plugin of pytest that notes what its tests ask: questions with their day, and pages of a day."""

    questions: list[Question] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        modules = {item.module for item in session.items if isinstance(item, pytest.Function)}
        for module in modules:
            office = getattr(module, "Office", None)
            if office is not None and not hasattr(office.page, "listened"):
                office.page = self._to_pages(office.page)

    def _to_pages(self, page: Any) -> Any:
        def listening(office: Any, path: str, day: str) -> Any:
            if (path, day) not in self.pages:
                self.pages.append((path, day))
            return page(office, path, day)

        listening.listened = True  # type: ignore[attr-defined]
        return listening

    def to_questions(self, asked: Any) -> Any:
        def listening(year: Year, code: str, today: dt.date = TODAY, **arguments: Any) -> Any:
            question = code, today, tuple(sorted(arguments.items()))
            if question not in self.questions:
                self.questions.append(question)
            return asked(year, code, today, **arguments)

        return listening


def asked_of_the_year() -> Listened:
    """What the tests of the year ask; on the fixture they must hold."""
    listened, asked = Listened(), Year.asked
    Year.asked = listened.to_questions(asked)  # type: ignore[method-assign]
    arguments = ["-n", "0", "-q", "-p", "no:cacheprovider", "-k", "not postgres", "tests/acceptance/year"]
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = pytest.main(arguments, plugins=[listened])
    finally:
        Year.asked = asked  # type: ignore[method-assign]
    if code != 0:
        listened.failing = [line for line in said.getvalue().splitlines() if line.startswith("FAILED")]
    return listened


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


class Names:
    """What is called otherwise in the record at the desk. ``logs``: both records' events, by which parts of
    one name are told apart (the first option of every matter is called so in the story)."""

    def __init__(self, here: Mapping[str, str], logs: tuple[Events, Events] | None = None):
        self.here = dict(here)
        self.there = {mine: theirs for theirs, mine in here.items()}
        if logs is not None:
            self._pair(*logs)

    def _pair(self, story: Events, desk: Events) -> None:
        """Events of one kind on one thing are the same in turn: what each names is called so there."""
        mine: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for event in desk:
            mine[event.type, self.there.get(event.entity, event.entity)].append(event)
        for event in story:
            alike = mine[event.type, event.entity]
            if alike:
                self._name(msgspec.to_builtins(event.data), msgspec.to_builtins(alike.pop(0).data))

    def _name(self, there: Any, here: Any) -> None:
        if isinstance(there, dict) and isinstance(here, dict):
            for name in there.keys() & here.keys():
                self._name(there[name], here[name])
        elif isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
            for pair in zip(there, here, strict=True):
                self._name(*pair)
        elif _is_name(there) and _is_name(here) and there != here and "-" in here:
            self.there.setdefault(here, there)

    def ask(self, value: Any) -> Any:
        return self.here.get(value, value) if isinstance(value, str) else value

    def path(self, path: str) -> str:
        return _WORD.sub(lambda m: self.here.get(m[0], m[0]), path)

    def words(self, page: str) -> list[str]:
        """The words of a page, in the names of the story, without where in the log each line stands."""
        return list(self._plain(_POSITION.sub(r"\g<1>#", page).split()))

    def told(self, answer: Any) -> Any:
        """An answer in the names of the story, without what is each record's own."""
        return self._plain(json.loads(json.dumps(answer, default=str)))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, str):
            named = _WORD.sub(lambda m: self.there.get(m[0], m[0]), value)
            return _AT_NOON.sub(r"\1", named).replace("\u3000", " ")
        if isinstance(value, dict):
            undated = {"basis"} if value.get("precision") == "unknown" else set()
            left = {name: inner for name, inner in value.items() if name not in OF_ITS_OWN | undated}
            return {self._plain(name): self._plain(inner) for name, inner in left.items()}
        if isinstance(value, list):
            plain = [self._plain(one) for one in value]
            are_names = all(isinstance(one, str) and _WORD.fullmatch(one) for one in plain)
            return sorted(plain) if are_names else plain
        return value


def differences(there: Any, here: Any, at: str = "") -> Iterator[str]:
    """Where two answers differ."""
    if isinstance(there, dict) and isinstance(here, dict):
        for name in [*there, *(n for n in here if n not in there)]:
            if (name in ("earliest", "latest")) and not (name in there and name in here):
                continue  # the bounds of a date follow from it
            if name not in here or name not in there:
                side = there if name in there else here
                yield f"{at}/{name}: {'only in the fixture' if name in there else 'only here'} ({side[name]})"
            else:
                yield from differences(there[name], here[name], f"{at}/{name}")
    elif isinstance(there, list) and isinstance(here, list):
        if at.endswith(UNORDERED):
            there, here = _without_equals(there, here)
        if len(there) != len(here):
            yield f"{at}: {len(there)} in the fixture, {len(here)} here: {_odd(there, here)}"
            return
        for n, pair in enumerate(zip(there, here, strict=True)):
            yield from differences(*pair, f"{at}/{n}")
    elif there != here:
        yield f"{at}: {there!r} in the fixture, {here!r} here"


def _without_equals(there: list[Any], here: list[Any]) -> tuple[list[Any], list[Any]]:
    """Of what an answer rests on, in the order in which it was written down: what both have is left out."""
    mine, left = list(here), []
    for one in there:
        if one in mine:
            mine.remove(one)
        else:
            left.append(one)
    return sorted(left, key=_by_kind), sorted(mine, key=_by_kind)


def _by_kind(one: Any) -> str:
    named = [one.get(name) for name in ("type", "subject", "what", "thing")] if isinstance(one, dict) else one
    return json.dumps(named)


def _odd(there: list[Any], here: list[Any]) -> str:
    """What one list has and the other has not."""
    missing, more = [x for x in there if x not in here], [x for x in here if x not in there]
    return f"missing {str(missing)[:300]}, more {str(more)[:300]}"


class Pages:
    """The words of pages of one record, as the secretariat reads them on a day."""

    def __init__(self, url: str, login: str):
        self._url, self._login = url, login

    def words(self, paths: list[tuple[str, str]]) -> list[str]:
        app = create_app(RecordSettings(database_url=self._url, secret_key="only for reading"))
        engine = app.extensions["kyodo-store"].get().engine
        account = Accounts(engine).named(self._login)
        token = Tokens(engine).make(account, "reading")
        with pytest.MonkeyPatch.context() as patch:
            office = Office(app.test_client(), token, patch)
            return [office.page(path, day) for path, day in paths]
