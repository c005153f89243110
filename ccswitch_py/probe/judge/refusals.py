"""The wordings of refusals, in English and Chinese, and the diagnosis of each.

The wordings are those of relay programs in wide use and of the services behind them, as users quote them in public.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

from ccswitch_py.core.language import N_
from ccswitch_py.model.diagnosis import Diagnosis

MAX_CHARS = 4_000
"""Characters of a refusal that are matched."""


class Wording(NamedTuple):
    """One row: the statuses for which the pattern counts (empty: all), and advice that replaces the usual one.

    ``advice`` is to be translated, with the name of the ``tool`` filled in; it is not for the tool ``admits``.
    """

    diagnosis: Diagnosis
    pattern: re.Pattern[str]
    statuses: frozenset[int] = frozenset()
    advice: str | None = None
    admits: str = ""


def _wording(
    diagnosis: Diagnosis, *patterns: str, statuses: Collection[int] = (), advice: str | None = None, admits: str = ""
) -> Wording:
    return Wording(diagnosis, re.compile("|".join(patterns), re.IGNORECASE), frozenset(statuses), advice, admits)


_MAX_TOKENS = r"max(?:imum)?[_ ](?:new[_ ]|output[_ ]|completion[_ ])?tokens"
CODEX_ONLY = N_("It admits only Codex: use a key of a group for {tool}.")
RESERVED = N_(
    "It reserves the price of a whole answer beforehand, and {tool} asks for 32,000 tokens: top the account up, "
    "or set max_output_tokens in the profile."
)
ACCOUNT_POOL = N_(
    "Often its accounts are only limited for a while: try again later; if it stays so, it does not serve this model."
)

UPSTREAM_KEY = N_(
    "The gateway's own key for the service behind it was refused, not yours: whoever runs it has to correct that."
)
COOLING_DOWN = N_("It has set a failing service aside: wait a minute, then test again to see the cause.")

WORDINGS = (
    _wording(
        Diagnosis.UPSTREAM_ERROR,
        r"[a-z]exception\b ?-",
        r"error from provider ?\(",
        r"(?:backend|upstream|provider) (?:api )?error:",
        r"\A\{\W*error\W{1,6}message",  # an error inside an error
        statuses=(401, 403),
        advice=UPSTREAM_KEY,
    ),
    _wording(
        Diagnosis.UPSTREAM_ERROR,
        r"no deployments? available",
        r"cool(?:ing)?[ -]?down",
        statuses=(429, 500, 503),
        advice=COOLING_DOWN,
    ),
    _wording(
        Diagnosis.LENGTH_STOP,
        r"could not finish the message",
        r"max(?:imum)?[_ ](?:output[_ ]|completion[_ ])?tokens[^.。]{0,40}(?:was|were) reached",
        statuses=(400, 422),
    ),
    _wording(
        Diagnosis.OUTPUT_LIMIT,
        rf"{_MAX_TOKENS}[^。]{{0,80}}(?:too (?:large|high)|exceed|at most|less than|maximum|range|[<>≤≥])",
        rf"(?:too large|exceed|at most|maximum|larger than)[^。]{{0,80}}{_MAX_TOKENS}",
        r"supports at most [\d,]+ (?:output|completion) tokens",
        rf"{_MAX_TOKENS}[^。]{{0,60}}(?:超出|超过|不能大于|最大|范围|上限)",
        statuses=(400, 413, 422),
    ),
    _wording(
        Diagnosis.TLS_FAILED,
        r"plain http request was sent to https port",
        r"sent an http request to an https server",
        statuses=(400,),
    ),
    _wording(
        Diagnosis.CLIENT_RESTRICTED,
        r"\A(?![\s\S]*claude)[\s\S]*(?:only [a-z ]{0,30}codex[^.。]{0,20}(?:clients?|cli)\b"
        r"|codex[^.。]{0,30}(?:clients?|cli) only"
        r"|(?:仅|只)(?:限|允许|支持|能|可|供)[^。]{0,20}codex[^。]{0,6}(?:客户端|cli)"
        r"|请使用[^。]{0,12}codex cli)",
        advice=CODEX_ONLY,
        admits="Codex",
    ),
    _wording(
        Diagnosis.CLIENT_RESTRICTED,
        r"only (?:be )?(?:authorized|allow(?:s|ed)?|accept(?:s|ed)?|support(?:s|ed)?|available|usable|used|for)"
        r"[^.。]{0,40}(?:claude[ -]?code|official (?:clients?|cli))\b",
        r"(?:claude[ -]?code|official)[^.。]{0,30}(?:clients?|cli) only",
        r"claude[ -]?code only",
        r"client (?:is )?not (?:allowed|supported|authorized)",
        r"unsupported client",
        r"client[_ ](?:restriction|restricted|not_allowed)",
        r"(?:please|must) use (?:the )?(?:official )?claude[ -]?code",
        r"(?:requires|update) (?:the )?claude[ -]?code",
        r"(?:仅|只)(?:限|允许|支持|能|可|供)[^。]{0,20}(?:claude[ -]?code|官方客户端)",
        r"请使用[^。]{0,12}(?:claude[ -]?code|官方客户端)",
        r"(?:不支持|不允许|禁止)(?:的|该|此|当前)?客户端",
    ),
    _wording(
        Diagnosis.OPENAI_SHAPE,
        r"(?:only|please use|must use|use the|did you mean)[^.。]{0,40}chat/?[ _]?completions",
        statuses=(400, 404, 405),
    ),
    _wording(
        Diagnosis.PATH_NOT_FOUND,
        r"invalid url",
        r"no (?:such )?route",
        r"cannot (?:post|get) /",
        r"(?:unknown|invalid|unsupported|no such) (?:request )?(?:path|endpoint|route|url|api)\b",
        r"(?:path|endpoint|route|url|page) (?:was )?not found",
        r"(?:接口|路径|路由|地址)不存在",
        r"无效的\s?(?:url|路径|接口|地址)",
        statuses=(400, 404, 405),
    ),
    _wording(Diagnosis.QUOTA_EXHAUSTED, r"pre[_ -]?consume[^.]{0,20}quota", r"预扣费(?:额度)?失败", advice=RESERVED),
    _wording(
        Diagnosis.QUOTA_EXHAUSTED,
        r"insufficient[_ ](?:user[_ ]|account[_ ]|token[_ ])?(?:quota|balance|credits?|funds)",
        r"(?:balance|credits?)(?: balance)? (?:is|are) (?:too low|insufficient|not enough|exhausted|used up)",
        r"exceeded your current quota",
        r"(?:quota|credits?)[^.。]{0,30}(?:exhausted|used up|depleted|not enough)",
        r"out of credits?",
        r"(?:daily|weekly|monthly|total|5-hour)[^.。]{0,16}(?:cost|spend(?:ing)?|usage|budget)[ _]limit",
        r"budget[^.。]{0,24}exceeded",
        r"payment required",
        r"余额(?:不足|已用|为|低于)",
        r"(?:额度|配额)[^。]{0,12}(?:不足|用尽|用完|耗尽|超出|失败)",
        r"(?:超出|达到|超过)[^。]{0,12}(?:额度|配额|费用限制)",
        r"欠费",
        r"请(?:先)?充值",
        r"\n30011$",
    ),
    _wording(
        Diagnosis.CONCURRENCY_LIMITED,
        r"concurren(?:t|cy)[^.。]{0,40}(?:limit|exceed|reach|too many|full)",
        r"(?:limit|exceed|reach|too many)[^.。]{0,40}concurren(?:t|cy)",
        r"max(?:imum)? parallel requests?",
        r"并发",
    ),
    _wording(
        Diagnosis.NO_CHANNEL,
        r"no available channels?",
        r"无可用(?:的)?渠道",
        r"没有可用(?:的)?渠道",
        r"(?:no (?:access|permission)|not (?:have access|allowed|permitted|authorized))[^.。]{0,40}\bmodel\b",
        r"无权(?:访问|使用)[^。]{0,12}模型",
        r"\bmodel\b[^。\n]{0,80}not (?:allowed|enabled|available) (?:for|in) (?:this|your|the) (?:key|token|group)",
    ),
    _wording(
        Diagnosis.UPSTREAM_ERROR,
        r"no available [a-z ]{0,20}accounts?",
        r"(?:无|没有)可用(?:的)?\s?(?:claude\s?)?(?:账号|账户|帐号|帐户)",
        advice=ACCOUNT_POOL,
    ),
    _wording(
        Diagnosis.OVERLOADED,
        r"overloaded",
        r"负载[^。]{0,8}(?:饱和|过高|已满)",
        r"(?:server|service|system) (?:is )?(?:too )?busy",
        r"(?:服务器?|系统)[^。]{0,4}繁忙",
    ),
    _wording(
        Diagnosis.BETA_REFUSED,
        r"anthropic-beta",
        r"long context beta",
        r"\bbeta (?:header|feature|flag)",
        statuses=(400, 403, 422, 429),
    ),
    _wording(
        Diagnosis.MODEL_NOT_FOUND,
        r"model_not_found",
        r"model_not_exist",
        r"invalid_model\b",
        r"\bmodel\b[^。\n]{0,120}?(?:not[ _]found|does(?:n't| not) exist|not exist)",
        r"\bmodel\b[^\w。\n]{0,3}[^\s。]{0,100} is (?:unknown|invalid|unavailable)",
        r"\bmodel\b[^\w。\n]{0,3}[^\s。]{0,100} is not (?:available|valid|recognized|supported)",
        r"(?:unknown|invalid|unsupported|unrecognized|no such)[^。\n\w]{1,4}(?:the )?model\b(?! parameter)",
        r"模型[^。]{0,80}(?:不存在|未找到|不可用|无效|未开放|未配置|已下线)",
        r"(?:不存在|未知|无效|不支持)(?:的|该|此|这个)?\s?模型",
        statuses=(400, 403, 404, 422, 500, 503),
    ),
    _wording(
        Diagnosis.KEY_REJECTED,
        r"\b(?:api[ _-]?key|token|credential)\b[^.。]{0,24}(?:invalid|not valid|expired|incorrect|disabled|revoked)",
        r"(?:invalid|incorrect|expired|revoked)[^.。]{0,16}\b(?:api[ _-]?key|(?:access|bearer) token|credential)",
        r"(?:令牌|密钥|秘钥|api ?key)[^。]{0,12}(?:无效|过期|不存在|错误|禁用)",
        r"(?:无效|错误|过期)的?\s?(?:令牌|密钥|秘钥|api ?key)",
        r"no connected db\b",
        statuses=(400, 403, 500),
    ),
)
"""The first match decides, so the most certain rows stand first."""


def find_wording(text: str, status: int) -> Wording | None:
    """The first row that matches a refusal."""
    words = text[:MAX_CHARS]
    rows = (wording for wording in WORDINGS if not wording.statuses or status in wording.statuses)
    return next((wording for wording in rows if wording.pattern.search(words)), None)


_MISSING = re.compile(
    r"missing|required|not (?:provided|present|found|set)|no [^.]{0,24}(?:header|key)|must (?:be|include|contain|have)"
    r"|provide|缺少|缺失|未提供|需要|没有提供",
    re.IGNORECASE,
)
_X_API_KEY = re.compile(r"x-api-key", re.IGNORECASE)
_AUTHORIZATION = re.compile(r"authorization[\W_]{0,3}header|header[^.]{0,16}authorization|\bbearer\b", re.IGNORECASE)
_HEADER = re.compile(
    r"\b(?:headers?|请求头|标头)\W{0,4}([a-z][a-z0-9]*(?:-[a-z0-9]+)+)"
    r"|\b([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\W{0,4}(?:request )?(?:header|请求头|标头)"
    r"|\b(x-[a-z0-9]+(?:-[a-z0-9]+)*)\b",
    re.IGNORECASE,
)
_ALWAYS_SENT = frozenset({"x-api-key", "authorization", "content-type", "anthropic-version", "user-agent", "accept"})


def missing_header(text: str, sent: Collection[str]) -> tuple[Diagnosis, str] | None:
    """The header that a refusal asks for and that was not sent (or two, with a blank between), and its diagnosis.

    ``sent`` are lower-case names. Only the gateway's own words count; no other header is ever tried.
    """
    words = text[:MAX_CHARS]
    patterns = {"authorization": _AUTHORIZATION, "x-api-key": _X_API_KEY}
    credentials = [name for name, pattern in patterns.items() if pattern.search(words)]
    if credentials and not set(credentials) & set(sent):
        return Diagnosis.WRONG_HEADER, " ".join(credentials)
    if not _MISSING.search(words):
        return None
    named = {next(filter(None, match.groups())).lower() for match in _HEADER.finditer(words)}
    missing = sorted(named - _ALWAYS_SENT - set(sent))
    return (Diagnosis.HEADER_MISSING, missing[0]) if missing else None
