// Opens pages from disk in headless Chromium, and holds each to the same: it sends no request and reports no error.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

export const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** Opens a page; at the end, no request was sent and no error was reported. */
export async function visit(file, options, what) {
  const context = await browser.newContext(options);
  await context.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied = text; } } });
  });
  const tab = await context.newPage();
  const trouble = [];
  tab.on("console", (line) => trouble.push(`console: ${line.text()}`));
  tab.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  tab.on("request", (request) => { if (!request.isNavigationRequest()) { trouble.push(`request: ${request.url()}`); } });
  tab.on("dialog", (dialog) => { trouble.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  await tab.goto(`file://${file}`);
  await what(tab);
  await context.close();
  assert.deepEqual(trouble, [], file);
}

/** Fails if axe finds a violation in the page that is open. */
export async function accessible(tab, name) {
  await tab.evaluate(axe);
  const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const violations = found.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary).join("\n  ")}`);
  assert.deepEqual(violations, [], name);
}
