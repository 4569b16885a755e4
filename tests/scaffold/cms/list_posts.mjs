// Prints, as JSON, which collections of Sveltia list each file, and in which language, with the editor's own code.
//
// node list_posts.mjs NODE_MODULES < {"config": …, "files": […]}
import { readFileSync } from "node:fs";
import { escapeRegExp, load, readMap } from "./source_maps.mjs";

const { config, files } = JSON.parse(readFileSync(0, "utf8"));
const known = {
  "@sveltia/utils/file": { getPathInfo: undefined },
  "@sveltia/utils/object": { isObject: (value) => typeof value === "object" && value !== null && !Array.isArray(value) },
  "@sveltia/utils/string": { escapeRegExp, stripSlashes: (text) => text.replace(/^\/+|\/+$/g, "") },
  "$lib/services/api/registries": { customFileFormatRegistry: new Map() },
  "$lib/services/config": { cmsConfig: { current: config } },
  "$lib/services/config/deprecations": { warnDeprecation: (name) => { throw new Error(`${name} is deprecated`); } },
  "$lib/services/contents/collection": { isEntryCollection: () => true },
  "$lib/services/contents/collection/entries/index-file": { getIndexFile: () => undefined },
  "$lib/services/contents/collection/nested": { getNestedConfig: () => undefined },
  "$lib/services/contents/i18n": { getLocalePath: undefined },
};
const map = readMap("@sveltia", "cms", "npm", "index.js.map");
const { normalizeI18nConfig } = await load(map, "src/lib/services/contents/i18n/config", known);
const { getFileConfig } = await load(map, "src/lib/services/contents/file/config", known);
const found = Object.fromEntries(files.map((path) => [path, []]));
for (const rawCollection of config.collections.filter((item) => item.folder)) {
  const _i18n = normalizeI18nConfig(rawCollection);
  const { fullPathRegEx } = getFileConfig({ rawCollection, _i18n });
  for (const path of files) {
    const groups = path.match(fullPathRegEx)?.groups;
    if (groups) found[path].push([rawCollection.name, groups.locale ?? _i18n.defaultLocale]);
  }
}
console.log(JSON.stringify(found));
