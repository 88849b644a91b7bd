"""What is closed says why, and what closes for deliberation is looked at again."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import msgspec
import pytest

from domain.values.disclosure import GROUNDS, Disclosure, Ground
from domain.values.law import Citation
from domain.values.refusal import Refusal

REVIEW = dt.date(2009, 4, 1)


@pytest.mark.parametrize("visibility", ["internal", "closed"])
def test_what_is_not_public_needs_a_ground(visibility: str) -> None:
    with pytest.raises(Refusal, match="GROUND_REQUIRED") as refused:
        msgspec.convert({"visibility": visibility}, Disclosure).check()
    assert refused.value.pointer == "/ground"


def test_deliberation_needs_a_day_of_review() -> None:
    with pytest.raises(Refusal, match="REVIEW_DATE_REQUIRED") as refused:
        Disclosure("closed", "deliberation").check()
    assert refused.value.pointer == "/review_on"
    assert Disclosure("closed", "deliberation", review_on=REVIEW).check().review_on == REVIEW


def test_what_is_public_needs_neither_and_may_have_both() -> None:
    for public in (Disclosure(), Disclosure("public", "personal"), Disclosure(review_on=REVIEW)):
        assert public.check() is public
        assert public.is_public
    with pytest.raises(Refusal, match="REVIEW_DATE_REQUIRED"):
        Disclosure("public", "deliberation").check()


@pytest.mark.parametrize("ground", [ground for ground in GROUNDS if ground != "deliberation"])
def test_no_other_ground_lapses(ground: Ground) -> None:
    closed = Disclosure("closed", ground)
    assert closed.check() is closed
    assert not closed.is_public


def test_everything_is_public_unless_it_says_otherwise() -> None:
    assert Disclosure().check().is_public
    assert msgspec.json.encode(Disclosure()) == b"{}"
    assert not Disclosure("internal", "personal").check().is_public


def test_every_ground_has_its_words_in_both_languages() -> None:
    assert list(GROUNDS) == list(get_args(Ground))
    assert all(ja and en for ja, en in GROUNDS.values())


@pytest.mark.parametrize(
    ("disclosure", "ja", "en"),
    [
        (
            Disclosure("closed", "deliberation", None, REVIEW),
            "非公開（理由: 審議検討情報）",
            "not public (deliberation in progress)",
        ),
        (Disclosure("internal", "personal"), "非公開（理由: 個人情報）", "not public (personal information)"),
        # imported without its ground: the gap is said, not filled
        (Disclosure("closed"), "非公開（理由: 理由の記録なし）", "not public (ground not recorded)"),
    ],
)
def test_a_stub_stands_where_something_is_closed(disclosure: Disclosure, ja: str, en: str) -> None:
    assert (disclosure.stub("ja"), disclosure.stub("en")) == (ja, en)


def test_a_disclosure_survives_json() -> None:
    closed = Disclosure("closed", "deliberation", Citation("law-disclosure-ordinance", 6), REVIEW)
    assert msgspec.json.decode(msgspec.json.encode(closed), type=Disclosure) == closed
