# SPDX-License-Identifier: Apache-2.0
"""Results to report: the golden cases, dossiers stretched on purpose, and a scheme that has almost nothing to show."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gradus.formats.dossier import read_dossier
from gradus.formats.editions import load_edition
from gradus.grading.assess import assess
from gradus.grading.dossier import Dossier
from gradus.grading.result import Result
from tests.grading.dossiers import case, edition, with_cell, with_table

LANGUAGES = ("zh", "en")
SHOWN = ("top", "unknown-milestones", "first-application-small", "no-operations", "veto-fraud")
LONG_NAME = "华东沿海及长江三角洲地区工业互联网与城市数字化转型综合集成服务技术有限责任公司东"


@cache
def result(name: str) -> Result:
    """A golden case's result."""
    return assess(edition(), case(name))


def named(name: str) -> Result:
    """A result about an enterprise of that name."""
    return assess(edition(), _with_name(case("milestones-95"), name))


def _with_name(dossier: Dossier, name: str) -> Dossier:
    table, column = edition().subject
    return with_cell(dossier, edition().tables[table], 0, edition().tables[table].column(column), name)


@cache
def long_checklist() -> Result:
    """A dossier that owes far more than sixty documents and brings none of those about its projects and people."""
    dossier = case("top")
    kept = tuple(row for row in dossier.tables["documents"] if row.cells[-1] is None)
    return assess(edition(), with_table(dossier, "documents", kept), rejected=frozenset({("projects", 3)}))


PLAIN_SCHEME = """
edition:
  scheme: plain
  id: first
  zh: 过程能力
  en: Process capability
  owner: {zh: 某机构, en: Some body}
  criterion: {zh: 过程测量框架, en: Process measurement framework}
  as_of: assessment.assessed_on
  subject: assessment.process
  none: {zh: 不完整的, en: Incomplete}
  rounding: {value: 0.01, provenance: brief}
scales:
  - id: achievement
    zh: 达成程度
    en: Achievement
    values:
      - {id: N, zh: 未达成, en: Not achieved}
      - {id: P, zh: 部分达成, en: Partially achieved, above: 15}
      - {id: L, zh: 大体达成, en: Largely achieved, above: 50}
      - {id: F, zh: 完全达成, en: Fully achieved, above: 85}
tables:
  - id: assessment
    zh: 评估
    en: Assessment
    rows: one
    rejectable: no
    columns:
      - {id: process, zh: 过程, en: Process, type: text, empty: error}
      - {id: assessed_on, zh: 评估日期, en: Assessed on, type: date, empty: error}
  - id: attributes
    zh: 过程属性
    en: Process attributes
    rows: many
    rejectable: yes
    columns:
      - id: attribute
        zh: 属性
        en: Attribute
        type: text
        empty: error
        key: yes
        values: [{id: performance, zh: 过程实施, en: Performance}, {id: management, zh: 实施管理, en: Management}]
      - {id: achieved, zh: 达成百分数, en: Achieved, type: decimal, unit: per cent, empty: unknown, maximum: 100}
levels:
  - {id: l1, zh: 已实施的, en: Performed}
  - {id: l2, zh: 已管理的, en: Managed}
outcomes:
  - {id: l1, level: l1, zh: 已实施的, en: Performed, meaning: {zh: 过程达到目的, en: It achieves its purpose}}
  - {id: l2, level: l2, zh: 已管理的, en: Managed, meaning: {zh: 过程受到管理, en: It is managed}}
requirement_groups:
  - {id: all, zh: 过程属性, en: Process attributes}
requirements:
  - id: performance
    zh: 过程实施
    en: Process performance
    group: all
    measure: "grade_on(achievement, the(attributes, attribute == 'performance', achieved))"
    unit: achievement
    compare: ">="
    asks: {l1: {value: L, provenance: brief}, l2: {value: F, provenance: brief}}
    says: {zh: "过程实施{v}", en: "process performance {v}"}
    change: {zh: "过程实施再提高{k}级", en: "raise process performance by {k} {k:step|steps}"}
  - id: management
    zh: 实施管理
    en: Performance management
    group: all
    measure: "grade_on(achievement, the(attributes, attribute == 'management', achieved))"
    unit: achievement
    compare: ">="
    asks: {l2: {value: L, provenance: assumed}}
    says: {zh: "实施管理{v}", en: "performance management {v}"}
    change: {zh: "实施管理再提高{k}级", en: "raise performance management by {k} {k:step|steps}"}
"""


@cache
def plain(achieved: str = "40") -> Result:
    """A result under a scheme without scores, stars, bands, path, scope, vetoes and documents."""
    with TemporaryDirectory() as folder:
        scheme, dossier = Path(folder) / "scheme", Path(folder) / "dossier"
        scheme.mkdir()
        dossier.mkdir()
        (scheme / "edition.yaml").write_text(PLAIN_SCHEME, encoding="utf-8")
        (dossier / "assessment.csv").write_text("process,assessed_on\nSupply,2026-06-30\n", encoding="utf-8")
        rows = f"attribute,achieved\nperformance,90\nmanagement,{achieved}\n"
        (dossier / "attributes.csv").write_text(rows, encoding="utf-8")
        loaded = load_edition(scheme)
        return assess(loaded, read_dossier(dossier, loaded)[0])
