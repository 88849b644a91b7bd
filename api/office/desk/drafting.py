"""How a screen uses its draft: what its form shows, saving, two clerks at once, and the end of it.

A screen makes one :class:`Drafting` a request. Its form carries what :meth:`Drafting.shown` says, by the
macros in ``office/drafts/macros.html``; it saves by a button, and by itself where there is a script.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from api.access.auth import current_caller, required_caller
from api.http.language import href, tr
from api.office.desk.drafts import DRAFT_GONE, LIFE, About, Draft, Drafts, Newer, new_draft_id
from api.office.desk.frame import typed
from api.setup.store import record_store
from api.words.days import near_day
from domain.values.calendar import JAPAN, day_in_japan
from domain.values.refusal import Refusal
from projections.engine.event_json import Json

OF_A_DRAFT = ("version", "kind", "thing", "title", "address", "bodies", "seen")
CARRIED = {"csrf_token", "do", "key", "checked", "draft", *(f"draft_{name}" for name in OF_A_DRAFT)}
"""What a form carries beside what was typed."""
MINE, THEIRS, BOTH, SAVE = "draft-mine", "draft-theirs", "draft-both", "draft-save"
BUTTONS = (SAVE, MINE, THEIRS, BOTH)


def my_drafts() -> Drafts:
    """The drafts that whoever is at the desk may see."""
    caller = current_caller()
    assert caller is not None, "a screen is served to somebody"
    return Drafts(record_store().engine, caller)


def content_of(sent: Any) -> dict[str, Any]:
    """What was typed into a form, without what the form carries beside it."""
    pairs = [
        [name, text.replace("\r\n", "\n")] for name, text in sent.items(multi=True) if name not in CARRIED
    ]
    return {"fields": pairs}


def about_of(sent: Any) -> About:
    """What a form says of its draft."""
    return About(
        kind=sent.get("draft_kind", "")[:60],
        title=sent.get("draft_title", "")[:200],
        address=own_address(sent.get("draft_address", "")),
        thing=sent.get("draft_thing") or None,
        bodies=tuple(filter(None, sent.get("draft_bodies", "").split(" "))),
    )


def own_address(text: str) -> str:
    """An address of the desk, or the list of drafts: nowhere else does a draft lead."""
    return text if text.startswith("/desk/") and "//" not in text and "\\" not in text else "/desk/drafts"


def version_of(sent: Any, name: str = "draft_version") -> int:
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class Drafting:
    """The draft of one form. ``label`` says what a field is called in the language of the page."""

    def __init__(self, about: About, label: Callable[[str], str] | None = None):
        self.about, self._label = about, label or (lambda name: name)
        self.drafts = my_drafts()
        self.draft: Draft | None = None
        self.conflict: Draft | None = None
        self.note: str | None = None
        self._draft_id = typed().get("draft") or ""
        self.fields: MultiDict[str, str] = self._begun()

    def _begun(self) -> MultiDict[str, str]:
        """What the form begins with: what was sent; else the draft that is asked for, or the newest of this
        form on this thing."""
        if request.method == "POST":
            return MultiDict([(name, text) for name, text in content_of(typed())["fields"]])
        try:
            self.draft = self.drafts.find(self._draft_id) if self._draft_id else None
        except Refusal as gone:
            if gone.declared is not DRAFT_GONE:
                raise
        if self.draft is None and self.about.thing is not None:
            newest = self.drafts.newest(self.about.kind, self.about.thing)
            self.draft = self.drafts.find(newest.draft_id) if newest is not None else None
        if self.draft is None:
            return MultiDict(request.args)
        self._draft_id = self.draft.draft_id
        return self.draft.fields

    @property
    def draft_id(self) -> str:
        if not self._draft_id:
            self._draft_id = new_draft_id()
        return self._draft_id

    # -- saving

    def pressed(self) -> bool:
        """Whether a button of the draft was pressed; then it has been done, and the form is shown again."""
        button = typed().get("do")
        if button not in BUTTONS or request.method != "POST":
            return False
        content = content_of(typed())
        version = version_of(typed())
        try:
            if button == SAVE:
                self.draft = self.drafts.save(self.draft_id, version, self.about, content)
            else:
                self._settle(button, content)
        except Newer as newer:
            self.conflict = newer.draft
        return True

    def _settle(self, button: str, content: dict[str, Any]) -> None:
        """Two texts: one is chosen and the other set aside, or both are put together."""
        theirs = self.drafts.find(self.draft_id)
        if theirs.version != version_of(typed(), "draft_seen"):
            raise Newer(theirs)
        if button == THEIRS:
            mine = About(self.about.kind, self._aside_title(), self.about.address, None, self.about.bodies)
            self.drafts.save(new_draft_id(), 0, mine, content)
            self.draft, self.fields = theirs, theirs.fields
            self.note = tr("ご自分の文は、別の下書きに残しました。", "Your own text is in another draft.")
            return
        whole = True
        if button == BOTH:
            fields, whole = put_together(self.fields, theirs.fields)
            self.fields = fields
        if button == MINE or not whole:
            self.drafts.set_aside(theirs)
            self.note = tr("相手の文は、別の下書きに残しました。", "Their text is in another draft.")
        pairs = [[name, text] for name, text in self.fields.items(multi=True)]
        self.draft = self.drafts.save(self.draft_id, theirs.version, self.about, {"fields": pairs})

    def _aside_title(self) -> str:
        return tr(f"{self.about.title}（別の案）", f"{self.about.title} (other version)")

    def save_on(self) -> None:
        """Save what stands in the form now, as what is left to do; over what this account saved before."""
        pairs = [[name, text] for name, text in self.fields.items(multi=True)]
        version = version_of(typed())
        try:
            self.drafts.save(self.draft_id, version, self.about, {"fields": pairs})
        except Newer as newer:
            if newer.draft.saved_by == required_account():
                self.drafts.save(self.draft_id, newer.draft.version, self.about, {"fields": pairs})

    def done(self) -> None:
        """It is on record."""
        if self._draft_id:
            self.drafts.discard(self._draft_id)

    # -- shown

    def shown(self) -> Json:
        """What the macros draw."""
        draft, about = self.draft, self.about
        return {
            "id": self.draft_id,
            "version": draft.version if draft is not None else version_of(typed()),
            "kind": about.kind,
            "thing": about.thing or "",
            "title": about.title,
            "address": about.address,
            "bodies": " ".join(about.bodies),
            "save_url": href("/desk/drafts/-/save"),
            "saved": self._saved(draft) if draft is not None else None,
            "note": self.note,
            "others": [
                {"login": login, "since": clock_time(since)}
                for login, since in (self.drafts.others_at_it(self._draft_id) if self._draft_id else ())
            ],
            "conflict": self._compared(self.conflict) if self.conflict is not None else None,
        }

    def _saved(self, draft: Draft) -> str:
        at = clock_time(draft.saved_at)
        if draft.saved_by == required_account():
            return tr(f"{at}に下書きを保存", f"Draft saved at {at}")
        login = self.drafts.names([draft.saved_by]).get(draft.saved_by, "")
        return tr(f"{at}に{login}さんが下書きを保存", f"Draft saved by {login} at {at}")

    def _compared(self, theirs: Draft) -> Json:
        login = self.drafts.names([theirs.saved_by]).get(theirs.saved_by, "")
        return {
            "login": login,
            "at": clock_time(theirs.saved_at),
            "seen": theirs.version,
            "fields": [
                {"label": self._label(name), "mine": mine, "theirs": other, **what_each_adds(mine, other)}
                for name, mine, other in differing(self.fields, theirs.fields)
            ],
        }


def required_account() -> str:
    caller = current_caller()
    return caller.account_id if caller is not None else required_caller().account_id


def clock_time(moment: str) -> str:
    """``18時42分`` of today; with the day before that."""
    at = dt.datetime.fromisoformat(moment).astimezone(JAPAN)
    now = dt.datetime.now(JAPAN)
    time = tr(f"{at:%H}時{at:%M}分", f"{at:%H:%M}")
    return time if at.date() == now.date() else f"{near_day(at.date(), now.date())} {time}"


def last_day_of(draft: Draft) -> dt.date:
    return day_in_japan(dt.datetime.fromisoformat(draft.expires_at))


LIFE_DAYS = LIFE.days


# -- two texts


def differing(mine: MultiDict[str, str], theirs: MultiDict[str, str]) -> Iterable[tuple[str, str, str]]:
    """The fields in which two forms differ, in the order of the first."""
    for name in dict.fromkeys([*mine, *theirs]):
        one, other = "\n".join(mine.getlist(name)), "\n".join(theirs.getlist(name))
        if one != other:
            yield name, one, other


def what_each_adds(mine: str, theirs: str) -> dict[str, list[str]]:
    """The lines that only one of two texts has."""
    lines = list(difflib.ndiff(mine.split("\n"), theirs.split("\n")))
    return {
        "only_mine": [line[2:] for line in lines if line.startswith("- ") and line[2:].strip()],
        "only_theirs": [line[2:] for line in lines if line.startswith("+ ") and line[2:].strip()],
    }


def put_together(mine: MultiDict[str, str], theirs: MultiDict[str, str]) -> tuple[MultiDict[str, str], bool]:
    """Both forms as one: a field that only one has filled in as it is, of texts of several lines every line,
    of anything else mine. Whether all of both is in it."""
    made, whole = MultiDict(mine), True
    for name, one, other in differing(mine, theirs):
        if not one.strip():
            made.setlist(name, theirs.getlist(name))
        elif other.strip() and ("\n" in one or "\n" in other):
            made.setlist(name, [every_line(one, other)])
        elif other.strip():
            whole = False
    return made, whole


def every_line(mine: str, theirs: str) -> str:
    """Two texts as one, with every line of both, what they share once."""
    one, other = mine.split("\n"), theirs.split("\n")
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    lines: list[str] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        lines += one[a:b] if tag == "equal" else [*one[a:b], *other[c:d]]
    return "\n".join(lines)
