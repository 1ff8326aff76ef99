"""What the calculation refuses, each with a sentence fit for a screen.

Plain Python: the sentences are English msgids with named placeholders, marked
for translation by a function the message extractor knows. Whoever shows one
in the reader's language writes `gettext(refusal.message) % refusal.params`.
"""


def gettext_noop(message: str) -> str:
    """Mark a sentence for translation and return it unchanged."""
    return message


class Refused(ValueError):
    """A pay that cannot be computed, and why."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message, params)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params


class NotReviewed(Refused):
    """The pay date falls where no table of rates has been reviewed."""


class Invalid(Refused):
    """An amount, a date or a choice that no pay can have."""


class TableError(RuntimeError):
    """A table of rates is incomplete or contradicts another: a defect of the release."""
