"""Values of a JSON file: what cannot be meant is refused in one sentence, with the place where it stands."""

from fractions import Fraction

import pytest

from roles.given import Given, NotGiven, read


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (lambda of: of.at("a").number(), "a: a number is missing"),
        (lambda of: of.at("text").number(), 'text: a number is expected, not "abc"'),
        (lambda of: of.at("yes").number(), "yes: a number is expected, not true"),
        (lambda of: of.at("share").number(0, 1), "share: a number from 0 to 1 is expected, not 2.5"),
        (lambda of: of.at("share").whole(), "share: a whole number is expected, not 2.5"),
        (lambda of: of.at("text").yes(), 'text: true or false is expected, not "abc"'),
        (lambda of: of.at("rows").rows()[1].fields("x", "y"), "rows[1]: [x, y] is expected, not [3]"),
        (lambda of: of.at("rows").pairs(), "rows: an object is expected, not [[1, 2], [3]]"),
        (lambda of: of.at("yes").name(), "yes: a name is expected, not true"),
        (lambda of: Given(float("nan"), "n").number(), "n: a number is expected, not NaN"),
        (lambda of: Given(10**400, "n").number(), "n: a number is expected"),
    ],
)
def test_a_fault_is_said_with_its_place(asked, sentence):
    given = Given({"text": "abc", "yes": True, "share": Fraction(5, 2), "rows": [[1, 2], [3]]})
    with pytest.raises(NotGiven) as refusal:
        asked(given)
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


def test_numbers_of_a_file_are_exact(tmp_path):
    file = tmp_path / "case.json"
    file.write_text('{"hours": 0.1, "id": 7}', encoding="utf-8")
    whole = Given(read(file))
    assert whole.at("hours").exact() == Fraction(1, 10)
    assert whole.at("id").name() == "7"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"{", "is not JSON"), (b"\xff", "not text in UTF-8"), (b"[" * 100_000, "too many brackets")],
)
def test_what_is_no_json_is_refused(tmp_path, content, sentence):
    file = tmp_path / "case.json"
    file.write_bytes(content)
    with pytest.raises(NotGiven, match=sentence):
        read(file)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NotGiven, match="cannot be opened"):
        read(tmp_path / "nothing.json")
