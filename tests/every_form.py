"""Every command is given in its form, on both databases: ``python -m tests.every_form``.

The fictional record is told once more on an empty one. The first time that a command is given there, it is
given in its form, by somebody whose browser knows no JavaScript: the page is read as HTML, filled from what
the story says by one filler that knows no command, checked (which records nothing), and recorded. The record
must then say what the story's record says. What no story tells is told after it
(tests/api/office/every_form/rest.py)."""

from __future__ import annotations

import hashlib
import logging
import tempfile
import time
from collections.abc import Callable
from functools import partial

from api.setup import record_setup
from domain.kernel.record import KINDS
from domain.sample.record import make_sample
from domain.sample.story import COUNCIL, MEMBERS
from domain.values.refusal import Refusal
from projections import registry
from projections.registry import open_store
from tests.api.conftest import created
from tests.api.office.every_form.acts import Story, noted
from tests.api.office.every_form.forms import in_its_form, retelling
from tests.api.office.every_form.rest import Pair, Rest, every_pair, not_tried
from tests.support.both import on_both_databases

MEETINGS = 24
"""Of the fictional record: as many as it takes until every chapter has been told."""
WRITERS = ("p-mem", "p-chr", "p-ldr", "p-adv", "p-sec")
"""Who acts in the fictional record without being on it."""


def told(folder: str) -> tuple[Story, dict[str, bytes]]:
    """The fictional record, act by act, and the contents of its documents."""
    contents: dict[str, bytes] = {}

    def keep(content: bytes) -> None:
        contents[hashlib.sha256(content).hexdigest()] = content

    with noted() as story:
        store = open_store(f"sqlite:///{folder}/told.sqlite")
        record_setup.create(store)
        make_sample(store.application, meetings=MEETINGS, keep=keep)
        store.close()
    return story, contents


def _put_right(rest: Rest) -> list[Callable[[], None]]:
    return [partial(put, kind) for kind in KINDS for put in (rest.put_right, rest.take_back)]


def run(url: str) -> int:
    """How many forms do not do what the story does, and how many commands have none."""
    began, done = time.monotonic(), set[Pair]()
    created(url)
    with tempfile.TemporaryDirectory(prefix="kyodo-") as folder:
        story, contents = told(folder)
        for again in retelling(url, story, contents):
            again.people(WRITERS)
            again.tell(story.acts, in_its_form(done))
            rest = Rest(again, done, story.acts)
            members = [again.here(f"seat-{n:02d}") for n in range(1, MEMBERS + 1)]
            for tell in (partial(rest.rare, again.here(COUNCIL), members), *_put_right(rest)):
                try:
                    tell()
                except (Refusal, LookupError) as untold:
                    again.faults.append(f"what no story tells cannot be told: {untold!r}")
            faults = again.faults
    missing = not_tried(done)
    for line in [*faults, *(f"{kind}.{command}: no form was tried" for kind, command in missing)]:
        print(line)
    of, every = url.partition(":")[0].partition("+")[0], len(every_pair())
    spent = time.monotonic() - began
    print(f"{of}: {len(done)} of {every} commands in their forms, {len(faults)} at fault, {spent:.0f} s")
    return len(faults) + len(missing)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    registry.load()
    on_both_databases(run)
