"""How many examples each property is tried on: few, and many with ``--soak``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

EXAMPLES = 60
SOAK_EXAMPLES = 2000


def pytest_configure(config: pytest.Config) -> None:
    """Load the profile of the run, in every worker."""
    settings.register_profile("quick", max_examples=EXAMPLES, deadline=None)
    settings.register_profile("soak", max_examples=SOAK_EXAMPLES, deadline=None)
    settings.load_profile("soak" if config.getoption("--soak") else "quick")
