/** Documents name only files, documents and sections that exist; the glossary has each term once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/sources.ts";

const inDocs = readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`);
const documents = ["README.md", ...inDocs.filter((path) => path.endsWith(".md"))];

const textOf = (path: string) => readFileSync(join(ROOT, path), "utf8");

/** Text without blocks of code, in which `#` begins a comment. */
const proseOf = (path: string) => textOf(path).replaceAll(/^ *```[\s\S]*?^ *```/gm, "");

/** The anchors of a document as GitHub makes them, and those that are written out. */
function anchorsOf(path: string): ReadonlySet<string> {
  const prose = proseOf(path);
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
  const written = [...prose.matchAll(/<a id="([\w-]+)">/g)].map(([, id = ""]) => id);
  return new Set([...headings, ...written]);
}

function isBroken(link: string, from: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? from : join(dirname(from), path);
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && !anchorsOf(target).has(anchor);
}

describe.each(documents)("%s", (document) => {
  const prose = proseOf(document);

  it("links to documents and sections that exist", () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const own = links.filter((link) => !/^https?:/.test(link));
    expect(own.filter((link) => isBroken(link, document))).toEqual([]);
  });

  it("names files and folders that exist", () => {
    const named = prose.matchAll(/`((?:lib|functions|infra|scripts|test|docs)\/[\w./-]+)`/g);
    const paths = [...named].map(([, path = ""]) => path);
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it("the glossary defines each term and each earlier word once", () => {
  const rows = [...textOf("docs/glossary.md").matchAll(/^\| ([^|]+?) \| ([^|]+) \|/gm)];
  const terms = rows
    .map(([, term = ""]) => term)
    .filter((term) => !["Term", "Earlier", "---"].includes(term));
  expect(terms.length).toBeGreaterThan(80);
  expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
});
