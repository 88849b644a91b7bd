"""A correction is as good as the original: one corrected date, wherever anybody reads it, through HTTP."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest

from projections.rebuild.replay import verify
from projections.registry import open_store
from tests.acceptance import test_whole_decision as story
from tests.acceptance.site import Site

DESK = "matter-desk"
WHY = "公印簿で確かめたところ8月25日だったため（架空）"


@pytest.fixture(scope="module")
def corrected(module_database_url: str) -> Iterator[Site]:
    """Concluded on 20 May 2030, decided by the city on 20 August as it was said first; on 1 October that is
    corrected: it was the 25th."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(story, "START", dt.datetime.fromisoformat("2030-05-20T19:00:00+09:00"))
        site = Site(module_database_url)
        site.on_the("2029-05-31")
        story.found_council(site)
        site.on_the("2030-05-21")  # it was over when it was written down
        for chapter in (story.prepare, story.meet, story.conclude):
            chapter(site)
    site.on_the("2030-09-01")
    decision = {"authority": "mayor", "document_no": "12市協第8号", "text": "試行する。"}
    site.post("APR", f"matters/{DESK}/record-city-decision", decided_on="2030-08-20", **decision)
    site.on_the("2030-10-01")
    version = next(
        e["version"] for e in site.get(f"matters/{DESK}/trail")["own"]["steps"] if e["type"] == DECIDED
    )
    change = [{"field": "decided_on", "after": "2030-08-25"}]
    asked = {"correction_id": "fix-1", "target_version": version, "changes": change, "reason": WHY}
    site.post("SEC", f"matters/{DESK}/propose-correction", **asked)
    site.post("CHR", f"matters/{DESK}/approve-correction", correction_id="fix-1")
    yield site
    site.close()


DECIDED = "CityDecisionRecorded"
NOW: tuple[str, ...] = ("", "as_known_on=2030-10-01", "in_force_on=2030-09-30")
"""Today, as it is known since the correction, and as known today of a day before it was made."""
BEFORE = "as_known_on=2030-09-30"


def _city(site: Site, question: str, moment: str) -> dict[str, Any]:
    found = site.get(f"questions/{question}?id={DESK}&{moment}", "SEC")["answer"]
    return dict(found["matters"][0])


def _page(site: Site, path: str) -> str:
    response = site.client.get(path, headers={"Accept-Language": "ja"})
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


@pytest.mark.parametrize("moment", NOW)
def test_it_is_the_corrected_day_in_every_answer(corrected: Site, moment: str) -> None:
    both = _city(corrected, "S8", moment)
    assert both["city"]["effective"]["value"] == "2030-08-25"
    assert (both["gap_in_days"]["at_least"], both["gap_in_days"]["at_most"]) == (97, 97)
    assert _city(corrected, "S7", moment)["in_force_from"]["value"] == "2030-08-25"
    (row,) = corrected.get(f"matters/{DESK}?{moment}")[DECIDED]
    assert (row["said"]["effective"]["value"], row["decided_on"]["value"]) == ("2030-08-25", "2030-08-25")
    (mark,) = row["said"]["corrections"]
    (change,) = mark["changes"]
    assert (change["field"], change["before"], change["after"]) == ("decided_on", "2030-08-20", "2030-08-25")
    assert (mark["reason"], mark["role"], mark["recorded_at"][:10]) == (WHY, "CHR", "2030-10-01")
    assert corrected.get(f"events/{mark['position']}")["type"] == "RecordCorrected"


def test_as_known_before_the_correction_it_is_the_day_that_was_told_first(corrected: Site) -> None:
    both = _city(corrected, "S8", BEFORE)
    assert both["city"]["effective"]["value"] == "2030-08-20"
    assert (both["gap_in_days"]["at_least"], both["gap_in_days"]["at_most"]) == (92, 92)
    assert _city(corrected, "S7", BEFORE)["in_force_from"]["value"] == "2030-08-20"
    (row,) = corrected.get(f"matters/{DESK}?{BEFORE}")[DECIDED]
    assert "corrections" not in row["said"]
    assert "訂正</span>" not in _page(corrected, f"/matters/{DESK}?{BEFORE}")


def test_between_the_two_days_it_was_not_in_force(corrected: Site) -> None:
    """Known today of 22 August: nothing was decided. Known then: it was, since the 20th."""
    assert _city(corrected, "S8", "in_force_on=2030-08-22")["city"] is None
    then = _city(corrected, "S8", "in_force_on=2030-08-22&as_known_on=2030-09-01")
    assert then["city"]["effective"]["value"] == "2030-08-20"


@pytest.mark.parametrize("question", ["S1", "S7", "S8", "S9"])
def test_a_question_tells_the_correction_beside_the_event(corrected: Site, question: str) -> None:
    told = corrected.get(f"questions/{question}?id={DESK}", "SEC")
    (event,) = [e for e in told["events"] if e["type"] == DECIDED]
    assert event["effective"]["value"] == "2030-08-25"
    assert [c["reason"] for c in event["corrections"]] == [WHY]


def test_the_trail_is_in_the_order_of_what_stands(corrected: Site) -> None:
    (step,) = [s for s in corrected.get(f"matters/{DESK}/trail")["own"]["steps"] if s["type"] == DECIDED]
    assert step["effective"]["value"] == "2030-08-25" and step["corrections"]


@pytest.mark.parametrize("path", [f"/matters/{DESK}", f"/trails/{DESK}", "/timeline?year=2030"])
@pytest.mark.parametrize("moment", NOW)
def test_pages_show_the_day_and_the_mark(corrected: Site, path: str, moment: str) -> None:
    page = _page(corrected, path + ("&" if "?" in path else "?") + moment)
    assert "8月25日" in page and ">訂正</span>" in page and WHY in page
    without_marks = re.sub(r'<details class="corrected">.*?</details>', "", page, flags=re.DOTALL)
    without_marks = re.sub(r"<del>.*?</del>", "", without_marks)  # what stood there, beside what stands
    shown = re.sub(r"<[^>]*>", " ", without_marks)
    assert not re.search(r"(?<!訂正前)8月20日", re.split("訂正の提案|記録の訂正", shown)[0])


def test_the_table_of_the_timeline_says_it_too(corrected: Site) -> None:
    lines = _page(corrected, "/timeline.csv?year=2030").splitlines()
    (line,) = [x for x in lines if "市の決定" in x and "2030-08" in x]
    assert "2030-08-25" in line and "2030-08-20" not in line
    assert line.endswith("2030-10-01T03:00Z") and lines[0].endswith("訂正")


def test_every_view_equals_a_replay(corrected: Site) -> None:
    store = open_store(corrected.url)
    assert [proof.view for proof in verify(store) if not proof.equal] == []
    store.close()
