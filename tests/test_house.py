"""The promises of the house that a machine can check: where things are, what is never written."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
APPS = ("members", "roles", "timesheets", "payroll")
PACKAGES = ("koumbit", *APPS)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CATALOGS = sorted((ROOT / "koumbit").glob("locale*/*/LC_MESSAGES/*.po"))
OURS = [model for model in apps.get_models() if model._meta.app_label in PACKAGES]


def _sources(*packages: str) -> Iterator[tuple[Path, ast.Module]]:
    """Each module of ours with its syntax tree, migrations left out."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def _where(path: Path, node: ast.AST) -> str:
    return f"{path}:{node.lineno}"


# Where things are -------------------------------------------------------------------------------


def test_top_level_is_fixed():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert {path.split("/")[0] for path in listed} <= {
        *(".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "benchmarks", "docs", "manage.py"),
        *("pyproject.toml", "requirements.lock", "templates", "tests", *PACKAGES),
    }


def test_imports_run_one_way():
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", "pyproject.toml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_modules_are_named_for_what_they_are_about():
    vague = {"utils", "util", "helpers", "common", "services", "misc", "signals", "admin"}
    assert [
        str(path) for path, _tree in _sources(*PACKAGES, "tests", "benchmarks") if path.stem in vague
    ] == []
    assert [
        str(folder) for package in PACKAGES for folder in (ROOT / package).rglob("*") if folder.name in vague
    ] == []


def test_imports_stand_at_the_top():
    """WeasyPrint alone waits until a document is asked for: it takes two seconds to load."""
    inside = [
        _where(path, node)
        for path, tree in _sources(*PACKAGES)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not (path == Path("koumbit/press.py") and "weasyprint" in ast.unparse(node))
    ]
    assert inside == []


def test_deductions_import_the_standard_library_only():
    strangers = [
        f"{_where(path, node)} {name}"
        for path, tree in _sources("payroll/deductions")
        for node in ast.walk(tree)
        for name in _imported(node)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("payroll.deductions")
    ]
    assert strangers == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module or ""]
    return []


# What is never written --------------------------------------------------------------------------


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = [
        path
        for folder in (*PACKAGES, "templates", "tests", "benchmarks", "docs", ".ci")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".md", ".toml", ""} and path.is_file()
    ]
    found = [
        str(path.relative_to(ROOT))
        for path in files
        if "vendor" not in path.parts
        and path != Path(__file__)
        and later.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_file_holds_two_versions_of_itself():
    """A merge that stopped in the middle is seen by nobody in a template: it is shown as text."""
    torn = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    held = [
        path.relative_to(ROOT)
        for folder in ("docs", "templates", "tests", *PACKAGES)
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".html", ".css", ".js", ".txt", ".md", ".toml", ".po"}
        and torn.search(path.read_text(encoding="utf-8"))
    ]
    assert held == []


def test_nobody_is_above_the_others():
    """No rank, no back office, no door around the powers."""
    rank = re.compile(r"\b(is_staff|is_superuser|django\.contrib\.admin|create_superuser|has_perm)\b")
    found = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if rank.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_apps_do_not_act_behind_each_other():
    """No signals, no model found by its name at run time, no `save()` that does something else."""
    found = []
    for path, tree in _sources(*PACKAGES):
        for node in ast.walk(tree):
            if any(
                name.startswith(("django.dispatch", "django.db.models.signals")) for name in _imported(node)
            ):
                found.append(f"{_where(path, node)} signal")
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "apps.get_model":
                found.append(f"{_where(path, node)} get_model")
            if isinstance(node, ast.ClassDef) and "models" in path.parts:
                found += [
                    f"{_where(path, item)} save"
                    for item in node.body
                    if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}
                ]
    assert found == []


def test_no_float_is_near_money_or_time():
    near = [
        *_sources("payroll", "timesheets", "members"),
        *(
            (path, tree)
            for path, tree in _sources("koumbit")
            if path.stem in {"formats", "forms", "durations"}
        ),
    ]
    found = []
    for path, tree in near:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                found.append(f"{_where(path, node)} {node.value}")
            if isinstance(node, ast.Name) and node.id == "float" and "seconds:" not in _line(path, node):
                found.append(f"{_where(path, node)} float")
    assert found == []
    assert [
        field for model in OURS for field in model._meta.get_fields() if isinstance(field, models.FloatField)
    ] == []


def _line(path: Path, node: ast.AST) -> str:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()[node.lineno - 1]


def test_cents_are_rounded_in_one_module():
    """A clock's seconds may be rounded where they are said."""
    found = {
        str(path)
        for path, tree in _sources("payroll", "timesheets", "members")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and "seconds" not in _line(path, node)
        and (
            (isinstance(node.func, ast.Name) and node.func.id == "round")
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "quantize")
        )
    }
    assert found == {"payroll/deductions/money.py"}


def test_only_the_hourly_rate_prices_an_hour():
    """One rate for everyone: a stub's line keeps a copy of it; an estimate or a budget is nobody's price."""
    priced = re.compile(r"rate|price|premium|multiplier|wage|salary|bonus|coefficient|factor|amount_per")
    found = {
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.Field) and priced.search(field.name)
    }
    assert found <= {"payroll.StubLine.rate"}
    decimals = {
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.DecimalField) and model._meta.app_label != "payroll"
    }
    published = {
        f"roles.PublishedRating.{name}" for name in ("points", "mean", "lowest", "highest", "spread", "gap")
    }
    # Points of ratings, the width of the band around their mean, what an objective aims at: nobody's money.
    aims = {"members.Objective.target", "members.ObjectiveChange.target", "members.ObjectiveReading.value"}
    assert decimals - published - aims - {"roles.Proposal.band"} == {
        "members.Cooperative.yearly_payroll",
        "members.Cooperative.share_value",
        "members.ShareEntry.amount",
        "timesheets.Project.budget_dollars",
    }


# The database -------------------------------------------------------------------------------------


def _our_migrations() -> list[migrations.Migration]:
    loader = MigrationLoader(None)
    return [migration for (app, _name), migration in loader.disk_migrations.items() if app in PACKAGES]


def test_migrations_are_named():
    assert [str(m) for m in _our_migrations() if re.search(r"_auto_|_initial$|_\d{8}|^\d{4}$", m.name)] == []


def test_migrations_can_be_undone():
    assert [str(m) for m in _our_migrations() for operation in m.operations if not operation.reversible] == []


@pytest.mark.django_db
def test_triggers_are_always_enabled():
    """Not even a session in replica mode walks past a refusal. (TRUNCATE is tried in `test_security`.)"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE '%\\_is\\_kept' "
            "AND tgrelid::regclass::text NOT LIKE 'procrastinate\\_%'"  # the queue's own
        )
        triggers = cursor.fetchall()
    assert {name for name, _enabled in triggers} >= {"members_journal_chain", "payroll_paystub_is_final"}
    # Those that refuse TRUNCATE sleep in the test database (see conftest).
    assert [name for name, enabled in triggers if enabled != "A" and not name.endswith("_is_kept")] == []


def test_rows_are_protected_by_default():
    """A row that others point to is not carried away with them."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    }
    # What was asked about a line is read after the line was taken away.
    assert found == {"timesheets.LineMessage.entry"}


# Templates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_holds_no_script_or_style_and_names_its_headers(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert [tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag] == []
    assert [tag for tag in re.findall(r"<th\b[^>]*>", text) if "scope=" not in tag] == []
    assert [tag for tag in re.findall(r"<img\b[^>]*>", text) if "alt=" not in tag] == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//[^\"]*\"", text) == []
    assert re.findall(r"\|safe\b|autoescape off", text) == []


def test_parts_are_given_only_what_they_need():
    found = [
        f"{path.relative_to(ROOT)}: {tag}"
        for path in TEMPLATES
        for tag in re.findall(
            r"{% include \"(?:page|parts)/[^%]* with [^%]*%}", path.read_text(encoding="utf-8")
        )
        if not tag.endswith(" only %}")
    ]
    assert found == []


def test_form_in_a_part_is_handed_its_token():
    """A part included alone sees only what it is given: without the token, its button would be refused."""
    includes = re.compile(r'{% include "([^"]+)"([^%]*)%}')
    texts = {
        str(path.relative_to(ROOT / "templates")): path.read_text(encoding="utf-8") for path in TEMPLATES
    }

    def posts(name: str, above: tuple[str, ...] = ()) -> bool:
        text = texts.get(name, "")
        inner = [part for part, _given in includes.findall(text) if part not in above]
        return "{% csrf_token %}" in text or any(posts(part, (*above, name)) for part in inner)

    forgotten = [
        f"{path} -> {part}"
        for path, text in texts.items()
        for part, given in includes.findall(text)
        if " only" in given and "csrf_token" not in given and posts(part)
    ]
    assert forgotten == []


def test_what_others_wrote_comes_with_its_licence():
    vendored = [folder for folder in (ROOT / "koumbit/static/vendor").iterdir() if folder.is_dir()]
    assert vendored
    assert [folder.name for folder in vendored if not list(folder.glob("LICEN[CS]E*"))] == []
    fonts = {path.stem.split("-")[0] for path in (ROOT / "koumbit/static/fonts").glob("*.woff2")}
    licences = {
        path.stem.removeprefix("LICENSE-").split("-")[0]
        for path in (ROOT / "koumbit/static/fonts").glob("LICENSE*")
    }
    assert fonts <= licences


def test_licence_of_the_product_is_whole():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU AFFERO GENERAL PUBLIC LICENSE\n                       Version 3, 19 November 2007" in text
    assert "13. Remote Network Interaction" in text
    assert text.rstrip().endswith("<https://www.gnu.org/licenses/>.")


# Both languages --------------------------------------------------------------------------------------


def test_canadian_french_is_there():
    assert (ROOT / "koumbit/locale/fr_CA/LC_MESSAGES/django.po") in CATALOGS
    assert {path.parent.parent.name for path in CATALOGS} == {"fr_CA"}


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: str(path.relative_to(ROOT / "koumbit")))
def test_catalog_is_complete_and_compiled(path):
    catalog = polib.pofile(str(path))
    assert [entry.msgid for entry in catalog.untranslated_entries()] == []
    assert [entry.msgid for entry in catalog.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalog.obsolete_entries()] == []
    assert catalog.to_binary() == path.with_suffix(".mo").read_bytes(), "run: make messages"


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: str(path.relative_to(ROOT / "koumbit")))
def test_translations_keep_the_blanks_to_fill(path):
    blank = re.compile(r"%\(\w+\)[a-z]|{\w*}")
    for entry in polib.pofile(str(path)):
        asked = set(blank.findall(entry.msgid)) | set(blank.findall(entry.msgid_plural))
        for translation in (entry.msgstr, *entry.msgstr_plural.values()):
            if translation:
                assert set(blank.findall(translation)) <= asked, entry.msgid
        if not entry.msgid_plural:
            assert set(blank.findall(entry.msgstr)) == asked, entry.msgid


def test_no_sentence_hides_in_an_f_string():
    """xgettext does not look inside: the sentence would stay in English."""
    marks = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
    hidden = [
        _where(path, call)
        for path, tree in _sources(*PACKAGES)
        for text in ast.walk(tree)
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) in marks
    ]
    assert hidden == []


def test_every_sentence_of_the_code_is_in_the_catalog(tmp_path):
    """Gathered anew from a copy of the sources; needs xgettext."""
    if shutil.which("xgettext") is None:
        pytest.skip("no xgettext: sudo apt-get install -y gettext")
    for name in (*PACKAGES, "templates", "manage.py"):
        source = ROOT / name
        if source.is_file():
            shutil.copy(source, tmp_path / name)
        else:
            shutil.copytree(
                source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "vendor", "*.mo")
            )
    (tmp_path / "koumbit" / "locale").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "fr_CA", "--no-wrap", "--no-location"],
        cwd=tmp_path,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "koumbit.settings", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    kept = ROOT / "koumbit/locale/fr_CA/LC_MESSAGES/django.po"
    assert kept.exists(), "run: make messages"
    gathered = polib.pofile(str(tmp_path / kept.relative_to(ROOT)))
    missing = {_key(entry) for entry in gathered if not entry.obsolete} - {
        _key(e) for e in polib.pofile(str(kept))
    }
    assert missing == set(), "run: make messages"


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid
