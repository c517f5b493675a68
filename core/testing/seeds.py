"""Default data after a test that really committed: the flush at its end takes what the migrations had put there."""

from importlib import import_module

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython


def reseed() -> None:
    """Run the data migrations of this project again, in their order, with the models of today."""
    loader = MigrationLoader(connection)
    own = {config.label for config in apps.get_app_configs() if _is_ours(config.name)}
    with transaction.atomic(), connection.schema_editor(atomic=False) as editor:
        for app_label, name in _ordered(loader):
            if app_label in own:
                for operation in loader.get_migration(app_label, name).operations:
                    if isinstance(operation, RunPython):
                        operation.code(apps, editor)


def _is_ours(name: str) -> bool:
    return "." not in name and "site-packages" not in str(import_module(name).__file__)


def _ordered(loader: MigrationLoader) -> list[tuple[str, str]]:
    return loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True)
