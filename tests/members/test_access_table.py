"""The access table as members read it: the tests of `test_access` try what it says, these that it is said."""

import re

import pytest
from django.urls import reverse

from members import access_table
from members.access_table import addresses
from members.models import Power
from tests import make

pytestmark = pytest.mark.django_db
URL = "/members/access/"


@pytest.fixture
def ana(client):
    make.cooperative()
    person = make.person("Ana")
    client.force_login(person)
    return person


def rows(page) -> dict[str, list[str]]:
    """Each row of the page: its name, and what its cells say."""
    found = {}
    for row in re.findall(r"<tr>\s*<th scope=\"row\">(.*?)</th>(.*?)</tr>", page.content.decode(), re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)
        found[row[0]] = [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in cells]
    return found


def test_every_address_is_a_line_in_the_readers_language(client, ana):
    for language, name in (("fr-ca", "Registre des salaires"), ("en-ca", "Wage register")):
        ana.language = language
        ana.save()
        page = client.get(URL)
        assert page.content.decode().count('<th scope="row">') == len(addresses())
        assert name in rows(page)


def test_lines_say_who_opens_what(client, ana):
    ana.language = "en-ca"
    ana.save()
    said = rows(client.get(URL))
    assert said["Health of the installation"] == ["Anybody, without signing in"] * 2
    assert said["Decisions"] == ["Every member"] * 2
    assert said["My pay file"] == ["Every member", "Nobody"]
    assert said["A stub, explained"] == ["Every member", "Who may: prepare pay, issue pay"]
    assert said["Issue a pay"] == ["Who may: issue pay"] * 2
    assert said["API: a week"] == ["Oneself, through a program that holds one’s key", "Nobody"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"q": "fusionner"}, 2),
        ({"q": "REMISE année"}, 4),  # accents and capitals do not matter
        ({"q": "remise annee"}, 4),
        ({"who": "set_rate"}, 2),
        ({"who": "nobody"}, None),
    ],
)
def test_table_is_searched(client, ana, asked, count):
    page = client.get(URL, asked)
    assert page.status_code == 200
    assert len(rows(page)) == (len(addresses()) if count is None else count)


def test_mine_is_what_opens_to_me_today(client, ana):
    def mine() -> set[str]:
        return set(rows(client.get(URL, {"who": "mine"})))

    without = mine()
    assert without == set(rows(client.get(URL, {"who": "member"})))
    assert "Émettre une paie" not in without
    make.mandate(ana, [Power.ISSUE_PAY])
    gained = mine() - without
    assert "Émettre une paie" in gained
    assert "Préparer les feuillets" not in gained


def test_committees_that_hold_each_power_are_named(client, ana):
    body = make.committee([Power.ISSUE_PAY])
    page = client.get(URL).content.decode()
    assert f'<a href="{reverse("members:committee", args=[body.pk])}">{body.name}</a>' in page


def test_page_asks_the_same_number_of_questions_with_more_committees(client, ana, django_assert_num_queries):
    make.committee([Power.ISSUE_PAY])
    client.get(URL)
    with django_assert_num_queries(4):
        client.get(URL)
    for power in Power:
        make.committee([power])
    with django_assert_num_queries(4):
        client.get(URL)


def test_page_that_nobody_named_comes_last_and_is_found_by_the_tests():
    assert [page.name for page in addresses() if page.called is None] == []
    assert access_table.addresses()[0].name == "home"
