"""What the link in the mail leads to: what was typed is sent by whoever can read that mail, or deleted."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from itsdangerous import BadSignature

from api.http.language import register_in_each, tr
from api.http.problems import declare
from api.mail import outbox
from api.setup import rules_of_mail
from api.setup.store import record_store
from api.submissions import letters, queue
from api.submissions.answers import said, tokens

LINK_NOT_OURS = declare(
    404,
    "LINK_NOT_OURS",
    ja="このリンクは使えません。期限（48時間）が過ぎたか、途中で切れています。",
    en="This link does not work: its 48 hours are over, or a part of it is missing.",
    rule=rules_of_mail.SENT_IN,
    next_ja="メールのアドレス全体を開いてください。期限が過ぎていれば、もう一度フォームから送ってください。",
    next_en="Open the whole address in the mail. If its time is over, please fill in the form once more.",
)
blueprint = Blueprint("confirming", __name__)


@blueprint.get("/sent-in/<token>")
def show_link(token: str) -> Response:
    """Ask for a click: programs follow links in mails, and press no buttons."""
    submission = _of_link(token)
    kind = tr(*letters.KINDS[submission.kind])
    if submission.state != "unconfirmed":
        return _done(submission)
    return said(
        tr(f"{kind}を送りますか", f"Send your {kind}?"),
        [
            tr(
                "「送る」を押すと、市の担当が見られるようになります。",
                "Once you press “Send”, the city can see it.",
            )
        ],
        buttons=[
            {"action": request.path, "name": "send", "label": tr("送る", "Send")},
            {"action": request.path, "name": "forget", "label": tr("送らずに消す", "Delete it unsent")},
        ],
    )


@blueprint.post("/sent-in/<token>")
def by_link(token: str) -> Response:
    """Send it, or delete it. The link works once: again, it says what was done."""
    submission = _of_link(token)
    now = outbox.utc_now()
    with record_store().engine.begin() as connection:
        if "forget" in request.form:
            if queue.forget(connection, submission.submission_id, now):
                gone = tr("消しました。何も送られていません。", "Deleted. Nothing was sent.")
                return said(tr("消しました", "Deleted"), [gone])
        elif "send" in request.form:
            queue.confirm(connection, submission.submission_id, now)
        after = queue.find(connection, submission.submission_id)
    return _done(after or submission)


def _done(submission: queue.Submission) -> Response:
    if submission.state == "unconfirmed":
        raise LINK_NOT_OURS()
    return said(
        tr("送られました", "Sent"),
        [
            tr(
                f"受付のための番号は {submission.submission_id} です。",
                f"Its number is {submission.submission_id}.",
            ),
            tr(
                "市の担当が見て、受け付けたかどうかをメールでお知らせします。それまではだれにも公開されません。",
                "A clerk will look at it, and you are told by mail whether it was taken in. Until then it is "
                "shown to nobody.",
            ),
        ],
    )


def _of_link(token: str) -> queue.Submission:
    """What a link belongs to. Refuses ``LINK_NOT_OURS`` once its time is over, or the row is gone."""
    try:
        age = int(queue.CONFIRMED_WITHIN.total_seconds())
        submission_id = str(tokens().loads(token[:500], max_age=age))
    except BadSignature:
        raise LINK_NOT_OURS() from None
    with record_store().engine.connect() as connection:
        submission = queue.find(connection, submission_id)
    if submission is None:
        raise LINK_NOT_OURS()
    return submission


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
