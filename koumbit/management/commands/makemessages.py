from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Gathers the sentences that are kept as data too (`koumbit.said`)."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=said", "--keyword=nsaid:1,2"]
