"""What may be recorded of a public comment 意見募集, on the draft of a plan or on a matter (domain.md
4.5)."""

from __future__ import annotations

from typing import ClassVar, Literal

from domain.kernel.events import Event
from domain.kernel.when import RECORDING, TOLD
from domain.values.calendar import EffectiveDate
from domain.values.fields import Count, Id, Text

Channel = Literal["post", "fax", "email", "form", "in_person", "meeting", "other"]
"""How a comment may reach the city: 郵送・ファクス・電子メール・入力フォーム・持参・説明会."""
Disposition = Literal["reflected", "already_included", "for_reference", "not_adopted"]
"""What the city makes of a comment: 反映・盛り込み済み・参考・対応できない (O6)."""


class PublicCommentOpened(Event):
    """Anybody may comment from the first to the last of these days (パブリックコメント)."""

    LABEL = ("意見募集の開始", "Public comment opened")
    WHEN = "from_date"
    AHEAD = True
    FIELDS: ClassVar = {"channels": ("意見の出し方", "Ways to comment")}
    from_date: EffectiveDate
    to_date: EffectiveDate
    channels: tuple[Channel, ...] = ()


class CommentReceived(Event):
    """Somebody commented. Who it was lies in the vault under ``vault_ref`` (name and address are given);
    what they wrote is the document ``text_ref``. Null where a source tells only that there was a comment."""

    LABEL = ("意見の受付", "Comment received")
    KEY_STEP = False
    WHEN = "received_on"
    AFTER = ("PublicCommentOpened",)
    SUBJECT = "{entity}#{comment_id}"
    LINKS: ClassVar = {"entity": "says_about"}
    FIELDS: ClassVar = {
        "comment_id": ("意見", "Comment"),
        "text_ref": ("意見の本文", "Text of the comment"),
    }
    comment_id: Id
    channel: Channel | None = None
    vault_ref: Id | None = None
    text_ref: Id | None = None
    received_on: EffectiveDate | None = None


class CommentDisposed(Event):
    """What the city makes of a comment: its reply and, where the comment is reflected, what changed in the
    draft. A later one takes the place of an earlier one."""

    LABEL = ("意見への対応", "Comment disposed of")
    WHEN = TOLD
    AFTER = ("CommentReceived.comment_id",)
    KEY_STEP = False
    SUBJECT = "{entity}#{comment_id}"
    FIELDS: ClassVar = {
        "disposition": ("対応", "What is made of it"),
        "draft_change": ("案の変更", "Change of the draft"),
    }
    comment_id: Id
    disposition: Disposition
    reply: Text | None = None
    draft_change: Text | None = None


class CommentResultPublished(Event):
    """How many people commented, how often, and what became of it was made public; nobody is named."""

    LABEL = ("意見募集の結果の公表", "Result of the public comment published")
    WHEN = "published_on"
    AFTER = ("PublicCommentOpened",)
    LINKS: ClassVar = {"document_id": "used"}
    FIELDS: ClassVar = {
        "persons": ("意見を出した人数", "People who commented"),
        "comments": ("意見の件数", "Number of comments"),
    }
    persons: Count | None = None
    comments: Count | None = None
    document_id: Id | None = None
    published_on: EffectiveDate | None = None


class CommenterErased(Event):
    """What the vault held about whoever made a comment is gone; the comment and its reply stay."""

    LABEL = ("意見提出者の個人情報の消去", "Commenter's data erased")
    WHEN = RECORDING
    KEY_STEP = False
    SUBJECT = "{entity}#{comment_id}"
    comment_id: Id
    reason: Text
