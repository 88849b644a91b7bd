"""Conclusions of the council and decisions of the city by fiscal year: a view of one's own, kept from the
public record.

    python examples/decisions_per_year.py http://127.0.0.1:8000 decisions.db            # go on for ever
    python examples/decisions_per_year.py http://127.0.0.1:8000 decisions.db --once     # catch up and end

It keeps its counts and its position in one SQLite file, in one transaction: however hard it is stopped, it
goes on where it was and counts nothing twice. What has no date on record is counted under "unknown".
"""

from __future__ import annotations

import argparse
import signal
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from projections.follow import Event, Follower, SQLitePositions

COUNTED = {"MatterConcluded": "conclusions", "CityDecisionRecorded": "decisions"}


def fiscal_year(event: Event) -> str:
    """The fiscal year (from April) in which all of an event's interval lies; "unknown" if there is none."""
    bounds = (event["effective"]["earliest"], event["effective"]["latest"])
    years = {int(day[:4]) - (day[5:7] < "04") for day in bounds if day is not None}
    return str(years.pop()) if None not in bounds and len(years) == 1 else "unknown"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("service", help="the address of the record")
    parser.add_argument("file", help="the SQLite file to keep the counts in")
    parser.add_argument("--once", action="store_true", help="end when there is nothing new")
    options = parser.parse_args()
    connection = sqlite3.connect(options.file)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS per_year (fiscal_year TEXT PRIMARY KEY, conclusions INTEGER DEFAULT 0,"
        " decisions INTEGER DEFAULT 0)"
    )

    def handle(events: list[Event]) -> None:
        for event in events:
            column = COUNTED.get(event["type"] or "")
            if column is not None:
                connection.execute(
                    f"INSERT INTO per_year (fiscal_year, {column}) VALUES (?, 1)"
                    f" ON CONFLICT (fiscal_year) DO UPDATE SET {column} = {column} + 1",
                    (fiscal_year(event),),
                )

    follower = Follower(options.service, SQLitePositions(connection, "decisions per year"))
    signal.signal(signal.SIGTERM, lambda *_: follower.stop())
    try:
        follower.run(handle, until_caught_up=options.once)
    except KeyboardInterrupt:
        print("stopped; what was counted is kept", file=sys.stderr)
    for year, conclusions, decisions in connection.execute("SELECT * FROM per_year ORDER BY fiscal_year"):
        print(f"{year}\t{conclusions}\t{decisions}")


if __name__ == "__main__":
    main()
