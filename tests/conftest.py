"""What every test stands on: a real PostgreSQL, the system's Chromium, and nothing skipped in CI.

Where a system library is missing the tests that need it are skipped, loudly, with the line that
installs it. With `CI=true` a skipped test is a failed one.
"""

import ctypes
import gc
import os
import shutil
import subprocess

import fasteners
import pytest
from django.conf import settings
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection, transaction
from django.db.models.signals import post_migrate

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
# As root, in a container, and never asking the network for anything.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NO_CHROMIUM = "no Chromium: sudo apt-get install -y chromium"
NO_PANGO = "no Pango: sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def _chromium() -> str | None:
    """A Chromium that starts; Ubuntu's `chromium-browser` is a script that asks for a snap."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def _has_pango() -> bool:
    try:
        ctypes.CDLL("libpango-1.0.so.0")
        ctypes.CDLL("libpangoft2-1.0.so.0")
    except OSError:
        return False
    return True


# Garbage is looked for less often.
gc.set_threshold(100_000, 50, 100)
CHROMIUM = _chromium()
HAS_PANGO = _has_pango()


#: The files that take longest, longest first; but the second needs no database, while the first makes it.
LONGEST = (
    "tests/browser/test_accessibility.py",
    "tests/roles/rotation/test_large.py",
    "tests/test_access.py",
    "tests/browser/test_saving.py",
    "tests/browser/test_pay.py",
    "tests/browser/test_deciding.py",
    "tests/payroll/test_a_year.py",
    "tests/payroll/test_paper_queue.py",
    "tests/browser/test_sheet.py",
    "tests/koumbit/test_embedded.py",
    "tests/browser/test_hours.py",
    "tests/browser/test_entrance.py",
    "tests/test_typed.py",
    "tests/test_readings.py",
    "tests/koumbit/test_demonstration.py",
    "tests/test_backups.py",
    "tests/payroll/test_paid_leave.py",
    "tests/timesheets/test_shared_year.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no processor waits at the end for one of them."""
    place = {path: n for n, path in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONGEST)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is imported and collected by now stays until the end: no garbage to look for in it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix,
    request,
    tmp_path_factory,
    django_db_blocker,
    django_db_keepdb,
):
    """The migrations run once, whatever the number of workers: each takes a copy of what they made.

    Whoever comes first makes it, the others wait; at its end it takes it away.
    """
    if django_db_keepdb or not hasattr(request.config, "workerinput"):
        yield
        return
    of_the_run = tmp_path_factory.getbasetemp().parent
    lock, made = fasteners.InterProcessLock(of_the_run / "migrations.lock"), of_the_run / "migrated"
    test, creation = connection.settings_dict["TEST"], connection.creation
    own = test["NAME"]
    migrated = own.removesuffix(request.config.workerinput["workerid"]) + "migrated"
    with django_db_blocker.unblock(), lock:
        is_first = not made.exists()
        if is_first:
            before, test["NAME"] = connection.settings_dict["NAME"], migrated
            creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
            connection.close()
            settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before
            made.touch()
    test |= {"NAME": own, "TEMPLATE": migrated}
    yield
    if is_first:
        with django_db_blocker.unblock(), lock:
            made.unlink()
            with creation._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {migrated}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, without the two things that would keep Django from emptying and dropping it.

    After a test that commits, the tables are truncated: what refuses that sleeps, except where it is
    tried, and Django does not write its own permissions again, which nothing reads. At the end, whoever
    still holds the database (a thread of a served page) lets it go.
    """
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%%\\_is\\_kept'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker):
    """What the fixtures of a module write stays for all its tests, and goes with the last of them.

    What a test changes is undone after it, as always. For what takes long to set up: the module's tests
    then all stand on it, whichever runs first.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="class", autouse=True)
def _what_a_module_keeps_holds(django_db_blocker):
    """The constraints that wait for the end of a transaction are checked once on what a module keeps.

    Otherwise each of its tests, at its end, would check them again on all that was there before it.
    """
    if connection.in_atomic_block:
        with django_db_blocker.unblock():
            connection.check_constraints()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": CHROMIUM_ARGUMENTS}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    if CHROMIUM is None and (item.get_closest_marker("browser") or "browser" in item.fixturenames):
        pytest.skip(NO_CHROMIUM)
    if not HAS_PANGO and item.get_closest_marker("pdf"):
        pytest.skip(NO_PANGO)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _failed_if_skipped_in_ci((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _failed_if_skipped_in_ci((yield))


def _failed_if_skipped_in_ci(report):
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and with CI=true nothing may be: {report.longrepr}"
    return report
