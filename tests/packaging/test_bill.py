import json

from packaging.utils import canonicalize_name

from tests.support.locks import LOCKS, ROOT, locked

BILL = json.loads((LOCKS / "ccswitch.cdx.json").read_text())


def test_the_bill_lists_exactly_what_ccswitch_needs_on_any_system() -> None:
    listed = {(canonicalize_name(one["name"]), one["version"]) for one in BILL["components"]}
    assert listed == {(one.name, one.version) for one in locked("run")}
    assert len(BILL["components"]) == len(listed)


def test_the_bill_has_what_a_reader_of_cyclonedx_expects() -> None:
    assert (BILL["bomFormat"], BILL["specVersion"], BILL["version"]) == ("CycloneDX", "1.6", 1)
    whole = BILL["metadata"]["component"]
    assert (whole["type"], whole["name"]) == ("application", "ccswitch")
    assert f'version = "{whole["version"]}"' in (ROOT / "pyproject.toml").read_text()
    for one in BILL["components"]:
        purl = f"pkg:pypi/{one['name'].lower().replace('_', '-')}@{one['version']}"
        assert one["type"] == "library" and one["purl"] == purl and one["licenses"]


def test_every_component_of_the_bill_is_reached_from_ccswitch() -> None:
    needs = {one["ref"]: one.get("dependsOn", []) for one in BILL["dependencies"]}
    reached, waiting = set[str](), [BILL["metadata"]["component"]["bom-ref"]]
    while waiting:
        reference = waiting.pop()
        if reference not in reached:
            reached.add(reference)
            waiting += needs[reference]
    assert reached == needs.keys()


def test_the_bill_has_nothing_that_differs_from_one_making_to_the_next() -> None:
    assert "serialNumber" not in BILL and "timestamp" not in BILL["metadata"]
