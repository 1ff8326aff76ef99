"""How words are looked for in what is written: without accents nor capitals, all of them, anywhere."""

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.functions import Concat, Lower

from koumbit.forms import plain

ACCENTED, BARE = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"


def with_words(rows: QuerySet, words: str, *columns: str) -> QuerySet:
    """The rows in which each of these words stands in one of these text columns, or across them."""
    asked = plain(words).split()
    if not asked:
        return rows
    parts = [part for column in columns for part in (F(column), Value(" "))]
    whole = Lower(Concat(*parts, output_field=TextField()))
    text = Func(whole, Value(ACCENTED), Value(BARE), function="translate", output_field=TextField())
    rows = rows.annotate(searched_text=text)
    for word in asked:
        rows = rows.filter(searched_text__contains=word)
    return rows
