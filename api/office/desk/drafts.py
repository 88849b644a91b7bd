"""Drafts 下書き: what somebody typed and has not recorded. They lie beside the log; nothing rests on them.

A draft is a form as it stands: its fields by name. It belongs to an account, and may be shared with
colleagues of a body. Whoever saves says which version they had before them; if somebody else has saved
since, nothing is overwritten: both stand side by side (:class:`Newer`), and what is set aside stays as a
draft of its own. A draft that nobody touches for a month goes, after a notice.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as insert_in_postgres
from sqlalchemy.dialects.sqlite import insert as insert_in_sqlite
from werkzeug.datastructures import MultiDict

from api.access.auth import Caller
from api.http.problems import declare
from api.setup import rules_of_service
from domain.kernel.viewer import OFFICE
from projections.tables.durable import ACCOUNT, OFFICE_DRAFT, OFFICE_DRAFT_OPEN

LIFE = dt.timedelta(days=30)
NOTICE = dt.timedelta(days=7)
"""So long before a draft goes, its list and the desk say so."""
AT_IT = dt.timedelta(minutes=15)
"""Who opened or saved a draft within this time has it open."""
LARGEST = 2_000_000
"""So many characters of a draft are kept."""

DRAFT_GONE = declare(
    404,
    "DRAFT_GONE",
    ja="この下書きはありません。",
    en="There is no such draft.",
    rule=rules_of_service.DRAFTS,
    next_ja="下書きの一覧を開いてください。記録したか、消したか、期限が来たものはなくなります。",
    next_en="Open the list of drafts. One that was recorded, discarded or left for a month is gone.",
)
DRAFT_TOO_LARGE = declare(
    413,
    "DRAFT_TOO_LARGE",
    ja="下書きが長すぎて保存できません（{length}字。{most}字まで）。",
    en="The draft is too long to be saved ({length} characters, at most {most}).",
    rule=rules_of_service.DRAFTS,
    next_ja="いくつかに分けて記録してください。",
    next_en="Record it in parts.",
)

Pairs = Sequence[tuple[str, str]]
"""A form as it stands: names and texts, in order; a name may come twice."""


@dataclass(frozen=True)
class Draft:
    """``bodies``: with whose colleagues it is shared; ``address``: where it goes on."""

    draft_id: str
    account_id: str
    bodies: tuple[str, ...]
    kind: str
    thing: str | None
    title: str
    address: str
    content: Any
    version: int
    saved_at: str
    saved_by: str
    expires_at: str

    @property
    def fields(self) -> MultiDict[str, str]:
        """What was typed, by name, as a request brings it."""
        return MultiDict([(name, text) for name, text in self.content.get("fields", ())])


@dataclass(frozen=True)
class About:
    """What a form says of its draft: which form on what, what it is called, where it goes on, shared with
    whom."""

    kind: str
    title: str
    address: str
    thing: str | None = None
    bodies: tuple[str, ...] = ()


class Newer(Exception):
    """Somebody else saved the draft since. No refusal: there are two texts, and somebody has to look."""

    def __init__(self, draft: Draft):
        self.draft = draft


def new_draft_id() -> str:
    """An identifier that nobody guesses."""
    return f"draft-{secrets.token_urlsafe(12)}"


class Drafts:
    """The drafts that one account may see: its own, and those shared with bodies whose colleague it is."""

    def __init__(self, engine: sa.Engine, caller: Caller, now: dt.datetime | None = None):
        self._engine, self._me = engine, caller.account_id
        self._colleague_of = of_which_bodies(caller)
        self._now = now or dt.datetime.now(dt.UTC)

    # -- saving

    def save(self, draft_id: str, version: int, about: About, content: Any) -> Draft:
        """Save what stands in a form whose draft was at ``version`` (0: there was none). Raises
        :class:`Newer` if it is further on, DRAFT_GONE if it is not for this account."""
        text = msgspec.json.encode(content).decode()
        if len(text) > LARGEST:
            raise DRAFT_TOO_LARGE(length=len(text), most=LARGEST)
        row = {
            "draft_id": draft_id,
            "account_id": self._me,
            "bodies": _list_text(about.bodies),
            "kind": about.kind,
            "thing": about.thing,
            "title": about.title[:200],
            "address": about.address,
            "content": text,
            "version": version + 1,
            "saved_at": _text(self._now),
            "saved_by": self._me,
            "expires_at": _text(self._now + LIFE),
        }
        with self._engine.begin() as connection:
            saved = connection.execute(self._put(connection, row, version)).first()
            if saved is None:
                known = self._known(connection, draft_id)
                if known.version != version:
                    raise Newer(known)
                changed = sa.update(OFFICE_DRAFT).values({name: row[name] for name in _CHANGES})
                same = sa.and_(OFFICE_DRAFT.c.draft_id == draft_id, OFFICE_DRAFT.c.version == version)
                saved = connection.execute(changed.where(same).returning(*OFFICE_DRAFT.c)).first()
                if saved is None:
                    raise Newer(self._known(connection, draft_id))
            self._open(connection, draft_id)
        return _draft(saved)

    def _put(self, connection: sa.Connection, row: dict[str, Any], version: int) -> Any:
        """One statement for what is saved most often: one's own draft."""
        insert: Any = insert_in_postgres if connection.dialect.name == "postgresql" else insert_in_sqlite
        own = sa.and_(OFFICE_DRAFT.c.version == version, OFFICE_DRAFT.c.account_id == self._me)
        laid = insert(OFFICE_DRAFT).values(row)
        changes = {name: getattr(laid.excluded, name) for name in _CHANGES}
        again = laid.on_conflict_do_update(index_elements=["draft_id"], set_=changes, where=own)
        return again.returning(*OFFICE_DRAFT.c)

    def set_aside(self, draft: Draft) -> Draft:
        """A copy of a version that somebody else wrote over, as a draft of its own."""
        about = About(draft.kind, draft.title, draft.address, draft.thing, draft.bodies)
        return self.save(new_draft_id(), 0, about, draft.content)

    # -- reading

    def find(self, draft_id: str, *, open_it: bool = True) -> Draft:
        """A draft that this account may see. Refuses DRAFT_GONE."""
        with self._engine.begin() as connection:
            draft = self._known(connection, draft_id)
            if open_it:
                self._open(connection, draft_id)
        return draft

    def newest(self, kind: str, thing: str | None) -> Draft | None:
        """The newest draft of this form on this thing, if there is one."""
        chosen = (
            sa.select(OFFICE_DRAFT)
            .where(OFFICE_DRAFT.c.kind == kind, OFFICE_DRAFT.c.thing == thing)
            .order_by(OFFICE_DRAFT.c.saved_at.desc())
        )
        with self._engine.connect() as connection:
            drafts = [_draft(row) for row in connection.execute(chosen)]
        return next((draft for draft in drafts if self._may_see(draft)), None)

    def all(self) -> list[Draft]:
        """Every draft that this account may see, the newest first. What has expired is gone."""
        with self._engine.begin() as connection:
            prune(connection, self._now)
            rows = connection.execute(sa.select(OFFICE_DRAFT).order_by(OFFICE_DRAFT.c.saved_at.desc()))
            return [draft for draft in map(_draft, rows) if self._may_see(draft)]

    def others_at_it(self, draft_id: str) -> list[tuple[str, str]]:
        """Who else has a draft open now: user name and since when."""
        since = _text(self._now - AT_IT)
        table = OFFICE_DRAFT_OPEN
        chosen = (
            sa.select(ACCOUNT.c.login, table.c.opened_at)
            .join(ACCOUNT, ACCOUNT.c.account_id == table.c.account_id)
            .where(table.c.draft_id == draft_id, table.c.account_id != self._me, table.c.opened_at >= since)
            .order_by(table.c.opened_at)
        )
        with self._engine.connect() as connection:
            return [(row.login, row.opened_at) for row in connection.execute(chosen)]

    def names(self, accounts: Iterable[str]) -> dict[str, str]:
        """User names of accounts."""
        chosen = sa.select(ACCOUNT.c.account_id, ACCOUNT.c.login)
        chosen = chosen.where(ACCOUNT.c.account_id.in_(sorted(set(accounts))))
        with self._engine.connect() as connection:
            return {row.account_id: row.login for row in connection.execute(chosen)}

    # -- ending

    def discard(self, draft_id: str) -> None:
        """Take a draft away; none is there afterwards, whoever was faster."""
        with self._engine.begin() as connection:
            row = connection.execute(_one(draft_id)).first()
            if row is not None and self._may_see(_draft(row)):
                _delete(connection, [draft_id])

    def share(self, draft_id: str, bodies: Sequence[str]) -> None:
        """Share one's own draft with colleagues of these bodies, or with nobody."""
        with self._engine.begin() as connection:
            connection.execute(
                sa.update(OFFICE_DRAFT)
                .where(OFFICE_DRAFT.c.draft_id == draft_id, OFFICE_DRAFT.c.account_id == self._me)
                .values(bodies=_list_text(bodies))
            )

    # -- its own questions

    def _known(self, connection: sa.Connection, draft_id: str) -> Draft:
        row = connection.execute(_one(draft_id)).first()
        if row is None or not self._may_see(_draft(row)):
            raise DRAFT_GONE()
        return _draft(row)

    def _may_see(self, draft: Draft) -> bool:
        if draft.account_id == self._me:
            return True
        if draft.expires_at < _text(self._now):
            return False
        return bool(draft.bodies) and (
            self._colleague_of is None or not self._colleague_of.isdisjoint(draft.bodies)
        )

    def _open(self, connection: sa.Connection, draft_id: str) -> None:
        insert: Any = insert_in_postgres if connection.dialect.name == "postgresql" else insert_in_sqlite
        row = {"draft_id": draft_id, "account_id": self._me, "opened_at": _text(self._now)}
        laid = insert(OFFICE_DRAFT_OPEN).values(row)
        keys = ["draft_id", "account_id"]
        connection.execute(
            laid.on_conflict_do_update(index_elements=keys, set_={"opened_at": row["opened_at"]})
        )


_CHANGES = ("title", "address", "content", "version", "saved_at", "saved_by", "expires_at")
"""What saving changes: not with whom it is shared."""


def of_which_bodies(caller: Caller) -> frozenset[str] | None:
    """Of which bodies somebody is a colleague in the office; None: of all of them."""
    held = caller.roles & OFFICE
    if any(role not in caller.bodies for role in held):
        return None
    return frozenset(body for role in held for body in caller.bodies[role])


def prune(connection: sa.Connection, now: dt.datetime) -> int:
    """Take away what has expired; how many there were."""
    chosen = sa.select(OFFICE_DRAFT.c.draft_id).where(OFFICE_DRAFT.c.expires_at < _text(now))
    gone = list(connection.scalars(chosen))
    _delete(connection, gone)
    return len(gone)


def is_ending(draft: Draft, now: dt.datetime) -> bool:
    """Whether a draft goes soon, unless somebody saves it again."""
    return draft.expires_at < _text(now + NOTICE)


def _delete(connection: sa.Connection, draft_ids: Sequence[str]) -> None:
    for table in (OFFICE_DRAFT, OFFICE_DRAFT_OPEN):
        connection.execute(sa.delete(table).where(table.c.draft_id.in_(draft_ids)))


def _one(draft_id: str) -> Any:
    return sa.select(OFFICE_DRAFT).where(OFFICE_DRAFT.c.draft_id == draft_id)


def _draft(row: Any) -> Draft:
    values: Mapping[str, Any] = row._mapping
    return Draft(
        **{
            **values,
            "bodies": tuple(msgspec.json.decode(values["bodies"])),
            "content": msgspec.json.decode(values["content"]),
        }
    )


def _list_text(bodies: Sequence[str]) -> str:
    return msgspec.json.encode(sorted(bodies)).decode()


def _text(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="seconds")
