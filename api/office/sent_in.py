"""届いた申出・意見 /desk/submissions: what citizens sent in, looked at by a clerk and taken in or set aside.

What is taken in becomes, in one unit of work, a document with what was written (not public), and a case
(訂正の申出) or a comment on the plan or matter (意見の受付); name and address go to the vault. From then on
the record has it, and the row here has no words any more. Whoever sent it is told by mail, either way.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response as AnyResponse

from api.access import access_log
from api.access.auth import current_caller, required_caller
from api.contents.attachments import attachments
from api.http.language import href, in_language, language, tr
from api.http.problems import NOT_FOUND, declare
from api.mail import outbox
from api.mail.letters import Letter
from api.mail.outbox import Mail
from api.office.desk.acts import Act, new_id, record, rehearse, sentences
from api.office.desk.documents import document_acts
from api.office.desk.frame import Entry, Screen, office_page, typed
from api.office.desk.refused import shown
from api.pages.parts.names import Names
from api.reads.reading import reading
from api.setup import rules_of_mail
from api.setup.store import record_store
from api.submissions import letters, queue
from api.submissions.queue import Submission
from api.words.days import office_day
from domain.kernel.streams import entity_of
from domain.matter.aggregate import Matter
from domain.recording.permission import forbidden
from domain.values.calendar import EffectiveDate, day_in_japan
from domain.values.fields import TextRule
from domain.values.refusal import Refusal

CLERKS = ("SEC",)
LONGEST_WHAT, LONGEST_GROUND = 300, 1_000

ANOTHER_IS_AT_IT = declare(
    409,
    "ANOTHER_IS_AT_IT",
    ja="ほかの職員がこれを扱っているか、もう扱い終わっています。",
    en="Somebody else is at this one, or has settled it already.",
    rule=rules_of_mail.SENT_IN,
    next_ja="一覧を開き直して、まだあれば、少し待ってからもう一度押してください。",
    next_en="Look at the list again; if it is still there, wait a moment and press once more.",
)


def clerks_only() -> None:
    """Refuses FORBIDDEN to everybody but the secretariat."""
    caller = current_caller()
    held = caller.roles if caller else frozenset[str]()
    if held.isdisjoint(CLERKS):
        raise forbidden(CLERKS, held)


ENTRIES = (
    Entry(
        "submissions", "/desk/submissions", "届いた申出・意見", "Sent in", at_hand=True, permit=clerks_only
    ),
)


# ------------------------------------------------------------------------------------------ screens


def show_all() -> AnyResponse:
    """What waits, and what was settled lately."""
    with reading() as connection:
        listed, over = queue.waiting(connection), queue.settled(connection)
        names = Names(
            connection, [i for s in (*listed, *over) for i in (s.about, s.outcome) if i is not None]
        )
        return office_page(
            "office/sent_in.html",
            "submissions",
            waiting=[_line(s, names) for s in listed],
            settled=[_line(s, names) for s in over],
        )


def show_one(submission_id: str, faults: list[Refusal] | None = None) -> AnyResponse:
    """One of them, with what will stand in the record if it is taken in."""
    submission = _found(submission_id)
    access_log.personal_data_read([submission.submission_id])
    form = typed()
    what = form.get("what") or _usual_what(submission)
    rehearsed, wrong = _rehearsed(submission, what)
    with reading() as connection:
        names = Names(connection, [submission.about] if submission.about else [])
        lines = sentences(connection, rehearsed) if rehearsed is not None and rehearsed.stands else []
        return office_page(
            "office/sent_in_one.html",
            "submissions",
            status=422 if faults else 200,
            line=_line(submission, names),
            text=submission.text,
            name=submission.name,
            residence=submission.residence,
            address=submission.address,
            what=what if submission.kind == "correction" else None,
            ground=form.get("ground", ""),
            sentences=[{"text": sentence.text, "by": None} for sentence in lines],
            faults=[shown(refused) for refused in faults or wrong],
            action=href(f"/desk/submissions/{submission.submission_id}"),
            back=href("/desk/submissions"),
        )


def act_on_one(submission_id: str) -> AnyResponse:
    """Take it in, or set it aside."""
    submission = _found(submission_id)
    try:
        if "set_aside" in typed():
            _set_aside(submission)
        else:
            _take_in(submission)
    except Refusal as refused:
        return show_one(submission_id, [refused])
    return redirect(href("/desk/submissions"), 303)


def _found(submission_id: str) -> Submission:
    with record_store().engine.connect() as connection:
        submission = queue.find(connection, submission_id)
    if submission is None or submission.state != "waiting":
        raise NOT_FOUND()
    return submission


def _line(submission: Submission, names: Names) -> dict[str, Any]:
    about = names.link(submission.about) if submission.about else None
    if about is None and submission.page:
        about = {"label": submission.page, "url": in_language(language(), submission.page)}
    states = {
        "waiting": tr("確認待ち", "waiting"),
        "taken_in": tr("受け付けた", "taken in"),
        "set_aside": tr("受け付けなかった", "set aside"),
    }
    return {
        "id": submission.submission_id,
        "kind": _headed(tr(*letters.KINDS[submission.kind])),
        "about": about,
        "sent": office_day(_day(submission.made_at)),
        "settled": office_day(_day(submission.settled_at)) if submission.settled_at else None,
        "state": states.get(submission.state, ""),
        "ground": submission.outcome if submission.state == "set_aside" else None,
        "became": names.link(submission.outcome) if submission.state == "taken_in" else None,
        "url": href(f"/desk/submissions/{submission.submission_id}"),
    }


def _headed(words: str) -> str:
    """Words as a heading begins."""
    return words[:1].upper() + words[1:]


# ----------------------------------------------------------------------------------------- settling


@dataclass(frozen=True)
class Plan:
    """The acts by which something is taken in, and the bytes of what was written."""

    acts: list[Act]
    content: bytes


def _plan(submission: Submission, what: str) -> Plan:
    """What was written as a document, and the case or the comment. It was received on the day on which it was
    sent: that it was confirmed a day later is nobody's loss."""
    day = _day(submission.made_at)
    content = submission.text.encode()
    letter = new_id("Document")
    is_comment = submission.kind == "comment"
    on_day = {"value": day.isoformat(), "precision": "day"}
    document = {
        "kind": "public_comment" if is_comment else "letter",
        "disclosure": {"visibility": "closed", "ground": "personal"},
        "dated": on_day,
    }
    acts = document_acts(letter, document, content, place="/content")
    if is_comment:
        body = {
            "comment_id": submission.submission_id,
            "channel": "form",
            "text_ref": letter,
            "name": submission.name,
            "address": submission.residence,
            "contact": submission.address,
            "received_on": on_day,
        }
        about = str(submission.about)
        kind = "Matter" if about.startswith(Matter.PREFIX) else "PromotionPlan"
        acts.append(Act(kind, "receive_comment", about, body, "/comment"))
    else:
        item = {"item_id": "item-1", "what": what, "letter_id": letter}
        if submission.about:
            item["thing_id"] = submission.about
        case: dict[str, Any] = {
            "kind": "correction",
            "received_on": day.isoformat(),
            "requested": [item],
            "contact": submission.address,
        }
        if submission.name:
            case["name"] = submission.name
        acts.append(Act("DisclosureRequest", "receive", new_id("DisclosureRequest"), case, "/case"))
    return Plan(acts, content)


def _rehearsed(submission: Submission, what: str) -> tuple[Any, list[Refusal]]:
    """What would come of taking it in now, and what is refused of it."""
    try:
        TextRule(LONGEST_WHAT, lines=False).check(what, "/what")
        outcome = rehearse(_plan(submission, what).acts)
    except Refusal as refused:
        return None, [refused]
    return outcome, outcome.faults


def _take_in(submission: Submission) -> None:
    what = str(typed().get("what") or "").strip() or _usual_what(submission)
    TextRule(LONGEST_WHAT, lines=False).check(what, "/what")
    _hold(submission)
    try:
        plan = _plan(submission, what)
        attachments().keep_bytes(plan.content)
        receipt = record(plan.acts, f"submission {submission.submission_id}")
    except BaseException:
        with record_store().engine.begin() as connection:
            queue.let_go(connection, submission.submission_id)
        raise
    case = entity_of(receipt.stream) if receipt is not None else ""
    number = submission.submission_id if submission.kind == "comment" else case
    _settle(submission, "taken_in", case, letters.taken_in(submission.kind, number, submission.language))
    flash(tr("受け付けて、記録しました。", "Taken in, and recorded."), "success")


def _set_aside(submission: Submission) -> None:
    ground = str(typed().get("ground") or "").replace("\r\n", "\n").strip()
    TextRule(LONGEST_GROUND, lines=True).check(ground, "/ground")
    _hold(submission)
    _settle(submission, "set_aside", ground, letters.set_aside(submission.kind, ground, submission.language))
    flash(
        tr("受け付けないこととし、理由をメールでお知らせします。", "Set aside; the reason is told by mail."),
        "success",
    )


def _hold(submission: Submission) -> None:
    with record_store().engine.begin() as connection:
        if not queue.hold(
            connection, submission.submission_id, required_caller().account_id, outbox.utc_now()
        ):
            raise ANOTHER_IS_AT_IT()


def _settle(submission: Submission, state: queue.State, outcome: str, letter: Letter) -> None:
    """The row's last word, and the mail about it, are written together."""
    now = outbox.utc_now()
    with record_store().engine.begin() as connection:
        if queue.settle(connection, submission.submission_id, state, outcome, now):
            key = f"submission {submission.submission_id} settled"
            mail = Mail(key, "submission_settled", submission.address, letter.subject, letter.text)
            outbox.put(connection, mail, now)


def _usual_what(submission: Submission) -> str:
    """What a case is called unless the clerk says it better: never in the words of whoever sent it."""
    day = EffectiveDate.on(_day(submission.made_at)).label
    return tr(f"フォームによる訂正の申出（{day('ja')}）", f"Request to correct, sent by form ({day('en')})")


def _day(instant: str) -> dt.date:
    return day_in_japan(dt.datetime.fromisoformat(instant))


def register(blueprint: Blueprint) -> None:
    Screen("/submissions", show_all, permit=clerks_only).register(blueprint)
    Screen("/submissions/<submission_id>", show_one, act_on_one, permit=clerks_only).register(blueprint)
