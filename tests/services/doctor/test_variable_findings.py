from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from tests.services.doctor.conftest import KEY, Look, Project
from tests.support.home import add_profile, take_out


@pytest.fixture(autouse=True)
def in_use(look: Look, paths: Paths) -> None:
    add_profile(paths, "a")
    use(paths, "a")


def test_without_variables_of_others_there_is_nothing_to_say(look: Look) -> None:
    assert not {one for one in look() if one.startswith(("variable", "two_", "cloud", "settings_changed"))}


def test_a_variable_of_the_shell_that_the_settings_do_not_set_takes_part(look: Look, settings: Path) -> None:
    take_out(settings, "ANTHROPIC_CUSTOM_HEADERS")
    found = look(ANTHROPIC_CUSTOM_HEADERS="x-team: red")["variable_takes_part"]
    assert "ANTHROPIC_CUSTOM_HEADERS" in found.sentence and "`unset ANTHROPIC_CUSTOM_HEADERS`" in found.fix
    assert "variable_takes_part" not in look()


def test_a_credential_of_the_shell_that_goes_to_the_gateway_as_well_is_broken(look: Look, settings: Path) -> None:
    take_out(settings, "ANTHROPIC_CUSTOM_HEADERS")
    found = look(ANTHROPIC_CUSTOM_HEADERS=f"Authorization: Bearer {KEY}")
    assert KEY not in found["credential_takes_part"].sentence and "variable_takes_part" not in found
    assert "credential_takes_part" not in look()


def test_a_variable_of_the_shell_that_the_settings_overrule_is_told_without_its_value(look: Look) -> None:
    found = look(ANTHROPIC_AUTH_TOKEN=KEY)["variable_overruled"]
    assert "ANTHROPIC_AUTH_TOKEN" in found.sentence and KEY[-4:] not in str(found.as_json())
    assert "variable_overruled" not in look()


def test_a_start_file_that_sets_such_a_variable_is_named_with_its_line(
    look: Look, settings: Path, tmp_path: Path
) -> None:
    take_out(settings, "ANTHROPIC_DEFAULT_FABLE_MODEL")
    start = tmp_path / ".zshrc"
    start.write_text(
        "# mine\nexport ANTHROPIC_DEFAULT_FABLE_MODEL=old\nexport ANTHROPIC_BASE_URL=https://old.example\n"
    )
    found = look()
    assert found["variable_in_start_file"].place == "~/.zshrc:2"
    assert found["variable_overruled_in_start_file"].place == "~/.zshrc:3"
    start.write_text("# mine\n")
    assert not {"variable_in_start_file", "variable_overruled_in_start_file"} & set(look())


UNCERTAIN = [
    "glm() {\n  export {}\n}",
    "function glm {\n  export {}\n}",
    "function glm() {\n  export {}\n}",
    "if [ -n x ]; then\n  export {}\nfi",
    "[ -f x ] && export {}",
    "(export {})",
    "{}",
]


@pytest.mark.parametrize("shell", UNCERTAIN)
@pytest.mark.parametrize("variable", ["ANTHROPIC_DEFAULT_FABLE_MODEL=old", "CLAUDE_CODE_USE_VERTEX=1"])
def test_a_line_that_a_start_file_may_not_run_is_told_as_such(
    look: Look, settings: Path, tmp_path: Path, shell: str, variable: str
) -> None:
    take_out(settings, "ANTHROPIC_DEFAULT_FABLE_MODEL")
    (tmp_path / ".zshrc").write_text("# mine\n" + shell.replace("{}", variable))
    found = look()
    may = found["variable_possible_in_start_file"]
    assert variable.partition("=")[0] in may.sentence and "may set" in may.sentence
    assert not {"variable_in_start_file", "variable_overruled_in_start_file", "cloud_chosen"} & set(found)


@pytest.mark.parametrize(
    "text", ["# export {}", "cat <<EOF\nexport {}\nEOF", "echo 'export {}'", "alias c='{} claude'"]
)
def test_what_only_looks_like_setting_a_variable_is_not_told(
    look: Look, settings: Path, tmp_path: Path, text: str
) -> None:
    take_out(settings, "ANTHROPIC_DEFAULT_FABLE_MODEL")
    (tmp_path / ".zshrc").write_text(text.replace("{}", "ANTHROPIC_DEFAULT_FABLE_MODEL=old"))
    assert not {code for code in look() if code.startswith("variable")}


def test_a_function_that_takes_a_variable_back_hides_no_line_that_sets_it(
    look: Look, settings: Path, tmp_path: Path
) -> None:
    name = "ANTHROPIC_DEFAULT_FABLE_MODEL"
    take_out(settings, name)
    (tmp_path / ".zshrc").write_text(f"export {name}=old\nfunction off() {{\n  unset {name}\n}}\n")
    assert look()["variable_in_start_file"].place == "~/.zshrc:1"


def test_a_variable_that_the_settings_override_anyway_is_not_told_where_it_only_may_be_set(
    look: Look, tmp_path: Path
) -> None:
    (tmp_path / ".zshrc").write_text("glm() {\n  export ANTHROPIC_BASE_URL=https://old.example\n}\n")
    assert not {code for code in look() if code.startswith("variable")}


def test_a_placeholder_in_this_shell_is_no_credential(look: Look, settings: Path) -> None:
    take_out(settings, "ANTHROPIC_CUSTOM_HEADERS")
    found = look(ANTHROPIC_CUSTOM_HEADERS="Authorization: Bearer ${GATEWAY_KEY}")
    assert "credential_takes_part" not in found and "variable_takes_part" in found
    assert "credential_takes_part" in look(ANTHROPIC_CUSTOM_HEADERS=f"X-A-Token: <token>\nX-B-Token: {KEY}")


def test_a_cloud_and_a_dead_proxy_that_new_terminals_will_have_are_told(look: Look, tmp_path: Path) -> None:
    with socket.socket() as once:
        once.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{once.getsockname()[1]}"
    (tmp_path / ".bashrc").write_text(f"export CLAUDE_CODE_USE_BEDROCK=1\nexport HTTPS_PROXY={dead}\n")
    found = look()
    assert found["variable_in_start_file"].place == "~/.bashrc:1"
    assert found["proxy_dead"].place == "~/.bashrc:2"


@pytest.mark.parametrize("name", ["BEDROCK", "VERTEX", "FOUNDRY", "MANTLE", "ANTHROPIC_AWS", "ANTHROPIC_GOOGLE_CLOUD"])
def test_a_cloud_that_is_chosen_beats_the_gateway(look: Look, project: Project, name: str) -> None:
    cloud = f"CLAUDE_CODE_USE_{name}"
    assert cloud in look(**{cloud: "1"})["cloud_chosen"].sentence
    assert "cloud_chosen" not in look(**{cloud: "0"})
    project({"env": {cloud: "1"}})
    assert look()["cloud_chosen"].place == "~/project/.claude/settings.json:3"


def test_two_credentials_in_one_file_are_told(look: Look, settings: Path, paths: Paths) -> None:
    content = json.loads(settings.read_text())
    content["env"]["ANTHROPIC_AUTH_TOKEN"] = KEY
    settings.write_text(json.dumps(content))
    found = look()
    assert "apiKeyHelper and ANTHROPIC_AUTH_TOKEN" in found["two_credentials"].sentence
    assert "ANTHROPIC_AUTH_TOKEN" in found["settings_changed_since"].sentence
    use(paths, "a")
    assert not {"two_credentials", "settings_changed_since"} & set(look())
