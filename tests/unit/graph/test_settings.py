"""Settings come from flags, then the environment, then the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from peelgraph.graph.errors import UsageError
from peelgraph.graph.settings import Settings, settings_from


def test_flags_win_over_environment_over_defaults() -> None:
    """An operator's flag is the last word."""
    environment = {"PEELGRAPH_PORT": "9000", "PEELGRAPH_DATA": "/srv/d", "PEELGRAPH_TIMEOUT": "2.5"}
    settings = settings_from(environment, port=9001, host=None)
    assert settings.port == 9001
    assert settings.data == Path("/srv/d")
    assert settings.timeout == pytest.approx(2.5)
    assert settings.host == Settings().host


def test_a_wrong_value_names_its_variable() -> None:
    """Which of fourteen variables is wrong is what the operator needs to know."""
    with pytest.raises(UsageError, match="PEELGRAPH_PORT"):
        settings_from({"PEELGRAPH_PORT": "eighty"})
