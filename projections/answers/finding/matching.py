"""Which rows of the index say a word, and how much that counts, for whoever asks.

The pairs and tokens of the index only find candidates; the folded text decides, and a token must be there
whole. What is closed to the reader is left out by the same condition that finds the rest: it is neither shown
nor counted, nor does it move anything up.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

import sqlalchemy as sa

from domain.kernel.viewer import Viewer
from projections.answers.finding.words import Word
from projections.engine.spelling.written_values import own
from projections.views.record.closed_parts import closed_part
from projections.views.record.search_index import PAIRS, document

CALLED, CALLED_TOO, MOSTLY, NAMED, IN_NAME, PART_NAMED = 100, 80, 65, 60, 50, 40
VALUE, CONCLUSION, TEXT, OTHERWISE, LABEL = 35, 30, 20, 15, 10
"""How much a word counts: it is what the thing is called, itself or in another spelling or word; it is most
of its name, stands in it, or does in another spelling; it stands in the name of a part; it is a value that
the event states (a day, an amount); what was concluded says it; a text says it, or in another spelling; the
word stands on the page for what is recorded."""
CONCLUSIONS = (
    "MatterConcluded",
    "ResolutionTaken",
    "ResolutionReported",
    "CityDecisionRecorded",
    "CityResponseRecorded",
    "PlanApprovedByCity",
    "SettlementRecorded",
    "CommentDisposed",
)
"""Events in which a question found its answer."""


class Seen:
    """The index as a reader may see it, and conditions on its rows."""

    def __init__(self, viewer: Viewer, *, postgres: bool):
        d = document.table
        self.postgres, self._find = postgres, sa.func.strpos if postgres else sa.func.instr
        self.cut: sa.ColumnElement[bool] = sa.false() if viewer.staff else _redacted_in_part()
        self.readable: tuple[sa.ColumnElement[bool], ...] = () if viewer.staff else (~_closed(),)
        self.row: Any = d.c
        self.heading: Any
        self.text: Any
        self.tokens: Any
        self.content: Any
        self.heading, self.text, self.tokens, self.content = (
            whole if viewer.staff else sa.case((self.cut, open_part), else_=whole)
            for whole, open_part in (
                (d.c.heading, d.c.open_heading),
                (d.c.folded, d.c.open_folded),
                (d.c.tokens, d.c.open_tokens),
                (d.c.content, d.c.open_content),
            )
        )

    def among(self, *conditions: sa.ColumnElement[bool]) -> Seen:
        """The same of these rows alone, each with what is to be seen of it worked out once."""
        names = ("version", "entity", "subject", "kind", "type", "fiscal_year", "sort", "position")
        seen = {
            "heading": self.heading,
            "text": self.text,
            "tokens": self.tokens,
            "content": self.content,
        }
        chosen = (
            sa.select(
                *(self.row[name] for name in names), *(column.label(name) for name, column in seen.items())
            )
            .where(*conditions, *self.readable)
            .subquery()
        )
        among = copy(self)
        among.row, among.readable = chosen.c, ()
        among.heading, among.text, among.tokens, among.content = (chosen.c[name] for name in seen)
        return among

    def says(self, word: Word, *, in_names: bool) -> sa.ColumnElement[bool]:
        """Rows that say a word; ``in_names``: as what something is called."""
        where = self.heading if in_names else self.text
        in_text = [self._has(where, text) for text in word.texts]
        attached = [self.content.in_(word.files)] if word.files else []
        return sa.or_(*in_text, *(self._has(self.tokens, f" {token} ") for token in word.tokens), *attached)

    def score(self, word: Word) -> sa.ColumnElement[int]:
        """How much a word counts in a row; 0 where it is not said."""
        first, others = word.texts[0], word.texts[1:]
        is_its_own = sa.and_(self.row.version == 1, self.row.subject == self.row.entity)
        concluded = self.row.type.in_(CONCLUSIONS)
        cases: list[tuple[sa.ColumnElement[bool], int]] = [
            (sa.and_(is_its_own, self._has(self.heading, f"\n{first}\n")), CALLED),
        ]
        if others:
            called_too = self._any(self.heading, (f"\n{other}\n" for other in others))
            cases.append((sa.and_(is_its_own, called_too), CALLED_TOO))
        named, brief = self._has(self.heading, first), sa.func.length(self.heading) <= 2 * len(first) + 4
        cases += [(sa.and_(is_its_own, brief, named), MOSTLY), (sa.and_(is_its_own, named), NAMED)]
        if others:
            cases.append((sa.and_(is_its_own, self._any(self.heading, others)), IN_NAME))
        cases.append((self._any(self.heading, word.texts), PART_NAMED))
        if numbers := [own(value) for value in word.values if value.startswith("n:")]:
            cases.append((self._any(self.tokens, map(" {} ".format, numbers)), CALLED))
        if word.values:
            cases.append((self._any(self.tokens, map(" {} ".format, word.values)), VALUE))
        if not is_short(word):
            cases.append((sa.and_(concluded, self._any(self.text, word.texts)), CONCLUSION))
            cases.append((self._has(self.text, first), TEXT))
            cases += [(self._any(self.text, others), OTHERWISE)] if others else []
        if word.files:
            cases.append((self.content.in_(word.files), TEXT))
        stated = [token for token in word.labels if token.startswith("v:")]
        if stated:
            of_results = self._any(self.tokens, map(" {} ".format, stated))
            cases += [(sa.and_(concluded, of_results), CONCLUSION), (of_results, OTHERWISE)]
        if word.labels:
            cases.append((self._any(self.tokens, map(" {} ".format, word.labels)), LABEL))
        return sa.case(*cases, else_=0)

    def candidates(self, words: Iterable[Word], *, every: bool) -> sa.ColumnElement[bool]:
        """Rows that may say the words: every one of them, or any. True where no index helps."""
        listed = list(words)
        indexed = [[*word.texts, *map(" {} ".format, word.tokens)] for word in listed if not is_short(word)]
        if not indexed or not (every or len(indexed) == len(listed)):
            return sa.true()
        d, files = document.table, {file for word in listed for file in word.files}
        by_pairs = PAIRS.chosen(d, self.postgres, indexed, every=every)
        return sa.or_(by_pairs, d.c.content.in_(sorted(files))) if files else by_pairs

    def _has(self, column: Any, text: str) -> sa.ColumnElement[bool]:
        return self._find(column, text) > 0

    def _any(self, column: Any, texts: Iterable[str]) -> sa.ColumnElement[bool]:
        return sa.or_(*(self._has(column, text) for text in texts))


def is_short(word: Word) -> bool:
    """Whether it is a single character, which stands in almost every text."""
    return len(word.typed) < 2


def _closed() -> sa.ColumnElement[bool]:
    """Closed as a whole: its stream, its part, the event, or the event that it tells of. (An event of which
    only fields are redacted is open as far as its row knows what is left.)"""
    d, c = document.table, closed_part.table
    in_part = sa.and_(c.c.part == d.c.event_part, c.c.fields != "[]", d.c.open_folded.is_not(None))
    of_it = c.c.part.in_([d.c.stream, d.c.part, d.c.about_part, d.c.event_part])
    return sa.exists().where(of_it, sa.not_(in_part))


def _redacted_in_part() -> sa.ColumnElement[bool]:
    d, c = document.table, closed_part.table
    return sa.and_(d.c.open_folded.is_not(None), sa.exists().where(c.c.part == d.c.event_part))
