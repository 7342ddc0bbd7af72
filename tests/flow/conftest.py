"""What the tests of the flow share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sitegen.flow.session import Session
from tests.flow.builds import Builds


@pytest.fixture(params=[True, False], ids=["one process", "new processes"])
def builds(request: pytest.FixtureRequest) -> Iterator[Builds]:
    """Return builds by a process that lasts, and by a new one each."""
    made = Builds(lasting=request.param)
    yield made
    if made.session:
        made.session.close()


@pytest.fixture(params=[False, True], ids=["new process", "session"])
def kept(request: pytest.FixtureRequest) -> Iterator[Session | None]:
    """A session that goes on, or none."""
    if not request.param:
        yield None
        return
    with Session() as session:
        yield session
