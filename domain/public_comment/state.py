"""What is known of a public comment 意見募集 after its events, and what rules ask of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from domain.kernel.commands import on
from domain.kernel.correction import Correctable
from domain.kernel.events import Recorded
from domain.public_comment.events import (
    CommentDisposed,
    CommentReceived,
    CommentResultPublished,
    PublicCommentOpened,
)
from domain.public_comment.refusals import COMMENTS_OPEN, WINDOW_OPEN
from domain.values.calendar import EffectiveDate


class Commented(Correctable):
    """The state of what anybody may comment on: a plan, a matter."""

    def begin(self) -> None:
        super().begin()
        self.window: PublicCommentOpened | None = None
        self.comments: dict[str, CommentReceived] = {}
        self.disposed: dict[str, CommentDisposed] = {}
        self.result: CommentResultPublished | None = None

    def _asked(self) -> None:
        """The public has been asked: what changes of the state of the thing itself."""

    @on(PublicCommentOpened)
    def _comments_asked(self, e: PublicCommentOpened, _: Recorded[Any]) -> None:
        self.window = e
        self._asked()

    @on(CommentReceived)
    def _comment_received(self, e: CommentReceived, _: Recorded[Any]) -> None:
        self.comments[e.comment_id] = e

    @on(CommentDisposed)
    def _comment_disposed(self, e: CommentDisposed, _: Recorded[Any]) -> None:
        self.disposed[e.comment_id] = e

    @on(CommentResultPublished)
    def _comment_result(self, e: CommentResultPublished, _: Recorded[Any]) -> None:
        self.result = e

    # -- what commands ask

    def comments_answered(self) -> None:
        """Refuse while comments may still come in (WINDOW_OPEN) or wait for an answer (COMMENTS_OPEN)."""
        if self.context.importing:
            return
        self.window_over()
        if self.undisposed():
            raise COMMENTS_OPEN(comments=", ".join(self.undisposed()))

    def window_over(self) -> None:
        """Refuse WINDOW_OPEN while comments may still come in."""
        until = self.window.to_date.check() if self.window is not None else None
        closes = until.latest if until is not None else None
        if until is not None and closes is not None and self._day() <= closes and not self.context.importing:
            raise WINDOW_OPEN(until=until.label("ja"), until_en=until.label("en"))

    def _day(self) -> dt.date:
        """The day on which this happens: as stated, or else today in Japan."""
        stated = self.context.effective.check().latest if self.context.effective is not None else None
        return stated or self.context.today()

    def _dated(self, stated: EffectiveDate | None) -> EffectiveDate | None:
        """The day as stated; else today, if whoever gives the command says that it happens now."""
        if stated is None and self.context.live and self.context.effective is None:
            return EffectiveDate.on(self.context.today())
        return stated

    def undisposed(self) -> list[str]:
        """The comments of which nobody has said what became of them, in the order they came in."""
        return [comment for comment in self.comments if comment not in self.disposed]
