// Drives report.html in headless Chromium: node ci/page-test.mjs ASSAY REPORT.json FOLDER
// The page is opened from disk. It must search, filter, link, copy and open cases, send no request, report no error,
// have no accessibility violation in light and dark, wide and narrow, and open fast with 600 cases.
// The same holds for the page that compares five runs.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const [, , assay, report, folder] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const run = JSON.parse(readFileSync(report, "utf8"));
const SIZES = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };
const MOST_BYTES = 2_000_000;
const MOST_MS = 1000;

/** Renders a record as a page, and says where. */
function page(name, record) {
  const at = resolve(folder, name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "report.json"), JSON.stringify(record));
  execFileSync(assay, ["report", join(at, "report.json"), "--format", "html", "--out", at]);
  return join(at, "report.html");
}

/** A run with this many cases: copies of the real ones, each copy with other digests and uploads. */
function large(cases) {
  const many = { ...run, cases: [] };
  for (let round = 0; many.cases.length < cases; round += 1) {
    const changed = JSON.stringify(run.cases).replace(/[0-9a-f]{8}(?=[0-9a-f-]{4})/g, (hex) =>
      ((parseInt(hex, 16) ^ (round * 0x9e3779b1)) >>> 0).toString(16).padStart(8, "0"));
    const copies = JSON.parse(changed).map((one) => ({ ...one, id: round ? `${one.id}-${round}` : one.id, blocked_by: undefined }));
    many.cases.push(...copies.slice(0, cases - many.cases.length));
  }
  return many;
}

/** A run whose every text is what a hostile target would send. */
function hostile() {
  const words = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> ]]> \u001b[31m \u202edrow \u0000";
  const replaced = (value, key) => {
    if (["text", "message", "expected", "actual", "curl", "step", "title", "url", "error"].includes(key)) { return words; }
    return key === "notes" ? [words] : value;
  };
  return JSON.parse(JSON.stringify(run), (key, value) => (typeof value === "string" || key === "notes" ? replaced(value, key) : value));
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** Opens a page; at the end, no request was sent and no error was reported. */
async function visit(file, options, what) {
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

async function accessible(tab, name) {
  await tab.evaluate(axe);
  const found = await tab.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const violations = found.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.slice(0, 3).map((node) => node.html + " " + node.failureSummary).join("\n  ")}`);
  assert.deepEqual(violations, [], name);
}

const shown = (tab, selector) => tab.locator(`${selector}:not([hidden])`).count();
const failing = run.cases.find((one) => one.verdict === "fail");
const file = page("real", run);

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    await visit(`${file}#${encodeURIComponent(failing.id)}`, { viewport, colorScheme }, async (tab) => {
      await accessible(tab, `${size} ${colorScheme}, a case open`);
      await tab.screenshot({ path: join(folder, `case-${size}-${colorScheme}.png`) });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${size}: nothing runs out of the page`);
      await tab.evaluate(() => scrollTo(0, 0));
      await tab.screenshot({ path: join(folder, `top-${size}-${colorScheme}.png`) });
    });
  }
}
console.log("axe finds nothing: wide and narrow, light and dark");

await visit(file, { viewport: SIZES.wide }, async (tab) => {
  assert.equal(await shown(tab, ".case"), run.cases.length);
  await tab.keyboard.press("/");
  await tab.keyboard.type(failing.id);
  const fits = run.cases.filter((one) => [one.id, one.title, one.suite, ...one.checks.map((check) => check.requirement)].join(" ").toLowerCase().includes(failing.id));
  assert.equal(await shown(tab, ".case"), fits.length, "a search shows what it finds");
  await tab.fill("#_search", "nothing is called like this");
  assert.equal(await shown(tab, ".case"), 0);
  assert.ok(await tab.getByText("No case matches.").isVisible());
  await tab.click("text=Clear");
  await tab.waitForFunction((all) => document.querySelectorAll(".case:not([hidden])").length === all, run.cases.length);
  for (const [name, value, fits] of [
    ["verdict", "fail", (one) => one.verdict === "fail"],
    ["category", "push", (one) => one.category === "push"],
    ["level", "SHOULD", (one) => one.checks.some((check) => check.level === "SHOULD")],
  ]) {
    await tab.check(`input[name=${name}][value=${value}]`, { force: true });
    assert.equal(await shown(tab, ".case"), run.cases.filter(fits).length, `filter ${value}`);
    await tab.uncheck(`input[name=${name}][value=${value}]`, { force: true });
  }
  const feature = Object.keys(run.features).find((name) => run.cases.some((one) => one.features.includes(name)));
  await tab.selectOption("#_feature", feature);
  assert.equal(await shown(tab, ".case"), run.cases.filter((one) => one.features.includes(feature)).length, `feature ${feature}`);
  const counts = await tab.textContent("#_shown");
  assert.match(counts, /^\d+ of \d+ requirements, \d+ of \d+ cases$/);
});
console.log("search and filters show what they find");

await visit(`${file}#${encodeURIComponent(failing.id)}`, { viewport: SIZES.wide }, async (tab) => {
  const box = tab.locator(`[id="${failing.id}"]`);
  const there = async () => {
    assert.ok(await box.evaluate((one) => one.open), "a link opens its case");
    await tab.waitForFunction((id) => { const { top } = document.getElementById(id).getBoundingClientRect(); return top >= 0 && top < innerHeight; }, failing.id);
  };
  await there();
  await tab.reload();
  await there();
  const violated = failing.checks.find((one) => one.verdict === "fail");
  assert.equal(await box.locator(".violation dd").nth(0).textContent(), violated.expected);
  assert.equal(await box.locator(".violation dd").nth(1).textContent(), violated.actual);
  assert.match(await box.locator(".violation a:text('Specification')").getAttribute("href"), /^https:\/\/.*spec\.md#/);
  const exchange = failing.exchanges[violated.exchange];
  const exchangeBox = box.locator(`[id="${failing.id}@${violated.exchange + 1}"]`);
  for (const [name, value] of exchange.response_headers) {
    assert.ok((await exchangeBox.locator(".messages > div").nth(1).textContent()).includes(`${name}: ${value}`.slice(0, 1000)), name);
  }
  await exchangeBox.locator(".copy").click();
  assert.equal(await tab.evaluate(() => window.copied), exchange.curl, "the whole curl line is copied");
  assert.equal(await tab.textContent("#_status"), "Copied");
});
console.log("a link opens its case, also after a reload; its evidence is there, and its curl line is copied");

await visit(file, { viewport: SIZES.wide }, async (tab) => {
  const first = tab.locator(".case > summary").first();
  await first.focus();
  await tab.keyboard.press("Enter");
  await tab.waitForSelector(".case[open] .steps, .case[open] .rerun");
  await tab.emulateMedia({ media: "print" });
  await tab.pdf({ path: join(folder, "print.pdf"), format: "A4" });
});

await visit(page("hostile", hostile()), { viewport: SIZES.wide }, async (tab) => {
  await tab.evaluate(() => { for (const box of document.querySelectorAll("details")) { box.open = true; } });
  await tab.waitForSelector(".case[open] .steps");
  const text = await tab.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!/[\u0000-\u0008\u001b\u202a-\u202e]/.test(text), "no control character is left");
  assert.notEqual(await tab.title(), "taken");
  assert.equal(await tab.locator("img").count(), 0);
});
console.log("what a hostile target sends stays text");

/** The same registry five times, each with other requirements violated. */
function compared() {
  const files = [0, 1, 2, 3, 4].map((number) => {
    const one = JSON.parse(JSON.stringify(run));
    one.requirements.forEach((row, at) => { if (at % 7 === number) { row.verdict = row.verdict === "fail" ? "pass" : "fail"; } });
    const at = resolve(folder, `compared-${number}.json`);
    writeFileSync(at, JSON.stringify(one));
    return `registry ${number}=${at}`;
  });
  const at = resolve(folder, "compared.html");
  execFileSync(assay, ["compare", ...files, "--format", "html", "--out", at]);
  return at;
}

const comparison = compared();
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    await visit(comparison, { viewport, colorScheme }, async (tab) => {
      await accessible(tab, `compared, ${size} ${colorScheme}`);
      await tab.screenshot({ path: join(folder, `compared-${size}-${colorScheme}.png`) });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${size}: nothing runs out of the page`);
    });
  }
}
await visit(comparison, { viewport: SIZES.wide }, async (tab) => {
  const rows = () => tab.locator(".row:not([hidden])").count();
  assert.equal(await rows(), run.requirements.length);
  const boxes = tab.locator("details.group");
  assert.ok(await boxes.first().evaluate((one) => one.open), "what differs is open");
  assert.ok(!await boxes.last().evaluate((one) => one.open), "what is the same is folded");
  const { id } = run.requirements.at(-1);
  await tab.keyboard.press("/");
  await tab.keyboard.type(id);
  const found = run.requirements.filter((one) => `${one.id} ${one.says}`.toLowerCase().includes(id));
  assert.equal(await rows(), found.length, "a search shows what it finds");
  assert.ok(await tab.locator(`[id="${id}"]`).isVisible(), "and opens its group");
  await tab.fill("#_search", "nothing is called like this");
  assert.ok(await tab.getByText("No requirement matches.").isVisible());
  await tab.click("text=Clear");
  await tab.waitForFunction((all) => document.querySelectorAll(".row:not([hidden])").length === all, run.requirements.length);
  await tab.check("input[name=category][value=push]", { force: true });
  assert.equal(await rows(), run.requirements.filter((one) => one.category === "push").length);
});
await visit(`${comparison}#${encodeURIComponent(run.requirements.at(-1).id)}`, { viewport: SIZES.wide }, async (tab) => {
  const row = tab.locator(".row.here");
  assert.ok(await row.isVisible(), "a link opens its group");
  await tab.reload();
  assert.ok(await row.isVisible(), "after a reload too");
});
console.log("five runs compared: axe finds nothing, search, filters and links show what they name");

const many = page("large", large(600));
const { size } = statSync(many);
const times = [];
// Time of the processor, and the best of a few: what else the machine does is no part of the page.
for (let round = 0; round < 5; round += 1) {
  await visit(many, { viewport: SIZES.wide }, async (tab) => {
    const session = await tab.context().newCDPSession(tab);
    await session.send("Performance.enable");
    const { metrics } = await session.send("Performance.getMetrics");
    times.push(Math.round(metrics.find((metric) => metric.name === "ProcessTime").value * 1000));
    const exchanges = await tab.evaluate(() => JSON.parse(document.getElementById("_evidence").textContent).cases.flatMap((one) => one[2]).length);
    assert.ok(exchanges > 600);
  });
}
console.log(`600 cases: ${size} bytes, open after ${times.join(", ")} ms`);
assert.ok(size < MOST_BYTES, `${size} bytes`);
assert.ok(Math.min(...times) < MOST_MS, `${times} ms`);
await browser.close();
