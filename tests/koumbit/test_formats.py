"""How a reader writes what the product shows."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from koumbit import formats


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr-ca", "20 novembre 2026, 13\u00a0h\u00a005"), ("en-ca", "20 November 2026, 13:05")],
)
def test_a_moment_is_the_clock_on_the_readers_wall(language, said):
    with translation.override(language):
        assert formats.moment(datetime(2026, 11, 20, 18, 5, tzinfo=UTC)) == said


@pytest.mark.parametrize(
    ("first", "last", "french", "english"),
    [
        ("2026-01-01", "2026-12-31", "2026", "2026"),
        ("2026-10-01", "2026-10-31", "octobre 2026", "October 2026"),
        ("2026-10-01", "2026-12-31", "octobre – décembre 2026", "October – December 2026"),
        ("2026-11-16", "2026-11-30", "16–30 novembre 2026", "16–30 November 2026"),
        (
            "2026-11-16",
            "2026-12-02",
            "16 novembre 2026 – 2 décembre 2026",
            "16 November 2026 – 2 December 2026",
        ),
    ],
)
def test_span_is_as_short_as_can_be(first, last, french, english):
    days = date.fromisoformat(first), date.fromisoformat(last)
    for language, text in (("fr-ca", french), ("en-ca", english)):
        with translation.override(language):
            assert formats.span(*days) == text


@pytest.mark.parametrize(
    ("minutes", "french", "english"),
    [
        (None, "–", "–"),
        (0, "0\u00a0h", "0\u00a0h"),
        (-45, "\u22120\u00a0h\u00a045", "\u22120\u00a0h\u00a045"),
        (999 * 60, "999\u00a0h", "999\u00a0h"),
        (1025 * 60 + 45, "1\u00a0025\u00a0h\u00a045", "1,025\u00a0h\u00a045"),
        (-12345 * 60, "\u221212\u00a0345\u00a0h", "\u221212,345\u00a0h"),
    ],
)
def test_many_hours_are_grouped_like_any_number(minutes, french, english):
    for language, text in (("fr-ca", french), ("en-ca", english)):
        with translation.override(language):
            assert formats.hours(minutes) == text
