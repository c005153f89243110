import re
import sys
from pathlib import Path

import pytest

from ccswitch_py.cli.main import COMMANDS as CLI_COMMANDS
from ccswitch_py.model.diagnosis import Diagnosis
from ccswitch_py.model.doctor_finding import FindingKind
from ccswitch_py.probe.diagnosis_texts import ADVICE, CAUSES
from ccswitch_py.probe.protocols.messages import MESSAGES
from ccswitch_py.probe.protocols.responses import RESPONSES
from ccswitch_py.services.doctor import examination, folders, keyring, leftovers, own_files
from ccswitch_py.targets import file_findings, key_command_findings
from ccswitch_py.targets.claude_code.findings import AREAS
from ccswitch_py.targets.claude_code.owned_entries import OWNED
from ccswitch_py.targets.claude_code.request_shape import ClaudeCodeShape
from ccswitch_py.tui.screens.home.screen import COMMANDS

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def test_the_page_of_diagnoses_says_what_the_program_says() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", (ROOT / "docs" / "diagnoses.md").read_text(), re.M)
    gaps = {"tool": "Claude Code", "profile": "PROFILE", "protocol": MESSAGES.name, "family": MESSAGES.family}
    of_codex = {Diagnosis.WRONG_PROTOCOL: {"tool": "Codex", "protocol": RESPONSES.name}}
    advice = {**ADVICE, **ClaudeCodeShape.advice}
    assert rows == [
        (code.value, *(text.format(**{**gaps, **of_codex.get(code, {})}) for text in (cause, advice.get(code, ""))))
        for code, cause in CAUSES.items()
    ]


def test_the_page_of_the_doctor_says_what_the_doctor_says() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", (ROOT / "docs" / "doctor.md").read_text(), re.M)
    of_targets = (sys.modules[look.__module__] for look in AREAS.values())
    of_tools = (file_findings, key_command_findings)
    modules = [keyring, *of_tools, *of_targets, folders, leftovers, own_files, examination]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, FindingKind)]
    kinds = list(dict.fromkeys(found))
    fixes = {"": "–", "{hint}": "as the finding says"}
    assert rows == [
        (kind.code, kind.level, in_capitals(kind.sentence), fixes.get(kind.fix, in_capitals(kind.fix)))
        for kind in kinds
    ]


def test_the_example_on_the_page_of_the_doctor_is_one_of_its_findings() -> None:
    text = (ROOT / "docs" / "doctor.md").read_text()
    example = text.partition("```\n")[2].partition("```")[0]
    (row,) = re.findall(rf"^\| `{example.split()[2]}` \| \w+ \| (.*?) \| (.*?) \|$", text, re.M)
    values = {"TOOL": "Claude Code", "PROGRAM": "~/old/bin/python", "PROFILE": "work", "TARGET_OPTION": ""}
    for shown in row:
        assert re.sub("|".join(values), lambda gap: values[gap[0]], shown) in example


def in_capitals(text: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda gap: gap[1].upper(), text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#]*)(?:#([^)]+))?\)", page.read_text()):
        if not target.startswith("https://"):
            linked = page.parent / target if target else page
            assert linked.exists(), f"{page.name} links to {target}"
            assert not anchor or anchor in anchors(linked), f"{page.name} links to {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_uses_a_wording_that_the_style_section_replaces(page: Path) -> None:
    style = (ROOT / "CONTRIBUTING.md").read_text()
    table = style.partition("| instead of | write |\n|---|---|\n")[2].partition("\n\n")[0]
    replaced = [row.split(" | ")[0].removeprefix("| ").lower() for row in table.splitlines()]
    assert len(replaced) > 5
    text = " ".join(page.read_text().replace(table, "").lower().split())
    assert [wording for wording in replaced if wording in text] == []


def test_the_page_of_settings_names_every_owned_entry() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    named = set(re.findall(r"[A-Za-z][A-Za-z0-9_]+", text))
    for start, families, end in re.findall(r"(\w+)\{([A-Z,]+)\}(\w+)", text):
        named |= {f"{start}{family}{end}" for family in families.split(",")}
    assert {path[-1] for path in OWNED} <= named


def test_the_page_of_the_command_line_names_every_command() -> None:
    text = (ROOT / "docs" / "command-line.md").read_text()
    for command in CLI_COMMANDS:
        assert re.search(rf"ccswitch {command}\b|\| {command}\b", text), command


def test_the_page_of_the_screen_names_every_key_of_the_profiles() -> None:
    text = (ROOT / "docs" / "screen.md").read_text()
    written = {"enter": "Enter", "escape": "Escape", "delete": "Delete", "f2": "F2", "slash": "`/`"}
    for command in COMMANDS:
        if command.shown:
            assert written.get(command.key, f"`{command.key}`") in text, command.key


def test_no_sentence_of_the_program_sends_the_user_to_a_command_that_is_not_there() -> None:
    named = {
        (command, file.name)
        for file in [*(ROOT / "ccswitch_py").rglob("*.py"), *PAGES]
        for command in re.findall(r"`ccswitch (?:-- )?([a-z]+)\b", file.read_text())
    }
    assert len(named) > 10
    assert {command for command, _file in named} <= {*CLI_COMMANDS}
