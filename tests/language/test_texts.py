import ast
import re
from pathlib import PurePosixPath

import pytest
from babel.messages.catalog import Message

from scripts.catalogue import template
from tests.support.texts import Marked, marked, modules, placeholders, unmarked

NEVER = (
    "demo/",  # it answers as the API does
    "cli/commands/completion.py",  # its long texts are scripts
)
FOR_OTHERS = {
    "targets/claude_code/real_client.py": {"Answer with the word ready."},  # a model is asked this
    "services/doctor/report.py": {"ccswitch doctor: a report without keys, names, addresses and folders of yours."},
    "vault/backends/password_store.py": {"pass"},  # the name of a program
    "tui/widgets/problem_lines.py": {"hint wrong problem"},  # style classes
    "services/launcher.py": {  # by this line a launcher is recognised
        "# Written by `ccswitch launcher`; remove it with `ccswitch launcher {target} --remove`."
    },
    # What a gateway is asked:
    "probe/client/request.py": {"Count from one to twelve in words."},
    "probe/protocols/responses.py": {"You answer questions of a test."},
    "probe/checks/cache.py": {": the answer to question "},
    "probe/checks/image.py": {"Which number does the picture show? Answer with its digits only."},
    "probe/checks/tools.py": {"Call the tool `", "` with the number 7. Do not answer in words.", "Records a number."},
    "targets/claude_code/request_shape.py": {
        "You answer questions of a test in a few words.",
        "Answer in words.",
        "Not needed for this question.",
        "system as a list",  # codes of parts, which have words of their own
        "a message of the role system",
        "context_management: extra inputs are not permitted",  # what a gateway answers
        "extra inputs are not permitted",
        "long context beta is not yet available",
    },
    # What a gateway or a library says in English:
    "probe/judge/refusals.py": {
        "plain http request was sent to https port",
        "sent an http request to an https server",
        "exceeded your current quota",
        "out of credits?",
        "no available channels?",
        "long context beta",
        "error from provider ?\\(",
        "could not finish the message",
        "supports at most [\\d,]+ (?:output|completion) tokens",
        "no deployments? available",
        "no connected db\\b",
    },
    "probe/client/network_errors.py": {"disconnected without sending"},
    "tui/screens/dialogs.py": {"MY_GATEWAY_KEY", "pass show gateway"},  # what one types there, for example
}
BANNED = re.compile(
    r"\b(?:"
    r"mend(s|ed)?|verb|made-up|a say|put to use|in use: nowhere|(is|are) told|(is|are) gone|is waited for|as it was\.|"
    r"(take|takes|taken|give|gives|given) [^.:;,]*\bback\b|look(s|ed)? (whether|into)|whether .* still|"
    r"say (it with|--)|do this again|there is an? .* already|may go to|the most tokens|cannot be the name|"
    r"has (that|a text) in|nothing here fits|no usable key|not begun|a text in quotes|should print the key, and"
    r")",
    re.IGNORECASE,
)
"""Wordings that CONTRIBUTING and the issues replace, and their kin."""
CHECKED = [module for module in modules() if not module.startswith(NEVER)]
MARKED = [one for module in modules() for one in marked(module)]


@pytest.mark.parametrize("module", CHECKED)
def test_what_a_user_can_read_is_marked_for_translation(module: str) -> None:
    assert not [str(text) for text in unmarked(module, allowed=FOR_OTHERS.get(module, ()))]


def test_a_text_stands_in_the_code_as_a_whole() -> None:
    for one in MARKED:
        for text in one.texts:
            assert isinstance(text, ast.Constant) or (one.name == "_" and is_from_a_table(text)), str(one)


def test_only_tables_are_marked_to_be_translated_later() -> None:
    assert not [str(one) for one in MARKED if one.name == "N_" and one.in_function]
    assert not [str(one) for one in MARKED if one.name != "N_" and not one.in_function and not is_language(one)]


def test_each_value_in_a_text_has_a_name_and_each_name_a_value() -> None:
    for one in MARKED:
        given = {keyword.arg for keyword in one.call.keywords} | ({"count"} if one.name == "ngettext" else set())
        for text in one.texts:
            if isinstance(text, ast.Constant):
                assert needed(text.value) <= given if given else not needed(text.value) or one.name == "N_", str(one)
        if one.name == "_" and isinstance(one.texts[0], ast.Constant):
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


def test_texts_avoid_the_wordings_that_contributing_bans() -> None:
    texts = {text.value for one in MARKED for text in one.texts if isinstance(text, ast.Constant)}
    assert not sorted(text for text in texts if BANNED.search(text))
