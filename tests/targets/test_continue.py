import os
from pathlib import Path

import pytest

from ccswitch_py.cli.main import main
from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.files import write_own_file
from ccswitch_py.core.paths import Paths
from ccswitch_py.services.apply import use
from ccswitch_py.services.endpoints import launch_for
from ccswitch_py.services.launches import load_record
from ccswitch_py.services.run import prepare_run
from tests.support.home import KEY_VARIABLE, add_profile

BASE = "https://a.example/gw"
HEAD = 'schema = 2\nid = "a"\nname = "A"\nsource = "a test"\nchecked = 2026-01-01\n'


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "sk-made-up-of-continue-5d2c9a71")


def serve(paths: Paths, main: str, *protocols: str) -> None:
    auth = {"gemini": "x-goog-api-key"}
    endpoints = [f'[endpoints.{one}]\nbase_url = "{BASE}"\nauth = "{auth.get(one, "bearer")}"\n' for one in protocols]
    write_own_file(f"{paths.providers}/a.toml", (HEAD + "".join(endpoints)).encode())
    add_profile(
        paths, "a", "", provider="a", models={"main": main, "haiku": "gpt-5-mini", "sonnet": main, "opus": main}
    )


@pytest.mark.parametrize(
    ("main", "protocol"), [("gpt-5.4", "responses"), ("o3", "responses"), ("glm-5", "chat"), ("opus", "chat")]
)
def test_the_model_decides_between_responses_and_chat(main: str, protocol: str, paths: Paths) -> None:
    serve(paths, main, "chat", "responses")
    assert launch_for(load_record(paths, "a"), "continue").protocol == protocol


def test_a_gateway_without_the_protocol_of_the_model_is_refused(paths: Paths) -> None:
    serve(paths, "gpt-5.4", "chat")
    with pytest.raises(BadInput, match="Continue needs a messages, responses or gemini endpoint, and A has none"):
        use(paths, "a", ["continue"])


def test_a_model_of_another_protocol_than_the_main_one_is_left_out(paths: Paths) -> None:
    serve(paths, "glm-5", "chat", "responses")
    change = use(paths, "a", ["continue"])
    assert "glm-5" in (change.changes[0].after or "") and "gpt-5-mini" not in (change.changes[0].after or "")


def test_over_gemini_no_key_is_written_and_run_sets_the_address(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://stale.example")
    serve(paths, "gemini-3", "gemini")
    assert main(["edit", "a", "--delivery", "plaintext", "--target", "continue"]) == 0
    with pytest.raises(BadInput, match="to Google") as refused:
        use(paths, "a", ["continue"])
    assert "--delivery environment" in refused.value.hint
    assert main(["edit", "a", "--delivery", "environment", "--target", "continue"]) == 0
    use(paths, "a", ["continue"])
    assert prepare_run(paths, "a", [], "continue").env["GOOGLE_GEMINI_BASE_URL"] == BASE


def test_run_refuses_where_another_model_was_chosen_in_cn(paths: Paths) -> None:
    serve(paths, "glm-5", "chat")
    use(paths, "a", ["continue"])
    assert prepare_run(paths, "a", [], "continue").argv == ["cn"]
    Path(os.environ["HOME"], ".continue", "index", "globalContext.json").write_text('{"cliSelectedModel": "Own"}')
    with pytest.raises(BadInput) as refused:
        prepare_run(paths, "a", [], "continue")
    assert "`ccswitch use a --target continue`" in refused.value.hint
