"""One deposit file, however many people press the button at once."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connections

from members.models import JournalEntry
from payroll import deposits
from payroll.models import BankAccount, Deposit, DepositFile, PayRun
from tests.payroll import paid
from tests.payroll.deposits.test_deposits import ANA, LETTER

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_exports_at_once_make_one_file_and_seven_copies():
    coop = paid.coop()
    deposits.set_originator(by=coop.issuer, **LETTER)
    entered = datetime(2026, 1, 5, tzinfo=UTC)
    BankAccount.objects.create(person=coop.ana, starts_on=date(2026, 1, 5), given_at=entered, **ANA)
    run = coop.pay(has_documents=False)
    start, results = threading.Barrier(8), []

    def take():
        start.wait()
        try:
            results.append(deposits.make_file(PayRun.objects.get(pk=run.pk), by=coop.issuer))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(is_copy for _file, is_copy in results) == [False, *[True] * 7]
    assert len({file.pk for file, _is_copy in results}) == DepositFile.objects.count() == 1
    assert Deposit.objects.count() == 1
    assert JournalEntry.objects.filter(event="deposits.copied").count() == 7
