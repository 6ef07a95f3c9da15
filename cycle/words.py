"""Words for states, roles and kinds: one table for page, mail, command and export, so that one thing has one word."""

from cycle.domain.model import LadderKind, Role

MAIL_STATES = {
    "draft": "concept",
    "queued": "wacht",
    "sending": "onderweg",
    "sent": "verstuurd",
    "failed": "niet bezorgd",
    "held": "vastgehouden",
    "replaced": "vervangen",
    "discarded": "weggelegd",
}
"""The state of a mail in the outbox."""

ROLES = {
    Role.TREKKER: "trekker",
    Role.CONTACT: "contactpersoon",
    Role.DEPUTY: "vervanger",
    Role.SECRETARIAT: "secretariaat",
    Role.DIRECTOR: "bestuurder",
    Role.READER: "lezer",
}

PARTY_KINDS = {"municipality": "gemeente", "corporation": "corporatie", "tenants": "huurdersorganisatie"}

LADDER_KINDS = {
    LadderKind.MEETING: "overleg",
    LadderKind.LETTER: "brief",
    LadderKind.DOCUMENT: "stuk",
    LadderKind.ACTION: "actie",
    LadderKind.YEARLY: "jaarlijks",
}
