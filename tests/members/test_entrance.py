"""One click to be somebody of the demonstration, and no such door anywhere else."""

from http import HTTPStatus

import pytest
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.urls import reverse

from koumbit import demonstration
from members.models import Power
from tests import make

pytestmark = pytest.mark.django_db
SLUGS = ["worker", "committee", "coordinator", "second-coordinator"]


@pytest.fixture
def cast():
    make.cooperative()
    both = [Power.PREPARE_PAY, Power.ISSUE_PAY]
    return {
        "coordinator": make.person("Camille", powers=both),
        "committee": make.person("Hugo", powers=[Power.APPROVE_HOURS]),
        "second-coordinator": make.person("Jean", powers=both),
        "worker": make.person("Maude"),
    }


@pytest.mark.parametrize("slug", SLUGS)
def test_one_click_enters_as_somebody_with_those_powers(client, settings, cast, slug):
    settings.DEMO = True
    response = client.post(reverse("demonstration_enter", args=[slug]))
    assert response.url == reverse("home")
    home = client.get(reverse("home"))
    assert home.context["user"] == cast[slug]
    assert did_recently_reauthenticate(home.wsgi_request)


def test_sign_in_page_offers_each_part_and_tells_the_password(client, settings, cast):
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    for slug in SLUGS:
        assert f'action="{reverse("demonstration_enter", args=[slug])}"' in page
    assert f"<code>{demonstration.PASSWORD}</code>" in page


def test_one_click_keeps_the_language_of_the_page(client, settings, cast):
    settings.DEMO = True
    client.post(reverse("language"), {"language": "en-ca"})
    client.post(reverse("demonstration_enter", args=["worker"]))
    cast["worker"].refresh_from_db()
    assert cast["worker"].language == "en-ca"


@pytest.mark.parametrize("slug", SLUGS)
def test_without_demonstration_there_is_no_door(client, settings, cast, slug):
    settings.DEMO = False
    assert client.post(reverse("demonstration_enter", args=[slug])).status_code == HTTPStatus.NOT_FOUND
    assert "_auth_user_id" not in client.session
    page = client.get(reverse("account_login")).content.decode()
    assert "/demonstration/" not in page
    assert demonstration.PASSWORD not in page


def test_unknown_part_and_part_nobody_plays_are_not_found(client, settings):
    settings.DEMO = True
    make.person("Maude")
    for slug in ("boss", "coordinator", "second-coordinator", "committee"):
        assert client.post(reverse("demonstration_enter", args=[slug])).status_code == HTTPStatus.NOT_FOUND


def test_entering_is_an_act(client, settings, cast):
    settings.DEMO = True
    assert client.get(reverse("demonstration_enter", args=["worker"])).status_code == (
        HTTPStatus.METHOD_NOT_ALLOWED
    )
