"""The committee's pages: the queue, a week under review, and what happens when it changed meanwhile."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from members.models import Power
from tests import make
from timesheets import drafts, workflow
from timesheets.drafts import Cell, Content
from timesheets.models import TimeEntry, WeekSheet

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
QUEUE = "/hours/queue/"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-25 12:00-05:00", tick=False):
        yield


@pytest.fixture
def bob(client):
    make.cooperative()
    bob = make.person("Bob", powers=[Power.APPROVE_HOURS], minutes=0, language="en-ca")
    client.force_login(bob)
    return bob


def waiting(name="Ana", *, starts_on=MONDAY, hours=None) -> WeekSheet:
    ana = make.person(name)
    return workflow.submit(make.sheet(ana, starts_on=starts_on, hours=hours or {"mon": 7, "tue": 6}), by=ana)


def text_of(response) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def review(client, sheet):
    return client.get(reverse("timesheets:review", args=[sheet.pk]))


def approve(client, page, **fields):
    sheet = page.context["sheet"]
    sent = {"seen": page.context["seen"], "packed": page.context["packed"], **fields}
    return client.post(reverse("timesheets:review_approve", args=[sheet.pk]), sent)


def send_back(client, page, because):
    sheet = page.context["sheet"]
    sent = {"seen": page.context["seen"], "packed": page.context["packed"], "because": because}
    return client.post(reverse("timesheets:review_send_back", args=[sheet.pk]), sent)


# The queue ----------------------------------------------------------------------------------------


def test_waiting_weeks_are_listed_with_what_stands_out(client, bob):
    sheet = waiting(hours={"mon": 13, "sat": 2})
    page = client.get(QUEUE)
    row = page.context["rows"][0]
    assert (row.sheet, row.minutes, row.is_own) == (sheet, 15 * 60, False)
    assert row.roles == [("Coordination", 15 * 60)]
    said = text_of(page)
    for signal in (
        "20 h less than agreed",
        "13 h on Monday 16 November",
        "2 h on the weekend",
        "First time on:",
    ):
        assert signal in said


def test_task_done_before_is_not_told_as_new(client, bob):
    ana, task = make.person("Ana"), make.task("Paie")
    make.approved(ana, starts_on=MONDAY - timedelta(70), hours={"mon": 1}, task=task)
    workflow.submit(make.sheet(ana, starts_on=MONDAY, hours={"mon": 7}, task=task), by=ana)
    assert "First time on" not in text_of(client.get(QUEUE))


def test_own_week_is_shown_and_not_actionable(client, bob):
    other = make.person("Chloé", powers=[Power.APPROVE_HOURS])
    own = workflow.submit(make.sheet(bob, starts_on=MONDAY, hours={"mon": 7}), by=bob)
    page = client.get(QUEUE)
    assert page.context["rows"][0].is_own
    assert 'name="sheet"' not in text_of(page)
    page = review(client, own)
    assert f"These members can: {other}." in text_of(page)
    assert reverse("timesheets:review_send_back", args=[own.pk]) not in text_of(page)
    approve(client, page)
    send_back(client, page, "moi-même")
    own.refresh_from_db()
    assert own.is_waiting


def test_who_has_not_submitted_is_listed_by_week_without_their_hours(client, bob):
    ana, cleo = make.person("Ana"), make.person("Cléo")
    make.sheet(cleo, starts_on=MONDAY, hours={"mon": 7})
    waiting("Denis")
    page = client.get(QUEUE, {"tab": "missing"})
    assert [(row.person, row.state) for row in page.context["page"]] == [(ana, "missing"), (cleo, "draft")]
    assert "7 h" not in text_of(page)
    assert page.context["week"] == MONDAY
    page = client.get(QUEUE, {"tab": "missing", "week": "2026-11-12"})
    assert page.context["week"] == date(2026, 11, 9)


def test_done_weeks_are_listed_with_who_approved_them(client, bob):
    cleo = make.person("Cléo", powers=[Power.APPROVE_HOURS])
    sheet = make.approved(make.person("Ana"), starts_on=MONDAY, hours={"mon": 7}, by=cleo)
    page = client.get(QUEUE, {"tab": "done"})
    assert [(row, row.approved_minutes) for row in page.context["page"]] == [(sheet, 420)]
    assert str(cleo) in text_of(page)


@pytest.mark.parametrize(
    "query",
    ["?page=-1", "?page=abc", f"?page={10**21}", "?tab=password", "?tab=done&week=abc", "?tab=missing&week=0001-01-01",
     "?tab=done&week=9999-12-31", "?sort=password"],
)  # fmt: skip
def test_queue_answers_whatever_the_address_asks(client, bob, query):
    assert client.get(QUEUE + query).status_code == 200


def test_long_queue_is_cut_into_pages(client, bob):
    ana = make.person("Ana")
    for week in range(27):
        workflow.submit(workflow.open_week(ana, MONDAY - timedelta(7 * week)), by=ana)
    assert len(client.get(QUEUE).context["rows"]) == 25
    assert len(client.get(QUEUE, {"page": 2}).context["rows"]) == 2


def test_ticked_weeks_are_approved_as_they_were_shown(client, bob):
    one, two, three = waiting("Ana"), waiting("Cléo"), waiting("Denis")
    rows = {row.sheet: f"{row.sheet.pk}:{row.digest}" for row in client.get(QUEUE).context["rows"]}
    page = client.post(QUEUE + "approve/", {"sheet": [rows[one], rows[two]]}, follow=True)
    assert "2 weeks are approved." in text_of(page)
    assert {sheet.pk for sheet in WeekSheet.objects.filter(state="approved")} == {one.pk, two.pk}
    workflow.withdraw(three, by=three.person)
    page = client.post(QUEUE + "approve/", {"sheet": [rows[three]]})
    assert page.status_code == 409


@pytest.mark.parametrize("ticked", [[], ["abc"], ["1"], [":"], ["９:x"], [f"{10**21}:x"], ["0:x"]])
def test_bulk_approval_of_nothing_known_approves_nothing(client, bob, ticked):
    sheet = waiting()
    assert client.post(QUEUE + "approve/", {"sheet": ticked}).status_code in (302, 409)
    sheet.refresh_from_db()
    assert sheet.is_waiting


# A week under review ------------------------------------------------------------------------------


def test_week_is_approved_as_it_was_seen(client, bob):
    sheet = waiting()
    assert approve(client, review(client, sheet)).url == QUEUE
    sheet.refresh_from_db()
    assert (sheet.is_approved, sheet.approved_by) == (True, bob)


def test_one_line_is_questioned_and_the_rest_approved(client, bob):
    sheet = waiting()
    monday, tuesday = sheet.entries.order_by("day")
    page = approve(
        client,
        review(client, sheet),
        **{f"line-{tuesday.pk}-asked": "on", f"line-{tuesday.pk}-why": "Which project?"},
    )
    assert page.status_code == 302
    tuesday.refresh_from_db()
    monday.refresh_from_db()
    assert (monday.approved_by, tuesday.approved_by, tuesday.question) == (bob, None, "Which project?")


def test_question_typed_without_ticking_is_not_lost(client, bob):
    sheet = waiting()
    entry = sheet.entries.first()
    approve(client, review(client, sheet), **{f"line-{entry.pk}-why": "Really?"})
    entry.refresh_from_db()
    assert entry.question == "Really?"


def test_ticked_line_without_a_question_is_asked_for_and_nothing_is_approved(client, bob):
    sheet = waiting()
    monday, tuesday = sheet.entries.order_by("day")
    page = approve(
        client,
        review(client, sheet),
        **{
            f"line-{monday.pk}-asked": "on",
            f"line-{tuesday.pk}-asked": "on",
            f"line-{tuesday.pk}-why": "Kept",
        },
    )
    assert page.status_code == 422
    assert "Say what you ask" in text_of(page)
    assert "Nothing is decided yet" in text_of(page)
    assert " autofocus" in page.content.decode()
    assert 'value="Kept"' in text_of(page)
    assert not TimeEntry.objects.exclude(approved_at=None).exists()


def test_week_is_sent_back_with_a_reason_and_not_without(client, bob):
    sheet = waiting()
    page = send_back(client, review(client, sheet), "  ")
    assert page.status_code == 422
    assert '<details class="send-back" open>' in text_of(page)
    assert send_back(client, review(client, sheet), "Thursday is missing").url == QUEUE
    sheet.refresh_from_db()
    assert (sheet.state, sheet.decisions.last().because) == ("draft", "Thursday is missing")


def changed_under(sheet) -> None:
    """The owner takes the week back, changes Monday, drops Tuesday, adds Wednesday and submits it again."""
    workflow.withdraw(sheet, by=sheet.person)
    monday, tuesday = sheet.entries.order_by("day")
    cells = [Cell(entry.task_id, None, entry.day) for entry in (monday, tuesday)]
    wednesday = Cell(monday.task_id, None, MONDAY + timedelta(2))
    wanted = {cells[0]: Content(300), cells[1]: Content(0), wednesday: Content(45)}
    drafts.save_draft(sheet.person, MONDAY, wanted)
    workflow.submit(sheet, by=sheet.person)


@pytest.mark.parametrize("decide", [approve, lambda client, page: send_back(client, page, "no")])
def test_stale_page_decides_nothing_and_shows_the_difference(client, bob, decide):
    sheet = waiting()
    page = review(client, sheet)
    changed_under(sheet)
    answer = decide(client, page)
    assert answer.status_code == 409
    said = text_of(answer)
    assert "The sheet has changed" in said
    assert [(change.before, change.after) for _entry, change in answer.context["changes"]] == [
        (420, 300),
        (360, None),
        (None, 45),
    ]
    sheet.refresh_from_db()
    assert sheet.is_waiting
    assert not sheet.entries.exclude(approved_at=None).exists()


def test_second_approver_is_told_who_was_faster(client, bob):
    sheet = waiting()
    page = review(client, sheet)
    cleo = make.person("Cléo", powers=[Power.APPROVE_HOURS])
    workflow.approve(sheet, by=cleo, seen=page.context["seen"])
    answer = approve(client, page)
    assert answer.status_code == 409
    assert str(cleo) in text_of(answer)


def test_draft_nobody_handed_in_is_not_found_and_one_sent_back_shows_only_what_is_approved(client, bob):
    ana = make.person("Ana")
    draft = make.sheet(ana, starts_on=MONDAY, hours={"mon": 7})
    assert review(client, draft).status_code == 404
    assert client.get(reverse("timesheets:review", args=[10**9])).status_code == 404
    workflow.submit(draft, by=ana)
    page = review(client, draft)
    entry = draft.entries.get()
    approve(client, page, **{f"line-{entry.pk}-why": "Really?"})
    drafts.save_draft(ana, MONDAY, {Cell(entry.task_id, None, MONDAY): Content(421, "brouillon")})
    page = text_of(review(client, draft))
    assert "brouillon" not in page
    assert "7 h 01" not in page
    assert "Really?" in page


def test_committee_pages_are_closed_without_the_power_and_the_day_after_it_ends(client, bob):
    sheet = waiting()
    ended = make.person("Denis")
    make.mandate(ended, [Power.APPROVE_HOURS], ends_on=date(2026, 11, 24))
    for somebody in (sheet.person, ended):
        client.force_login(somebody)
        assert client.get(QUEUE).status_code == 403
        assert review(client, sheet).status_code == 403
        for name in ("review_approve", "review_send_back"):
            assert client.post(reverse(f"timesheets:{name}", args=[sheet.pk])).status_code == 403
        assert client.post(QUEUE + "approve/").status_code == 403
    sheet.refresh_from_db()
    assert sheet.is_waiting


def test_acts_are_refused_by_get(client, bob):
    sheet = waiting()
    for name in ("review_approve", "review_send_back"):
        assert client.get(reverse(f"timesheets:{name}", args=[sheet.pk])).status_code == 405
    assert client.get(QUEUE + "approve/").status_code == 405


def test_only_what_stands_out_is_shown_when_asked(client, bob):
    plain, odd = waiting(hours={"mon": 7}), waiting(hours={"mon": 7, "sat": 11})
    page = client.get(QUEUE, {"stands_out": "1"})
    shown = {row.sheet.pk: row.signals for row in page.context["rows"]}
    assert odd.pk in shown
    assert all(shown.values())
    everything = {row.sheet.pk: row.signals for row in client.get(QUEUE).context["rows"]}
    assert set(everything) == {plain.pk, odd.pk}
    assert shown == {pk: said for pk, said in everything.items() if said}


def test_each_tab_says_how_much_waits_and_what_it_holds(client, bob):
    waiting()
    waiting()
    workflow.submit(make.sheet(bob, starts_on=MONDAY, hours={"mon": 1}), by=bob)
    make.leave(make.person(), MONDAY)
    make.approved(make.person(), starts_on=MONDAY, hours={"mon": 7}, by=make.person("Coco"))
    own = {"waiting": "Waiting (3)", "missing": "Not submitted (2)", "done": "Done (1)"}
    for tab, holds in own.items():
        html = client.get(QUEUE, {"tab": tab, "week": MONDAY}).content.decode()
        for said in ("Waiting (3)", "Leave (1)", holds):
            assert said in html


def test_deciding_comes_back_to_what_the_queue_was_narrowed_to(client, bob):
    sheet, other = waiting("Ana"), waiting("Béa")
    page = client.get(QUEUE, {"q": "An", "stands_out": "1", "ticked": "7", "next": "//elsewhere.example"})
    kept = "?q=An&stands_out=1"
    assert f'action="/hours/queue/approve/{kept.replace("&", "&amp;")}"' in page.content.decode()
    shown = review(client, sheet)
    sent = {"seen": shown.context["seen"], "packed": shown.context["packed"]}
    address = reverse("timesheets:review_approve", args=[sheet.pk])
    assert client.post(address + kept, sent).url == QUEUE + kept
    assert client.post(f"{QUEUE}approve/{kept}", {}).url == QUEUE + kept
    refused = client.post(f"{QUEUE}approve/{kept}", {"sheet": [f"{sheet.pk}:x", f"{other.pk}:x"]})
    assert refused.status_code in (302, 409)


# Queries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("tab", "queries"), [("waiting", 4), ("missing", 7), ("done", 6)])
def test_queue_takes_the_same_queries_for_one_row_and_for_three(
    client, bob, rows, tab, queries, django_assert_num_queries
):
    for _ in range(rows):
        if tab == "waiting":
            waiting()
        elif tab == "missing":
            make.sheet(make.person(), starts_on=MONDAY, hours={"mon": 7})
        else:
            make.approved(make.person(), starts_on=MONDAY, hours={"mon": 7, "tue": 7}, by=bob)
    client.get(QUEUE)
    with django_assert_num_queries(queries):
        client.get(QUEUE, {"tab": tab})


@pytest.mark.parametrize("lines", [1, 3])
def test_review_takes_the_same_queries_whatever_the_week_holds(client, bob, lines, django_assert_num_queries):
    sheet = waiting(hours=dict.fromkeys(["mon", "tue", "wed"][:lines], 2))
    review(client, sheet)
    with django_assert_num_queries(9):
        review(client, sheet)
