"""Search finds what anybody wrote and the reader may see, every such text, and nothing else."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlakeyset import select_page

from domain.kernel.viewer import PUBLIC, Viewer
from domain.values.refusal import Refusal
from projections.answers.finding.searching import LONGEST, MOST_WORDS, count, hits, people, search_for, shown
from projections.answers.finding.things import passages, things
from projections.answers.finding.words import Vocabulary
from projections.engine.store import Store
from projections.engine.text_folding import words_of
from projections.rebuild.replay import rebuild, verify
from projections.views.record.search_index import VIEW, document
from tests.projections.conftest import new_store
from tests.projections.engine.test_store import register_person
from tests.support.digests import digest_view
from tests.support.given import give

STAFF = Viewer(staff=True)


def found(store: Store, query: str, viewer: Viewer = PUBLIC, **filters: str) -> list[str]:
    """What a search finds: the things whose events say the words, newest event first."""
    chosen = hits(search_for(query, filters), viewer, postgres=store.postgres)
    with store.engine.connect() as connection:
        rows = connection.execute(chosen).all()
        assert count(connection, chosen) == {"count": len(rows), "exact": True}
        told = shown(connection, rows, search_for(query, filters).words)
    for one in told:
        marked = [part for p in one["passages"] for part in p["parts"] if part["hit"]]
        assert marked, f"{query}: no passage shows why {one['subject']} was found"
    return [one["subject"] for one in told]


def given_a_document(store: Store, name: str, **fields: Any) -> None:
    fields.setdefault("disclosure", {})
    give(store.application, "SEC", "Document", name, "register", kind="report", **fields)


# -- on Kanazawa's history


def test_a_word_is_found_in_full_and_in_half_width(kanazawa: Store) -> None:
    for query in ("ルールブック", "ﾙｰﾙﾌﾞｯｸ", "ルールﾌﾞｯｸ", "　ルールブック　"):
        assert sorted(set(found(kanazawa, query))) == [
            "action-rulebook",
            "advice",
            "officers-kanazawa#training-basic-1",
            "prefecture-comment",
            "reaction-citizens",
            "reaction-staff",
        ]


def test_a_word_of_two_characters_is_found_in_every_text_that_says_it(kanazawa: Store) -> None:
    everywhere = found(kanazawa, "協働")
    assert len(everywhere) == 27  # what the importer noted for himself is not on record
    assert {"law-participation-ordinance", "council-shimin-kaigi", "plan-kyodo-suishin"} < set(everywhere)
    assert found(kanazawa, "参加者の固定化") == ["problem-fixed-participants"]


def test_several_words_mean_all_of_them_in_any_order(kanazawa: Store) -> None:
    both = found(kanazawa, "ルールブック フォーラム")
    assert both
    assert both == found(kanazawa, "フォーラム　ルールブック")
    assert set(both) <= set(found(kanazawa, "ルールブック")) & set(found(kanazawa, "フォーラム"))
    assert found(kanazawa, "ルールブック ありえない語") == []
    assert set(found(kanazawa, "協 ルールブック")) <= set(found(kanazawa, "ルールブック"))


def test_what_is_newest_comes_first_and_what_has_no_date_last(kanazawa: Store) -> None:
    with kanazawa.engine.connect() as connection:
        rows = connection.execute(hits(search_for("協働", {}), PUBLIC, postgres=kanazawa.postgres)).all()
    sorts = [row.sort for row in rows]
    assert sorts == sorted(sorts, reverse=True)
    assert sorts[-1] == "" and sorts[0] > "2008"


def test_filters_narrow_a_search(kanazawa: Store) -> None:
    assert set(found(kanazawa, "ルールブック", kind="PlanAction")) == {"action-rulebook"}
    assert found(kanazawa, "ルールブック", kind="Meeting") == []
    assert set(found(kanazawa, "ルールブック", fiscal_year="平成19年度")) == {"action-rulebook"}
    assert found(kanazawa, "協働", role="city")
    assert found(kanazawa, "協働", role="ADV") == []
    assert set(found(kanazawa, "協働", body="council-shimin-kaigi")) >= {"council-shimin-kaigi"}
    assert found(kanazawa, "協働", state="established", kind="Council") == ["council-shimin-kaigi"]
    assert found(kanazawa, "協働", state="dissolved") == []


def test_hits_come_in_pages_by_key_and_are_counted_so_far(
    kanazawa: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = hits(search_for("協働", {}), PUBLIC, postgres=kanazawa.postgres)
    with kanazawa.engine.connect() as connection:
        page = select_page(connection, chosen, per_page=5)
        seen = [row.position for row in page]
        while page.paging.has_next:
            page = select_page(connection, chosen, per_page=5, page=page.paging.bookmark_next)
            seen += [row.position for row in page]
        assert seen == [row.position for row in connection.execute(chosen)]
        monkeypatch.setattr("projections.answers.finding.searching.COUNTED", 26)
        assert count(connection, chosen) == {"count": 26, "exact": False}


# -- what nobody, or not everybody, may find


def test_a_persons_name_is_never_found_by_the_public(kanazawa: Store) -> None:
    register_person(kanazawa, "架空　花子")
    assert found(kanazawa, "架空") == found(kanazawa, "架空", STAFF) == []
    with kanazawa.engine.connect() as connection:
        assert people(connection, search_for("ｶｸｳ", {})) == []
        assert people(connection, search_for("架空 花子", {})) == [
            {"party_id": "p-fictional-1", "name": "架空　花子"}
        ]


def test_what_is_closed_is_found_by_staff_only_and_not_counted_for_others(store: Store) -> None:
    given_a_document(store, "doc-open", title="鯨の報告")
    given_a_document(
        store, "doc-shut", title="鯨の秘密", disclosure={"visibility": "closed", "ground": "personal"}
    )
    assert found(store, "鯨の") == ["doc-open"]
    assert set(found(store, "鯨の", STAFF)) == {"doc-open", "doc-shut"}


def test_what_is_closed_later_is_not_found_from_then_on(store: Store) -> None:
    given_a_document(store, "doc-open", title="鯨の報告", headings=("捕鯨のこと",))
    assert found(store, "捕鯨") == ["doc-open"]
    closed = {"visibility": "internal", "ground": "operations"}
    give(store.application, "DIS", "Document", "doc-open", "change_disclosure", to=closed, reason="理由")
    assert found(store, "捕鯨") == []
    assert found(store, "捕鯨", STAFF) == ["doc-open"]


@pytest.mark.parametrize("fields", [(), ("title", "reason")])
def test_what_is_redacted_is_found_by_staff_only_until_that_is_lifted(
    store: Store, fields: tuple[str, ...]
) -> None:
    given_a_document(store, "doc-1", title="鯨の報告", caption="海辺の図")

    def act(role: str, command: str, **arguments: Any) -> None:
        give(store.application, role, "Document", "doc-1", command, **arguments)

    act(
        "DIS",
        "redact",
        redaction_id="r-1",
        target_version=1,
        redacted={"visibility": "closed", "ground": "personal"},
        reason="個人が分かる",
        fields=[name for name in fields if name == "title"],
    )
    assert found(store, "鯨の") == []
    assert found(store, "鯨の", STAFF) == ["doc-1"]
    assert found(store, "海辺") == (["doc-1"] if fields else [])
    assert found(store, "個人が分かる") == ["doc-1"]
    assert [p for p in verify(store, ["search_index"]) if not p.equal] == []
    act("DIS", "lift_redaction", redaction_id="r-1", reason="根拠が消滅")
    assert found(store, "鯨の") == found(store, "海辺") == ["doc-1"]


def test_a_correction_is_found_and_what_it_replaced_is_not(store: Store) -> None:
    given_a_document(store, "doc-1", title="鯨の報告", caption="海辺の図")
    arguments = {
        "correction_id": "c-1",
        "target_version": 1,
        "changes": [{"field": "title", "after": "海豚の報告"}, {"field": "caption", "after": None}],
        "reason": "見間違い",
    }
    give(store.application, "SEC", "Document", "doc-1", "propose_correction", **arguments)
    assert found(store, "鯨の") == ["doc-1"]
    give(store.application, "APR", "Document", "doc-1", "approve_correction", correction_id="c-1")
    assert found(store, "鯨の") == found(store, "海辺", STAFF) == []
    assert found(store, "海豚") == ["doc-1"]
    assert [p for p in verify(store, ["search_index"]) if not p.equal] == []


# -- queries as people, and others, write them


@pytest.mark.parametrize("query", ["", " 　", "\x00\x1f", "\u200e", "ー"])
def test_a_search_without_a_word_says_what_to_do(query: str) -> None:
    with pytest.raises(Refusal, match="SEARCH_TOO_SHORT") as refused:
        search_for(query, {})
    assert "言葉を入力" in refused.value.sentence("ja")


def test_a_single_character_is_looked_for_in_names_alone(store: Store) -> None:
    given_a_document(store, "doc-called", title="鯨の報告")
    given_a_document(store, "doc-says", title="海の報告", document_no="捕鯨第1号")
    assert found(store, "鯨") == ["doc-called"]
    assert found(store, "捕鯨") == ["doc-says"]
    assert found(store, "鯨 報告") == ["doc-says", "doc-called"]


@pytest.mark.parametrize(
    "query", ["あ" * (LONGEST + 1), " ".join(f"語{n}" for n in range(MOST_WORDS + 1)), "x" * 10_000]
)
def test_a_search_is_a_few_words(query: str) -> None:
    with pytest.raises(Refusal, match="SEARCH_TOO_LONG"):
        search_for(query, {})


def test_a_kind_or_year_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(Refusal, match="SEARCH_KIND_UNKNOWN"):
        search_for("協働", {"kind": "Party;"})
    with pytest.raises(Refusal, match="DATE_UNREADABLE"):
        search_for("協働", {"fiscal_year": "いつか"})


HOSTILE = [
    '"',
    '""',
    '"協働',
    "協働*",
    "協働 OR 条例",
    "NEAR(協働 条例)",
    "pairs:協働",
    "^協働",
    "協働%",
    "_働",
    "'; DROP TABLE search_document; --",
    "((((",
    "{協働}",
    "協働\x00条例",
    "協働\ud800",
    "<script>alert(1)</script>",
    "\\\\",
    "-協働",
    "🫠🫠",
    "\u180e\u180e",
]


def test_no_query_is_read_as_anything_but_words(kanazawa: Store) -> None:
    for n, query in enumerate(HOSTILE):
        words = words_of(query)
        if any(len(word) > 1 for word in words):
            given_a_document(kanazawa, f"doc-{n}", title=f"鯨 {' '.join(words)}")
            said = found(kanazawa, query, STAFF)
            assert f"doc-{n}" in said
            assert said == [subject for subject, text in texts(kanazawa) if all(w in text for w in words)]


def texts(store: Store) -> list[tuple[str, str]]:
    """Subject and folded text of every row, in the order of a search."""
    d = document.table
    chosen = sa.select(d.c.subject, d.c.folded).order_by(d.c.sort.desc(), d.c.position.desc())
    with store.engine.connect() as connection:
        return [(row.subject, row.folded) for row in connection.execute(chosen)]


# -- the same as LIKE, and the same on both databases


@pytest.fixture
def searched(kanazawa: Store) -> tuple[Store, list[tuple[str, str]]]:
    """Kanazawa's history with some documents of odd characters, and what is in it."""
    numbers = itertools.count()
    for title in (
        "ＡＢＣ ß ſt ﬁ ㈱ ㌔ が か゛ ﾊﾟ",
        "İstanbul 𠮷野家 👨‍👩‍👧",
        "%_\\'\"`;--",
        "ああああ ああ",
        "조선 각",
    ):
        given_a_document(kanazawa, f"doc-{next(numbers)}", title=title, caption=title[::-1])
    return kanazawa, texts(kanazawa)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_hits_are_exactly_those_of_like(searched: Any, data: st.DataObject) -> None:
    store, held = searched
    whole = "\n".join(text for _, text in held)
    start = data.draw(st.integers(0, len(whole) - 6))
    piece = whole[start : start + data.draw(st.integers(2, 6))]
    query = data.draw(st.one_of(st.just(piece), st.text(min_size=2, max_size=6)))
    words = words_of(query)
    if not any(len(word) > 1 for word in words):
        return
    expected = [subject for subject, text in held if all(word in text for word in words)]
    chosen = hits(search_for(query, {}), STAFF, postgres=store.postgres)
    with store.engine.connect() as connection:
        assert [row.subject for row in connection.execute(chosen)] == expected


@pytest.mark.postgres
def test_both_databases_and_a_rebuild_give_one_digest(
    tmp_path: Any, postgres: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Most is written in bulk, the rest under the lock.
    monkeypatch.setattr("projections.rebuild.replay.TAIL", 1)
    url = postgres.fresh()
    digests = set()
    for store in (new_store(f"sqlite:///{tmp_path / 'k.sqlite'}"), new_store(url)):
        given_a_document(store, "doc-1", title="鯨 ﾊﾟﾋﾟﾌﾟ 🫠", caption="Ａｂ", headings=("一", "二"))
        give(
            store.application, "DIS", "Document", "doc-1", "redact", redaction_id="r", target_version=1,
            redacted={"visibility": "closed", "ground": "personal"}, reason="理由", fields=["caption"],
        )  # fmt: skip
        digests |= {digest(store)}
        rebuild(store, ["search_index"])
        digests |= {digest(store)}
        given_a_document(store, "doc-2", title="鯨の子")
        assert set(found(store, "鯨の")) == {"doc-2"}
        assert found(store, "ぱぴ") == ["doc-1"]
        assert found(store, "パピプ") == ["doc-1"]
        store.close()
    postgres.drop(url)
    assert len(digests) == 1


def digest(store: Store) -> str:
    connection = store.connect()
    try:
        return digest_view(connection.cursor(), store.postgres, VIEW)
    finally:
        connection.close()


def test_things_are_found_and_ranked_alike_on_both_databases(kanazawa: Store) -> None:
    vocabulary = Vocabulary(labels=(("予算の計上", "t:BudgetAllocated"), ("配布", "t:MaterialDistributed")))

    def listed(query: str, **filters: str) -> list[str]:
        search = search_for(query, filters, vocabulary)
        with kanazawa.engine.connect() as connection:
            ranked = things(connection, search, PUBLIC)
            best = passages(connection, search, PUBLIC, ranked.listed[:5])
        assert ranked.exact and best.keys() == {thing.entity for thing in ranked.listed[:5]}
        return [thing.entity for thing in ranked.listed]

    assert listed("ルールブック 配布")[0] == "action-rulebook"
    assert listed("市民会議")[:2] == ["council-shimin-kaigi", "law-participation-ordinance"]
    assert listed("第17条")[0] == "law-participation-ordinance"
    assert listed("340万円") == listed("3,400千円") == ["action-plan-formulation"]
    assert listed("予算", fiscal_year="平成18年度") == ["action-plan-formulation"]
    assert listed("県")[0] == "org-ishikawa-pref"
    assert listed("ルールブック", kind="PlanAction") == ["action-rulebook"]
    assert listed("ありえない語") == []
