"""How offices write: headings of columns, and words for what a cell may say. None of it is shown to anybody.

Headings and words are compared in their plain form (values.plain): full-width and half-width alike, no
spaces.
"""

from __future__ import annotations

NOTHING = frozenset({"", "-", "ー", "―", "なし", "無", "無し", "該当なし", "不明", "未定"})
"""A cell that says that there is nothing, or that nobody knows."""
NOTHING_OF_MONEY = NOTHING | frozenset({"皆増", "皆減", "－", "—"})

THOUSANDS = ("千円",)
TOTALS = ("合計", "計", "小計", "総計", "総合計", "合", "小")
"""First words of a row that sums others up."""
NOTES = ("※", "注", "(注", "＊", "*")
"""How a note below a table begins."""
EXAMPLE = "例"
"""How the row of example in our own templates is marked, in its first column."""
