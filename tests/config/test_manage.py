"""The command line goes where each command has to."""

import os

import pytest

import manage


@pytest.mark.parametrize(
    ("command", "base"),
    [
        ("sauvegarder", "direct"),
        ("restaurer", "direct"),
        ("migrate", "direct"),
        ("echeances", "bassin"),
        ("shell", "bassin"),
    ],
)
def test_what_needs_postgresql_itself_goes_past_the_pool(monkeypatch, command, base):
    asked = []
    monkeypatch.setenv("DATABASE_URL", "bassin")
    monkeypatch.setenv("RALLYNOV_DIRECT_DATABASE_URL", "direct")
    monkeypatch.setattr("sys.argv", ["manage.py", command, "migrate"])
    monkeypatch.setattr(
        "django.core.management.execute_from_command_line", lambda argv: asked.append(os.environ["DATABASE_URL"])
    )
    manage.main()
    assert asked == [base]


def test_without_another_address_there_is_one(monkeypatch):
    asked = []
    monkeypatch.setenv("DATABASE_URL", "seule")
    monkeypatch.delenv("RALLYNOV_DIRECT_DATABASE_URL", raising=False)
    monkeypatch.setattr("sys.argv", ["manage.py", "migrate"])
    monkeypatch.setattr(
        "django.core.management.execute_from_command_line", lambda argv: asked.append(os.environ["DATABASE_URL"])
    )
    manage.main()
    assert asked == ["seule"]


def test_a_command_looks_for_cycles_less_often_than_python_does(monkeypatch):
    asked = []
    monkeypatch.setattr("gc.set_threshold", asked.append)
    monkeypatch.setattr("sys.argv", ["manage.py", "migrate"])
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda argv: None)
    manage.main()
    assert asked == [manage.OBJECTS]
    assert manage.OBJECTS == 50_000  # Python's own: 700
