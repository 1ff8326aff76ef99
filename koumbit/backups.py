"""A backup, and the proof that it can be restored: what comes back is compared with what was saved.

A backup is two files: `koumbit-<moment>.dump`, made by the server's own `pg_dump`, and beside it
`….json`, the proof computed in the same snapshot of the database. Restoring goes into a new
database, never over the one in use, and computes the proof again there.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from koumbit import embedded
from members import journal


class BackupRefused(Exception):
    """The backup or its restoration cannot be trusted. Its text says why and what to do."""


@dataclass(frozen=True)
class Restored:
    """A database that holds what the backup holds, proven equal."""

    database: str
    proof: dict
    keys_known: bool  # do the encryption keys of today open what was encrypted then?


def proof(database=connection) -> dict:
    """What must be equal on both sides: every row of every table, the sums, the journal, the documents.

    A table's fingerprint is the sum of 64-bit hashes of its rows as text: whatever their order, a
    changed, missing or added row changes it.
    """
    tables = {}
    with database.cursor() as cursor:
        for name in sorted(database.introspection.table_names(cursor)):
            cursor.execute(
                sql.SQL(
                    "SELECT count(*), coalesce(sum(hashtextextended(row::text, 0)), 0)::text FROM {} AS row"
                ).format(sql.Identifier(name))
            )
            rows, fingerprint = cursor.fetchone()
            tables[name] = {"rows": rows, "fingerprint": fingerprint}
        cursor.execute(
            "SELECT coalesce(sum(amount), 0)::text, coalesce(sum(minutes), 0) FROM payroll_stubline"
        )
        amounts, paid_minutes = cursor.fetchone()
        cursor.execute("SELECT coalesce(sum(minutes), 0) FROM timesheets_timeentry")
        (minutes,) = cursor.fetchone()
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE encode(sha256(pdf), 'hex') <> sha256) "
            "FROM payroll_stubdocument"
        )
        documents, altered = cursor.fetchone()
        cursor.execute("SELECT hash FROM members_journalentry ORDER BY seq DESC LIMIT 1")
        head = cursor.fetchone()
    return {
        "tables": tables,
        "sums": {"minutes": minutes, "paid_minutes": paid_minutes, "stub_lines": amounts},
        "documents": {"count": documents, "not_matching_their_digest": altered},
        "journal": {
            "head": head[0] if head else "",
            "first_broken_line": journal.first_broken_line(database),
        },
    }


def differences(saved: dict, restored: dict) -> list[str]:
    """What is not the same on both sides, one line each; empty when all is equal."""
    lines = []
    for part in sorted(saved.keys() | restored.keys()):
        before, after = saved.get(part, {}), restored.get(part, {})
        lines += [
            f"{part}: {name} was {before.get(name)}, is {after.get(name)}"
            for name in sorted(before.keys() | after.keys())
            if before.get(name) != after.get(name)
        ]
    return lines


def back_up(folder: Path) -> Path:
    """Write the two files into `folder`, readable by their owner only; return the dump's path."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    dump = folder / f"koumbit-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.dump"
    partial = dump.with_suffix(".partial")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        saved = proof()
        os.close(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={partial}")
    note = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sha256": _digest(partial),
        "field_keys": _key_marks(),
        "proof": saved,
    }
    beside = dump.with_suffix(".json")
    beside.write_text(json.dumps(note, indent=1), encoding="utf-8")
    beside.chmod(0o600)
    partial.rename(dump)
    return dump


def restore(dump: Path, database: str) -> Restored:
    """Restore into a new database of that name and prove it equal to what was saved.

    Raises `BackupRefused`, and leaves no half-restored database, when the file is not whole, when
    the database exists, or when anything differs.
    """
    note = _note_beside(dump)
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", database):
        raise BackupRefused(f"“{database}” is not a name for a database: small letters, digits and _.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        if cursor.fetchone():
            raise BackupRefused(
                f"The database {database} exists: nothing is restored over it. Give another name."
            )
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database)))
    try:
        _run(
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            str(dump.resolve()),
            database=database,
        )
        again = _proof_of(database)
        if different := differences(note["proof"], again):
            raise BackupRefused("What was restored is not what was saved:\n" + "\n".join(different))
    except BaseException:
        drop(database)
        raise
    return Restored(database, again, keys_known=bool(set(note["field_keys"]) & set(_key_marks())))


def drop(database: str) -> None:
    """Remove a database that `restore` made."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(database)))


def _note_beside(dump: Path) -> dict:
    try:
        note = json.loads(dump.with_suffix(".json").read_text(encoding="utf-8"))
        whole = note["sha256"] == _digest(dump)
    except (OSError, ValueError, KeyError) as error:
        raise BackupRefused(f"{dump} cannot be read with the proof beside it: {error}") from error
    if not whole:
        raise BackupRefused(
            f"{dump} is not the file that was written: truncated or changed. Take another backup."
        )
    return note


def _proof_of(database: str) -> dict:
    other = connection.copy()
    other.settings_dict["NAME"] = database
    try:
        return proof(other)
    finally:
        other.close()


def _key_marks() -> list[str]:
    """Enough of each key's digest to tell one from another, too little to be of use."""
    return [hashlib.sha256(key.encode()).hexdigest()[:12] for key in settings.FIELD_ENCRYPTION_KEYS]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tool(name: str) -> str:
    """The server's own client program: of the same major version, or else the next newer one found."""
    server = connection.pg_version // 10000
    found: dict[int, str] = {}
    for path in (shutil.which(name), str(embedded.BINARIES / name)):
        if path and Path(path).exists():
            said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
            found.setdefault(int(re.search(r"(\d+)", said.split()[-1])[1]), path)
    fit = sorted(version for version in found if version >= server)
    if not fit:
        raise BackupRefused(f"{name} {server} or newer is needed: install postgresql-client-{server}.")
    return found[fit[0]]


def _run(name: str, *arguments: str, database: str = "") -> None:
    parameters = connection.get_connection_params()
    environment = {
        "PGHOST": str(parameters.get("host") or ""),
        "PGPORT": str(parameters.get("port") or ""),
        "PGUSER": str(parameters.get("user") or ""),
        "PGPASSWORD": str(parameters.get("password") or ""),
        "PGSSLMODE": str(parameters.get("sslmode") or ""),
        "PGDATABASE": str(parameters["dbname"]),
    }
    if database:
        arguments = (f"--dbname={database}", *arguments)
    done = subprocess.run(
        [_tool(name), *arguments],
        env=os.environ | {key: value for key, value in environment.items() if value},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupRefused(f"{name} failed: {done.stderr.strip()[-1000:]}")
