"""Amounts in words: the numerals of a dictionary, the wording of a cheque."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll import cheques

# Written by num2words 0.5 (LGPL), with which every number to 2,100 and some thousands beyond were compared.
FRENCH = {
    0: "zéro",
    1: "un",
    17: "dix-sept",
    20: "vingt",
    21: "vingt et un",
    61: "soixante et un",
    70: "soixante-dix",
    71: "soixante et onze",
    77: "soixante-dix-sept",
    80: "quatre-vingts",
    81: "quatre-vingt-un",
    91: "quatre-vingt-onze",
    99: "quatre-vingt-dix-neuf",
    100: "cent",
    101: "cent un",
    180: "cent quatre-vingts",
    200: "deux cents",
    280: "deux cent quatre-vingts",
    301: "trois cent un",
    1000: "mille",
    1001: "mille un",
    2000: "deux mille",
    80_000: "quatre-vingt mille",
    200_000: "deux cent mille",
    380_200: "trois cent quatre-vingt mille deux cents",
    1_000_000: "un million",
    80_000_000: "quatre-vingts millions",
    71_071_071: "soixante et onze millions soixante et onze mille soixante et onze",
}
ENGLISH = {
    0: "zero",
    13: "thirteen",
    40: "forty",
    42: "forty-two",
    100: "one hundred",
    101: "one hundred one",
    999: "nine hundred ninety-nine",
    1000: "one thousand",
    12_345: "twelve thousand three hundred forty-five",
    1_000_000: "one million",
    2_300_019: "two million three hundred thousand nineteen",
}


@pytest.mark.parametrize(("number", "words"), FRENCH.items())
def test_french_numerals(number, words):
    assert cheques.french(number) == words


@pytest.mark.parametrize(("number", "words"), ENGLISH.items())
def test_english_numerals(number, words):
    assert cheques.english(number) == words


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("0.50", "Zéro dollar et 50/100", "Zero dollars and 50/100"),
        ("1.00", "Un dollar et 00/100", "One dollar and 00/100"),
        (
            "752.05",
            "Sept cent cinquante-deux dollars et 05/100",
            "Seven hundred fifty-two dollars and 05/100",
        ),
        ("2000000.00", "Deux millions de dollars et 00/100", "Two million dollars and 00/100"),
        ("1000001.00", "Un million un dollars et 00/100", "One million one dollars and 00/100"),
    ],
)
def test_amount_is_worded_as_on_a_cheque(amount, french, english):
    assert cheques.in_words(Decimal(amount), "fr-ca") == french
    assert cheques.in_words(Decimal(amount), "en-ca") == english


@pytest.mark.parametrize("amount", ["-0.01", "0.005", "1000000000.00"])
def test_amount_that_no_cheque_has_is_refused(amount):
    with pytest.raises(ValueError, match="cheque"):
        cheques.in_words(Decimal(amount), "fr-ca")


@given(st.integers(0, 10**9 - 1), st.integers(0, 10**9 - 1))
def test_two_numbers_never_read_alike(one, other):
    for words in (cheques.french, cheques.english):
        assert (words(one) == words(other)) == (one == other)
