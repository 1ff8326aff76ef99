"""What is known of financial institutions, as data: `banks.toml`. The rest is in the bank's letter."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Bank:
    """One institution. `trace`: how its clients fill the trace number, empty where it was not read anywhere."""

    institution: str
    name: str
    trace: str = ""
    source: str = ""


@cache
def known() -> dict[str, Bank]:
    """The institutions we can name, by their three digits."""
    read = tomllib.loads(files("payroll").joinpath("banks.toml").read_text(encoding="utf-8"))
    told = ("institution", "name", "trace", "source")
    banks = [Bank(**{key: bank[key] for key in told if key in bank}) for bank in read["bank"]]
    return {bank.institution: bank for bank in banks}


def name_of(institution: str) -> str:
    """An institution as people call it: `Caisses Desjardins (Québec) (815)`; its number where we have no name."""
    bank = known().get(institution)
    return f"{bank.name} ({institution})" if bank else institution
