"""Read sets: what a decision rests on beside the streams that it writes.

A command looks at other aggregates, and asks views what no single stream knows. Whether that still stands is
checked under the append's lock, together with what is written: a rule that holds for one writer holds for
sixteen. Where it does not stand any more, the command is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

RuleQuestion = tuple[str, str]
"""The name of a question that a rule asks of a view (a method of ``Reader``), and the id it asks about."""


@dataclass
class ReadSet:
    """``streams``: each stream that was looked at, with its version then (0: nothing was recorded of it).
    ``answers``: what views answered. What was read first counts: a later look may have seen more."""

    streams: dict[str, int] = field(default_factory=dict)
    answers: dict[RuleQuestion, list[str]] = field(default_factory=dict)

    def saw(self, stream: str, version: int) -> None:
        """Note that a stream was read as it stood at this version."""
        self.streams.setdefault(stream, version)

    def heard(self, question: str, about: str, answer: Iterable[str]) -> list[str]:
        """Note what a view answered; gives the answer back, in an order that can be compared."""
        in_order = sorted(answer)
        self.answers.setdefault((question, about), in_order)
        return in_order

    def beside(self, written: Iterable[str]) -> Mapping[str, int]:
        """The streams that were read and are not written: those that are, the log itself guards."""
        own = frozenset(written)
        return {stream: version for stream, version in self.streams.items() if stream not in own}
