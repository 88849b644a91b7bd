"""What may be meant by a word that finds nothing: the words of names and labels, by edit distance.

Only what the reader may see is read for it, so that no suggestion tells of something closed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import msgspec
import sqlalchemy as sa

from domain.kernel.viewer import Viewer
from projections.answers.finding.asking import parts_of
from projections.answers.finding.matching import Seen
from projections.answers.finding.words import Vocabulary
from projections.engine.text_folding import folded
from projections.views.record.search_index import document, is_heading, open_texts

NAMES_READ = 1_500
MOST = 3
_RUN = re.compile(r"[一-鿿々〆ヶ]{2,}|[ァ-ヺー]{3,}|[ぁ-ゖ一-鿿々]{3,}|[A-Za-z]{4,}")


def suggestions(
    connection: sa.Connection, query: str, viewer: Viewer, vocabulary: Vocabulary, *, most: int = MOST
) -> list[str]:
    """What may have been meant, the nearest first: words near to what was typed as a whole, or the query
    with its parts put right."""
    known = list(_words(connection, viewer, vocabulary))
    if whole := _near(query, known)[:most]:
        return whole
    mended = query
    for part in parts_of(query):
        if part != query and (near := _near(part, known)):
            mended = mended.replace(part, near[0])
    return [mended] if mended != query else []


def _near(query: str, known: Iterable[str]) -> list[str]:
    """Pieces of what is known near to a word, by how far they are; nothing if the word itself is known."""
    typed = folded(query).replace(" ", "")
    if not 2 <= len(typed) <= 20:
        return []
    length = len(unicodedata.normalize("NFKC", query))
    allowed = 1 if len(typed) < 6 else 2
    near: dict[str, tuple[int, int, str]] = {}
    for order, written in enumerate(known):
        for piece in _pieces(written, typed, length, allowed):
            same = folded(piece)
            if len(typed) < 4 and len(same) != len(typed):
                continue
            far = distance(typed, same, allowed)
            if far == 0:
                return []
            if far <= allowed and (same not in near or (far, order) < near[same][:2]):
                near[same] = (far, order, piece)
    return [piece for _, _, piece in sorted(near.values())]


def _words(connection: sa.Connection, viewer: Viewer, vocabulary: Vocabulary) -> Iterator[str]:
    """Names on record, the newest first, then what pages and lists call things."""
    seen, d = Seen(viewer, postgres=connection.dialect.name == "postgresql"), document.table
    cut = sa.case((seen.cut, 1), else_=0).label("cut")
    rows = connection.execute(
        sa.select(d.c.texts, d.c.hidden, cut)
        .where(d.c.heading != "", *seen.readable)
        .order_by(d.c.position.desc())
        .limit(NAMES_READ)
    )
    listed: dict[str, None] = {}
    for row in rows:
        texts: dict[str, str] = msgspec.json.decode(row.texts)
        if row.cut:
            texts = open_texts(texts, msgspec.json.decode(row.hidden))
        listed.update((text, None) for place, text in texts.items() if is_heading(place))
    yield from listed
    yield from dict.fromkeys(label for label, _ in vocabulary.labels)
    yield from (word for group in vocabulary.groups for word in group)


def _pieces(written: str, typed: str, length: int, allowed: int) -> Iterable[str]:
    """Pieces of a text that are about as long as what was typed and share enough of its characters."""
    letters = set(typed)
    for run in _RUN.findall(written):
        if len(letters & set(folded(run))) < len(letters) - allowed:
            continue
        if len(run) <= length + allowed or run.isascii():
            yield run
            continue
        for size in (length, length + 1, length - 1):
            yield from (run[at : at + size] for at in range(len(run) - size + 1))


def distance(one: str, other: str, most: int) -> int:
    """How many characters are to be put in, taken out, changed or exchanged with their neighbour to make one
    text of the other; ``most`` + 1 for more than ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = list[int](), list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
