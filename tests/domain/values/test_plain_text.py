"""Text is kept as typed, compared by its key; what cannot be seen is refused. Both sides of each boundary."""

from __future__ import annotations

import unicodedata
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.fields import TextRule
from domain.values.plain_text import control_in, folded_key, invisible_in, is_blank
from domain.values.refusal import Refusal

LINE, LINES = TextRule(100, lines=False), TextRule(100, lines=True)
KEPT = {
    "神 as a compatibility character": "\ufa19谷",
    "塚 as a compatibility character": "\ufa10本",
    "a variant by a selector of ideographs": "葛\U000e0100城",
    "a variant by a standard selector": "神\ufe00",
    "a heart as an emoji": "❤\ufe0f",
    "a Mongolian variant": "\u1820\u180b",
    "half width": "ﾙｰﾙ",
    "an ideographic blank between words": "協働\u3000条例",
    "a family of several": "👩\u200d👩\u200d👧",
    "a burning heart": "❤\ufe0f\u200d🔥",
    "a dark skin and a profession": "👩🏿\u200d🚒",
    "a joiner in Hindi": "क्\u200dष",
    "a non-joiner in Persian": "می\u200cخواهم",
    "decomposed": "か\u3099",
    "in a script from right to left": "שלום",
    "the first after the soft hyphen": "\u00ae",
    "the last before the tags": "\U000dffff",
    "the hyphen that can be seen": "\u2010",
    "the blank that has a width": "甲\u200a乙",
}
INVISIBLE = [
    *(
        "\u00ad",
        "\u034f",
        "\u061c",
        "\u115f",
        "\u1160",
        "\u17b4",
        "\u17b5",
        "\u180e",
        "\u200b",
        "\u200e",
        "\u200f",
    ),
    *("\u2060", "\u2061", "\u2064", "\u206a", "\u206f", "\u3164", "\uffa0", "\ufff9", "\ufffb"),
    *("\U0001bca0", "\U0001d173", "\U000e0001", "\U000e0020", "\U000e007f", "\ufdd0", "\ufffe", "\uffff"),
]
CONTROL = [
    "\x00",
    "\x08",
    "\x0b",
    "\x1f",
    "\x7f",
    "\x9f",
    "\u2028",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\ud800",
]


def code(rule: TextRule, text: str) -> str | None:
    try:
        rule.check(text, "/x")
    except Refusal as refused:
        return f"{refused.code} {refused.params.get('codepoint', '')}".strip()
    return None


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_what_is_typed_is_kept(text: str) -> None:
    assert code(LINE, text) is None
    assert code(LINE, f"前{text}後") is None


@pytest.mark.parametrize("sign", INVISIBLE, ids=lambda s: f"U+{ord(s):04X}")
def test_what_cannot_be_seen_is_refused_with_its_code_point(sign: str) -> None:
    for text in (f"甲{sign}乙", f"{sign}甲", f"甲{sign}"):
        assert code(LINE, text) == code(LINES, text) == f"TEXT_INVISIBLE {ord(sign):04X}"


@pytest.mark.parametrize("sign", CONTROL, ids=lambda s: f"U+{ord(s):04X}")
def test_controls_are_refused_as_they_were(sign: str) -> None:
    assert code(LINE, f"甲{sign}乙") == f"TEXT_NOT_PLAIN {ord(sign):04X}"


def test_tabs_and_line_feeds_stand_in_long_texts() -> None:
    for sign in "\t\n":
        assert (code(LINES, f"甲{sign}乙"), code(LINE, f"甲{sign}乙")) == (
            None,
            f"TEXT_NOT_PLAIN {ord(sign):04X}",
        )


@pytest.mark.parametrize(
    "text",
    [
        "市\u200d民",
        "市\u200c民",
        "a\u200db",
        "👩\u200d",
        "\u200d👩",
        "👩\u200d\u200d👧",
        "👩\u200d市",
        "市\u200d👩",
        "क\u200d\u200d",
    ],
)
def test_a_joiner_that_joins_nothing_is_refused(text: str) -> None:
    assert (code(LINE, text) or "").startswith("TEXT_INVISIBLE 200")


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\ufe0f", "\U000e0100 \ufe00"])
def test_a_text_of_which_nothing_can_be_seen_is_empty(text: str) -> None:
    assert is_blank(text)
    assert code(LINE, text) == "TEXT_EMPTY"


def test_every_sign_that_unicode_calls_invisible_is_refused_or_has_a_meaning() -> None:
    """Format characters (Cf): none passes but joiners and signs of scripts that print something."""
    passing = {
        chr(n)
        for n in chain(range(0xD800), range(0xE000, 0x110000))
        if unicodedata.category(chr(n)) in ("Cf", "Cc", "Zl", "Zp")
        and control_in(f"甲{chr(n)}乙") is None
        and invisible_in(f"甲{chr(n)}乙") is None
    }
    printing = {
        c for c in passing if "NUMBER" in unicodedata.name(c, "") or "SIGN" in unicodedata.name(c, "")
    }
    rest = passing - printing - set("\t\n")
    assert {unicodedata.name(c).split()[0] for c in rest} <= {"ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("\ufa19", "神"),
        ("\ufa10", "塚"),
        ("葛\U000e0100", "葛"),
        ("葛\U000e0101", "葛\U000e0100"),
        ("ﾙｰﾙ", "ルール"),
        ("か\u3099", "が"),
        ("㈱", "(株)"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
        ("市\u200b民", "市民"),
        ("👩\u200d👧", "👩👧"),
    ],
)
def test_texts_that_look_the_same_have_one_key(one: str, other: str) -> None:
    assert folded_key(one) == folded_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("髙", "高"), ("ー", "-"), ("っ", "つ"), ("斉", "斎"), ("か", "が")]
)
def test_letters_of_their_own_have_keys_of_their_own(one: str, other: str) -> None:
    assert folded_key(one) != folded_key(other)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded_key(folded_key(text)) == folded_key(text)


@pytest.mark.parametrize(
    "text", ["\u0645\u06cc\u200c\u0631\u0648\u062f\u200b", "\u200b\u0645\u06cc\u200c\u0631\u0648\u062f"]
)
def test_a_joiner_in_its_place_hides_no_sign_beside_it(text: str) -> None:
    assert invisible_in(text) == "\u200b"
    assert invisible_in(text.replace("\u200b", "")) is None
