"""From a command's declaration to its schema: every type a parameter may have, and nothing converted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
import pytest

from api.http.problems import InvalidInput
from api.http.schemas import accept, command_input, field_for
from domain.kernel.commands import Command, command
from domain.kernel.events import Event
from domain.kernel.record import KINDS, Record
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Line, PersonName, Secret, Text, TextRule
from domain.values.law import Citation
from domain.values.money import Money


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: Line
    count: Count | None = None


class TrialMade(Event, rename={"from_": "from"}):
    LABEL = ("試し", "Trial")
    from_: dt.date
    certainly: bool | None = None


class Trial(Record):
    """A kind of aggregate with a command of every type."""

    PREFIX = "trial-"
    COLLECTION = "trials"
    LABEL = ("試し", "trial")

    @command("SEC", event=TrialMade, ja="試す", en="Try", creates=True)
    def make(self, fact: TrialMade) -> None:
        """Try."""
        self.record(fact)

    @command("SEC", records=TrialMade, ja="何でも", en="Anything")
    def anything(
        self,
        *,
        text: Text,
        subject_: Id | None = None,
        count: Count | None = None,
        flag: bool = False,
        day: dt.date | None = None,
        at: dt.datetime | None = None,
        when: EffectiveDate | None = None,
        choice: Literal["a", "b", 3] = "a",
        parts: tuple[Part, ...] = (),
        table: dict[str, Count] | None = None,
        citation: Citation | None = None,
        money: Money | None = None,
        either: Part | Literal["none"] | None = None,
        name: PersonName | None = None,
    ) -> None:
        """Take anything."""


@pytest.fixture(scope="module")
def trial() -> Iterator[type[Record]]:
    KINDS["Trial"] = Trial
    yield Trial
    del KINDS["Trial"]


@pytest.fixture
def anything(trial: type[Record]) -> Command:
    return trial.COMMANDS["anything"]


def arguments(command: Command, **body: Any) -> dict[str, Any]:
    return command_input(command, accept(command, body)).arguments


def wrong(command: Command, **body: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        accept(command, {"text": "t"} | body)
    return {fault.pointer or "": fault.code for fault in caught.value.faults}


def test_values_become_the_domain_s_types(anything: Command) -> None:
    given = arguments(
        anything,
        text="二行の\n文",
        subject="a-1",
        count=0,
        flag=True,
        day="2006-03-01",
        at="2026-04-01T18:30:00+09:00",
        when="FY2008",
        choice=3,
        parts=[{"label": "一"}, {"label": "二", "count": 2}],
        table={"x": 1},
        citation={"instrument_id": "law-1", "article": "preamble"},
        money={"yen": 3_400_000, "stated_amount": 3_400, "stated_unit": "千円"},
        either="none",
    )
    assert given["subject_"] == "a-1"
    assert given["day"] == dt.date(2006, 3, 1)
    assert given["at"].utcoffset() == dt.timedelta(hours=9)
    assert given["when"] == EffectiveDate.in_fiscal_year(2008)
    assert [part.count for part in given["parts"]] == [None, 2]
    assert given["citation"] == Citation("law-1", "preamble")
    assert given["money"] == Money.stated(3_400, "千円")
    assert given["either"] == "none"


def test_what_is_left_out_is_left_to_the_command_s_default(anything: Command) -> None:
    assert arguments(anything, text="t") == {"text": "t"}


def test_null_is_unknown_where_that_is_allowed(anything: Command) -> None:
    assert arguments(anything, text="t", count=None, when=None, either=None)["count"] is None
    assert wrong(anything, flag=None, parts=None) == {"/flag": "NOT_NULL", "/parts": "NOT_NULL"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("count", "5"),
        ("count", 5.0),
        ("count", True),
        ("flag", 1),
        ("flag", "true"),
        ("text", 5),
        ("day", "20060301"),
        ("day", "2006-03-01T00:00:00Z"),
        ("day", 20060301),
        ("at", "2026-04-01T18:30:00"),
        ("at", "2026-04-01"),
        ("at", 1_775_000_000),
        ("parts", {"label": "一"}),
        ("table", []),
        ("citation", []),
    ],
)
def test_nothing_is_converted_from_another_type(anything: Command, name: str, value: Any) -> None:
    assert wrong(anything, **{name: value}) == {f"/{name}": "WRONG_TYPE"}


@pytest.mark.parametrize(
    ("name", "value", "pointer", "code"),
    [
        ("count", -1, "/count", "NUMBER_OUT_OF_RANGE"),
        ("day", "2006-02-30", "/day", "DATE_IMPOSSIBLE"),
        ("at", "2026-04-01T25:00:00Z", "/at", "DATE_IMPOSSIBLE"),
        ("when", "平成31年5月1日", "/when", "ERA_OUT_OF_RANGE"),
        ("when", "いつか", "/when", "DATE_UNREADABLE"),
        ("choice", "c", "/choice", "NOT_ONE_OF"),
        ("choice", "3", "/choice", "NOT_ONE_OF"),
        ("parts", [{"label": "一", "extra": 1}], "/parts/0/extra", "UNKNOWN_FIELD"),
        ("parts", [{}], "/parts/0/label", "MISSING_FIELD"),
        ("table", {"x": "1"}, "/table/x", "WRONG_TYPE"),
        ("money", {"yen": 1, "stated_amount": 1, "stated_unit": "千円"}, "/money", "MONEY_UNIT_MISMATCH"),
        ("either", {"label": "\x00"}, "/either/label", "TEXT_NOT_PLAIN"),
        ("either", "some", "/either", "WRONG_TYPE"),
        ("citation", {"instrument_id": "law-1", "article": 1.5}, "/citation/article", "WRONG_TYPE"),
    ],
)
def test_a_rule_that_is_broken_is_told_at_its_pointer(
    anything: Command, name: str, value: Any, pointer: str, code: str
) -> None:
    assert wrong(anything, **{name: value}) == {pointer: code}


def test_an_event_s_fields_go_by_their_names_in_json(trial: type[Record]) -> None:
    make = trial.COMMANDS["make"]
    assert arguments(make, **{"from": "2006-03-01"}) == {"from_": dt.date(2006, 3, 1)}
    assert wrong(make, from_="2006-03-01").keys() == {"/from", "/from_", "/text"}


def test_only_a_command_that_creates_takes_an_id(trial: type[Record], anything: Command) -> None:
    make = trial.COMMANDS["make"]
    assert command_input(make, accept(make, {"from": "2006-03-01", "id": "trial-1"})).entity == "trial-1"
    assert wrong(anything, id="a-1") == {"/id": "UNKNOWN_FIELD"}


def test_a_reserved_name_is_refused_when_the_schema_is_made(trial: type[Record]) -> None:
    def takes_record(self: Record, record: Line) -> None: ...

    declared = Command("takes_record", ("SEC",), False, ("", ""), takes_record, trial)
    trial.COMMANDS["takes_record"] = declared
    with pytest.raises(TypeError, match="reserved"):
        accept(declared, {})
    del trial.COMMANDS["takes_record"]


def test_a_type_nobody_can_send_is_refused_when_the_schema_is_made() -> None:
    with pytest.raises(TypeError, match="no JSON field"):
        field_for(complex)


def test_a_secret_is_described_as_written_only() -> None:
    assert field_for(Annotated[str, TextRule(9, lines=False), Secret()]).metadata["writeOnly"] is True
