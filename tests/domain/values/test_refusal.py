"""A refusal explains itself, whatever becomes of it on its way to the reader."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from domain.rules.edition import EDITION
from domain.rules.money import THOUSANDS, WHOLE_YEN
from domain.values.refusal import REFUSALS, Declared, Refusal, refusal

FEW = Declared(
    "TOO_FEW",
    ja="{present}人しかいません。",
    en="Only {present} are here.",
    rule=WHOLE_YEN,
    next_ja="待つ。",
    next_en="Wait.",
)


def test_a_refusal_says_what_is_wrong_and_what_to_do_in_both_languages() -> None:
    refused = FEW(present=13)
    assert (refused.code, refused.params, refused.pointer) == ("TOO_FEW", {"present": 13}, None)
    assert (refused.sentence("ja"), refused.sentence("en")) == ("13人しかいません。", "Only 13 are here.")
    assert (refused.what_next("ja"), refused.what_next("en")) == ("待つ。", "Wait.")
    assert str(refused) == "TOO_FEW: Only 13 are here."


def test_a_refusal_tells_the_rule_it_comes_from_with_its_source() -> None:
    for lang, words in (("ja", WHOLE_YEN.ja), ("en", WHOLE_YEN.en)):
        line = FEW(present=13).rule(lang)  # type: ignore[arg-type]
        assert line == WHOLE_YEN.line(lang) and line.startswith(words) and len(line) > len(words)  # type: ignore[arg-type]


def test_a_number_that_was_forgotten_is_a_dash_and_not_another_error() -> None:
    assert (FEW().sentence("ja"), FEW().sentence("en")) == ("—人しかいません。", "Only — are here.")


def test_a_refusal_is_said_of_one_field_wherever_that_lies() -> None:
    here = FEW(present=13).at("/present")
    assert (here.pointer, here.params, here.declared) == ("/present", {"present": 13}, FEW)
    assert here.under("/meetings/2").pointer == "/meetings/2/present"
    assert FEW().under("/meetings/2").pointer == "/meetings/2"


def test_a_refusal_comes_back_from_another_process() -> None:
    again = pickle.loads(pickle.dumps(FEW(present=13).at("/present")))
    assert isinstance(again, Refusal)
    assert (again.declared, again.params, again.pointer) == (FEW, {"present": 13}, "/present")


def test_a_state_that_does_not_allow_it_is_the_usual_reason() -> None:
    assert FEW.kind == "conflict"
    words: dict[str, Any] = {"ja": "x", "en": "x", "rule": THOUSANDS, "next_ja": "x", "next_en": "x"}
    try:
        declared = refusal("TRIED_FOR_THIS_TEST", **words)
        assert (declared.kind, REFUSALS["TRIED_FOR_THIS_TEST"]) == ("conflict", declared)
        assert (declared.ja, declared.en, declared.rule, declared.since) == ("x", "x", THOUSANDS, 1)
        with pytest.raises(ValueError, match="TRIED_FOR_THIS_TEST is declared twice"):
            refusal("TRIED_FOR_THIS_TEST", **words, kind="invalid")
        assert REFUSALS["TRIED_FOR_THIS_TEST"] is declared
    finally:
        del REFUSALS["TRIED_FOR_THIS_TEST"]


def test_a_refusal_comes_with_an_edition_of_the_rules_that_there_is() -> None:
    words: dict[str, Any] = {"ja": "x", "en": "x", "rule": THOUSANDS, "next_ja": "x", "next_en": "x"}
    for since in (1, EDITION):
        try:
            assert refusal("TRIED_FOR_THIS_TEST", **words, since=since).since == since
        finally:
            del REFUSALS["TRIED_FOR_THIS_TEST"]
    for since in (0, EDITION + 1):
        with pytest.raises(ValueError, match=f"TRIED_FOR_THIS_TEST: no edition {since} of the rules"):
            refusal("TRIED_FOR_THIS_TEST", **words, since=since)
    assert "TRIED_FOR_THIS_TEST" not in REFUSALS


def test_what_is_declared_stays_as_it_is() -> None:
    with pytest.raises(AttributeError):
        FEW.code = "TOO_MANY"  # type: ignore[misc]
