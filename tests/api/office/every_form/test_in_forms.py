"""What the secretariat writes down in a year is given in forms, without JavaScript; one command in so many.

All of them, on both databases: ``python -m tests.every_form`` (docs/office-forms.md).
"""

from __future__ import annotations

from pathlib import Path

from tests.api.conftest import created
from tests.api.office.every_form.acts import noted
from tests.api.office.every_form.forms import in_its_form, retelling
from tests.api.office.every_form.rest import Pair
from tests.support.stories.year.record import make_the_year

ONE_IN = 6


def test_what_is_given_in_a_form_is_recorded_as_it_was_told(tmp_path: Path) -> None:
    with noted() as story:
        make_the_year(f"sqlite:///{tmp_path / 'told.sqlite'}")
    url = f"sqlite:///{tmp_path / 'again.sqlite'}"
    created(url)
    done: set[Pair] = set()
    for again in retelling(url, story, {}):
        again.tell(story.acts, in_its_form(done, ONE_IN))
        assert again.faults == []
    assert len(done) > 15
