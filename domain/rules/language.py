"""The two languages of the record."""

from __future__ import annotations

from typing import Literal

Language = Literal["ja", "en"]
