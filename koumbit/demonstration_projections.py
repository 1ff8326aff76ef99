"""What a member of the demonstration foresees: fictitious revenue and costs, and three ways it could turn out."""

from decimal import Decimal

AUTHOR = "Jean-Philippe"
TITLE = "Les douze prochains mois"
OPENING = Decimal("24600.00")
# The one kept before it, and what its first months came to in the books: revenue, fixed costs, the bank.
EARLIER_TITLE, EARLIER_OPENING = "L’année en cours", Decimal("22150.00")
SOURCE = "Livres de la coopérative, fin de mois"
CAME_TO = ((Decimal("18640.00"), Decimal("3898.75"), Decimal("23488.15")),)
ASSUMPTIONS = (
    "Les clients de l’hébergement restent. Deux sites par saison, comme l’an dernier.\n"
    "Le bail est renouvelé au même prix."
)

# By service, each month.
REVENUE = {
    "Hébergement autogéré de sites Web": Decimal("4350.00"),
    "Serveurs virtuels et physiques": Decimal("3100.00"),
    "Conception Web": Decimal("6900.00"),
    "Formation": Decimal("1450.00"),
    "Design graphique": Decimal("1600.00"),
    "Soutien en logiciels libres": Decimal("950.00"),
}
# Name, amount, whether each month.
COSTS = (
    ("Loyer du bureau", Decimal("1180.00"), True),
    ("Liaisons et électricité des serveurs", Decimal("640.00"), True),
    ("Tenue de livres et banque", Decimal("145.00"), True),
    ("Assurances", Decimal("1850.00"), False),
)
# Scenario, months after the first, name, and what changes.
SUPPOSITIONS = (
    ("cautious", 2, "Un gros client de l’hébergement part", {"kind": "revenue", "percent": Decimal(-12)}),
    ("cautious", 5, "Le loyer augmente", {"kind": "costs", "amount": Decimal("90.00")}),
    ("ambitious", 4, "Le taux passe à 22,50 $", {"kind": "rate", "amount": Decimal("22.50")}),
    ("ambitious", 3, "Deux contrats de plus", {"kind": "revenue", "percent": Decimal(18)}),
    (
        "ambitious",
        6,
        "Une personne de plus à l’hébergement",
        {"kind": "person", "minutes_per_week": 21 * 60, "work_kind": "salaried"},
    ),
)
