"""過去の記録・表を入れる: where tables and past meetings come in, and what lies there and is not recorded."""

from __future__ import annotations

import datetime as dt

from werkzeug.wrappers import Response

from api.http.language import href, tr
from api.office.desk.frame import Screen, office_page
from api.office.meetings.bodies import councils
from api.office.tables.kinds import TABLES
from api.office.tables.minutes.screens import KIND as MINUTES
from api.office.tables.upload.frame import my_sheets
from api.reads.reading import reading
from api.words.days import office_day


def show() -> Response:
    with reading() as connection:
        known = councils(connection)
    return office_page(
        "office/tables/hub.html",
        "past",
        title=tr("過去の記録・表を入れる", "Past records and tables"),
        tables=[
            {
                "label": tr(*table.words),
                "url": href(f"/desk/tables/{table.key}"),
                "template": href(f"/desk/tables/{table.key}/template"),
                "columns": tr("、", ", ").join(
                    tr(*column.words) for column in table.columns if column.needed
                ),
            }
            for table in TABLES.values()
        ],
        councils=[{"value": key, "label": label} for key, label in known],
        council=known[0][0] if len(known) == 1 else "",
        waiting=[
            {
                "label": label,
                "url": href(url),
                "since": office_day(dt.datetime.fromisoformat(row.made_at).date()),
                "until": office_day(dt.datetime.fromisoformat(row.expires_at).date()),
            }
            for row in my_sheets().all()
            for label, url in _where(row.kind, row.sheet_id)
        ],
    )


def _where(kind: str, sheet_id: str) -> list[tuple[str, str]]:
    """What a sheet that waits is called, and where it goes on; nothing for what belongs to another."""
    if kind == MINUTES:
        return [(tr("過去の会議", "A past meeting"), f"/desk/past/meeting/{sheet_id}")]
    if kind not in TABLES:
        return []
    return [(tr(*TABLES[kind].words), f"/desk/tables/{kind}/{sheet_id}")]


SCREENS = (Screen("/past", show),)
