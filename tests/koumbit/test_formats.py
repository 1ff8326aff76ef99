"""How a reader writes what the product shows."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from koumbit import formats


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr-ca", "20 novembre 2026, 13\u00a0h\u00a005"), ("en-ca", "20 November 2026, 13:05")],
)
def test_a_moment_is_the_clock_on_the_readers_wall(language, said):
    with translation.override(language):
        assert formats.moment(datetime(2026, 11, 20, 18, 5, tzinfo=UTC)) == said
