"""過去の記録・表を入れる: where tables and past meetings come in, and what lies there and is not recorded."""

from __future__ import annotations

import datetime as dt

from werkzeug.wrappers import Response

from api.http.language import href, tr
from api.office.frame import Screen, office_page
from api.office.tables.kinds import TABLES
from api.office.tables.screens import my_sheets
from api.words.days import office_day


def show() -> Response:
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
        waiting=[
            {
                "label": tr(*TABLES[row.kind].words),
                "url": href(f"/desk/tables/{row.kind}/{row.sheet_id}"),
                "since": office_day(dt.datetime.fromisoformat(row.made_at).date()),
                "until": office_day(dt.datetime.fromisoformat(row.expires_at).date()),
            }
            for row in my_sheets().all()
            if row.kind in TABLES
        ],
    )


SCREENS = (Screen("/past", show),)
