"""Open sessions, in the database as Django keeps them; found again, at each request, by a prepared question."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from .prepared import Place, Prepared

_OPEN = Prepared(
    lambda: Session.objects.filter(
        session_key=Place("key", CharField()), expire_date__gt=Place("now", DateTimeField())
    )
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        found = _OPEN.one(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None  # a key that opens nothing is not used again
        return found
