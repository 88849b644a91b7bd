"""Dates keep the precision of their source; eras, fiscal years and the order of intervals."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from japanera import EraDate

from domain.values.calendar import (
    ERAS,
    FIRST_SOLAR_DAY,
    JAPAN,
    EffectiveDate,
    Era,
    fiscal_year_bounds,
    fiscal_year_in_eras,
    fiscal_year_label,
    fiscal_year_of,
    parse_fiscal_year,
)
from domain.values.refusal import Refusal

parse, on, at, unknown = EffectiveDate.parse, EffectiveDate.on, EffectiveDate.at, EffectiveDate.unknown

DAYS = st.dates(FIRST_SOLAR_DAY, dt.date(2100, 12, 31))
NEAR_DAYS = st.dates(dt.date(2005, 12, 1), dt.date(2007, 5, 31))  # close together, so that intervals meet
BOUNDS = st.tuples(NEAR_DAYS | st.none(), NEAR_DAYS | st.none()).filter(
    lambda b: b[0] is None or b[1] is None or b[0] <= b[1]
)
ANY_DATE = st.one_of(
    NEAR_DAYS.map(on),
    NEAR_DAYS.map(lambda d: parse(f"{d:%Y-%m}")),
    st.sampled_from(["2005", "2006", "FY2005", "FY2006"]).map(parse),
    st.datetimes(dt.datetime(2006, 2, 27), dt.datetime(2006, 3, 3), timezones=st.just(JAPAN)).map(at),
    BOUNDS.map(lambda b: unknown(*b)),
)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def moment(text: str) -> EffectiveDate:
    return at(dt.datetime.fromisoformat(text))


# ----------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize(
    ("text", "value", "precision", "earliest", "latest"),
    [
        ("2006-03-01", "2006-03-01", "day", "2006-03-01", "2006-03-01"),
        ("2006-03", "2006-03", "month", "2006-03-01", "2006-03-31"),
        ("2008-02", "2008-02", "month", "2008-02-01", "2008-02-29"),
        ("2005", "2005", "calendar_year", "2005-01-01", "2005-12-31"),
        ("FY2008", "FY2008", "fiscal_year", "2008-04-01", "2009-03-31"),
        ("2006-03-01T09:30:00+09:00", "2006-03-01T09:30:00+09:00", "instant", "2006-03-01", "2006-03-01"),
        ("平成18年3月1日", "2006-03-01", "day", "2006-03-01", "2006-03-01"),
        ("平成 18年 3月 1日", "2006-03-01", "day", "2006-03-01", "2006-03-01"),
        ("平成十八年三月一日", "2006-03-01", "day", "2006-03-01", "2006-03-01"),
        ("平成一八年一二月三十一日", "2006-12-31", "day", "2006-12-31", "2006-12-31"),
        ("平成18年3月", "2006-03", "month", "2006-03-01", "2006-03-31"),
        ("平成18年", "2006", "calendar_year", "2006-01-01", "2006-12-31"),
        ("平成十八年", "2006", "calendar_year", "2006-01-01", "2006-12-31"),
        ("平成二十年", "2008", "calendar_year", "2008-01-01", "2008-12-31"),
        ("平成元年", "1989", "calendar_year", "1989-01-01", "1989-12-31"),
        ("H18", "2006", "calendar_year", "2006-01-01", "2006-12-31"),
        ("Ｈ１８", "2006", "calendar_year", "2006-01-01", "2006-12-31"),
        ("H18年度", "FY2006", "fiscal_year", "2006-04-01", "2007-03-31"),
        ("Ｈ２０年度", "FY2008", "fiscal_year", "2008-04-01", "2009-03-31"),
        ("平成20年度", "FY2008", "fiscal_year", "2008-04-01", "2009-03-31"),
        ("令和元年度", "FY2019", "fiscal_year", "2019-04-01", "2020-03-31"),
        ("平成31年度", "FY2019", "fiscal_year", "2019-04-01", "2020-03-31"),
    ],
)
def test_a_date_is_read_with_its_precision_and_bounds(
    text: str, value: str, precision: str, earliest: str, latest: str
) -> None:
    date = parse(text)
    assert (date.value, date.precision) == (value, precision)
    assert (date.earliest, date.latest) == (day(earliest), day(latest))


def test_the_words_of_a_japanese_source_are_kept() -> None:
    assert parse(" Ｈ１８ ").era == "Ｈ１８"
    assert parse("2006-03-01").era is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2006-02-30", "DATE_IMPOSSIBLE"),
        ("2006-13", "DATE_IMPOSSIBLE"),
        ("0000", "DATE_IMPOSSIBLE"),
        ("FY9999", "DATE_IMPOSSIBLE"),  # ends in the year 10000
        ("9999-12-31T23:59:00Z", "DATE_IMPOSSIBLE"),  # already the year 10000 in Japan
        ("平成18年2月30日", "DATE_IMPOSSIBLE"),
        ("平成31年5月1日", "ERA_OUT_OF_RANGE"),
        ("平成31年5月", "ERA_OUT_OF_RANGE"),
        ("令和元年4月30日", "ERA_OUT_OF_RANGE"),
        ("昭和64年1月8日", "ERA_OUT_OF_RANGE"),
        ("平成元年1月7日", "ERA_OUT_OF_RANGE"),
        ("昭和64年度", "ERA_OUT_OF_RANGE"),  # FY1989 began in 平成
        ("平成0年度", "ERA_OUT_OF_RANGE"),
        ("明治5年12月2日", "ERA_OUT_OF_RANGE"),
        ("明治5年", "ERA_OUT_OF_RANGE"),
        ("明治5年度", "ERA_OUT_OF_RANGE"),
        ("", "DATE_UNREADABLE"),
        ("近年", "DATE_UNREADABLE"),
        ("2006-3-1", "DATE_UNREADABLE"),
        ("2006-03-01T09:30:00", "DATE_UNREADABLE"),  # no offset
        ("٢٠٠٦", "DATE_UNREADABLE"),
        ("平成18年1日", "DATE_UNREADABLE"),
        ("平成20年度3月", "DATE_UNREADABLE"),
        ("平成183月", "DATE_UNREADABLE"),
        ("平成十十年", "DATE_UNREADABLE"),
        ("平成二三十年", "DATE_UNREADABLE"),
    ],
)
def test_what_is_no_date_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert (refused.value.code, refused.value.params) == (code, {"text": text})


def test_a_refusal_quotes_no_more_than_sixty_characters() -> None:
    long = "あ" * 61
    for read in (
        parse,
        parse_fiscal_year,
        lambda t: EffectiveDate(t, "day").check(),
        lambda t: EffectiveDate(t).check(),
    ):
        with pytest.raises(Refusal, match="DATE_UNREADABLE") as refused:
            read(long)
        assert refused.value.params == {"text": "あ" * 60}


@pytest.mark.parametrize(
    ("words", "year"),
    [
        ("十", 1998),
        ("十一", 1999),
        ("十九", 2007),
        ("二十", 2008),
        ("二十一", 2009),
        ("三十一", 2019),
        ("一〇", 1998),
        ("二", 1990),
        ("〇二", 1990),
    ],
)
def test_kanji_numerals_are_read_with_ten_or_place_by_place(words: str, year: int) -> None:
    assert parse(f"平成{words}年").value == str(year)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("明治6年1月1日", "1873-01-01"),
        ("明治45年7月29日", "1912-07-29"),
        ("大正元年7月30日", "1912-07-30"),
        ("大正15年12月24日", "1926-12-24"),
        ("昭和元年12月25日", "1926-12-25"),
        ("昭和64年1月7日", "1989-01-07"),
        ("平成元年1月8日", "1989-01-08"),
        ("平成31年4月30日", "2019-04-30"),
        ("令和元年5月1日", "2019-05-01"),
        ("明治6年", "1873"),
        ("明治6年度", "FY1873"),
        ("S63", "1988"),
        ("T15", "1926"),
        ("M45", "1912"),
        ("R1", "2019"),
    ],
)
def test_the_first_and_the_last_day_of_an_era_belong_to_it(text: str, value: str) -> None:
    assert parse(text).value == value


@pytest.mark.parametrize(
    "text",
    ["大正元年7月29日", "明治45年7月30日", "昭和元年12月24日", "大正15年12月25日", "令和0年", "平成32年"],
)
def test_the_days_beside_an_era_do_not(text: str) -> None:
    with pytest.raises(Refusal, match="ERA_OUT_OF_RANGE") as refused:
        parse(text)
    assert refused.value.params == {"text": text}


@given(st.text(alphabet="平成令和昭HRS元〇一二十年度月日0123456789-T:Z+FY ", max_size=14))
def test_reading_any_text_gives_a_date_or_a_refusal(text: str) -> None:
    try:
        date = parse(text)
    except Refusal:
        return
    assert date.check() == date


def test_a_moment_without_an_offset_is_refused() -> None:
    with pytest.raises(Refusal, match="DATE_UNREADABLE"):
        at(dt.datetime(2006, 3, 1, 9))


def test_an_instant_lies_in_its_japanese_day() -> None:
    assert moment("2006-02-28T15:00:00+00:00").earliest == day("2006-03-01")
    assert moment("2006-02-28T14:59:59+00:00").latest == day("2006-02-28")
    for text in ("2006-02-28T15:00Z", "2006-03-01T00:00:00.5+09:00"):
        assert (parse(text).earliest, parse(text).latest) == (day("2006-03-01"), day("2006-03-01"))


def test_a_moment_is_kept_in_utc_and_says_that_it_is_stated() -> None:
    made = moment("2006-03-01T09:00:00+09:00")
    assert (made.value, made.precision, made.basis) == ("2006-03-01T00:00:00Z", "instant", "stated")


def test_how_a_date_was_made_tells_its_basis() -> None:
    assert (parse("2006").basis, parse("2006", "inferred").basis, unknown().basis) == (
        "stated",
        "inferred",
        "none",
    )
    assert parse("平成18年", "inferred").basis == "inferred"
    in_year = EffectiveDate.in_fiscal_year(2008)
    assert in_year == parse("FY2008")


# ---------------------------------------------------------------------------------------------- checking


@given(ANY_DATE)
def test_bounds_follow_from_the_value(date: EffectiveDate) -> None:
    bare = date if date.value is None else msgspec.structs.replace(date, earliest=None, latest=None)
    assert bare.check() == date


@given(ANY_DATE)
def test_a_date_survives_json(date: EffectiveDate) -> None:
    assert msgspec.json.decode(msgspec.json.encode(date), type=EffectiveDate) == date


@pytest.mark.parametrize(
    ("date", "code"),
    [
        (EffectiveDate("2006-03", "day"), "DATE_UNREADABLE"),
        (EffectiveDate("2006", "fiscal_year"), "DATE_UNREADABLE"),
        (EffectiveDate("２００６", "calendar_year"), "DATE_UNREADABLE"),
        (EffectiveDate(None, "day"), "DATE_UNREADABLE"),
        (EffectiveDate("2006", "unknown"), "DATE_UNREADABLE"),
        (EffectiveDate("2006-02-30", "day"), "DATE_IMPOSSIBLE"),
        (EffectiveDate("2006-03", "month", None, dt.date(2006, 3, 2)), "DATE_BOUNDS"),
        (EffectiveDate("FY2006", "fiscal_year", None, None, dt.date(2006, 12, 31)), "DATE_BOUNDS"),
        (unknown(dt.date(2007, 1, 1), dt.date(2006, 1, 1)), "DATE_BOUNDS"),
    ],
)
def test_a_value_must_fit_its_precision_and_bounds_the_value(date: EffectiveDate, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        date.check()
    assert refused.value.code == code


def test_wrong_bounds_are_told_with_the_value_they_do_not_fit() -> None:
    with pytest.raises(Refusal) as refused:
        EffectiveDate("2006-03", "month", None, dt.date(2006, 3, 2)).check()
    assert refused.value.params == {"earliest": dt.date(2006, 3, 2), "latest": None, "text": "2006-03"}
    with pytest.raises(Refusal) as refused:
        unknown(dt.date(2006, 3, 2), dt.date(2006, 3, 1)).check()
    assert refused.value.params["text"] == "不明"


def test_bounds_of_an_unknown_date_may_meet() -> None:
    for bounds in (
        (day("2006-03-01"), day("2006-03-01")),
        (day("2006-03-01"), None),
        (None, day("2006-03-01")),
    ):
        assert unknown(*bounds).check() == unknown(*bounds)


@pytest.mark.parametrize(
    "bounds", [(None, day("2006-03-31")), (day("2006-03-01"), None), (day("2006-03-01"), day("2006-03-31"))]
)
def test_either_bound_may_be_left_out(bounds: tuple[dt.date | None, dt.date | None]) -> None:
    assert EffectiveDate("2006-03", "month", None, *bounds).check() == parse("2006-03")


# --------------------------------------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    ("a", "b", "order"),
    [
        (parse("2006-03-01"), parse("FY2006"), "before"),
        (parse("FY2006"), parse("2006-03-01"), "after"),
        (parse("2005"), parse("FY2005"), "order_unknown"),
        (parse("FY2008"), parse("FY2008"), "order_unknown"),
        (parse("2006-03-01"), parse("平成18年3月1日"), "equal"),
        (moment("2006-03-01T09:00:00+09:00"), moment("2006-03-01T10:00:00+09:00"), "before"),
        (moment("2006-03-01T09:00:00+09:00"), moment("2006-03-01T00:00:00+00:00"), "equal"),
        (moment("2006-03-01T09:00:00+09:00"), parse("2006-03-01"), "order_unknown"),
        (unknown(), parse("2006-03-01"), "order_unknown"),
        (unknown(), unknown(), "order_unknown"),
        (unknown(latest=dt.date(2006, 2, 28)), parse("2006-03-01"), "before"),
        (unknown(earliest=dt.date(2006, 3, 2)), parse("2006-03-01"), "after"),
    ],
)
def test_the_order_is_known_only_if_the_intervals_are_apart(
    a: EffectiveDate, b: EffectiveDate, order: str
) -> None:
    assert a.compare(b) == order


@given(ANY_DATE, ANY_DATE)
def test_turning_a_comparison_round_turns_its_answer_round(a: EffectiveDate, b: EffectiveDate) -> None:
    turned = {"before": "after", "after": "before", "equal": "equal", "order_unknown": "order_unknown"}
    assert b.compare(a) == turned[a.compare(b)]


@given(ANY_DATE, ANY_DATE, ANY_DATE)
def test_before_and_equal_are_transitive(a: EffectiveDate, b: EffectiveDate, c: EffectiveDate) -> None:
    if a.before(b) and b.before(c):
        assert a.before(c)
    if a.compare(b) == b.compare(c) == "equal":
        assert a.compare(c) == "equal"


@given(ANY_DATE, ANY_DATE)
def test_two_dates_overlap_exactly_if_neither_is_before_the_other(a: EffectiveDate, b: EffectiveDate) -> None:
    assert a.overlaps(b) == b.overlaps(a) == (a.compare(b) in ("equal", "order_unknown"))


@given(ANY_DATE, ANY_DATE)
def test_what_begins_before_another_is_listed_first(a: EffectiveDate, b: EffectiveDate) -> None:
    if a.before(b):
        assert a.sort_key < b.sort_key


def test_what_has_no_earliest_day_is_listed_first_and_open_ends_last() -> None:
    dates = [unknown(), parse("2006-03-01"), parse("2006-03"), unknown(dt.date(2006, 3, 1))]
    for listed in itertools.permutations(dates):
        assert sorted(listed, key=lambda d: d.sort_key) == dates


def test_an_instant_is_listed_after_the_bare_day_it_lies_in() -> None:
    bare, midnight = parse("2006-03-01"), parse("2006-03-01T00:00:00+09:00")
    assert sorted([midnight, bare], key=lambda d: d.sort_key) == [bare, midnight]


def test_instants_of_one_day_are_listed_by_the_clock_whatever_their_offset() -> None:
    early, late = parse("2006-03-01T09:30:00+09:00"), parse("2006-03-01T01:00:00Z")
    assert sorted([late, early], key=lambda d: d.sort_key) == [early, late]


# ---------------------------------------------------------------------------------------------- printing


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        ("2006-03-01", "平成18年(2006年)3月1日", "1 March 2006"),
        ("2006-03", "平成18年(2006年)3月", "March 2006"),
        ("2005", "平成17年(2005年)", "2005"),
        ("FY2008", "平成20年度(2008年度)", "FY2008"),
        ("2019-04-30", "平成31年(2019年)4月30日", "30 April 2019"),
        ("2019-05-01", "令和元年(2019年)5月1日", "1 May 2019"),
        ("2019-04", "平成31年(2019年)4月", "April 2019"),
        ("2019", "令和元年(2019年)", "2019"),
        ("FY2019", "令和元年度(2019年度)", "FY2019"),
        ("2006-03-01T00:30:00Z", "平成18年(2006年)3月1日 09:30", "1 March 2006 09:30"),
        ("1850-02-03", "1850年2月3日", "3 February 1850"),
    ],
)
def test_a_date_is_printed_as_precisely_as_it_is(text: str, ja: str, en: str) -> None:
    assert (parse(text).label("ja"), parse(text).label("en")) == (ja, en)


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@pytest.mark.parametrize(("n", "name"), list(enumerate(MONTHS, 1)))
def test_every_month_has_its_name_and_its_number(n: int, name: str) -> None:
    month = parse(f"2006-{n:02d}")
    assert (month.label("ja"), month.label("en")) == (f"平成18年(2006年){n}月", f"{name} 2006")
    for d in (1, 9, 10, 28):
        date = parse(f"2006-{n:02d}-{d:02d}")
        assert (date.label("ja"), date.label("en")) == (f"平成18年(2006年){n}月{d}日", f"{d} {name} 2006")


@pytest.mark.parametrize(
    "date",
    [
        unknown(),
        EffectiveDate("2006", "unknown"),
        EffectiveDate(None, "instant"),
        EffectiveDate(None, "day"),
        EffectiveDate(None, "month"),
        EffectiveDate(None, "calendar_year"),
        EffectiveDate(None, "fiscal_year"),
    ],
)
def test_what_the_log_does_not_say_is_printed_as_not_recorded(date: EffectiveDate) -> None:
    """What was recorded once is read and printed, also if it would be refused today."""
    assert (date.label("ja"), date.label("en")) == ("日付の記録なし", "date not recorded")
    assert date.compare(parse("2006-03-01")) == "order_unknown"


@pytest.mark.parametrize(
    ("text", "ja"),
    [
        ("1872-12-31", "1872年12月31日"),
        ("1873-01-01", "明治6年(1873年)1月1日"),
        ("1872-12", "1872年12月"),
        ("1873-01", "明治6年(1873年)1月"),
        ("1872", "1872年"),
        ("1873", "明治6年(1873年)"),
        ("FY1872", "1872年度"),
        ("FY1873", "明治6年度(1873年度)"),
        ("1912-07-29", "明治45年(1912年)7月29日"),
        ("1912-07-30", "大正元年(1912年)7月30日"),
        ("1912-06", "明治45年(1912年)6月"),
        ("1912-07", "大正元年(1912年)7月"),
        ("1912", "大正元年(1912年)"),
        ("1926-12-24", "大正15年(1926年)12月24日"),
        ("1926-12-25", "昭和元年(1926年)12月25日"),
        ("FY1926", "大正15年度(1926年度)"),
        ("1989-01-07", "昭和64年(1989年)1月7日"),
        ("1989-01-08", "平成元年(1989年)1月8日"),
        ("FY1988", "昭和63年度(1988年度)"),
        ("FY1989", "平成元年度(1989年度)"),
        ("1990", "平成2年(1990年)"),
        ("2018", "平成30年(2018年)"),
        ("2019-03", "平成31年(2019年)3月"),
        ("2019-05", "令和元年(2019年)5月"),
        ("2020-01-01", "令和2年(2020年)1月1日"),
        ("FY2018", "平成30年度(2018年度)"),
        ("FY2020", "令和2年度(2020年度)"),
    ],
)
def test_an_era_is_named_from_its_first_day_on(text: str, ja: str) -> None:
    assert parse(text).label("ja") == ja


@pytest.mark.parametrize(
    ("date", "minute"), [("2006-03-01T00:05:00+09:00", "00:05"), ("2006-03-01T14:59:59Z", "23:59")]
)
def test_a_moment_is_printed_in_hours_and_minutes_of_japan(date: str, minute: str) -> None:
    assert parse(date).label("en") == f"1 March 2006 {minute}"


@pytest.mark.parametrize(
    ("date", "ja", "en"),
    [
        (parse("2006-03-01"), "平成18年(2006年)3月1日", "1 March 2006"),
        (parse("2006-03-01", basis="inferred"), "平成18年(2006年)3月1日・推定", "1 March 2006 (inferred)"),
        (parse("2006"), "平成18年(2006年)・日付の記録なし", "2006, day not recorded"),
        (
            unknown(dt.date(2006, 1, 1)),
            "日付の記録なし（平成18年(2006年)以降）",
            "date not recorded (2006 or later)",
        ),
        (
            unknown(dt.date(2006, 1, 1), dt.date(2006, 12, 31)),
            "日付の記録なし（平成18年(2006年)のうち）",
            "date not recorded (within 2006)",
        ),
        (
            unknown(dt.date(2006, 1, 1), dt.date(2007, 3, 31)),
            "日付の記録なし（平成18年(2006年)1月以降、平成19年(2007年)3月まで）",
            "date not recorded (January 2006 or later, not after March 2007)",
        ),
        (
            unknown(dt.date(2006, 4, 1), dt.date(2008, 3, 31)),
            "日付の記録なし（平成18年度(2006年度)以降、平成19年度(2007年度)まで）",
            "date not recorded (FY2006 or later, not after FY2007)",
        ),
        (
            unknown(dt.date(2006, 4, 1), dt.date(2007, 3, 30)),
            "日付の記録なし（平成18年(2006年)4月以降、平成19年(2007年)3月まで）",
            "date not recorded (April 2006 or later, not after March 2007)",
        ),
        (
            unknown(dt.date(2006, 4, 2), dt.date(2006, 4, 30)),
            "日付の記録なし（平成18年(2006年)4月のうち）",
            "date not recorded (within April 2006)",
        ),
        (
            unknown(latest=dt.date(2007, 3, 31)),
            "日付の記録なし（平成18年度(2006年度)まで）",
            "date not recorded (not after FY2006)",
        ),
        (
            parse("FY2008"),
            "平成20年度(2008年度)・日付の記録なし",
            "FY2008, day not recorded",
        ),
        (
            parse("2006-03", basis="inferred"),
            "平成18年(2006年)3月・日付の記録なし・推定",
            "March 2006, day not recorded (inferred)",
        ),
        (unknown(), "日付の記録なし", "date not recorded"),
        (
            unknown(dt.date(2006, 3, 1)),
            "日付の記録なし（平成18年(2006年)3月以降）",
            "date not recorded (March 2006 or later)",
        ),
        (
            unknown(dt.date(2006, 4, 1)),
            "日付の記録なし（平成18年度(2006年度)以降）",
            "date not recorded (FY2006 or later)",
        ),
        (
            unknown(latest=dt.date(2006, 12, 31)),
            "日付の記録なし（平成18年(2006年)まで）",
            "date not recorded (not after 2006)",
        ),
        (
            unknown(dt.date(2006, 3, 1), dt.date(2009, 3, 31)),
            "日付の記録なし（平成18年(2006年)3月以降、平成21年(2009年)3月まで）",
            "date not recorded (March 2006 or later, not after March 2009)",
        ),
        (
            unknown(dt.date(2006, 4, 1), dt.date(2007, 3, 31)),
            "日付の記録なし（平成18年度(2006年度)のうち）",
            "date not recorded (within FY2006)",
        ),
    ],
)
def test_the_full_label_says_what_is_not_known(date: EffectiveDate, ja: str, en: str) -> None:
    assert (date.full_label("ja"), date.full_label("en")) == (ja, en)


@pytest.mark.parametrize(
    ("month", "name"), [(1, "January"), (3, "March"), (10, "October"), (11, "November"), (12, "December")]
)
def test_a_month_has_its_english_name_whatever_the_locale(
    month: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``calendar.month_name`` follows LC_TIME, which the process may have set to anything."""
    monkeypatch.setattr(calendar, "month_name", ["", *(f"{n}. Monat" for n in range(1, 13))])
    assert parse(f"2006-{month:02}").label("en") == f"{name} 2006"
    assert parse(f"2006-{month:02}-09").label("en") == f"9 {name} 2006"
    assert parse(f"2006-{month:02}").label("ja") == f"平成18年(2006年){month}月"
    assert unknown(dt.date(2006, month, 9)).full_label("en") == f"date not recorded ({name} 2006 or later)"


@given(BOUNDS)
def test_a_bound_is_no_day_but_that_by_which_it_had_happened(
    bounds: tuple[dt.date | None, dt.date | None],
) -> None:
    said = unknown(*bounds).full_label("ja").removeprefix("日付の記録なし")
    earliest, latest = bounds
    by_then = earliest is None and latest is not None and (latest + dt.timedelta(days=1)).day != 1
    assert ("日" in said) == by_then
    assert not by_then or f"{latest.month}月{latest.day}日まで" in said  # type: ignore[union-attr]


# --------------------------------------------------------------------------------- eras and fiscal years


@given(DAYS)
def test_the_era_of_every_day_is_the_one_japanera_gives(d: dt.date) -> None:
    witness = EraDate.from_date(d)
    year = "元" if witness.strftime("%-n") == "元" else str(int(witness.strftime("%-y")))
    words = f"{witness.era.kanji}{year}年{d.month}月{d.day}日"
    assert on(d).label("ja") == words.replace("年", f"年({d.year}年)", 1)
    assert parse(words) == EffectiveDate(d.isoformat(), "day", words, d, d)


@pytest.mark.parametrize(("era", "older"), list(itertools.pairwise(ERAS)))
def test_an_era_begins_the_day_after_the_last_one_ended_as_japanera_says(era: Era, older: Era) -> None:
    assert era.first == older.last + dt.timedelta(days=1)
    assert [EraDate.from_date(d).era.kanji for d in (older.last, era.first)] == [older.name, era.name]


@given(DAYS)
def test_every_day_lies_in_the_fiscal_year_it_is_counted_to(d: dt.date) -> None:
    first, last = fiscal_year_bounds(fiscal_year_of(d))
    assert first <= d <= last
    assert (first.month, first.day, last.month, last.day) == (4, 1, 3, 31)
    assert fiscal_year_of(last + dt.timedelta(days=1)) == fiscal_year_of(d) + 1


def test_march_belongs_to_the_fiscal_year_before() -> None:
    assert fiscal_year_of(dt.date(2006, 3, 1)) == 2005
    assert fiscal_year_of(dt.date(2007, 3, 31)) == 2006
    assert fiscal_year_of(dt.date(2007, 4, 1)) == 2007


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("FY2008", 2008),
        ("2008", 2008),
        ("2008年度", 2008),
        ("平成20年度", 2008),
        ("H20", 2008),
        ("Ｈ２０", 2008),
        (" 平成20年 ", 2008),
        ("平成二十年度", 2008),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
    ],
)
def test_a_fiscal_year_is_read_by_era_or_by_number(text: str, year: int) -> None:
    assert parse_fiscal_year(text) == year


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "DATE_UNREADABLE"),
        ("20", "DATE_UNREADABLE"),
        ("平成20年3月", "DATE_UNREADABLE"),
        ("20080", "DATE_UNREADABLE"),
        ("FY2008年度3月", "DATE_UNREADABLE"),
        ("FY0000", "DATE_IMPOSSIBLE"),
        ("昭和64年度", "ERA_OUT_OF_RANGE"),
        ("来年度", "DATE_UNREADABLE"),
    ],
)
def test_what_is_no_fiscal_year_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        parse_fiscal_year(text)


@given(st.integers(1873, 2100))
def test_the_label_of_a_fiscal_year_reads_back(year: int) -> None:
    assert parse_fiscal_year(fiscal_year_label(year, "en")) == year
    assert parse_fiscal_year(fiscal_year_label(year, "ja").split("(")[0]) == year


def test_a_fiscal_year_in_which_the_era_changed_has_two_names() -> None:
    assert fiscal_year_in_eras(2008) == {20}
    assert fiscal_year_in_eras(2019) == {1, 31}
    assert fiscal_year_in_eras(1989) == {1}
    assert fiscal_year_in_eras(1926) == {15, 1}


def test_there_is_no_year_nought_of_an_era() -> None:
    """平成 began in January 1989, within FY1988, which nobody called 平成0年度."""
    assert fiscal_year_in_eras(1988) == {63}


@pytest.mark.parametrize(
    ("date", "year"),
    [
        (parse("2006-03-01"), 2005),
        (parse("2006-04-01"), 2006),
        (parse("FY2008"), 2008),
        (parse("2006"), None),
        (unknown(), None),
        (unknown(earliest=dt.date(2006, 4, 1)), None),
        (unknown(latest=dt.date(2006, 4, 1)), None),
        (unknown(dt.date(2006, 4, 1), dt.date(2007, 3, 31)), 2006),
        (unknown(dt.date(2006, 3, 31), dt.date(2007, 3, 31)), None),
        (unknown(dt.date(2006, 4, 1), dt.date(2007, 4, 1)), None),
    ],
)
def test_a_date_has_a_fiscal_year_only_if_it_lies_in_one(date: EffectiveDate, year: int | None) -> None:
    assert date.fiscal_year == year
