"""Saving a draft by a script, while somebody types."""

from __future__ import annotations

from flask import jsonify
from werkzeug.wrappers import Response

from api.http.language import tr
from api.office.desk.drafting import about_of, clock_time, content_of, my_drafts, version_of
from api.office.desk.drafts import DRAFT_TOO_LARGE, Newer, new_draft_id
from api.office.desk.frame import typed
from api.office.desk.refused import shown
from domain.values.refusal import Refusal
from projections.engine.event_json import Json


def by_script() -> Response:
    """Save what a script sends; in one round trip, with who else has it open."""
    drafts = my_drafts()
    draft_id = typed().get("draft") or new_draft_id()
    try:
        draft = drafts.save(draft_id, version_of(typed()), about_of(typed()), content_of(typed()))
    except Newer as newer:
        login = drafts.names([newer.draft.saved_by]).get(newer.draft.saved_by, "")
        at = clock_time(newer.draft.saved_at)
        newer_text = tr(f"{at}に{login}さんが保存しています。", f"Saved by {login} at {at}.")
        return _answer({"newer": newer_text}, 409)
    except Refusal as refused:
        if refused.declared is not DRAFT_TOO_LARGE:
            raise
        words = shown(refused)
        return _answer({"refused": f"{words['sentence']} {words['what_next']}"}, 413)
    at = clock_time(draft.saved_at)
    return _answer(
        {
            "draft": draft.draft_id,
            "version": draft.version,
            "saved": tr(f"{at}に下書きを保存", f"Draft saved at {at}"),
            "others": [
                tr(f"{login}さんも開いています", f"{login} has it open, too")
                for login, _ in drafts.others_at_it(draft.draft_id)
            ],
        },
        200,
    )


def _answer(content: Json, status: int) -> Response:
    answer = jsonify(content)
    answer.status_code = status
    return answer
