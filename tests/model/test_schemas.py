from pathlib import Path

from ccswitch_py.core.paths import SCHEMAS
from tests.support.schemas import schema_files


def test_the_schemas_for_editors_are_up_to_date() -> None:
    made = schema_files()
    assert {file: file.read_text(encoding="utf-8") for file in Path(SCHEMAS).iterdir()} == made, "run `make schemas`"
