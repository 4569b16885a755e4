"""Publishing to a branch of real repositories, without touching checkouts, indexes or commits of others."""

import shutil
from dataclasses import replace

import pytest
from msgspec import structs

from sitegen.config.schema import Target
from sitegen.errors import Problem, SiteError
from sitegen.publish.state import PublishState, read_record, write_record
from sitegen.publish.targets.git import GitPublisher
from tests.support.publishing import SITE, contents, git, make_context, publish_output, rewrite, ship, write

BASE = "https://news.example.com/"
TARGET = Target("pages", "git", remote="origin", identity="The Editor <editor@example.com>")


@pytest.fixture
def remote(tmp_path):
    git(tmp_path, "init", "--quiet", "--bare", "remote.git")
    return tmp_path / "remote.git"


@pytest.fixture
def site(tmp_path, remote):
    root = write(tmp_path / "site", {"sitegen.toml": "", ".gitignore": "/output/\n/.sitegen/\n"})
    write(root / "output", SITE)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "sitegen.toml")
    git(root, "commit", "--quiet", "-m", "Begin")
    git(root, "remote", "add", "origin", str(remote))
    return root


def publisher(root, target=TARGET):
    return GitPublisher(target, BASE, make_context(root, target.name, GIT_CONFIG_GLOBAL="/dev/null"))


def published(remote, tmp_path, branch="gh-pages"):
    work_tree = rewrite(tmp_path / "checked-out", {})
    work_tree.mkdir()
    git(
        remote,
        f"--work-tree={work_tree}",
        "checkout",
        "--quiet",
        "-f",
        branch,
        "--",
        ".",
        GIT_INDEX_FILE=f"{work_tree}.index",
    )
    return contents(work_tree)


def push_foreign(tmp_path, remote, files, message="By hand"):
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--branch", "gh-pages", str(remote), "clone")
    write(clone, files)
    git(clone, "add", "-A")
    git(clone, "commit", "--quiet", "-m", message)
    git(clone, "push", "--quiet")


def test_the_branch_holds_the_output_by_one_commit_a_publish(site, remote, tmp_path):
    assert len(publish_output(publisher(site), site / "output").added) == len(SITE)
    assert published(remote, tmp_path) == SITE
    assert not publish_output(publisher(site), site / "output")
    rewrite(site / "output", {**SITE, "index.html": "<p>new"} | {"new.html": "x"})
    (site / "output" / "a/index.html").unlink()
    plan = publish_output(publisher(site), site / "output")
    assert (plan.added, plan.changed, plan.removed) == (("new.html",), ("index.html",), ("a/index.html",))
    assert published(remote, tmp_path) == contents(site / "output")
    log = git(remote, "log", "--format=%an <%ae> %s", "gh-pages").splitlines()
    assert log == [f"The Editor <editor@example.com> Publish {BASE}"] * 2


def test_index_work_tree_and_branches_of_the_site_do_not_change(site):
    write(site, {"draft.md": "staged"})
    git(site, "add", "draft.md")
    write(site, {"draft.md": "and changed"})
    before = [git(site, *words) for words in (("status", "--porcelain"), ("ls-files", "-s"), ("branch", "-a"))]
    index = (site / ".git/index").read_bytes()
    publish_output(publisher(site), site / "output")
    assert [git(site, *words) for words in (("status", "--porcelain"), ("ls-files", "-s"))] == before[:2]
    assert (site / ".git/index").read_bytes() == index
    assert git(site, "branch", "--format=%(refname)") == "refs/heads/main"
    assert not (site / ".git/shallow").exists()
    assert not (site / ".git/FETCH_HEAD").exists()


@pytest.mark.parametrize("private", [False, True], ids=["the site's repository", "one of our own"])
def test_a_lock_that_a_killed_git_left_stops_no_later_publish(site, remote, tmp_path, private):
    target = structs.replace(TARGET, remote=str(remote))
    if private:
        rewrite(site / ".git", {})
    made = publisher(site, target)
    publish_output(made, site / "output")
    assert made.private == private
    for name in ("refs/sitegen/pages.lock", *(("shallow.lock", "packed-refs.lock") if private else ())):
        write(made.repository, {name: ""})
    rewrite(site / "output", {**SITE, "index.html": "<p>new"})
    publish_output(publisher(site, target), site / "output")
    assert published(remote, tmp_path)["index.html"] == "<p>new"


KILL_DURING_TRANSACTION = """#!/bin/sh
[ "$1" = prepared ] && kill -KILL $PPID
"""
"""A hook that kills the git process that receives a push while it holds the lock of the branch."""


@pytest.mark.parametrize("head", ["main", "gh-pages"])
@pytest.mark.parametrize("address", ["origin", "{}", "file://{}"])
def test_locks_that_a_killed_push_left_in_a_repository_of_this_machine_stop_no_later_publish(
    site, remote, tmp_path, address, head
):
    git(remote, "symbolic-ref", "HEAD", f"refs/heads/{head}")
    target = structs.replace(TARGET, remote=address.format(remote))
    hook = remote / "hooks" / "reference-transaction"
    for number in range(2):
        write(remote, {f"hooks/{hook.name}": KILL_DURING_TRANSACTION})
        hook.chmod(0o755)
        rewrite(site / "output", {**SITE, "index.html": f"<p>{number}"})
        with pytest.raises(SiteError):
            publish_output(publisher(site, target), site / "output")
        assert (remote / "refs/heads/gh-pages.lock").read_text()
        assert (remote / "HEAD.lock").exists() == (head == "gh-pages")
        hook.unlink()
        publish_output(publisher(site, target), site / "output")
        assert published(remote, tmp_path)["index.html"] == f"<p>{number}"


def test_a_lock_without_a_commit_that_stays_is_left_by_a_killed_push_too(site, remote, tmp_path):
    _fail_to_push(site, remote)
    write(remote, {"refs/heads/gh-pages.lock": ""})
    publish_output(publisher(site), site / "output")
    assert published(remote, tmp_path) == SITE


@pytest.mark.parametrize("content", ["1" * 40 + "\n", ""], ids=["lock of others", "commit of others after a moment"])
def test_a_lock_of_another_push_stays_and_is_named(site, remote, content):
    _fail_to_push(site, remote)
    locks = [remote / "refs/heads/gh-pages.lock", remote / "HEAD.lock"]
    for lock in locks:
        lock.write_text("")
    locks[0].write_text(content)
    made = publisher(site)
    pauses = []

    def write_commit(seconds):
        pauses.append(seconds)
        locks[0].write_text("1" * 40 + "\n")

    made.program = replace(made.program, pause=write_commit)
    with pytest.raises(SiteError) as raised:
        publish_output(made, site / "output")
    assert "another git process uses the repository, or left its lock" in str(raised.value)
    assert "whose name ends in .lock" in str(raised.value)
    assert all(lock.exists() for lock in locks)
    assert sum(pauses) >= 15


def _fail_to_push(site, remote):
    """Leave a publish whose push failed."""
    write(remote, {"hooks/pre-receive": "#!/bin/sh\nexit 1\n"})
    hook = remote / "hooks/pre-receive"
    hook.chmod(0o755)
    with pytest.raises(SiteError, match="the host refuses pushes"):
        publish_output(publisher(site), site / "output")
    hook.unlink()


def test_a_squashed_branch_holds_one_commit(site, remote, tmp_path):
    squashing = Target("pages", "git", remote="origin", identity=TARGET.identity, squash=True)
    publish_output(publisher(site, squashing), site / "output")
    write(site / "output", {"index.html": "2"})
    publish_output(publisher(site, squashing), site / "output")
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"
    assert published(remote, tmp_path) == contents(site / "output")


def test_a_foreign_commit_is_replaced_only_if_forced_and_cname_always_stays(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    push_foreign(tmp_path, remote, {"CNAME": "news.example.com\n", "mine.txt": "mine"})
    write(site / "output", {"index.html": "2"})
    with pytest.raises(SiteError, match=r"the branch was changed by others: x@y.example on \d{4}"):
        publish_output(publisher(site), site / "output")
    assert "mine.txt" in published(remote, tmp_path)
    publish_output(publisher(site), site / "output", force=True)
    assert published(remote, tmp_path) == {**contents(site / "output"), "CNAME": "news.example.com\n"}
    assert git(remote, "rev-list", "--count", "gh-pages") == "3"
    assert not publish_output(publisher(site), site / "output")


def test_a_new_clone_recognises_an_own_commit_by_its_last_line(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    other = write(tmp_path / "other", {})
    other.mkdir()
    rewrite(other / "output", {"index.html": "2"})
    elsewhere = Target("pages", "git", remote=str(remote), identity=TARGET.identity)
    publish_output(publisher(other, elsewhere), other / "output")
    assert published(remote, tmp_path) == {"index.html": "2"}
    with pytest.raises(SiteError, match="the branch was published from elsewhere since, by The Editor"):
        publish_output(publisher(site), site / "output")


def test_a_fresh_clone_refuses_a_branch_that_was_changed_after_our_commit(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    push_foreign(tmp_path, remote, {"mine.txt": "mine"}, "By hand\n\nSitegen-Tree: 0123456789")
    other = tmp_path / "other"
    write(other / "output", {"index.html": "2"})
    with pytest.raises(SiteError, match="changed by others"):
        publish_output(publisher(other, Target("pages", "git", remote=str(remote))), other / "output")


def test_a_push_of_others_in_the_meantime_is_not_overwritten(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    write(site / "output", {"index.html": "2"})
    ours = publisher(site)
    shipment = ship(site / "output")
    plan = ours.plan(shipment)
    push_foreign(tmp_path, remote, {"mine.txt": "mine"})
    with pytest.raises(SiteError, match="others have pushed to the branch in the meantime"):
        ours.publish(shipment, plan, lambda _done, _all: None)
    assert "mine.txt" in published(remote, tmp_path)


def test_an_own_push_that_was_not_recorded_is_recognised(site, remote, tmp_path):
    record = make_context(site, "pages").record.path
    publish_output(publisher(site), site / "output")
    first = read_record(record).commits
    write(site / "output", {"index.html": "2"})
    publish_output(publisher(site), site / "output")
    write_record(record, PublishState(commits=first + read_record(record).commits))
    write(site / "output", {"index.html": "3"})
    publish_output(publisher(site), site / "output")
    assert published(remote, tmp_path) == contents(site / "output")


def test_missing_remotes_and_credentials_are_reported_plainly(site, remote):
    nowhere = Target("pages", "git", remote="../nowhere.git")
    with pytest.raises(SiteError, match=r"nowhere.git.*does not (exist|appear to be a git repository)"):
        publish_output(publisher(site, nowhere), site / "output")
    hook = remote / "hooks" / "update"
    hook.write_text("#!/bin/sh\necho 'Permission denied to robot' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(SiteError, match="the target does not let git in"):
        publish_output(publisher(site), site / "output")


def test_a_named_remote_that_is_missing_is_reported_with_the_command_that_adds_it(site, remote, tmp_path):
    git(site, "remote", "remove", "origin")
    with pytest.raises(SiteError, match='there is no git remote called "origin"\n    run `git remote add origin URL`'):
        publisher(site)
    git(site, "remote", "add", "orign", str(remote))
    with pytest.raises(SiteError, match='did you mean "orign"'):
        publisher(site)
    write(tmp_path / "plain/output", SITE)
    with pytest.raises(SiteError, match="run `git init`, then run `git remote add origin URL`"):
        publisher(tmp_path / "plain")


@pytest.mark.parametrize("shallow", [False, True], ids=["whole", "shallow"])
def test_commits_of_the_host_that_only_change_cname_are_accepted(site, remote, tmp_path, shallow):
    publish_output(publisher(site), site / "output")
    push_foreign(tmp_path, remote, {"CNAME": "news.example.com\n"}, "Create CNAME")
    write(tmp_path / "clone", {"CNAME": "letters.example.com\n"})
    git(tmp_path / "clone", "commit", "--quiet", "-am", "Update CNAME")
    git(tmp_path / "clone", "push", "--quiet")
    if shallow:
        shutil.rmtree(site / ".sitegen")
        shutil.rmtree(site / ".git")
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{remote}", "--branch=gh-pages", "shallow")
        (tmp_path / "shallow/.git").rename(site / ".git")
    write(site / "output", {"index.html": "2"})
    publish_output(publisher(site), site / "output")
    assert published(remote, tmp_path) == {**contents(site / "output"), "CNAME": "letters.example.com\n"}
    assert git(remote, "rev-list", "--count", "gh-pages") == "4"


def test_a_foreign_commit_below_one_of_the_host_is_still_refused(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    push_foreign(tmp_path, remote, {"mine.txt": "mine"})
    write(tmp_path / "clone", {"CNAME": "letters.example.com\n"})
    git(tmp_path / "clone", "add", "-A")
    git(tmp_path / "clone", "commit", "--quiet", "-m", "Create CNAME")
    git(tmp_path / "clone", "push", "--quiet")
    write(site / "output", {"index.html": "2"})
    with pytest.raises(SiteError, match="changed by others"):
        publish_output(publisher(site), site / "output")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("push.gpgSign", "true"),
        ("remote.origin.mirror", "true"),
        ("push.followTags", "true"),
        ("push.recurseSubmodules", "only"),
        ("fetch.prune", "true"),
        ("commit.gpgSign", "true"),
    ],
)
def test_git_settings_of_the_user_do_not_stop_or_widen_a_publish(site, remote, setting, value):
    git(site, "tag", "-a", "-m", "A tag", "v1")
    git(site, "config", setting, value)
    publish_output(publisher(site), site / "output")
    write(site / "output", {"index.html": "2"})
    publish_output(publisher(site), site / "output")
    assert git(remote, "for-each-ref", "--format=%(refname)") == "refs/heads/gh-pages"


def test_a_repository_of_another_owner_is_reported_as_that(site):
    owned = make_context(site, "pages", GIT_CONFIG_GLOBAL="/dev/null", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    with pytest.raises(
        SiteError, match=r"another user owns it: .*site\n[^`]*`git config --global --add safe.directory"
    ):
        GitPublisher(TARGET, BASE, owned)


def test_a_branch_that_only_ends_like_the_target_is_not_read(site, remote):
    git(site, "push", "--quiet", str(remote), "main:refs/other/refs/heads/gh-pages")
    publish_output(publisher(site), site / "output")
    assert git(remote, "rev-list", "--count", "refs/heads/gh-pages") == "1"


def refusal(site, target):
    with pytest.raises(SiteError) as error:
        publisher(site, target)
    return [(problem.path, problem.line, problem.message, problem.hint) for problem in error.value.problems]


def test_a_remote_is_a_name_a_url_or_a_folder(site, remote, tmp_path):
    found = publisher(site)
    assert (found.remote, found.named, found.private) == ("origin", True, False)
    assert found.repository == site / ".git"
    for written, expected in (
        ("https://h.example/x.git", "https://h.example/x.git"),
        ("git@h.example:x", "git@h.example:x"),
        ("../remote.git", str(remote)),
        (str(remote), str(remote)),
    ):
        found = publisher(site, structs.replace(TARGET, remote=written))
        assert (found.remote, found.named) == (expected, False)
    add = (
        "run `git remote add x URL` with the URL of your repository, for example https://github.com/YOU/REPOSITORY.git"
    )
    message = 'there is no git remote called "x"'
    assert refusal(site, structs.replace(TARGET, remote="x")) == [
        ("sitegen.toml", 0, message, f"{add}; known are: origin")
    ]
    message, hint = "the folder a/b does not exist", "create it with `git init --bare FOLDER`"
    assert refusal(site, structs.replace(TARGET, remote="a/b")) == [("sitegen.toml", 0, message, hint)]
    plain = tmp_path / "plain"
    plain.mkdir()
    message = 'the site\'s folder is not a git repository, so there is no remote "x"'
    hint = f"run `git init`, then {add}"
    assert refusal(plain, structs.replace(TARGET, remote="x")) == [("sitegen.toml", 0, message, hint)]


def test_a_site_without_a_repository_has_one_of_its_own(remote, tmp_path):
    plain = write(tmp_path / "plain", {"output/a.html": "a"})
    made = publisher(plain, structs.replace(TARGET, remote=str(remote)))
    own = plain / ".sitegen/publish/pages.git"
    assert (made.private, made.repository) == (True, own)
    assert git(own, "rev-parse", "--is-bare-repository") == "true"
    publish_output(made, plain / "output")
    assert publisher(plain, structs.replace(TARGET, remote=str(remote))).repository == own
    assert published(remote, tmp_path) == {"a.html": "a"}


def test_progress_and_record_of_a_publish(site, remote):
    made = publisher(site)
    shipment = ship(site / "output")
    made.record.write(PublishState(unnotified=frozenset({"earlier.html"})))
    plan = made.plan(shipment)
    steps: list[tuple[int, int]] = []
    made.publish(shipment, plan, lambda *step: steps.append(step))
    assert steps == [(len(SITE), len(SITE))]
    commit = git(remote, "rev-parse", "gh-pages")
    record = read_record(made.record.path)
    assert (record.commits, record.unnotified) == ((commit,), frozenset({"earlier.html", *SITE}))
    assert git(site, "rev-parse", "refs/sitegen/pages") == commit
    again = publisher(site)
    plan = again.plan(shipment)
    assert not plan
    assert again.tip.commit == commit
    again.publish(shipment, plan, lambda *step: steps.append(step))
    assert git(remote, "rev-parse", "gh-pages") == commit, "there is no empty commit"
    assert read_record(made.record.path) == record


def test_files_that_the_branch_has_are_not_read_again(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    (site / "output" / "index.html").write_text("<p>new")
    made, shipment = publisher(site), ship(site / "output")
    for path in SITE.keys() - {"index.html"}:
        (site / "output" / path).unlink()
    plan = made.plan(shipment)
    assert plan.changed == ("index.html",)
    made.publish(shipment, plan, lambda _done, _all: None)
    assert published(remote, tmp_path) == SITE | {"index.html": "<p>new"}


def test_files_of_another_branch_than_recorded_are_stored_again(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    git(remote, "update-ref", "-d", "refs/heads/gh-pages")
    assert len(publish_output(publisher(site), site / "output").added) == len(SITE)
    assert published(remote, tmp_path) == SITE


def test_a_commit_has_message_identity_and_tree(site, remote):
    target = structs.replace(TARGET, message="Deploy {base_url} now")
    publish_output(publisher(site, target), site / "output")
    tree = git(remote, "rev-parse", "gh-pages^{tree}")
    shown = git(remote, "show", "--no-patch", "--format=%an|%ae|%cn|%ce|%B", "gh-pages")
    person = "The Editor|editor@example.com"
    assert shown == f"{person}|{person}|Deploy {BASE} now\n\nSitegen-Tree: {tree}"
    assert git(remote, "ls-tree", "-r", "--format=%(objectmode)", "gh-pages").split() == ["100644"] * len(SITE)


def test_the_authors_identity_is_gits_own_without_a_setting(site, remote):
    named = {f"GIT_{role}_{key}": f"{role} {key}" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    around = make_context(site, "pages", GIT_CONFIG_GLOBAL="/dev/null", **named)
    publish_output(GitPublisher(structs.replace(TARGET, identity=""), BASE, around), site / "output")
    shown = git(remote, "show", "--no-patch", "--format=%an|%ae|%cn|%ce", "gh-pages")
    assert shown == "AUTHOR NAME|AUTHOR EMAIL|COMMITTER NAME|COMMITTER EMAIL"


def test_variables_of_a_surrounding_git_command_are_not_inherited(site, remote, tmp_path):
    elsewhere = {
        f"GIT_{name}": str(tmp_path / "x") for name in ("DIR", "WORK_TREE", "INDEX_FILE", "COMMON_DIR", "PREFIX")
    }
    around = make_context(site, "pages", GIT_CONFIG_GLOBAL="/dev/null", GIT_OBJECT_DIRECTORY="/x", **elsewhere)
    made = GitPublisher(TARGET, BASE, around)
    assert not [name for name in made.program.environment if name in elsewhere or name == "GIT_OBJECT_DIRECTORY"]
    assert made.program.environment["GIT_TERMINAL_PROMPT"] == "0"
    assert made.program.environment["LC_ALL"] == "C"
    assert made.program.label == "origin gh-pages"
    publish_output(made, site / "output")
    assert git(remote, "rev-list", "--count", "gh-pages") == "1"


def test_refusals_name_the_author_and_what_to_do(site, remote, tmp_path):
    publish_output(publisher(site), site / "output")
    push_foreign(tmp_path, remote, {"mine.txt": "mine"})
    commit, day = git(remote, "show", "--no-patch", "--format=%h %cs", "--abbrev=10", "gh-pages").split()
    write(site / "output", {"index.html": "2"})
    with pytest.raises(SiteError) as error:
        publish_output(publisher(site), site / "output")
    message = f"the branch was changed by others: x@y.example on {day} ({commit})"
    hint = "check that commit; to publish on top of it, add --despite remote"
    assert error.value.problems == (Problem("origin gh-pages", 0, message, hint),)
