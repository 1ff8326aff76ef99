"""Brings the demonstration cooperative to life through the same verbs as the screens."""

from datetime import date, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from koumbit import demonstration as story
from koumbit import demonstration_deciding as of_deciding
from koumbit import demonstration_projections as of_months
from koumbit import demonstration_roles as of_roles
from members import (
    adopting,
    ballots,
    founding,
    governance,
    lifecycle,
    meetings,
    motions,
    paths,
    shares,
    steps,
)
from members import minutes as of_meeting
from members.models import Committee, Cooperative, Decision, Objective, Person, Step
from payroll import (
    deposits,
    employer,
    month_figures,
    periods,
    profiles,
    rates,
    remittances,
    runs,
    standings,
)
from payroll.deductions import reviewed_days
from payroll.models import BankAccount, Projection
from payroll.projections import keeping, months
from roles import assignments, ratings, registry, terms, training
from roles.models import Assignment, Opening, Role, Skill, Task
from roles.rhythm import periods_of
from timesheets import drafts, hours, learning, leave, projects, questions, rows, seen, usual, weeks, workflow
from timesheets.drafts import Cell, Content
from timesheets.sharing.publishing import publish_ratings

FOUNDED_ON = date(2018, 1, 8)
ROLES_ADOPTED = "Description des rôles et mandats"
WORTH_PLANNING = 2 * 60  # minutes a week of a task from which somebody carries it
WEEKS_BEFORE = 6  # three pay periods of two weeks: two are issued, the third is being approved


class Command(BaseCommand):
    help = "Found the demonstration cooperative in an empty database: ten members, six weeks, two pay runs."

    def add_arguments(self, parser):
        parser.add_argument("--day", type=date.fromisoformat, help="the day it is seen from (default: today)")

    def handle(self, *, day: date | None = None, **options):
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError(
                "The demonstration opens accounts with a known password: set DEMO=1 to ask for it."
            )
        if Cooperative.objects.exists():
            raise CommandError(
                "The database already holds a cooperative; the demonstration needs an empty one."
            )
        today = timezone.localdate()
        day = min(day or today, today)
        last_paid = reviewed_days()[1]
        if day > last_paid:
            self.stdout.write(f"The tax tables end on {last_paid}: the demonstration is seen from that day.")
            day = last_paid
        with translation.override("fr-ca"), transaction.atomic():
            _Demonstration(day).live()
        self.stdout.write("Ten members, six weeks of hours, two pay runs issued and one to prepare.")


class _Demonstration:
    def __init__(self, day: date):
        self.day = day
        self.this_week = weeks.week_of(day)
        self.first_week = self.this_week - timedelta(weeks=WEEKS_BEFORE)
        self.people: dict[str, Person] = {}

    def live(self) -> None:
        self.found()
        self.entrust_powers()
        self.welcome_people()
        self.describe_the_work()
        self.hold_and_teach()
        self.file_the_notices()
        self.work_and_be_paid()
        self.remit()
        self.rate_the_tasks()
        self.aim()
        self.deliberate()
        self.meet()
        self.foresee()
        self.walk_paths()

    # The people and their committees

    def found(self) -> None:
        secretaries = [worker for worker in story.WORKERS if story.ASSEMBLY in worker.committees]
        people = founding.found(
            name="Réseau Koumbit",
            address="1200, rue de l’Entraide, bureau 7\nMontréal (Québec)  H2X 0A0",
            founders=[founding.Founder(w.given_name, w.family_name, w.email) for w in secretaries],
            first_period_on=self.first_week,
            founded_on=FOUNDED_ON,
            email="bonjour@koumbit.example",
            phone="514 555-0133",
            enterprise_number="1160000000",
            cra_payroll_account="123456789 RP 0001",
            rq_employer_account="1234567890 RS 0001",
            privacy_officer="Nadia Haddad",
            yearly_payroll="260000.00",
        )
        self.people = {person.email: person for person in people}
        self.clerk, self.second_clerk = people
        self.assembly = Committee.objects.get()

    def entrust_powers(self) -> None:
        """The assembly shares out what it held alone: two secretaries write down what was adopted."""
        governance.change_committee(
            self.assembly,
            by=self.clerk,
            name=story.ASSEMBLY,
            kind=Committee.Kind.ASSEMBLY,
            aim=story.COMMITTEES[story.ASSEMBLY][0],
        )
        adopted = governance.record_decision(
            self.assembly,
            by=self.second_clerk,
            adopted_on=FOUNDED_ON,
            title="Création des comités",
            text="L’assemblée confie ses pouvoirs à des comités de travailleuses et de travailleurs.",
        )
        self.committees = {story.ASSEMBLY: self.assembly}
        for name, (aim, powers) in story.COMMITTEES.items():
            if name == story.ASSEMBLY:
                continue
            body = governance.create_committee(
                by=self.clerk,
                name=name,
                kind=Committee.Kind.WORK_COUNCIL if name == story.WORK else Committee.Kind.STANDING,
                aim=aim,
                starts_on=FOUNDED_ON,
            )
            self.committees[name] = body
            for power in powers:
                governance.grant_power(body, power, by=self.clerk, starts_on=FOUNDED_ON, decision=adopted)
        self.rate_decision = governance.record_decision(
            self.assembly,
            by=self.clerk,
            adopted_on=FOUNDED_ON,
            title="Un taux horaire unique de 21,50 $",
            text="Toutes les heures sont payées au même taux, quel que soit le travail : coordination, "
            "comptabilité, communication ou développement. Il vaut pour les permanentes et les permanents "
            "comme pour les pigistes.",
        )
        rates.set_rate(
            amount=story.RATE, starts_on=FOUNDED_ON, decision=self.rate_decision, by=self.second_clerk
        )

    def welcome_people(self) -> None:
        for worker in story.WORKERS:
            person = self.people.get(worker.email) or lifecycle.admit_person(
                by=self.clerk,
                email=worker.email,
                given_name=worker.given_name,
                family_name=worker.family_name,
                language=worker.language,
            )
            self.people[worker.email] = person
            lifecycle.change_person(
                person, by=self.clerk, address=f"{worker.street}\nMontréal (Québec)", born_on=worker.born_on
            )
            lifecycle.start_work_status(
                person,
                by=self.clerk,
                kind=worker.kind,
                tenure=worker.tenure,
                job_title=worker.job_title,
                starts_on=worker.since,
                agreed_minutes_per_week=worker.agreed_hours * 60,
            )
            if not person.memberships.exists():
                self.admit(worker, person)
            self.settle_taxes(worker, person)
        for worker in story.WORKERS:
            self.seat(worker, self.person(worker))
        self.confirm_forms()
        for granted in self.assembly.powers.exclude(power__in=story.COMMITTEES[story.ASSEMBLY][1]):
            governance.withdraw_power(granted, by=self.clerk, ends_on=self.first_week - timedelta(days=1))
        for person in self.people.values():
            person.set_password(story.PASSWORD)
            person.save(update_fields=["password"])
        self.people = {email: Person.objects.get(pk=person.pk) for email, person in self.people.items()}

    def admit(self, worker: story.Worker, person: Person) -> None:
        """The assembly admits them, its other secretary writes it down; the last one is on probation still."""
        is_last = worker is story.WORKERS[-1]
        day = self.first_week - timedelta(weeks=8) if is_last else worker.since
        decision = governance.record_decision(
            self.assembly,
            by=self.second_clerk,
            adopted_on=day,
            title=f"Admission de {worker.given_name} {worker.family_name}",
            text="L’assemblée admet comme membre la personne qui en a fait la demande.",
        )
        paths.start_membership(
            person,
            by=self.clerk,
            starts_on=day,
            admitted_by=decision,
            probation_ends_on=self.day + timedelta(weeks=6) if is_last else None,
        )

    def settle_taxes(self, worker: story.Worker, person: Person) -> None:
        january = self.this_week.replace(month=1, day=1)
        if worker.kind == "salaried":
            profiles.declare_taxes(person, by=person, starts_on=max(worker.since, january), sin=worker.sin)
        if worker.banks_overtime:
            profiles.bank_overtime(person, by=person, starts_on=january, asked_on=january)
        if worker.gst_number:
            profiles.register_sales_taxes(
                person,
                by=person,
                starts_on=january,
                gst_number=worker.gst_number,
                qst_number=worker.qst_number,
            )

        if numbers := story.ACCOUNTS.get(worker.given_name):
            # Entered long ago: done by the verb, each would be written to today.
            institution, transit, number = numbers
            BankAccount.objects.create(
                person=person,
                starts_on=max(worker.since, january),
                given_at=timezone.now() - timedelta(weeks=20),
                institution=institution,
                transit=transit,
                number=number,
            )

    def confirm_forms(self) -> None:
        """The money committee reads the tax forms handed in; those of the last person wait."""
        readers = self.seated_on(story.MONEY)
        for forms in list(profiles.waiting(timezone.localdate()))[:-1]:
            reader = next(person for person in readers if person != forms.person)
            profiles.confirm_taxes(forms, by=reader, seen=forms.declared_at.isoformat())

    def seat(self, worker: story.Worker, person: Person) -> None:
        for name in worker.committees:
            if name == story.ASSEMBLY:
                continue  # the founders sit there already
            # Whoever entered somebody does not seat them: the second clerk entered nobody.
            by = self.clerk if person == self.second_clerk else self.second_clerk
            governance.give_mandate(
                self.committees[name],
                person,
                by=by,
                starts_on=max(worker.since, self.first_week - timedelta(weeks=20)),
            )

    # The work

    def describe_the_work(self) -> None:
        self.approvers, self.money = self.seated_on(story.WORK), self.seated_on(story.MONEY)
        keeper, seller = self.approvers[0], self.money[0]
        self.tasks: dict[str, list[Task]] = {}
        for name, (aim, tasks) in story.ROLES.items():
            charter = of_roles.CHARTERS[name]
            role = registry.create_role(
                by=keeper, name=name, aim=aim, decision=self.roles_decision(), **vars(charter)
            )
            self.tasks[name] = [self.create_task(role, task) for task in tasks]
        self.to_classify = registry.create_task(
            self.role(of_roles.UNCLASSIFIED[0]),
            by=keeper,
            name=of_roles.UNCLASSIFIED[1],
            is_unclassified=True,
        )
        services = {name: projects.create_service(by=seller, name=name) for name in story.SERVICES}
        clients = {
            name: projects.create_client(by=seller, name=name)
            for name in dict.fromkeys(client for _name, client, _service, _roles in story.PROJECTS if client)
        }
        self.projects: dict[str, list] = {}
        for name, client, service, roles in story.PROJECTS:
            project = projects.create_project(
                by=seller, name=name, client=clients.get(client), service=services[service]
            )
            for role_name in roles:
                self.projects.setdefault(role_name, []).append(project)

    def roles_decision(self) -> Decision:
        """The council adopts the charter of the roles, once."""
        return Decision.objects.filter(title=ROLES_ADOPTED).first() or governance.record_decision(
            self.committees[story.WORK],
            by=self.approvers[0],
            adopted_on=self.first_week - timedelta(weeks=15),
            title=ROLES_ADOPTED,
            text="Le Conseil de travail adopte la description des rôles, la durée des mandats et leur relève.",
        )

    def create_task(self, role: Role, name: str) -> Task:
        asked = of_roles.TASKS[name]
        return registry.create_task(
            role,
            by=self.approvers[0],
            name=name,
            description=asked.description,
            frequency=asked.frequency,
            expected_minutes_per_quarter=asked.hours * 60,
            min_people=asked.min_people,
            max_people=asked.max_people,
        )

    def hold_and_teach(self) -> None:
        """Who holds which role, what each can do and wishes to learn; one role is open."""
        keeper, by_name = self.approvers[0], {worker.given_name: worker for worker in story.WORKERS}
        for name, holder, ago in of_roles.TERMS:
            terms.give_term(
                self.role(name),
                by=keeper,
                person=self.person(by_name[holder]),
                starts_on=self.this_week - timedelta(weeks=ago),
                decision=self.roles_decision(),
            )
        for given_name, skills in of_roles.SKILLS.items():
            for name, level in skills.items():
                self.declare(self.person(by_name[given_name]), self.role(name), level)
        for given_name, wishes in of_roles.WISHES.items():
            for name, wish in wishes.items():
                training.wish_to_learn(self.role(name), by=self.person(by_name[given_name]), wish=wish)
        opening = terms.open_role(
            self.role(of_roles.OPEN_ROLE),
            by=keeper,
            filled_by=Opening.By.VOLUNTEERING,
            starts_on=timezone.localdate() + timedelta(weeks=5),
            closes_on=timezone.localdate() + timedelta(weeks=3),
        )
        for given_name, words in of_roles.CANDIDATES.items():
            terms.put_forward(opening, by=self.person(by_name[given_name]), words=words)

    def declare(self, person: Person, role: Role, level: int) -> None:
        """Said before the first of these weeks: done by the verb, each would begin today."""
        since = self.first_week - timedelta(weeks=10)
        able = Skill.objects.autonomous(since).filter(role=role).exclude(person=person).first()
        waits = level < Skill.Level.AUTONOMOUS or (person.given_name, role.name) == of_roles.TO_BE_CONFIRMED
        confirmer = able.person if able else next(one for one in self.approvers if one != person)
        Skill.objects.create(
            person=person,
            role=role,
            level=level,
            starts_on=since,
            confirmed_by=None if waits else confirmer,
            confirmed_on=None if waits else since,
        )

    def role(self, name: str) -> Role:
        return self.tasks[name][0].role

    def file_the_notices(self) -> None:
        """What the governments' notices say of the employer; those of a story."""
        clerk, first = self.money[0], self.first_week.replace(month=1, day=1)
        for government in ("cra", "rq"):
            employer.declare_remitter(
                government=government,
                frequency="monthly",
                starts_on=first,
                notice=f"Avis fictif de janvier {first.year}",
                by=clerk,
            )
        employer.classify(
            unit="54321",
            per_hundred_dollars=Decimal("0.95"),
            is_paid_with_quebec=True,
            starts_on=first,
            notice=f"Décision de classification fictive {first.year}",
            by=clerk,
        )

    def remit(self) -> None:
        """What was due by now is paid, on its last day."""
        for year in {self.first_week.year, self.day.year}:
            for standing in standings.Book.read(year, today=self.day).standings:
                if standing.period.due_on <= self.day:
                    remittances.record(
                        standing,
                        parts=standing.left,
                        paid_on=standing.period.due_on,
                        reference=f"DEMO-{standing.period.due_on:%m%d}",
                        by=self.money[0],
                    )

    def seated_on(self, committee: str) -> list[Person]:
        return [self.person(worker) for worker in story.WORKERS if committee in worker.committees]

    def work_and_be_paid(self) -> None:
        """Two periods worked, approved and paid; in the second, hours that were forgotten in the first."""
        self.open_banks()
        for n in range(4):
            week = self.week(n)
            for worker in story.WORKERS:
                self.log_week(worker, week)
            if n == 0:
                self.work_long(story.WORKERS[0], week)
                self.work_long(story.WORKERS[1], week)
            if n == 2:
                self.log_forgotten_hours(story.WORKERS[6], self.week(1))
            if n == 3:
                self.log_unclassified(story.WORKERS[3], week, 120, "Appels de la semaine")
                self.log_unclassified(story.WORKERS[5], week, 90, "")
            for worker in story.WORKERS:
                self.hand_in(worker, week)
                self.accept(worker, week)
            if n % 2:
                self.pay(self.week(n - 1))
        deposits.set_originator(by=self.money[1], **story.LETTER)
        self.leave_things_open()

    def open_banks(self) -> None:
        """What the members who were there before are owed: vacation, and the four weeks before the first pay."""
        for worker in story.WORKERS:
            if worker.kind != "salaried" or not worker.agreed_hours:
                continue
            recorder = next(one for one in self.money if one != self.person(worker))
            weekly = worker.agreed_hours * story.RATE
            profiles.open_banks(
                self.person(worker),
                by=recorder,
                on=self.first_week,
                last_year=weekly,
                this_year=weekly / 2,
                banked_minutes=0,
                earned_in_four_weeks=4 * weekly,
            )

    def week(self, n: int) -> date:
        return self.first_week + timedelta(weeks=n)

    def person(self, worker: story.Worker) -> Person:
        return self.people[worker.email]

    def log_week(self, worker: story.Worker, week: date) -> None:
        wanted = {}
        for day, role, index, minutes in story.hours_of_week(worker, week):
            if day > self.day:
                continue
            task = self.tasks[role][index]
            options = self.projects.get(role)
            project = options[(index + day.day) % len(options)] if options else None
            wanted[Cell(task.pk, project.pk if project else None, day)] = Content(minutes)
        drafts.save_draft(self.person(worker), week, wanted)
        if wanted:
            self.learn(worker, week)

    def learn(self, worker: story.Worker, week: date) -> None:
        """The hours in which this worker learns say with whom."""
        role, mentor = of_roles.LEARNERS.get(worker.given_name, ("", ""))
        teacher = next((one for one in story.WORKERS if one.given_name == mentor), None)
        if teacher is None:
            return
        person = self.person(worker)
        for entry in workflow.open_week(person, week).entries.filter(task__role__name=role):
            learning.name_mentor(entry, by=person, mentor=self.person(teacher))

    def work_long(self, worker: story.Worker, week: date) -> None:
        """A week of server trouble: beyond 40 hours, so that overtime is paid for one and banked for the other."""
        task = self.tasks["Administration système"][1]
        for weekday in range(5):
            cell = Cell(task.pk, None, week + timedelta(days=weekday))
            drafts.add_entry(
                self.person(worker), week, cell, 150, "Panne du commutateur" if weekday == 0 else ""
            )

    def log_forgotten_hours(self, worker: story.Worker, week: date) -> None:
        """Hours found after the pay of their week: the next pay carries the difference."""
        task = self.tasks["Formation"][1]
        cell = Cell(task.pk, None, week + timedelta(days=3))
        drafts.add_entry(self.person(worker), week, cell, 150, "Préparation oubliée")
        self.hand_in(worker, week)
        self.accept(worker, week)

    def log_unclassified(self, worker: story.Worker, week: date, minutes: int, note: str) -> None:
        """Hours of which nobody has said yet which task they were."""
        cell = Cell(self.to_classify.pk, None, week)
        drafts.add_entry(self.person(worker), week, cell, minutes, note)

    def hand_in(self, worker: story.Worker, week: date) -> None:
        person = self.person(worker)
        workflow.submit(workflow.open_week(person, week), by=person)

    def approver(self, worker: story.Worker) -> Person:
        return next(approver for approver in self.approvers if approver != self.person(worker))

    def accept(self, worker: story.Worker, week: date) -> None:
        sheet = workflow.open_week(self.person(worker), week)
        workflow.approve(sheet, by=self.approver(worker), seen=_content(sheet))

    def pay(self, first_day: date) -> None:
        period = periods.starting(first_day)
        prepares, issues = self.money
        run = runs.prepare(
            period, by=prepares, because="Démonstration : une paie passée, préparée aujourd’hui."
        )
        runs.issue(run, by=issues)

    def set_work_ready(self) -> None:
        """What each person carries and keeps at hand, two projects with a budget, a usual week."""
        for worker in story.WORKERS:
            person, (main, *others) = self.person(worker), worker.shares
            for role in worker.shares:
                for task, minutes in zip(self.tasks[role], story.planned_minutes(worker, role), strict=True):
                    if minutes >= WORTH_PLANNING or task == self.tasks[main][0]:
                        assignments.assign(
                            task,
                            by=self.approvers[0],
                            person=person,
                            starts_on=max(worker.since, self.first_week),
                            planned_minutes_per_week=minutes or None,
                        )
            rows.toggle_favourite(person, (self.tasks[others[0]][0].pk, None))
        for project, budget in zip(self.projects["Développement Web"], story.BUDGETS, strict=True):
            projects.change_project(
                project,
                by=self.money[0],
                name=project.name,
                client=project.client,
                service=project.service,
                **budget,
            )
        usual.keep(self.person(story.WORKERS[3]), self.week(3), "Semaine ordinaire")

    def give_to_learners(self) -> None:
        """Who learns is given a part of what who teaches them carries, until the period ends."""
        ends_on = periods_of(Cooperative.objects.get()).of(self.this_week).last
        for given_name, (role, mentor) in of_roles.LEARNERS.items():
            learner, teacher = (
                self.person(next(one for one in story.WORKERS if one.given_name == name))
                for name in (given_name, mentor)
            )
            task = self.tasks[role][0]
            for someone, lasts in ((learner, ends_on), (teacher, None)):
                held = Assignment.objects.filter(person=someone, task=task).first()
                if held is None:
                    assignments.assign(
                        task,
                        by=self.approvers[0],
                        person=someone,
                        starts_on=self.first_week,
                        ends_on=lasts,
                        planned_minutes_per_week=120,
                    )
                elif lasts:
                    assignments.hand_over(held, by=self.approvers[0], ends_on=lasts)

    def go_away(self) -> None:
        """A sick day last week, two days of vacation to come; banked time and a week off are asked for."""
        sick, vacation, banked, unpaid = (
            story.WORKERS[3],
            story.WORKERS[2],
            story.WORKERS[1],
            story.WORKERS[5],
        )
        next_week, after_next = self.week(7), self.week(8)
        self.grant(self.ask(sick, "sick", {self.week(5) + timedelta(days=2): 288}))
        self.grant(self.ask(vacation, "vacation", {next_week + timedelta(days=n): 336 for n in (3, 4)}))
        self.ask(banked, "banked", {next_week: 120}, "Repos après la panne")
        self.ask(unpaid, "unpaid", {after_next + timedelta(days=n): 180 for n in range(5)})

    def ask(self, worker: story.Worker, kind: str, days: dict[date, int], note: str = "") -> leave.Leave:
        return leave.request(by=self.person(worker), kind=kind, days=days, note=note)

    def grant(self, asked: leave.Leave) -> None:
        days = dict(asked.days.values_list("day", "minutes"))
        approver = next(one for one in self.approvers if one.pk != asked.person_id)
        leave.approve(asked, by=approver, seen=leave.digest_of(asked, days))

    def leave_things_open(self) -> None:
        """The third period as one finds it on a working day: approved, waiting, sent back, forgotten, in draft."""
        *most, sent_back, questioned, forgetful = story.WORKERS
        for worker in story.WORKERS:
            self.log_week(worker, self.week(4))
        for worker in [*most, forgetful]:
            self.hand_in(worker, self.week(4))
            self.accept(worker, self.week(4))
        self.send_back(sent_back, self.week(4))
        self.question(questioned, self.week(4))
        for worker in story.WORKERS:
            self.log_week(worker, self.week(5))
        for worker in most:
            self.hand_in(worker, self.week(5))
        for worker in most[:2]:
            self.accept(worker, self.week(5))
        for worker in story.WORKERS[:6]:
            self.log_week(worker, self.week(6))
        self.log_unclassified(story.WORKERS[3], self.week(6), 45, "")
        self.set_work_ready()
        self.give_to_learners()
        self.go_away()

    def send_back(self, worker: story.Worker, week: date) -> None:
        self.add_hours(worker, week, "Vie collective", 300)
        self.hand_in(worker, week)
        sheet = workflow.open_week(self.person(worker), week)
        workflow.send_back(
            sheet,
            by=self.approver(worker),
            because="Cinq heures de réunion le lundi : la rencontre en a duré deux. Peux-tu vérifier ?",
            seen=_content(sheet),
        )

    def question(self, worker: story.Worker, week: date) -> None:
        self.add_hours(worker, week, "Communication", 90)
        self.hand_in(worker, week)
        sheet = workflow.open_week(self.person(worker), week)
        line = sheet.entries.order_by("-pk").first()
        workflow.approve(
            sheet,
            by=self.approver(worker),
            seen=_content(sheet),
            questions={line.pk: "Pour quel projet était-ce ?"},
        )
        questions.answer(line, "Pour l’infolettre : je la compte sans projet.", by=self.person(worker))

    def add_hours(self, worker: story.Worker, week: date, role: str, minutes: int) -> None:
        drafts.add_entry(self.person(worker), week, Cell(self.tasks[role][0].pk, None, week), minutes)

    # What everyone thinks of the tasks

    def deliberate(self) -> None:
        """One proposal is adopted, one is being answered by the assembly, one is discussed."""
        today = timezone.localdate()
        named = {worker.given_name: self.person(worker) for worker in story.WORKERS}
        for said in of_deciding.PROPOSALS:
            ends = {"ends_on": (today + timedelta(days=said.ends_in)).isoformat()} if said.ends_in else {}
            motion = motions.propose(
                Committee.objects.get(name=said.body),
                by=named[said.by],
                title=said.title,
                text=said.text,
                act=said.act,
                fields=said.fields | ends,
                effective_on=said.effective_in and today + timedelta(days=said.effective_in),
                review_on=said.review_in and today + timedelta(days=said.review_in),
            )
            for name, text in said.remarks:
                motions.remark(motion, by=named[name], text=text)
            if said.answers:
                ballot = ballots.open_ballot(
                    motion, by=named[said.by], closes_on=today + timedelta(days=said.days_to_answer)
                )
                for name, (choice, reason) in said.answers.items():
                    ballots.answer(ballot, by=named[name], choice=choice, reason=reason)
                if not ballot.electors.waiting().exists():
                    ballots.close(ballot, by=named[said.by])

    def aim(self) -> None:
        """An assembly set out to reach something, and raised it since: recorded by one, confirmed by another."""
        today = timezone.localdate()
        ends_on = (today + timedelta(days=of_deciding.OBJECTIVE_ENDS_IN)).isoformat()
        self.adopted(of_deciding.AIMED, ends_on=ends_on)
        aimed = Objective.objects.get(title=of_deciding.OBJECTIVE)
        self.adopted(of_deciding.RAISED, ends_on=ends_on, objective=str(aimed.pk))

    def adopted(self, said: of_deciding.Adopted, **fields: str) -> None:
        named = {worker.given_name: self.person(worker) for worker in story.WORKERS}
        decision = governance.record_decision(
            Committee.objects.get(name=story.ASSEMBLY),
            by=named[said.recorded_by],
            adopted_on=timezone.localdate() - timedelta(days=said.days_ago),
            title=said.title,
            text=said.text,
            act=said.act,
            fields=said.fields | fields,
        )
        adopting.confirm(decision, by=named[said.confirmed_by])

    def meet(self) -> None:
        """A meeting was held and its minutes are approved; two others are called."""
        today = timezone.localdate()
        named = {worker.given_name: self.person(worker) for worker in story.WORKERS}
        for told in of_deciding.MEETINGS:
            first, last = (time.fromisoformat(hour) for hour in told.hours)
            meeting = meetings.call(
                Committee.objects.get(name=told.body),
                by=named[told.by],
                on=today + timedelta(days=told.in_days),
                starts_at=first,
                ends_at=last,
                place=told.place,
                words=told.words,
            )
            # Whoever does not sit there asks for a point before the meeting; of a past one, who called it notes it.
            points = {
                said: meetings.add_point(
                    meeting,
                    by=named[said.by] if told.in_days > 0 else named[told.by],
                    title=said.title,
                    wanted=said.wanted,
                    planned_minutes=said.minutes,
                )
                for said in told.points
            }
            if told.noted_by:
                self.keep_minutes(meeting, told, points, named)

    def keep_minutes(self, meeting, told: of_deciding.ToldMeeting, points: dict, named: dict) -> None:
        here = dict.fromkeys(told.present, "present") | dict.fromkeys(told.excused, "excused")
        kept = of_meeting.write_minutes(
            meeting,
            by=named[told.noted_by],
            seen=0,
            attendance={named[name].pk: how for name, how in here.items()},
            said={point.pk: said.said for said, point in points.items()},
            steps=[
                (None, (what, named[who], timezone.localdate() + timedelta(days=days)))
                for what, who, days in told.steps
            ],
            facilitated_by=named[told.facilitated_by],
            noted_by=named[told.noted_by],
            guests=told.guests,
        )
        for said, point in points.items():
            if said.decided:
                title, text = said.decided
                of_meeting.decide(point, by=named[told.noted_by], title=title, text=text)
        of_meeting.approve(kept, by=named[told.approved_by], seen=kept.version)

    def walk_paths(self) -> None:
        """Somebody asks to be a member, somebody else will step back; the newest has a list of things to do."""
        keeper, today = self.approvers[0], timezone.localdate()
        given_name, family_name, words = story.CANDIDATE
        candidate = lifecycle.admit_person(
            by=keeper,
            email=f"{given_name.lower()}@{story.EMAIL_DOMAIN}",
            given_name=given_name,
            family_name=family_name,
        )
        paths.apply(candidate, by=keeper, words=words)
        by_name = {worker.given_name: self.person(worker) for worker in story.WORKERS}
        paths.start_pause(
            by_name[story.STEPS_BACK],
            by=by_name[story.STEPS_BACK],
            starts_on=today + timedelta(weeks=8),
            ends_on=today + timedelta(weeks=14),
        )
        newest = self.person(story.WORKERS[-1])
        arrival = steps.open_by_hand(
            newest, by=keeper, step=Step.ARRIVAL, on=newest.work_statuses.get().starts_on
        )
        steps.accompany(arrival, by=keeper, companion=by_name[story.COMPANION])
        for item in arrival.items.filter(item__known="")[:2]:
            steps.tick(item, by=by_name[story.COMPANION])
        self.put_in_shares()

    def put_in_shares(self) -> None:
        """Each member holds what the by-laws ask for; the newest has half of it still to pay."""
        governance.change_cooperative(by=self.clerk, share_value=story.SHARE, shares_to_hold=story.SHARES)
        for worker in story.WORKERS:
            person = self.person(worker)
            by = next(one for one in self.money if one != person)
            day = person.memberships.get().starts_on
            shares.subscribe(person, by=by, on=day, shares=story.SHARES)
            parts = 2 if worker is story.WORKERS[-1] else 1
            shares.pay(person, by=by, on=day, amount=story.SHARE * story.SHARES / parts, reference="Virement")

    def rate_the_tasks(self) -> None:
        """Most give an opinion of most tasks, and what the votes become is published."""
        for worker in story.WORKERS:
            for task in (task for tasks in self.tasks.values() for task in tasks):
                desirability, empowerment = story.opinion(worker, task.name)
                if desirability is not None or empowerment is not None:
                    ratings.rate(
                        task, by=self.person(worker), desirability=desirability, empowerment=empowerment
                    )
        publish_ratings()

    # The months to come

    def foresee(self) -> None:
        """One member keeps a projection of the next twelve months; another was kept earlier, and is followed."""
        author = next(self.person(one) for one in story.WORKERS if one.given_name == of_months.AUTHOR)
        now = months.month_of(self.day)
        first = months.after(now, -len(of_months.CAME_TO))
        earlier = self.projection(author, of_months.EARLIER_TITLE, first, of_months.EARLIER_OPENING)
        keeping.keep(earlier, by=author)
        for later, (revenue, costs, closing) in enumerate(of_months.CAME_TO):
            month_figures.enter(
                by=author,
                month=months.after(first, later),
                revenue=revenue,
                costs=costs,
                closing=closing,
                source=of_months.SOURCE,
            )
        first = months.after(now)
        projection = self.projection(author, of_months.TITLE, first, of_months.OPENING)
        for scenario, later, name, changed in of_months.SUPPOSITIONS:
            keeping.suppose(
                projection,
                by=author,
                scenario=scenario,
                name=name,
                first_month=months.after(first, later),
                **changed,
            )
        keeping.keep(projection, by=author)

    def projection(self, author: Person, title: str, first: date, opening: Decimal) -> Projection:
        """A draft with the revenue and the costs that the co-op counts on, from a month on."""
        services = {of.name: of.pk for of in hours.services()}
        projection = keeping.start(
            by=author,
            title=title,
            starts_on=first,
            months=12,
            opening=opening,
            assumptions=of_months.ASSUMPTIONS,
        )
        for name, amount in of_months.REVENUE.items():
            keeping.expect(
                projection,
                by=author,
                side="revenue",
                service_id=services[name],
                amount=amount,
                first_month=first,
            )
        for name, amount, is_monthly in of_months.COSTS:
            keeping.expect(
                projection,
                by=author,
                side="cost",
                name=name,
                amount=amount,
                is_monthly=is_monthly,
                first_month=first,
            )
        return projection


def _content(sheet) -> str:
    """The digest of a week as its approver sees it."""
    return seen.digest_of(seen.lines_of(sheet.entries.all()))
