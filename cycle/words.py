"""Words for states, roles and kinds: one table for page, mail, command and export, so that one thing has one word."""

from cycle.domain.model import LadderKind, MailState, PartyKind, Role

MAIL_STATES = {
    MailState.DRAFT: "concept",
    MailState.QUEUED: "wacht",
    MailState.SENDING: "onderweg",
    MailState.SENT: "verstuurd",
    MailState.FAILED: "niet bezorgd",
    MailState.HELD: "vastgehouden",
    MailState.REPLACED: "vervangen",
    MailState.DISCARDED: "weggelegd",
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

PARTY_KINDS = {
    PartyKind.MUNICIPALITY: "gemeente",
    PartyKind.CORPORATION: "corporatie",
    PartyKind.TENANTS: "huurdersorganisatie",
}

LADDER_KINDS = {
    LadderKind.MEETING: "overleg",
    LadderKind.LETTER: "brief",
    LadderKind.DOCUMENT: "stuk",
    LadderKind.ACTION: "actie",
    LadderKind.YEARLY: "jaarlijks",
}
