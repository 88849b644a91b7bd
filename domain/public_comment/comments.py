"""Public comment パブリックコメント on the draft of a plan, or on a matter (domain.md 4.5).

Whoever comments gives name and address, as the city's rule wants it (O2: 規則第6号 of 2007). Both go into the
vault, under a reference that says nothing by itself, and stand in no event. One person may comment often:
``same_person_as`` keeps them one reference, so that people and comments are counted apart. What they wrote,
with whatever they say of themselves in it, is a registered document that is not public; the record holds its
id. What the public reads is what the city says: one of the four dispositions of O6 (反映・盛り込み済み・
参考・対応できない), a reply, and what changed in the draft. Until the result is published the reply may be
changed, for the council debates it (O6); it agrees to a draft of which every comment has been answered.

The domain does not read the vault. So that a published text tells nobody's identity it refuses what it can
know: a reference into the vault, a letter itself, and what has the form of an address or a way to reach
somebody. That no name stands in a reply is for its author to see to.
"""

from __future__ import annotations

import re
import uuid
from typing import ClassVar

import msgspec

from domain.document.aggregate import Document
from domain.kernel.commands import STAND_IN, GivenAgain, command, refuses
from domain.kernel.references import must_exist
from domain.kernel.refusals import ALREADY_EXISTS, UNKNOWN_ID, WRONG_STATE
from domain.party.aggregate import Contact
from domain.public_comment.events import (
    Channel,
    CommentDisposed,
    CommenterErased,
    CommentReceived,
    CommentResultPublished,
    PublicCommentOpened,
)
from domain.public_comment.refusals import (
    COMMENT_COUNT_WRONG,
    COMMENTER_REQUIRED,
    COMMENTS_OPEN,
    NO_DRAFT_CHANGE,
    OUTSIDE_WINDOW,
    PII,
    REPLY_REQUIRED,
    RESULT_PUBLISHED,
    TEXT_REQUIRED,
    WINDOW_OPEN,
    WINDOW_REVERSED,
)
from domain.public_comment.state import Commented
from domain.values.calendar import EffectiveDate
from domain.values.fields import Id, PersonName

_COMMENTER = "commenter-"
_REACHES_SOMEBODY = re.compile(
    r"[\w.+-]+@[\w-]+\.\w"  # electronic mail
    r"|(?<!\d)0\d{1,4}[-(ー－ ]\d{1,4}[-)ー－ ]\d{3,4}(?!\d)"  # telephone
    r"|〒|(?<!\d)\d{3}[-－]\d{4}(?!\d)"  # postal code
    r"|\d+番(地|\d+号)"  # street number
)


def _received_again(about: Commented, e: CommentReceived) -> GivenAgain:
    """By the same person as an earlier comment, or by somebody whose name the vault holds, or held."""
    if e.vault_ref is None:
        return GivenAgain()
    earlier = (name for name, comment in about.comments.items() if comment.vault_ref == e.vault_ref)
    if (same := next(earlier, None)) is not None:
        return GivenAgain({"same_person_as": same})
    made = e.vault_ref.removeprefix(_COMMENTER)
    return GivenAgain({"name": STAND_IN, "address": STAND_IN}, ids=(made,))


class PublicComments(Commented):
    """The commands about comments, of whatever the public is asked about."""

    OPENS_IN: ClassVar[tuple[str, ...]]
    """The states in which the public may be asked."""
    COMMENTED_IN: ClassVar[tuple[str, ...]]
    """Those in which comments come in and are answered."""
    CONCLUDES_IN: ClassVar[tuple[str, ...]]
    """Those in which the result is published."""

    @command("SEC", "IMP", event=PublicCommentOpened, ja="意見募集を始める", en="Open public comment")
    @refuses(WINDOW_REVERSED, WRONG_STATE)
    def open_public_comment(self, fact: PublicCommentOpened) -> None:
        """Ask the public for comments on the draft, from a first to a last day."""
        self._commentable(*self.OPENS_IN)
        self._not_asked_yet()
        begin, to = fact.from_date.check(), fact.to_date.check()
        if to.before(begin):
            raise WINDOW_REVERSED(**_days(begin=begin, to=to)).at("/to_date")
        self.record(fact)

    @command(
        "SEC",
        "IMP",
        records=CommentReceived,
        again=_received_again,
        ja="意見を受け付ける",
        en="Receive a comment",
    )
    @refuses(ALREADY_EXISTS, COMMENTER_REQUIRED, OUTSIDE_WINDOW, PII, TEXT_REQUIRED, WRONG_STATE)
    def receive_comment(
        self,
        comment_id: Id,
        channel: Channel | None = None,
        text_ref: Id | None = None,
        name: PersonName | None = None,
        address: Contact | None = None,
        contact: Contact | None = None,
        same_person_as: Id | None = None,
        received_on: EffectiveDate | None = None,
    ) -> None:
        """Record a comment. Name, address and contact go to the vault; ``same_person_as`` names, instead of
        them, an earlier comment by the same person. ``text_ref`` is the document, not public, that holds
        what was written."""
        self._commentable(*self.COMMENTED_IN)
        self._is_asked()
        if comment_id in self.comments:
            raise ALREADY_EXISTS(id=comment_id).at("/comment_id")
        self._within_window(received_on)
        self._keeps_its_author(text_ref)
        vault_ref = self._commenter(name, address, same_person_as)
        personal = {"name": name, "address": address, "contact": contact}
        if vault_ref is not None and same_person_as is None:
            self.entrust(vault_ref, **{what: text for what, text in personal.items() if text is not None})
        self.record(
            CommentReceived(
                comment_id=comment_id,
                channel=channel,
                vault_ref=vault_ref,
                text_ref=text_ref,
                received_on=self._dated(received_on),
            )
        )

    @command("SEC", "APR", "IMP", event=CommentDisposed, ja="意見への対応を決める", en="Dispose of a comment")
    @refuses(NO_DRAFT_CHANGE, PII, REPLY_REQUIRED, RESULT_PUBLISHED, WRONG_STATE)
    def dispose_comment(self, fact: CommentDisposed) -> None:
        """Say what becomes of a comment, and reply to it; if it is reflected, what changed in the draft."""
        self._commentable(*self.COMMENTED_IN)
        self._is_asked()
        self._comment(fact.comment_id)
        if self.result is not None:
            raise RESULT_PUBLISHED()
        if fact.disposition == "reflected" and fact.draft_change is None and not self.context.importing:
            raise NO_DRAFT_CHANGE().at("/draft_change")
        if fact.disposition == "not_adopted" and fact.reply is None and not self.context.importing:
            raise REPLY_REQUIRED().at("/reply")
        self._tells_nobody(fact.reply, "/reply")
        self._tells_nobody(fact.draft_change, "/draft_change")
        self.record(fact)

    @command(
        "SEC",
        "APR",
        "IMP",
        event=CommentResultPublished,
        ja="意見募集の結果を公表する",
        en="Publish the result of public comment",
    )
    @refuses(COMMENTS_OPEN, COMMENT_COUNT_WRONG, PII, RESULT_PUBLISHED, WINDOW_OPEN, WRONG_STATE)
    def publish_comment_result(self, fact: CommentResultPublished) -> None:
        """Make public how many people commented, how often, and what became of it. The numbers are counted
        from the record where they are left out."""
        self._commentable(*self.CONCLUDES_IN)
        self._is_asked()
        if self.result is not None:
            raise RESULT_PUBLISHED()
        self.comments_answered()
        self._tells_nobody_by(fact.document_id)
        must_exist(self, fact.document_id, "/document_id")
        counted = self._counted(fact)
        self.record(msgspec.structs.replace(counted, published_on=self._dated(fact.published_on)))

    @command("DIS", event=CommenterErased, ja="意見提出者の個人情報を消去する", en="Erase a commenter's data")
    def erase_commenter(self, fact: CommenterErased) -> None:
        """Remove everything the vault holds about whoever made this comment (and others of theirs)."""
        vault_ref = self._comment(fact.comment_id).vault_ref
        if vault_ref is None:
            raise UNKNOWN_ID(kind="個人情報", kind_en="personal data", id=fact.comment_id).at("/comment_id")
        # What is entrusted replaces all that the vault holds under the reference: nothing is left.
        self.entrust(vault_ref)
        self.record(fact)

    # -- what several commands ask

    def _commentable(self, *states: str) -> None:
        if not self.context.importing:
            self.only_in(*states)

    def _not_asked_yet(self) -> None:
        """Refuse to ask once more, where the state does not say so itself."""

    def _is_asked(self) -> None:
        """Refuse what rests on the public having been asked, where the state does not say so itself."""

    def _comment(self, comment_id: str) -> CommentReceived:
        if comment_id not in self.comments:
            raise UNKNOWN_ID(kind="意見", kind_en="comment", id=comment_id).at("/comment_id")
        return self.comments[comment_id]

    def _within_window(self, received_on: EffectiveDate | None) -> None:
        """Refuse a day that lies outside the window; one that may lie within passes."""
        if self.window is None:
            return
        moment = received_on or self.context.effective
        day = moment.check() if moment is not None else EffectiveDate.on(self._day())
        begin, to = self.window.from_date.check(), self.window.to_date.check()
        if day.before(begin) or to.before(day):
            raise OUTSIDE_WINDOW(**_days(day=day, begin=begin, to=to)).at("/received_on")

    def _keeps_its_author(self, text_ref: str | None) -> None:
        """What was written must be on record, and not public: it says who wrote it."""
        if self.context.importing:
            return
        if text_ref is None:
            raise TEXT_REQUIRED().at("/text_ref")
        if self.look(Document, text_ref).disclosure.is_public:
            raise PII(what="原本", what_en="the original letter").at("/text_ref")

    def _commenter(self, name: str | None, address: str | None, same_person_as: str | None) -> str | None:
        """The reference under which the vault knows whoever comments; None if a source does not say."""
        if same_person_as is not None:
            if same_person_as not in self.comments:
                raise UNKNOWN_ID(kind="意見", kind_en="comment", id=same_person_as).at("/same_person_as")
            return self.comments[same_person_as].vault_ref
        if not self.context.importing and (name is None or address is None):
            raise COMMENTER_REQUIRED().at("/name" if name is None else "/address")
        known = name is not None or address is not None
        return f"{_COMMENTER}{uuid.UUID(self.context.new_id()).hex}" if known else None

    def _tells_nobody(self, text: str | None, pointer: str) -> None:
        """Refuse a text for the public that holds a reference into the vault or a way to reach somebody."""
        if text is None:
            return
        if any(comment.vault_ref and comment.vault_ref in text for comment in self.comments.values()):
            raise PII(what="保管番号", what_en="a reference into the vault").at(pointer)
        if _REACHES_SOMEBODY.search(text):
            raise PII(what="住所・連絡先", what_en="an address or a contact").at(pointer)

    def _tells_nobody_by(self, document_id: str | None) -> None:
        """Refuse to publish the letters: as the result, or beside it, having become public since."""
        if document_id in {comment.text_ref for comment in self.comments.values()} - {None}:
            raise PII(what="原本", what_en="the original letter").at("/document_id")
        for comment in self.comments.values():
            letter = self.context.reader.find(Document, comment.text_ref or "")
            if letter is not None and letter.disclosure.is_public:
                raise PII(what=f"原本 {comment.text_ref}", what_en=f"the original letter {comment.text_ref}")

    def _counted(self, fact: CommentResultPublished) -> CommentResultPublished:
        """The result with its numbers: as counted, or as a source gives them where it tells more."""
        known, people = self._numbers()
        persons = people if fact.persons is None else fact.persons
        comments = known if fact.comments is None else fact.comments
        too_few = (comments or 0) < (known or 0) or (people is not None and (persons or 0) < people)
        if too_few or (not self.context.importing and (persons, comments) != (people, known)):
            raise COMMENT_COUNT_WRONG(
                persons=persons, comments=comments, known_persons=people, known=known
            ).at("/comments")
        return msgspec.structs.replace(fact, persons=persons, comments=comments)

    def _numbers(self) -> tuple[int | None, int | None]:
        """How many comments there are, and of how many people; None where a source does not tell."""
        if self.context.importing and not self.comments:
            return None, None
        people = {comment.vault_ref for comment in self.comments.values()}
        return len(self.comments), None if None in people else len(people)


def _days(**dates: EffectiveDate) -> dict[str, str]:
    """Each day in Japanese under its name, and in English under its name with ``_en``."""
    ja = {name: day.label("ja") for name, day in dates.items()}
    return ja | {f"{name}_en": day.label("en") for name, day in dates.items()}
