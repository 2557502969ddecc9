"""The code itself: imports, migrations, what only one module may do, files of one job."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parent.parent.parent
APPS = ("access", "municipalities", "meetings", "cases", "plans", "reports", "ssp")
SOURCES = sorted(path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)
# what reaches round the ORM's walls or the log, and the modules that may
BANNED = {
    "raw": {"access/log.py"},
    "extra": set(),
    "_base_manager": set(),
    "bulk_update": {"access/logged.py"},
    "disable_auditlog": set(),
    "StreamingHttpResponse": set(),
    "FileResponse": set(),
    "get_objects_for_user": set(),
    "assign_perm": set(),
    "mark_safe": {"access/templatetags/page.py", "access/templatetags/icons.py", "access/form_renderer.py"},
    "csrf_exempt": set(),
    "export_actor": {"municipalities/exporting.py"},  # reads everything of a tenant
    "is_export": {"access/actor.py", "municipalities/exporting.py"},
    "public_tenant_id": {"access/actor.py", "plans/cooperation.py", "meetings/public_minutes.py"},
}
SQL_MODULES = {
    "access/actor.py", "access/context.py", "access/log.py", "access/notify.py", "access/checks.py", "access/tasks.py", "municipalities/actions.py", "ssp/health.py",
}  # fmt: skip
# `update(name=…)` of what has no line in the log (a count, when a feed was fetched), of a dictionary, or where the line is written beside it
UPDATERS = {"access/logged.py", "cases/rows.py", "meetings/feed.py", "meetings/agreement_forms.py", "plans/function_views.py"}
DRAWERS = {"utils", "helpers", "common", "core", "services", "managers", "signals", "misc"}


def test_import_layers():
    done = subprocess.run([Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_migration_is_missing(db):
    call_command("makemigrations", "--check", "--dry-run", "--verbosity", "0")


def test_rows_that_tie_keep_their_order():
    """Two of one day or one name: without a last word the database orders them anew each time."""
    ours = [model for model in apps.get_models() if model._meta.app_label in set(APPS) - {"access"} and model._meta.ordering]  # the log's order is django-auditlog's
    assert len(ours) > 30
    assert [model.__name__ for model in ours if model._meta.ordering[-1] not in ("pk", "-pk")] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_listed_modules_reach_round_the_walls(path):
    name = str(path.relative_to(ROOT))
    tree = ast.parse(path.read_text())
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {"raw", "extra"}  # methods, as names they are harmless
    words |= {alias.name.split(".")[-1] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for alias in node.names}
    wrong = [word for word, allowed in BANNED.items() if word in words and name not in allowed]
    assert wrong == [], f"{wrong} is for {[BANNED[word] for word in wrong]} alone"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sql_stands_in_few_modules(path):
    name = str(path.relative_to(ROOT))
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute) and node.attr == "cursor"]
    assert not calls or name in SQL_MODULES or name in {"reports/figures.py", "meetings/search.py"}, "Use the ORM; SQL is for the walls and the definer functions"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_rows_are_not_changed_past_the_log(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "update" and node.keywords]
    assert not calls or str(path.relative_to(ROOT)) in UPDATERS, "Rows that are changed by `update` have no line in the log: save them, or `access.logged.change_together`"


def test_no_drawer_modules():
    assert [str(path) for path in SOURCES if path.stem in DRAWERS] == [], "Name the module after its one job"


def test_files_have_one_job():
    long = {str(path.relative_to(ROOT)): lines for path in SOURCES if (lines := path.read_text().count("\n")) > 300}
    assert long == {}, "Split the file: one room, one job"


def test_public_names_are_explained():
    silent = []
    for path in SOURCES:
        for node in ast.parse(path.read_text()).body:
            is_public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if is_public and not ast.get_docstring(node) and not node.name.endswith("Config"):
                silent.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert silent == [], "A docstring says what goes in and out, errors and side effects"
