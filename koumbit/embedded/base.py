"""Django's PostgreSQL engine on the embedded server, which is started when a connection asks for it."""

import time
from pathlib import Path

from django.db.backends.postgresql import base
from psycopg import OperationalError

from koumbit import embedded

SECONDS_TO_COME_BACK = 10


class DatabaseWrapper(base.DatabaseWrapper):
    """`HOST` is the folder in which the server keeps its data, not a name on a network."""

    def get_connection_params(self):
        return super().get_connection_params() | {"host": embedded.start(Path(self.settings_dict["HOST"]))}

    def get_new_connection(self, conn_params):
        """Connect; after a crash, start the server again and give it a few seconds to recover."""
        give_up_at = time.monotonic() + SECONDS_TO_COME_BACK
        while True:
            try:
                return super().get_new_connection(conn_params)
            except OperationalError:
                if time.monotonic() > give_up_at:
                    raise
                time.sleep(0.2)
                conn_params = self.get_connection_params()
