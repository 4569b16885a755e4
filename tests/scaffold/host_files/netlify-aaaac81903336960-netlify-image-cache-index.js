// Keeps encoded images from one build to the next, because encoding takes most of the time of a first build.
const folder = ".sitegen/images";

module.exports = {
  onPreBuild: ({ utils }) => utils.cache.restore(folder),
  onPostBuild: ({ utils }) => utils.cache.save(folder),
};
