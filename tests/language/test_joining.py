import pytest

from ccswitch_py.core import language
from ccswitch_py.core.language import join_clauses, join_list, join_sentences, join_with_and, join_with_or, labelled
from ccswitch_py.model.diagnosis import Diagnosis, Status
from ccswitch_py.probe.report import CheckResult
from ccswitch_py.services.live_test.plans import CheckPlan
from ccswitch_py.tui.screens.live_test.results import CheckNode, ProfileNode
from ccswitch_py.tui.screens.live_test.texts import details, summaries
from ccswitch_py.tui.screens.setup.form import ADVANCED, field_label

WORDS = ("a", "b", "c")


@pytest.fixture
def in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCSWITCH_LANG", "zh_CN")
    monkeypatch.setattr(language, "_translations", None)


def test_english_has_one_comma_for_names_and_for_parts_of_a_sentence() -> None:
    assert (join_list(WORDS), join_clauses(*WORDS)) == ("a, b, c", "a, b, c")
    assert (join_with_and(WORDS), join_with_or(WORDS)) == ("a, b and c", "a, b or c")
    assert (join_sentences("A.", "", "B."), labelled("a", "b")) == ("A. B.", "a: b")


@pytest.mark.usefixtures("in_chinese")
def test_chinese_has_commas_colons_and_gaps_of_its_own() -> None:
    assert (join_list(WORDS), join_clauses(*WORDS)) == ("a、b、c", "a，b，c")
    assert (join_with_and(WORDS), join_with_or(WORDS)) == ("a、b 和 c", "a、b 或 c")
    assert (join_sentences("甲。", "", "乙。"), labelled("a", "b")) == ("甲。乙。", "a：b")


def test_a_single_name_needs_no_joining() -> None:
    assert join_list(["a"]) == join_with_and(["a"]) == join_with_or(["a"]) == join_clauses("a", "") == "a"


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("It answers. It took 3.5 s.", "It answers."),
        ("它有应答。用了 3.5 s。", "它有应答。"),
        ("https://a.example/v1 answers", "https://a.example/v1 answers"),
    ],
)
def test_where_there_is_little_room_the_first_sentence_is_told(said: str, first: str) -> None:
    line = CheckNode(ProfileNode(CheckPlan("work")), "key", result=CheckResult("key", Status.PASS, Diagnosis.OK, said))
    assert summaries(line)[:2] == [said, first]


@pytest.mark.usefixtures("in_chinese")
def test_a_check_is_told_in_chinese_alone() -> None:
    result = CheckResult("model", Status.FAIL, Diagnosis.TIMEOUT, "没有应答。", model="m1", elapsed_ms=1500)
    line = CheckNode(ProfileNode(CheckPlan("work")), "model", "m1", result)
    assert summaries(line)[0] == "timeout：没有应答。"
    assert details(line).plain.splitlines()[0] == "✗ 失败  1,500 ms"


@pytest.mark.usefixtures("in_chinese")
def test_each_field_has_a_label_in_chinese() -> None:
    assert [field_label(one) for one in ("name", "base-url", *ADVANCED)] == [
        "名称",
        "Base URL",
        "Fable",
        "Subagent",
        "上下文",
        "应答上限",
        "请求头",
    ]
