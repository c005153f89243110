import ast
from pathlib import PurePosixPath

import pytest
from babel.messages.catalog import Message

from scripts.catalogue import template
from tests.support.texts import Marked, marked, modules, placeholders, unmarked

NOT_YET = {
    "model/meanings.py",
    "probe/asked.py",
    "probe/asker.py",
    "probe/beforehand.py",
    "probe/checks/cache.py",
    "probe/checks/claude_code.py",
    "probe/checks/count_tokens.py",
    "probe/checks/image.py",
    "probe/checks/recovery.py",
    "probe/checks/shape.py",
    "probe/checks/table.py",
    "probe/checks/tools.py",
    "probe/classify.py",
    "probe/describe.py",
    "probe/judgement.py",
    "probe/ladder.py",
    "probe/near_ids.py",
    "probe/prompt.py",
    "probe/received.py",
    "probe/refusals.py",
    "probe/report.py",
    "probe/request.py",
    "probe/rungs.py",
    "probe/streamed.py",
    "probe/trouble.py",
    "probe/usage.py",
    "probe/wire.py",
    "tui/screens/setup.py",
    "tui/screens/setup_form.py",
    "tui/screens/setup_test.py",
    "tui/screens/setup_words.py",
}
"""Modules whose texts are still English only; this set may only get smaller."""

NEVER = (
    "gateway/",  # it answers as the API does
    "cli/verbs/completion.py",  # its long texts are scripts
)
FOR_OTHERS = {
    "jobs/real_claude.py": {"Answer with the word ready."},  # a model is asked this
    "vault/pass_store.py": {"pass"},  # the name of a program
}
CHECKED = [module for module in modules() if not module.startswith(NEVER)]
MARKED = [one for module in modules() for one in marked(module)]


@pytest.mark.parametrize("module", [module for module in CHECKED if module not in NOT_YET])
def test_what_a_user_can_read_is_marked_for_translation(module: str) -> None:
    assert not [str(text) for text in unmarked(module, allowed=FOR_OTHERS.get(module, ()))]


@pytest.mark.parametrize("module", sorted(NOT_YET))
def test_a_module_whose_texts_are_all_marked_is_not_waited_for(module: str) -> None:
    assert unmarked(module, allowed=FOR_OTHERS.get(module, ()))


def test_a_text_stands_in_the_code_as_a_whole() -> None:
    for one in MARKED:
        for text in one.texts:
            assert isinstance(text, ast.Constant) or (one.name == "tr" and is_from_a_table(text)), str(one)


def test_only_tables_are_marked_to_be_translated_later() -> None:
    assert not [str(one) for one in MARKED if one.name == "later" and one.in_function]
    assert not [str(one) for one in MARKED if one.name != "later" and not one.in_function and not is_language(one)]


def test_each_value_in_a_text_has_a_name_and_each_name_a_value() -> None:
    for one in MARKED:
        given = {keyword.arg for keyword in one.call.keywords} | ({"count"} if one.name == "tr_count" else set())
        for text in one.texts:
            if isinstance(text, ast.Constant):
                assert needed(text.value) <= given if given else not needed(text.value) or one.name == "later", str(one)
        if one.name == "tr" and isinstance(one.texts[0], ast.Constant):
            assert needed(one.texts[0].value) == given, str(one)


def test_a_text_names_its_values_plainly() -> None:
    for one in MARKED:
        for text in one.texts:
            if isinstance(text, ast.Constant):
                assert all(name.isidentifier() for name in needed(text.value)), str(one)


def test_the_catalogue_gets_every_marked_text() -> None:
    found = {text for message in template() for text in ids_of(message)} - {""}
    written = {text.value for one in MARKED for text in one.texts if isinstance(text, ast.Constant)}
    assert found == written


def ids_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def needed(text: str) -> set[str]:
    """The values that a text has gaps for; one with other braces is a text without gaps."""
    try:
        names = placeholders(text)
    except ValueError:
        return set()
    return set() if any(name.strip() != name for name in names) else names


def is_from_a_table(text: ast.expr) -> bool:
    return isinstance(text, ast.Name | ast.Attribute | ast.Subscript | ast.Call)


def is_language(one: Marked) -> bool:
    return PurePosixPath(one.module).name == "language.py"
