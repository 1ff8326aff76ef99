"""The demonstration cooperative: Koumbit as its founding document tells it, at the present date.

Ten worker-members, six with regular hours, salaried and freelance, one rate of $21.50, ten services.
Everything is fictitious but the story. The same day gives the same cooperative.
"""

import random
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from koumbit.demonstration_roles import TASKS

EMAIL_DOMAIN = "koumbit.example"
PASSWORD = "demonstration"  # noqa: S105 (said on the sign-in page of a demonstration only)
RATE = Decimal("21.50")


@dataclass(frozen=True)
class Worker:
    """One member of the demonstration: how they work, and what share of their week goes where."""

    given_name: str
    family_name: str
    kind: str
    tenure: str
    agreed_hours: int
    job_title: str
    since: date
    born_on: date
    shares: dict[str, int]
    committees: tuple[str, ...] = ()
    language: str = "fr-ca"
    gst_number: str = ""
    qst_number: str = ""
    banks_overtime: bool = False
    sin: str = ""
    street: str = ""

    @property
    def email(self) -> str:
        folded = unicodedata.normalize("NFD", self.given_name.lower())
        plain = "".join(letter for letter in folded if letter.isascii() and letter.isalpha())
        return f"{plain}@{EMAIL_DOMAIN}"


ASSEMBLY, WORK, MONEY, CARE = (
    "Assemblée générale",
    "Conseil de travail",
    "Comité des finances",
    "Comité vie associative",
)

COMMITTEES = {
    ASSEMBLY: (
        "Tous les membres ; le secrétariat inscrit ce qui y est adopté.",
        ("set_rate", "keep_committees"),
    ),
    WORK: (
        "Approuver les heures, accueillir les personnes, tenir le registre des rôles.",
        ("approve_hours", "admit_people", "keep_roles"),
    ),
    MONEY: (
        "Préparer et émettre les paies, tenir les services, clients et projets.",
        ("prepare_pay", "issue_pay", "keep_projects"),
    ),
    CARE: ("Accueil, conflits, conditions de travail.", ()),
}

# Who asks to become a member, who will step back for a while, who accompanies the newest; what each puts in.
CANDIDATE = (
    "Rosalie",
    "Tremblay",
    "Je fais du soutien aux groupes depuis cinq ans, et je veux décider avec vous de la façon de le faire.",
)
STEPS_BACK, COMPANION = "Maude", "Sofía"
SHARE, SHARES = Decimal("10.00"), 20

# What a bank's letter could say, and where some members are paid; the others get cheques.
LETTER = {
    "originator_id": "8150001234",
    "short_name": "RESEAU KOUMBIT",
    "long_name": "RESEAU KOUMBIT COOP TRAVAIL",
    "data_centre": "81510",
    "trace": "standard",
    "clearer_centre": "81510",
    "institution": "815",
    "transit": "30000",
    "number": "0000100",
    "last_number": 41,
}
ACCOUNTS = {
    "Camille": ("815", "30001", "0000217"),
    "Hugo": ("006", "00002", "0000325"),
    "Nadia": ("815", "30003", "0000433"),
    "Jean-Philippe": ("003", "00004", "0000541"),
}

WORKERS = (
    Worker(
        "Camille",
        "Roy",
        "salaried",
        "permanent",
        35,
        "Membre travailleuse",
        date(2019, 4, 1),
        date(1984, 2, 11),
        {"Comptabilité": 5, "Coordination": 2, "Soutien": 2, "Vie collective": 1},
        (MONEY,),
        sin="000 000 018",
        street="4210, rue Fabre",
    ),
    Worker(
        "Hugo",
        "Bélanger",
        "salaried",
        "permanent",
        32,
        "Membre travailleur",
        date(2018, 9, 3),
        date(1990, 7, 23),
        {"Administration système": 6, "Hébergement": 3, "Coordination": 1},
        (WORK,),
        banks_overtime=True,
        sin="000 000 026",
        street="1850, avenue Bourbonnière",
    ),
    Worker(
        "Nadia",
        "Haddad",
        "salaried",
        "permanent",
        28,
        "Membre travailleuse",
        date(2021, 1, 11),
        date(1992, 11, 4),
        {"Développement Web": 5, "Formation": 3, "Vie collective": 2},
        (WORK, ASSEMBLY),
        sin="000 000 034",
        street="6637, avenue de Gaspé",
    ),
    Worker(
        "Maude",
        "Lévesque",
        "salaried",
        "permanent",
        24,
        "Membre travailleuse",
        date(2023, 5, 15),
        date(1997, 3, 30),
        {"Graphisme": 6, "Communication": 4},
        sin="000 000 042",
        street="975, rue Ontario Est",
    ),
    Worker(
        "Jean-Philippe",
        "Côté",
        "freelance",
        "permanent",
        20,
        "Membre pigiste",
        date(2020, 2, 3),
        date(1979, 12, 9),
        {"Développement Web": 5, "Comptabilité": 3, "Communication": 2},
        (MONEY,),
        street="2391, rue Masson",
    ),
    Worker(
        "Émile",
        "Gagnon",
        "freelance",
        "permanent",
        15,
        "Membre pigiste",
        date(2022, 8, 22),
        date(1988, 6, 17),
        {"Administration système": 7, "Soutien": 3},
        gst_number="123456789 RT 0001",
        qst_number="1234567890 TQ 0001",
        street="5120, rue Drolet",
    ),
    Worker(
        "Sofía",
        "Reyes",
        "salaried",
        "occasional",
        0,
        "Membre travailleuse",
        date(2024, 3, 4),
        date(1995, 9, 21),
        {"Formation": 6, "Soutien": 4},
        (ASSEMBLY, CARE),
        sin="000 000 059",
        street="3405, rue Saint-Hubert",
    ),
    Worker(
        "Karim",
        "Benali",
        "freelance",
        "occasional",
        0,
        "Membre pigiste",
        date(2024, 10, 7),
        date(1986, 1, 28),
        {"Développement Web": 8, "Vie collective": 2},
        street="7702, rue Saint-Denis",
    ),
    Worker(
        "Alix",
        "Fortin",
        "freelance",
        "occasional",
        0,
        "Membre pigiste",
        date(2025, 2, 10),
        date(2000, 5, 6),
        {"Graphisme": 8, "Communication": 2},
        (CARE,),
        street="1288, rue Beaudry",
    ),
    Worker(
        "Wendy",
        "Pierre",
        "salaried",
        "occasional",
        0,
        "Worker-member",
        date(2025, 9, 8),
        date(1993, 10, 13),
        {"Soutien": 6, "Développement Web": 4},
        language="en-ca",
        sin="000 000 067",
        street="4870, chemin Queen-Mary",
    ),
)

ROLES = {
    "Coordination": (
        "Faire circuler l’information et préparer les rencontres.",
        ["Rencontre de coordination", "Suivi des mandats", "Accueil des demandes"],
    ),
    "Comptabilité": (
        "Tenir les livres, facturer, payer.",
        ["Conciliation bancaire", "Facturation", "Paie et remises", "Prévisions financières"],
    ),
    "Communication": (
        "Faire connaître la coopérative et ses services.",
        ["Infolettre", "Soumissions", "Site de la coop"],
    ),
    "Développement Web": (
        "Construire et entretenir les sites.",
        ["Programmation", "Configuration de logiciels libres", "Révision de code"],
    ),
    "Graphisme": (
        "Donner forme et clarté à ce que nous livrons.",
        ["Maquettes", "Identité visuelle", "Mise en page"],
    ),
    "Administration système": (
        "Garder les serveurs debout et à jour.",
        ["Mises à jour", "Astreinte", "Sauvegardes"],
    ),
    "Hébergement": ("Accompagner les groupes hébergés.", ["Ouverture de comptes", "Migrations de sites"]),
    "Soutien": (
        "Répondre aux personnes qui utilisent nos services.",
        ["Billets de soutien", "Documentation"],
    ),
    "Formation": ("Transmettre, dehors comme dedans.", ["Ateliers", "Préparation d’ateliers", "Jumelage"]),
    "Vie collective": (
        "Prendre soin de la coopérative elle-même.",
        ["Réunions de comités", "Assemblée générale", "Ménage du bureau"],
    ),
}

# What most would say of each task, from 1 to 5: would one wish to do it, what does one get out of it.
RATINGS = {
    "Rencontre de coordination": (3, 5),
    "Suivi des mandats": (3, 4),
    "Accueil des demandes": (3, 3),
    "Conciliation bancaire": (2, 3),
    "Facturation": (2, 2),
    "Paie et remises": (2, 4),
    "Prévisions financières": (3, 5),
    "Infolettre": (4, 3),
    "Soumissions": (2, 4),
    "Site de la coop": (4, 3),
    "Programmation": (4, 3),
    "Configuration de logiciels libres": (4, 3),
    "Révision de code": (3, 4),
    "Maquettes": (5, 3),
    "Identité visuelle": (5, 3),
    "Mise en page": (3, 2),
    "Mises à jour": (2, 2),
    "Astreinte": (1, 2),
    "Sauvegardes": (2, 2),
    "Ouverture de comptes": (3, 1),
    "Migrations de sites": (2, 3),
    "Billets de soutien": (2, 2),
    "Documentation": (3, 3),
    "Ateliers": (5, 5),
    "Préparation d’ateliers": (4, 4),
    "Jumelage": (4, 5),
    "Réunions de comités": (3, 5),
    "Assemblée générale": (3, 5),
    "Ménage du bureau": (1, 1),
}
# The two that people see quite differently, whether they do them or not.
DEBATED = ("Révision de code", "Astreinte")
# Two have not rated anything yet, and nobody has an opinion of everything.
WITHOUT_RATINGS = ("Alix", "Wendy")

SERVICES = (
    "Hébergement et services Internet",
    "Hébergement autogéré de sites Web",
    "Serveurs virtuels et physiques",
    "Conception Web",
    "Graphisme Web",
    "Design graphique",
    "Soutien en logiciels libres",
    "Programmation et configuration",
    "Formation",
    "Outils pour les groupes communautaires",
)

# Name, client, service, and the roles whose hours go there.
PROJECTS = (
    (
        "Site du Regroupement",
        "Regroupement des cuisines collectives",
        "Conception Web",
        ("Développement Web", "Graphisme"),
    ),
    (
        "Refonte de la Maison des jeunes",
        "Maison des jeunes du Plateau",
        "Conception Web",
        ("Développement Web", "Graphisme"),
    ),
    ("Parc de serveurs", None, "Serveurs virtuels et physiques", ("Administration système",)),
    ("Hébergement mutualisé", None, "Hébergement autogéré de sites Web", ("Hébergement", "Soutien")),
    ("Ateliers d’autodéfense numérique", "Centre des femmes de Rosemont", "Formation", ("Formation",)),
    ("Affiches du festival", "Festival des solidarités", "Design graphique", ("Graphisme", "Communication")),
)

# Of the two Web projects: one counted in hours, one in dollars at the one rate.
BUDGETS = ({"budget_minutes": 170 * 60}, {"budget_dollars": Decimal("3600.00")})


def opinion(worker: Worker, task: str) -> tuple[int | None, int | None]:
    """What this worker thinks of a task in both dimensions; None is no opinion."""
    if worker.given_name in WITHOUT_RATINGS:
        return None, None
    dice = random.Random(f"{worker.email} {task}")  # noqa: S311 (a story, not a secret)
    spread = (-2, 0, 2) if task in DEBATED else (-1, 0, 0, 0, 1)
    given = [min(5, max(1, points + dice.choice(spread))) for points in RATINGS[task]]
    desirability, empowerment = (None if dice.random() < 0.12 else points for points in given)
    return desirability, empowerment


def hours_of_week(worker: Worker, week: date) -> list[tuple[date, str, int, int]]:
    """What this worker did in the week that starts on `week`: day, role, index of the task, minutes.

    Drawn from the worker's shares, and from what each task asks, with generators seeded by both, in
    quarters of an hour.
    """
    dice = random.Random(f"{worker.email} {week.isoformat()}")  # noqa: S311 (a story, not a secret)
    which = random.Random(f"{worker.email} {week.isoformat()} tasks")  # noqa: S311
    agreed = worker.agreed_hours or dice.choice((0, 4, 7, 10, 14))
    quarters = round(agreed * dice.uniform(0.92, 1.08)) * 4
    days = dice.sample(range(5), k=min(5, max(1, round(quarters / 28)))) if quarters else []
    done = []
    for n, weekday in enumerate(sorted(days)):
        share = quarters // len(days) + (1 if n < quarters % len(days) else 0)
        roles = dice.choices(list(worker.shares), weights=list(worker.shares.values()), k=2)
        first = share if roles[0] == roles[1] else dice.randint(max(1, share // 3), share)
        for role, amount in ((roles[0], first), (roles[1], share - first)):
            if amount:
                tasks = ROLES[role][1]
                index = which.choices(range(len(tasks)), [TASKS[task].hours for task in tasks])[0]
                done.append((week + timedelta(days=weekday), role, index, amount * 15))
    return done


def planned_minutes(worker: Worker, role: str) -> list[int]:
    """What this worker plans a week of each task of a role: their share of it, as the tasks ask."""
    tasks = ROLES[role][1]
    asked = sum(TASKS[task].hours for task in tasks)
    weekly = worker.agreed_hours * 60 * worker.shares[role] / sum(worker.shares.values())
    return [round(weekly * TASKS[task].hours / asked / 15) * 15 for task in tasks]
