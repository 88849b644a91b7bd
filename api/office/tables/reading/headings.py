"""Which row of a sheet has the headings, which column is what, and which rows below are no rows of the table.

All of it is a guess that whoever pasted the sheet can correct.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.office.tables.reading.sheet import Place, Sheet
from api.office.tables.reading.values import plain
from api.office.tables.reading.vocabulary import EXAMPLE, NOTES, TOTALS

LOOKED_AT = 20
"""Rows from the top among which the headings are."""
MOST_HEADING_ROWS = 3


@dataclass(frozen=True)
class Headings:
    """The rows of the headings, and what each column is called there."""

    first: int
    last: int
    texts: Mapping[int, str]


def find_headings(sheet: Sheet, names: Mapping[str, Sequence[str]]) -> Headings:
    """The row that names the most columns of the table; with the rows that it is one with."""
    best = max(
        range(1, min(sheet.rows, LOOKED_AT) + 1),
        key=lambda row: (len(set(match_columns(texts_of(sheet, row, row), names).values())), -row),
        default=1,
    )
    return headings_at(sheet, best)


def headings_at(sheet: Sheet, row: int) -> Headings:
    """The headings in a row, which may go over several: cells that are one downwards say so."""
    merged = [
        one for one in sheet.merged if one.top <= row <= one.bottom and one.top > row - MOST_HEADING_ROWS
    ]
    first = min((one.top for one in merged if one.is_down), default=row)
    last = max((one.bottom for one in merged if one.is_down), default=row)
    last = min(last, first + MOST_HEADING_ROWS - 1)
    return Headings(first, last, texts_of(sheet, first, last))


def texts_of(sheet: Sheet, first: int, last: int) -> dict[int, str]:
    """What each column is called in these rows, from above."""
    texts = {}
    for column in range(1, sheet.columns + 1):
        words = [sheet.at((row, column)).text.replace("\n", "") for row in range(first, last + 1)]
        texts[column] = " ".join(dict.fromkeys(filter(None, words)))
    return texts


def match_columns(texts: Mapping[int, str], names: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """Which column is what, by its heading; each of the table's columns once, by what fits best."""
    fits = sorted(
        (-fit, column, key)
        for column, text in texts.items()
        for key, known in names.items()
        if (fit := _fit(plain(text).lower(), known))
    )
    chosen: dict[int, str] = {}
    for _, column, key in fits:
        if column not in chosen and key not in chosen.values():
            chosen[column] = key
    return chosen


def _fit(heading: str, known: Sequence[str]) -> int:
    """How well a heading fits: as one of the names, or as one that holds, or ends with, one of them."""
    names = [plain(name).lower() for name in known]
    if heading in names:
        return 1_000 - names.index(heading)
    held = [len(name) for name in names if len(name) > 1 and name in heading]
    return max(held, default=0)


def as_many(
    texts: Mapping[int, str], chosen: dict[int, str], key: str, known: Sequence[str]
) -> dict[int, str]:
    """Further columns that are ``key`` too."""
    more = {
        column: key
        for column, text in texts.items()
        if column not in chosen and _fit(plain(text).lower(), known) > 1
    }
    return chosen | more


def body_rows(
    sheet: Sheet, below: int, columns: Sequence[int], taken: frozenset[int], left_out: frozenset[int]
) -> Iterator[tuple[int, str | None]]:
    """The rows below the headings, each with why it is no row of the table (None: it is one). ``taken`` and
    ``left_out``: what somebody said of a row."""
    for row in range(below + 1, sheet.rows + 1):
        if row in left_out:
            yield row, "left_out"
        elif row in taken:
            yield row, None
        else:
            why = _no_row(sheet, row, columns)
            if why != "empty":
                yield row, why


def _no_row(sheet: Sheet, row: int, columns: Sequence[int]) -> str | None:
    whole = [(column, sheet.own((row, column))) for column in range(1, sheet.columns + 1)]
    filled = [(column, cell) for column, cell in whole if not cell.is_empty]
    if not filled:
        return "empty"
    first = plain(filled[0][1].text)
    if first in TOTALS or any(
        first.startswith(total) and len(first) < 6 for total in TOTALS if len(total) > 1
    ):
        return "total"
    if first == EXAMPLE:
        return "example"
    if first.startswith(NOTES) and len(filled) <= 2:
        return "note"
    if not any(column in columns for column, _ in filled):
        return "aside"
    return None


def most_common(sheet: Sheet, places: Sequence[Place]) -> str | None:
    """What most of these cells say; None if no word is in more than half of them."""
    texts = [sheet.at(place).text for place in places]
    usual = max(set(texts), key=texts.count, default="")
    return usual if usual and texts.count(usual) * 2 > len(texts) else None
