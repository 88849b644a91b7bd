"""A decision in three sentences: how the council voted and for what, what the city decided and how that
differs, what it costs. Made from the record in this one place, for its page, its description and every card.

One story: each sentence says what is recorded and nothing else, in every state a matter may be in, and names
the events it rests on. What is not recorded it says is not; what is closed it says is closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.http.language import in_words, tr
from api.pages.matter.matter_outcome import option_label
from api.pages.parts import marks
from api.pages.parts.days import era_only, exact, short
from api.pages.parts.names import Names
from api.pages.parts.phrases import Phrase, joined, phrase, plain, recorded, strong, whole
from api.pages.parts.quorum import standing
from api.reads.as_of import day_shown
from api.words import wording
from domain.values.money import Money
from projections.engine.event_json import Json

By = Literal["council", "city", "money"]
State = Literal["done", "open", "none"]
LONG = 64
"""Characters of the record's own words that a sentence takes; more is cut where it is said."""
SHOWN_POINTS = 2


@dataclass(frozen=True)
class Sentence:
    """``by``: whose doing it tells; ``state``: that it happened, that it is still to come, or that nothing is
    recorded of it; ``evidence``: the events by their numbers; ``corrected``: what was put right of these."""

    by: By
    state: State
    words: Phrase
    evidence: tuple[int, ...] = ()
    inferred: bool = False
    corrected: tuple[Json, ...] = ()

    @property
    def plain(self) -> str:
        return plain(self.words)


def three_sentences(
    matter: Json, meetings: Sequence[Json], actions: Sequence[Json], names: Names
) -> list[Sentence]:
    """``meetings``: those that dealt with it; ``actions``: what came of it, each with every year of its
    ledger. Of a matter that is closed as a whole there is one sentence, that it is."""
    if "closed" in matter:
        words = phrase(tr("この案件は{why}です。", "This matter is {why}."), why=in_words(matter["closed"]))
        return [Sentence("council", "none", words)]
    return [_council(matter, meetings, names), _city(matter), _money(matter, actions)]


def description(sentences: Iterable[Sentence]) -> str:
    """The same as one text."""
    return tr("", " ").join(each.plain for each in sentences)


# ----------------------------------------------------------------------------------------- what they rest on


def last(m: Json, name: str) -> Json | None:
    """The last event of a type."""
    entry: Json | None = marks.last(m.get(name))
    return entry


def proof_of(m: Json, meetings: Sequence[Json]) -> Json | None:
    """The resolution that a conclusion rests on: the one it names, else the last one on this matter."""
    concluded: Json = last(m, "MatterConcluded") or {}
    taken = [
        {**r, "meeting_id": meeting["meeting_id"], "body": meeting.get("council_id")}
        for meeting in meetings
        for name in ("ResolutionReported", "ResolutionTaken")
        for r in meeting.get(name, ())
        if m["matter_id"] in (r.get("matter_id"), *(r.get("matter_ids") or ())) and "closed" not in r
    ]
    named = [r for r in taken if r["resolution_id"] == concluded.get("resolution_ref")]
    entry: Json | None = marks.last(named or taken)
    return entry


def votes(proof: Json | None) -> Json | None:
    """The votes for and against, counted or as a source reports them; None unless both are known."""
    counted = (proof or {}).get("tally") or (proof or {}).get("numbers")
    if not isinstance(counted, dict) or not all(isinstance(counted.get(x), int) for x in ("for", "against")):
        return None
    return counted


def is_short_of_quorum(proof: Json | None) -> Json | None:
    """The check by which a resolution was taken by too few; None if it was not, or nobody can tell."""
    check = standing(proof) if proof else None
    is_short = check is not None and check["result"] == "not_met" and check.get("required") is not None
    return check if is_short else None


def _sentence(by: By, state: State, words: Phrase, *events: Json | None) -> Sentence:
    """A sentence that rests on these events; those that are closed stand as evidence too."""
    envelopes = [e["said"] for e in events if e and e.get("said")]
    return Sentence(
        by,
        state,
        words,
        tuple(dict.fromkeys(envelope["position"] for envelope in envelopes)),
        any(envelope.get("certainty") == "inferred" for envelope in envelopes),
        tuple(c for envelope in envelopes for c in envelope.get("corrections") or ()),
    )


def _cut(text: str) -> str:
    text = text.strip().removesuffix("。").removesuffix(".")
    return text if len(text) <= LONG else f"{text[:LONG]}…"


# ------------------------------------------------------------------------------------------------ the council


def body(m: Json) -> Phrase:
    """Whoever concluded: the council, or where the matter belongs to none, the meeting."""
    return phrase(
        tr("市民会議", "The council") if m.get("council_id") is not None else tr("会議", "The meeting")
    )


def _council(m: Json, meetings: Sequence[Json], names: Names) -> Sentence:
    concluded, withdrawn = last(m, "MatterConcluded"), last(m, "MatterWithdrawn")
    if withdrawn is not None and concluded is None:
        return _withdrawn(withdrawn)
    if concluded is None:
        return _not_concluded(m, meetings)
    if "closed" in concluded:
        why = in_words(concluded["closed"])
        words = phrase(
            tr("{body}の結論は{why}です。", "The conclusion of {body} is {why}."), body=_low(m), why=why
        )
        return _sentence("council", "none", words, concluded)
    proof = proof_of(m, meetings)
    words = joined([_chosen(m, concluded, proof), *_about_it(m, concluded, proof, names)], tr("", " "))
    later = (last(m, name) for name in ("EntrustmentSettled", "MatterSuperseded", "MatterRescinded"))
    return _sentence("council", "done", words, concluded, proof, *later)


def _withdrawn(e: Json) -> Sentence:
    reason = None if "closed" in e else e.get("reason") or e["said"]["reason"]
    if e.get("by_mistake"):
        words = phrase(
            tr("誤って登録されたため、取り下げられました。", "It was raised by mistake and withdrawn.")
        )
    elif reason:
        words = phrase(
            tr(
                "この問いは取り下げられました。理由は「{why}」です。",
                "The question was withdrawn. The reason: “{why}”.",
            ),
            why=recorded(_cut(reason)),
        )
    else:
        words = phrase(
            tr(
                "この問いは取り下げられました。理由は記録されていません。",
                "The question was withdrawn. No reason is recorded.",
            )
        )
    return _sentence("council", "done", words, e)


def _not_concluded(m: Json, meetings: Sequence[Json]) -> Sentence:
    carried, decided = last(m, "MatterCarriedOver"), last(m, "CityDecisionRecorded")
    options = m.get("OptionProposed") or ()
    if decided is not None:
        words = phrase(
            tr("{body}の結論は、記録されていません。", "No conclusion of {body} is recorded."), body=_low(m)
        )
        if not meetings and not options and not m.get("OpinionRecorded"):
            words = phrase(
                tr(
                    "{body}で話し合ったかどうかは、記録がありません。",
                    "Whether {body} discussed it is not recorded.",
                ),
                body=_low(m),
            )
        return _sentence("council", "none", words)
    proof = proof_of(m, meetings)
    parts = []
    if carried is not None:
        text = tr(
            "{body}は、話し合いを続けることにしました。", "{body} decided to go on with the discussion."
        )
        parts.append(phrase(text, body=body(m)))
    elif proof is not None and proof.get("result") == "tied":
        text = tr("{body}では賛否が同数でした。", "The votes in {body} were equal.")
        parts.append(phrase(text, body=_low(m)))
    nothing_yet = tr("結論は、まだ記録されていません。", "No conclusion is recorded yet.")
    parts.append(phrase(nothing_yet))
    if options:
        count = tr(f"{len(options)}つ", f"{len(options)} option{'' if len(options) == 1 else 's'}")
        text = tr("案が{count}出ています。", "So far there {verb} {count}.")
        parts.append(phrase(text, count=strong(count), verb="is" if len(options) == 1 else "are"))
    evidence = [carried or proof or last(m, "MatterRaised"), options[-1] if options else None]
    return _sentence("council", "open", joined(parts, tr("", " ")), *evidence)


def _low(m: Json) -> str:
    """The body within a sentence."""
    return tr("市民会議", "the council") if m.get("council_id") is not None else tr("会議", "the meeting")


def how(concluded: Json, proof: Json | None) -> Phrase:
    """By how many votes, or in which way: before the verb in Japanese, after it in English."""
    counted = votes(proof)
    if counted is not None:
        numbers = tr(f"{counted['for']}対{counted['against']}", f"{counted['for']} to {counted['against']}")
        rest = [
            tr(f"{ja}{counted[name]}", f"{counted[name]} {en}")
            for name, ja, en in (("abstain", "棄権", "abstained"), ("not_voting", "投票せず", "not voting"))
            if counted.get(name)
        ]
        aside = tr(f"（{'、'.join(rest)}）", f" ({', '.join(rest)})") if rest else ""
        return phrase(tr("{votes}{aside}で", " by {votes}{aside}"), votes=strong(numbers), aside=aside)
    ways = {
        "no_objection": ("異議なしで", " without objection"),
        "unanimous": ("全員の賛成で", " unanimously"),
        "majority_show": ("挙手・起立で", " by a show of hands"),
        "majority_ballot": ("投票で", " by ballot"),
        "written": ("書面で", " in writing"),
    }
    way = ways.get(concluded.get("method") or (proof or {}).get("method") or "")
    return phrase(tr(*way)) if way else ()


def _chosen(m: Json, concluded: Json, proof: Json | None) -> Phrase:
    """What was concluded, and how."""
    option = concluded.get("chosen_option")
    label = option_label(m, option) if option is not None else None
    choice = recorded(_cut(label)) if label else None
    result = concluded.get("result")
    patterns = _WITH_OPTION if choice else _WITHOUT_OPTION
    pattern = patterns.get(result or "") or (_WITH_OPTION["adopted"] if choice else None)
    if pattern is None:
        pattern = (
            "{body}は結論を出しましたが、どういう結論かは記録されていません。",
            "{body} concluded; what it concluded is not recorded.",
        )
    if choice is None and result == "adopted" and m.get("OptionProposed"):
        pattern = (
            "{body}は{how}可決しました。どの案かは記録されていません。",
            "{body} adopted it{how}. Which option is not recorded.",
        )
    return phrase(tr(*pattern), body=body(m), how=how(concluded, proof), choice=choice or "")


_WITH_OPTION = {
    "adopted": ("{body}は{how}「{choice}」を選びました。", "{body} chose “{choice}”{how}."),
    "adopted_with_conditions": (
        "{body}は{how}、条件を付けて「{choice}」を選びました。",
        "{body} chose “{choice}”{how}, with conditions.",
    ),
    "agreed": ("{body}は「{choice}」とすることで合意しました。", "{body} agreed on “{choice}”."),
    "rejected": ("{body}は{how}「{choice}」を退けました。", "{body} rejected “{choice}”{how}."),
    "entrusted": (
        "{body}は{how}「{choice}」とし、細かな点を座長に任せました。",
        "{body} chose “{choice}”{how} and left the details to the chair.",
    ),
    "partly": ("{body}は{how}「{choice}」の一部を選びました。", "{body} adopted part of “{choice}”{how}."),
    "amended": (
        "{body}は{how}「{choice}」を直して選びました。",
        "{body} adopted “{choice}” as amended{how}.",
    ),
    "summarised": (
        "{body}は意見を「{choice}」とまとめました。",
        "{body} summed its opinions up as “{choice}”.",
    ),
}
_WITHOUT_OPTION = {
    "adopted": ("{body}は{how}、原案を認めました。", "{body} approved the proposal{how}."),
    "adopted_with_conditions": (
        "{body}は{how}、条件を付けて原案を認めました。",
        "{body} approved the proposal{how}, with conditions.",
    ),
    "agreed": ("{body}は合意しました。", "{body} agreed."),
    "rejected": ("{body}は{how}、原案を認めませんでした。", "{body} rejected the proposal{how}."),
    "tied": ("{body}では賛否が同数で、決まりませんでした。", "{body} was tied, and nothing was decided."),
    "carried_over": (
        "{body}は、話し合いを続けることにしました。",
        "{body} decided to go on with the discussion.",
    ),
    "summarised": ("{body}は、出た意見をまとめました。", "{body} summed up the opinions."),
    "entrusted": (
        "{body}は{how}、最後のまとめを座長に任せました。",
        "{body} left the final wording to the chair{how}.",
    ),
    "noted": ("{body}は報告を受け、了承しました。", "{body} heard the report and took note of it."),
    "partly": ("{body}は{how}、原案の一部を認めました。", "{body} approved part of the proposal{how}."),
    "amended": ("{body}は{how}、原案を直して認めました。", "{body} approved the proposal as amended{how}."),
    "adopted_in_purpose": (
        "{body}は{how}、趣旨を認めました。",
        "{body} approved the purpose of the proposal{how}.",
    ),
    "elected": ("{body}は{how}、人を選びました。", "{body} elected somebody{how}."),
    "referred": ("{body}は、別の会議に任せました。", "{body} referred it to another body."),
    "no_vote": ("{body}は採決をしませんでした。", "{body} took no vote."),
}


def _about_it(m: Json, concluded: Json, proof: Json | None, names: Names) -> Iterator[Phrase]:
    """What a reader has to know beside it: the source's own words, too few members, what came later."""
    stated = concluded.get("result_text")
    if stated and votes(proof) is None:
        text = tr("出典には「{words}」とあります。", "The source says “{words}”.")
        yield phrase(text, words=recorded(stated))
    short_of = is_short_of_quorum(proof)
    if short_of is not None:
        text = tr(
            "ただし、出席した{present}は、必要な{required}に足りていません。",
            "But only {present} of the {required} members needed were there.",
        )
        present = tr(f"{short_of['present']}人", f"{short_of['present']}")
        required = tr(f"{short_of['required']}人", f"{short_of['required']}")
        yield phrase(text, present=strong(present), required=whole(required))
    settled = last(m, "EntrustmentSettled")
    if settled is not None and "closed" not in settled:
        yield phrase(
            tr("座長は、任された範囲の中でまとめました。", "The chair settled it within these limits.")
            if settled["within_limits"]
            else tr("座長のまとめは、任された範囲を超えています。", "The chair went beyond these limits.")
        )
    several = len(m["MatterConcluded"])
    if several > 1:
        yield phrase(
            tr(
                f"結論は{several}回記録されていて、これが最後のものです。",
                f"Of {several} conclusions on record this is the last.",
            )
        )
    superseded = last(m, "MatterSuperseded")
    if superseded is not None and "closed" not in superseded:
        by = _in_quotes(names, superseded["superseded_by"])
        partly = superseded.get("clauses")
        yield phrase(
            tr("その一部は、のちに{by}で変わりました。", "Part of it was later changed by {by}.")
            if partly
            else tr("これは、のちに{by}に変わりました。", "It was later replaced by {by}."),
            by=by,
        )
    if last(m, "MatterRescinded") is not None:
        yield phrase(tr("この結論は、のちに廃止されました。", "The conclusion was later rescinded."))


def _in_quotes(names: Names, subject: str) -> Phrase:
    label = names.label(subject)
    text = label if isinstance(label, str) else label["text"]
    return phrase(tr("「{text}」", "“{text}”"), text=recorded(_cut(text)))


# --------------------------------------------------------------------------------------------------- the city


def _city(m: Json) -> Sentence:
    decided, replied = last(m, "CityDecisionRecorded"), last(m, "CityResponseRecorded")
    sent, concluded = last(m, "ConclusionTransmitted"), last(m, "MatterConcluded")
    if decided is not None:
        return _decided(m, decided, replied)
    if replied is not None:
        return _replied(m, replied)
    if sent is not None:
        return _waiting(sent)
    if concluded is not None:
        is_settled = m["state"] in ("superseded", "rescinded", "withdrawn")
        nothing_sent = tr("市へ送った記録はありません。", "Nothing is recorded as sent to the city.")
        nothing_decided = tr("市の決定も記録されていません。", "No decision of the city is recorded.")
        words = joined([phrase(nothing_sent), phrase(nothing_decided)], tr("", " "))
        return _sentence(
            "city", "none" if is_settled or concluded.get("result") == "rejected" else "open", words
        )
    if m["state"] == "withdrawn":
        return _sentence(
            "city",
            "none",
            phrase(tr("市の決定は記録されていません。", "No decision of the city is recorded.")),
        )
    words = phrase(tr("市の決定は、まだ記録されていません。", "No decision of the city is recorded yet."))
    return _sentence("city", "open", words)


def who_decided(decided: Json) -> str:
    """The city, or the assembly where it decided."""
    is_assembly = decided.get("authority") == "assembly"
    return tr("市議会", "The city assembly") if is_assembly else tr("市", "The city")


def changed_points(m: Json) -> list[tuple[str, str, str]]:
    """The points that council and city both name and say differently: the point, the council's words, the
    city's."""
    concluded, decided = last(m, "MatterConcluded") or {}, last(m, "CityDecisionRecorded") or {}
    ours = {p["point"]: p["text"] for p in concluded.get("points") or ()}
    return [
        (p["point"], ours[p["point"]], p["text"])
        for p in decided.get("points") or ()
        if p["point"] in ours and p["text"] != ours[p["point"]]
    ]


def compares(m: Json) -> bool:
    """Whether the record holds points that conclusion and decision both name."""
    concluded, decided = last(m, "MatterConcluded") or {}, last(m, "CityDecisionRecorded") or {}
    ours = {p["point"] for p in concluded.get("points") or ()}
    return bool(ours & {p["point"] for p in decided.get("points") or ()})


def _decided(m: Json, decided: Json, replied: Json | None) -> Sentence:
    if "closed" in decided:
        words = phrase(
            tr("市の決定は{why}です。", "The decision of the city is {why}."), why=in_words(decided["closed"])
        )
        return _sentence("city", "none", words, decided)
    attitude = _attitude(replied)
    changed = changed_points(m)
    text = decided.get("text")
    if changed:
        what = joined([_difference(*point) for point in changed[:SHOWN_POINTS]], tr("、", "; "))
        more = len(changed) - SHOWN_POINTS
        words = phrase(
            tr("{who}は{attitude}{what}と決めました。", "{who}{attitude} decided: {what}."),
            who=who_decided(decided),
            attitude=attitude,
            what=what,
        )
        if more > 0:
            rest = tr(f"ほか{more}点も変えています。", f"It changed {more} more point{'s' * (more > 1)}.")
            words = joined([words, phrase(rest)], tr("", " "))
    elif text:
        words = phrase(
            tr("{who}は{attitude}「{what}」と決めました。", "{who}{attitude} decided: “{what}”."),
            who=who_decided(decided),
            attitude=attitude,
            what=recorded(_cut(text)),
        )
    else:
        words = phrase(
            tr(
                "{who}は{attitude}決定しました。決めた中身は記録されていません。",
                "{who}{attitude} decided. What it decided is not recorded.",
            ),
            who=who_decided(decided),
            attitude=attitude,
        )
    if not changed and compares(m):
        same = tr("どちらもが挙げた点は、結論と同じです。", "The points that both name are the same.")
        words = joined([words, phrase(same)], tr("", " "))
    elif not changed and replied is None and last(m, "MatterConcluded") is not None:
        unknown = tr(
            "結論とどう違うかの記録はありません。", "How that differs from the conclusion is not recorded."
        )
        words = joined([words, phrase(unknown)], tr("", " "))
    return _sentence("city", "done", words, decided, replied)


def _difference(point: str, ours: str, theirs: str) -> Phrase:
    return phrase(
        tr("{point}は「{ours}」でなく「{theirs}」", "{point} “{theirs}” instead of “{ours}”"),
        point=recorded(point),
        ours=recorded(_cut(ours)),
        theirs=recorded(_cut(theirs)),
    )


def _attitude(replied: Json | None) -> str:
    """What the city made of the council's conclusion, as it stands before what it decided."""
    attitudes = {
        "accepted": ("、提言を受け入れ、", " accepted the proposal and"),
        "partly": ("、提言の一部を受け入れ、", " accepted part of the proposal and"),
        "deferred": ("、提言への答えを保留し、", " put its answer to the proposal off and"),
        "declined": ("、提言を受け入れず、", " did not accept the proposal and"),
    }
    attitude = attitudes.get((replied or {}).get("disposition") or "")
    return tr(*attitude) if attitude else tr("、", "")


def _replied(m: Json, replied: Json) -> Sentence:
    nothing_decided = phrase(tr("市の決定は記録されていません。", "No decision of the city is recorded."))
    if "closed" in replied:
        words = phrase(
            tr("市の回答は{why}です。", "The answer of the city is {why}."), why=in_words(replied["closed"])
        )
        return _sentence("city", "none", joined([words, nothing_decided], tr("", " ")), replied)
    answers = {
        "accepted": (
            "市は、提言を受け入れると答えました。",
            "The city answered that it accepts the proposal.",
        ),
        "partly": (
            "市は、提言の一部を受け入れると答えました。",
            "The city answered that it accepts part of the proposal.",
        ),
        "deferred": ("市は、答えを保留しました。", "The city put its answer off."),
        "declined": (
            "市は、提言を受け入れないと答えました。",
            "The city answered that it does not accept the proposal.",
        ),
    }
    parts = [phrase(tr(*answers[replied["disposition"]]))]
    reason = replied.get("reason_short") or replied.get("reason") or replied["said"]["reason"]
    if reason:
        text = tr("理由は「{why}」です。", "The reason: “{why}”.")
        parts.append(phrase(text, why=recorded(_cut(reason))))
    return _sentence("city", "done", joined([*parts, nothing_decided], tr("", " ")), replied)


def _waiting(sent: Json) -> Sentence:
    no_answer = phrase(tr("市の回答は、まだ記録されていません。", "No answer of the city is recorded yet."))
    if "closed" in sent:
        return _sentence("city", "open", no_answer, sent)
    when = short(marks.date(sent["said"]["effective"]))
    form = wording.value("form", sent["form"])
    if when is None:
        text = tr("「{form}」として市へ送りました。", "It was sent to the city as a {form}.")
        since = phrase(text, form=form)
    else:
        text = tr(
            "{when}に「{form}」として市へ送りました。", "It was sent to the city as a {form} on {when}."
        )
        since = phrase(text, form=form, when=whole(when))
    return _sentence("city", "open", joined([since, no_answer], tr("", " ")), sent)


def days_waiting(m: Json) -> str | None:
    """How long ago the conclusion went to the city, where no answer is recorded."""
    sent = last(m, "ConclusionTransmitted")
    if sent is None or last(m, "CityResponseRecorded") or last(m, "CityDecisionRecorded"):
        return None
    since = exact(sent["said"]["effective"])
    days = (day_shown() - since).days if since is not None else 0
    return tr(f"{days:,}日", f"{days:,} day{'' if days == 1 else 's'}") if days > 0 else None


# -------------------------------------------------------------------------------------------------- the money


def _money(m: Json, actions: Sequence[Json]) -> Sentence:
    years = [year for action in actions for year in action["ledger"]]
    if not actions:
        if last(m, "CityDecisionRecorded") is None and m["state"] not in (
            "withdrawn",
            "superseded",
            "rescinded",
        ):
            words = phrase(tr("費用は、まだ記録されていません。", "No cost is recorded yet."))
            return _sentence("money", "open", words)
        words = phrase(
            tr(
                "費用の記録はありません。{nothing}という意味ではありません。",
                "No cost is recorded. That does not mean it was {nothing}.",
            ),
            nothing=whole(tr("0円", "nothing")),
        )
        return _sentence("money", "none", words)
    if not years:
        words = phrase(
            tr(
                "事業になりましたが、予算の記録はありません。",
                "An action came of it; no budget is recorded.",
            )
        )
        return _sentence("money", "none", words)
    budget, spent, evidence = _sums(years)
    when = years_label(years)
    parts = [_budgeted(when, budget, years), _spent(spent, years)]
    return Sentence("money", "done", joined(parts, tr("", " ")), evidence)


def _sums(years: list[Json]) -> tuple[int | None, int | None, tuple[int, ...]]:
    """What was budgeted and what was spent, each None where no year says it; and the lines they rest on."""
    budgets = [year["current_yen"] for year in years if year["current_yen"] is not None]
    spendings = [year["spent_yen"] for year in years if year["spent_yen"] is not None]
    kinds = ("initial", "spent") if len(years) > 1 else None
    lines = [line for year in years for line in year["lines"] if kinds is None or line["kind"] in kinds]
    positions = tuple(dict.fromkeys(line["position"] for line in lines))[-3:]
    return sum(budgets) if budgets else None, sum(spendings) if spendings else None, positions


def years_label(years: Iterable[Json]) -> str:
    """令和7年度, or 令和7年度から令和8年度まで."""
    every = sorted({year["fiscal_year"] for year in years})
    first, latest = (era_only(marks.fiscal_year(year) or "") for year in (every[0], every[-1]))
    return first if len(every) == 1 else tr(f"{first}から{latest}まで", f"{first} to {latest}")


def yen(amount: int) -> str:
    """Every yen of a sum, as a sentence has it: 799,000円."""
    return tr(f"{amount:,}円", Money.of_yen(amount).label("en"))


def _budgeted(when: str, budget: int | None, years: list[Json]) -> Phrase:
    if budget is None:
        is_closed = any(line["closed"] for year in years for line in year["lines"])
        if is_closed:
            return phrase(
                tr("{when}の予算の額は公開されていません。", "The budget of {when} is not public."),
                when=whole(when),
            )
        return phrase(
            tr("{when}の予算の記録はありません。", "No budget of {when} is recorded."), when=whole(when)
        )
    pattern = tr("{when}の予算は{sum}です。", "The budget of {when} is {sum}.")
    if len(years) > 1:
        pattern = tr("{when}の予算は、合わせて{sum}です。", "The budgets of {when} add up to {sum}.")
    return phrase(pattern, when=whole(when), sum=strong(yen(budget)))


def _spent(spent: int | None, years: list[Json]) -> Phrase:
    known = sum(year["spent_yen"] is not None for year in years)
    if spent is None:
        return phrase(tr("使った額の記録は、まだありません。", "What was spent is not recorded yet."))
    if known == len(years):
        return phrase(tr("使ったのは{sum}です。", "{sum} was spent."), sum=strong(yen(spent)))
    count = tr(f"{known}件", str(known))
    return phrase(
        tr(
            "使った額が分かる{count}では、{sum}を使いました。",
            "In the {count} of which it is recorded, {sum} was spent.",
        ),
        count=whole(count),
        sum=strong(yen(spent)),
    )


def cost(actions: Sequence[Json]) -> str | None:
    """What it cost in one word: what was spent, else what was budgeted; None where neither is recorded."""
    years: list[Any] = [year for action in actions for year in action["ledger"]]
    budget, spent, _ = _sums(years)
    if spent is not None and all(year["spent_yen"] is not None for year in years):
        return yen(spent)
    return None if budget is None else tr(f"予算 {yen(budget)}", f"budget {yen(budget)}")
