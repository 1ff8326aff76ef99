"""What the demonstration cooperative is deciding: told like the rest of its story, and as fictitious."""

from dataclasses import dataclass, field

from .demonstration import ASSEMBLY, CARE


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
