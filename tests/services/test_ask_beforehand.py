from pathlib import Path
from typing import Any

import pytest

from ccswitch_py.core.errors import BadInput
from ccswitch_py.core.paths import Paths
from ccswitch_py.probe.prompt import Image, Prompt
from ccswitch_py.services.ask import plan_prompt, read_image
from tests.support.home import KEY_VARIABLE, add_profile
from tests.support.probing import KEY

PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n....",
    "image/jpeg": b"\xff\xd8\xff\xe0....",
    "image/gif": b"GIF89a....",
    "image/webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": " \n"}, "empty"),
        ({"text": "\udcff"}, "UTF-8"),
        ({"system": "\udcff"}, "system prompt"),
        ({"max_tokens": 0}, "--max-tokens"),
        ({"temperature": 1.01}, "from 0 to 1"),
        ({"temperature": -0.1}, "from 0 to 1"),
        ({"temperature": float("nan")}, "from 0 to 1"),
        ({"temperature": float("inf")}, "from 0 to 1"),
    ],
)
def test_what_no_gateway_takes_is_refused_before_anything_is_sent(values: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput) as refused:
        Prompt(**{"text": "hello", **values})
    assert words in str(refused.value)


@pytest.mark.parametrize("media_type", PICTURES)
def test_pictures_are_known_by_how_they_begin(tmp_path: Path, media_type: str) -> None:
    file = tmp_path / "any.name"
    file.write_bytes(PICTURES[media_type])
    assert read_image(str(file)) == Image(media_type, PICTURES[media_type])


def test_what_is_no_picture_to_be_sent_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "big.png").write_bytes(PICTURES["image/png"] + bytes(5 * 1024 * 1024))
    reasons = {
        "text.png": "not a supported image",
        "empty.png": "not a supported image",
        "big.png": "larger than 5 MB",
        "gone.png": "no such file",
        "": "not a regular file",
        "text.png/inside": "not a directory",
        "nul\x00": "cannot be read",
    }
    for name, reason in reasons.items():
        with pytest.raises(BadInput) as refused:
            read_image(f"{tmp_path}/{name}")
        assert reason in str(refused.value)


def test_role_and_model_choose_whom_to_ask(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    add_profile(paths, "work")
    assert plan_prompt(paths, "work")[1] == "work-main"
    assert plan_prompt(paths, "work", role="haiku")[1] == "work-haiku"
    assert plan_prompt(paths, "work", model="any/other")[1] == "any/other"
    for choice, words in (({"role": "fable"}, "main, haiku, sonnet, opus"), ({"model": "a b"}, "model id")):
        with pytest.raises(BadInput) as refused:
            plan_prompt(paths, "work", **choice)
        assert words in str(refused.value)
    assert plan_prompt(paths, "work")[0].timeouts.whole_s == 600.0
