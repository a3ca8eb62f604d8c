# SPDX-License-Identifier: Apache-2.0
"""What each piece of evidence says: the facts of its row, made ready for a template of ``templates/``."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from examples.chinese import capitals, day, money
from examples.story import Firm, Row

Facts = dict[str, Any]

_TEXTS: Facts = yaml.safe_load((Path(__file__).parent / "texts.yaml").read_text(encoding="utf-8"))
_KINDS: dict[str, tuple[str, Callable[[Firm, Row], Facts]]] = {}


def paper(firm: Firm, document: Row) -> tuple[str, Facts]:
    """The name of a document's template, and its facts."""
    template, facts_of = _KINDS[document["kind"]]
    facts = {
        "kind": document["kind"],
        "title": document["title"],
        "date": day(document["issued_on"]),
        "number": firm.numbers.get(document["file"], ""),
        "firm": firm.enterprise["legal_name"],
        "code": firm.code,
        **firm.imprint,
        **facts_of(firm, document),
    }
    return template, facts


def _of(*kinds: str, template: str) -> Callable[[Callable[[Firm, Row], Facts]], Callable[[Firm, Row], Facts]]:
    def register(facts_of: Callable[[Firm, Row], Facts]) -> Callable[[Firm, Row], Facts]:
        _KINDS.update(dict.fromkeys(kinds, (template, facts_of)))
        return facts_of

    return register


# Projects


def _project(firm: Firm, document: Row) -> Facts:
    row = firm.find("projects", "project", document["subject"])
    return {
        "number": row["contract_no"],
        "project": row["title"],
        "customer": row["customer"],
        "amount": money(row["amount"]),
        "capitals": capitals(row["amount"]),
        "signed": day(row["signed_on"]),
        "accepted": day(row["accepted_on"]),
    }


@_of("contract", template="contract")
def _contract(firm: Firm, document: Row) -> Facts:
    row = firm.find("projects", "project", document["subject"])
    signed = date.fromisoformat(row["signed_on"])
    ends = signed + timedelta(days=30 * firm.draw.number(7, 14, row["project"], "term"))
    return {
        **_project(firm, document),
        "content": _TEXTS["work"][row["field"]]["content"],
        "ends": day(str(ends)),
    }


@_of("implementation_plan", template="plan")
def _plan(firm: Firm, document: Row) -> Facts:
    row = firm.find("projects", "project", document["subject"])
    begin, end = date.fromisoformat(document["issued_on"]), date.fromisoformat(row["accepted_on"])
    names: list[str] = _TEXTS["stages"]
    parts = _parts(row["milestones_due"], len(names))
    stages = [
        {"name": name, "nodes": nodes, "date": str(begin + (end - begin) * at / len(names))}
        for at, (name, nodes) in enumerate(zip(names, parts, strict=True), 1)
    ]
    there = [each["person"] for each in firm.tables["staff"] if _works(each, document["issued_on"])]
    first = firm.draw.number(0, max(0, len(there) - len(_TEXTS["roles"])), row["project"], "team")
    team = list(zip(_TEXTS["roles"], there[first:], strict=False))
    content = _TEXTS["work"][row["field"]]["content"]
    return {**_project(firm, document), "content": content, "stages": stages, "team": team}


def _parts(whole: str, count: int) -> list[str]:
    """A whole number in as equal parts as can be; dashes when it is not known."""
    if not whole:
        return ["—"] * count
    return [str((int(whole) + at) // count) for at in range(count)]


def _works(person: Row, on: str) -> bool:
    """Whether a technical person works there on that day; ISO days compare as texts."""
    return person["technical"] == "yes" and person["employed_from"] <= on <= (person["employed_until"] or "9")


@_of("test_report", template="test")
def _test(firm: Firm, document: Row) -> Facts:
    row = firm.find("projects", "project", document["subject"])
    modules = []
    for name in _TEXTS["work"][row["field"]]["modules"]:
        cases = firm.draw.number(18, 64, row["project"], name, "cases")
        defects = firm.draw.number(0, 3, row["project"], name, "defects")
        modules.append({"name": name, "cases": cases, "defects": defects})
    total = sum(each["cases"] for each in modules)
    return {**_project(firm, document), "modules": modules, "total": total}


@_of("acceptance_report", template="acceptance")
def _acceptance(firm: Firm, document: Row) -> Facts:
    row = firm.find("projects", "project", document["subject"])
    nodes = {"due": row["milestones_due"] or "—", "met": row["milestones_on_time"] or "—"}
    return {**_project(firm, document), "complete": row["complete_records"] == "yes", **nodes}


# The firm and its years


@_of("business_licence", template="licence")
def _licence(firm: Firm, _: Row) -> Facts:
    row = firm.enterprise
    return {
        "code": row["uscc"],
        "capital": capitals(row["registered_capital"]),
        "capital_figures": money(row["registered_capital"]),
        "established": day(row["established_on"]),
        "until": day(row["licence_valid_until"]) or "长期",
        "scope": row["business_scope"],
    }


@_of("audit_report", template="audit")
def _audit(firm: Firm, document: Row) -> Facts:
    row = firm.find("finance", "fiscal_year", document["subject"])
    names = {
        "total_assets": "资产总计",
        "total_liabilities": "负债合计",
        "total_equity": "所有者权益合计",
        "revenue": "营业收入",
        "service_revenue": "其中：信息系统服务收入",
        "rd_expense": "研发费用",
        "net_profit": "净利润",
    }
    sentence, opinion = _TEXTS["opinions"][row["audit_opinion"] or "unmodified"]
    return {
        "number": row["audit_report_no"],
        "year": row["fiscal_year"],
        "sentence": sentence,
        "opinion": opinion,
        "figures": {column: [name, money(row[column])] for column, name in names.items() if row[column]},
    }


@_of("satisfaction_survey", template="survey")
def _survey(firm: Firm, document: Row) -> Facts:
    until = document["issued_on"]
    since = f"{int(until[:4]) - 1}{until[4:]}"
    answers = [row for row in firm.tables["surveys"] if since < row["surveyed_on"] <= until]
    lines = []
    for project in firm.tables["projects"]:
        scores = [int(row["score"]) for row in answers if row["project"] == project["project"]]
        if scores:
            lines.append({"customer": project["customer"], "count": len(scores), "scores": "、".join(map(str, scores))})
    counts = [sum(low <= int(row["score"]) <= high for row in answers) for low, high in ((9, 10), (7, 8), (0, 6))]
    score = (counts[0] - counts[2]) * 1000 // len(answers)
    return {
        "since": day(since),
        "lines": lines,
        "counts": counts,
        "total": len(answers),
        "nps": f"{score // 10}.{score % 10}",
    }


@_of(*_TEXTS["manuals"], template="manual")
def _manual(firm: Firm, document: Row) -> Facts:
    return dict(_TEXTS["manuals"][document["kind"]])


@_of("declaration", "recommendation_letter", template="letter")
def _letter(firm: Firm, document: Row) -> Facts:
    facts: Facts = {"lines": _TEXTS["letters"][document["kind"]]}
    return facts | (_project(firm, document) if document["subject"] else {"customer": ""})


@_of("self_assessment_report", template="assessment")
def _assessment(firm: Firm, _: Row) -> Facts:
    rated = {row["item"]: row["claimed"] for row in firm.tables["ratings"] if row["claimed"]}
    lines = [[*_TEXTS["ratings"][item], claimed, _TEXTS["grades"][int(claimed)]] for item, claimed in rated.items()]
    counts = [
        ["项目", len(firm.tables["projects"])],
        ["人员", len(firm.tables["staff"])],
        ["人员证书", len(firm.tables["person_certificates"])],
        ["知识产权", len(firm.tables.get("ip", []))],
        ["服务目录项", len(firm.tables.get("service_catalogue", []))],
        ["证明材料", len(firm.tables["documents"])],
    ]
    return {"lines": lines, "counts": counts}


@_of("optimisation_case", template="case")
def _optimisation(firm: Firm, _: Row) -> Facts:
    row = firm.tables["optimisations"][0]
    before, after = int(row["before"]), int(row["after"])
    gain = abs(after - before) * 1000 // before
    figures = [["指标", row["metric"]], ["优化前", row["before"]], ["优化后", row["after"]]]
    figures += [["改善幅度", f"{gain // 10}.{gain % 10}%"], ["完成日期", day(row["completed_on"])]]
    return {"figures": figures, "lines": _TEXTS["optimisation"]}


@_of("innovation_proof", template="case")
def _innovation(firm: Firm, document: Row) -> Facts:
    row = firm.find("innovations", "title", document["title"])
    name, line = _TEXTS["innovation"][row["kind"]]
    figures = [["名称", row["title"]], ["类型", name], ["发布日期", day(row["published_on"])]]
    return {"figures": figures, "lines": [line]}


# Certificates


@_of("iso_certificate", "other", template="certificate")
def _management(firm: Firm, document: Row) -> Facts:
    row = firm.find("management_certificates", "number", document["subject"])
    words = _TEXTS["certificates"][row["standard"]]
    scope = "信息系统集成、软件开发和运行维护服务" if row["scope_covers"] == "yes" else "办公设备销售"
    fields = [["证书编号", row["number"]], ["获证组织", firm.enterprise["legal_name"]]]
    fields += [["统一社会信用代码", firm.code], ["依据标准", words["standard"]]]
    fields += [["等级", row["level"]]] if row["level"] else []
    fields += [["覆盖范围", scope], ["发证日期", day(row["issued_on"])], ["有效期至", day(row["valid_until"])]]
    return {"pages": [{"name": words["name"], "fields": fields, "issuer": firm.imprint["certifier"]}]}


@_of("personnel_certificate", template="certificate")
def _person(firm: Firm, document: Row) -> Facts:
    """One page for each certificate of the person."""
    pages = []
    for row in firm.tables["person_certificates"]:
        if row["person"] == document["subject"]:
            fields = [["持证人（化名）", row["person"]], ["证书编号", row["number"]]]
            fields += [["证书类型", _TEXTS["persons"][row["kind"]]], ["发证日期", day(row["issued_on"])]]
            fields += [["有效期至", day(row["valid_until"]) or "长期"], ["工作单位", firm.enterprise["legal_name"]]]
            pages.append({"name": "资格证书", "fields": fields, "issuer": "示例考试中心"})
    return {"pages": pages}


@_of("patent_certificate", "software_copyright", template="certificate")
def _property(firm: Firm, document: Row) -> Facts:
    row = firm.find("ip", "number", document["subject"])
    patents = {"invention": "发明专利证书", "utility_model": "实用新型专利证书", "design": "外观设计专利证书"}
    patent = row["kind"] in patents
    fields = [["专利号" if patent else "登记号", row["number"]], ["发明名称" if patent else "软件名称", row["title"]]]
    fields += [["专利权人" if patent else "著作权人", firm.enterprise["legal_name"]]]
    fields += [["授权公告日" if patent else "登记日期", day(row["granted_on"])]]
    fields += [["保护期届满日", day(row["valid_until"])]] if row["valid_until"] else []
    fields += [] if patent else [["权利取得方式", "原始取得"], ["权利范围", "全部权利"]]
    name = patents.get(row["kind"], "计算机软件著作权登记证书")
    return {"pages": [{"name": name, "fields": fields, "issuer": "示例登记机构"}]}
