"""Questions about one decision: how it was reached, by whom, on what, and what came of it."""

from __future__ import annotations

from domain.fields import Id
from projections.asking import Answer, Ask, gaps_as_unknown, question
from projections.trail import trail


@question("S1", ja="この決定はどうやって決まったか", en="How was this decision reached?")
def how_reached(ask: Ask, *, id: Id) -> Answer:
    """The whole trail of a matter, in order: raised by whom and why, options with those withdrawn, evidence,
    opinions, meetings, quorum check, method, tally, dissent, transmission, the city's response and decision,
    later changes. ``id``: a matter, or anything else on record."""
    known = ask.must_know(id)
    found = trail(ask.connection, id, staff=ask.viewer.staff)
    events = ask.events_about(id)
    done = found["completeness"]
    title = known["title"] or id
    lacking = len(found["not_recorded"])
    complete = (
        (
            f"確認項目{done['total']}のうち{done['done']}を満たします。",
            f" {done['done']} of {done['total']} checks hold.",
        )
        if done
        else ("", "")
    )
    return Answer(
        says=(
            f"「{title}」について{len(events)}件の出来事が記録されています。{complete[0]}記録にないもの{lacking}件。",
            f"{len(events)} events are on record of “{title}”.{complete[1]} Not recorded: {lacking}.",
        ),
        answer=found,
        events=events,
        unknown=gaps_as_unknown(found["not_recorded"]),
    )
