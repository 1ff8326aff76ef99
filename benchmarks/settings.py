"""The product as in production, with one addition: each answer says how many queries it took."""

from koumbit.settings import *  # noqa: F403
from koumbit.settings import MIDDLEWARE

MIDDLEWARE = ["benchmarks.counting.count_queries", *MIDDLEWARE]
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # the measures speak HTTP
