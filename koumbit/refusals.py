"""How an act is refused: with a sentence for the person who tried, whoever found the fault."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm
from django.utils.functional import Promise


class Refused(Exception):
    """An act that could not be done. Its text is a translated sentence: what happened, what to do next.

    A class that always says the same has it as its `sentence`.
    """

    sentence: str | Promise = ""

    def __init__(self, sentence: str | Promise = ""):
        super().__init__(str(sentence or self.sentence))


def say(form: BaseForm, refusal: Refused | ValidationError) -> None:
    """Show why the act was refused on the form it was asked with, beside the field it speaks of."""
    if not isinstance(refusal, ValidationError):
        form.add_error(None, str(refusal))
        return
    by_field = (
        refusal.message_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.messages}
    )
    for field, sentences in by_field.items():
        form.add_error(field if field in form.fields else None, sentences)
