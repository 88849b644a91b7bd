"""Legal basis 根拠法令: ordinances and their articles, as the sources quote them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from domain.kernel.events import Recorded
from domain.legal_instrument.aggregate import ArticleTextRecorded, OrdinanceAmended, OrdinanceEnacted
from projections.engine.event_json import event_json
from projections.engine.view import Key, Row, View, column, json_column, key, number

VIEW = View("legal_basis", 3, ja="根拠法令", en="Legal basis", source=__name__)

instrument = VIEW.table("legal_instrument", key("instrument_id"), column("title"), json_column("doc"))
article = VIEW.table(
    "legal_article",
    key("article_key"),
    column("instrument_id", index=True),
    number("sort", required=True),
    json_column("doc"),
)


@instrument.on(OrdinanceEnacted)
def _enacted(row: Row | None, e: Recorded[OrdinanceEnacted], _: Key) -> Row:
    return {"title": e.data.title_ja, "doc": {**event_json(e), "amendments": []}}


@instrument.on(OrdinanceAmended)
def _amended(row: Row | None, e: Recorded[OrdinanceAmended], _: Key) -> Row | None:
    if row is not None:
        row["doc"]["amendments"].append(event_json(e))
    return row


def _article_key(e: Recorded[ArticleTextRecorded]) -> Iterator[str]:
    yield e.subject


@article.on(ArticleTextRecorded, keys=_article_key)
def _text(row: Row | None, e: Recorded[ArticleTextRecorded], _: Key) -> Row:
    earlier = [*row["doc"]["versions"], row["doc"]["text"]] if row else []
    return {
        "instrument_id": e.entity,
        "sort": e.data.article if isinstance(e.data.article, int) else 0,
        "doc": {"text": event_json(e), "versions": earlier},
    }


def instruments() -> sa.Select[Any]:
    """The instruments on record."""
    return sa.select(instrument.table).order_by(instrument.table.c.instrument_id)


def articles(instrument_id: str) -> sa.Select[Any]:
    """The articles on record of one instrument, the preamble first."""
    table = article.table
    return (
        sa.select(table)
        .where(table.c.instrument_id == instrument_id)
        .order_by(table.c.sort, table.c.article_key)
    )
