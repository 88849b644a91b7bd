"""Every command can be given in its form, by somebody whose browser knows no JavaScript.

The fictional record is told once more on an empty one. The first time that a command is given there, it is
given in its form: the page is read as HTML, filled from what the story says by one filler that knows no
command, checked (which records nothing), and recorded. The record must then say what the story's record
says. """

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.access.accounts import Accounts
from api.setup import record_setup
from domain.kernel.record import KINDS
from domain.sample.record import make_sample
from domain.sample.story import COUNCIL, MEMBERS
from projections.registry import open_store
from tests.api.conftest import PASSWORD, created
from tests.api.office.every_form.acts import Act, Story, noted
from tests.api.office.every_form.rest import Pair, Rest, every_pair
from tests.api.office.every_form.retelling import Retelling
from tests.api.signing_in import sign_in
from tests.support.postgres import Postgres
from tests.support.served import served
from tests.support.stories.year.record import make_the_year

MEETINGS = 24
"""Of the fictional record: as many as it takes until every chapter has been told."""
WRITERS = ("p-mem", "p-chr", "p-ldr", "p-adv", "p-sec")
"""Who acts in the fictional record without being on it."""


def in_its_form(done: set[Pair]) -> Any:
    """The first time of each command that can be given as a story gives it. An import is no form: it brings a
    file, and may leave gaps."""

    def first(act: Act) -> bool:
        pair = (act.command.aggregate.__name__, act.command.name)
        if (
            pair in done
            or act.terms.importing
            or (act.terms.roles == {"IMP"} and act.command.roles != ("IMP",))
        ):
            return False
        done.add(pair)
        return True

    return first


def retelling(url: str, story: Story, contents: dict[str, bytes]) -> Iterator[Retelling]:
    with served(url) as app:
        account = Accounts(app.extensions["kyodo-store"].get().engine).add(
            "staff", ["SEC"], "p-sec", PASSWORD
        )
        client = app.test_client()
        sign_in(client)
        told = Retelling(app, client, account.account_id, contents=contents)
        told.store.application.clock = lambda: story.acts[0].at
        yield told


def test_every_command_can_be_given_in_its_form(tmp_path: Path) -> None:
    contents: dict[str, bytes] = {}

    def keep(content: bytes) -> None:
        contents[hashlib.sha256(content).hexdigest()] = content

    with noted() as story:
        store = open_store(f"sqlite:///{tmp_path / 'told.sqlite'}")
        record_setup.create(store)
        make_sample(store.application, meetings=MEETINGS, keep=keep)
        store.close()
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    created(url)
    done: set[Pair] = set()
    for again in retelling(url, story, contents):
        again.people(WRITERS)
        again.tell(story.acts, in_its_form(done))
        rest = Rest(again, done, story.acts[-1].events[-1].recorded_at)
        rest.rare(again.here(COUNCIL), [again.here(f"seat-{n:02d}") for n in range(1, MEMBERS + 1)])
        for kind in KINDS:
            rest.put_right(kind)
        assert again.faults == []
    assert sorted(every_pair() - done) == []


@pytest.mark.postgres
def test_what_the_secretariat_writes_down_in_a_year_can_be_given_in_forms(
    postgres: Postgres, tmp_path: Path
) -> None:
    """On PostgreSQL: the commands of the year, most of them on behalf of others and of a day that has
    passed."""
    with noted() as story:
        make_the_year(f"sqlite:///{tmp_path / 'told.sqlite'}")
    url = postgres.fresh(postgres.template("empty record", created))
    done: set[Pair] = set()
    for again in retelling(url, story, {}):
        again.tell(story.acts, in_its_form(done))
        assert again.faults == []
    postgres.drop(url)
    assert len(done) > 100
