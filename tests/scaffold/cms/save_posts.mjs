// Opens and saves posts as an editor does that has changed nothing, with the editor's own code.
//
// node save_posts.mjs NODE_MODULES EDITOR < list of files, one a line. The files are written in place.
import { readFileSync, writeFileSync } from "node:fs";
import { escapeRegExp, load, readMap, require } from "./source_maps.mjs";

const editor = process.argv[3];

async function openSveltia() {
  const yaml = require("yaml");
  const formats = ["yaml-frontmatter", "toml-frontmatter", "json-frontmatter"];
  const config = { format: "frontmatter" };
  const known = {
    yaml,
    "smol-toml": { parse: undefined, stringify: undefined },
    "@sveltia/utils/object": { toRaw: (value) => value },
    "@sveltia/utils/string": { escapeRegExp },
    "$lib/services/api/registries": { customFileFormatRegistry: new Map() },
    "$lib/services/config": { cmsConfig: { current: { output: { omit_empty_optional_fields: true } } } },
    "$lib/services/contents/collection": { getCollection: () => ({}) },
    "$lib/services/contents/collection/entries/index-file": { isCollectionIndexFilePath: () => false },
    "$lib/services/contents/collection/files": { getCollectionFile: () => undefined },
    "$lib/services/contents/file": { FRONTMATTER_FORMATS: formats },
    "$lib/services/contents/file/config": {
      resolveFileConfig: () => config,
      getFrontMatterDelimiters: () => ["---", "---"],
    },
    "$lib/services/utils/cache": { getOrCreate: (cache, key, make) => make() },
  };
  const map = readMap("@sveltia", "cms", "npm", "index.js.map");
  const { parseEntryFile } = await load(map, "src/lib/services/contents/file/parse", known);
  const { formatEntryFile } = await load(map, "src/lib/services/contents/file/format", known);
  return async (text) => {
    const content = await parseEntryFile({ text, path: "post.md", folder: { collectionName: "posts" } });
    return formatEntryFile({ content, _file: config });
  };
}

async function openDecap() {
  const known = { "gray-matter": { default: require("gray-matter") }, yaml: { default: require("yaml-1") } };
  // Posts in TOML are reported by `sitegen cms`, and not saved here.
  known["./toml"] = { default: {} };
  known.lodash = known["lodash/get"] = { default: (value, path) => path.split(".").reduce((at, key) => at?.[key], value) };
  const map = readMap("decap-cms", "dist", "decap-cms.js.map");
  const { FrontmatterInfer } = await load(map, "decap-cms-core/dist/esm/formats/frontmatter", known);
  return (text) => FrontmatterInfer.toFile(FrontmatterInfer.fromFile(text));
}

// Pages CMS is not on npm. By its source (lib/serialization.ts), it uses the package yaml with these options.
async function openPages() {
  const yaml = require("yaml");
  return (text) => {
    const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n---(?:\r?\n([\s\S]*))?$/.exec(text);
    const values = yaml.parse(head, { strict: false, uniqueKeys: false });
    return `---\n${yaml.stringify(values).trim()}\n---\n${(body ?? "").replace(/^\r?\n/, "")}`;
  };
}

// Front Matter (src/parsers/ParserEngines.ts) sets each value in the document that the package yaml has parsed.
async function openFrontMatter() {
  const yaml = require("yaml");
  return (text) => {
    const [, head, rest] = /^---\r?\n([\s\S]*?)\r?\n(---[\s\S]*)$/.exec(text);
    const document = yaml.parseDocument(head);
    for (const [key, value] of Object.entries(yaml.parse(head))) document.set(key, value);
    return `---\n${document.toString()}${rest}`;
  };
}

const open = { sveltia: openSveltia, decap: openDecap, pages: openPages, frontmatter: openFrontMatter };
const save = await open[editor]();
for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  writeFileSync(path, await save(readFileSync(path, "utf8")));
}
