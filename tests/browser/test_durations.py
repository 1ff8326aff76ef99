"""The browser reads a length of time as the server does: the same table of cases."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from koumbit import durations

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests" / "duration_cases.json").read_text())
MODULE = (ROOT / "koumbit" / "static" / "js" / "durations.js").read_text()
# On a blank page, so that the module stands alone.
WITH_MODULE = """async ([source, argument]) => {
    const durations = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    return (%s)(durations, argument);
}"""

pytestmark = pytest.mark.browser


def run(page, script: str, argument):
    return page.evaluate(WITH_MODULE % script, [MODULE, argument])


def test_browser_understands_and_refuses_what_the_server_does(page):
    read = """({ parse, DAY, NotADuration }, cases) => cases.map(({ typed, longest }) => {
        try { return { minutes: parse(typed, longest ?? DAY) }; }
        catch (error) { if (error instanceof NotADuration) return { refused: error.code }; throw error; }
    })"""
    expected = [{key: case[key] for key in ("minutes", "refused") if key in case} for case in CASES]
    assert dict(enumerate(run(page, read, CASES))) == dict(enumerate(expected))


def test_browser_reads_back_every_minute_of_a_day_as_it_writes_it(page):
    read_back = (
        "({ parse, typed, DAY }) => Array.from({ length: DAY }, (_, n) => parse(typed(n + 1)) - n - 1)"
    )
    assert set(run(page, read_back, None)) == {0}


@given(typed=st.text(alphabet="0123456789 ,.:hHmin-+eE\u00a0\u202f\uff17\t\n", max_size=9))
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_browser_and_server_agree_on_whatever_is_typed(page, typed):
    read = """({ parse, NotADuration }, typed) => {
        try { return parse(typed); }
        catch (error) { if (error instanceof NotADuration) return error.code; throw error; }
    }"""
    try:
        here = durations.parse(typed)
    except durations.NotADuration as refusal:
        here = refusal.code
    assert run(page, read, typed) == here


def test_browser_writes_hours_as_the_server_does(page):
    written = run(page, "({ written }, minutes) => minutes.map(written)", [0, 45, 420, 450, -90])
    assert [text.replace("\u00a0", " ") for text in written] == ["0 h", "0 h 45", "7 h", "7 h 30", "−1 h 30"]
