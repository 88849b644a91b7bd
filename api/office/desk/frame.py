"""The frame of every screen of the office: who is at the desk, the rail, and forms that lose nothing.

A screen shows (GET) and may act (POST). It is served to whom ``permit`` lets see it, is never cached, and
its POST acts only with the token of the session. Where that is missing (the form lay open overnight) the
screen is shown again with what was typed, to be sent once more; whoever is signed out meanwhile is given the
typed words on a page of their own, with a way to sign in beside them and to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from api.access.auth import (
    CSRF_MISSING,
    check_csrf,
    current_caller,
    only_show,
    own_check_of_forms,
    required_caller,
)
from api.http.clock import today
from api.http.language import href, tr
from api.reads.reading import is_staff
from api.reads.staff_only import office_only
from api.words.days import office_day
from domain.values.refusal import Refusal

NOT_TYPED = ("csrf_token",)
"""What a form carries beside what somebody typed."""


def for_the_office() -> None:
    """Refuses FORBIDDEN to an account without a role of the office. Whether the request carries the token of
    its session is no matter of who somebody is (:class:`Screen`)."""
    caller = current_caller()
    if caller is not None:
        caller.refuse_without_factor()
    if not is_staff():
        raise office_only()


@dataclass(frozen=True)
class Entry:
    """A line of the rail. ``at_hand``: of the lower part, what lies on one's own desk."""

    key: str
    path: str
    ja: str
    en: str
    at_hand: bool = False
    permit: Callable[[], None] = for_the_office
    """Whoever it refuses does not see the line."""


class Family(Protocol):
    """A module of screens: ``register`` them, and say their ``ENTRIES`` of the rail, if any."""

    def register(self, blueprint: Blueprint) -> None: ...


View = Callable[..., AnyResponse]


@dataclass(frozen=True)
class Screen:
    """``show`` answers GET, and POST where nothing may be done; ``act`` answers POST. Both take what the path
    holds, read what was typed from :func:`typed`, and answer by :func:`office_page` or a redirect. ``permit``
    refuses whomever it is not for; it must not ask for the token of the session, as ``staff_only`` does."""

    path: str
    show: View
    act: View | None = None
    permit: Callable[[], None] = for_the_office

    @property
    def endpoint(self) -> str:
        return self.path.strip("/").translate(str.maketrans("/", "_", "<>:")) or "today"

    def register(self, blueprint: Blueprint) -> None:
        methods = ["GET"] if self.act is None else ["GET", "POST"]
        blueprint.add_url_rule(self.path, self.endpoint, own_check_of_forms(self._serve), methods=methods)

    def _serve(self, **path: Any) -> AnyResponse:
        signed_out = current_caller() is None
        if request.method != "POST" or self.act is None:
            if signed_out:
                return redirect(sign_in_address(), 303)
            self.permit()
            return _uncached(self.show(**path))
        if signed_out:
            return _uncached(_typed_kept())
        self.permit()
        try:
            check_csrf()
        except Refusal as missing:
            if missing.declared is not CSRF_MISSING:
                raise
            g.office_sent_again = True
            only_show()
            return _uncached(self.show(**path))
        return _uncached(self.act(**path))


def typed() -> Any:
    """What the request brings, by name, with repeated names: of a form, or of the address."""
    return request.form if request.method == "POST" else request.args


def sign_in_address() -> str:
    """Where to sign in, and come back to this address."""
    back = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return f"{href('/signin').split('?')[0]}?{urlencode({'next': back})}"


def _typed_kept() -> AnyResponse:
    """What was typed, for somebody who is not signed in any more. It goes back to whoever sent it, is kept
    nowhere, and does nothing."""
    typed_lines = [
        {"name": name, "text": text} for name, text in request.form.items(multi=True) if name not in NOT_TYPED
    ]
    page = {"lines": typed_lines, "sign_in": href("/signin").split("?")[0], "again": request.path}
    return Response(render_template("office/signed_out.html", page=page, **_bare()), status=401)


def _bare() -> dict[str, Any]:
    """The frame for nobody in particular."""
    return {"here": "", "rail": ([], []), "today_label": office_day(today()), "sent_again": False}


def _uncached(answer: AnyResponse) -> AnyResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    answer.vary.update(("Cookie", "Authorization"))
    return answer


# -- pages


def office_page(template: str, here: str, *, status: int = 200, **page: Any) -> AnyResponse:
    """A screen in the frame. ``here``: the key of its entry in the rail."""
    html = render_template(
        template,
        page=page,
        recorder=required_caller().login,
        here=here,
        rail=_rail(),
        today_label=office_day(today()),
        sent_again=g.get("office_sent_again", False),
    )
    return Response(html, status=status)


def _rail() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The lines of the rail that lead somewhere for whoever is at the desk: of the record, and at hand."""
    entries = [entry for entry in current_app.extensions[_RAIL] if _permits(entry)]
    lines = [
        (entry.at_hand, {"key": entry.key, "url": href(entry.path), "label": tr(entry.ja, entry.en)})
        for entry in entries
    ]
    return [line for at_hand, line in lines if not at_hand], [line for at_hand, line in lines if at_hand]


def _permits(entry: Entry) -> bool:
    try:
        entry.permit()
    except Refusal:
        return False
    return True


_RAIL = "kyodo-office-rail"


def init_frame(app: Flask, families: Sequence[Family]) -> None:
    """Make the rail known."""
    app.extensions[_RAIL] = [entry for family in families for entry in getattr(family, "ENTRIES", ())]
