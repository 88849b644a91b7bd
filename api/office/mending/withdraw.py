"""取り消す /desk/mend/{position}/withdraw: what oneself recorded by mistake today, in one press."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from api.http.language import tr
from api.office.desk.acts import Act, record, rehearse
from api.office.desk.frame import office_page
from api.office.desk.refused import shown as refusal_shown
from api.office.mending.at_hand import AtHand, at_hand, mend_path, shown
from api.office.mending.ways import ways
from api.setup.one_moment import living
from domain.values.refusal import Refusal

WHYS: tuple[tuple[str, str], ...] = (
    ("書きまちがえた", "written by mistake"),
    ("人をまちがえた", "the wrong person"),
    ("二度書いた", "written twice"),
    ("日をまちがえた", "the wrong day"),
    ("そのほか", "something else"),
)


def show(position: int) -> AnyResponse:
    with living() as connection:
        return _page(connection, at_hand(connection, position))


def act(position: int) -> AnyResponse:
    with living() as connection:
        hand = at_hand(connection, position)
        why = request.form.get("why", WHYS[-1][0])
        words = request.form.get("words", "").replace("\r\n", "\n").strip()
        chosen = next((tr(*pair) for pair in WHYS if pair[0] == why), tr(*WHYS[-1]))
        reason = tr("。", ". ").join(filter(None, [chosen, words]))
        try:
            record([_act(hand, reason)], f"withdraw.{hand.stored.event_id}")
        except Refusal as refused:
            return _page(connection, hand, [refused], status=422)
        address = shown(hand, connection)["desk_url"]
    flash(
        tr(
            "取り消しました。畳まれて残り、どの数にも入りません。",
            "Taken back. It stays, folded away, and counts in nothing.",
        ),
        "success",
    )
    return redirect(address, 303)


def _act(hand: AtHand, reason: str) -> Act:
    body = {"target_version": hand.stored.version, "reason": reason}
    return Act(hand.kind, "withdraw_event", hand.entity, body)


def _page(
    connection: sa.Connection, hand: AtHand, faults: list[Refusal] | None = None, status: int = 200
) -> AnyResponse:
    tried = rehearse([_act(hand, tr(*WHYS[-1]))]).faults if faults is None else faults
    return office_page(
        "office/mending/withdraw.html",
        "mending",
        status=status,
        now=shown(hand, connection),
        ways=ways(hand, "withdraw"),
        action=mend_path(hand.stored.position, "withdraw"),
        correct_url=mend_path(hand.stored.position, "correct"),
        faults=[refusal_shown(fault) for fault in tried],
        whys=[
            {"value": ja, "label": tr(ja, en), "chosen": ja == request.form.get("why", WHYS[0][0])}
            for ja, en in WHYS
        ],
        words=request.form.get("words", ""),
    )
