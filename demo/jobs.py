"""Long work of the sample data: removing it."""

from core import jobs
from demo.services import run_remove

jobs.register("demo.remove", run_remove)
