"""Why an act on the hours is refused: one class per reason, each with a sentence fit for the screen."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koumbit import formats
from koumbit.refusals import Refused


class NotYours(Refused):
    sentence = _("Only the person whose week it is does this.")


class OwnHours(Refused):
    sentence = _("Nobody approves their own hours: another member of the committee does.")


class WeekIsWaiting(Refused):
    sentence = _("The week is submitted: withdraw it before changing it.")


class WeekIsApproved(Refused):
    sentence = _("The week is approved: open it with “Add forgotten hours” to add late time.")


class WeekIsNotWaiting(Refused):
    sentence = _("The week is not waiting for the committee.")


class WeekIsNotDraft(Refused):
    sentence = _("The week is already submitted.")


class WeekNotBegun(Refused):
    sentence = _("This week has not begun: it can be submitted from its first day.")


class SheetChanged(Refused):
    """The sheet is not the one the approver saw: nothing was approved or sent back."""

    sentence = _("The sheet has changed since you opened it. Nothing was decided: look at it again.")

    def __init__(self, sheet=None):
        super().__init__()
        self.sheet = sheet


class NotAllEligible(Refused):
    """One of several weeks cannot be approved by this person: none was. `sheet` is that one."""

    def __init__(self, sheet, refusal: Refused):
        self.sheet = sheet
        super().__init__(
            gettext("%(person)s, week of %(day)s: %(why)s Nothing was approved.")
            % {"person": sheet.person, "day": formats.day(sheet.starts_on), "why": refusal}
        )


class ReasonMissing(Refused):
    sentence = _("Say why: the person has to know what to change.")


class UnknownLine(Refused):
    sentence = _("A line you question is not waiting in this week.")


class EntryRefused(Refused):
    """The time cannot be written there; the text says why."""

    sentence = _("This time cannot be written there.")


class LinesChanged(Refused):
    sentence = _(
        "These lines were changed elsewhere since you opened them. What is there now is shown below."
    )


class NotFinal(Refused):
    sentence = _("Only approved time is corrected: this line can still be changed in the week itself.")


class NothingToClassify(Refused):
    sentence = _("This time says already which task it was.")


class NothingToCorrect(Refused):
    sentence = _("That is what the line already says.")
