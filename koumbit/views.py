from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.shortcuts import render

from members.access import open_to_anyone, signed_in


@signed_in
def home(request):
    """My week, my last stub, what waits for my committees."""
    return render(request, "home.html")


@open_to_anyone
def health(request):
    """For the monitor: is the database there, and is its schema the code's?"""
    executor = MigrationExecutor(connection)
    pending = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return JsonResponse({"database": True, "migrated": not pending}, status=503 if pending else 200)
