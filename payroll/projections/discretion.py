"""From how many people on a sum of pays is shown: what one person is paid is theirs alone."""

#: With fewer, whoever is one of them would read what another one is paid.
FEWEST = 3


def is_shown(people: int) -> bool:
    """Is a sum over so many people shown? Over nobody it is zero, and hides nothing."""
    return people == 0 or people >= FEWEST
