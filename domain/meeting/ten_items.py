"""The ten items that minutes 会議録 hold before they are published (O22), read off the meeting itself.

What stands in the events of the meeting is not asked again; what else there was is said with the draft of the
minutes. Nothing counts as said because nobody said anything: no observers is 0, no documents an empty list,
nothing else 「なし」.
"""

from __future__ import annotations

from domain.meeting.state import MeetingState

Words = tuple[str, str]


def missing_items(meeting: MeetingState) -> list[Words]:
    """The items that are not there, in the order of O22, by their names in Japanese and English."""
    return [name for name, there in _items(meeting) if not there]


def _items(meeting: MeetingState) -> list[tuple[Words, bool]]:
    draft = meeting.draft
    return [
        (("会議体", "the body"), bool(meeting.council_id)),
        (("議題", "the topics"), bool(meeting.items)),
        (("日時・場所", "date and place"), _date_and_place(meeting)),
        (("公開・非公開とその理由", "open or closed, and why"), _openness(meeting)),
        (("出席者・欠席者", "members present and absent"), _attendance(meeting)),
        (("事務局", "staff"), _staff(meeting)),
        (("傍聴者数", "number of observers"), _observers(meeting)),
        (("資料", "documents"), meeting.documents is not None),
        (("会議の記録", "the record of the meeting"), meeting.minutes_document is not None),
        (("その他", "other matters"), draft is not None and draft.other is not None),
    ]


def _date_and_place(meeting: MeetingState) -> bool:
    """Opinions gathered in writing 書面会議 need no place."""
    scheduled = meeting.scheduled
    return (
        meeting.day is not None
        and scheduled is not None
        and (scheduled.place is not None or scheduled.kind == "written")
    )


def _openness(meeting: MeetingState) -> bool:
    """A meeting that is not open to all says why: with its notice, or for the items that were closed."""
    if meeting.publicity is None or meeting.publicity == "open" or meeting.closed_because is not None:
        return meeting.publicity is not None
    if meeting.publicity == "closed":
        return bool(meeting.items) and meeting.closed_items >= meeting.items.keys()
    return bool(meeting.closed_items)


def _attendance(meeting: MeetingState) -> bool:
    """Who was there follows from the opening, and who was not from who served that day; or a source counts
    both."""
    counts = meeting.counts
    counted = counts is not None and None not in (counts.members_serving, counts.members_present)
    held = meeting.held
    known = held is not None and (bool(held.known_attendees) or held.members_present is not None)
    return meeting.opened is not None or counted or known or bool(meeting.replies)


def _staff(meeting: MeetingState) -> bool:
    """How many there were, or who they were with their posts. Nobody sits together in a written procedure."""
    counted = meeting.closed is not None and meeting.closed.staff is not None
    known = meeting.held is not None and meeting.held.staff is not None
    return counted or known or meeting.others is not None or meeting.asked is not None


def _observers(meeting: MeetingState) -> bool:
    if meeting.asked is not None:  # in writing nobody can observe
        return True
    at_the_end = meeting.closed is not None and meeting.closed.observers is not None
    at_the_end = at_the_end or (meeting.held is not None and meeting.held.observers is not None)
    return at_the_end or (meeting.counts is not None and meeting.counts.observers is not None)
