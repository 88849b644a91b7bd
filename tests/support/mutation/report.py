"""What survived and why, as a page (docs/mutation.md)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import yaml

from tests.support.mutation.mutants import Mutant
from tests.support.mutation.verdicts import Verdict

_HEAD = """# Faults that no test notices

Made by `make mutate` on {day} ([decision 0017](decisions/0017-mutation.md)). Small faults are put one at a
time into the values, the kernel and the engine's folds, and each is shown to the tests near it. {summary}
{time}

| file | faults | noticed | survived, with a reason | survived | not shown |
|---|---:|---:|---:|---:|---:|
"""


class Report:
    """Counts verdicts, and sets beside each survivor the reason that somebody gave for it."""

    def __init__(self, reasons: Path):
        given = yaml.safe_load(reasons.read_text(encoding="utf-8")) or []
        self._reasons: dict[str, str] = {name: each["reason"] for each in given for name in each["faults"]}
        self._counts: dict[str, Counter[str]] = {}
        self._survived: list[str] = []
        self._seconds = 0.0

    def add(self, mutant: Mutant, verdict: Verdict | None) -> None:
        counts = self._counts.setdefault(mutant.path, Counter())
        self._seconds += verdict.seconds if verdict else 0
        if verdict is None:
            counts["not shown"] += 1
        elif verdict.by is not None:
            counts["noticed"] += 1
        else:
            counts["reason" if mutant.name in self._reasons else "survived"] += 1
            self._survived.append(mutant.name)

    @property
    def unexplained(self) -> list[str]:
        return [name for name in self._survived if name not in self._reasons]

    @property
    def outlived(self) -> list[str]:
        """Reasons given for what is noticed by now, or is not there any more."""
        return sorted(self._reasons.keys() - set(self._survived))

    @property
    def summary(self) -> str:
        all_ = sum(self._counts.values(), Counter[str]())
        return (
            f"Of {all_.total():,} faults {all_['noticed']:,} were noticed, {all_['reason']:,} survived with "
            f"a reason, {all_['survived']:,} without; {all_['not shown']:,} were not shown."
        )

    @property
    def time(self) -> str:
        minutes = self._seconds / 60
        return f"That took {minutes:.0f} minutes of a processor: {minutes / 2:.0f} on two cores."

    def page(self) -> str:
        lines = [
            _HEAD.format(day=dt.date.today().isoformat(), summary=self.summary, time=self.time).rstrip("\n")
        ]
        for path, counts in self._counts.items():
            if counts:
                shown = (counts[what] for what in ("noticed", "reason", "survived", "not shown"))
                lines.append(f"| `{path}` | {counts.total()} | " + " | ".join(map(str, shown)) + " |")
        by_reason: dict[str, list[str]] = {}
        for name in self._survived:
            by_reason.setdefault(self._reasons.get(name, "Without a reason"), []).append(name)
        for reason, names in by_reason.items():
            lines += ["", f"**{reason}**", "", *(f"- `{_escaped(name)}`" for name in names)]
        return "\n".join(lines) + "\n"


def _escaped(name: str) -> str:
    return name.replace("`", "'")
