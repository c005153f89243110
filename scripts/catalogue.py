"""``make catalogue``: bring the catalogue of each language up to date with the code, and compile it.

Texts that are new stand in it without a translation; a test holds that none is missing.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parent.parent / "ccswitch_py"
KEYWORDS = {"_": None, "ngettext": (1, 2), "N_": None}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
WIDTH = 0
"""Long texts on one line each: a line break in a sentence would make each correction look like three."""


def template() -> Catalog:
    """All texts of the code."""
    catalog = Catalog(project="ccswitch")
    found = extract_from_dir(PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS, comment_tags=())
    for file, _line, message, _comments, context in found:
        catalog.add(message, locations=[(Path(file).as_posix(), 0)], context=context)
    return catalog


def catalogue_files() -> list[Path]:
    """The catalogue of each language."""
    return sorted((PACKAGE / "core" / "locale").glob("*/LC_MESSAGES/ccswitch.po"))


def compile_catalogue(po: Path) -> None:
    """Write the form that the program reads, beside it."""
    with po.open("rb") as source, po.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(source))


def main() -> None:
    """Update and compile all."""
    texts = template()
    for po in catalogue_files():
        language = po.parent.parent.name
        with po.open("rb") as source:
            catalog = read_po(source, locale=language)
        catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        with po.open("wb") as target:
            target.write(HEADER.format(language=language, plural=catalog.plural_forms).encode())
            write_po(target, catalog, width=WIDTH, sort_output=True, include_lineno=False, omit_header=True)
        compile_catalogue(po)
        missing = sum(1 for message in catalog if message.id and not all(_strings(message.string)))
        print(f"{language}: {len(catalog)} texts, {missing} without a translation")


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """The translations of a text; one that is new has none yet."""
    return [string] if isinstance(string, str) else list(string or [""])


if __name__ == "__main__":
    main()
