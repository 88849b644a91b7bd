"""The figures of home: what the city answered and what was spent year by year, and what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from api.pages.parts.ledger import year_of
from api.pages.parts.serving import rows
from api.reads.reading import is_staff
from domain.matter.aggregate import Matter
from projections.answers.ledger import ledger_of
from projections.engine.event_json import Json
from projections.views.matter import matter_list
from projections.views.record.closed_parts import closed_in

YEARS = 5
TALKING = ("raised", "deliberating", "carried_over")
ANSWERS = ("accepted", "partly", "not_taken", "decided", "waiting")
"""What may have become of what was sent: ``decided`` is a decision without any answer on record."""

_OF_ANSWER = {"accepted": "accepted", "partly": "partly", "deferred": "not_taken", "declined": "not_taken"}


class _Sent(msgspec.Struct):
    """What of a matter says what became of it; the rest of its row is not looked at."""

    ConclusionTransmitted: list[dict[str, Any]] = []
    CityResponseRecorded: list[dict[str, Any]] = []
    CityDecisionRecorded: list[Any] = []


_READER = msgspec.json.Decoder(_Sent)


def sent_to_city(connection: sa.Connection) -> list[Json]:
    """Every matter whose conclusion went to the city: in which fiscal year, what became of it, and since when
    it waits. What is closed of one is read as anybody may see it."""
    table = matter_list.matter.table
    chosen = sa.select(table).where(table.c.doc.contains('"ConclusionTransmitted"', autoescape=True))
    listed = connection.execute(chosen.order_by(table.c.position)).all()
    streams = {row.matter_id: Matter.stream_for(row.matter_id) for row in listed}
    closed = closed_in(connection, () if is_staff() else streams.values())
    cut = [row for row in listed if closed.has(streams[row.matter_id])]
    seen = {row["matter_id"]: row for row in rows(connection, "matters", cut)}
    return [
        {"matter_id": row.matter_id, **_became(seen[row.matter_id])}
        if row.matter_id in seen
        else {"matter_id": row.matter_id, **_became(msgspec.to_builtins(_READER.decode(row.doc)))}
        for row in listed
    ]


def _became(m: Json) -> Json:
    sent, replied = (m.get("ConclusionTransmitted") or [])[-1:], (m.get("CityResponseRecorded") or [])[-1:]
    disposition = replied[0].get("disposition") if replied else None
    is_decided = bool(m.get("CityDecisionRecorded"))
    became = _OF_ANSWER.get(disposition or "", "decided" if is_decided or replied else "waiting")
    return {
        "fiscal_year": year_of({"said": sent[0]["said"]}) if sent else None,
        "became": became,
        "since": sent[0]["said"]["effective"]["earliest"] if sent else None,
    }


def by_year(sent: Iterable[Json]) -> list[Json]:
    """How many became what, for each of the last fiscal years of which any is known, newest first."""
    years: dict[int, Counter[str]] = {}
    for entry in sent:
        if entry["fiscal_year"] is not None:
            years.setdefault(entry["fiscal_year"], Counter())[entry["became"]] += 1
    newest = sorted(years, reverse=True)[:1]
    wanted = [year for year in sorted(years, reverse=True) if newest and year > newest[0] - YEARS]
    return [{"fiscal_year": year, "counts": dict(years[year])} for year in wanted]


def talking(connection: sa.Connection, most: int) -> tuple[int, list[Json]]:
    """How many matters are being discussed, and the newest of them."""
    table = matter_list.matter.table
    chosen = sa.select(table).where(table.c.state.in_(TALKING))
    count = connection.scalar(sa.select(sa.func.count()).select_from(chosen.subquery())) or 0
    newest = chosen.order_by(table.c.time.desc(), table.c.position.desc()).limit(most)
    return count, rows(connection, "matters", connection.execute(newest))


def money(connection: sa.Connection) -> Json:
    """What all actions of all years together were given and spent, and the same for the last years."""
    ledger = ledger_of(connection, staff=is_staff())
    years: dict[int, Json] = {}
    for line in ledger:
        of_year = years.setdefault(
            line["fiscal_year"],
            {"fiscal_year": line["fiscal_year"], "budget": None, "spent": None, "open": 0},
        )
        if line["current_yen"] is not None:
            of_year["budget"] = (of_year["budget"] or 0) + line["current_yen"]
        if line["spent_yen"] is not None:
            of_year["spent"] = (of_year["spent"] or 0) + line["spent_yen"]
        of_year["open"] += line["spent_yen"] is None
    budgets = [line["current_yen"] for line in ledger if line["current_yen"] is not None]
    spendings = [line["spent_yen"] for line in ledger if line["spent_yen"] is not None]
    return {
        "actions": len({line["action_id"] for line in ledger}),
        "lines": len(ledger),
        "years": sorted(years.values(), key=lambda year: year["fiscal_year"], reverse=True)[: YEARS + 1],
        "all_years": len(years),
        "budget": sum(budgets) if budgets else None,
        "spent": sum(spendings) if spendings else None,
        "settled": len(spendings),
    }
