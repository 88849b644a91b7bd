"""What things on record are called, and at which address they are shown.

One look-up for all the ids that stand anywhere in the data of a page, so that a page asks once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
import sqlalchemy as sa

from api.http.language import href, lang, tr
from api.words import wording
from domain.kernel.record import KINDS
from domain.kernel.roles import ROLE_NAMES
from domain.values.law import Citation
from projections.engine.compiled_select import Prepared, among
from projections.engine.event_json import Json
from projections.views.council import party_register
from projections.views.matter import issue_board, legal_basis
from projections.views.matter.decision_trail import thing
from projections.views.record import sources
from projections.views.record.closed_parts import closed_part

Label = str | dict[str, str]
"""Words for a reader: a text, or a text with its language and a gloss (see macro ``src``)."""

PAGES = {
    "Council": "/council/",
    "Meeting": "/meetings/",
    "Matter": "/matters/",
    "PlanAction": "/actions/",
    "EvaluationSheet": "/sheets/",
    "CenterStudy": "/studies/",
    "PromotionPlan": "/plans/",
    "WorkingGroup": "/groups/",
    "Reflection": "/issues/",
    "LegalInstrument": "/ordinance/",
    "Document": "/sources/",
}
"""Where things of a kind have a page of their own; everything else on record has its trail."""

CLAIM_SHOWN = 36
"""How many characters of a claim a link shows."""

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}(#[a-z0-9-]{1,40})?")
_NO_IDS = {"event_id", "correlation_id", "causation_id", "recorded_at", "fingerprint"}


def ids_in(data: Any) -> set[str]:
    """Every text in ``data`` that may be an id."""
    ids: set[str] = set()
    ahead = [data]
    while ahead:
        part = ahead.pop()
        if isinstance(part, str):
            ids.add(part)
        elif isinstance(part, dict):
            if part.get("instrument_id") and part.get("article"):
                ids.add(f"{part['instrument_id']}#{part['article']}")
            ids.update(name for name in part if isinstance(name, str))
            ahead += [value for name, value in part.items() if name not in _NO_IDS]
        elif isinstance(part, list | tuple):
            ahead += part
    return {text for text in ids if _ID.fullmatch(text)}


class NewThing(NamedTuple):
    """What is not on record yet, as it will be called."""

    id: str
    entity: str
    kind: str
    title: str | None
    party_category: str | None = None
    document_kind: str | None = None
    instrument: str | None = None
    issue_category: str | None = None
    closed_document: str | None = None


class Names:
    """Names and addresses of the things that ``data`` speaks of, in the language of the page."""

    def __init__(self, connection: sa.Connection, data: Any):
        rows = _NAMED.rows(connection, ids=ids_in(data))
        self.things = {row.id: row for row in rows}
        self._of_entity = {row.entity: row for row in rows}
        """What is known of the thing itself of which a named thing may be a part."""
        self.people: dict[str, str] = {}
        """Names of people, for a reader who may know them."""

    def add(self, new: Iterable[NewThing]) -> None:
        """Call these by their names too. What is on record keeps the name that it has."""
        for coming in new:
            self.things.setdefault(coming.id, coming)
            self._of_entity.setdefault(coming.entity, coming)

    # -- things

    def entity(self, subject: str | None) -> str | None:
        """What a thing is a part of, or the thing itself; None if it is not on record."""
        row = self.things.get(subject)
        return None if row is None else row.entity

    def title(self, subject: str) -> str | None:
        """The title on record; None if there is none, or it is not public."""
        row = self.things.get(subject)
        return None if row is None or row.closed_document else row.title

    def label(self, subject: str) -> Label:
        """What to call a thing: its title, or what kind of thing it is."""
        row = self.things.get(subject)
        if row is None:
            return tr("記録のない参照先", "something not on record")
        if row.kind == "Party":
            return self._party(subject)
        if row.kind == "Document":
            return self.title(subject) or self._untitled(subject)
        if row.kind == "LegalInstrument" and "#" in subject:
            return self._article(subject)
        title = self.title(subject) or tr(*KINDS[row.kind].LABEL)
        if row.kind == "CenterStudy":
            return _study_of(title) if subject == row.entity else wording.value("question", title)
        return _shortened(title) if row.kind == "Reflection" else title

    def kind_label(self, subject: str) -> str:
        """What kind of thing it is, in one word."""
        row = self.things.get(subject)
        if row is None:
            return tr("記録のない参照先", "not on record")
        if row.kind == "Reflection" and subject == row.entity and row.issue_category:
            return wording.value("category", row.issue_category)
        return tr(*KINDS[row.kind].LABEL)

    def url(self, subject: str) -> str | None:
        """Where it is shown; None if it is not on record."""
        row = self.things.get(subject)
        if row is None:
            return None
        page = PAGES.get(row.kind)
        if page is None:
            return trail_url(subject)
        place = href(page + quote(row.entity))
        return place if subject == row.entity else f"{place}#{anchor(subject)}"

    def link(self, subject: str | None) -> Json | None:
        """A link to it; None for None."""
        return None if subject is None else {"label": self.label(subject), "url": self.url(subject)}

    def links(self, subjects: Iterable[str] | None) -> list[Json]:
        return [{"label": self.label(i), "url": self.url(i)} for i in subjects or ()]

    # -- people and bodies

    def _party(self, party: str) -> Label:
        title = self.title(party)
        if title is None:
            return self.people.get(party) or tr("（氏名は公開していません）", "(name not public)")
        row = self.things[party]
        if lang() == "ja" or row.party_category is None:
            return title
        return {"text": title, "lang": "ja", "gloss": wording.body(row.party_category)}

    def party(self, party: str | None, role: str | None = None) -> Label | None:
        """An organisation by name; a person, or nobody named, by the role in which they acted."""
        if party in ROLE_NAMES:
            return wording.role(party)
        if party is not None and self.title(party):
            return self._party(party)
        return wording.role(role) if role in ROLE_NAMES else None

    # -- law and documents

    def citation(self, cited: Json | None) -> Json | None:
        """A link to an article cited: 条例第17条第1項."""
        if cited is None:
            return None
        citation = Citation(
            cited["instrument_id"], cited.get("article"), cited.get("paragraph"), cited.get("item")
        )
        return {"label": wording.cited(citation, self._law(citation)), "url": self.url(citation.key)}

    def _law(self, citation: Citation) -> str:
        row = self._of_entity.get(citation.instrument_id)
        kind = msgspec.json.decode(row.instrument)["kind"] if row and row.instrument else None
        return wording.value("kind", kind or "ordinance")

    def _article(self, subject: str) -> Label:
        instrument, _, article = subject.partition("#")
        number: Any = int(article) if article.isdecimal() else article
        label = wording.cited(Citation(instrument, number), self._law(Citation(instrument)))
        heading = self.title(subject)
        if not heading or heading == article:
            return label
        if lang() == "ja":
            return f"{label}（{heading}）"
        return {"text": heading, "lang": "ja", "gloss": label}

    def _untitled(self, document: str) -> Label:
        row = self.things[document]
        kind = wording.value("kind", row.document_kind) if row.document_kind else tr("文書", "document")
        if row.closed_document:
            return tr(f"{kind}（非公開）", f"{kind} (not public)")
        return tr(f"{kind}（題名の記録なし）", f"{kind} (no title recorded)")

    def source(self, source: Json | None) -> Json | None:
        """Where it is written, as the macro ``source`` shows it."""
        if source is None:
            return None
        document = source["document_id"]
        return {
            "document_id": document,
            "title": self.label(document),
            "locator": source.get("locator"),
            "facts": source.get("facts", ()),
            "url": href(f"/sources/{quote(document)}"),
        }


def anchor(subject: str) -> str:
    """The anchor of a part on the page of what it belongs to: ``art-17``, ``necessity``."""
    part = subject.rpartition("#")[2]
    return f"art-{part}" if part.isdecimal() else part


def trail_url(subject: str) -> str:
    """The page with the trail of anything on record."""
    return href(f"/trails/{quote(subject)}")


def _study_of(aim: str) -> Label:
    """A study is called after what it aims at: 「協働センター」の設置の検討."""
    return f"{aim}の検討" if lang() == "ja" else {"text": aim, "lang": "ja", "gloss": tr("検討", "study")}


def _shortened(claim: str) -> str:
    """The beginning of a claim, by which it is recognised."""
    return claim if len(claim) <= CLAIM_SHOWN else f"{claim[:CLAIM_SHOWN]}…"


def _named(postgres: bool) -> sa.Select[Any]:
    """Things with what else their names are made of, in one statement."""
    known, party, document = thing.table.c, party_register.party.table, sources.document.table
    instrument, issue, closed = legal_basis.instrument.table, issue_board.issue.table, closed_part.table
    joined = (
        thing.table.outerjoin(party, (known.kind == "Party") & (party.c.party_id == known.entity))
        .outerjoin(document, (known.kind == "Document") & (document.c.document_id == known.entity))
        .outerjoin(
            instrument, (known.kind == "LegalInstrument") & (instrument.c.instrument_id == known.entity)
        )
        .outerjoin(issue, (known.kind == "Reflection") & (issue.c.issue_id == known.entity))
        .outerjoin(closed, (known.kind == "Document") & (closed.c.part == "document-" + known.entity))
    )
    return (
        sa.select(
            known.id,
            known.kind,
            known.entity,
            known.title,
            party.c.category.label("party_category"),
            document.c.kind.label("document_kind"),
            instrument.c.doc.label("instrument"),
            issue.c.category.label("issue_category"),
            closed.c.visibility.label("closed_document"),
        )
        .select_from(joined)
        .where(among(known.id, "ids", postgres))
    )


_NAMED = Prepared(_named)
