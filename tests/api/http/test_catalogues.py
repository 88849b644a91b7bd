"""A finished pair is recognised, whatever fills its blanks, and said in a further language."""

from __future__ import annotations

import time

import pytest

from api.http.catalogues import Catalogue, blanks_of

FRENCH = Catalogue(
    "fr",
    [
        ("会議", "meeting", "réunion"),
        ("{n}件の案件", "{n} matters", "{n} affaires"),
        ("{kind}（非公開）", "{kind} (not public)", "{kind} (non public)"),
        ("「{title}」の{kind}", "the {kind} of “{title}”", "{kind} de « {title} »"),
        ("{day}に終了", "ended on {day}", "fini le {day}"),
        ("・日付の記録なし", ", day not recorded", ", jour inconnu"),
        ("{year}年度", "FY{year}", "exercice {year}"),
        ("{}（{}）", "{} ({})", "{} – {}"),
        ("、", ", ", " ; "),
        ("{n}件", "{n}", "{n} cas"),
        ("委員", "member", "membre"),
        ("", "as stated by ", "selon "),
        ("{told}。", "{told}.", "{told} !"),
    ],
)


@pytest.mark.parametrize(
    ("ja", "en", "fr"),
    [
        ("会議", "meeting", "réunion"),
        ("12件の案件", "12 matters", "12 affaires"),
        ("会議（非公開）", "meeting (not public)", "réunion (non public)"),
        ("「公園」の会議", "the meeting of “公園”", "réunion de « 公園 »"),
        ("「a（非公開）」の会議", "the meeting of “a (not public)”", "réunion de « a (non public) »"),
        ("平成18年に終了", "ended on 2006", "fini le 2006"),
        ("2008年度・日付の記録なし", "FY2008, day not recorded", "exercice 2008, jour inconnu"),
        ("会議、委員", "meeting, member", "réunion ; membre"),
        ("山田（会議）", "山田 (meeting)", "山田 – réunion"),
        ("会議。", "meeting.", "réunion !"),
        ("", "as stated by ", "selon "),
        ("1\n2件の案件", "1\n2 matters", "1\n2 affaires"),
    ],
)
def test_a_pair_is_said_in_the_further_language(ja: str, en: str, fr: str) -> None:
    assert FRENCH.say(ja, en) == fr


@pytest.mark.parametrize(
    ("ja", "en"),
    [
        ("案件", "matter"),
        ("無件", "matter"),
        ("何も知らない。", "Nothing is known."),
        ("会議", "session"),
        ("12件の案件です", "There are 12 matters"),
        ("公園", "公園"),
        ("会議、公園の花", "meeting, flowers"),
        ("長" * 3_000 + "（非公開）", "x" * 3_000 + " (not public)"),
    ],
)
def test_what_is_not_known_stays_english(ja: str, en: str) -> None:
    assert FRENCH.say(ja, en) == en


def test_a_template_that_is_filled_later_keeps_its_blanks() -> None:
    assert FRENCH.say("{}（{}）", "{} ({})").format("a", "b") == "a – b"


def test_a_long_text_that_almost_fits_takes_no_time() -> None:
    started = time.perf_counter()
    FRENCH.say("（" * 1_500 + "非公開", "(" * 1_500 + "not public")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("text", "blanks"), [("a", []), ("{b} {a} {b}", ["a", "b", "b"]), ("{} {}", ["0", "1"]), ("{{x}}", [])]
)
def test_the_blanks_of_a_sentence(text: str, blanks: list[str]) -> None:
    assert blanks_of(text) == blanks


def test_a_language_knows_its_name_and_its_direction() -> None:
    assert (FRENCH.name, FRENCH.is_right_to_left) == ("Français", False)
    assert Catalogue("ar", ()).is_right_to_left
