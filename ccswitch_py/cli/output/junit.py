"""Writes the results of live tests as JUnit XML."""

from __future__ import annotations

import os
import re
import stat
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ccswitch_py.core.errors import CcswitchError, FileNotChanged
from ccswitch_py.core.files import replace_file, write_error
from ccswitch_py.core.language import _
from ccswitch_py.model.diagnosis import Status
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.services.live_test.batch import Outcome, Tested

_INVALID_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TAGS = {Status.FAIL: "failure", Status.UNTESTABLE: "error", Status.SKIP: "skipped"}


def check_report_path(path: str) -> None:
    """Raise ``FileNotChanged`` if no file can be written there; to be called before the test."""
    real = os.path.realpath(path)
    if not os.path.isdir(os.path.dirname(real)):
        raise FileNotChanged(
            _("{file} cannot be written: its folder is not there.", file=path), _("Make the folder, or name another.")
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
            root.append(_suite_of_problem(name, outcome.problems[name]))
        elif name in outcome.tested:
            root.append(_suite(outcome.tested[name]))
    _count(root)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _suite(tested: Tested) -> Element:
    report = tested.report
    suite = _element("testsuite", name=report.name, time=_seconds(report.elapsed_ms))
    for check in report.checks:
        suite.append(_case(report.name, check))
    if tested.interrupted:
        case = _element("testcase", classname=report.name, name=_("interrupted"), time="0.000")
        case.append(_element("error", message=_("The test was interrupted; the other checks were not made.")))
        suite.append(case)
    _count(suite)
    return suite


def _suite_of_problem(name: str, problem: CcswitchError) -> Element:
    suite = _element("testsuite", name=name, time="0.000")
    case = _element("testcase", classname=name, name=_("before the test"), time="0.000")
    case.append(_element("error", problem.hint, message=problem.message))
    suite.append(case)
    _count(suite)
    return suite


def _case(profile: str, check: CheckResult) -> Element:
    name = f"{check.check} {check.model}" if check.model else check.check
    case = _element("testcase", classname=profile, name=name, time=_seconds(check.elapsed_ms))
    tag = _TAGS.get(check.status)
    if tag is not None:
        kind = {"type": check.diagnosis.value} if check.diagnosis else {}
        case.append(_element(tag, check.advice, message=check.detail, **kind))
    elif check.status is Status.WARN:
        said = (f"{check.diagnosis}: {check.detail}", check.advice)
        case.append(_element("system-out", "\n".join(filter(None, said))))
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


def _seconds(elapsed_ms: int) -> str:
    return f"{elapsed_ms / 1000:.3f}"
