// Opens the site of a fleet in headless Chromium: node ci/site-test.mjs SITE FOLDER
// axe finds nothing in any page, wide and narrow, light and dark (pictures in FOLDER); a page sends no request, and has its data beside
// it; links lead to files of the site; what changed comes first; an entry of the feed leads to its place.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import assert from "node:assert/strict";
import { SIZES, accessible, browser, visit } from "./lib/browser.mjs";

const [, , site, folder] = process.argv;
mkdirSync(folder, { recursive: true });
const targets = JSON.parse(readFileSync(join(site, "index.json"), "utf8"));
const pages = ["index", "matrix", ...targets.map((one) => `${one.name}/index`)];

for (const page of pages) {
  const file = resolve(site, `${page}.html`);
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of ["light", "dark"]) {
      await visit(file, { viewport, colorScheme }, async (tab) => {
        await accessible(tab, `${page}, ${size} ${colorScheme}`);
        await tab.screenshot({ path: join(folder, `${page.replace("/", "-")}-${size}-${colorScheme}.png`) });
        assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${page}, ${size}: nothing runs out of the page`);
      });
    }
  }
  await visit(file, { viewport: SIZES.wide }, async (tab) => {
    const links = await tab.evaluate(() => Array.from(document.querySelectorAll("a[href]"), (one) => one.getAttribute("href")));
    for (const link of links.filter((one) => !/^https?:/.test(one))) {
      const [path] = link.split("#");
      assert.ok(path === "" || existsSync(resolve(dirname(file), decodeURIComponent(path))), `${page} links to ${link}`);
    }
    assert.ok(existsSync(resolve(site, `${page}.json`)), `${page} has its data beside it`);
  });
}
console.log(`${pages.length} pages: axe finds nothing, wide and narrow, light and dark; links lead to files`);

await visit(resolve(site, "index.html"), { viewport: SIZES.wide }, async (tab) => {
  assert.equal(await tab.locator("main section").first().getAttribute("aria-labelledby"), "_changes", "what changed comes first");
  const feed = readFileSync(join(site, "feed.atom"), "utf8");
  const read = await tab.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "application/xml");
    const textOf = (entry, name) => entry.getElementsByTagName(name)[0]?.textContent;
    const entries = Array.from(parsed.getElementsByTagName("entry"), (one) => [
      textOf(one, "id"), textOf(one, "title"), textOf(one, "updated"), one.getElementsByTagName("link")[0]?.getAttribute("href"),
    ]);
    return { errors: parsed.getElementsByTagName("parsererror").length, entries };
  }, feed);
  assert.equal(read.errors, 0, "the feed is XML");
  const results = targets.flatMap((one) => one.runs);
  assert.equal(read.entries.length, results.length, "an entry for each result");
  assert.equal(new Set(read.entries.map(([id]) => id)).size, results.length, "each with an id of its own");
  for (const [id, title, updated, link] of read.entries) {
    assert.ok(title && !Number.isNaN(Date.parse(updated)), id);
    await tab.goto(new URL(link, `file://${resolve(site)}/`).href);
    const place = new URL(tab.url()).hash.slice(1);
    assert.ok(await tab.locator(`[id="${place}"]`).isVisible(), `${link} shows its place`);
  }
});
console.log("what changed comes first; the feed has an entry for each result, which leads to its place");
await browser.close();
