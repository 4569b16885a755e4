"""The scenarios of fault injection by name, in the order of the guarantees in docs/contributing/reliability.md."""

from tests.faults import (
    bulk_changes,
    cache_damage,
    concurrent_builds,
    environments,
    failing_calls,
    file_names,
    file_times,
    full_disk,
    fuzz,
    hostile_content,
    hostile_exports,
    killed_builds,
    killed_imports,
    lost_events,
    publishing,
    random_edits,
    saves,
    script_injection,
    unusable_paths,
)
from tests.faults.scenario import Scenario

SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario("kill", "killed or interrupted at a random moment", 1_000, 24, killed_builds.kill_at_random_moments),
        Scenario(
            "kill-call",
            "killed at the Nth open, write, rename, mkdir, unlink",
            2_000,
            24,
            killed_builds.kill_at_each_call,
        ),
        Scenario("error-call", "the Nth call fails, once or always", 10_000, 40, failing_calls.fail_each_call),
        Scenario(
            "import", "killed imports of every platform's exports, and publishes", 300, 8, killed_imports.kill_imports
        ),
        Scenario("disk", "a full disk", 200, 12, full_disk.build_on_full_disk),
        Scenario(
            "concurrent", "two to four builds at once, one of them killed", 200, 8, concurrent_builds.run_builds_at_once
        ),
        Scenario("publish-builds", "publishing during builds and edits", 100, 2, publishing.publish_during_builds),
        Scenario("publish-kill", "publishing killed, to seven types of target", 350, 7, publishing.kill_publishing),
        Scenario(
            "publish-connection",
            "publishing over connections that are cut, silent or answer 500",
            300,
            10,
            publishing.publish_over_broken_connections,
        ),
        Scenario("reader", "reads of the output during builds", 100_000, 2_000, concurrent_builds.read_during_builds),
        Scenario("times", "same size and time, times far in the past and future", 300, 8, file_times.change_times),
        Scenario("cache", "a damaged, foreign or old build cache", 1_000, 26, cache_damage.damage_cache),
        Scenario("cache-locked", "a build cache that another program has locked", 100, 3, cache_damage.lock_cache),
        Scenario(
            "paths", "unusable paths of output, cache or posts", 100, 48, unusable_paths.build_with_unusable_paths
        ),
        Scenario("saves", "saves as editors make them, while serving", 2_000, 26, saves.save_as_editors, "s"),
        Scenario("soak", "saves in one run of serve", 20_000, 200, saves.save_continuously, "MB more"),
        Scenario(
            "bulk", "checkouts, moves, removals of many files, while serving", 40, 8, bulk_changes.change_while_serving
        ),
        Scenario("watches", "lost file-system events, or no watches, while serving", 20, 2, lost_events.lose_events),
        Scenario("law", "random edits, each build compared with a clean one", 2_000, 0, random_edits.edit_at_random),
        Scenario("fuzz", "fuzzed posts, config, templates, data", 20_000, 300, fuzz.fuzz_files),
        Scenario(
            "names",
            "titles, slugs, tags in every script, reserved, equal or long",
            10_000,
            200,
            file_names.build_named_posts,
        ),
        Scenario(
            "environment",
            "hash seed, TZ, locale, folder, umask, jobs, file order",
            50,
            4,
            environments.build_in_environments,
        ),
        Scenario("hostile", "named hostile posts and sites", 200, 200, hostile_content.build_each_case),
        Scenario(
            "exports", "hostile and damaged exports for every importer", 400, 10, hostile_exports.import_hostile_exports
        ),
        Scenario(
            "scripts",
            "script in every value of posts, sources, config, in Chromium",
            500,
            40,
            script_injection.inject_into_every_value,
        ),
    )
}
