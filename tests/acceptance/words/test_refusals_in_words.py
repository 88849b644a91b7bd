"""Every refusal as people read it: no identifier, state, field or code of the program in the sentence."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from api.reads.refusal_words import names_of, worded
from domain.history import problems
from domain.kernel.events import Actor
from domain.kernel.record import KINDS
from domain.recording.receipts import CommandTerms
from domain.values.refusal import Declared, Refusal
from projections.engine.store import Store
from projections.views.matter import decision_trail
from tests.acceptance.words.scanning import every_refusal, ids_of, out_of_place, plausible
from tests.support.given import typed
from tests.support.stories.walks import values_of

OF_FILES = {refusal.code for refusal in vars(problems).values() if isinstance(refusal, Declared)}
TERMINAL = ("NO_CHECKOUT", "VIEWS_OUTDATED", "WORDS_")
"""What only the terminal refuses, to people who give commands and write files of translations."""
FILE_WORDS = {
    *("seq", "stream", "payload", "events", "schema", "note", "null", "unstated"),
    *("aggregate", "import_batch", "docs"),
}
"""Who writes a file to be imported writes these very words in it, and is told of them."""
_TOKEN = re.compile(r"[a-z][a-z0-9_-]*")


def sentences(refused: Refusal) -> Iterator[tuple[str, str]]:
    yield "sentence", refused.sentence("ja")
    yield "next", refused.what_next("ja")
    yield "rule", refused.declared.rule.ja


@pytest.mark.parametrize("code", [c for c in sorted(every_refusal()) if not c.startswith(TERMINAL)])
def test_every_refusal_with_plausible_parameters(code: str) -> None:
    declared = every_refusal()[code]
    names = re.findall(r"\{([a-z_]+)", declared.ja + declared.en)
    refused = worded(declared(**{name: plausible(name) for name in names}), {})
    known = {"YAML", "record-history"} | FILE_WORDS if code in OF_FILES else set()
    assert {
        where: wrong for where, said in sentences(refused) if (wrong := set(out_of_place(said)) - known)
    } == {}
    english = refused.sentence("en").replace("pg_stat_activity", "")
    assert not re.search(r"\b[a-z]+_[a-z_]+\b|\bseat-\d", english), english


def test_what_commands_on_the_record_are_refused_with(record: Store) -> None:
    """Each command of things of every kind, in each role that may give it, on the record as it stands."""
    wrong: dict[str, set[str]] = defaultdict(set)
    met: set[str] = set()
    with record.engine.connect() as connection:
        ids = ids_of(connection)
        for entity, refused in refusals_of(record):
            met.add(refused.code)
            wanted = {t for v in refused.params.values() if isinstance(v, str) for t in _TOKEN.findall(v)}
            told = worded(refused, names_of(connection, wanted, entity))
            for where, said in sentences(told):
                quoted = any(name in said for name in names_of(connection, wanted, entity).values())
                for word in out_of_place(said, ids, strict=not quoted):
                    wrong[f"{refused.code} {where}"].add(word)
    assert wrong == {}
    assert len(met) > 12, met


def refusals_of(store: Store) -> Iterator[tuple[str, Refusal]]:
    """What is refused of the first things of each kind; nothing is recorded."""
    application = store.application
    for kind, entity in things_of(store):
        for command in KINDS[kind].COMMANDS.values():
            arguments = {p.name: values_of(p.name, p.kind)[0] for p in command.parameters() if p.required}
            for role in command.roles:
                terms = CommandTerms(Actor(role, f"p-{role.lower()}"), frozenset({role}), {})
                try:
                    given = typed(kind, command.name, arguments)
                    command.check(given)
                    application.unit().act(command, entity, given, terms)
                except Refusal as refused:
                    yield entity, refused


def things_of(store: Store, most: int = 3) -> list[tuple[str, str]]:
    """The first things of each kind on a record."""
    chosen: dict[str, list[str]] = defaultdict(list)
    table = decision_trail.thing.table
    with store.engine.connect() as connection:
        for row in connection.execute(table.select().order_by(table.c.id)):
            if row.id == row.entity and len(chosen[row.kind]) < most:
                chosen[row.kind].append(row.id)
    return [(kind, entity) for kind, entities in chosen.items() for entity in entities]


def test_a_thing_is_called_by_its_title_and_a_part_by_its_text(year_store: Store) -> None:
    with year_store.engine.connect() as connection:
        names = names_of(connection, {"matter-desk", "item-1", "r-7", "option-2", "nobody-1"}, "matter-desk")
        assert names == {"matter-desk": "相談窓口の設け方", "option-2": "公民館を巡回する"}
        assert names_of(connection, {"item-1"}, "meeting-2") == {"item-1": "相談窓口の設け方"}
        assert names_of(connection, {"r-7"}, "group-forum") == {"r-7": "会場"}
    resolved: Any = every_refusal()["ITEM_RESOLVED"](item="item-1")
    assert worded(resolved, {"item-1": "相談窓口の設け方"}).sentence("ja") == (
        "議題「相談窓口の設け方」は既に終わっています。"
    )
    assert worded(resolved, {}).sentence("ja") == "議題「その議題・項目」は既に終わっています。"
    assert worded(resolved.at("/item_id"), {}).pointer == "/item_id"
