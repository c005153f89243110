"""Each target has a page, whose facts and example are those of the code."""

from pathlib import Path

import pytest

from ccswitch_py.targets.registry import TARGETS
from tests.support.target_pages import overview, page_of, with_generated

FOLDER = Path(__file__).parents[2] / "docs" / "targets"


@pytest.mark.parametrize("target_id", [*TARGETS])
def test_the_page_of_a_target_is_up_to_date(target_id: str) -> None:
    page = (FOLDER / page_of(TARGETS[target_id])).read_text()
    assert with_generated(page, TARGETS[target_id]) == page, "run `make pages`"


def test_the_overview_is_up_to_date_and_no_page_is_of_nothing() -> None:
    assert (FOLDER / "README.md").read_text() == overview(list(TARGETS.values()))
    assert {page.name for page in FOLDER.glob("*.md")} == {"README.md", *map(page_of, TARGETS.values())}
