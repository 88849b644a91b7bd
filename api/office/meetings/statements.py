"""Statements as one text: ``○座長　…`` on a line begins what somebody says, up to the next such line.

Pure: what is typed is cut into heads and bodies and never changed; put together again they are what was
typed. Who is meant is looked up in a roster. A name that nobody has, or that several have, is asked and never
guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MARKS = "○◯〇●◎"
_HEAD = re.compile(rf"^[ 　]*[{MARKS}][ 　]*", re.MULTILINE)
_ENDS = "　 ：:\t\n"
_OPEN, _CLOSE = "（([［", "）)]］"
CALLED = ("委員", "さん", "氏", "様", "君", "殿")
CHAIRS = ("座長", "会長", "委員長", "議長", "代表")
DEPUTIES = ("副座長", "副会長", "副委員長", "副議長", "職務代理", "座長代理", "会長代理")
OFFICE = "事務局"
ROLES = ("事務局", "助言者", "アドバイザー", "傍聴者", "参考人", "説明者", "講師", "司会", "進行")

STANCES = {
    "for": ("賛成", "for"),
    "against": ("反対", "against"),
    "conditional": ("条件付き", "条件付き賛成", "conditional"),
    "question": ("質問", "question"),
    "neutral": ("中立", "neutral"),
}
"""How somebody stands to what is discussed, as it may follow the name: ``○佐藤委員（反対）``."""


@dataclass(frozen=True)
class Spoken:
    """What somebody said: ``head`` with its mark, the name and what divides it from the text, ``body`` the
    rest, both as typed."""

    head: str
    name: str
    body: str
    line: int

    @property
    def text(self) -> str:
        """What was said, without the blank around it."""
        return self.body.strip()

    @property
    def stance(self) -> str | None:
        """How they stand to it, where that follows the name in brackets."""
        word = _parted(self.name)[1].casefold()
        return next((stance for stance, words in STANCES.items() if word in words), None)


def cut(text: str) -> tuple[str, list[Spoken]]:
    """What stands before the first speaker, and what each said."""
    begins = [match.start() for match in _HEAD.finditer(text)]
    if not begins:
        return text, []
    ends = [*begins[1:], len(text)]
    spoken = [
        _spoken(text[begin:end], text.count("\n", 0, begin) + 1)
        for begin, end in zip(begins, ends, strict=True)
    ]
    return text[: begins[0]], spoken


def _spoken(piece: str, line: int) -> Spoken:
    marked = _HEAD.match(piece)
    assert marked is not None, "a piece begins with its mark"
    start = at = marked.end()
    depth = 0
    while at < len(piece):
        character = piece[at]
        depth += (character in _OPEN) - (character in _CLOSE and depth > 0)
        if character == "\n" or (depth == 0 and character in _ENDS):
            break
        at += 1
    name = piece[start:at]
    while at < len(piece) and piece[at] in _ENDS:
        at += 1
    return Spoken(piece[:at], name.strip(), piece[at:], line)


# -- who is meant


@dataclass(frozen=True)
class Person:
    """Somebody on the roster, by the seat."""

    seat: str
    name: str


@dataclass(frozen=True)
class Other:
    """Somebody else who was there: what they are and, if the record knows, their name and post."""

    role: str
    name: str = ""
    post: str = ""


@dataclass(frozen=True)
class Speaker:
    """Who spoke: a member by the seat, or somebody by what they are."""

    seat: str | None
    role: str


@dataclass(frozen=True)
class Asked:
    """Nobody, or more than one (``several``), is called so. ``like``: seats that may be meant."""

    name: str
    like: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True)
class Roster:
    """Who may speak at a meeting. ``chosen``: who is meant by a name, as somebody chose when asked: a seat,
    or ``role:`` with a role."""

    members: Sequence[Person]
    chair: str | None = None
    deputy: str | None = None
    others: Sequence[Other] = ()
    chosen: Mapping[str, str] | None = None

    def who(self, name: str) -> Speaker | Asked:
        """Who is meant by a name as it is typed."""
        picked = (self.chosen or {}).get(name, "")
        if picked.startswith("role:"):
            return Speaker(None, picked.removeprefix("role:"))
        if picked in {member.seat for member in self.members}:
            return self._member(picked)
        bare, inside = _parted(name)
        return self._by_role(bare, inside) or self._by_name(name, bare)

    def _member(self, seat: str) -> Speaker:
        return Speaker(seat, "座長" if seat == self.chair else "委員")

    def _by_role(self, bare: str, inside: str) -> Speaker | None:
        if bare in CHAIRS and self.chair is not None:
            return self._member(self.chair)
        if bare in DEPUTIES and self.deputy is not None:
            return self._member(self.deputy)
        role = next((role for role in ROLES if bare == role), None)
        if role is not None:
            known = [other for other in self.others if inside and _names(inside, other)]
            return Speaker(None, f"{role}（{known[0].post}）" if len(known) == 1 and known[0].post else role)
        known = [other for other in self.others if _names(bare, other)]
        if len(known) == 1:
            return Speaker(None, f"{known[0].role}（{known[0].post}）" if known[0].post else known[0].role)
        return None

    def _by_name(self, name: str, bare: str) -> Speaker | Asked:
        wanted = _folded(_without_title(bare))
        seats = [member.seat for member in self.members if wanted and wanted in _forms(member.name)]
        if not seats:
            seats = [member.seat for member in self.members if wanted and wanted == _given(member.name)]
        if len(seats) == 1:
            return self._member(seats[0])
        if seats:
            return Asked(name, tuple(seats), several=True)
        like = [m.seat for m in self.members if wanted and _is_like(wanted, _folded(m.name))]
        return Asked(name, tuple(like[:3]))


def _parted(name: str) -> tuple[str, str]:
    """``事務局（野口係長）`` as what stands before the brackets and in them."""
    match = re.fullmatch(r"([^（(]*)[（(]([^）)]*)[）)]?\s*", name)
    return (match[1].strip(), match[2].strip()) if match else (name.strip(), "")


def _without_title(name: str) -> str:
    for title in CALLED:
        if name.endswith(title) and len(name) > len(title):
            return name.removesuffix(title)
    return name


def _forms(name: str) -> set[str]:
    """What a member may be called: the whole name, or the family name."""
    plain = unicodedata.normalize("NFKC", name)
    parts = plain.split()
    return {_folded(plain), *(_folded(part) for part in parts[:1] if len(parts) > 1)}


def _given(name: str) -> str:
    """The given name, by which members are told apart who share the other."""
    parts = unicodedata.normalize("NFKC", name).split()
    return _folded(parts[-1]) if len(parts) > 1 else ""


def _names(called: str, other: Other) -> bool:
    """Whether somebody who is no member is called so: by name, by post, or by family name and post."""
    wanted = _folded(called)
    names = _forms(other.name) if other.name else set()
    post = _folded(other.post)
    family = [_folded(part) for part in unicodedata.normalize("NFKC", other.name).split()[:1]]
    ranks = [post[n:] for n in range(len(post))]
    return (
        wanted in names
        or bool(post and wanted == post)
        or any(wanted == f"{one}{rank}" for one in family for rank in ranks)
    )


def _is_like(wanted: str, name: str) -> bool:
    return bool(set(wanted) & set(name)) and (wanted[0] in name or wanted in name)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def asked(spoken: Iterable[Spoken], roster: Roster) -> list[Asked]:
    """Whom somebody has to be asked about, each name once."""
    meant = {s.name: roster.who(s.name) for s in spoken}
    return [who for who in meant.values() if isinstance(who, Asked)]
