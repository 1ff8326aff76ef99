"""What the former books say of one person's year, as a pay-power holder copies it."""

from collections.abc import Iterator
from decimal import Decimal

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from koumbit.forms import DayField, MoneyField, PlainText
from members.models import Person

from ..models import OpeningBalance, PayStub
from ..opening import PLACES, Code, Place, Side, counted_now

MOST_PAYS = 53


def name_of(place: Place) -> str:
    """The field, or the column of a file, of an amount: `deduction_qpp`."""
    return "_".join(place)


class OpeningForm(forms.Form):
    """The sums of the year up to the last pay made elsewhere; the amounts depend on the kind."""

    person = forms.ModelChoiceField(Person.objects.none(), label=_("Person"), empty_label=_("Pick a person"))
    through = DayField(
        label=_("Last pay date counted"),
        help_text=_("The date of the last pay made before this software, in the year to open."),
    )
    pays = forms.IntegerField(
        label=_("Number of pays of the year until then"), min_value=1, max_value=MOST_PAYS
    )
    gross = MoneyField(label=_("Gross pay of the year until then"), min_value=Decimal("0.01"))

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["person"].queryset = (
            Person.objects.filter(work_statuses__isnull=False).distinct().by_name()
        )
        if kind == PayStub.Kind.STUB:
            for name, said in (
                ("pensionable", _("Pensionable earnings (QPP), if not the whole gross")),
                ("insurable", _("Insurable earnings (EI, QPIP), if not the whole gross")),
                ("nonperiodic", _("Part of the gross taxed as lump sums (bonus, retroactive pay)")),
            ):
                self.fields[name] = MoneyField(label=said, required=False)
        for side, code in PLACES[kind]:
            label = str(Code(code).label)
            if side == Side.EMPLOYER:
                label = gettext("%(contribution)s (employer)") % {"contribution": label}
            self.fields[name_of((side, code))] = MoneyField(label=label, required=False)

    def parts(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields as the page groups them, each group with its title."""
        sides: dict[str, list[forms.BoundField]] = {side: [] for side, _code in PLACES[self.kind]}
        of_place = {name_of(place): place for place in PLACES[self.kind]}
        yield gettext("The year until then"), [self[name] for name in self.fields if name not in of_place]
        for name, (side, _code) in of_place.items():
            sides[side].append(self[name])
        titles = {
            Side.DEDUCTION: gettext("Withheld from the person"),
            Side.EMPLOYER: gettext("Added by the co-op"),
            Side.SALES_TAX: gettext("Sales taxes paid with the price"),
        }
        for side, fields in sides.items():
            yield titles[Side(side)], fields

    def clean(self):
        given = super().clean()
        amounts = {place: given.pop(name_of(place), None) or Decimal(0) for place in PLACES[self.kind]}
        if "nonperiodic" in given:
            given["nonperiodic"] = given["nonperiodic"] or Decimal(0)
        return given | {"kind": self.kind, "amounts": amounts}


class AdjustForm(PlainText, OpeningForm):
    """What a balance should have said, as it is counted now until something is changed; and why."""

    because = forms.CharField(
        label=_("Why the balance is adjusted"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where the mistake was, and what shows it. Kept with the balance."),
    )

    def __init__(self, *args, balance: OpeningBalance, **kwargs):
        now = counted_now(balance).figures
        initial = {what.replace(".", "_"): amount for what, amount in now.items()}
        super().__init__(*args, kind=balance.kind, initial=initial, **kwargs)
        for name in ("person", "through", "pays"):
            del self.fields[name]

    def clean(self):
        given = super().clean()
        del given["kind"]
        return given
