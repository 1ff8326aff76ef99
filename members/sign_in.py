"""Who signs in with an e-mail address and a password, and who a session is of."""

from allauth.account.auth_backends import AuthenticationBackend

from koumbit.prepared import Prepared, key_named

from .models import Person

_PERSON = Prepared(lambda: Person.objects.filter(pk=key_named("person")))


class ByAddress(AuthenticationBackend):
    """allauth's; the person of a session is found again, at each request, by a prepared question."""

    def get_user(self, user_id: int) -> Person | None:
        person = _PERSON.one(person=user_id)
        return person if person and self.user_can_authenticate(person) else None
