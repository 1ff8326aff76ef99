"""The roles of the demonstration cooperative: what they decide, what they ask, who holds and teaches them.

Fictitious like the rest of the story; names are those of `koumbit.demonstration`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Charter:
    """What a role says of itself beyond its name and its aim."""

    authority: str
    limits: str
    support: str
    skills_asked: str
    succession: str
    term_months: int | None = 12
    max_consecutive_terms: int | None = None


@dataclass(frozen=True)
class Asked:
    """What a task asks of a period of 13 weeks: how often, how many hours, from how many people."""

    frequency: str
    hours: int
    min_people: int = 1
    max_people: int | None = None
    description: str = ""


CHARTERS = {
    "Coordination": Charter(
        "Convoquer les rencontres, fixer l’ordre du jour, répartir les demandes qui arrivent.",
        "Un mandat de plus de 40 heures se décide en rencontre de coordination.",
        "Un carnet des décisions partagé ; la personne précédente reste disponible un mois.",
        "Écouter, résumer, tenir un calendrier.",
        "Ouvert deux mois avant la fin ; la relève anime trois rencontres à deux.",
        6,
        2,
    ),
    "Comptabilité": Charter(
        "Payer ce qui est prévu au budget, relancer les factures, choisir les écritures.",
        "Toute dépense hors budget de plus de 500 $ passe au Comité des finances.",
        "Le guide de clôture du mois ; une comptable externe, deux fois par an.",
        "Aimer que les comptes tombent juste ; on apprend le reste ici.",
        "Une deuxième personne fait chaque mois une conciliation complète.",
        12,
        3,
    ),
    "Communication": Charter(
        "Publier l’infolettre et les nouvelles du site, répondre aux appels d’offres de moins de 5 000 $.",
        "Une prise de position publique se décide en assemblée.",
        "Les modèles d’infolettre et de soumission ; une heure de révision par texte.",
        "Écrire clairement, relire sans pitié.",
        "La relève écrit une infolettre sur deux pendant un trimestre.",
    ),
    "Développement Web": Charter(
        "Choisir les outils d’un projet et son découpage, refuser une mise en ligne qui n’est pas prête.",
        "Un nouvel outil pour tous les projets se discute avec l’Administration système.",
        "La révision de code à deux ; un budget de formation.",
        "Programmer ou vouloir apprendre ; expliquer ce qu’on fait.",
        "Chaque projet est connu d’au moins deux personnes.",
        None,
    ),
    "Graphisme": Charter(
        "Choisir les formes, les couleurs et les polices d’un livrable.",
        "L’identité de la coop elle-même se décide en assemblée.",
        "Une bibliothèque de polices libres ; un écran étalonné.",
        "Dessiner, mettre en page, recevoir une critique.",
        "Les fichiers sources sont rangés et ouverts par une autre personne chaque trimestre.",
        None,
    ),
    "Administration système": Charter(
        "Interrompre un service en danger, appliquer une mise à jour, restaurer une sauvegarde.",
        "Une dépense de matériel, ou une interruption prévue de plus d’une heure, s’annonce en coordination.",
        "Le cahier des procédures ; l’astreinte est partagée.",
        "Linux, réseau, sang-froid la nuit.",
        "L’astreinte tourne : une personne de relève à chaque mois.",
        12,
        2,
    ),
    "Hébergement": Charter(
        "Ouvrir et fermer un compte, choisir la date d’une migration.",
        "Un tarif hors grille passe par le Comité des finances.",
        "La grille des tarifs, les scripts de migration.",
        "De la patience et le goût de l’explication.",
        "Une migration sur trois se fait à deux.",
    ),
    "Soutien": Charter(
        "Répondre, dépanner, rembourser jusqu’à un mois de service.",
        "Un remboursement plus grand passe par la Comptabilité.",
        "Les réponses types et la documentation.",
        "Comprendre ce que la personne demande vraiment.",
        "Chaque membre y passe une demi-journée par trimestre.",
        6,
        2,
    ),
    "Formation": Charter(
        "Choisir le contenu et les dates des ateliers, inviter une personne de l’extérieur.",
        "Un atelier gratuit de plus d’une journée se décide en coordination.",
        "Les plans d’ateliers passés ; une salle.",
        "Transmettre sans impressionner.",
        "On coanime avant d’animer.",
    ),
    "Vie collective": Charter(
        "Fixer les règles du bureau, organiser les fêtes, appeler une médiation.",
        "Ce qui touche aux conditions de travail se décide au Conseil de travail.",
        "Un fonds de 50 $ par personne et par an.",
        "Prendre soin, et le dire quand ça ne va pas.",
        "Deux personnes à la fois, dont une qui reste.",
        6,
        2,
    ),
}

TASKS = {
    "Rencontre de coordination": Asked("weekly", 41, 2, None, "Préparer, animer et noter la rencontre."),
    "Suivi des mandats": Asked("weekly", 37),
    "Accueil des demandes": Asked("daily", 26, 2),
    "Conciliation bancaire": Asked("monthly", 54, 1, 2),
    "Facturation": Asked("biweekly", 76, 1, 3),
    "Paie et remises": Asked(
        "biweekly", 66, 2, 3, "Préparer, vérifier et émettre la paie, remettre à temps."
    ),
    "Prévisions financières": Asked("quarterly", 42, 2),
    "Infolettre": Asked("monthly", 27),
    "Soumissions": Asked("as_needed", 39, 2),
    "Site de la coop": Asked("monthly", 25),
    "Programmation": Asked("daily", 145, 2),
    "Configuration de logiciels libres": Asked("weekly", 101, 2),
    "Révision de code": Asked("weekly", 78, 2, None, "Lire le travail d’une autre personne, et le dire."),
    "Maquettes": Asked("weekly", 45),
    "Identité visuelle": Asked("as_needed", 37),
    "Mise en page": Asked("weekly", 39),
    "Mises à jour": Asked("weekly", 101, 2),
    "Astreinte": Asked("daily", 101, 2, 4, "Répondre la nuit et la fin de semaine."),
    "Sauvegardes": Asked("weekly", 91, 2),
    "Ouverture de comptes": Asked("weekly", 44),
    "Migrations de sites": Asked("as_needed", 49),
    "Billets de soutien": Asked("daily", 113, 3),
    "Documentation": Asked("monthly", 68),
    "Ateliers": Asked("monthly", 46, 2),
    "Préparation d’ateliers": Asked("monthly", 42),
    "Jumelage": Asked("weekly", 36, 1, None, "Le temps de qui enseigne à une collègue ou à un collègue."),
    "Réunions de comités": Asked("monthly", 46, 4),
    "Assemblée générale": Asked("yearly", 28, 5),
    "Ménage du bureau": Asked("weekly", 31, 3),
}

# Given name → role → level. Those above 1 are confirmed, but for the last one.
SKILLS = {
    "Camille": {"Comptabilité": 4, "Coordination": 3, "Soutien": 3, "Vie collective": 2},
    "Hugo": {
        "Administration système": 4,
        "Hébergement": 3,
        "Coordination": 2,
        "Vie collective": 2,
        "Développement Web": 1,
    },
    "Nadia": {"Développement Web": 3, "Formation": 3, "Vie collective": 3},
    "Maude": {"Graphisme": 3, "Communication": 3, "Vie collective": 2},
    "Jean-Philippe": {"Développement Web": 3, "Comptabilité": 2, "Communication": 2},
    "Émile": {"Administration système": 2, "Soutien": 2},
    "Sofía": {"Formation": 2, "Vie collective": 2, "Soutien": 1},
    "Karim": {"Développement Web": 2, "Vie collective": 2},
    "Alix": {"Graphisme": 2, "Communication": 1},
    "Wendy": {"Soutien": 2, "Développement Web": 1},
}
TO_BE_CONFIRMED = ("Wendy", "Soutien")

# Given name → role → wish: 1 to learn it, −1 rather not.
WISHES = {
    "Camille": {"Formation": 1, "Graphisme": -1},
    "Hugo": {"Comptabilité": 1},
    "Nadia": {"Administration système": 1, "Comptabilité": 1},
    "Maude": {"Développement Web": 1, "Administration système": -1},
    "Émile": {"Hébergement": 1},
    "Sofía": {"Coordination": 1, "Communication": 1},
    "Alix": {"Communication": 1, "Formation": 1},
    "Wendy": {"Développement Web": 1, "Comptabilité": 1},
}

# Who learns which role with whom, in the hours that they log.
LEARNERS = {
    "Wendy": ("Développement Web", "Nadia"),
    "Alix": ("Communication", "Maude"),
    "Sofía": ("Soutien", "Camille"),
}

# The task for hours of which nobody has said yet what they were, and the role it stands in.
UNCLASSIFIED = ("Coordination", "À classer")

# Role, who holds it, how many weeks ago the term began.
TERMS = (
    ("Coordination", "Nadia", 47),
    ("Coordination", "Camille", 21),
    ("Comptabilité", "Jean-Philippe", 30),
    ("Communication", "Maude", 48),
    ("Administration système", "Hugo", 40),
    ("Hébergement", "Hugo", 36),
    ("Soutien", "Émile", 12),
    ("Formation", "Nadia", 20),
    ("Vie collective", "Sofía", 10),
    ("Vie collective", "Karim", 10),
)
OPEN_ROLE = "Communication"
CANDIDATES = {"Alix": "J’ai écrit les deux dernières infolettres avec Maude : je continuerais volontiers."}
