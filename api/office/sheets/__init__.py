"""Evaluation sheets at the desk 評価シート: the years and what they lack, one sheet, each side's own answers,
the dialogue; and the page by which the citizens' side writes without an account."""

from __future__ import annotations

from flask import Blueprint

from api.office.desk.frame import Entry
from api.office.sheets import citys_side, listing, one

ENTRIES = (Entry("sheets", "/desk/sheets", "評価シート", "Evaluation sheets"),)


def register(blueprint: Blueprint) -> None:
    for screens in (listing, one, citys_side):
        screens.register(blueprint)
