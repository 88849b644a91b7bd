"""Links つながり that events make: which thing came from which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.kernel.events import Recorded
from domain.values.law import Citation


class LinkBetween(msgspec.Struct, frozen=True):
    """``from_id`` *relation* ``to_id``: the target came first. ``link_id`` names the event that made it."""

    link_id: str
    from_id: str
    to_id: str
    relation: str


def links_of(recorded: Recorded[Any]) -> Iterator[LinkBetween]:
    """The links an event makes, in the order its class declares them."""
    data, n = recorded.data, 0
    for name, relation in type(data).LINKS.items():
        value = recorded.entity if name == "entity" else getattr(data, name)
        for target in value if isinstance(value, tuple) else (value,):
            if target is None:
                continue
            to_id = target.key if isinstance(target, Citation) else target
            later, earlier = recorded.subject, to_id
            if relation in TARGET_IS_LATER:
                later, earlier = earlier, later
            yield LinkBetween(f"{recorded.stream}.{recorded.version}.{n}", later, earlier, relation)
            n += 1
    if recorded.legal_basis is not None:
        yield LinkBetween(
            f"{recorded.stream}.{recorded.version}.law",
            recorded.subject,
            recorded.legal_basis.key,
            "on_legal_basis",
        )


RELATIONS: dict[str, tuple[str, str, str, str]] = {
    # relation: (ja forward, en forward, ja backward, en backward), PROV terms where they exist
    "motivated_by": ("の背景は", "was motivated by", "が背景となったもの", "motivated"),
    "on_legal_basis": ("の法的根拠は", "has its legal basis in", "を根拠とするもの", "is the legal basis of"),
    "part_of": ("は次の一部", "is part of", "に属するもの", "has part"),
    "set_up_by": ("を設けたのは", "was set up by", "が設けたもの", "set up"),
    "pursues": ("が目指すのは", "pursues", "を目指すもの", "is pursued by"),
    "carried_out_by": ("を担うのは", "is carried out by", "が担うもの", "carries out"),
    "realises": ("が具現化するのは", "realises", "を具現化したもの", "is realised by"),
    "formulated_with": (
        "をともに策定したのは",
        "was formulated with",
        "とともに策定されたもの",
        "formulated",
    ),
    "responds_to": ("が対応するのは", "responds to", "への対応", "is answered by"),
    "says_about": ("が述べるのは", "speaks of", "についての記述", "is spoken of in"),
    "identifies": ("が指すのは", "identifies", "を指すもの", "is identified by"),
    "owned_by": ("の実施主体は", "is owned by", "が実施主体のもの", "owns"),
    "based_on": ("が基にしたのは", "was based on", "を基にしたもの", "is the basis of"),
    "decided_in": ("を審議したのは", "was dealt with in", "で扱われたもの", "dealt with"),
    "adopted_by": ("を採択したのは", "was adopted by", "が採択したもの", "adopted"),
    "used": ("が用いたのは", "used", "が用いられた先", "was used in"),
    "supersedes": ("が置き換えたのは", "supersedes", "に置き換えたもの", "was superseded by"),
    "derived_from": ("の元は", "was derived from", "から生まれたもの", "led to"),
    "entrusted_to": ("を託されたのは", "was entrusted to", "が託されたもの", "was entrusted with"),
}
"""Relations between things on record, read from the later thing to the earlier one."""

TARGET_IS_LATER = frozenset({"supersedes"})
"""Relations of which the event is recorded on the earlier thing: its link begins at the target."""
