// Keeps the build cache and the output from one build to the next, and commits published.json when the site is online.
const { existsSync } = require("node:fs");
const { spawnSync } = require("node:child_process");

const folders = (inputs) => [".sitegen", inputs.output];

// The URL may contain a token, so the command is not printed.
const git = (...words) => spawnSync("git", words, { stdio: "inherit" }).status === 0;

const keepPublished = (url, branch) => {
  const author = ["-c", "user.name=Netlify", "-c", "user.email=team@netlify.com"];
  git("add", "published.json");
  if (git("diff", "--cached", "--quiet")) {
    return true;
  }
  git(...author, "commit", "--quiet", "-m", "Record what was published [skip netlify]");
  const push = () => git("push", url, `HEAD:refs/heads/${branch}`);
  // Commits that were pushed in the meantime come first.
  return push() || (git(...author, "pull", "--rebase", url, branch) && push());
};

module.exports = {
  onPreBuild: ({ inputs, utils }) => utils.cache.restore(folders(inputs)),
  onPostBuild: ({ inputs, utils }) => utils.cache.save(folders(inputs)),
  onSuccess: ({ utils }) => {
    const { BRANCH, CONTEXT, SITEGEN_PUSH_URL } = process.env;
    if (CONTEXT !== "production" || !existsSync("published.json")) {
      return;
    }
    if (!SITEGEN_PUSH_URL) {
      utils.status.show({ summary: "published.json was not committed: SITEGEN_PUSH_URL is not set" });
    } else if (!keepPublished(SITEGEN_PUSH_URL, BRANCH)) {
      utils.status.show({ summary: "published.json was not committed: git could not push, see the log" });
    }
  },
};
