"""The content of an answer as a page shows it: nested lists of names and words, whatever a question gives.

A node is ``{"text"}``, ``{"date"}``, ``{"link": {label, url}}``, ``{"each": [node]}``, or ``{"pairs":
[(label, node)]}``; ``{"absent": True}`` where the record holds nothing, and ``{"none": True}`` where a list
is known to be empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.http.language import href, tr
from api.pages.parts import marks
from api.pages.parts.details import words
from api.pages.parts.names import Names
from api.words import wording
from api.words.answers import answer_field
from api.words.states import STATES
from projections.engine.event_json import Json

_TECHNICAL = frozenset(
    {"event_id", "event_ids", "position", "positions", "schema", "stream", "version", "trail", "collection"}
    | {"rule_url"}
)
"""What says nothing to a reader; the data of the page has it. A trail has a page of its own, and the address
of a rule is the link of the rule."""

_STRUCTS = ("instrument_id", "visibility", "threshold")
"""Fields by which a value is known to be a citation, a disclosure, or a majority rule."""


def is_said_as_a_whole(content: Json) -> bool:
    """Whether a structure is one thing to a reader: a citation, a disclosure, a rule for deciding."""
    is_quorum = "basis" in content and content.keys() <= {"basis", "denominator", "n"}
    return is_quorum or any(field in content for field in _STRUCTS)


_MOMENTS = ("at", "recorded_at")
"""Fields that hold a moment of the clock, as text."""


def tree(content: Any, names: Names, name: str = "") -> Json:
    """A part of an answer, with everything in it."""
    if content is None:
        return {"absent": True}
    if isinstance(content, dict):
        return _of_dict(content, names, name)
    if isinstance(content, list | tuple):
        if not content:
            return {"none": True}
        return {"each": [tree(item, names, name) for item in content]}
    if name in _MOMENTS and isinstance(content, str):
        return {"text": moment(content)}
    if isinstance(content, str) and content in names.things:
        return {"link": {"label": names.label(content), "url": names.url(content)}}
    return {"text": words(name, content, names, {})}


def moment(text: str) -> str:
    """A moment of the clock as it was in Japan, in words."""
    return str((marks.date(text) or {})["label"])


def _of_dict(content: Json, names: Names, name: str) -> Json:
    if content.keys() == {"ja", "en"}:
        return {"text": tr(content["ja"], content["en"])}
    if "precision" in content:
        return {"date": marks.date(content)}
    if {"yen", "label"} <= content.keys():
        return {"text": _money(content)}
    if is_said_as_a_whole(content):
        return {"text": words(name, content, names, {})}
    if not content:
        return {"none": True}
    pairs = list(_pairs(content, names))
    return {"pairs": pairs} if pairs else {"absent": True}


def _money(amount: Json) -> str:
    """Yen, and the thousands in which a source states it: ¥3,400,000（3,400千円）."""
    label, thousands = str(amount["label"]), amount.get("thousand_label")
    return tr(f"{label}（{thousands}）", label) if thousands else label


def _pairs(content: Json, names: Names) -> Iterator[tuple[str, Json]]:
    """The parts of a structure. Where a code has its words beside it, the words stand in its place."""
    for name, value in content.items():
        label_name = f"{name}_label" in content
        repeats = _repeats(name, value, content, names) or (name == "label" and "fiscal_year" in content)
        if name in _TECHNICAL or label_name or repeats:
            continue
        plain = name.removesuffix("_label")
        known = _state(name, value, content, names)
        shown = tree(value, names, name) if known is None else {"text": known}
        if name == "rule" and content.get("rule_url"):
            shown = {"link": {"label": shown["text"], "url": href(content["rule_url"])}}
        yield answer_field(plain if f"{plain}_label" in content else name), shown


def _state(name: str, value: Any, content: Json, names: Names) -> str | None:
    """A state in the words for the kind of thing that is named beside it."""
    if name != "state" or not isinstance(value, str):
        return None
    kinds = (
        names.things[other].kind
        for other in content.values()
        if isinstance(other, str) and other in names.things
    )
    return next((wording.state(kind, value)[0] for kind in kinds if value in STATES.get(kind, ())), None)


def _repeats(name: str, value: Any, content: Json, names: Names) -> bool:
    """Whether a title says again what the link to the thing, by its id beside it, says already."""
    if name not in ("title", "subject_title") or value is None:
        return False
    return any(isinstance(other, str) and other in names.things for other in content.values())
