"""A co-op with something behind every address, and what each address is filled with.

`THINGS` names, for the first word of a URL's name (`payroll:run_issue` → `payroll:run`), the row whose
key fills its `pk`. A new screen about a known thing needs nothing here; a screen about a new thing
fails `test_access` until this file says what stands behind it.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allauth.mfa.models import Authenticator

from koumbit import encryption
from members import (
    accounts,
    ballots,
    incidents,
    journal,
    motions,
    outbox,
    paths,
    retention,
    shares,
    steps,
)
from members.models import (
    AgendaPoint,
    Application,
    Attendance,
    Cooperative,
    DataExport,
    Meeting,
    Membership,
    Minutes,
    Objective,
    Person,
    Power,
    Probation,
    Undertaking,
)
from payroll import (
    deposits,
    employer,
    month_figures,
    opening,
    periods,
    prices,
    remittances,
    runs,
    standings,
    year_end,
)
from payroll.models import (
    BankAccount,
    InvoiceNumber,
    OpeningAdjustment,
    OpeningChange,
    Originator,
    OvertimeChoice,
    PayRun,
    PayStub,
    Remittance,
    SalesTaxRegistration,
    StubDocument,
    TaxProfile,
)
from payroll.projections import keeping
from roles.models import Assignment, Candidacy, Opening, Proposal, Role, Rotation, Skill, Task, Term
from roles.proposal_ids import member_id, role_id, task_id
from tests import make
from timesheets import tokens, workflow
from timesheets.models import (
    Client,
    ConflictOfInterest,
    LeaveCancellation,
    LineMessage,
    Nudge,
    Project,
    Service,
    WeekTemplate,
)
from timesheets.seen import digest_of, lines_of

TODAY = date(2026, 11, 20)
YESTERDAY = TODAY - timedelta(days=1)


@dataclass
class Coop:
    """`ana` is the one whose things the addresses name. `bea` is a member like her, without mandates."""

    ana: Person
    bea: Person
    holder: Person  # holds every power
    ended: Person  # held every power until yesterday
    things: dict[str, Any] = field(default_factory=dict)
    words: dict[str, Any] = field(default_factory=dict)  # what fills a parameter that is not `pk`

    def fill(self, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """Arguments for the URL of that name; KeyError names what this file does not know yet."""
        return {parameter: self._value(name, parameter) for parameter in parameters}

    def _value(self, name: str, parameter: str):
        if parameter == "pk":
            return self.things[name if name in self.things else name.split("_")[0]].pk
        return self.words[f"{name}.{parameter}" if f"{name}.{parameter}" in self.words else parameter]


def coop() -> Coop:
    """The populated co-op, as of `TODAY` (the test travels there)."""
    make.cooperative()
    rate = make.rate("21.50")
    ana, bea = make.person("Ana", born_on=date(1990, 5, 1)), make.person("Béa")
    holder = make.person("Chloé", powers=list(Power))
    ended = make.person("Denis")
    make.mandate(ended, list(Power), ends_on=YESTERDAY)
    application = Application.objects.create(
        person=ana,
        starts_on=date(2019, 12, 1),
        ends_on=date(2020, 1, 5),
        outcome="withdrawn",
        recorded_by=ana,
    )
    membership = Membership.objects.create(person=ana, starts_on=make.LONG_AGO)
    pause = paths.start_pause(ana, by=ana, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 31))
    probation = Probation.objects.create(
        person=ana, starts_on=make.LONG_AGO, ends_on=TODAY + timedelta(days=30)
    )
    Cooperative.objects.update(share_value=Decimal("10.00"), shares_to_hold=5)
    subscribed = shares.subscribe(ana, by=holder, on=TODAY, shares=5)
    steps.write_usual_lists()
    welcome = steps.open_by_hand(ana, by=holder, step="arrival", on=TODAY)
    committee = make.committee([Power.KEEP_ROLES])
    mandate = make.mandate(ana)  # a seat on a committee without powers
    task = make.task("Comptes")
    service = Service.objects.create(name="Hébergement")
    client = Client.objects.create(name="Groupe d’essai")
    project = Project.objects.create(name="Site", client=client, service=service)
    assignment = Assignment.objects.create(person=ana, task=task, starts_on=make.LONG_AGO)
    term, role_opening, skill = _held(ana, bea, task.role)
    week = {"mon": 7, "tue": 7.5, "wed": 7, "thu": 7, "fri": 6}
    approved = make.sheet(ana, starts_on=date(2026, 11, 2), hours=week, task=task)
    workflow.submit(approved, by=ana)
    workflow.approve(approved, by=holder, seen=digest_of(lines_of(approved.entries.all())))
    of_bea = make.sheet(bea, starts_on=date(2026, 11, 2), hours={"mon": 4}, task=task)
    workflow.submit(of_bea, by=bea)
    workflow.approve(of_bea, by=holder, seen=digest_of(lines_of(of_bea.entries.all())))
    waiting = make.sheet(ana, starts_on=date(2026, 11, 9), hours=week, task=task)
    workflow.submit(waiting, by=ana)
    draft = make.sheet(ana, starts_on=date(2026, 11, 16), hours={"mon": 7}, task=task)
    key = Authenticator.objects.create(
        user=make.person("Gil"), type=Authenticator.Type.WEBAUTHN, data={"name": "clé"}
    )
    forms = TaxProfile.objects.create(person=ana, sin="000000018", starts_on=make.LONG_AGO, declared_by=ana)
    OvertimeChoice.objects.create(person=ana, asked_on=make.LONG_AGO, starts_on=make.LONG_AGO)
    SalesTaxRegistration.objects.create(
        person=ana, gst_number="123456789 RT 0001", qst_number="1234567890 TQ 0001", starts_on=make.LONG_AGO
    )
    _bank(ana)
    stub, voiding = _paid(holder)
    remittance = _remitted(holder)
    asked = make.leave(ana, date(2026, 12, 21), date(2026, 12, 22), note="Noces")
    away = make.leave(ana, YESTERDAY, kind="sick", by=holder)
    given_back = LeaveCancellation.objects.create(
        leave=away, person=ana, starts_on=YESTERDAY, ends_on=YESTERDAY, because="Erreur", asked_on=TODAY
    )
    for person in (ana, bea, holder, ended):
        accounts.vouch_for_email(person)
    journal.record("test.populated", by=holder)
    questioned = approved.entries.first()
    LineMessage.objects.create(sheet=approved, entry=questioned, by=holder, text="Quel client ?")
    conflict = ConflictOfInterest.objects.create(approver=holder, person=bea, starts_on=make.LONG_AGO)
    balance = opening.enter(
        bea,
        by=Person.objects.get(given_name="Fatou"),
        through=date(2026, 10, 16),
        pays=20,
        gross=Decimal("21000.00"),
        amounts={("deduction", "qpp"): Decimal("1200.00"), ("employer", "qpp"): Decimal("1200.00")},
    )
    adjustment = _adjusted(ana, balance.entered_by)
    token, _secret = tokens.make(ana, opens="own_calendar", name="Nextcloud")
    template = WeekTemplate.objects.create(person=ana, name="Hiver")
    text = outbox.write(ana, subject="Semaine", text="Bonjour")
    nudge = Nudge.objects.create(person=ana, kind=Nudge.Kind.APPROVED, week=approved.starts_on, message=text)
    proposal = _proposed(ana, holder, task)
    export = DataExport.objects.create(person=ana, made_at=datetime.now(UTC), content=encryption.seal(b"PK"))
    incident = incidents.record(
        by=holder,
        information="Un bulletin",
        circumstances="Envoyé à la mauvaise adresse",
        occurred="Hier",
        noticed_on=TODAY,
        people=1,
        assessment="Détruit par qui l’a reçu",
        measures="Adresse corrigée",
    )
    InvoiceNumber.objects.create(person=ana, period_starts_on=date(2015, 3, 2), number="2015-1")
    purge = retention.prepare(["tax-2015"], by=holder)
    # Everybody may read and remark; only who sits there answers, and only who proposed amends.
    motion = motions.propose(committee, by=ana, title="Chauffage", text="Le baisser la nuit")
    ballot = ballots.open_ballot(
        motions.propose(holder.mandates.first().committee, by=ana, title="Vélos", text="Un abri"),
        by=ana,
        closes_on=TODAY,
    )
    meeting = Meeting.objects.create(
        body=holder.mandates.first().committee,
        on=TODAY,
        starts_at=time(9),
        ends_at=time(10, 30),
        place="Bureau",
        words="Lire le budget",
        called_by=holder,
    )
    point = AgendaPoint.objects.create(
        meeting=meeting, rank=1, title="Budget", planned_minutes=20, brought_by=ana, said="Équilibré."
    )
    Attendance.objects.create(meeting=meeting, person=ana, how="present")
    Minutes.objects.create(
        meeting=meeting,
        electors=1,
        quorum=1,
        guests="Une voisine",
        written_by=holder,
        written_at=datetime.now(UTC),
    )
    undertaking = Undertaking.objects.create(meeting=meeting, what="Relire", person=ana, due_on=YESTERDAY)
    return Coop(
        ana,
        bea,
        holder,
        ended,
        things={
            "person": ana,
            "members:person": ana,
            "members:invite": ana,
            "members:work_start": ana,
            "members:work_change": ana,
            "members:work": ana.work_statuses.order_by("starts_on").first(),
            "members:membership_start": ana,
            "members:membership": membership,
            "members:application_start": ana,
            "members:application": application,
            "members:probation": probation,
            "members:pause_start": ana,
            "members:pause": pause,
            "members:depart": ana,
            "members:step": welcome,
            "members:step_open": ana,
            "members:step_tick": welcome.items.filter(item__known="").first(),
            "members:share": ana,
            "members:share_reverse": subscribed,
            "members:item": welcome.items.first().item,
            "members:committee": committee,
            "members:power_grant": committee,
            "members:power": committee.powers.get(),
            "members:mandate_give": committee,
            "members:lots_draw": committee,
            "members:rule_set": committee,
            "members:mandate": mandate,
            "members:decision": rate.decision,
            "members:meeting": meeting,
            "members:meeting_call": committee,
            "members:minutes": meeting,
            "members:point": point,
            "members:point_add": meeting,
            "members:point_take": meeting,
            "members:undertaking": undertaking,
            "members:export": export,
            "members:incident": incident,
            "members:purge": purge,
            "members:motion": motion,
            "members:objective": Objective.objects.create(
                body=committee,
                decision=rate.decision,
                title="Un jardin",
                starts_on=make.LONG_AGO,
                ends_on=date(2026, 12, 31),
            ),
            "members:ballot_open": motion,
            "members:ballot": ballot,
            "roles:role": task.role,
            "roles:task": task,
            "roles:task_create": task.role,
            "roles:task_merge": task.role,
            "roles:term_give": task.role,
            "roles:term": term,
            "roles:opening_create": task.role,
            "roles:opening": role_opening,
            "roles:standing": task.role,
            "roles:skill": skill,
            "timesheets:role": task.role,
            "timesheets:entry_learning": draft.entries.get(),
            "roles:assignment": assignment,
            "roles:rating": task,
            "mfa_edit_webauthn": key,
            "mfa_remove_webauthn": key,
            "payroll:profile": ana,
            "payroll:forms": forms,
            "payroll:taxes": ana,
            "payroll:overtime": ana,
            "payroll:banks": ana,
            "payroll:sales": ana,
            "payroll:year": ana,
            "payroll:sin": ana,
            "payroll:wage": ana,
            "payroll:record": ana,
            "payroll:invoice": ana,
            "payroll:stub": stub,
            "payroll:account": ana,
            "payroll:run": stub.run,
            "payroll:run_issue": voiding,
            "payroll:remittance": remittance,
            **_projected(ana, service),
            "payroll:price": prices.enter(
                series="IPC", source="Essai", points=[(date(2026, 1, 1), Decimal("160.0"))], by=ana
            )[0],
            "payroll:month": month_figures.enter(
                month=date(2026, 1, 1), revenue=Decimal("9000.00"), source="Essai", by=ana
            ),
            "payroll:opening": balance,
            "payroll:adjustment": adjustment,
            "timesheets:balance": ana,
            "timesheets:review": waiting,
            "timesheets:leave": asked,
            "timesheets:leave_cancel": away,
            "timesheets:cancellation": given_back,
            "timesheets:entry": approved.entries.first(),
            "api:entry": approved.entries.first(),
            "timesheets:service": service,
            "timesheets:client": client,
            "timesheets:project": project,
            "timesheets:nudge": nudge,
            "timesheets:usual": template,
            "timesheets:conflict": conflict,
            "timesheets:token": token,
            "timesheets:entry_answer": questioned,
            "timesheets:rotation": proposal.rotation,
            "timesheets:proposal": proposal,
        },
        words={
            "first": date(2026, 11, 9),
            "side": "revenue",
            "kind": "rate",
            "to": "rq",
            "number": stub.facts["number"],
            "payroll:remittance.first": date(2026, 11, 1),
            "payroll:remittance_record.first": date(2026, 11, 1),
            "starts_on": draft.starts_on,
            "day": draft.starts_on,
            "task": task.pk,
            "project": 0,
            "year": 2026,
            "slug": "worker",
            "secret": "none",
            "row": f"{task.pk}-0",
            "uid": "MQ",
            "token": "none-none",
            "key": "none",
            "uidb36": "1",
        },
    )


def _projected(ana: Person, service: Service) -> dict[str, Any]:
    """What Ana foresees: a projection that everybody reads, and a draft with a line of each sort."""
    months = {"starts_on": date(2026, 10, 1), "months": 12, "opening": Decimal("9000.00")}
    kept, draft = (keeping.start(title=title, by=ana, **months) for title in ("Année 1", "Année 2"))
    for projection in (kept, draft):
        expected = keeping.expect(
            projection,
            by=ana,
            side="revenue",
            service=service,
            amount=Decimal("4000.00"),
            first_month=date(2026, 10, 1),
        )
        supposed = keeping.suppose(
            projection,
            by=ana,
            scenario="cautious",
            kind="revenue",
            name="Un client part",
            percent=Decimal(-20),
            first_month=date(2027, 1, 1),
        )
    return {
        "payroll:projection": keeping.keep(kept, by=ana),
        "payroll:projection_change": draft,
        "payroll:projection_keep": draft,
        "payroll:projection_discard": draft,
        "payroll:projection_expect": draft,
        "payroll:projection_suppose": draft,
        "payroll:expected": expected,
        "payroll:supposition": supposed,
    }


def _adjusted(ana: Person, by: Person) -> OpeningAdjustment:
    """An adjustment of Ana's opening balance that waits to be confirmed."""
    balance = opening.enter(
        ana, by=by, through=date(2026, 10, 16), pays=20, gross=Decimal("20500.00"), amounts={}
    )
    adjustment = OpeningAdjustment.objects.create(
        balance=balance, because="Relu", entered_at=balance.entered_at, entered_by=by
    )
    OpeningChange.objects.create(adjustment=adjustment, what="deduction.qpp", amount=Decimal("-20.00"))
    return adjustment


def _proposed(ana: Person, holder: Person, task: Task) -> Proposal:
    """Ana alone in a period of thirteen weeks, with a proposal that is ready and two that wait."""
    who, what, role = member_id(ana.pk), task_id(task.pk), role_id(task.role_id)
    problem = {
        "members": [{"id": who, "hours": 40, "skills": {role: 2}}],
        "tasks": [{"id": what, "role": role, "hours": 50}],
        "current": [[who, what, 30]],
    }
    rotation = Rotation.objects.create(
        first_on=date(2027, 1, 4),
        last_on=date(2027, 4, 4),
        inputs={"problem": problem, "notes": {"unrated": 1}},
        version="1",
        asked_by=holder,
    )
    for leaning, band in (("stability", "0.50"), ("fairness", "0.10")):
        Proposal.objects.create(rotation=rotation, leaning=leaning, band=Decimal(band))
    heavy = {"tasks": [what], "members": [who], "need": 50, "can_give_at_most": 40, "missing": 10}
    return Proposal.objects.create(
        rotation=rotation,
        leaning="default",
        band=Decimal("0.25"),
        state="done",
        percent=100,
        ended_at=datetime(2026, 11, 19, 17, tzinfo=UTC),
        result={"assignment": [[who, what, 40]], "explanations": [{"kind": "too_heavy", **heavy}]},
    )


def _held(ana: Person, bea: Person, role: Role) -> tuple[Term, Opening, Skill]:
    """Ana's term ends soon, the role is open and Ana puts herself forward; her level waits to be confirmed."""
    term = Term.objects.create(
        person=ana, role=role, starts_on=date(2026, 1, 5), ends_on=TODAY + timedelta(days=30)
    )
    opened = Opening.objects.create(
        role=role, by="election", starts_on=date(2027, 1, 4), closes_on=date(2026, 12, 15), opened_by=bea
    )
    Candidacy.objects.create(opening=opened, person=ana, words="Pour continuer.")
    return term, opened, Skill.objects.create(person=ana, role=role, level=2, starts_on=make.LONG_AGO)


def _bank(ana: Person) -> None:
    """Ana's account since long ago, and what the letter of the co-op's bank says."""
    account = {"institution": "815", "transit": "30123", "number": "0123456"}
    entered = datetime(2020, 1, 6, tzinfo=UTC)
    BankAccount.objects.create(person=ana, starts_on=make.LONG_AGO, given_at=entered, **account)
    Originator.objects.create(
        pk=1,
        originator_id="8150012345",
        short_name="ESSAI",
        long_name="COOPERATIVE D'ESSAI",
        data_centre="81510",
        trace=Originator.Trace.ZEROS,
        **account | {"number": "7654321"},
    )


def _paid(holder: Person) -> tuple[PayStub, PayRun]:
    """The approved weeks of Ana and Béa, paid, and the voiding of it that waits to be issued.

    Her document is a few bytes, since making one is not tried here.
    """
    period = periods.starting(date(2026, 10, 26))
    preparer = make.person("Fatou", powers=list(Power))
    run = runs.prepare(period, by=preparer, because="essai")
    stub = runs.issue(run, by=holder, documents=False).stubs.get(person__given_name="Ana")
    deposits.make_file(run, by=holder)
    pdf = b"%PDF-1.7"
    StubDocument.objects.create(stub=stub, pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    slips = year_end.prepare(stub.run.pay_on.year, by=preparer, dental="1", because="essai")
    year_end.confirm(slips, by=holder)
    return stub, runs.void_stub(stub, by=preparer, because="essai")


def _remitted(holder: Person) -> Remittance:
    """The employer's file, and what was paid to the federal government for November."""
    employer.declare_remitter(
        government="rq", frequency="monthly", starts_on=date(2026, 1, 1), notice="Avis de 2026", by=holder
    )
    employer.classify(
        unit="54321",
        per_hundred_dollars=Decimal("0.95"),
        is_paid_with_quebec=True,
        starts_on=date(2026, 12, 1),
        notice="Avis de 2026",
        by=holder,
    )
    employer.tell_year(
        2026,
        sector="other",
        estimated_payroll=Decimal("400000.00"),
        associated_payroll=Decimal("0.00"),
        training_spent=Decimal("0.00"),
        notice="Prévisions",
        by=holder,
    )
    standing = standings.standing_of("cra", date(2026, 11, 1))
    return remittances.record(standing, parts=standing.left, paid_on=TODAY, reference="A1", by=holder)
