"""The steps of a trail 経緯 as the templates show them: what, when, who, why, on what basis, whence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from api.http.language import tr
from api.pages.parts import marks
from api.pages.parts.acting import written
from api.pages.parts.details import details
from api.pages.parts.names import Names
from api.words import wording
from domain.kernel.events import EVENTS
from domain.kernel.roles import ROLE_NAMES
from projections.engine.event_json import TITLE_FIELDS, Json

CLAIMS = ("ReflectionRecorded", "FollowUpPlanned")
"""Events by which somebody says something: their text is quoted, and they are their own subject."""

Links = dict[int, list[Json]]
"""Links by the position of the event that made them."""


def steps(
    described: Iterable[Json], links: list[Json], names: Names, *, page_of: str | None = None
) -> list[Json]:
    """Described events (projections/answers/describing.py) in the words of the page, each with the links it
    made.

    What is about ``page_of``, the thing that the page itself is about, does not say so again.
    """
    made: Links = defaultdict(list)
    for link in links:
        made[link["made"]["position"]].append(link)
    shown = [(e, step(e, made[e["position"]], names)) for e in described]
    return [{**s, "subject": None} if e["subject"] == page_of else s for e, s in shown]


def key_steps(way: Json, names: Names) -> list[Json]:
    """What happened to the subject of a trail, without what happens hundreds of times."""
    own = [e for e in way["own"]["steps"] if EVENTS[e["type"]].KEY_STEP]
    return steps(own, way["links"], names, page_of=way["subject"]["id"])


def step(e: Json, links: list[Json], names: Names) -> Json:
    """One described event."""
    text, used = _text(e, names)
    data = e["data"] or {}
    used |= {name for name, value in data.items() if value == e["subject"]}
    used |= {name for name in ("reason", "document_no") if e[name] and data.get(name) in (None, e[name])}
    return {
        "position": e["position"],
        "type": e["type"],
        "title": _title(e, names),
        "subject": _subject(e, names),
        "text": text,
        "folded": e["type"] == "EventWithdrawn",
        "claim": e["type"] in CLAIMS,
        "when": marks.date(e["effective"]),
        "recorded": recorded(e["recorded_at"]),
        "actor_label": actor(e, names),
        "written_label": written_by(e, names),
        "moved": marks.moved(e["moved"] or {}),
        "asserted_by_label": author(e, names),
        "certainty": e["certainty"],
        "corrected": marks.corrected(e["corrections"], names),
        "reason": e["reason"],
        "legal_basis": names.citation(e["legal_basis"]),
        "source": names.source(e["source"]),
        "document_no": e["document_no"],
        "note": marks.note(e),
        "details": details(e["type"], e["data"], names, leave_out=used, closed=e["closed_fields"])
        if e["data"]
        else [],
        "links": [_link(link, names) for link in links],
    }


def recorded(at: str) -> str:
    """The moment of recording, to the minute and in UTC: unlike any date of an event."""
    return f"{at[:16]}Z"


def actor(e: Json, names: Names) -> Any:
    """Who acted: a body by name, a person by role; None where the source names nobody."""
    role = e["who"]["role"]
    if role == "unstated":
        return None
    party = e["who"]["party"] if role not in ("joint", "council") else None
    return names.party(party, role)


def written_by(e: Json, names: Names) -> Any:
    """Who wrote it down, where somebody else did it, and on what evidence."""
    recorder = e["recorded_by"]
    return written(recorder["role"], e["evidence"], e["source"], names) if recorder else None


def author(e: Json, names: Names) -> Any:
    """Who says so."""
    asserted_by = e["asserted_by"]
    if "role_label" in asserted_by:
        ja = asserted_by["role_label"]["ja"]
        return names.party(next(name for name, words in ROLE_NAMES.items() if words[0] == ja))
    return names.party(asserted_by["party"], e["who"]["role"])


def _title(e: Json, names: Names) -> str:
    label: str = tr(e["label"]["ja"], e["label"]["en"])
    if e["type"] in CLAIMS:
        kind = names.kind_label(e["subject"])
        return tr(f"{kind}についての記述", f"Statement: {kind}")
    return label


def _subject(e: Json, names: Names) -> Json | None:
    """What it is about, where that has a name of its own (a claim is its own text)."""
    if e["type"] in CLAIMS or names.title(e["subject"]) is None:
        return None
    return names.link(e["subject"])


def _text(e: Json, names: Names) -> tuple[Any, set[str]]:
    """What was said, and the fields that this leaves nothing more to say of."""
    if e["closed"]:
        return tr(e["closed"]["ja"], e["closed"]["en"]), set()
    data = e["data"] or {}
    title = names.title(e["subject"])
    used: set[str] = {"category"} if e["type"] in CLAIMS else set()
    texts = {name: data[name] for name in TITLE_FIELDS if isinstance(data.get(name), str)}
    used |= {name for name, text in texts.items() if title in (text, wording.value(name, text))}
    for name in ("text_ja", "text", "paragraphs"):
        if data.get(name):
            return _written(data[name]), used | {name}
    main = next(iter(texts), None)
    if main is None or main in used:
        return None, used
    return wording.value(main, data[main]), used | {main}


def _written(text: Any) -> str:
    """A text, or why it is closed; of an article its paragraphs and items, one after another."""
    if isinstance(text, str):
        return text
    if isinstance(text, dict):  # redacted: that it is closed, in both languages
        return str(tr(text["ja"], text["en"]))
    return "\n".join("\n".join([p["text_ja"], *(i["text_ja"] for i in p.get("items", ()))]) for p in text)


def _link(link: Json, names: Names) -> Json:
    withdrawn = link["withdrawn"]
    return {
        "label": names.label(link["to"]["id"]),
        "url": names.url(link["to"]["id"]),
        "relation_label": wording.relation(link["relation"], forward=False),
        "direction": "backward",
        "certainty": link["made"]["certainty"],
        "withdrawn": (withdrawn["reason"] or True) if withdrawn else False,
    }
