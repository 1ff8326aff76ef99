"""“Export my data”: all that the co-op keeps about somebody, in one archive, for them alone (P-39.1, s. 27).

JSON for programs, a spreadsheet for each kind of rows, the documents as they were issued, and a note that
says what is left out and why. Others are named only where they acted on one's own rows. What is encrypted
in the database (social insurance number, account, tax claims) is never in a file: it is read on its page.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import JSONField, Q
from django.utils import timezone, translation
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from koumbit import encryption, spreadsheets
from koumbit.privacy import KEPT
from koumbit.refusals import Refused

from . import journal, outbox, personal
from .models import Cooperative, DataExport, Person

#: Documents still to be made beyond which the archive is left to the queue: some seconds of work.
FEW = 40
#: How long an archive that the queue made can be fetched.
LASTS = timedelta(days=7)


class AskedAlready(Refused):
    """One archive at a time is made for somebody."""

    def __init__(self):
        super().__init__(_("Your data are already being gathered: a message tells you when they are ready."))


def is_long(person: Person) -> bool:
    """Would the archive keep its reader waiting?"""
    return personal.documents_to_make(person) > FEW


@transaction.atomic
def ask(person: Person, *, by: Person) -> DataExport:
    """Somebody asks for all that is kept about them; nobody can for another. Written in the journal."""
    if person != by:
        raise PermissionError("one's own data only")
    forget_old()
    if DataExport.objects.filter(person=person, made_at=None).exists():
        raise AskedAlready
    export = DataExport.objects.create(person=person, made_at=None if is_long(person) else timezone.now())
    journal.record("members.data_exported", by=by, export=export.pk)
    return export


@transaction.atomic
def make(export: DataExport) -> None:
    """Make an archive that was left to the queue, keep it encrypted, and tell its owner. Safe to repeat."""
    export = DataExport.objects.select_for_update(of=("self",)).select_related("person").get(pk=export.pk)
    if export.made_at is not None:
        return
    export.content, export.made_at = encryption.seal(archive_of(export.person)), timezone.now()
    export.save(update_fields=["content", "made_at"])
    with translation.override(export.person.language):
        outbox.write(
            export.person,
            subject=_("Your data are ready"),
            text=_(
                "Hello %(name)s,\n\nthe archive of all that the cooperative keeps about you is ready. Fetch it "
                "within seven days on your page “My data”."
            )
            % {"name": export.person.given_name},
        )


def is_kept() -> Q:
    """Can what the queue made still be fetched?"""
    return Q(made_at__isnull=False) & ~Q(content=b"")


def content_of(export: DataExport) -> bytes:
    """The archive that the queue made; empty once it is forgotten."""
    return encryption.unseal(bytes(export.content)) if export.content else b""


def forget_old() -> int:
    """Empty the archives made more than a week ago; how many."""
    old = DataExport.objects.exclude(content=b"").filter(made_at__lt=timezone.now() - LASTS)
    return old.update(content=b"")


def file_name(person: Person) -> str:
    with translation.override(person.language):
        return "{}-{}.zip".format(_named(_("my data")), timezone.localdate())


# The archive --------------------------------------------------------------------------------------


def archive_of(person: Person) -> bytes:
    """The archive, in the person's language."""
    buffer = io.BytesIO()
    with translation.override(person.language), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        everything: dict[str, Any] = {}
        for table in personal.tables():
            rows = list(_rows(table, person))
            if not table.is_exported or not rows:
                continue
            everything.setdefault(str(table.called), []).extend(_as_data(table, row) for row in rows)
            _put(archive, f"{_named(table.called)}.csv", spreadsheets.as_csv(_as_cells(table, rows)))
        said = json.dumps(everything, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        _put(archive, _named(_("my data")) + ".json", said.encode())
        _put(archive, _named(_("read me")) + ".txt", _note(person).encode())
        for name, content in personal.documents(person):
            _put(archive, name, content)
    return buffer.getvalue()


def _named(called: Any) -> str:
    """A plain name for a file: « Soldes d’ouverture » is `soldes-d-ouverture`."""
    return slugify(str(called).replace("’", " "))


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
    entry.external_attr, entry.compress_type = 0o600 << 16, zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _rows(table: personal.Personal, person: Person) -> Iterator[Any]:
    rows = table.about(person).select_related(*(each.name for each in table.fields if each.is_relation))
    return rows.defer(*table.left_out).iterator(chunk_size=2000)


def _as_data(table: personal.Personal, row: Any) -> dict[str, Any]:
    """A row for programs: columns by their names in the code, choices by their codes."""
    return {
        each.name: personal.value(row, each) if each.is_relation else getattr(row, each.attname)
        for each in table.fields
    }


def _as_cells(table: personal.Personal, rows: list[Any]) -> list[list[Any]]:
    """The rows for a spreadsheet. What has a shape of its own is in the JSON, and on the documents."""
    fields = [each for each in table.fields if not isinstance(each, JSONField)]
    head = [capfirst(personal.called(each)) for each in fields]
    return [head, *([_cell(personal.value(row, each)) for each in fields] for row in rows)]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value


def _note(person: Person) -> str:
    """What the archive holds, what it leaves out and why, in words."""
    cooperative = Cooperative.objects.first()
    lines = [
        _("Data kept about %(person)s by %(cooperative)s, on %(day)s.")
        % {"person": person, "cooperative": cooperative or "–", "day": timezone.localdate().isoformat()},
        "",
        _("Others are named only where they acted on what is yours: approved, answered, read."),
        "",
        _("What is kept, and until when:"),
        *(_said(kept.what, f"{kept.until} – {kept.stays}" if kept.stays else kept.until) for kept in KEPT),
        "",
        _("What this archive leaves out:"),
    ]
    for table in personal.tables():
        if table.is_exported:
            for name, reason in table.left_out.items():
                column = personal.called(table.model._meta.get_field(name))
                lines.append(_said(f"{table.called}, {column}", reason))
    return "\r\n".join(map(str, lines)) + "\r\n"


def _said(what: Any, said: Any) -> str:
    return _("- %(what)s: %(said)s") % {"what": what, "said": said}
