from datetime import date
import pytest, time_machine, json
from django.core.management import call_command
pytestmark = pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-08-19","2026-12-21","2027-02-10","2026-10-02"])
def test_x(day, settings):
    settings.DEMO=True
    with time_machine.travel(day+" 15:00-05:00", tick=True):
        call_command("demonstration", verbosity=0)
        from members.models import Cooperative
        from timesheets.sharing import planning
        from roles.rotation import from_json, propose, Watch
        from django.utils import timezone
        c=Cooperative.objects.get(); t=timezone.localdate(); p=planning.next_period(c,t)
        i=planning.inputs(c,p,t); pr=from_json(i["problem"])
    print(day,p.first,p.last,sum(m.hours for m in pr.members),sum(x.hours for x in pr.tasks))
    for tau in (.25,):
        r=propose(pr.with_config(tau=tau),Watch(40)); o=r.outcome
        print('  ',tau,round(o.max_deviation,3),round(r.lower_bound,3),o.hours_moved,[(s.kind,s.subject,round(s.amount,2)) for s in o.shortfalls],o.breaches, round(r.seconds,1))
        names={f"p{x.pk}":x for x in __import__('members.models',fromlist=['Person']).Person.objects.all()}
        tn={f"t{x.pk}":x for x in __import__('roles.models',fromlist=['Task']).Task.objects.all()}
        rn={f"r{x.pk}":x for x in __import__('roles.models',fromlist=['Role']).Role.objects.all()}
        for s in o.shortfalls: a,_,b=s.subject.partition('/'); print('     ',s.kind,names.get(a,tn.get(a)),tn.get(b,rn.get(b)),s.amount)
