"""A whole log is decided anew: what stands, what does not, and by which edition of the rules it is judged."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.council import aggregate
from domain.council.refusals import OPEN_BUSINESS
from domain.rules.edition import EDITION
from domain.sample.record import make_sample
from domain.values.refusal import REFUSALS, Refusal, refusal
from projections.engine import event_format
from projections.engine.event_format import editions_in_force
from projections.engine.store import Store
from projections.rebuild.deciding import decide_log_anew
from projections.registry import open_store
from projections.tables.durable import RULES_EDITION
from tests.projections.conftest import ON_EACH, new_store
from tests.projections.engine.test_event_format import register
from tests.projections.engine.test_read_set import dissolve, schedule, two
from tests.support.copies import copied
from tests.support.server import kyodo_here, settings_for

__all__ = ["two"]


def outcomes(store: Store) -> dict[str, int]:
    """How many events came out how."""
    told: Counter[str] = Counter()
    for verdict in decide_log_anew(store):
        told[verdict.outcome] += verdict.explains
    return dict(told)


def sampled(url: str) -> None:
    store = new_store(url)
    make_sample(store.application, meetings=60)
    store.close()


@pytest.fixture(params=ON_EACH)
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """The fictional record, with most of its chapters."""
    for url in copied(request, "sample-60", sampled, tmp_path):
        opened = open_store(url)
        yield opened
        opened.close()


def test_kanazawas_history_stands_as_what_an_import_may_leave_open(kanazawa: Store) -> None:
    assert outcomes(kanazawa) == {"imported": kanazawa.head()}


def test_the_fictional_record_stands(sample: Store) -> None:
    assert outcomes(sample) == {"stands": sample.head()}


@pytest.fixture
def against_the_law(two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch) -> Store:
    """A council was dissolved while a meeting was scheduled, by software that did not ask."""
    first, second = two
    schedule(first)
    with monkeypatch.context() as careless:
        careless.setattr(second.application, "open_business", lambda council: [])
        dissolve(second)
    return first


def test_what_is_against_the_law_is_found(against_the_law: Store) -> None:
    (broken,) = [v for v in decide_log_anew(against_the_law) if v.broken]
    assert (broken.outcome, broken.event.type) == ("refused", "CouncilDissolved")
    assert broken.refusal is not None and broken.refusal.declared is OPEN_BUSINESS
    assert "meeting-x" in broken.refusal.sentence("en")


def test_the_command_line_says_what_stands_and_what_does_not(two: tuple[Store, Store]) -> None:
    first, second = two
    env = settings_for(first.url.render_as_string(hide_password=False)) | {"LC_ALL": "en_US.UTF-8"}
    schedule(first)
    head = first.head()
    told = json.loads(kyodo_here("verify", "--rules", "--json", env=env).stdout)
    assert told == {"position": head, "decided": head, "stands": head - 1, "imported": 1, "broken": []}
    second.application.open_business = lambda council: []
    dissolve(second)
    with pytest.raises(AssertionError, match=r"→ 3\n(.|\n)*1 do not stand(.|\n)*OPEN_BUSINESS"):
        kyodo_here("verify", "--rules", env=env)


# -- editions of the rules


def test_a_rule_condemns_nothing_that_was_recorded_before_it_was_one(
    against_the_law: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = against_the_law.head()
    monkeypatch.setattr(aggregate, "OPEN_BUSINESS", replace(OPEN_BUSINESS, since=EDITION + 1))
    assert [v for v in decide_log_anew(against_the_law) if v.broken] == []
    with against_the_law.engine.begin() as connection:
        connection.execute(
            sa.insert(RULES_EDITION).values(edition=EDITION + 1, since=position + 1, software="2")
        )
    assert [v for v in decide_log_anew(against_the_law) if v.broken] == []
    with against_the_law.engine.begin() as connection:
        connection.execute(
            sa.update(RULES_EDITION).where(RULES_EDITION.c.edition == EDITION + 1).values(since=position)
        )
    assert [v.outcome for v in decide_log_anew(against_the_law) if v.broken] == ["refused"]


def test_the_record_notes_from_which_event_on_an_edition_is_in_force(
    two: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = two
    before = first.head()
    schedule(first)
    with monkeypatch.context() as newer:
        newer.setattr(event_format, "EDITION", EDITION + 2)
        register(second, "org-new")
        register(second, "org-newer")
    with first.engine.connect() as connection:
        edition = editions_in_force(connection)
    assert [edition(position) for position in range(1, before + 4)] == [EDITION] * (before + 1) + [
        EDITION + 2
    ] * 2
    with pytest.raises(Refusal) as refused:
        register(first, "org-old")
    assert (refused.value.code, refused.value.declared.kind) == ("RULES_NEWER", "unavailable")
    assert first.head() == before + 3


def test_no_refusal_comes_with_an_edition_that_there_is_not() -> None:
    for since in (0, EDITION + 1):
        with pytest.raises(ValueError, match=f"no edition {since}"):
            refusal("NO_RULE", ja="", en="", rule=OPEN_BUSINESS.rule, next_ja="", next_en="", since=since)
    assert "NO_RULE" not in REFUSALS
