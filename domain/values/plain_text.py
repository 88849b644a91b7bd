"""Text as it is typed, and when two texts are the same.

A text is kept to the letter: a name with 神 or 塚 in its compatibility form (U+FA19, U+FA10) stays, and so do
variation selectors, which choose a form of a character (葛 U+845B with U+E0100). What cannot be seen, and
changes what is seen or makes texts look alike that are not, is refused: controls, signs that turn the
direction of writing, blanks without width, fillers, tags. A joiner stands only where it joins: in an emoji
made of several, and in scripts that are written with it.

Texts are compared, and searched, by :func:`folded_key`, in which none of these differences is left.
"""

from __future__ import annotations

import re
import unicodedata

REFUSED_FIRST = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
"""Controls but tab and line feed, directions, separators, byte order mark, halves of characters: refused from
the first edition of the rules on."""
_CONTROL = re.compile(f"[{REFUSED_FIRST}]")
_CONTROL_IN_LINE = re.compile(f"[\x09\x0a{REFUSED_FIRST}]")

_NO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164"
)
_MARKS = chr(0xFFA0) + "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f"
_INVISIBLE = re.compile(f"[{_NO_WIDTH}{_MARKS}\ufdd0-\ufdef\ufffe\uffff]")
"""Soft hyphen, joiner of marks, marks of direction, fillers, blanks without width, signs of notation, tags,
and what is no character."""

SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d\u180f"
"""Variation selectors: they choose a form of the character before them."""
_JOINERS = "\u200c\u200d"
_JOINED_SCRIPTS = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af\ua840-\ua87f"
"""Scripts in which a joiner changes how letters are written: Arabic, those of India, Myanmar, Khmer,
Mongolian."""
_EMOJI = "\u2190-\u21ff\u2300-\u27bf\u2900-\u2bff\U0001f000-\U0001faff"
_JOINS = re.compile(
    f"(?<=[{_JOINED_SCRIPTS}])[{_JOINERS}]|(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])",
)
_JOINER = re.compile(f"[{_JOINERS}]")
_IGNORED = re.compile(f"[{SELECTORS}{_JOINERS}{_NO_WIDTH}{_MARKS}]")


def with_line_feeds(text: str) -> str:
    """The text with each line ended as this record ends one, whatever ended it where it was written (Windows:
    CRLF). That is no other text, so nobody is sent back for it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def control_in(text: str, *, lines: bool = True) -> str | None:
    """The first control or sign of direction in a text; ``lines`` allows tabs and line feeds."""
    match = (_CONTROL if lines else _CONTROL_IN_LINE).search(text)
    return match[0] if match else None


def pattern_of(*, lines: bool) -> str:
    """What a text looks like in which :func:`control_in` finds nothing, for a description by JSON Schema:
    its regular expressions know no halves of characters."""
    of_a_line = "" if lines else "\\u0009\\u000a"
    first = REFUSED_FIRST.removesuffix("\ud800-\udfff")
    first = (
        first.replace("\x0b-\x1f", "\x0b\x0c\x0e-\x1f") if lines else first
    )  # \r ends a line, and is made \n
    written = "".join(sign if sign == "-" else f"\\u{ord(sign):04x}" for sign in first)
    return f"^[^{of_a_line}{written}]*$"


def invisible_in(text: str) -> str | None:
    """The first sign in a text that cannot be seen and has no meaning where it stands."""
    if text.isascii():
        return None
    match = _INVISIBLE.search(text)
    if match is None and _JOINER.search(text):
        match = _JOINER.search(_JOINS.sub("", text))
    return match[0] if match else None


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return not (text if text.isascii() else _IGNORED.sub("", text)).strip()


def folded_key(text: str) -> str:
    """By what texts are compared: NFKC, case folded, without variation selectors and joiners.

    Full and half width (ﾙｰﾙ = ルール), compatibility forms (神 = 神, ㈱ = (株)), upper and lower case are
    one; a long vowel mark, a small kana and a variant with a code of its own (髙 and 高) are letters of
    their own. Doing it twice changes nothing more."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKC", _IGNORED.sub("", text))
    return unicodedata.normalize("NFKC", bare.casefold())
