"""Long work of the pay, for the workers of the queue (`manage.py procrastinate worker`)."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import issuing
from .models import PayStub


@app.task(queue="documents", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def make_documents(*, run: int, first: int, last: int) -> None:
    """Make the PDFs that are missing among the stubs of a run from one number to another."""
    issuing.write_documents(PayStub.objects.filter(run=run, pk__range=(first, last)))
