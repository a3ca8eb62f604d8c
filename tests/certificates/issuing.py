# SPDX-License-Identifier: Apache-2.0
"""A certification body that may issue."""

from datetime import UTC, datetime

from gradus.certificates.issuer import Naming, name_issuer
from gradus.certificates.keys import make_keys
from gradus.grading.texts import Text
from gradus.journal.actor import system

BEFORE = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""When the ceremony of the keys was."""

NAMING = Naming(
    Text("测试认证中心有限公司", "Test Certification Ltd"),
    Text("北京市海淀区测试路1号", "1 Test Road, Haidian, Beijing"),
    "CNCA-R-2099-001",
    "TC",
    "测试认证中心有限公司",
)


def equip(at=BEFORE):
    """Name the issuer and make the keys."""
    name_issuer(NAMING, system, at)
    make_keys(system, at)
