"""One parser, one table of cases: `duration_cases.json`, here and in the browser (tests/browser)."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from koumbit import durations
from koumbit.forms import MinutesField

CASES = json.loads((Path(__file__).parents[1] / "duration_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: repr(case["typed"]))
def test_duration_is_understood_or_refused(case):
    try:
        understood = {"minutes": durations.parse(case["typed"], longest=case.get("longest", durations.DAY))}
    except durations.NotADuration as refusal:
        understood = {"refused": refusal.code}
    assert understood == {key: case[key] for key in ("minutes", "refused") if key in case}


@given(st.integers(min_value=1, max_value=durations.DAY))
def test_typed_minutes_read_back_as_themselves(minutes):
    assert durations.parse(durations.typed(minutes)) == minutes


@given(st.text(max_size=60))
def test_any_text_is_minutes_within_the_limit_or_a_refusal(text):
    try:
        minutes = durations.parse(text)
    except durations.NotADuration as refusal:
        assert refusal.code in {"unknown", "too_long", "minutes"}  # noqa: PT017
    else:
        assert isinstance(minutes, int)
        assert 0 <= minutes <= durations.DAY


def test_nothing_is_typed_for_no_minutes_and_a_sign_for_minutes_taken_back():
    assert [durations.typed(minutes) for minutes in (0, 60, -90, 5)] == ["", "1", "-1h30", "0h05"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("90", "90 h? Write 90m for 1\u00a0h\u00a030."),
        ("abc", "“abc” is not a length of time. Write it like 7.5 or 7h30 or 90m."),
        ("24h01", "“24h01” is too long: at most 24\u00a0h here."),
    ],
)
def test_refused_duration_says_what_to_write(typed, sentence):
    with translation.override("en-ca"), pytest.raises(ValidationError) as refused:
        MinutesField().clean(typed)
    assert refused.value.messages == [sentence]


def test_field_shows_minutes_as_typed_and_notices_a_change():
    field = MinutesField(required=False)
    assert field.prepare_value(450) == "7h30"
    assert field.clean("") is None
    assert not field.has_changed(450, "7h30")
    assert field.has_changed(450, "7")
