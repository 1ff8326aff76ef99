"""Every address × anonymous, member, holder of each power, ended mandate × own and another's.

What is tried is the table that members read (`members.access_table`): the addresses of the resolver,
with the policies that the views declare. A view without a policy or without a name in that table, or
an address nobody said how to fill, fails.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
import time_machine
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import QueryDict
from django.http.response import ResponseHeaders
from django.test import Client
from django.urls import get_resolver, reverse

from members import access_table
from members.access import ANYONE, EVERYBODY, SIGNED_IN, WITH_A_KEY
from members.access_table import Address, addresses
from members.account_pages import ACCOUNT_PAGES
from members.models import Power
from tests import make, populated

pytestmark = pytest.mark.django_db

# A reading writes who read; a session and the cache are not the co-op's data.
WRITTEN_BY_READING = {"django_session", "koumbit_cache", "payroll_filereading"}
WRITES = re.compile(
    r"\s*(?:WITH .*?\)\s*)?(INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|COPY)\s+\"?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
NOT_FOUND = {404, 405}
REFUSED = {403, 405}
SAID_NO = {403, 429}
SAID_YES = {200, 302, 303, 400, 404, 405, 409, 410, 422}


ADDRESSES = addresses()
# Those that name something of one person, and that do not open to everybody.
OWN_THINGS = [
    address
    for address in ADDRESSES
    if address.policy == SIGNED_IN
    and address.others != EVERYBODY
    and "pk" in address.parameters
    and not address.is_of_a_common_thing
]
every_address = pytest.mark.parametrize("address", ADDRESSES, ids=str)


@pytest.fixture(scope="module")
def coop(kept):
    """One populated co-op for all tests of this module."""
    with time_machine.travel(datetime(2026, 11, 20, 17, 0, tzinfo=UTC), tick=False):
        yield populated.coop()


@pytest.fixture
def url_of(coop):
    def url(address: Address) -> str:
        return reverse(address.name, kwargs=coop.fill(address.name, address.parameters))

    return url


@pytest.fixture(scope="module")
def as_(coop):
    """`as_(ana)`: a client of hers, signed in. She signs in once, and each client goes on with that session."""
    sessions = {}

    def sign_in(person) -> None:
        client = Client()
        client.force_login(person)
        sessions[person.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value

    for person in (coop.ana, coop.bea, coop.holder, coop.ended):
        sign_in(person)

    def client_of(person) -> Client:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = sessions[person.pk]
        return client

    client_of.sign_in = sign_in
    return client_of


class Read(NamedTuple):
    """What a GET answered, and what it wrote."""

    status_code: int
    headers: ResponseHeaders
    url: str
    written: list[str]


@pytest.fixture(scope="module")
def read(coop, as_):
    """`read("ana", address)`: what she is answered. As it writes nothing, it is asked once for all tests."""
    asked: dict[tuple[str, str], Read] = {}

    def ask(who: str, address: Address) -> Read:
        if (who, address.name) not in asked:
            written: list[str] = []

            def watch(execute, sql, params, many, context):
                match = WRITES.match(sql)
                if match and match[2] not in WRITTEN_BY_READING:
                    written.append(sql[:120])
                return execute(sql, params, many, context)

            url = reverse(address.name, kwargs=coop.fill(address.name, address.parameters))
            with connection.execute_wrapper(watch):
                answer = as_(getattr(coop, who)).get(url)
            leads_to = getattr(answer, "url", "")
            asked[who, address.name] = Read(answer.status_code, answer.headers, leads_to, written)
        return asked[who, address.name]

    return ask


def _asks_to_sign_in(answer) -> bool:
    """With the page where one signs in; a script is told 401."""
    if answer.status_code == 401:
        return answer.headers["Content-Type"] == "application/json"
    return answer.status_code == 302 and answer.url.startswith(reverse("account_login"))


def _asks_who_it_is_again(answer) -> bool:
    """Some acts ask for the password again before they even look for the thing."""
    return answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


def _asks_for_a_key(answer) -> bool:
    """A session is no key: programs have their own."""
    return answer.status_code in {401, 405} and (
        answer.status_code == 405 or answer.headers["WWW-Authenticate"].startswith("Bearer")
    )


@every_address
def test_view_declares_who_it_is_open_to(address):
    assert address.policy is not None, (
        f"{address.name}: decorate it with open_to_anyone, signed_in, own_only, own_or or needs"
    )


@every_address
def test_page_has_its_name_in_the_table_that_members_read(address):
    assert address.called is not None, f"{address.name}: name it in PAGES, in the page_names.py of its app"


def test_no_name_of_the_table_is_of_a_page_that_is_gone():
    resolver = get_resolver()
    named = [name for _part, names in access_table.parts(resolver) for name in names]
    assert len(named) == len(set(named))
    assert set(named) == {address.name for address in ADDRESSES}


def test_account_pages_are_those_listed():
    listed = {
        address.name
        for address in ADDRESSES
        if address.name.startswith(("account_", "mfa_", "usersessions_"))
    }
    assert listed == ACCOUNT_PAGES.keys()


@every_address
def test_anonymous_visitor_is_asked_to_sign_in(address, url_of):
    for answer in (Client().get(url_of(address)), Client().post(url_of(address))):
        if address.policy == ANYONE:
            assert answer.status_code in SAID_YES | SAID_NO
        elif address.policy == WITH_A_KEY:
            assert _asks_for_a_key(answer)
        else:
            assert _asks_to_sign_in(answer)


def _is_not_found(answer) -> bool:
    return answer.status_code in NOT_FOUND or _asks_who_it_is_again(answer)


@every_address
@pytest.mark.parametrize("who", ["bea", "ended"])
def test_member_without_a_mandate_of_today_opens_what_members_may(address, who, url_of, coop, as_):
    """Not another's things, and nothing that needs a power, held until yesterday or never."""
    client = as_(getattr(coop, who))
    for answer in (client.get(url_of(address)), client.post(url_of(address))):
        if isinstance(address.policy, frozenset):
            assert answer.status_code in REFUSED
        elif address.policy == WITH_A_KEY:
            assert _asks_for_a_key(answer)
        elif address in OWN_THINGS:
            assert _is_not_found(answer)
        else:
            assert answer.status_code in SAID_YES
            assert address.policy == ANYONE or not _asks_to_sign_in(answer)
            assert answer.status_code != 404 or "pk" not in address.parameters


@pytest.fixture(scope="module")
def holders(coop, as_):
    """Somebody for each power, who holds no other."""
    people = {power: make.person(power.value, powers=[power]) for power in Power}
    for person in people.values():
        as_.sign_in(person)
    return people


@pytest.mark.parametrize("power", list(Power), ids=lambda power: power.value)
def test_power_opens_what_the_table_says_and_nothing_more(power, holders, url_of, as_):
    """Cell by cell: a holder of that power alone is let in where it is named, and nowhere else."""
    client, otherwise = as_(holders[power]), []
    for address in ADDRESSES:
        if isinstance(address.policy, frozenset):
            status = client.get(url_of(address)).status_code
            is_so = status in (SAID_YES - {404} if power in address.policy else REFUSED)
        elif address in OWN_THINGS:
            answer = client.get(url_of(address))
            is_so = answer.status_code == 405 or _is_not_found(answer) is (power not in address.others)
        else:
            continue
        if not is_so:
            otherwise.append(address.name)
    assert otherwise == []


@every_address
def test_holder_of_every_power_is_let_in(address, url_of, coop, as_, read):
    for answer in (read("holder", address), as_(coop.holder).post(url_of(address))):
        if address.policy == WITH_A_KEY:
            assert _asks_for_a_key(answer)
            continue
        assert answer.status_code in SAID_YES
        if isinstance(address.policy, frozenset):
            assert answer.status_code != 404


@pytest.mark.parametrize("address", [address for address in OWN_THINGS if not address.others], ids=str)
def test_what_is_ones_own_opens_to_no_power(address, url_of, coop, as_, read):
    """What the table says nobody else opens is not found by whoever holds every power."""
    assert _is_not_found(read("holder", address))
    assert _is_not_found(as_(coop.holder).post(url_of(address)))


@every_address
def test_owner_is_let_in(address, url_of, coop, as_, read):
    """Ana asks for her own things: a policy of mandates keeps her out, nothing else does."""
    got, sent = read("ana", address), as_(coop.ana).post(url_of(address))
    if isinstance(address.policy, frozenset):
        assert {got.status_code, sent.status_code} <= REFUSED
    elif address.policy == WITH_A_KEY:
        assert _asks_for_a_key(got)
        assert _asks_for_a_key(sent)
    elif address.policy == SIGNED_IN and address.name not in ACCOUNT_PAGES:
        assert got.status_code in {200, 302, 405}
        assert sent.status_code in SAID_YES
    else:
        assert {got.status_code, sent.status_code} <= SAID_YES


@every_address
@pytest.mark.parametrize("who", ["ana", "holder"])
def test_get_never_writes(address, who, read):
    assert read(who, address).written == []


def test_what_a_get_would_write_is_seen():
    for sql in (
        'INSERT INTO "members_person" ("email") VALUES (%s)',
        "UPDATE members_person SET email = %s",
        "WITH gone AS (SELECT 1) DELETE FROM members_person",
    ):
        assert WRITES.match(sql)[2] == "members_person"


NUMBERS = ["0", "999999999999999999999", "-1", "abc", "1e3", "٣", "1%00"]
WORDS = ["%00", "é", "x" * 500, "..", "2026-02-30", "0001-01-01", "9999-12-31", "0000-00-00", "%F0%9F%92%A9"]


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address.parameters], ids=str)
def test_strange_address_is_never_an_error_of_ours(address, url_of, coop, as_):
    """Each parameter in turn is something nobody would write; the page is not found, or refuses."""
    client, whole = as_(coop.holder), url_of(address)
    for parameter, value in coop.fill(address.name, address.parameters).items():
        for strange in NUMBERS if isinstance(value, int) else WORDS:
            if strange == str(value):
                continue
            url = _with(whole, str(value), strange)
            for answer in (client.get(url), client.post(url)):
                assert answer.status_code < 500, f"{parameter}={strange}"
                if parameter == "pk" and address.policy != WITH_A_KEY:
                    assert answer.status_code in NOT_FOUND or _asks_who_it_is_again(answer), (
                        f"{parameter}={strange}"
                    )


def _with(url: str, value: str, strange: str) -> str:
    """The address with its first segment equal to `value` replaced."""
    changed = re.sub(rf"(?<=[/-]){re.escape(value)}(?=[/.-]|$)", lambda _match: strange, url, count=1)
    assert changed != url
    return changed


STRANGE_QUERIES = [
    "page=-1",
    "page=abc",
    "page=999999999999999999999",
    "per_page=100000000",
    "sort=password",
    "sort=-person__password",
    "q=%00",
    "q=' OR 1=1--",
    "q=%E2%80%AE",
    "on=2026-02-30",
    "on=9999-12-31",
    "on=0001-01-01",
    "year=99999999999",
    "year=0",
    "year=abc",
    "week=9999-12-31",
    "next=//example.org/",
    "q=" + "x" * 5000,
]


EVERYTHING = object()


class Watched:
    """The query of a request; `names` keeps what is looked up in it, or that the whole of it was taken."""

    def __init__(self, query: QueryDict, names: set):
        self._query, self._names = query, names

    def get(self, name, default=None):
        self._names.add(name)
        return self._query.get(name, default)

    def getlist(self, name, default=None):
        self._names.add(name)
        return self._query.getlist(name, default)

    def __getitem__(self, name):
        self._names.add(name)
        return self._query[name]

    def __contains__(self, name):
        self._names.add(name)
        return name in self._query

    def __len__(self):
        self._names.add(EVERYTHING)
        return len(self._query)

    def __iter__(self):
        self._names.add(EVERYTHING)
        return iter(self._query)

    def __getattr__(self, name):
        self._names.add(EVERYTHING)
        return getattr(self._query, name)


@pytest.fixture
def looked_up(monkeypatch):
    """What a page looks up in its query when it has none.

    With a name it does not look up it is the same page, but for its own address, which every page repeats.
    """

    def ask(client: Client, url: str) -> set:
        names: set = set()
        with monkeypatch.context() as patch:
            patch.setattr(WSGIRequest, "GET", property(lambda request: Watched(QueryDict(), names)))
            assert client.get(url).status_code < 500
        return names

    return ask


def test_what_a_page_looks_up_in_its_query_is_seen(looked_up, coop, as_):
    client = as_(coop.holder)
    assert looked_up(client, reverse("timesheets:queue")) >= {"tab", "page"}
    assert EVERYTHING in looked_up(client, reverse("members:register"))
    assert looked_up(client, reverse("members:messages")) == {"page"}
    assert looked_up(client, reverse("health")) == set()


@every_address
def test_strange_query_is_never_an_error_of_ours(address, url_of, coop, as_, looked_up):
    client, url = as_(coop.holder), url_of(address)
    names = looked_up(client, url)
    for query in STRANGE_QUERIES:
        if not names & {query.partition("=")[0], EVERYTHING}:
            continue
        answer = client.get(f"{url}?{query}")
        assert answer.status_code < 500, query
        assert not (answer.status_code == 302 and answer.url.startswith("//")), query


@every_address
def test_page_of_a_signed_in_person_is_kept_by_no_cache(address, read):
    answer = read("ana", address)
    if answer.status_code == 200:
        assert "no-store" in answer.headers["Cache-Control"]
