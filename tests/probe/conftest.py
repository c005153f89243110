from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ccswitch_py.core import language
from tests.support.pseudo_language import Spoken, write_pseudo_language


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locale")
    write_pseudo_language(folder)
    return folder


@pytest.fixture
def speaking(catalogues: Path) -> Spoken:
    """Speaks a language for a while: English, or the one of which every text is in brackets."""

    @contextmanager
    def spoken(wanted: str) -> Generator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CCSWITCH_LANG", wanted)
            patch.setattr(language, "FOLDER", str(catalogues))
            patch.setattr(language, "_translations", None)
            yield

    return spoken
