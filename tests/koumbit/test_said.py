"""Sentences kept as data: the same once read again, and in the language of whoever reads them."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext, gettext_lazy

from koumbit.said import Minutes, nsaid, read, said, together, word

WEEK = said(
    "%(person)s has not submitted the week of %(day)s (%(time)s).",
    person="Ana",
    day=date(2026, 11, 2),
    time=Minutes(450),
)
ENTERED = said(
    "The account of %(person)s was entered on %(moment)s, less than two days ago: "
    "ask them, aloud, whether they did it.",
    person="100 % Bo",
    moment=datetime(2026, 11, 2, 18, 30, tzinfo=UTC),
)
WAITS = said(
    "%(person)s has %(amount)s due: it waits until what was overpaid is settled.",
    person="Ana",
    amount=Decimal("1234.50"),
)
HOMELESS = nsaid(
    "%(count)s person has no address: %(names)s.",
    "%(count)s people have no address: %(names)s.",
    2,
    names="Ana, Bo",
)


@pytest.mark.parametrize(
    ("sentence", "in_french", "in_english"),
    [
        (WEEK, "2 novembre 2026 (7 h 30)", "the week of 2 November 2026 (7 h 30)"),
        (ENTERED, "2 novembre 2026, 13 h 30", "100 % Bo was entered on 2 November 2026, 13:30"),
        (WAITS, "1 234,50 $", "Ana has $1,234.50 due"),
        (HOMELESS, "2 personnes", "2 people have no address: Ana, Bo."),
        (together(WEEK, HOMELESS), "2 personnes", "(7 h 30). 2 people have"),
    ],
)
def test_sentence_is_read_in_each_language_once_it_was_kept(sentence, in_french, in_english):
    kept = json.loads(json.dumps(sentence.kept()))
    assert read(kept) == sentence
    for language, words in (("fr-ca", in_french), ("en-ca", in_english)):
        with translation.override(language):
            assert words in str(read(kept)).replace("\u00a0", " ")


def test_word_of_the_interface_is_kept_as_such():
    with translation.override("fr-ca"):
        by_label = word(gettext_lazy("Labour Day"))
        by_function = word(lambda: gettext("Labour Day"))
        assert (str(by_label), translation.get_language()) == ("Fête du Travail", "fr-ca")
    assert by_label == by_function == said("Labour Day")


def test_text_kept_before_stays_as_it_was():
    assert read("La paie du 20 novembre, 100 %.") == "La paie du 20 novembre, 100 %."


def test_sentence_that_nobody_says_any_more_is_read_as_it_was_written():
    with translation.override("fr-ca"):
        assert (
            str(read({"message": "An old %(thing)s.", "params": {"thing": "wording"}})) == "An old wording."
        )
