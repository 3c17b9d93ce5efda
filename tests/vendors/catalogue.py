"""Every scripted vendor: what it is, how it is examined, and what must be said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.settings import ListenSettings
from ooapi_toets import register as registers
from ooapi_toets.contract import Role
from ooapi_toets.outcomes import Half
from ooapi_toets.register import Rule
from tests.vendors import afname, planning
from tests.vendors.afname import Afname
from tests.vendors.planning import Planning

FAIL, WARN = "fail", "warn"


@dataclass(frozen=True)
class Vendor:
    """A scripted vendor.

    Attributes:
        system: Makes it.
        expected: The rules it breaks, and how loudly; everything else must be in order.
        listen: How it is examined.
    """

    system: type[Planning | Afname]
    expected: Mapping[str, str] = field(default_factory=dict)
    listen: ListenSettings = field(default_factory=lambda: ListenSettings(patience=1.5, quiet=0.2, faults=()))

    @property
    def role(self) -> Role:
        """Its role."""
        return "toetsplanning" if issubclass(self.system, Planning) else "toetsafname"


_BAD_DAYS = ListenSettings(patience=15, quiet=0.2)
_ERROR = ListenSettings(patience=1.5, quiet=0.2, faults=("500-then-ok",))
_BUSY = ListenSettings(patience=5, quiet=0.2, faults=("429-twice",))
_TOKENS = ListenSettings(patience=1.5, quiet=0.2, faults=(), auth="oauth2", secret="fake-client-secret")  # noqa: S106 - of a mock that is gone in seconds

HONEST: Mapping[str, Vendor] = {
    "planning": Vendor(Planning, listen=_BAD_DAYS),
    "planning-with-tokens": Vendor(Planning, listen=_TOKENS),
    "afname": Vendor(Afname, listen=_BAD_DAYS),
}

LIARS: Mapping[str, Vendor] = {
    "deltas": Vendor(planning.SendsDeltas, {"2.2-client-sends-the-complete-list": WARN}),
    "associates-first": Vendor(planning.AssociatesFirst, {"2.2-client-creates-before-associating": FAIL}),
    "new-ids-on-retry": Vendor(
        planning.NewIdsOnRetry,
        {"2.1-client-keeps-the-id": FAIL, "client-recovers-from-5xx-and-429": WARN},
        _ERROR,
    ),
    "two-of-one-person": Vendor(planning.TwoOfOnePerson, {"2.2-client-keeps-person-the-same-over-roles": FAIL}),
    "new-person-per-role": Vendor(planning.NewPersonPerRole, {"2.2-client-keeps-person-the-same-over-roles": FAIL}),
    "changes-without-id": Vendor(planning.ChangesWithoutId, {"2.1-client-makes-a-uuid": FAIL}),
    "no-uuid": Vendor(planning.NoUuid, {"2.1-client-makes-a-uuid": FAIL}),
    "no-code": Vendor(planning.NoCode, {"2.1-client-sends-a-valid-offering": FAIL}),
    "blank-in-date": Vendor(planning.BlankInDate, {"2.1-client-sends-a-valid-offering": FAIL}),
    "no-mail": Vendor(planning.NoMail, {"2.2-client-sends-valid-associations": FAIL}),
    "new-association-ids": Vendor(planning.NewAssociationIds, {"2.2-client-keeps-association-ids": FAIL}),
    "wrong-path": Vendor(planning.WrongPath, {"client-follows-the-contract": FAIL}),
    "wrong-media-type": Vendor(planning.WrongMediaType, {"client-follows-the-contract": FAIL}),
    "cancels-instead": Vendor(planning.CancelsInstead),
    "removes-as-published": Vendor(
        planning.RemovesAsPublished,
        {"client-follows-the-contract": FAIL, "2.4-client-removes-by-a-shorter-list": FAIL},
    ),
    "deletes-people": Vendor(
        planning.DeletesPeople,
        {"client-follows-the-contract": FAIL, "2.4-client-removes-by-a-shorter-list": FAIL},
    ),
    "withdraws-as-published": Vendor(
        planning.WithdrawsAsPublished, {"client-follows-the-contract": FAIL, "2.5-client-deletes": FAIL}
    ),
    "gives-up": Vendor(planning.GivesUp, {"client-recovers-from-5xx-and-429": WARN}, _ERROR),
    "storms": Vendor(planning.Storms, {"client-waits-before-retrying": WARN}, _BUSY),
    "impatient": Vendor(planning.Impatient, {"client-waits-before-retrying": WARN}, _BUSY),
    "keeps-its-token": Vendor(planning.KeepsItsToken, {"client-refreshes-its-token": WARN}, _TOKENS),
    "unknown-document-type": Vendor(afname.UnknownType, {"4.1-client-uses-known-document-types": FAIL}),
    "no-offering-type": Vendor(afname.NoOfferingType, {"4.1-client-sends-a-valid-report": FAIL}),
    "nameless-document": Vendor(afname.NamelessDocument, {"4.1-client-sends-a-valid-report": FAIL}),
    "says-otherwise": Vendor(afname.SaysOtherwise, {"4.1-client-report-equals-its-own-read": FAIL}),
    "shows-other-document": Vendor(afname.ShowsOtherDocument, {"4.1-client-report-equals-its-own-read": FAIL}),
    "unknown-session": Vendor(afname.UnknownSession, {"4.1-client-sends-a-valid-report": FAIL}),
    "puts-it": Vendor(afname.PutsIt, {"client-follows-the-contract": FAIL}),
    "gives-up-reporting": Vendor(afname.GivesUp, {"client-recovers-from-5xx-and-429": WARN}, _ERROR),
    "storms-reporting": Vendor(afname.Storms, {"client-waits-before-retrying": WARN}, _BUSY),
}


def client_rules() -> list[Rule]:
    """Every rule about what a system sends."""
    found = registers.load().rules.values()
    return [rule for rule in found if rule.half is Half.CLIENT]


def proving(rule: str) -> list[str]:
    """The names of those that break a rule."""
    return [name for name, vendor in LIARS.items() if rule in vendor.expected]
