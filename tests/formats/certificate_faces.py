# SPDX-License-Identifier: Apache-2.0
"""Certificates to draw: the usual one, and those that are hard to set."""

from dataclasses import replace
from datetime import UTC, date, datetime

from gradus.formats.certificate_face import CertificateFace, Grantor, Holder, Rung, Signatory
from gradus.grading.texts import Text

AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)

LONG_ZH = "内蒙古自治区呼伦贝尔市海拉尔新区远景智能信息系统集成与云计算技术服务股份有限公司"
LONG_EN = (
    "Inner Mongolia Hulunbuir Hailar Yuanjing Intelligent Information Systems Integration"
    " and Cloud Computing Services Co Ltd"
)

ONE, TWO, THREE, FOUR = (
    Text(f"{zh}级", f"Level {number}") for zh, number in zip("一二三四", (1, 2, 3, 4), strict=True)
)
RUNGS = (Rung(FOUR, 0), Rung(THREE, 0), *(Rung(level, stars) for level in (TWO, ONE) for stars in (3, 4, 5)))

SERVICES = (
    Text("信息技术咨询服务", "Information technology consulting"),
    Text("软件开发服务", "Software development"),
    Text("信息系统集成服务", "Information systems integration"),
    Text("云计算服务", "Cloud computing services"),
    Text("大数据服务", "Big data services"),
    Text("运行维护服务", "Operation and maintenance"),
    Text("数据处理和存储服务", "Data processing and storage"),
    Text("数字内容服务", "Digital content services"),
)

USUAL = CertificateFace(
    number="ISD-2026-000042-7",
    scheme=Text("信息系统服务交付能力等级认证", "Certification of Information System Service Delivery Capability"),
    criterion=Text("T/SIA 011-2019《交付能力评估要求》", "T/SIA 011-2019"),
    holder=Holder(
        Text("天工信息技术有限公司", "Tiangong Information Technology Co., Ltd."),
        "91110108MA01ABCD5X",
        Text("北京市海淀区中关村南大街5号", "No. 5, Zhongguancun South Street, Haidian District, Beijing"),
        (Text("北京市海淀区学院路37号2号楼", "Building 2, No. 37, Xueyuan Road, Haidian District, Beijing"),),
    ),
    outcome=Text("二级四星", "Level 2, four stars"),
    rungs=RUNGS,
    reached=3,
    meaning=Text("具备较强的服务交付能力", "Has strong service delivery capability"),
    order=Text("一级为最高级别", "Level 1 is the highest level"),
    asks=Text(
        "须满足 24 项要求，其中高于下一级别的如：已验收项目数 ≥ 6；技术人员数 ≥ 150；技术能力证明；"
        "核心岗位持证率 ≥ 50%；总分 ≥ 80（满分 100）",
        "It asks 24 requirements to be met, among them more than the level below: Accepted"
        " projects in the applied fields ≥ 6; Technical staff ≥ 150; Proof of technical ability; Certified key posts"
        " ≥ 50 %; Overall score ≥ 80 of 100",
    ),
    services=SERVICES[1:4],
    first_issued_on=date(2024, 7, 1),
    issued_on=date(2026, 7, 1),
    valid_from=date(2026, 7, 1),
    last_valid_on=date(2029, 6, 30),
    issuer=Grantor(
        Text("某某认证中心有限公司", "Example Certification Centre Co., Ltd."),
        Text("北京市", "Beijing"),
        "CNCA-R-0000-000",
        "某某认证",
    ),
    signatories=(
        Signatory(Text("复核人", "Reviewed by"), Text("李明", "Li Ming")),
        Signatory(Text("批准人", "Approved by"), Text("王芳", "Wang Fang")),
    ),
    surveillance=Text(
        "获证组织每年须通过监督，本证书方为有效；现行状态以查询结果为准。",
        "Valid only with passed annual surveillance; its present standing, as looked up, is decisive.",
    ),
    mark_use=Text(
        "本证书为服务认证，仅适用于上述范围，不表示管理体系或产品已获认证。",
        "This is a service certificate for the scope above; it does not certify a management system or a product.",
    ),
    verification_url="https://register.example.org/verify/ISD-2026-000042-7",
    qr_text="https://register.example.org/verify/ISD-2026-000042-7#1~ISD-2026-000042-7~91110108MA01ABCD5X~level-2-star-4"
    "~20260701~20290630~Xk3uQ9pA~" + "aB3_xY9-" * 10 + "Zz12aa",
)


def held_by(zh: str, en: str, **changes) -> CertificateFace:
    return replace(USUAL, holder=replace(USUAL.holder, name=Text(zh, en)), **changes)


def numbered(number: str, address: str) -> CertificateFace:
    return replace(USUAL, number=number, verification_url=address, qr_text=address)


SHORT = held_by("天工软件", "Tiangong", services=SERVICES[:1], reached=0, outcome=FOUR)
LONG = held_by(LONG_ZH, LONG_EN, services=SERVICES, reached=7, outcome=Text("一级五星", "Level 1, five stars"))
NO_ENGLISH = held_by("天工信息技术有限公司", "")
_STREET = Text(
    "内蒙古自治区呼伦贝尔市海拉尔区胜利街道办事处成吉思汗大街远景科技园研发中心",
    "R&D Centre, Yuanjing Science Park, Chinggis Khan Street, Shengli, Hailar, Hulunbuir",
)
CROWDED = replace(
    LONG,
    holder=replace(
        LONG.holder,
        registered_address=Text(
            f"{_STREET.zh}与中央大街交汇处5号楼3单元1208室", f"Room 1208, Unit 3, Building 5, {_STREET.en}"
        ),
        assessed_addresses=tuple(
            Text(f"{_STREET.zh}{number}号楼", f"Building {number}, {_STREET.en}") for number in range(1, 5)
        ),
    ),
)
FACES = {"usual": USUAL, "short": SHORT, "long": LONG, "no-english": NO_ENGLISH, "crowded": CROWDED}
