"""The identifiers of people, tasks and roles in a problem: the first letter says which, the rest is the row."""


def member_id(person: int) -> str:
    return f"p{person}"


def task_id(task: int) -> str:
    return f"t{task}"


def role_id(role: int) -> str:
    return f"r{role}"


def number(identifier: str) -> int:
    """The row that an identifier of a problem stands for."""
    return int(identifier[1:])
