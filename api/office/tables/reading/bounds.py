"""How large a sheet may be. Whoever pastes more is told which cell is the first too many."""

from __future__ import annotations

from dataclasses import dataclass

from api.office.tables.reading.refusals import SHEET_TOO_LARGE
from api.office.tables.reading.sheet import Place, address


@dataclass(frozen=True)
class Bounds:
    """The most rows, columns and cells that hold something; the most bytes that a file unpacks to."""

    rows: int = 12_000
    columns: int = 256
    cells: int = 300_000
    unpacked: int = 64 << 20

    def check(self, place: Place, cells: int) -> None:
        """Refuses ``SHEET_TOO_LARGE`` for the cell at ``place`` as the one that is too many."""
        if place[0] > self.rows or place[1] > self.columns or cells > self.cells:
            raise SHEET_TOO_LARGE(
                rows=f"{self.rows:,}",
                columns=f"{self.columns:,}",
                cells=f"{self.cells:,}",
                cell=address(place),
            )


USUAL = Bounds()
