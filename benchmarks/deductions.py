"""Source deductions of pays that differ, in one process: `python -m benchmarks.deductions`."""

import sys
import time
from datetime import date
from decimal import Decimal

from payroll.deductions import Pay, YearToDate, compute

PAYS = 20_000


def main() -> float:
    pays = [
        (
            Pay(pay_date=date(2026, 1 + n % 12, 15), periods_per_year=26, gross=Decimal(900 + n % 1700)),
            YearToDate(gross=Decimal(n % 60_000), pensionable=Decimal(n % 60_000)),
        )
        for n in range(PAYS)
    ]
    compute(*pays[0])
    began = time.perf_counter()
    for pay, so_far in pays:
        compute(pay, so_far)
    return PAYS / (time.perf_counter() - began)


if __name__ == "__main__":
    sys.stdout.write(f"{main():.0f}")
