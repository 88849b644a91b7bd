"""Links つながり: that one thing came from another is a fact of its own.

Most links are made by events that name what they refer to (``Event.LINKS``). Where nothing says so, somebody
may say it, for a reason; and any link, however made, may be withdrawn by somebody for a reason. Nothing is
deleted: a withdrawn link stays visible as withdrawn. (ambition.md, the key finding.)
"""

from __future__ import annotations

from typing import Any, ClassVar

from domain.kernel.commands import GivenAgain, command, on, refuses
from domain.kernel.events import Event, Recorded
from domain.kernel.links import RELATIONS, links_of
from domain.kernel.record import KINDS, Record
from domain.kernel.refusals import ALREADY_TAKEN, UNKNOWN_ID, WRONG_STATE
from domain.kernel.when import RECORDING
from domain.rules import documents
from domain.values.fields import Id, Line, Text, Word
from domain.values.refusal import refusal

LINK_WITHDRAWN = refusal(
    "LINK_WITHDRAWN",
    ja="このつながりは既に取り消されています。",
    en="This link has already been withdrawn.",
    rule=documents.MADE_ONCE,
    next_ja="必要なら新しいつながりを記録してください。",
    next_en="Make a new link if one is needed.",
)
RELATION_UNKNOWN = refusal(
    "RELATION_UNKNOWN",
    ja="つながりの種類「{relation}」はありません（{known}）。",
    en="There is no relation “{relation}” (known: {known}).",
    rule=documents.RELATIONS,
    next_ja="一覧にある種類を選んでください。",
    next_en="Choose one of the known relations.",
    kind="invalid",
)
LINK_TO_ITSELF = refusal(
    "LINK_TO_ITSELF",
    ja="同じものどうしをつなぐことはできません。",
    en="A thing cannot be linked to itself.",
    rule=documents.TWO_THINGS,
    next_ja="つながりの起点と先を確かめてください。",
    next_en="Check both ends of the link.",
    kind="invalid",
)


class LinkMade(Event):
    """Somebody said that ``from_id`` *relation* ``to_id`` (the target came first), for a reason."""

    LABEL = ("つながりを記録", "Link recorded")
    WHEN = RECORDING
    SUBJECT = "{from_id}"
    FIELDS: ClassVar = {"relation": ("つながりの種類", "Relation")}
    from_id: Id
    to_id: Id
    relation: Word
    reason: Text


class LinkWithdrawn(Event):
    """Somebody withdrew the link ``link_id``, for a reason; the link stays visible as withdrawn."""

    LABEL = ("つながりを取消", "Link withdrawn")
    WHEN = RECORDING
    SUBJECT = "{from_id}"
    FIELDS: ClassVar = {"link_id": ("つながり", "Link")}
    link_id: Line
    from_id: Id
    to_id: Id
    relation: Word
    reason: Text


def _implied_again(_: Any, e: LinkWithdrawn) -> GivenAgain:
    stream, version, n = e.link_id.rsplit(".", 2) if e.link_id.count(".") > 1 else (e.link_id, "0", "0")
    return GivenAgain({"stream": stream, "version": int(version), "n": int(n)})


class Link(Record):
    """One link between two things on record: new → made → withdrawn."""

    PREFIX = "link-"
    COLLECTION = "links"
    LABEL = ("つながり", "link")

    @command("SEC", "IMP", event=LinkMade, ja="つながりを記録する", en="Record a link", creates=True)
    @refuses(LINK_TO_ITSELF, RELATION_UNKNOWN, UNKNOWN_ID)
    def make(self, fact: LinkMade) -> None:
        """Say that one thing came from another, and why you say so."""
        if fact.relation not in RELATIONS:
            raise RELATION_UNKNOWN(relation=fact.relation, known=", ".join(RELATIONS)).at("/relation")
        if fact.from_id == fact.to_id:
            raise LINK_TO_ITSELF().at("/to_id")
        for name, entity in (("from_id", fact.from_id), ("to_id", fact.to_id)):
            if not self._is_known(entity):
                raise UNKNOWN_ID(kind="記録", kind_en="record", id=entity).at(f"/{name}")
        self.record(fact)

    @command("SEC", records=LinkWithdrawn, ja="つながりを取り消す", en="Withdraw a link")
    @refuses(LINK_WITHDRAWN, WRONG_STATE)
    def withdraw(self, reason: Text) -> None:
        """Withdraw this link for a reason."""
        if self.state == "withdrawn":
            raise LINK_WITHDRAWN()
        self.only_in("made")
        self.record(
            LinkWithdrawn(
                link_id=self.id,
                from_id=self.made.from_id,
                to_id=self.made.to_id,
                relation=self.made.relation,
                reason=reason,
            )
        )

    @command(
        "SEC",
        records=LinkWithdrawn,
        again=_implied_again,
        ja="記録に伴うつながりを取り消す",
        en="Withdraw a link made by another event",
        creates=True,
    )
    @refuses(ALREADY_TAKEN, LINK_WITHDRAWN, UNKNOWN_ID)
    def withdraw_implied(self, stream: Line, version: int, n: int, reason: Text) -> None:
        """Withdraw the ``n``-th link (from 0) that the event ``stream``/``version`` made, for a reason."""
        if self.state == "withdrawn":
            raise LINK_WITHDRAWN()
        recorded = self.context.reader.event_at(stream, version)
        link_id = f"{stream}.{version}.{n}"
        matching = [link for link in links_of(recorded) if link.link_id == link_id] if recorded else []
        if not matching:
            raise UNKNOWN_ID(kind=self.LABEL[0], kind_en=self.LABEL[1], id=link_id).at("/n")
        self.claim("link-withdrawn", link_id)
        self.record(
            LinkWithdrawn(
                link_id=link_id,
                from_id=matching[0].from_id,
                to_id=matching[0].to_id,
                relation=matching[0].relation,
                reason=reason,
            )
        )

    @on(LinkMade)
    def _made(self, made: LinkMade, recorded: Recorded[LinkMade]) -> None:
        self.state, self.made = "made", made

    @on(LinkWithdrawn)
    def _withdrawn(self, withdrawn: LinkWithdrawn, _: Recorded[Any]) -> None:
        self.state = "withdrawn"

    def _is_known(self, entity: str) -> bool:
        base = entity.split("#")[0]
        return any(self.context.reader.find(kind, base) for kind in KINDS.values() if kind is not Link)
