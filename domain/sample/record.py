"""A fictional record 架空の記録, made through the domain's own commands: the same seed, the same bytes.

Councils with members, meetings with attendance, statements, workshops and votes, matters with options,
evidence, conclusions and dissent, minutes, the city's answers and decisions, actions with budgets and
settlements. It feeds demonstrations, tests and benchmarks. Nothing in it is about a real place or person.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.recording.application import Application
from domain.sample.deciding import Deciding
from domain.sample.story import CHAPTERS_BEGIN, DAYS_EACH, DAYS_IN_ALL, EVENTS_EACH, ROUND, ROUNDS, Keep, Made

__all__ = ["CHAPTERS_BEGIN", "Made", "make_sample"]

Progress = Callable[[int, int], None]


def make_sample(
    application: Application,
    meetings: int | None = None,
    seed: int = 1,
    progress: Progress | None = None,
    *,
    events: int | None = None,
    keep: Keep | None = None,
) -> Made:
    """Make a fictional record of so many meetings, or of at least so many events.

    ``progress(done, of)`` is told after each meeting; ``keep`` stores the content of a document, before the
    record says that it is held. The record must be empty of an earlier sample.
    """
    story = Deciding(application, seed, keep)
    before = application.clock, application.new_id
    application.clock, application.new_id = story.clock, story.new_id
    try:
        return _tell(story, meetings, events, progress or (lambda done, of: None))
    finally:
        application.clock, application.new_id = before


def _tell(story: Deciding, meetings: int | None, events: int | None, progress: Progress) -> Made:
    with story.scene():
        story.found_council()
    wanted = meetings if meetings is not None else 0
    matters = max(wanted, (events or 0) // EVENTS_EACH, 1)
    story.pace = min(1.0, DAYS_IN_ALL / DAYS_EACH / matters)
    story.round = max(ROUND, matters // ROUNDS)
    while len(story.made.meetings) < wanted or story.made.events < (events or 0):
        with story.scene():
            story.decide_one_matter()
        story.tell_a_chapter()
        if events is not None:
            progress(min(story.made.events, events), events)
        else:
            progress(len(story.made.meetings), wanted)
    return story.made
