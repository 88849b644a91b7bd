"""Chapters of the fictional record: the rarer courses of things, so that every event of the domain happens.

Each chapter is a function of the story and a tag that keeps its identifiers apart from those of the year
before; :mod:`domain.sample.record` tells one after each of its first meetings, and again some years later.
A new event is told in a chapter too: until then it has no example in the catalogue, and the tests that close
every event and look for leaks do not meet it (tests/projections/test_sample.py).
"""

from collections.abc import Callable
from typing import Any

from domain.sample.chapters.assembly import an_evening_with_everything, meetings_that_failed
from domain.sample.chapters.bodies import (
    a_council_that_ended,
    groups_at_work,
    officers_and_training,
    roles_granted,
)
from domain.sample.chapters.decisions import a_matter_left_to_the_chair, matters_that_took_another_course
from domain.sample.chapters.late import (
    a_meeting_in_writing,
    a_promise_of_the_city,
    a_seat_by_recommendation,
    an_evening_that_was_moved,
    requests_for_documents,
)
from domain.sample.chapters.moved import a_committee_known_from_papers
from domain.sample.chapters.registers import (
    claims_and_follow_ups,
    registers_and_links,
    the_record_is_put_right,
)
from domain.sample.chapters.study import a_centre_is_studied
from domain.sample.chapters.years import a_plan_is_made_with_the_public, an_action_from_budget_to_evaluation

Chapter = Callable[[Any, str], None]

CHAPTERS: tuple[Chapter, ...] = (
    an_evening_with_everything,
    groups_at_work,
    matters_that_took_another_course,
    a_matter_left_to_the_chair,
    a_centre_is_studied,
    claims_and_follow_ups,
    registers_and_links,
    meetings_that_failed,
    officers_and_training,
    the_record_is_put_right,
    a_council_that_ended,
    roles_granted,
    a_plan_is_made_with_the_public,
    an_action_from_budget_to_evaluation,
    a_committee_known_from_papers,
    an_evening_that_was_moved,
    a_meeting_in_writing,
    requests_for_documents,
    a_seat_by_recommendation,
    a_promise_of_the_city,
)
"""In the order in which they are told."""
