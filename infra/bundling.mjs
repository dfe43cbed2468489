/**
 * The only caller of esbuild. There are four forms of bundles: programs, which contain
 * their packages; deployed functions, which are minified programs; modules such as the
 * CDK app, which import their packages from the checkout's `node_modules`; and the console.
 */
import { build, buildSync } from "esbuild";
import { projectRoot } from "./project-root.mjs";

/**
 * @typedef {import("esbuild").BuildOptions} BuildOptions
 * @typedef {import("esbuild").OutputFile} OutputFile
 */

export const root = projectRoot();

const SHARED = /** @satisfies {BuildOptions} */ ({
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  // The oldest release that `engines` admits; the functions' bundles run on it in the tests.
  target: "node20",
  format: "esm",
  logLevel: "warning",
});

/** Some packages are CommonJS and call `require`, which a module lacks. */
const REQUIRE = `import { createRequire as __createRequire } from "node:module";
const require = __createRequire(import.meta.url);`;

const PROGRAM = /** @satisfies {BuildOptions} */ ({
  ...SHARED,
  mainFields: ["module", "main"],
  banner: { js: REQUIRE },
});

const MODULE = /** @satisfies {BuildOptions} */ ({ ...SHARED, packages: "external" });

/**
 * Writes a program that is run once.
 * @param {string} entry path from the root of the project
 * @param {string} outfile
 */
export async function bundleProgram(entry, outfile) {
  await build({ ...PROGRAM, entryPoints: [entry], outfile, sourcemap: "inline" });
}

/**
 * A program that is started many times: minified, with a separate source map. Returns the
 * files without writing them.
 * @param {string} entry path from the root of the project
 * @param {string} outfile to which the files refer
 * @returns {Promise<OutputFile[]>}
 */
export async function bundleKeptProgram(entry, outfile) {
  const options = { ...PROGRAM, entryPoints: [entry], outfile, sourcemap: true, minify: true };
  const { outputFiles } = await build({ ...options, write: false });
  return outputFiles;
}

/**
 * The deployed functions `functions/<id>.ts`, each as `<outdir>/<id>/index.mjs`. Returns the
 * files without writing them, synchronously, since the CDK creates constructs synchronously.
 * @param {readonly string[]} ids
 * @param {string} outdir
 * @returns {OutputFile[]}
 */
export function bundleFunctions(ids, outdir) {
  const { outputFiles } = buildSync({
    ...PROGRAM,
    entryPoints: ids.map((id) => ({ in: `functions/${id}.ts`, out: `${id}/index` })),
    outdir,
    outExtension: { ".js": ".mjs" },
    write: false,
    // Names stay, so that stack traces are readable: kept by `keepNames` they would cost
    // processor time in each request, by source maps a part of each cold start.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
  });
  return outputFiles;
}

/**
 * Writes a module that imports its packages from the checkout.
 * @param {string} entry path from the root of the project
 * @param {string} outfile below the root, so that packages are found from there
 */
export async function bundleModule(entry, outfile) {
  await build({ ...MODULE, entryPoints: [entry], outfile, sourcemap: "inline" });
}

/**
 * The modules of the package, each as `<outdir>/<name>.mjs`; what several contain is in files
 * that they share, so that a class is the same in all. They import their packages.
 * @param {Readonly<Record<string, string>>} entries paths from the root of the project by name
 * @param {string} outdir
 */
export async function bundleModules(entries, outdir) {
  await build({
    ...MODULE,
    entryPoints: Object.entries(entries).map(([name, entry]) => ({ in: entry, out: name })),
    outdir,
    outExtension: { ".js": ".mjs" },
    chunkNames: "shared/[hash]",
    splitting: true,
    keepNames: true,
  });
}

/**
 * What a browser loads of the console, with hashes in its names. Curves are a file of their own, which
 * is loaded when one is shown. Returns the files without writing them.
 * @param {string} outdir
 * @returns {Promise<OutputFile[]>}
 */
export async function bundleConsole(outdir) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: "browser",
    target: "es2023",
    format: "esm",
    splitting: true,
    entryPoints: [
      { in: "console/main.tsx", out: "app" },
      { in: "console/styles/app.css", out: "app" },
    ],
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    outdir,
    jsx: "automatic",
    jsxImportSource: "preact",
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    write: false,
  });
  return outputFiles;
}

/**
 * The source files of each deployed function by its id; nothing is written.
 * @param {readonly string[]} ids
 * @returns {Promise<ReadonlyMap<string, readonly string[]>>} paths from the root of the project
 */
export async function functionSources(ids) {
  const entryPoints = ids.map((id) => ({ in: `functions/${id}.ts`, out: id }));
  const options = { ...MODULE, entryPoints, outdir: "unused", write: false };
  const { metafile } = await build({ ...options, metafile: true });
  const bundles = Object.entries(metafile.outputs).map(([path, { inputs }]) => {
    return /** @type {const} */ ([path.replace(/^unused\/|\.js$/g, ""), Object.keys(inputs)]);
  });
  return new Map(bundles);
}

/**
 * Every source file that the modules at `entries` contain; nothing is written.
 * @param {string[]} entries paths from the root of the project
 * @returns {Promise<string[]>} paths from the root of the project
 */
export async function bundledSources(entries) {
  const options = { ...MODULE, entryPoints: entries, outdir: "unused", write: false };
  const { metafile } = await build({ ...options, metafile: true });
  return Object.keys(metafile.inputs);
}
