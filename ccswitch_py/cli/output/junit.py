"""Writes the results of live tests as JUnit XML."""

from __future__ import annotations

import os
import re
import stat
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ccswitch_py.core.errors import FileNotChanged
from ccswitch_py.core.files import replace_file, write_error
from ccswitch_py.core.language import _
from ccswitch_py.model.diagnosis import Status
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.services.live_test.batch import Outcome

_INVALID_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {Status.FAIL: "failure", Status.UNTESTABLE: "error", Status.SKIP: "skipped"}


def check_report_path(path: str) -> None:
    """Raise ``FileNotChanged`` if no file can be written there; to be called before the test."""
    real = os.path.realpath(path)
    if not os.path.isdir(os.path.dirname(real)):
        raise FileNotChanged(
            _("{file} cannot be written: its folder does not exist.", file=path),
            _("Create the folder, or choose another one."),
        )
    if os.path.exists(real) and not os.path.isfile(real):
        raise FileNotChanged(
            _("{file} cannot be written: it is not a regular file.", file=path), _("Name a file after --junit.")
        )


def write_junit(path: str, outcome: Outcome) -> None:
    """Write the report, readable for other users (a CI system); raises ``FileNotChanged``."""
    check_report_path(path)
    real = os.path.realpath(path)
    try:
        existing = os.stat(real) if os.path.exists(real) else None
        mode = stat.S_IMODE(existing.st_mode) if existing else 0o644
        replace_file(real, as_junit(outcome), mode=mode, like=existing)
    except OSError as error:
        raise write_error(path, error) from error


def as_junit(outcome: Outcome) -> bytes:
    """A suite for each profile, a case for each check; a problem or an interruption is a case as well."""
    root = ElementTree.Element("testsuites", name="ccswitch test")
    for name in outcome.names:
        if name in outcome.problems:
            problem = outcome.problems[name]
            error = _element("error", problem.hint, message=problem.message)
            _add_suite(root, name, 0, [_case(name, _("before the test"), 0, error)])
        elif name in outcome.tested:
            tested = outcome.tested[name]
            cases = [_case_of(name, check) for check in tested.report.checks]
            if tested.interrupted:
                error = _element("error", message=_("The test was interrupted; the other checks were not made."))
                cases.append(_case(name, _("interrupted"), 0, error))
            _add_suite(root, name, tested.report.elapsed_ms, cases)
    _count(root)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_suite(root: Element, name: str, elapsed_ms: int, cases: list[Element]) -> None:
    suite = _element("testsuite", name=name, time=f"{elapsed_ms / 1000:.3f}")
    suite.extend(cases)
    _count(suite)
    root.append(suite)


def _case_of(profile: str, check: CheckResult) -> Element:
    name = f"{check.check} {check.model}" if check.model else check.check
    inside: list[Element] = []
    if tag := _TAGS.get(check.status):
        kind = {"type": check.diagnosis.value} if check.diagnosis else {}
        inside.append(_element(tag, check.advice, message=check.detail, **kind))
    elif check.status is Status.WARN:
        said = (f"{check.diagnosis}: {check.detail}", check.advice)
        inside.append(_element("system-out", "\n".join(filter(None, said))))
    return _case(profile, name, check.elapsed_ms, *inside)


def _case(profile: str, name: str, elapsed_ms: int, *inside: Element) -> Element:
    case = _element("testcase", classname=profile, name=name, time=f"{elapsed_ms / 1000:.3f}")
    case.extend(inside)
    return case


def _count(element: Element) -> None:
    """Set the totals of an element."""
    element.set("tests", str(len(element.findall(".//testcase"))))
    for total, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        element.set(total, str(len(element.findall(f".//{tag}"))))


def _element(tag: str, text: str = "", **attributes: str) -> Element:
    element = ElementTree.Element(tag, {name: _legal(value) for name, value in attributes.items()})
    element.text = _legal(text) or None
    return element


def _legal(text: str) -> str:
    """Remove the characters that XML 1.0 does not allow, not even escaped."""
    return _INVALID_IN_XML.sub("", text)
