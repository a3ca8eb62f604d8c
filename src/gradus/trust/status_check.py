# SPDX-License-Identifier: Apache-2.0
"""Step 9 of verification: what the status lists say about a certificate at an instant. Fails closed: a certificate is
clear only when a trusted list in force at that instant says so for each of its entries. What has ended has ended for
good: of that the last trusted list speaks when it is over, and of instants to come, of which no list says anything
else: whatever it was signed to last until, something may be decided before."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from gradus.grading.faults import Fault, Place, Refusal
from gradus.trust.bundle import TrustBundle
from gradus.trust.instants import shown
from gradus.trust.proof import proof_holds
from gradus.trust.statement import CertificateStatement, Purpose, StatusEntry
from gradus.trust.status_list import StatusList, read_list
from gradus.trust.verdict import PASSED, Named, Outcome, State, Step

_SET = {Purpose.REVOCATION: "verify.revoked", Purpose.SUSPENSION: "verify.suspended"}


def check_status(
    statement: CertificateStatement, given: Sequence[Named], bundle: TrustBundle, at: datetime, now: datetime
) -> tuple[Outcome, datetime | None]:
    """The outcome of the step, and the instant of the older one of the lists that answered."""
    lists, reasons = _readable(given)
    said: list[Fault] = []
    untold: list[Fault] = []
    answered: list[datetime] = []
    for entry in statement.status:
        name, found, why = _newest(entry, lists, statement.issuer.id, bundle, at)
        bit = found.is_set(entry.index) if found else None
        for_good = bit and entry.purpose is Purpose.REVOCATION
        if found is None or (not for_good and (at > now or at >= found.valid_until)):
            to_come = Fault("status.to_come", params={"value": shown(now)})
            untold += [*why, to_come if at > now else _not_in_force(name, found)] if found else why
            continue
        if bit is None:
            untold.append(Fault("status.no_such_index", params={"said": entry.list, "value": str(entry.index)}))
            continue
        answered.append(found.valid_from)
        if bit:
            said.append(Fault(_SET[entry.purpose], params={"value": shown(found.valid_from)}))
    oldest = min(answered, default=None)
    if said:
        return (State.FAILED, said), oldest
    if untold:
        return (State.CANNOT_TELL, _once([*untold, *reasons])), oldest
    return PASSED, oldest


def with_named(step: Step, statement: CertificateStatement, named: Sequence[Named], bundle: TrustBundle) -> Step:
    """The step, and what there is to say of lists that somebody named one by one to have them asked: one that is not
    believed may know better than what answered, which nobody can tell; one of other certificates tells nothing."""
    mine = {(each.list, each.purpose) for each in statement.status}
    lists, _ = _readable(named)
    doubtful = [
        Fault("status.named_not_trusted", Place(name))
        for name, each in lists
        if not _trusted(each, statement.issuer.id, bundle)
    ]
    others = [
        Fault("status.of_others", Place(name), {"said": each.id})
        for name, each in lists
        if (each.id, each.purpose) not in mine and _trusted(each, statement.issuer.id, bundle)
    ]
    state = State.CANNOT_TELL if doubtful and step.state is State.PASSED else step.state
    return replace(step, state=state, said=tuple(_once([*step.said, *doubtful, *others])))


def _once(faults: Sequence[Fault]) -> list[Fault]:
    """What holds for both lists is said once."""
    return [each for at, each in enumerate(faults) if each not in faults[:at]]


def _readable(given: Sequence[Named]) -> tuple[list[tuple[str, StatusList]], list[Fault]]:
    lists: list[tuple[str, StatusList]] = []
    faults: list[Fault] = []
    for each in given:
        try:
            lists.append((each.name, read_list(each.data, each.name)))
        except Refusal as refusal:
            faults += refusal.faults
    return lists, faults


def _newest(
    entry: StatusEntry, lists: Sequence[tuple[str, StatusList]], issuer: str, bundle: TrustBundle, at: datetime
) -> tuple[str, StatusList | None, list[Fault]]:
    """The newest trusted list of an entry that had begun at the instant, with its file, or why there is none. One that
    has ended is followed by none of the older ones, however long they were to last: they did not know why it was
    made."""
    mine = [(name, each) for name, each in lists if (each.id, each.purpose) == (entry.list, entry.purpose)]
    if not mine:
        return "", None, [Fault("status.missing", params={"said": entry.list})]
    faults: list[Fault] = []
    begun: list[tuple[str, StatusList]] = []
    for name, each in mine:
        if not _trusted(each, issuer, bundle):
            faults.append(Fault("status.not_trusted", Place(name)))
        elif each.valid_from > at:
            faults.append(_not_in_force(name, each))
        else:
            begun.append((name, each))
    if not begun:
        return "", None, faults
    return *max(begun, key=lambda one: _weight(one[1], entry.index)), faults


def _weight(found: StatusList, index: int) -> tuple[datetime, bool, float]:
    """The newest list weighs most. Of two of one second nobody can tell which was signed later, so the bit that is set
    counts, and the end that comes first."""
    return found.valid_from, found.is_set(index) is not False, -found.valid_until.timestamp()


def _not_in_force(name: str, found: StatusList) -> Fault:
    blanks = {"from": shown(found.valid_from), "until": shown(found.valid_until)}
    return Fault("status.not_in_force", Place(name), blanks)


def _trusted(found: StatusList, issuer: str, bundle: TrustBundle) -> bool:
    """Whether the issuer signed it with a good key. Lists are in no log, so after a theft no list of that key is
    believed, whatever its dates: the body signs new ones with a new key."""
    period = bundle.key_of(found.proof.verificationMethod)
    return (
        found.issuer == issuer
        and period is not None
        and period.compromised_at is None
        and period.signs_at(found.valid_from)
        and found.proof.created == found.valid_from
        and proof_holds(found.document, found.proof, period.key)
    )
