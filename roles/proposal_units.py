"""The units of a problem: hours and points as the solver reads them, never money, never hours that are paid."""

from fractions import Fraction

#: The grid of planned hours: a quarter.
STEP = Fraction(1, 4)
#: Up to so many people, a proposal takes seconds; beyond, it is given minutes.
A_FEW = 20


def to_grid(hours: Fraction) -> Fraction:
    """Planned hours, to the quarter."""
    return round(hours / STEP) * STEP


def given(amount: Fraction) -> float:
    """Hours, points or point-hours, to the ten-thousandth, as JSON holds them."""
    return round(float(amount), 4)


def config(people: int) -> dict[str, float]:
    """How proposals are chosen: loads alike to a twentieth, few pieces, and what is learnt on wish counts."""
    return {
        "load_band": 0.05,
        "grid": float(STEP),
        "w_role": 0.5,
        "w_wish": 0.25,
        "w_fragment": 0.5,
        "time_limit": 20.0 if people <= A_FEW else 200.0,
    }
