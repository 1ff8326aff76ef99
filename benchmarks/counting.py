from django.db import connection


def count_queries(get_response):
    """Say in the header `X-Queries` how many statements the database was sent."""

    def middleware(request):
        count = 0

        def counted(execute, sql, params, many, context):
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            response = get_response(request)
        response.headers["X-Queries"] = str(count)
        return response

    return middleware
