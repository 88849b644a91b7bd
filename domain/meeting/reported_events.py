"""What a source reports of a meeting's resolutions, where nobody recorded how they were taken (see
domain/meeting/reported.py)."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.kernel.events import Event
from domain.kernel.when import inherit
from domain.values.fields import Count, Id, Line
from domain.values.resolution_methods import MethodName, Result


class ReportedNumbers(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename={"for_": "for"}
):
    """Votes as a source gives them: what it does not give is null, and nothing is reckoned from the rest."""

    for_: Count | None = None
    against: Count | None = None
    abstain: Count | None = None
    not_voting: Count | None = None
    present: Count | None = None


class ResolutionReported(Event):
    """What a source says came of an item: in its words, and as one of our results, if it is one. Who was in
    the room, by which rule it was counted, and whatever else the source leaves out, is not known."""

    LABEL = ("議決の報告", "Resolution reported")
    WHEN = inherit("entity", "item_id")
    LINKS: ClassVar = {"matter_id": "used", "matter_ids": "used"}
    FIELDS: ClassVar = {
        "method_text": ("出典の言葉による決め方", "Method in the source's words"),
        "numbers": ("票数", "Numbers"),
    }
    resolution_id: Id
    result_text: Line
    item_id: Id | None = None
    matter_id: Id | None = None
    matter_ids: tuple[Id, ...] = ()
    result: Result | None = None
    method: MethodName | None = None
    method_text: Line | None = None
    numbers: ReportedNumbers | None = None

    @property
    def matters(self) -> tuple[str, ...]:
        """Every matter that it decided."""
        return (*((self.matter_id,) if self.matter_id is not None else ()), *self.matter_ids)
