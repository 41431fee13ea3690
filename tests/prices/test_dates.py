"""Dates however they are written: read as the days that they mean, or refused with their line."""

from __future__ import annotations

import pandas as pd
import pytest
from babel.dates import get_month_names
from pricefiles import as_text, assert_same, load, refusal, with_column, with_dates
from pricewriters import Layout, made_up

from paperlib.prices.dates import parse_dates
from paperlib.prices.findings import PriceFileError

PRICES = made_up(300, "2016-01-04")
MARCH = made_up()  # from the first of March 2017 on
DATES = [f"{day.month}/{day.day}/{day.year}" for day in PRICES.index]
WRITTEN = {
    "Mon, Jan 04, 2016": [f"{day:%a, %b %d, %Y}" for day in PRICES.index],
    "Monday, January 4, 2016": [f"{day:%A, %B} {day.day}, {day.year}" for day in PRICES.index],
    "2016年1月4日": [f"{day.year}年{day.month}月{day.day}日" for day in PRICES.index],
    "2016년 1월 4일": [f"{day.year}년 {day.month}월 {day.day}일" for day in PRICES.index],
    "2016- 01- 04": [f"{day:%Y- %m- %d}" for day in PRICES.index],
    "2016. 01. 04.": [f"{day:%Y. %m. %d.}" for day in PRICES.index],
    "20160104.0": [f"{day:%Y%m%d}.0" for day in PRICES.index],
    "4. Januar 2016": [
        f"{day.day}. {get_month_names('wide', locale='de')[day.month]} {day.year}"
        for day in PRICES.index
    ],
    "04-ene-2016": [
        f"{day:%d}-{get_month_names('abbreviated', locale='es')[day.month]}-{day.year}"
        for day in PRICES.index
    ],
    "04/01/2016 16.00.00": [f"{day:%d/%m/%Y} 16.00.00" for day in PRICES.index],
    "1/4/2016 4:00 PM": [f"{date} 4:00 PM" for date in DATES],
    "01/04/16": [f"{day:%m/%d/%y}" for day in PRICES.index],
    "04.01.16": [f"{day:%d.%m.%y}" for day in PRICES.index],
    "4-Jan-16": [f"{day.day}-{day:%b-%y}" for day in PRICES.index],
}


@pytest.mark.parametrize("dates", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("backward", [False, True])
def test_dates_are_read_as_they_are_written(tmp_path, dates, backward):
    header, *rows = with_dates(PRICES, dates).splitlines(keepends=True)
    assert_same(load(tmp_path, header + "".join(rows[::-1] if backward else rows)), PRICES)


def test_a_weekday_that_is_not_the_dates_is_refused(tmp_path):
    dates = [*WRITTEN["Mon, Jan 04, 2016"]]
    dates[7] = dates[7].replace("Wed", "Tue")
    assert f", line 9: '{dates[7]}' is no date" in refusal(tmp_path, with_dates(PRICES, dates))


def test_days_and_months_exchanged_are_refused(tmp_path):
    """As old pandas wrote dates that it had read with the month first where it could."""
    for styles in (("%Y-%d-%m", "%Y-%m-%d"), ("%d/%m/%Y", "%m/%d/%Y")):
        dates = [day.strftime(styles[day.day > 12]) for day in PRICES.index]
        assert "line 2: day and month seem exchanged: as 2016-01-04" in refusal(
            tmp_path, with_dates(PRICES, dates)
        )
    one = [f"{day:%Y-%m-%d}" for day in PRICES.index]
    one[190] = f"{PRICES.index[190]:%Y-%d-%m}"
    says = refusal(tmp_path, with_dates(PRICES, one))
    assert f"line 192: day and month seem exchanged: as {PRICES.index[190].date()}" in says


def test_rows_out_of_order_are_no_sign_of_exchanged_dates(tmp_path):
    shuffled = PRICES.sample(frac=1, random_state=0)
    assert_same(load(tmp_path, as_text(shuffled)), PRICES)


def test_eight_digits_with_the_day_first_are_refused(tmp_path):
    dates = [f"{day:%d%m%Y}" for day in PRICES.index]
    assert "eight digits being read year first" in refusal(tmp_path, with_dates(PRICES, dates))


def test_digits_without_zeros_are_no_dates(tmp_path):
    """2017111 is January 11 or November 1."""
    dates = [f"{day.year}{day.month}{day.day}" for day in PRICES.index]
    assert ", line 2: '201614' is no date" in refusal(tmp_path, with_dates(PRICES, dates))


def test_midnight_elsewhere_is_refused(tmp_path):
    """London's midnight as UTC is midnight in winter and an hour before in summer."""
    moments = PRICES.index.tz_localize("Europe/London").tz_convert("UTC")
    says = refusal(tmp_path, with_dates(PRICES, [f"{t:%Y-%m-%dT%H:%M:%S}.000Z" for t in moments]))
    assert "some moments are midnight and others not, as of dates elsewhere" in says


@pytest.mark.parametrize("stamp", ["9999-12-31 23:59:59-05:00", "0001-01-01T01:00:00Z"])
def test_moments_at_the_ends_of_time_are_no_dates(tmp_path, stamp):
    assert_same(load(tmp_path, with_column(PRICES, "valid_to", [stamp, *[""] * 299])), PRICES)
    dates = [f"{day:%Y-%m-%d} 16:00:00-05:00" for day in PRICES.index]
    dates[7] = stamp
    assert f", line 9: '{stamp}' is no date up to today" in refusal(
        tmp_path, with_dates(PRICES, dates)
    )


def test_a_right_row_at_a_wrong_place_is_no_exchange(tmp_path):
    for day in ("2017-01-04", "2017-01-05", "2016-02-03"):
        moved = pd.concat([PRICES.drop(day), PRICES.loc[[day]]])
        assert_same(load(tmp_path, as_text(moved)), PRICES)


def _dates(style: str) -> list[str]:
    return [row[0] for row in Layout(date_style=style).rows(MARCH)[1:]]


def test_the_order_of_day_and_month_is_that_of_the_whole_column(tmp_path):
    dates = _dates("%m/%d/%Y")
    dates[20] = "30/03/2017"
    says = refusal(tmp_path, with_dates(MARCH, dates))
    assert says.startswith(", line 22: '30/03/2017' is no date up to today, month first, as most")
    dates[20] = "13/13/2017"
    assert "line 22: '13/13/2017' is no date up to" in refusal(tmp_path, with_dates(MARCH, dates))


@pytest.mark.parametrize("style", ["%m/%d/%Y", "%d.%m.%Y", "%d/%m/%y", "%m/%d/%y", "%d-%b-%y"])
def test_order_and_calendar_tell_where_no_row_does(tmp_path, style):
    """Only one order of day, month and year runs in time order over the exchange's sessions."""
    early = MARCH.index[:8]  # 1 to 10 March
    for days in (early, early[::-1], MARCH.index):
        cells = list(days.strftime(style))
        assert list(parse_dates(tmp_path, cells, list(range(len(days))))[0]) == list(days)
    both = ["01/02/17", "02/02/17", "03/02/17"]  # in time order from January to March, too
    assert list(parse_dates(tmp_path, both, [2, 3, 4])[0].strftime("%m")) == ["02"] * 3
    again = early[[0, 1, 2, 1, *range(3, 8)]].strftime(style)
    for cells in (["02/03/2017"], ["02/03/17"] * 2, again):
        with pytest.raises(PriceFileError, match="line 2: dates such as .* in more than one way"):
            parse_dates(tmp_path, list(cells), list(range(2, len(cells) + 2)))


@pytest.mark.parametrize(
    ("style", "other"),
    [
        ("%m/%d/%Y", "%d.%m.%Y"),  # 02.01.2017 would become the first of February
        ("%d-%m-%Y", "%m/%d/%Y"),
        ("%Y-%m-%d", "%Y/%m/%d"),
        ("%d-%b-%Y", "%d %b %Y"),
    ],
)
def test_dates_with_two_separators_are_refused(tmp_path, style, other):
    """Rows pasted from elsewhere, of days up to the 12th, fit either order of day and month."""
    dates = _dates(style)
    dates[:4] = [day.strftime(other) for day in MARCH.index[:4]]
    says = refusal(tmp_path, with_dates(MARCH, dates))
    assert f"line 2: '{dates[0]}' is no date up to today" in says


def test_month_names_do_not_hang_on_the_machines_language(tmp_path):
    names = [f"{day:%B} {day.day}, {day.year}" for day in MARCH.index]
    assert_same(load(tmp_path, with_dates(MARCH, names)), MARCH)
    names[3] = "Kesäkuu 6, 2017"
    assert "line 5: 'Kesäkuu 6, 2017' is no date" in refusal(tmp_path, with_dates(MARCH, names))


def test_a_moment_elsewhere_counts_as_its_day_in_new_york(tmp_path):
    closing = MARCH.index.tz_localize("America/New_York") + pd.Timedelta(hours=16)
    for zone in ("Asia/Shanghai", "UTC"):
        stamps = [f"{t.isoformat(sep=' ')}" for t in closing.tz_convert(zone)]
        assert_same(load(tmp_path, with_dates(MARCH, stamps)), MARCH)
    midnight = [f"{day:%Y-%m-%d}T00:00:00Z" for day in MARCH.index]  # a date, not a moment
    assert_same(load(tmp_path, with_dates(MARCH, midnight)), MARCH)
