# SPDX-License-Identifier: Apache-2.0
"""Steps of migrations that a new platform takes quickly. Django describes every model anew after each step of its own,
which for a hundred models took most of a new platform's first seconds."""

from collections.abc import Callable, Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Statements = Callable[[str], Sequence[str]]
"""What is to be executed, for a database's name in Django: ``sqlite`` or ``postgresql``."""


class CreateModels(Operation):
    """Create the tables of several models; none of them may need a later one."""

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # described once, when all are known
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for each in reversed(self.models):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"


class Execute(Operation):
    """Execute statements that change no model, and others to take them back."""

    def __init__(self, forwards: Statements, backwards: Statements) -> None:
        self.forwards, self.backwards = forwards, backwards

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing that Django knows of changes."""

    def database_forwards(
        self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: ProjectState
    ) -> None:
        _execute(self.forwards, schema_editor)

    def database_backwards(
        self, _app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_states: ProjectState
    ) -> None:
        _execute(self.backwards, schema_editor)

    def describe(self) -> str:
        return "Execute statements"


def _execute(statements: Statements, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in statements(editor.connection.vendor):
        # With no parameters given, a percent sign in the statement is only a percent sign.
        editor.execute(statement, params=None)
