from datetime import date

import pytest

from members.models import Power
from members.powers import holds
from tests import make

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def test_power_comes_with_a_mandate_and_ends_with_it():
    ana = make.person("Ana")
    make.mandate(ana, [Power.ISSUE_PAY], starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 19))
    assert holds(ana, Power.ISSUE_PAY, on=date(2026, 11, 19))
    assert not holds(ana, Power.ISSUE_PAY, on=TODAY)
    assert not holds(ana, Power.PREPARE_PAY, on=date(2026, 11, 19))
