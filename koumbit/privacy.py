"""What the co-op keeps about people: the page the law asks for, as data.

Sources: Act respecting the protection of personal information in the private sector (as amended by
Law 25), ss. 3.1, 3.2, 8; labour standards register: three years; tax records: six years after the
last tax year they concern (Tax Administration Act, s. 35.1 ff.; Income Tax Act, s. 230).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kept:
    """One kind of information: what it is, what for, who sees it, until when."""

    what: Promise
    why: Promise
    seen_by: Promise
    until: Promise


_PERSONAL_FILE = _(
    "until six years after the end of your membership or of your last work, whichever is later"
)
_TAX_RECORDS = _("until six years after the last tax year they concern")

KEPT = (
    Kept(
        _("Your name, your language, the dates of your work and of your membership"),
        _("to know who works, since when, and how to speak to you"),
        _("every member"),
        _PERSONAL_FILE,
    ),
    Kept(
        _(
            "What you wrote to become a member, the decisions that admitted you or ended your membership, your "
            "probation and your pauses"
        ),
        _("to know who decides in the assembly, and what is agreed with you"),
        _("every member"),
        _PERSONAL_FILE,
    ),
    Kept(
        _("Your lists of things to do when you arrive, step back, return or leave"),
        _("so that nothing of it is forgotten"),
        _("you, who accompanies you, and those who hold a mandate to admit people or to prepare pay"),
        _PERSONAL_FILE,
    ),
    Kept(
        _("Your member shares: what you subscribed, paid and were refunded"),
        _("to know what you put in and give it back to you; only in a cooperative"),
        _("you, and those who hold a mandate over pay; every member sees the sum of all"),
        _TAX_RECORDS,
    ),
    Kept(
        _("Your e-mail address, phone, home address and date of birth"),
        _("to let you sign in, write to you, fill in your pay stub and apply the Québec Pension Plan’s ages"),
        _("you, and those who hold a mandate to admit people or to prepare pay"),
        _PERSONAL_FILE,
    ),
    Kept(
        _("Your social insurance number and your tax claims (TD1, TP-1015.3)"),
        _("to compute source deductions and declare your income, as the law demands"),
        _(
            "you, and those who hold a mandate over pay; each time someone else reads them it is written down, "
            "and you see it. They are encrypted in the database"
        ),
        _TAX_RECORDS,
    ),
    Kept(
        _("Your bank account, if you want your pay deposited"),
        _("to deposit your pay"),
        _(
            "you, and those who hold a mandate over pay; you see each time someone else reads it or takes it "
            "to the bank. It is encrypted in the database, and you alone change it"
        ),
        _TAX_RECORDS,
    ),
    Kept(
        _("Your hours: day, task, project, note"),
        _("to pay you, to invoice clients and to see how work is shared"),
        _(
            "you, and the committee that approves hours; those who keep roles see your approved hours by task, to "
            "plan. Every member sees where your hours place you in the balance of the work and whether you have "
            "come near a role, never the hours"
        ),
        _TAX_RECORDS,
    ),
    Kept(
        _(
            "The roles you hold and the tasks you carry, your candidacies, the level you declare in a role and "
            "who confirmed it"
        ),
        _("to know who answers for what, who can teach, and who takes over"),
        _("every member"),
        _PERSONAL_FILE,
    ),
    Kept(
        _("The roles you wish to learn, or rather not"),
        _("to propose who learns what; no reason is asked"),
        _("you alone; the proposals take them into account without showing them"),
        _PERSONAL_FILE,
    ),
    Kept(
        _("Your leave: days, kind, note, what the committee answered"),
        _("to plan work, to pay you and to count what the law grants you"),
        _("you, and the committee that approves hours; every member sees that you are away, never why"),
        _TAX_RECORDS,
    ),
    Kept(
        _("Your pay stubs and payment statements, the figures of your slips of each year"),
        _("to prove what was paid, withheld, remitted and declared"),
        _("you, and those who hold a mandate over pay"),
        _TAX_RECORDS,
    ),
    Kept(
        _("Committees, mandates, decisions and the journal of acts"),
        _("so that every member can verify who decided and did what, and when"),
        _("every member; the journal holds numbers and fingerprints, no names"),
        _("as long as the cooperative exists"),
    ),
    Kept(
        _("The projections you make: their title, words, amounts and suppositions"),
        _("to foresee together the pay and the money of the months to come"),
        _(
            "you alone while it is a draft, every member once you keep it; they hold the agreed hours and the days "
            "away of those months, without names"
        ),
        _("as long as the cooperative exists; a draft, until you throw it away"),
    ),
    Kept(
        _(
            "What you set up for yourself: rows at hand, usual weeks, e-mails, keys of your tools, how files were read"
        ),
        _("to serve you as you wish; of a key, only its fingerprint is kept"),
        _("you alone"),
        _PERSONAL_FILE,
    ),
    Kept(
        _("Your open sessions: internet address and browser"),
        _("to let you see and close them"),
        _("you alone"),
        _("until the session is closed"),
    ),
)
