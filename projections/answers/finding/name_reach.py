"""What else holds a person's name, before it is erased: texts, other entries of the vault; and what erasing
cannot reach (truth.md 4)."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from domain.kernel.viewer import Viewer
from domain.values.refusal import Refusal
from projections.answers.finding import searching
from projections.answers.finding.words import Word
from projections.engine.event_json import Json, bilingual
from projections.tables.durable import VAULT
from projections.views.matter import decision_trail

MOST_TEXTS = 200


def held_elsewhere(connection: sa.Connection, party_id: str) -> Json | None:
    """Where the name of this person stands beside its place in the vault; None if the vault has no name."""
    personal = connection.scalar(sa.select(VAULT.c.personal).where(VAULT.c.party_id == party_id))
    name: str | None = msgspec.json.decode(personal).get("name") if personal else None
    if name is None:
        return None
    texts, namesakes = _texts(connection, name), _namesakes(connection, name, party_id)
    return {
        "party_id": party_id,
        "texts": texts,
        "texts_note": bilingual(
            "出来事の文章は消えません。必要なら、公開担当がその箇所を非公開にします。",
            "Texts of events stay. Where that is needed, the disclosure officer redacts the place.",
        ),
        "same_name_in_vault": namesakes,
        "cannot_reach": _cannot_reach(connection),
    }


def _texts(connection: sa.Connection, name: str) -> list[Json]:
    """Events in whose words the whole name stands, or each part of it."""
    try:
        wanted = searching.search_for(name, {})
    except Refusal:
        return []
    chosen = searching.hits(wanted, Viewer(staff=True), postgres=connection.dialect.name == "postgresql")
    whole = "".join(word.typed for word in wanted.words)
    texts = {row.position: row for row in connection.execute(chosen.limit(MOST_TEXTS))}
    joined = searching.Search((Word.plain(whole),))
    again = searching.hits(joined, Viewer(staff=True), postgres=connection.dialect.name == "postgresql")
    texts |= {row.position: row for row in connection.execute(again.limit(MOST_TEXTS))}
    return [_text(texts[position]) for position in sorted(texts)]


def _text(row: Any) -> Json:
    return {"position": row.position, "type": row.type, "stream": row.stream, "subject": row.subject}


def _namesakes(connection: sa.Connection, name: str, party_id: str) -> list[str]:
    rows = connection.execute(sa.select(VAULT).where(VAULT.c.party_id != party_id).order_by(VAULT.c.party_id))
    return [other for other, personal in rows if msgspec.json.decode(personal).get("name") == name]


def _cannot_reach(connection: sa.Connection) -> list[Json]:
    table = decision_trail.step.table
    chosen = sa.select(sa.func.count(table.c.entity.distinct())).where(
        table.c.type == "DocumentContentAttached"
    )
    held = connection.scalar(chosen) or 0
    return [
        bilingual(
            f"保管している文書{held}件の内容（中の氏名は、文書ごとに確かめます）",
            f"the contents of {held} documents that are kept (names in them are looked at one by one)",
        ),
        bilingual(
            "これまでに作られたバックアップ（消えるのは、保存期間が過ぎてからです）",
            "backups that were made before (gone when their time is over)",
        ),
        bilingual(
            "すでに渡したもの（印刷物、書き出したファイル、ほかの機関や人の手元の写し）",
            "what was given out already: paper, exported files, copies that others hold",
        ),
    ]
