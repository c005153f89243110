"""Two terminals with two tools and two profiles, at the same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.canaries import Canary
from tests.support.clients import MODEL, PROVIDER, client_home, installed_client
from tests.support.four_protocols import ANSWER, FourProtocols, keys_of, protocol_of
from tests.support.misbehaving import Misbehaving
from tests.support.programs import BIN, claude_code


def test_tools_and_profiles_do_not_mix() -> None:
    """Each tool runs with each profile at once, while both tools use one of them."""
    other = Canary.new()
    with client_home() as one, Misbehaving(FourProtocols(other.key, str(one.project / "note.txt"))) as second:
        provider = PROVIDER.replace('"four"', '"other"').format(base=second.base_url)
        Path(one.environ["CCSWITCH_HOME"], "config", "providers", "other.toml").write_text(provider)
        chosen = ["--provider", "other", "--main", MODEL, "--same-as-main", "--allow-http"]
        one.ccswitch("add", "other", *chosen, "--key-stdin", given=other.key)
        one.ccswitch("use", "work", "--target", "claude-code", "--target", "codex")
        tools = {
            "claude-code": [claude_code(), "-p", "read note.txt"],
            "codex": [
                installed_client("codex", "@openai/codex-*/vendor/*/bin/codex"),
                *("exec", "--skip-git-repo-check", "read note.txt"),
            ],
        }
        terminals = [
            [str(BIN / "ccswitch"), "run", profile, "--target", target, "--", *command]
            for profile in ("work", "other")
            for target, command in tools.items()
        ]
        with ThreadPoolExecutor(len(terminals)) as pool:
            answers = list(pool.map(lambda command: one.run(*command), terminals))
        assert [ANSWER in answer for answer in answers] == [True] * 4, answers
        for gateway, key in ((one.gateway, one.canary.key), (second, other.key)):
            assert {sent for request in gateway.seen for sent in keys_of(request)} == {key}
            assert {protocol_of(request) for request in gateway.seen} - {None} == {"messages", "responses"}
        one.check_disk()
        assert [file for file in other.files_below(one.home) if "keyrings" not in file] == []
