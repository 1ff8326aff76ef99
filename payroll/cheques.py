"""The amount of a cheque in words, as it is written by hand, in French and in English.

Plain Python. Whole dollars in words, cents as a fraction: `mille deux cents dollars et 50/100`.
French numerals take their hyphens below one hundred only, as is usual on cheques; `cent` and
`vingt` take an s when they end the number of hundreds or of twenties.
"""

from decimal import Decimal

LARGEST = 10**9

_FRENCH = ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]
_FRENCH += ["onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
_FRENCH_TENS = [
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
]
_ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_ENGLISH += ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"]
_ENGLISH += ["nineteen"]
_ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(amount: Decimal, language: str) -> str:
    """An amount in dollars, 0 to 999,999,999.99: `Douze dollars et 05/100`, `Twelve dollars and 05/100`."""
    cents = int(amount * 100)
    if cents != amount * 100 or not 0 <= cents < LARGEST * 100:
        raise ValueError(f"no cheque is made of {amount}")
    dollars, rest = divmod(cents, 100)
    if language.startswith("fr"):
        unit = "dollar" if dollars < 2 else "dollars"
        of = "de " if dollars and not dollars % 1_000_000 else ""
        text = f"{french(dollars)} {of}{unit} et {rest:02d}/100"
    else:
        text = f"{english(dollars)} {'dollar' if dollars == 1 else 'dollars'} and {rest:02d}/100"
    return text[0].upper() + text[1:]


def french(number: int) -> str:
    """A whole number below a billion in French words: 71 → soixante et onze, 80 → quatre-vingts."""
    millions, thousands, rest = _groups(number)
    words = []
    if millions:
        words.append(f"{_french_hundreds(millions)} {'million' if millions == 1 else 'millions'}")
    if thousands:
        # « Mille » never varies, and what stands before it takes no plural.
        words.append("mille" if thousands == 1 else f"{_french_hundreds(thousands, before_mille=True)} mille")
    if rest or not words:
        words.append(_french_hundreds(rest))
    return " ".join(words)


def english(number: int) -> str:
    """A whole number below a billion in English words: 1234 → one thousand two hundred thirty-four."""
    millions, thousands, rest = _groups(number)
    words = []
    if millions:
        words.append(f"{_english_hundreds(millions)} million")
    if thousands:
        words.append(f"{_english_hundreds(thousands)} thousand")
    if rest or not words:
        words.append(_english_hundreds(rest))
    return " ".join(words)


def _groups(number: int) -> tuple[int, int, int]:
    return number // 1_000_000, number // 1000 % 1000, number % 1000


def _french_hundreds(number: int, *, before_mille: bool = False) -> str:
    hundreds, rest = divmod(number, 100)
    plural = "" if before_mille else "s"
    if not hundreds:
        return _french_tens(rest, plural)
    if hundreds == 1:
        return f"cent {_french_tens(rest, plural)}" if rest else "cent"
    if rest:
        return f"{_FRENCH[hundreds]} cent {_french_tens(rest, plural)}"
    return f"{_FRENCH[hundreds]} cent{plural}"


def _french_tens(number: int, plural: str) -> str:
    if number < len(_FRENCH):
        return _FRENCH[number]
    tens, rest = divmod(number, 10)
    name = _FRENCH_TENS[tens - 2]
    if tens in {7, 9}:
        rest += 10
    if number == 80:
        return name + plural
    if rest == 0:
        return name
    if rest in {1, 11} and tens < 8:
        return f"{name} et {_FRENCH[rest]}"
    return f"{name}-{_FRENCH[rest]}"


def _english_hundreds(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ENGLISH[hundreds]} hundred"] if hundreds else []
    if rest or not words:
        words.append(_english_tens(rest))
    return " ".join(words)


def _english_tens(number: int) -> str:
    if number < len(_ENGLISH):
        return _ENGLISH[number]
    tens, rest = divmod(number, 10)
    name = _ENGLISH_TENS[tens - 2]
    return f"{name}-{_ENGLISH[rest]}" if rest else name
