import json
from datetime import date

import pytest

from timesheets.seen import Change, Line, changes, digest_of, packed

LINE = Line(1, date(2026, 11, 2), 10, 20, 450, "Caisse", None, "", False)
OTHER = Line(2, date(2026, 11, 3), 10, None, 60, "", None, "", False)


def test_same_lines_have_the_same_digest():
    assert digest_of([LINE, OTHER]) == digest_of([Line(*LINE), Line(*OTHER)])


@pytest.mark.parametrize(
    "part",
    [
        {"entry_id": 3},
        {"day": date(2026, 11, 4)},
        {"task_id": 11},
        {"project_id": None},
        {"minutes": 451},
        {"note": "Caisse."},
        {"corrects_id": 9},
        {"reason": "erreur"},
        {"is_final": True},
    ],
    ids=lambda part: next(iter(part)),
)
def test_every_part_a_decision_rests_on_changes_the_digest_and_is_told(part):
    changed = LINE._replace(**part)
    assert digest_of([changed, OTHER]) != digest_of([LINE, OTHER])
    assert changes(packed([LINE, OTHER]), [changed, OTHER])


def test_difference_names_what_changed_what_is_gone_and_what_is_new():
    now = [LINE._replace(minutes=300), Line(3, date(2026, 11, 5), 10, None, 30, "", None, "", False)]
    assert changes(packed([LINE, OTHER]), now) == [
        Change(1, before=450, after=300),
        Change(2, before=60, after=None),
        Change(3, before=None, after=30),
    ]
    assert changes(packed([LINE]), [LINE]) == []


def test_packed_page_carries_no_note():
    assert "Caisse" not in packed([LINE])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[[1]]",
        '[["a",1,"b"]]',
        "[[1e999,1,2]]",
        "[" * 100_000,
        "{",
        json.dumps([[1, None, 2]]),
    ],
)
def test_unreadable_page_tells_no_difference(text):
    assert changes(text, [LINE]) == []
