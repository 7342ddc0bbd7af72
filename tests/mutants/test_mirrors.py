"""Each pure module has tests that ought to notice when it changes."""

import pytest

from tests.mutants.mirrors import REPOSITORY, SUBJECTS, mirrors
from tests.test_architecture import MODULES, PURE


@pytest.mark.parametrize("module", PURE.split())
def test_a_pure_module_has_tests(module: str) -> None:
    """Of its own name in the mirrored tree, or of its subject."""
    found = mirrors(module)

    assert found
    assert len(set(found)) == len(found)
    assert all((REPOSITORY / path).is_file() for path in found)


def test_the_table_names_modules() -> None:
    """None that has gone."""
    assert set(SUBJECTS) - set(MODULES) == set()
