import os
import subprocess
import sys

import pytest

from ccswitch_py.core.language import chosen_language

LOCALE_VARIABLES = ("CCSWITCH_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def test_our_own_variable_comes_before_the_locale() -> None:
    assert chosen_language({"CCSWITCH_LANG": "en", "LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert chosen_language({"CCSWITCH_LANG": "zh_CN", "LC_ALL": "en_US.UTF-8", "LANGUAGE": "en"}) == "zh_CN"


def test_the_locale_is_taken_from_its_variables_in_their_order() -> None:
    assert chosen_language({"LC_ALL": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB.UTF-8", "LANG": "en_US.UTF-8"}) == "zh_CN"
    assert chosen_language({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}) == "zh_CN"
    assert chosen_language({"LC_MESSAGES": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert chosen_language({"LANG": "zh_CN.UTF-8"}) == "zh_CN"


def test_an_empty_variable_counts_as_not_set() -> None:
    assert chosen_language({"CCSWITCH_LANG": "", "LC_ALL": "", "LANG": "zh_CN.UTF-8"}) == "zh_CN"


def test_of_several_wished_languages_the_first_that_we_speak_is_taken() -> None:
    assert chosen_language({"LANGUAGE": "de:zh_CN:en", "LANG": "de_DE.UTF-8"}) == "zh_CN"
    assert chosen_language({"LANGUAGE": "de:en:zh_CN", "LANG": "de_DE.UTF-8"}) == "en"


@pytest.mark.parametrize(
    "wish", ["zh", "zh_CN", "zh-CN", "zh_CN.UTF-8", "zh_SG", "zh_Hans", "zh-Hans-CN", "ZH_cn@pinyin"]
)
def test_simplified_chinese_has_many_names(wish: str) -> None:
    assert chosen_language({"CCSWITCH_LANG": wish}) == "zh_CN"
    assert chosen_language({"LANG": wish}) == "zh_CN"


@pytest.mark.parametrize("wish", ["zh_TW", "zh_TW.UTF-8", "zh_HK", "zh_MO", "zh_Hant", "zh-Hant-TW"])
def test_who_reads_traditional_chinese_gets_english_and_no_other_chinese(wish: str) -> None:
    assert chosen_language({"LANG": wish}) == "en"


@pytest.mark.parametrize("wish", ["C", "POSIX", "C.UTF-8", "de_DE.UTF-8", "fr", "x", "zhuyin", "", "/usr/share/locale"])
def test_what_we_do_not_speak_is_english(wish: str) -> None:
    assert chosen_language({"LANG": wish}) == "en"


def test_in_the_locale_c_a_list_of_languages_does_not_count() -> None:
    assert chosen_language({"LANGUAGE": "zh_CN", "LC_ALL": "C"}) == "en"
    assert chosen_language({"LANGUAGE": "zh_CN", "LANG": "C.UTF-8"}) == "en"


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"LANG": "C"},
        {"LANG": "fr_FR.UTF-8"},
        {"CCSWITCH_LANG": "en", "LANG": "zh_CN.UTF-8"},
        {"LC_ALL": "zh_TW.UTF-8"},
    ],
)
def test_the_program_speaks_english_and_loads_no_catalogue_for_it(environ: dict[str, str]) -> None:
    said, loaded = said_and_loaded(environ, "--help")
    assert "usage: ccswitch" in said and "list the profiles and where each is active" in said
    assert "gettext" not in loaded


def test_the_program_loads_the_catalogue_of_another_language() -> None:
    _, loaded = said_and_loaded({"LANG": "zh_CN.UTF-8"}, "--help")
    assert "gettext" in loaded


def said_and_loaded(environ: dict[str, str], *argv: str) -> tuple[str, set[str]]:
    """What ``ccswitch`` prints with these locale variables, and the modules that it has loaded by then."""
    code = f"import sys, ccswitch_py.cli.main as m; m.main({list(argv)!r}); print(*sys.modules, file=sys.stderr)"
    clean = {name: value for name, value in os.environ.items() if name not in LOCALE_VARIABLES}
    command = [sys.executable, "-X", "utf8", "-c", code]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env={**clean, **environ}, check=True)
    return done.stdout, set(done.stderr.split())
