"""Links: made by somebody for a reason, withdrawn by somebody for a reason, never deleted."""

from __future__ import annotations

from domain.link.aggregate import LinkMade, LinkWithdrawn
from tests.support.given import TestRecord, then_recorded, then_refused
from tests.support.stories.assemblies import MATTER, given_a_council, given_a_matter

LINK = {
    "from_id": MATTER,
    "to_id": "council-x",
    "relation": "derived_from",
    "reason": "会議の議論から（架空）",
}


def given_two_things(record: TestRecord) -> None:
    given_a_council(record)
    given_a_matter(record)


def test_a_link_is_made_and_withdrawn_for_a_reason(record: TestRecord) -> None:
    given_two_things(record)
    then_recorded(record.do("SEC", "Link", "link-1", "make", **LINK), LinkMade)
    withdrawn = record.do("SEC", "Link", "link-1", "withdraw", reason="誤りのため（架空）")
    then_recorded(withdrawn, LinkWithdrawn)
    then_refused("LINK_WITHDRAWN", record, "SEC", "Link", "link-1", "withdraw", reason="架空")


def test_a_link_joins_two_known_things_by_a_known_relation(record: TestRecord) -> None:
    given_two_things(record)
    make = ("SEC", "Link", "link-1", "make")
    then_refused("RELATION_UNKNOWN", record, *make, **LINK | {"relation": "resembles"})
    then_refused("LINK_TO_ITSELF", record, *make, **LINK | {"to_id": MATTER})
    then_refused("UNKNOWN_ID", record, *make, **LINK | {"to_id": "plan-none"})


def test_a_link_that_an_event_made_can_be_withdrawn_once(record: TestRecord) -> None:
    given_two_things(record)
    council = next(e for e in record.events if e.type == "CouncilEstablished")
    said = {"stream": council.stream, "version": council.version, "reason": "誤読のため（架空）"}
    withdraw = ("SEC", "Link", "link-2", "withdraw_implied")
    then_refused("UNKNOWN_ID", record, *withdraw, **said, n=7)
    then_recorded(record.do(*withdraw, **said, n=0), LinkWithdrawn)
    then_refused("ALREADY_TAKEN", record, "SEC", "Link", "link-3", "withdraw_implied", **said, n=0)
