"""A piece of work: what it may cost, what it cost, and what the record says of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.clerk import Clerk, Counted


@dataclass
class Measured:
    """``may``: the most of what is counted; ``missing``: what was to be so and is not."""

    work: str
    target: str
    cost: Counted
    may: Mapping[str, int]
    missing: list[str] = field(default_factory=list)
    beside: str = ""
    """What else was measured, in words."""

    @property
    def over(self) -> list[str]:
        counted = {name: getattr(self.cost, name) for name in self.may}
        return [f"{name} {n}" for name, n in counted.items() if n > self.may[name]]

    @property
    def is_reached(self) -> bool:
        return not self.over and not self.missing

    @property
    def measured(self) -> str:
        return ", ".join(filter(None, [_said(self.cost), self.beside]))


_WORDS = {
    "logins": ("login", "logins"),
    "loads": ("load", "loads"),
    "typed": ("value typed", "values typed"),
    "ids": ("id", "ids"),
    "pasted": ("pasted", "pasted"),
    "files": ("file", "files"),
    "choices": ("choice", "choices"),
    "presses": ("press", "presses"),
}
_ALWAYS = ("loads", "typed", "ids")


def _said(cost: Counted) -> str:
    counts = {name: getattr(cost, name) for name in _WORDS}
    return ", ".join(f"{n} {_WORDS[name][n != 1]}" for name, n in counts.items() if n or name in _ALWAYS)


# -- the record, as it answers a program


def asked(clerk: Clerk, path: str) -> Any:
    answer = clerk.context.request.get(f"{clerk.base}/api/v1{path}")
    assert answer.ok, (path, answer.status, answer.text()[:400])
    return answer.json()


def log(clerk: Clerk) -> list[Any]:
    """Every event, in order."""
    items: list[Any] = []
    while True:
        page = asked(clerk, f"/events?after={items[-1]['position'] if items else 0}&limit=200")
        items += page["items"]
        if not page["next"]:
            return items


def lacks(*checks: tuple[bool, str]) -> list[str]:
    """What is not as it should be."""
    return [what for holds, what in checks if not holds]


def plain(texts: Iterable[str] | str) -> str:
    """Words without what a page puts between them."""
    whole = texts if isinstance(texts, str) else " ".join(texts)
    return "".join(whole.split())
