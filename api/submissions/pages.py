"""The public forms: what is typed is looked at, kept, and a mail goes out by which it is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, request

from api.access.auth import check_csrf, own_check_of_forms
from api.access.rates import Rate, limit, seconds_to_wait
from api.http.addresses import public_url
from api.http.clock import today
from api.http.language import href, in_language, language, plain_path, register_in_each, spoken, tr
from api.http.problems import declare
from api.mail import outbox
from api.mail.outbox import Mail
from api.pages.parts.names import PAGES, Names
from api.setup import rules_of_mail
from api.setup.one_moment import living
from api.setup.store import record_settings, record_store
from api.submissions import letters, queue
from api.submissions.answers import answered, said, tokens
from api.submissions.forms import PublicField, Shown, comment_fields, correction_fields, read_typed
from api.submissions.queue import Kind
from api.words.days import office_day
from domain.kernel.new_ids import made_id
from domain.values.refusal import Refusal
from projections.answers.comment_periods import Period, open_period

SENT = Rate("submission", 10, 3_600)
"""Forms that are sent from one network."""
TO_ONE_ADDRESS = Rate("submission to an address", 3, 86_400)
"""Mails to an address that anybody may have typed."""

PERIOD_CLOSED = declare(
    409,
    "PERIOD_CLOSED",
    ja="これについての意見の募集は、いま行われていません。",
    en="Comments on this are not being asked for at present.",
    rule=rules_of_mail.SENT_IN,
    next_ja="募集の期間は、その計画や案件のページで確かめてください。",
    next_en="See the page of the plan or the matter for when they are or were.",
)
SENT_OFTEN = declare(
    429,
    "SENT_OFTEN",
    ja="この接続元から、またはこのアドレスについて、続けて送られたため、いまは受け付けられません。",
    en="From this network, or for this address, so many forms were sent that none is received now.",
    rule=rules_of_mail.SENT_IN,
    next_ja="届いているメールのリンクを確かめるか、時間をおいて（アドレスについては翌日に）もう一度送ってください。",
    next_en="Look for the link in the mails that came, or try again later; for the same address, tomorrow.",
)
TOO_MUCH_WAITS = declare(
    503,
    "TOO_MUCH_WAITS",
    ja="いま多くの申出や意見が確認を待っているため、新しいものを受け付けられません。",
    en="So much waits to be confirmed at the moment that nothing more can be received.",
    rule=rules_of_mail.SENT_IN,
    next_ja="時間をおいて、もう一度送ってください。書いたものは、控えておいてください。",
    next_en="Please try again later, and keep a copy of what you wrote.",
)

blueprint = Blueprint("submissions", __name__)

FORM = "/report-an-error"
_ON_A_PAGE = re.compile(r"/([a-z]+)/([a-z0-9][a-z0-9-]{0,79})/?")
_LONGEST_PAGE = 300


@dataclass(frozen=True)
class Asked:
    """What a form is about: of which kind, its title and its words, and what the row will say of it."""

    kind: Kind
    title: str
    lead: list[str]
    about_label: Any
    about_url: str | None
    about: str | None
    page: str | None
    fields: list[PublicField]


# ------------------------------------------------------------------------------------- the two forms


@blueprint.get(FORM)
def show_correction() -> Response:
    """この記録の誤りを知らせる: the form, for the page that somebody comes from."""
    return _form(_correction())


@blueprint.post(FORM)
@own_check_of_forms
def send_correction() -> Response:
    """Send it."""
    return _sent(_correction())


@blueprint.get("/plans/<about>/comment", endpoint="show_comment")
@blueprint.get("/matters/<about>/comment", endpoint="show_comment_on_matter")
def show_comment(about: str) -> Response:
    """意見を出す: the form, while the comment period is open."""
    return _form(_comment(about))


@blueprint.post("/plans/<about>/comment", endpoint="send_comment")
@blueprint.post("/matters/<about>/comment", endpoint="send_comment_on_matter")
@own_check_of_forms
def send_comment(about: str) -> Response:
    """Send it."""
    return _sent(_comment(about))


def _correction() -> Asked:
    page = _page_meant()
    with living() as connection:
        about, label = _thing_on(connection, page)
    return Asked(
        "correction",
        tr("この記録の誤りを知らせる", "Report an error in this record"),
        [
            tr(
                "記録のどこが違うかを、だれでも知らせることができます。アカウントは要りません。",
                "Anybody may say what is wrong in this record. No account is needed.",
            ),
            tr(
                "市の担当が確かめ、訂正するかどうかを決めます。送っただけでは、記録は変わりません。訂正したときは、前の文と理由も"
                "残ります。",
                "The city looks into it and decides. Sending this changes nothing by itself. If the record "
                "is corrected, what stood there before, and why, stays on record.",
            ),
        ],
        label or page,
        in_language(language(), page) if page else None,
        about,
        page,
        correction_fields(knows_where=page is not None),
    )


def _comment(about: str) -> Asked:
    with living() as connection:
        period: Period | None = open_period(connection, about, today())
        if period is None or not plain_path().startswith(PAGES[period.kind]):
            raise PERIOD_CLOSED()
        label = Names(connection, [about]).label(about)
    last, page = office_day(period.last_day), f"{PAGES[period.kind]}{quote(about)}"
    return Asked(
        "comment",
        tr("計画案への意見を出す", "Comment on the draft plan")
        if period.kind == "PromotionPlan"
        else tr("案件への意見を出す", "Comment on the matter"),
        [
            tr(f"{last}まで、だれでも意見を出せます。", f"Anybody may comment until {last}."),
            tr(
                "いただいた意見は、市の考え方とともに、要旨を公表します。お名前と住所は公表しません。",
                "A summary of each comment is published with what the city makes of it; names and addresses "
                "are not.",
            ),
        ],
        label,
        href(page),
        about,
        page,
        comment_fields(),
    )


def _page_meant() -> str | None:
    """The page of this site, without its language, on which something is said to be wrong: the one that
    somebody comes from, or as the form has it. The form has one address, whatever page leads to it."""
    page = request.values.get("page", "")[:_LONGEST_PAGE] or _came_from()
    is_path = page.startswith("/") and page.isprintable() and page[1:2] not in ("/", "\\")
    return page if is_path and page != FORM else None


def _came_from() -> str:
    """The path of the page of this site that the browser names; nothing where it names none, or another's."""
    came = urlsplit(request.referrer or "")
    own = {request.host, urlsplit(record_settings().public_url or "").netloc}
    if request.method != "GET" or came.netloc not in own:
        return ""
    tag = language()
    return came.path if tag == "ja" else came.path.removeprefix(f"/{tag}")[:_LONGEST_PAGE]


def _thing_on(connection: sa.Connection, page: str | None) -> tuple[str | None, Any]:
    """What a page is about, if that is on record, and what it is called."""
    match = _ON_A_PAGE.fullmatch(page or "")
    if match is None or f"/{match[1]}/" not in PAGES.values():
        return None, None
    names = Names(connection, [match[2]])
    row = names.things.get(match[2])
    if row is None or PAGES.get(row.kind) != f"/{match[1]}/":
        return None, None
    return match[2], names.label(match[2])


# ------------------------------------------------------------------------------------------- sending


def _sent(wanted: Asked) -> Response:
    """Nothing is received yet: a mail goes out, and whoever reads it may send it."""
    shown, words = read_typed(wanted.fields, request.form)
    if any(field.error for field in shown):
        return _form(wanted, shown, 422)
    try:
        check_csrf()
    except Refusal as missing:
        return _form(wanted, shown, 400, spoken(missing.sentence))
    base = public_url()
    try:
        _limit_network()
        if seconds_to_wait(TO_ONE_ADDRESS, f"address {words['address'].lower()}"):
            raise SENT_OFTEN()
        _put(wanted, words, base)
    except Refusal as refused:
        status = 503 if refused.declared is TOO_MUCH_WAITS else 429
        return _form(wanted, shown, status, f"{spoken(refused.sentence)} {spoken(refused.what_next)}")
    return said(
        tr("まだ受け付けていません。メールを見てください", "Not received yet: please look at your mail"),
        [
            tr(
                "入力されたアドレスに、確認のメールを送ります。48時間以内に、そのリンクを開いて「送る」を押してください。",
                "A mail goes to the address you entered. Open its link within 48 hours and press “Send”.",
            ),
            tr(
                "押されるまで職員も見ず、48時間で消えます。届かないときは、アドレスを確かめてもう一度送ってください。",
                "Nobody sees what you wrote before that, and it is deleted after 48 hours. If no mail comes, "
                "check the address and send the form again.",
            ),
        ],
    )


def _limit_network() -> None:
    """Refuses ``SENT_OFTEN`` to a network, or an account, that has sent many forms within the hour."""
    try:
        limit(SENT)
    except Refusal:
        raise SENT_OFTEN() from None


def _put(wanted: Asked, words: dict[str, str], base: str) -> None:
    now, tag = outbox.utc_now(), "ja" if language() == "ja" else "en"
    submission_id = made_id("submission-", today(), record_store().application.new_id())
    link = f"{base}{in_language(tag, f'/sent-in/{tokens().dumps(submission_id)}')}"
    hours = int(queue.CONFIRMED_WITHIN.total_seconds() // 3_600)
    letter = letters.to_confirm(wanted.kind, link, hours, tag)
    with record_store().engine.begin() as connection:
        if queue.is_full(connection):
            raise TOO_MUCH_WAITS()
        columns = {"name": None, "residence": None, **words}
        queue.put(
            connection,
            now,
            submission_id=submission_id,
            kind=wanted.kind,
            about=wanted.about,
            page=wanted.page,
            language=tag,
            **columns,
        )
        key = f"submission {submission_id}"
        outbox.put(connection, Mail(key, "submission", words["address"], letter.subject, letter.text), now)


# ------------------------------------------------------------------------------------------------ pages


def _form(
    wanted: Asked, shown: list[Shown] | None = None, status: int = 200, problem: str | None = None
) -> Response:
    listed = shown or [Shown(field, "", None) for field in wanted.fields]
    vm = {
        "title": wanted.title,
        "lead": wanted.lead,
        "about": {"label": wanted.about_label, "url": wanted.about_url} if wanted.about_label else None,
        "action": href(request.path if language() == "ja" else request.path.removeprefix(f"/{language()}")),
        "page": wanted.page,
        "fields": [{"field": s.field, "value": s.value, "error": s.error} for s in listed],
        "faults": [{"name": s.field.name, "label": s.field.label} for s in listed if s.error],
        "problem": problem,
    }
    return answered("submissions/form.html", status, **vm)


def init_app(app: Flask) -> None:
    register_in_each(app, blueprint)
