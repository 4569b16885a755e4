"""The rows of the table, by name, in the order of what the build promises."""

from tests.faults import failures, kills
from tests.faults.row import Row

ROWS = {
    row.name: row
    for row in (
        Row("kill", "killed or interrupted at a moment by chance", 1_000, 24, kills.at_random_moments),
        Row("kill-call", "killed at the Nth open, write, rename, mkdir, unlink", 2_000, 24, kills.at_each_call),
        Row("error-call", "the Nth call fails, once or for good", 10_000, 40, failures.at_each_call),
    )
}
