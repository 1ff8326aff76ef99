"""A proposal is computed, by a worker: how far it is, and whether somebody stopped it, are in its row."""

import time

from django.utils import timezone

from . import rotation as solver
from .models import Proposal, Rotation

#: Seconds between two words about progress, and between two looks at whether to stop.
EVERY = 1.0


def compute(pk: int) -> None:
    """Compute one proposal, unless it was stopped or is ready. Done again after a worker was killed."""
    began = timezone.now()
    waiting = Proposal.objects.filter(pk=pk, state__in=[Proposal.State.WAITING, Proposal.State.COMPUTING])
    if not waiting.update(state=Proposal.State.COMPUTING, began_at=began, percent=0):
        return
    proposal = Proposal.objects.select_related("rotation").get(pk=pk)
    problem = solver.from_json(proposal.rotation.inputs["problem"])
    problem = problem.with_config(tau=float(proposal.band), seed=proposal.seed)
    watching = _Watching(proposal)
    watch = solver.Watch(problem.config.time_limit, tell=watching.tell, is_cancelled=watching.is_stopped)
    try:
        found = solver.to_json(solver.propose(problem, watch))
    except solver.Cancelled:
        return
    except Exception:
        _end(pk, Proposal.State.FAILED)
        raise
    _end(pk, Proposal.State.DONE, result=found, percent=100)


def _end(pk: int, state: str, **fields) -> None:
    """The last word, unless somebody stopped it meanwhile."""
    Proposal.objects.filter(pk=pk, state=Proposal.State.COMPUTING).update(
        state=state, ended_at=timezone.now(), stage="", **fields
    )


class _Watching:
    """What the solver says is written at most once a second; whether to stop is asked as rarely."""

    def __init__(self, proposal: Proposal) -> None:
        self._pk, self._rotation = proposal.pk, proposal.rotation_id
        self._said = self._asked = 0.0
        self._stopped = False

    def tell(self, stage: str, part: float) -> None:
        now = time.monotonic()
        if now - self._said >= EVERY:
            self._said = now
            Proposal.objects.filter(pk=self._pk, state=Proposal.State.COMPUTING).update(
                stage=stage, percent=min(99, round(part * 100))
            )

    def is_stopped(self) -> bool:
        now = time.monotonic()
        if now - self._asked >= EVERY:
            self._asked = now
            self._stopped = Rotation.objects.filter(pk=self._rotation, cancelled_at__isnull=False).exists()
        return self._stopped
