"""Who looked at my file: no page shows somebody's confidential data to another without writing it down.

Every address is opened by whoever holds every power. Wherever an amount of Ana's pay, her address, her
date of birth, her social insurance number or her account stands in what comes back, a line must say so
to Ana. The marks are looked for in the text of pages and of files, spreadsheets included.
"""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from koumbit.formats import NBSP
from members.access_table import addresses
from members.models import Person
from payroll.models import FileReading
from tests import populated

pytestmark = pytest.mark.django_db
ADDRESS, BORN_ON, SIN, ACCOUNT = "17, rue de la Loupe", date(1990, 5, 1), "000000018", "0123456"


@pytest.fixture(scope="module")
def coop(django_db_setup, django_db_blocker):
    now = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    with django_db_blocker.unblock(), time_machine.travel(now, tick=False), transaction.atomic():
        found = populated.coop()
        Person.objects.filter(pk=found.ana.pk).update(address=ADDRESS, born_on=BORN_ON)
        yield found
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def marks(coop) -> dict[str, re.Pattern]:
    """What would give Ana away: her gross and her net as they are written, and what is hers alone."""
    stub = coop.things["payroll:stub"]
    lines = list(stub.lines.values_list("side", "amount"))
    gross = sum(amount for side, amount in lines if side == "earning")
    net = gross - sum(amount for side, amount in lines if side == "deduction")
    return {
        "gross": _written(gross),
        "net": _written(net),
        "opening balance": re.compile(r"20[,\s]?500[.,]00"),
        "address": re.compile(re.escape(ADDRESS)),
        "birth date": re.compile(r"1990-05-01|1er mai 1990|1 mai 1990"),
        "SIN": re.compile(r"000[ \u00a0]?000[ \u00a0]?018"),
        "account": re.compile(rf"\b{ACCOUNT}\b"),
    }


def _written(amount: Decimal) -> re.Pattern:
    whole, cents = f"{amount:.2f}".split(".")
    return re.compile(rf"(?<![\d{NBSP}]){whole}[.,]{cents}(?!\d)")


def _text(answer) -> str:
    """What a reader gets out of it: the page, the lines of a file, the cells of a workbook, the names in an archive."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if "zip" in kind or "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(
                archive.read(name).decode(errors="replace")
                for name in archive.namelist()
                if name.endswith((".xml", ".csv"))
            )
    return content.decode(errors="replace")


def _reader(coop) -> Client:
    client = Client()
    client.force_login(coop.holder)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": datetime.now(UTC).timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(coop.holder.pk)
    session.save()
    return client


OPENED = [
    address
    for address in addresses()
    if not address.is_public
    and not address.is_for_a_program
    and not address.name.startswith(("account", "mfa"))
]


@pytest.mark.parametrize("address", OPENED, ids=str)
def test_reading_of_anothers_confidential_data_is_written_down(address, coop, marks):
    """First as somebody comes: behind a gate nothing shows. Then with the gate opened."""
    url = reverse(address.name, kwargs=coop.fill(address.name, address.parameters))
    client = _reader(coop)
    for method in (client.get, client.post):
        before = FileReading.objects.filter(person=coop.ana, reader=coop.holder).count()
        answer = method(url)
        if answer.status_code != 200:
            continue
        text = _text(answer)
        shown = [name for name, mark in marks.items() if mark.search(text)]
        written = FileReading.objects.filter(person=coop.ana, reader=coop.holder).count() - before
        assert not shown or written == 1, f"{address.name} shows {shown}"


def test_marks_are_found_where_they_stand(coop, marks):
    """The search itself: Ana's own pages hold each of them, so that none is looked for in vain."""
    client = Client()
    client.force_login(coop.ana)
    pages = [
        reverse("payroll:archive"),
        reverse("payroll:stub", args=[coop.things["payroll:stub"].pk]),
        reverse("members:person", args=[coop.ana.pk]),
    ]
    said = "\n".join(_text(client.get(page)) for page in pages)
    assert {name for name, mark in marks.items() if mark.search(said)} >= {
        "gross",
        "net",
        "address",
        "birth date",
    }
    reader = _reader(coop)
    reader.post(reverse("payroll:sin_open", args=[coop.ana.pk]))
    reader.post(reverse("payroll:wage_open", args=[2026, coop.ana.pk]))
    assert marks["SIN"].search(_text(reader.get(reverse("payroll:wage_person", args=[2026, coop.ana.pk]))))
    reader.post(reverse("payroll:account_open", args=[coop.ana.pk]))
    assert marks["account"].search(_text(reader.get(reverse("payroll:account_of", args=[coop.ana.pk]))))
