// The editors' own code: Sveltia and Decap are bundles, whose modules are taken from their source maps.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const modules = process.argv[2];
export const require = createRequire(join(modules, "index.js"));
const folder = mkdtempSync(join(tmpdir(), "editor-"));
process.on("exit", () => rmSync(folder, { recursive: true }));

export const readMap = (...parts) => JSON.parse(readFileSync(join(modules, ...parts), "utf8"));

// Load a module of a source map. Its imports are replaced by `known`, or loaded from the same map.
export async function load(map, source, known) {
  const names = [`${source}.js`, `${source}/index.js`];
  const number = map.sources.findIndex((name) => names.some((end) => name.endsWith(end)));
  if (number < 0) throw new Error(`the source map has no ${source}`);
  const base = map.sources[number].slice(0, map.sources[number].lastIndexOf("/"));
  const found = [...map.sourcesContent[number].matchAll(/^import\s+(.+?)\s+from\s+'([^']+)';/gms)];
  let code = map.sourcesContent[number];
  globalThis.imports ??= {};
  for (const [row, names, specifier] of found) {
    const path = specifier.startsWith("$lib/") ? `src/lib/${specifier.slice(5)}` : `${base}/${specifier.slice(2)}`;
    globalThis.imports[specifier] = known[specifier] ?? (await load(map, path, known));
    const target = names.startsWith("{") ? names.replace(/\bas\b/g, ":").replace(/(\w+)\s*:\s*(\w+)/g, "$1: $2") : `{ default: ${names} }`;
    code = code.replace(row, `const ${target} = globalThis.imports[${JSON.stringify(specifier)}];`);
  }
  const file = join(folder, `${source.replace(/\W/g, "_")}.mjs`);
  writeFileSync(file, code);
  return import(pathToFileURL(file));
}

export const escapeRegExp = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
