"""直す: a line of the record is corrected, taken back, closed to the public, or what it tells of somebody is
erased. From any line of the record, by its position."""

from __future__ import annotations

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from api.office.desk.frame import Entry, Screen
from api.office.mending import closing, confirming, correct, erasing, waiting, withdraw
from api.office.mending.at_hand import at_hand, meant, mend_path
from api.office.mending.ways import usual_way
from api.setup.one_moment import living

ENTRIES = (Entry("mending", "/desk/mend", "記録の直し", "Corrections", at_hand=True),)


def choose(position: int) -> AnyResponse:
    """From a line to the way that is usual for it; from what fixed a line, to that line."""
    with living() as connection:
        hand = at_hand(connection, position)
        target = meant(connection, hand.stored)
        if target != position:
            return redirect(mend_path(target), 303)
        if waiting.is_proposal(hand.stored):
            return redirect(waiting.proposal_path(position), 303)
        return redirect(mend_path(position, usual_way(hand)), 303)


def register(blueprint: Blueprint) -> None:
    for screen in (
        Screen("/mend", waiting.show_all),
        Screen("/mend/<int:position>", choose),
        Screen("/mend/<int:position>/correct", correct.show, correct.act),
        Screen("/mend/<int:position>/withdraw", withdraw.show, withdraw.act),
        Screen("/mend/<int:position>/close", closing.show, closing.act),
        Screen("/mend/<int:position>/erase", erasing.show),
        Screen("/mend/people/<id>", erasing.show_person, erasing.act_on_person, permit=erasing.permit),
        Screen("/mend/closings/<int:position>", confirming.show_closing, confirming.act_on_closing),
        Screen("/mend/proposed/<int:position>", waiting.show_one, waiting.act_on_one, permit=waiting.permit),
    ):
        screen.register(blueprint)
