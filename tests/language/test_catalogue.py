import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from scripts.catalogue import catalogue_files, template
from tests.support.texts import placeholders

PERCENT = re.compile(r"%(?:\(\w+\))?[a-z]")
"""The gaps of argparse's own texts."""


@pytest.fixture(params=catalogue_files(), ids=lambda po: po.parent.parent.name)
def po(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def catalogue(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name)


def test_there_is_a_catalogue() -> None:
    assert [po.parent.parent.name for po in catalogue_files()] == ["zh_CN"]


def test_no_text_lacks_its_translation(catalogue: Catalog) -> None:
    there = {ids_of(message) for message in texts_of(catalogue)}
    assert not sorted({ids_of(message) for message in texts_of(template())} - there)
    assert not [message.id for message in texts_of(catalogue) if not all(strings_of(message))]


def test_no_translation_is_of_a_text_that_is_no_more(catalogue: Catalog) -> None:
    asked_for = {ids_of(message) for message in texts_of(template())}
    assert not sorted({ids_of(message) for message in texts_of(catalogue)} - asked_for)
    assert not catalogue.obsolete


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert not [message.id for message in texts_of(catalogue) if message.fuzzy]


def test_a_counted_text_has_each_of_its_forms(catalogue: Catalog) -> None:
    for message in texts_of(catalogue):
        assert len(strings_of(message)) == (catalogue.num_plurals if message.pluralizable else 1), message.id


def test_a_translation_has_the_gaps_of_its_text(catalogue: Catalog) -> None:
    for message in texts_of(catalogue):
        wanted = set().union(*map(gaps, ids_of(message)))
        for translation in filter(None, strings_of(message)):
            assert gaps(translation) == wanted, message.id


def test_what_the_program_reads_is_compiled_from_the_catalogue(po: Path) -> None:
    with po.open("rb") as file, po.with_suffix(".mo").open("rb") as compiled:
        written, read = read_po(file), read_mo(compiled)
    assert {ids_of(message): strings_of(message) for message in texts_of(read)} == {
        ids_of(message): strings_of(message) for message in texts_of(written) if all(strings_of(message))
    }, "say `make catalogue`"


def texts_of(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def ids_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def gaps(text: str) -> set[str]:
    """What is put into a text; other braces, as of a line of TOML, have to stay as well."""
    try:
        return placeholders(text) | set(PERCENT.findall(text))
    except ValueError:
        return {text}
