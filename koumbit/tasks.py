"""What the workers of the queue do for the queue itself."""

from procrastinate import JobContext
from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(queue="upkeep", queueing_lock="take_up_again", pass_context=True)
async def take_up_again(context: JobContext, timestamp: int) -> None:
    """Put back the jobs whose worker was killed: another one does them again, from where they were left."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="30 4 * * *")
@app.task(queue="upkeep", queueing_lock="forget_done", pass_context=True)
async def forget_done(context: JobContext, timestamp: int) -> None:
    """Forget the jobs done a week ago."""
    await context.app.job_manager.delete_old_jobs(nb_hours=24 * 7)
