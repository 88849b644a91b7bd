"""How an event is described: what is closed of it, and what descriptions have in common."""

from domain.kernel.closed_values import cut, unnamed
from domain.values.calendar import EffectiveDate
from domain.values.disclosure import Disclosure
from projections.answers.describing import _tree
from projections.answers.labels import date_json

AT = "/data/by"


def test_a_ground_like_that_of_persons_is_not_taken_for_it() -> None:
    """Who did it is left out, what was redacted on the same ground is marked, whichever comes first."""
    redacted = Disclosure("closed", "personal")
    assert redacted == unnamed()
    assert cut({"by": "架空"}, _tree({AT: unnamed()})["data"]) == {}
    assert cut({"by": "架空"}, _tree({AT: redacted})["data"]) != {}
    assert cut({"by": "架空"}, _tree({AT: unnamed()})["data"]) == {}
    assert _tree({}) == {}


def test_descriptions_of_one_date_share_nothing_that_can_be_changed() -> None:
    date = EffectiveDate.unknown(latest=EffectiveDate.parse("2026-04-01").latest)
    first, again = date_json(date), date_json(date)
    assert first == again
    assert first["full_label"]["ja"] == date.full_label("ja") != date.label("ja") == first["label"]["ja"]
    assert first["full_label"]["en"] == date.full_label("en") != date.label("en") == first["label"]["en"]
    first["label"]["ja"] = first["value"] = "changed"
    assert date_json(date) == again
