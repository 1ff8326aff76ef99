"""Long work on roles, for the workers of the queue (`manage.py procrastinate worker`)."""

from procrastinate.contrib.django import app

from . import computing


@app.task(queue="proposals", retry=2)
def compute_proposal(*, proposal: int) -> None:
    """Compute one proposal of who does what next period."""
    computing.compute(proposal)
