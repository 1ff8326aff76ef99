"""What the co-op keeps about people, and for how long: the page the law asks for, as data.

Sources: Act respecting the protection of personal information in the private sector (P-39.1, as amended by
Law 25), ss. 3.1, 3.2, 8, 23. Each term says where it comes from and how sure we are of it. What the export
gives, what the purge destroys (`members.personal`) and what this page says name the same kinds.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Until(StrEnum):
    """Which term a kind of information has."""

    WAGES = "wages"
    TAX = "tax"
    FILE = "file"
    INCIDENT = "incident"
    SESSION = "session"
    FOREVER = "forever"


@dataclass(frozen=True)
class Term:
    """How long something is kept: whole years, counted from what, by which rule.

    `years` is None where no year counts. `source` is the rule, `consulted_on` the day somebody read it,
    `sure` how: in the text itself, or from general knowledge, to be verified.
    """

    years: int | None
    called: Promise
    said: Promise
    source: Promise
    consulted_on: date
    sure: bool


_READ_ON = date(2026, 11, 22)

TERMS = {
    Until.WAGES: Term(
        3,
        _("What stands behind the wage register"),
        _("until three years after the end of the year it is about"),
        _("Regulation respecting a registration system or the keeping of a register (N-1.1, r. 6), s. 2"),
        _READ_ON,
        sure=False,
    ),
    Until.TAX: Term(
        6,
        _("Tax records"),
        _("until six years after the last tax year they concern"),
        _("Revenu Québec, RL-1 slip: records are kept six years after the last tax year they concern"),
        _READ_ON,
        sure=True,
    ),
    Until.FILE: Term(
        6,
        _("Personal file"),
        _("until six years after the end of your membership or of your last work, whichever is later"),
        _(
            "The cooperative’s own rule, since the law sets no number of years: what served its purpose is "
            "destroyed or made anonymous (P-39.1, s. 23)"
        ),
        _READ_ON,
        sure=True,
    ),
    Until.INCIDENT: Term(
        5,
        _("Register of confidentiality incidents"),
        _("at least five years after the cooperative became aware of the incident"),
        _("Regulation respecting confidentiality incidents (A-2.1, r. 3.1), s. 8"),
        _READ_ON,
        sure=False,
    ),
    Until.SESSION: Term(
        None, _("Session"), _("until the session is closed"), _("What a session needs"), _READ_ON, sure=True
    ),
    Until.FOREVER: Term(
        None,
        _("Life of the cooperative"),
        _("as long as the cooperative exists"),
        _("Acts of the cooperative: who decided what is never rewritten"),
        _READ_ON,
        sure=True,
    ),
}


class Kind(StrEnum):
    """A kind of information the co-op keeps about people; each is a card of the page."""

    IDENTITY = "identity"
    PATH = "path"
    STEPS = "steps"
    SHARES = "shares"
    CONTACT = "contact"
    TAXES = "taxes"
    ACCOUNT = "account"
    HOURS = "hours"
    LINES = "lines"
    ROLES = "roles"
    OPINIONS = "opinions"
    LEAVE = "leave"
    PAY = "pay"
    READINGS = "readings"
    GOVERNANCE = "governance"
    PROJECTIONS = "projections"
    SETTINGS = "settings"
    SESSIONS = "sessions"
    INCIDENTS = "incidents"


@dataclass(frozen=True)
class Kept:
    """One kind of information: what it is, what for, who sees it, until when, and what then stays without a name."""

    kind: Kind
    what: Promise
    why: Promise
    seen_by: Promise
    term: Until
    stays: Promise | str = ""

    @property
    def until(self) -> Promise:
        return TERMS[self.term].said


_NUMBERS = _("the days, hours and amounts stay in the sums of the cooperative, under a number without a name")

KEPT = (
    Kept(
        Kind.IDENTITY,
        _("Your name, your language, the dates of your work and of your membership"),
        _("to know who works, since when, and how to speak to you"),
        _("every member"),
        Until.FILE,
    ),
    Kept(
        Kind.PATH,
        _(
            "What you wrote to become a member, the decisions that admitted you or ended your membership, your "
            "probation and your pauses"
        ),
        _("to know who decides in the assembly, and what is agreed with you"),
        _("every member"),
        Until.FILE,
        _("the days stay under a number without a name"),
    ),
    Kept(
        Kind.STEPS,
        _("Your lists of things to do when you arrive, step back, return or leave"),
        _("so that nothing of it is forgotten"),
        _("you, who accompanies you, and those who hold a mandate to admit people or to prepare pay"),
        Until.FILE,
    ),
    Kept(
        Kind.SHARES,
        _("Your member shares: what you subscribed, paid and were refunded"),
        _("to know what you put in and give it back to you; only in a cooperative"),
        _("you, and those who hold a mandate over pay; every member sees the sum of all"),
        Until.TAX,
        _NUMBERS,
    ),
    Kept(
        Kind.CONTACT,
        _("Your e-mail address, phone, home address and date of birth"),
        _("to let you sign in, write to you, fill in your pay stub and apply the Québec Pension Plan’s ages"),
        _(
            "you, and those who hold a mandate to admit people or to prepare pay; each time someone else reads "
            "your address or date of birth it is written down, and you see it"
        ),
        Until.FILE,
    ),
    Kept(
        Kind.TAXES,
        _("Your social insurance number and your tax claims (TD1, TP-1015.3)"),
        _("to compute source deductions and declare your income, as the law demands"),
        _(
            "you, and those who hold a mandate over pay; each time someone else reads them it is written down, "
            "and you see it. They are encrypted in the database"
        ),
        Until.TAX,
    ),
    Kept(
        Kind.ACCOUNT,
        _("Your bank account, if you want your pay deposited"),
        _("to deposit your pay"),
        _(
            "you, and those who hold a mandate over pay; you see each time someone else reads it or takes it "
            "to the bank. It is encrypted in the database, and you alone change it"
        ),
        Until.TAX,
    ),
    Kept(
        Kind.HOURS,
        _("Your hours: day, task, project, note"),
        _("to pay you, to invoice clients and to see how work is shared"),
        _(
            "you, and the committee that approves hours; those who keep roles see your approved hours by task, to "
            "plan. Every member sees where your hours place you in the balance of the work and whether you have "
            "come near a role, never the hours"
        ),
        Until.TAX,
        _NUMBERS,
    ),
    Kept(
        Kind.LINES,
        _("What a line of your hours said before it was changed, and what was asked and answered about it"),
        _("to understand a week that is questioned"),
        _("you, and the committee that approves hours, from when it received the week"),
        Until.WAGES,
    ),
    Kept(
        Kind.ROLES,
        _(
            "The roles you hold and the tasks you carry, your candidacies, the level you declare in a role and "
            "who confirmed it"
        ),
        _("to know who answers for what, who can teach, and who takes over"),
        _("every member"),
        Until.FILE,
    ),
    Kept(
        Kind.OPINIONS,
        _("The roles you wish to learn, or rather not, the tasks you do not take, your ratings of tasks"),
        _("to propose who does and learns what; no reason is asked"),
        _(
            "you alone; the proposals take them into account without showing them, and ratings are published "
            "by three at least, without their authors"
        ),
        Until.FILE,
    ),
    Kept(
        Kind.LEAVE,
        _("Your leave: days, kind, note, what the committee answered"),
        _("to plan work, to pay you and to count what the law grants you"),
        _("you, and the committee that approves hours; every member sees that you are away, never why"),
        Until.TAX,
        _NUMBERS,
    ),
    Kept(
        Kind.PAY,
        _("Your pay stubs and payment statements, the figures of your slips of each year"),
        _("to prove what was paid, withheld, remitted and declared"),
        _("you, and those who hold a mandate over pay; each time someone else reads them you see it"),
        Until.TAX,
        _NUMBERS,
    ),
    Kept(
        Kind.READINGS,
        _("Who read what is confidential of you, and when"),
        _("so that you know it"),
        _("you alone"),
        Until.TAX,
    ),
    Kept(
        Kind.GOVERNANCE,
        _("Committees, mandates, meetings, decisions and the journal of acts"),
        _("so that every member can verify who decided and did what, and when"),
        _("every member; the journal holds numbers and fingerprints, no names"),
        Until.FOREVER,
        _("once your file is destroyed, your acts are those of a number without a name"),
    ),
    Kept(
        Kind.PROJECTIONS,
        _("The projections you make: their title, words, amounts and suppositions"),
        _("to foresee together the pay and the money of the months to come"),
        _(
            "you alone while it is a draft, every member once you keep it; they hold the agreed hours and the days "
            "away of those months, without names"
        ),
        Until.FOREVER,
        _("a draft, until you throw it away"),
    ),
    Kept(
        Kind.SETTINGS,
        _(
            "What you set up for yourself: rows at hand, usual weeks, e-mails, keys of your tools, how files were read"
        ),
        _("to serve you as you wish; of a key, only its fingerprint is kept"),
        _("you alone"),
        Until.FILE,
    ),
    Kept(
        Kind.SESSIONS,
        _("Your open sessions: internet address and browser"),
        _("to let you see and close them"),
        _("you alone"),
        Until.SESSION,
    ),
    Kept(
        Kind.INCIDENTS,
        _("Confidentiality incidents: what happened, to what, to how many people, what was done. No names"),
        _("to reduce the harm, and because the law asks for the register"),
        _("those who hold a mandate to admit people; every member sees in the journal that there was one"),
        Until.INCIDENT,
    ),
)
