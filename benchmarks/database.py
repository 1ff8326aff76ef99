"""Make or drop a scratch database: `python -m benchmarks.database create|drop NAME`."""

import sys

import django
from django.db import connection

django.setup()


def main(act: str, name: str) -> None:
    if not name.startswith("koumbit_benchmark"):
        raise SystemExit("Only a scratch database is made or dropped here.")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        if act == "create":
            cursor.execute(f'CREATE DATABASE "{name}"')


if __name__ == "__main__":
    main(*sys.argv[1:])
