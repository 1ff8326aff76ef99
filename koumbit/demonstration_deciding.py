"""What the demonstration cooperative is deciding: told like the rest of its story, and as fictitious."""

from dataclasses import dataclass, field

from .demonstration import ASSEMBLY, CARE, WORK


@dataclass(frozen=True)
class Told:
    """A proposal: who makes it to whom, what is said of it, who answered what. Days are counted from today."""

    body: str
    by: str
    title: str
    text: str
    act: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    effective_in: int | None = None
    review_in: int | None = None
    ends_in: int | None = None
    remarks: tuple[tuple[str, str], ...] = ()
    days_to_answer: int = 7
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)


PROPOSALS = (
    Told(
        CARE,
        "Sofía",
        "Un dîner ensemble chaque vendredi",
        "Nous mangeons ensemble le vendredi midi. Qui vient apporte un plat ; la coop paie le café.",
        review_in=180,
        remarks=(("Alix", "Pour les personnes à distance : on ouvre aussi l’appel vidéo."),),
        answers={"Sofía": ("agree", ""), "Alix": ("agree", "")},
    ),
    Told(
        CARE,
        "Alix",
        "Que chaque personne touche la moitié des rôles",
        "D’ici l’automne prochain, en binôme ou en formation, chacune et chacun aura touché la moitié des rôles.",
        act="members.set_objective",
        fields={
            "title": "Chaque personne touche la moitié des rôles",
            "measure": "timesheets.coverage",
            "direction": "at_least",
            "target": "50",
        },
        ends_in=300,
        answers={"Sofía": ("agree", ""), "Alix": ("agree", "")},
    ),
    Told(
        ASSEMBLY,
        "Camille",
        "Porter le taux horaire à 22,25 $",
        "Le coût de la vie monte et nos surplus le permettent. Le nouveau taux vaut pour tout le monde, à partir "
        "de la paie qui suit l’assemblée.",
        act="payroll.set_rate",
        fields={"amount": "22.25"},
        effective_in=21,
        review_in=386,
        remarks=(
            ("Jean-Philippe", "Les pigistes l’ont dans leurs factures le même jour ?"),
            ("Camille", "Oui : un seul taux, une seule date, pour toutes les heures."),
            ("Hugo", "D’accord si les prévisions tiennent avec l’hébergement comme il est."),
        ),
        answers={
            "Camille": ("agree", ""),
            "Hugo": ("agree", ""),
            "Nadia": ("stand_aside", "Je n’ai pas assez suivi les prévisions."),
        },
    ),
    Told(
        ASSEMBLY,
        "Karim",
        "Un rôle « Sécurité et sauvegardes »",
        "Les sauvegardes sont aujourd’hui une tâche parmi d’autres. Un rôle leur donnerait un but, du temps et une "
        "relève.",
        remarks=(("Émile", "Je prendrais un premier mandat si quelqu’un apprend avec moi."),),
    ),
)


@dataclass(frozen=True)
class Adopted:
    """What an assembly adopted in a room, who recorded it and who was there too; days are counted from today."""

    days_ago: int
    title: str
    text: str
    act: str
    fields: dict[str, str]
    recorded_by: str = "Camille"
    confirmed_by: str = "Hugo"


#: Aimed at last spring, and raised since; the objective ends so many days from today.
OBJECTIVE, OBJECTIVE_ENDS_IN = "Quatre heures sur cinq en travail permanent", 120
AIMED = Adopted(
    150,
    "Consolider le travail permanent",
    "D’ici un an, la plus grande part des heures est faite par des permanentes et permanents.",
    "members.set_objective",
    {
        "title": OBJECTIVE,
        "why": "Un travail qui dure se partage et s’apprend mieux.",
        "measure": "timesheets.permanent",
        "direction": "at_least",
        "target": "75",
    },
)
RAISED = Adopted(
    40,
    "Viser plus haut pour le travail permanent",
    "Nous y sommes presque : visons 80 %.",
    "members.change_objective",
    {"direction": "at_least", "target": "80", "why": "Nous étions près de la cible à mi-chemin."},
)


@dataclass(frozen=True)
class Point:
    """Something to talk about: who brings it, what is wanted, how many minutes, what was said of it."""

    by: str
    title: str
    wanted: str
    minutes: int | None = None
    said: str = ""
    decided: tuple[str, str] | None = None


@dataclass(frozen=True)
class ToldMeeting:
    """A meeting: of whom, in how many days (behind, they are negative), what is talked about, who was there."""

    body: str
    by: str
    in_days: int
    hours: tuple[str, str]
    place: str
    words: str = ""
    points: tuple[Point, ...] = ()
    present: tuple[str, ...] = ()
    excused: tuple[str, ...] = ()
    guests: str = ""
    facilitated_by: str = ""
    noted_by: str = ""
    approved_by: str = ""
    steps: tuple[tuple[str, str, int], ...] = ()


MEETINGS = (
    ToldMeeting(
        WORK,
        "Nadia",
        -16,
        ("09:30", "11:00"),
        "Grande salle, et l’appel vidéo pour qui est à distance",
        points=(
            Point(
                "Hugo",
                "Nuits de garde de l’hébergement",
                "decide",
                30,
                "Deux pannes en six semaines, chaque fois la même personne réveillée. On ne peut pas continuer ainsi : "
                "ce n’est ni juste, ni prudent.\n\nTrois personnes se disent prêtes à prendre une semaine sur quatre, "
                "à condition d’avoir fait une nuit en double avant.",
                ("Garde partagée à quatre", "La garde tourne entre quatre personnes, une semaine chacune."),
            ),
            Point(
                "Nadia",
                "Accueil de la prochaine personne",
                "discuss",
                20,
                "La liste d’accueil est relue. On ajoute une visite des outils la première journée.",
            ),
            Point(
                "Maude", "Retour sur le mois", "hear", 15, "Rien de pressant ; merci à l’équipe de formation."
            ),
        ),
        present=("Hugo", "Nadia"),
        guests="Maude Lévesque, pour le dernier point",
        facilitated_by="Hugo",
        noted_by="Nadia",
        approved_by="Hugo",
        steps=(
            ("Écrire la marche à suivre d’une nuit de garde", "Hugo", 7),
            ("Mettre la visite des outils dans la liste d’accueil", "Nadia", -5),
        ),
    ),
    ToldMeeting(
        WORK,
        "Hugo",
        5,
        ("13:30", "15:00"),
        "Grande salle",
        words="Lisez avant de venir la marche à suivre d’une nuit de garde.",
        points=(
            Point("Hugo", "Première semaine de garde partagée", "hear", 10),
            Point("Nadia", "Qui prend les tâches de la personne qui s’absente", "decide", 30),
            Point("Maude", "Pouvoir soumettre sa semaine le lundi", "discuss", 15),
        ),
    ),
    ToldMeeting(
        ASSEMBLY,
        "Sofía",
        12,
        ("17:00", "19:00"),
        "Café de l’Entraide, 1200, rue de l’Entraide",
        words="On mange ensemble à 16 h 30. La garde des enfants est offerte.",
        points=(
            Point("Camille", "Où en sont les prévisions", "hear", 20),
            Point("Karim", "Un rôle pour la sécurité et les sauvegardes", "discuss", 30),
        ),
    ),
)
