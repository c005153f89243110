import pytest

from ccswitch_py.model.key_ref import KeyRef

FORMS = ["work", {"name": "work", "item": "work/1a2b"}, {"env": "WORK_KEY"}, {"command": ["op", "read", "op://a/b"]}]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_form_is_read_and_written_as_it_was(form: object) -> None:
    assert KeyRef.from_json(form).as_json() == form


@pytest.mark.parametrize(
    "form",
    [{}, "", None, 7, {"command": []}, {"command": ["op", 7]}, {"env": 7}, {"env": "A", "name": "b"}, {"item": "b/1"}],
    ids=str,
)
def test_a_form_that_is_not_known_is_refused(form: object) -> None:
    with pytest.raises(ValueError, match="should be a key name"):
        KeyRef.from_json(form)


@pytest.mark.parametrize(
    ("form", "shown", "words"),
    [
        ("work", "work", "keyring: work"),
        ({"name": "work", "item": "work/1a2b"}, "work", "keyring: work"),
        ({"env": "WORK_KEY"}, {"env": "WORK_KEY"}, "from $WORK_KEY"),
        ({"command": ["op"]}, {"command": ["op"]}, "from op"),
        ({"command": ["op", "read", "op://a/b"]}, {"command": ["op", "…"]}, "from op"),
    ],
)
def test_neither_the_item_nor_the_arguments_of_a_command_are_shown(form: object, shown: object, words: str) -> None:
    ref = KeyRef.from_json(form)
    assert (ref.public_json(), ref.describe()) == (shown, words)
    assert "op://a/b" not in repr(ref)
    assert "1a2b" not in repr(ref)
