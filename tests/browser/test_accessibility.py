"""Every page there is, in French by day and in English by night: axe finds nothing, nothing overflows or breaks.

The addresses are those of the resolver. Each is opened as whoever it opens to. One that answers with
something else than a page (a file, another page, an act to be posted) is named in `NO_PAGE`.
"""

import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from members import invitations
from members.account_pages import ACCOUNT_PAGES
from members.models import Person, Power
from tests import make, populated
from tests.browser.conftest import FRIDAY_NOON, Console, found_by_axe, give_session
from tests.test_access import ADDRESSES

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

CALCULATOR = "/pay/calculator/?pay_on=2026-11-20&pays_in_year=26"
NARROW = {"width": 360, "height": 780}
WIDE = {"width": 1280, "height": 900}
BY_DAY, BY_NIGHT = ("fr-ca", "light"), ("en-ca", "dark")
OWNERS = {"mfa_edit_webauthn": ("gil",), "mfa_remove_webauthn": ("gil",)}
HOURS_FILE = """\
date,person,role,task,project,minutes,note
2026-11-16,{ana},Coordination,Comptes,,90,
2026-11-17,nobody@example.org,Coordination,Comptes,,90,
"""
NO_PAGE = {
    # acts, which are posted
    "timesheets:cancellation_accept",
    "timesheets:cancellation_refuse",
    "timesheets:cancellation_withdraw",
    "timesheets:client_close",
    "timesheets:client_reopen",
    "timesheets:leave_approve",
    "timesheets:leave_cancel",
    "timesheets:leave_queue_approve",
    "timesheets:leave_refuse",
    "timesheets:leave_withdraw",
    "timesheets:project_close",
    "timesheets:project_reopen",
    "timesheets:service_close",
    "timesheets:service_reopen",
    "members:person_reopen",
    "members:point_take",
    "members:point_up",
    "members:undertaking_done",
    "members:minutes_pdf",
    "members:decisions_csv",
    "members:decisions_xlsx",
    "members:decisions_pdf",
    "members:step_tick",
    "members:share_certificate",
    "members:member_register_csv",
    "members:member_register_xlsx",
    "members:member_register_pdf",
    "members:items_usual",
    "members:item_retire",
    "members:item_back",
    "members:item_up",
    "demonstration_enter",
    "language",
    "members:invite",
    "members:person_contact",
    "members:purge_prepare",
    "members:purge_withdraw",
    "members:export_fetch",
    "members:incidents_csv",
    "members:incidents_xlsx",
    "payroll:account_open",
    "payroll:forms_confirm",
    "payroll:adjustment_confirm",
    "payroll:adjustment_withdraw",
    "payroll:opening_confirm",
    "payroll:opening_withdraw",
    "payroll:profile_open",
    "payroll:run_documents",
    "payroll:run_papers",
    "payroll:run_withdraw",
    "payroll:price_remove",
    "payroll:month_remove",
    "payroll:expected_remove",
    "payroll:projection_copy",
    "payroll:projection_discard",
    "payroll:supposition_remove",
    "payroll:record_open",
    "payroll:sin_open",
    "payroll:wage_csv",
    "payroll:wage_open",
    "payroll:wage_xlsx",
    "payroll:year_end_confirm",
    "payroll:year_end_csv",
    "payroll:year_end_open",
    "payroll:year_end_withdraw",
    "payroll:year_end_xlsx",
    "payroll:stub_numbered",
    "payroll:stub_open",
    "roles:opening_close",
    "roles:opening_step_back",
    "roles:role_bring_back",
    "roles:role_retire",
    "roles:skill_confirm",
    "roles:task_bring_back",
    "roles:task_retire",
    "timesheets:conflict_end",
    "timesheets:rotation_stop",
    "timesheets:queue_approve",
    "timesheets:row_favourite",
    "timesheets:sheet_cells",
    "timesheets:timer_discard",
    "timesheets:timer_stop",
    "timesheets:token_revoke",
    "timesheets:usual_forget",
    "timesheets:usual_keep",
    "timesheets:usual_pour",
    "timesheets:review_approve",
    "timesheets:review_send_back",
    "timesheets:sheet_withdraw",
    # files, and what a script reads
    "health",
    "mfa_download_recovery_codes",
    "mfa_login_webauthn",
    "payroll:archive_zip",
    "payroll:openings_model",
    "payroll:projection_csv",
    "payroll:projection_xlsx",
    "payroll:run_amounts",
    "payroll:book_beancount",
    "payroll:book_csv",
    "payroll:book_gnucash",
    "payroll:book_hledger",
    "payroll:book_odoo",
    "payroll:book_sage",
    "payroll:book_xlsx",
    "payroll:run_cheques_csv",
    "payroll:remittance_csv",
    "payroll:remittance_xlsx",
    "payroll:run_register",
    "payroll:run_register_xlsx",
    "payroll:record_pdf",
    "payroll:slips_mine_pdf",
    "payroll:stub_pdf",
    "payroll:year_end_pdf",
    "service_worker",
    "timesheets:feed",
    # what programs ask, and its description
    "api:entries",
    "api:entry",
    "api:projects",
    "api:people",
    "api:tasks",
    "members:ballot_answer",
    "members:ballot_close",
    "members:decision_carry_out",
    "members:decision_confirm",
    "members:motion_remark",
    "api:timer",
    "api:timer_stop",
    "api:week",
    "timesheets:openapi",
    "timesheets:row",
    # the way to another page
    "account_confirm_login_code",
    "account_set_password",
    "members:me",
    "timesheets:balance_mine",
    "timesheets:load_now",
    "timesheets:week",
    "timesheets:year",
    # met on the way to something else: `STATES`, test_entrance
    "invitation",
    "timesheets:import_preview",
    "timesheets:nudge_stop",
    "timesheets:timer_ask",
    "mfa_authenticate",
    "mfa_reauthenticate_webauthn",
}
# The same addresses again, as somebody else or in another state, and what is only there in that state.
STATES = {
    "home, newly come": ("bea", "/", "body:not(:has(.waits)) #week"),
    "home, of a mandate holder": ("holder", "/", ".waits"),
    "week, without a row": ("bea", "/hours/2026-10-19/", "#week:not(:has(table.sheet))"),
    "week, waiting": ("ana", "/hours/2026-11-09/", "[action$='/withdraw/']"),
    "week, approved": ("ana", "/hours/2026-11-02/", "a[href='?late']"),
    "week, late time": ("ana", "/hours/2026-11-02/?late", "#week .final"),
    "lines, approved": ("ana", "/hours/2026-11-02/2026-11-02/{task}/0/", "a[href$='/correct/']"),
    "queue, not submitted": ("holder", "/hours/queue/?tab=missing&week=2026-11-09", "td .state"),
    "queue, done": ("holder", "/hours/queue/?tab=done&week=2026-11-02", "tbody td.num"),
    "archive, empty": ("keys", "/pay/", ".empty"),
    "calculator, computed": ("bea", f"{CALCULATOR}&gross=1500", "#result"),
    "calculator, refused": ("bea", f"{CALCULATOR}&gross=1e3", "[name=gross][aria-invalid=true]"),
    "projection, a draft": ("ana", "/pay/projections/{draft}/", "a[href$='/expect/cost/']"),
    "projection, of another, with its past": ("bea", "/pay/projections/{projection}/", "#past"),
    "projection, tried otherwise": (
        "bea",
        "/pay/projections/{projection}/?what=if&scenario=cautious&rate=23.00&hours=5&revenue=0&costs=0",
        "#tried table",
    ),
    "projections, compared": (
        "ana",
        "/pay/projections/compare/?a={projection}&b={draft}&scenario=expected",
        "#content table",
    ),
    "rate, tried for the past": ("ana", "/pay/rate/try/?amount=23&starts_on=2026-10-26", "#retroactive"),
    "rate, tried under the minimum wage": (
        "holder",
        "/pay/rate/try/?amount=16&starts_on=2027-01-01",
        ".notice[data-tone=warn]",
    ),
    "stub, of another, before it is opened": ("prudence", "/pay/stubs/{stub}/", "[action$='/open/']"),
    "stub, of another": ("holder", "/pay/stubs/{stub}/", "#net"),
    "stub, checked again": ("ana", "/pay/stubs/{stub}/?check=1", "#check .state"),
    "pay file, of another, before it is opened": ("prudence", "/pay/people/{ana}/", "[action$='/open/']"),
    "run, prepared": ("holder", "/pay/runs/{prepared}/", "a[href$='/issue/']"),
    "run, prepared, to who prepares": ("prudence", "/pay/runs/{prepared}/", "[action$='/withdraw/']"),
    "remittance, paid": ("holder", "/pay/remittances/cra/2026-11-01/", "a[href$='/take-back/']"),
    "remittance, of the year": ("holder", "/pay/remittances/rq-year/2026-01-01/", "tfoot"),
    "remittances, of a year without tables": ("holder", "/pay/employer/years/2031/", ".notice"),
    "off-cycle pay, whom to choose": (
        "holder",
        "/pay/runs/off-cycle/?through=2026-11-20&pay_on=2026-11-20",
        "form h2",
    ),
    "stub, whose taking back waits": ("holder", "/pay/stubs/{stub}/correct/", ".notice"),
    "opening balance, to confirm": ("holder", "/pay/openings/{opening}/", "[action$='/confirm/']"),
    "opening balance, adjusted": ("holder", "/pay/openings/{adjusted}/", "[action*='/adjustments/']"),
    "opening balance, of a freelancer": ("holder", "/pay/openings/enter/?freelance", "[name=sales_tax_gst]"),
    "page, of another member": ("bea", "/members/people/{ana}/", "main:not(:has(#contact)) h1"),
    "page, of another member, to a holder": ("holder", "/members/people/{ana}/", "a[href$='/close/']"),
    "register, on another day": ("holder", "/members/people/?on=2019-01-01", ".empty"),
    "committee, to a holder": ("holder", "/members/committees/{committee}/", "a[href$='/dissolve/']"),
    "registry of roles, to a holder": ("holder", "/roles/", "[href$='/roles/new/']"),
    "role, to a holder": ("holder", "/hours/roles/{role}/", "[action$='/retire/']"),
    "tasks and hours, of another member, to a holder": ("holder", "/hours/sharing/balance/{ana}/", "#why"),
    "planned and lived, of everybody, to a holder": ("holder", "/hours/sharing/lived/", "caption"),
    "journal, verified": ("ana", "/members/journal/?head=", "[role=status]"),
    "not found": ("ana", "/nowhere/", ".card a[href='/']"),
    "not found, to nobody": ("nobody", "/nowhere/", ".card a[href='/']"),
    "refused": ("ana", "/hours/queue/", "a[href='/members/committees/']"),
    "import, of a file": ("holder", "{imported}", "table"),
    "invitation": ("nobody", "{invitation}", "[name=new_password1]"),
    "invitation, dead": ("nobody", "/invitation/MQ/none-none/", "main:not(:has([type=password])) h1"),
}


@dataclass
class Reading:
    """The populated co-op, read in one language and one colour scheme."""

    language: str
    scheme: str
    browser: Browser
    url: str
    people: dict[str, Person | None]
    shown_to: dict[str, str]
    clients: dict[str, Client] = field(default_factory=dict)
    contexts: dict[str, tuple[BrowserContext, Console]] = field(default_factory=dict)
    pages: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)

    def let_in(self) -> None:
        """Everybody signed in, and having just proved who they are."""
        for who, person in self.people.items():
            client = self.clients[who] = Client(headers={"accept-language": self.language})
            if person:
                client.force_login(person)
                session = client.session
                proof = {"method": "password", "at": time.time(), "reauthenticated": True}
                session["account_authentication_methods"] = [proof]
                session["account_authentication_methods_user"] = str(person.pk)
                session.save()

    def find_pages(self, coop: populated.Coop) -> None:
        """Where each page is, and the first of those people who is shown it, whatever the language."""
        is_first = not self.shown_to
        for address in ADDRESSES:
            path = reverse(address.name, kwargs=coop.fill(address.name, address.parameters))
            readers = OWNERS.get(address.name, ("nobody", "ana", "holder", "keys"))
            if not is_first:
                readers = [who for who in readers if who == self.shown_to.get(address.name)]
            for who in readers:
                answer = self.clients[who].get(path)
                if answer.status_code == HTTPStatus.OK and answer["Content-Type"].startswith("text/html"):
                    title = re.search(r"<title>(.*?)</title>", answer.content.decode(), re.DOTALL)
                    if title:  # a part of a page, which a script asks for, has none
                        self.shown_to[address.name] = who
                        self.pages[address.name] = who, path, " ".join(title[1].split())
                    break

    def open(self, who: str, path: str) -> tuple[Page, Console]:
        """The page in that person's browser, and what goes wrong in it."""
        if who not in self.contexts:
            context = self.browser.new_context(
                base_url=self.url, locale=self.language, color_scheme=self.scheme, reduced_motion="reduce"
            )
            context.new_page()
            give_session(context, self.clients[who], self.url)
            self.contexts[who] = context, Console(context)
        context, console = self.contexts[who]
        console.errors.clear()
        page = context.pages[0]
        page.set_viewport_size(WIDE)
        page.goto(path)
        return page, console


@pytest.fixture(scope="module")
def coop(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(FRIDAY_NOON, tick=True):
        yield populated.coop()
        call_command("flush", interactive=False, verbosity=0)
        cache.clear()


@pytest.fixture(scope="module")
def people(coop):
    """Those who read: `prudence` only prepares pays, `keys` has codes, `gil` a passkey."""
    prudence = make.person("Prudence", powers=[Power.PREPARE_PAY])
    keys = make.person("Katia")
    TOTP.activate(keys, generate_totp_secret())
    RecoveryCodes.activate(keys)
    return {
        "ana": coop.ana,
        "holder": coop.holder,
        "bea": coop.bea,
        "prudence": prudence,
        "keys": keys,
        "gil": coop.things["mfa_edit_webauthn"].user,
        "nobody": None,
    }


@pytest.fixture(scope="module")
def words(coop):
    """What fills the addresses of `STATES`."""
    newcomer = make.person("Zoé")
    newcomer.set_unusable_password()
    newcomer.save()
    return {
        "ana": coop.ana.pk,
        "committee": coop.things["members:committee"].pk,
        "prepared": coop.things["payroll:run_issue"].pk,
        "stub": coop.things["payroll:stub"].pk,
        "opening": coop.things["payroll:opening"].pk,
        "adjusted": coop.things["payroll:adjustment"].balance_id,
        "task": coop.words["task"],
        "projection": coop.things["payroll:projection"].pk,
        "draft": coop.things["payroll:projection_change"].pk,
        "role": coop.things["roles:role"].pk,
        "invitation": re.sub(r"https?://[^/]+", "", invitations.link(newcomer)),
    }


def _hours_file(person: Person) -> SimpleUploadedFile:
    return SimpleUploadedFile("heures.csv", HOURS_FILE.format(ana=person.email).encode())


@pytest.fixture(scope="module")
def shown_to(coop):
    """Who is shown each page: found out by the first reading."""
    return {}


@pytest.fixture(scope="module", params=[BY_DAY, BY_NIGHT], ids="-".join)
def reading(request, coop, people, browser, site, words, shown_to):
    language, scheme = request.param
    Person.objects.update(language=language)
    reading = Reading(language, scheme, browser, site.url, people, shown_to)
    reading.let_in()
    holder = reading.clients["holder"]
    holder.post(reverse("payroll:stub_open", args=[words["stub"]]))
    holder.post(reverse("payroll:profile_open", args=[coop.ana.pk]))
    holder.post(reverse("payroll:account_open", args=[coop.ana.pk]))
    sent = holder.post(reverse("timesheets:import"), {"file": _hours_file(coop.ana)})
    reading.words = words | {"imported": sent.url}
    reading.find_pages(coop)
    yield reading
    for context, _console in reading.contexts.values():
        context.close()


def _wrong_with(page: Page, console: Console, language: str) -> list[str]:
    """Everything that is wrong with an open page, in words."""
    wrong = [*console.errors, *found_by_axe(page)]
    lang, headings = page.evaluate(
        "[document.documentElement.lang, [...document.querySelectorAll('h1')].filter(h => h.offsetParent).length]"
    )
    if lang.lower() != language:
        wrong.append(f"lang is {lang}")
    if headings != 1:
        wrong.append(f"{headings} h1")
    page.keyboard.press("Tab")
    if not page.evaluate(FOCUS_IS_SEEN):
        wrong.append(
            "the first stop of Tab is not seen: " + page.evaluate("document.activeElement.outerHTML")
        )
    page.set_viewport_size(NARROW)
    if wide := page.evaluate(TOO_WIDE):
        wrong.append(f"wider than {NARROW['width']} px: {wide}")
    return wrong


FOCUS_IS_SEEN = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return false;
  const style = getComputedStyle(focused), box = focused.getBoundingClientRect();
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  return marked && box.width > 0 && box.bottom > 0 && box.right > 0;
}"""
TOO_WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > most + 1 && !each.closest(".table-wrap > *"))
    .slice(0, 3).map((each) => each.outerHTML.slice(0, 120));
}"""


def test_what_is_wrong_with_a_page_is_seen(reading):
    page, console = reading.open("nobody", "/privacy/")
    page.evaluate("""() => {
        document.querySelector("h1").remove();
        document.documentElement.lang = "";
        document.querySelector("main").innerHTML = "<img src='data:,'>";
        document.querySelector("main").style.minWidth = "700px";
    }""")
    wrong = " ".join(_wrong_with(page, console, reading.language))
    assert "image-alt" in wrong
    assert "html-has-lang" in wrong
    assert "lang is" in wrong
    assert "0 h1" in wrong
    assert "wider than" in wrong


def test_every_address_is_a_page_or_said_to_be_none(reading):
    assert {address.name for address in ADDRESSES} - reading.pages.keys() == NO_PAGE


@pytest.mark.parametrize("name", [address.name for address in ADDRESSES if address.name not in NO_PAGE])
def test_page_is_open_to_all_readers(name, reading):
    who, path, _title = reading.pages[name]
    page, console = reading.open(who, path)
    assert page.url == f"{reading.url}{path}"
    assert _wrong_with(page, console, reading.language) == []


@pytest.mark.parametrize("state", STATES)
def test_state_of_a_page_is_open_to_all_readers(state, reading):
    who, path, sign = STATES[state]
    page, console = reading.open(who, path.format_map(reading.words))
    assert page.locator(sign).count(), page.locator("main").inner_text()
    assert _wrong_with(page, console, reading.language) == []


def test_titles_tell_pages_apart(reading):
    """Steps of one act may share a title: about the account, or an opinion of a task."""
    named = defaultdict(set)
    for name, (_who, _path, title) in reading.pages.items():
        named[title].add(name)
    shared = [names for names in named.values() if len(names) > 1]
    opinion = {"roles:rating_compare", "roles:rating_give"}
    assert [names for names in shared if not names <= ACCOUNT_PAGES.keys() and names != opinion] == []
