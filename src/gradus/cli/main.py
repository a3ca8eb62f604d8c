# SPDX-License-Identifier: Apache-2.0
"""The command line: ``gradus COMMAND``. Exit 0: done; 1: checked and found wanting; 2: refused, the reasons on
stderr; 3: cannot be told."""

import argparse
import importlib
import sys
from collections.abc import Sequence

from gradus import __version__
from gradus.cli.refusals import print_refusal
from gradus.cli.streams import open_streams, tell
from gradus.formats.files import problem
from gradus.grading.faults import Fault, Place, Refusal

_PLATFORM = "gradus.cli.platform.options"

# A command, the function that describes its options, and what help says of it. Only the command that was asked for is
# imported: grading needs no server, and starts at once.
_COMMANDS = {
    "grade": ("gradus.cli.grade:describe", "grade one dossier or several / 评级"),
    "recheck": ("gradus.cli.recheck:describe", "grade a result again from itself alone / 复核评级结果"),
    "scheme": ("gradus.cli.scheme:describe", "list, check, show or compare editions / 查看、检查、比较认证制度版本"),
    "dossier": ("gradus.cli.dossier:describe", "the workbook to fill in, and checking it / 申报工作簿"),
    "draw": ("gradus.cli.draw:describe", "draw again from the record of a draw / 复核抽样"),
    "verify": ("gradus.cli.verify:describe", "whether a certificate holds / 核验证书"),
    "demo-certificate": ("gradus.cli.demo_certificate:describe", "a certificate to look at and to verify / 演示证书"),
    "bundle": ("gradus.cli.bundle:describe", "whether a case bundle was altered / 核对案卷"),
    "demo": (f"{_PLATFORM}:describe_demo", "the platform with a demonstration in it / 演示平台"),
    "serve": (f"{_PLATFORM}:describe_serve", "the platform with your data / 运行平台"),
    "admin": (f"{_PLATFORM}:describe_admin", "make an administrator / 设立系统管理员"),
    "journal": (f"{_PLATFORM}:describe_journal", "check that the journal is whole / 核对日志"),
    "case": (f"{_PLATFORM}:describe_case", "list cases, or write one into a bundle / 案卷"),
    "keys": (f"{_PLATFORM}:describe_keys", "who issues, and with which keys / 颁证机构与签名密钥"),
    "certificates": (
        f"{_PLATFORM}:describe_certificates",
        "what is due for certificates / 证书的例行工作",
    ),
    "register": (f"{_PLATFORM}:describe_register", "make the public register anew / 重建公开登记册"),
    "backup": (f"{_PLATFORM}:describe_backup", "everything of the platform into one file / 备份"),
    "restore": (f"{_PLATFORM}:describe_restore", "a platform from a backup / 恢复"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    open_streams()
    language = "zh"
    try:
        options = _options(sys.argv[1:] if arguments is None else arguments)
        language = options.lang
        return int(options.run(options))
    except Refusal as refusal:
        print_refusal(refusal, language)
    except OSError as error:
        print_refusal(Refusal([Fault("file.not_read", Place(str(error.filename or "")), problem(error))]), language)
    return 2


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="gradus",
        description="Grade a dossier under a certification scheme, and say why every point is what it is."
        " / 按认证制度给申报材料评级，并说明每一分的由来。",
    )
    parser.add_argument("--version", action="version", version=f"gradus {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = next((word for word in arguments if not word.startswith("-")), "")
    if asked and asked not in _COMMANDS:
        raise Refusal([Fault("cli.unknown_command", params={"value": asked, "expected": ", ".join(_COMMANDS)})])
    for name, (describe, said) in _COMMANDS.items():
        command = commands.add_parser(name, help=said)
        if name == asked:
            module, _, function = describe.partition(":")
            getattr(importlib.import_module(module), function)(command)
    try:
        return parser.parse_args(arguments)
    except SystemExit:
        tell("", end="")  # the help text that was asked for may still wait to be written
        raise
