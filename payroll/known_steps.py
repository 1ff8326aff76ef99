"""What pay tells of the things to do when somebody arrives or leaves: whether it is done, never an amount."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.known import DONE, NOTHING, TO_DO, Answer, Known, State, know
from members.models import Power, StepList, WorkStatus

from .models import BankAccount, PayRun, TaxProfile
from .roe import given_to


def _salaried(lists: Sequence[StepList]) -> set[int]:
    """The lists, by key, of people who are salaried on the day of the step or later. One query."""
    salaried = WorkStatus.objects.filter(
        Q(ends_on__gte=OuterRef("on")) | Q(ends_on=None),
        person=OuterRef("person"),
        kind=WorkStatus.Kind.SALARIED,
    )
    keys = [one.pk for one in lists]
    return set(StepList.objects.filter(Exists(salaried), pk__in=keys).values_list("pk", flat=True))


def _tax_forms(lists: Sequence[StepList]) -> dict[int, Answer]:
    """Of a salaried person: the forms that hold, or come to hold, are confirmed."""
    salaried = _salaried(lists)
    confirmed = set(
        TaxProfile.objects.filter(
            person__in=[one.person_id for one in lists], confirmed_at__isnull=False
        ).values_list("person", flat=True)
    )
    return {
        one.pk: Answer(
            State.DONE if one.person_id in confirmed else State.TO_DO,
            url=reverse("payroll:profile_of", args=[one.person_id]),
        )
        if one.pk in salaried
        else NOTHING
        for one in lists
    }


def _bank_account(lists: Sequence[StepList]) -> dict[int, Answer]:
    accounts = BankAccount.objects.filter(person__in=[one.person_id for one in lists], ends_on=None)
    people = set(accounts.values_list("person", flat=True))
    return {one.pk: DONE if one.person_id in people else TO_DO for one in lists}


def _last_pay(lists: Sequence[StepList]) -> dict[int, Answer]:
    """The regular pay of the period that holds the day is issued."""
    issued = PayRun.objects.filter(kind=PayRun.Kind.REGULAR, issued_at__isnull=False)
    last = issued.order_by("-period__ends_on").values_list("period__ends_on", flat=True).first() or date.min
    url = reverse("payroll:runs")
    return {one.pk: Answer(State.DONE if last >= one.on else State.TO_DO, url=url) for one in lists}


def _record_of_employment(lists: Sequence[StepList]) -> dict[int, Answer]:
    """Of somebody whose salaried work ends that day: its record was given."""
    ends = set(
        StepList.objects.filter(
            Exists(
                WorkStatus.objects.filter(
                    person=OuterRef("person"), kind=WorkStatus.Kind.SALARIED, ends_on=OuterRef("on")
                )
            ),
            pk__in=[one.pk for one in lists],
        ).values_list("pk", flat=True)
    )
    given, url = given_to({one.person_id for one in lists}), reverse("payroll:departures")
    found = {}
    for one in lists:
        record = given.get((one.person_id, one.on))
        found[one.pk] = (
            NOTHING
            if one.pk not in ends
            else Answer(State.DONE, record.given_on, url)
            if record
            else Answer(State.TO_DO, url=url)
        )
    return found


know(
    Known("payroll.tax_forms", _("tax forms are confirmed"), _tax_forms, Power.PREPARE_PAY),
    Known("payroll.bank_account", _("where the pay goes is on file"), _bank_account),
    Known("payroll.last_pay", _("the pay of that day is issued"), _last_pay, Power.PREPARE_PAY),
    Known(
        "payroll.record_of_employment",
        _("the record of employment was given"),
        _record_of_employment,
        Power.PREPARE_PAY,
    ),
)
