# SPDX-License-Identifier: Apache-2.0
"""What the commands of the platform are told, and how they start: the data folder first, then Django, then the work.

Django's models cannot be imported before Django knows its settings, and its settings depend on the data folder. So each
command's work stands in a module of its own that is imported last.
"""

import importlib
import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable
from pathlib import Path

from gradus.cli.refusals import add_language
from gradus.grading.faults import Fault, Place, Refusal

demonstration_folder = Path("out", "demo")
marker = "demonstration.json"
"""The file that makes a data folder a demonstration; its content are the accounts with their secrets."""


def describe_demo(parser: ArgumentParser) -> None:
    """``demo`` and ``demo code ROLE``."""
    parser.add_argument("--port", type=_port, default=8000, metavar="P", help="default: 8000")
    parser.add_argument("--build-only", action="store_true", help="make the demonstration and do not serve it")
    parser.add_argument("code", nargs="*", metavar="code ROLE", help="print a role's current second-factor code")
    _common(parser, "demo", _whole_demonstration)
    parser.set_defaults(run=_demo, data=demonstration_folder)


def describe_serve(parser: ArgumentParser) -> None:
    """``serve``."""
    parser.add_argument("--port", type=_port, default=8000, metavar="P", help="default: 8000")
    _common(parser, "serve", _no_demonstration)


def describe_admin(parser: ArgumentParser) -> None:
    """``admin``."""
    parser.add_argument("--email", required=True, metavar="E", help="signs in with this address")
    parser.add_argument("--name", required=True, metavar="N", help="the person's name")
    parser.add_argument(
        "--body", default="", metavar="NAME", help="the certification body's name, if there is none yet"
    )
    _common(parser, "admin", _as_named)


def describe_journal(parser: ArgumentParser) -> None:
    """``journal check``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="find removed, reordered and altered entries")
    _common(check, "journal", _there)


def describe_case(parser: ArgumentParser) -> None:
    """``case list`` and ``case bundle``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _common(actions.add_parser("list", help="every case / 列出全部案卷"), "case", _there)
    bundle = actions.add_parser("bundle", help="one case with everything of it, into a zip / 导出案卷")
    bundle.add_argument("case", metavar="CASE", help="the case's number")
    bundle.add_argument("file", type=Path, metavar="OUT.zip", help="the bundle to write")
    _common(bundle, "case", _there)


def describe_keys(parser: ArgumentParser) -> None:
    """``keys issuer``, ``make``, ``list``, ``rotate``, ``stolen`` and ``bundle``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    issuer = actions.add_parser("issuer", help="name the issuer as certificates will / 登记颁证机构信息")
    for name, meaning in (
        ("name", "registered name"),
        ("name-en", "the name in English"),
        ("address", "address"),
        ("address-en", "the address in English"),
        ("approval", "number of the approval"),
        ("prefix", "letters that certificates' numbers begin with"),
    ):
        issuer.add_argument(f"--{name}", required=True, metavar="TEXT", help=meaning)
    issuer.add_argument("--seal", default="", metavar="TEXT", help="what the seal on the page says (default: no seal)")
    _common(issuer, "keys", _as_named)
    _common(actions.add_parser("make", help="make every key that is lacking / 生成所缺的密钥"), "keys", _there)
    _common(actions.add_parser("list", help="every key, and when it may sign / 列出密钥"), "keys", _there)
    rotate = actions.add_parser("rotate", help="end a key and make the next / 更换密钥")
    rotate.add_argument("purpose", choices=("issuer", "log", "pdf"))
    _common(rotate, "keys", _there)
    stolen = actions.add_parser("stolen", help="a key was stolen: state anew what it made doubtful / 密钥被盗")
    stolen.add_argument("key", metavar="KEY", help="its name, as keys list shows it")
    stolen.add_argument("--since", required=True, metavar="DAY", help="the first day on which a thief may have signed")
    _common(stolen, "keys", _there)
    bundle = actions.add_parser("bundle", help="write the trust file for verifiers / 导出信任文件")
    bundle.add_argument("file", type=Path, metavar="OUT.json")
    _common(bundle, "keys", _there)


def describe_certificates(parser: ArgumentParser) -> None:
    """``certificates recover`` and ``certificates tick``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _common(actions.add_parser("recover", help="finish what a crash left / 完成中断的签发"), "certificates", _there)
    _common(
        actions.add_parser("tick", help="the same, and renew status lists, for a timer / 定时任务"),
        "certificates",
        _there,
    )


def describe_register(parser: ArgumentParser) -> None:
    """``register rebuild``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    rebuild = actions.add_parser(
        "rebuild", help="forget the public register and make it anew from what was published / 重建公开登记册"
    )
    _common(rebuild, "register", _there)


def describe_backup(parser: ArgumentParser) -> None:
    """``backup``."""
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="the backup to write; whoever reads it reads everything"
    )
    _common(parser, "backup", _there)


def describe_restore(parser: ArgumentParser) -> None:
    """``restore``."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup to read")
    _common(parser, "restore", lambda options: unfinished(options.data))


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r}: write a port of 1 to 65535 / 端口为 1 至 65535")
    return int(text)


def _common(parser: ArgumentParser, work: str, folder: Callable[[Namespace], Path]) -> None:
    """``folder`` says where Django finds its data; it may refuse."""
    parser.add_argument("--data", type=Path, metavar="DIR", help="the data folder (default: GRADUS_DATA, or ./data)")
    add_language(parser)
    parser.set_defaults(run=_run, work=work, folder=folder)


def _demo(options: Namespace) -> int:
    """Two commands in one word: ``demo``, and ``demo code ROLE``."""
    match options.code:
        case []:
            return _run(options)
        case ["code", role]:
            options.role, options.work, options.folder = role, "demo_code", _demonstration
            return _run(options)
    raise Refusal([Fault("platform.demo_what", params={"value": " ".join(options.code)})])


def _run(options: Namespace) -> int:
    """Start Django with the data folder, then do the work."""
    options.data = (options.data or Path(os.environ.get("GRADUS_DATA") or "data")).resolve()
    folder = options.folder(options)
    os.environ["GRADUS_DATA"] = str(folder)
    os.environ["GRADUS_DEMO"] = "1" if (folder / marker).exists() else ""
    if "port" in options and not os.environ.get("GRADUS_ADDRESS"):
        os.environ["GRADUS_ADDRESS"] = f"http://localhost:{options.port}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradus.conf.settings")
    try:
        importlib.import_module("django").setup()
    except ModuleNotFoundError as error:
        raise Refusal([Fault("platform.not_installed", params={"name": error.name or ""})]) from error
    try:
        return int(importlib.import_module(f"gradus.cli.platform.{options.work}").run(options))
    except importlib.import_module("django.db").OperationalError as error:  # unreachable, full, or taken too long
        raise Refusal([Fault("platform.database_fails", params={"said": str(error).strip()})]) from error


def _as_named(options: Namespace) -> Path:
    return Path(options.data)


def _there(options: Namespace) -> Path:
    if not options.data.is_dir():
        raise Refusal([Fault("platform.no_data", Place(str(options.data)))])
    return Path(options.data)


def _no_demonstration(options: Namespace) -> Path:
    if (options.data / marker).exists():
        raise Refusal([Fault("platform.is_demonstration", Place(str(options.data)))])
    return Path(options.data)


def _demonstration(options: Namespace) -> Path:
    if not (options.data / marker).exists():
        raise Refusal([Fault("platform.no_demonstration", Place(str(options.data)))])
    _in_its_folder()
    return Path(options.data)


def _whole_demonstration(options: Namespace) -> Path:
    """The folder, when the demonstration is there; else the place beside it where it is made."""
    _in_its_folder()
    return Path(options.data) if (options.data / marker).exists() else unfinished(options.data)


def _in_its_folder() -> None:
    """Whatever the shell says of a database, a demonstration lies in its folder and nowhere else."""
    os.environ.pop("GRADUS_DATABASE_URL", None)


def unfinished(folder: Path) -> Path:
    """Where a data folder is made before it takes its place: whole, or not at all."""
    return folder.with_name(f"{folder.name}.unfinished")
