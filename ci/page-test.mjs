// Drives report.html in headless Chromium: node ci/page-test.mjs ASSAY REPORT.json FOLDER
// The page is opened from disk. It must say what to fix first in the first screen, search, filter, link, copy and open
// cases, send no request, report no error, have no accessibility violation in light and dark, wide and narrow, and open
// fast with 600 cases. The same holds for the page that compares eight runs.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import assert from "node:assert/strict";
import { SIZES, accessible, browser, visit } from "./lib/browser.mjs";

const [, , assay, report, folder] = process.argv;
const run = JSON.parse(readFileSync(report, "utf8"));
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
    if (["text", "message", "expected", "actual", "curl", "step", "title", "url", "error", "reason"].includes(key)) { return words; }
    return key === "notes" ? [words] : value;
  };
  return JSON.parse(JSON.stringify(run), (key, value) => (typeof value === "string" || key === "notes" ? replaced(value, key) : value));
}

const failing = run.cases.find((one) => one.verdict === "fail");
const file = page("real", run);
const here = (id) => `[id="${id}"]`;
const MOST_NODES = 3000;
const FIRST_SCREEN = 500;

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    await visit(file, { viewport, colorScheme }, async (tab) => {
      const nodes = await tab.evaluate(() => document.querySelectorAll("*").length);
      assert.ok(nodes < MOST_NODES, `${nodes} elements before anything is opened`);
      const { bottom, text } = await tab.evaluate(() => {
        const first = document.querySelector(".problem");
        return { bottom: first.querySelector(".seen").getBoundingClientRect().bottom, text: first.innerText };
      });
      if (size === "wide") { assert.ok(bottom < FIRST_SCREEN, `the first violated requirement ends at ${bottom} pixels`); }
      assert.ok(bottom < viewport.height, `${size}: the first violated requirement is in the first screen`);
      assert.match(text, /\d+ cases?\b/);
      assert.match(text, /Expected .*, got /s);
      await tab.screenshot({ path: join(folder, `top-${size}-${colorScheme}.png`) });
      await tab.click(".problem > summary");
      await tab.waitForSelector(".problem[open] .finding");
      await accessible(tab, `${size} ${colorScheme}, a problem open`);
      await tab.screenshot({ path: join(folder, `problem-${size}-${colorScheme}.png`) });
    });
    await visit(`${file}#${encodeURIComponent(failing.id)}`, { viewport, colorScheme }, async (tab) => {
      await accessible(tab, `${size} ${colorScheme}, a case open`);
      await tab.screenshot({ path: join(folder, `case-${size}-${colorScheme}.png`) });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${size}: nothing runs out of the page`);
      const bar = await tab.locator(".filters").boundingBox();
      assert.ok(bar.y >= 0 && bar.y < 1, "the filters stay in sight");
    });
  }
}
console.log("axe finds nothing: wide and narrow, light and dark; the first problem is in the first screen");

/** The texts of a case by which a search finds it; with `all`, also those that a large page cuts or leaves out. */
function words(one, all) {
  const cut = (e) => [e.request_headers.flat(), e.response_headers.flat(), e.request_body.text, e.body.text, e.curl];
  const exchange = (e) => [e.step, e.method, e.url, e.status, e.error, all ? cut(e) : []];
  const texts = [one.id, one.title, one.suite, one.reason ?? "", one.notes, one.checks.map((c) => [c.requirement, c.message, c.expected, c.actual]), one.exchanges.map(exchange)];
  return texts.flat(4).join("\n").toLowerCase();
}

const rows = (tab) => tab.locator(".suite .case").count();
await visit(file, { viewport: SIZES.wide }, async (tab) => {
  const folded = run.cases.filter((one) => one.verdict === "pass").map((one) => one.suite).find((suite) =>
    run.cases.every((one) => one.suite !== suite || one.verdict === "pass"));
  const suite = tab.locator(".suite", { has: tab.locator(`h3:text-is("${folded}")`) });
  assert.ok(!await suite.evaluate((one) => one.open), "a suite that passes is folded");
  await suite.locator("summary").first().click();
  assert.equal(await suite.locator(".case").count(), run.cases.filter((one) => one.suite === folded).length, "and has all its cases");
  for (const word of ["416", "BLOB_UNKNOWN", failing.id]) {
    await tab.keyboard.press("/");
    await tab.fill("#_search", word);
    const fits = (whole) => run.cases.filter((one) => words(one, whole).includes(word.toLowerCase())).length;
    assert.ok(fits(false) > 0, word);
    const shown = await rows(tab);
    assert.ok(fits(false) <= shown && shown <= fits(true), `a search for ${word} shows what has it, in the evidence too: ${shown} cases`);
  }
  await tab.fill("#_search", "nothing is called like this");
  assert.equal(await rows(tab), 0);
  assert.ok(await tab.getByText("No case matches.").isVisible());
  assert.match(await tab.textContent("#_cases small"), /^0 of \d+$/);
  assert.ok(!await tab.locator("#_overview").isVisible(), "what is found stands in front of what is not searched");
  await tab.click("text=Clear");
  assert.ok(await tab.locator("#_overview").isVisible());
  for (const [name, value, fits] of [
    ["verdict", "fail", (one) => one.verdict === "fail"],
    ["level", "SHOULD", (one) => one.checks.some((check) => check.level === "SHOULD")],
  ]) {
    const label = tab.locator(`label:has(input[name=${name}][value=${value}])`);
    const number = run.requirements.filter((one) => one[name] === value).length;
    assert.equal(await label.locator("b").textContent(), String(number), `the filter ${value} says how many`);
    await label.click();
    assert.equal(await rows(tab), run.cases.filter(fits).length, `filter ${value}`);
    await label.click();
  }
  const feature = Object.keys(run.features).find((name) => run.cases.some((one) => one.features.includes(name)));
  for (const [name, value, fits] of [
    ["category", "push", (one) => one.category === "push"],
    ["feature", feature, (one) => one.features.includes(feature)],
  ]) {
    const choice = tab.locator(`.pick-one[data-name=${name}][data-value="${value}"]`);
    await choice.click();
    assert.equal(await choice.getAttribute("aria-pressed"), "true");
    assert.equal(await rows(tab), run.cases.filter(fits).length, `filter ${value}`);
    assert.match(await tab.textContent("#_shown"), /^\d+ of \d+ requirements?, \d+ of \d+ cases$/);
    await tab.click("#_active button");
  }
});
console.log("search and filters show what they find");

await visit(file, { viewport: SIZES.wide }, async (tab) => {
  await tab.locator("label:has(input[name=verdict][value=fail])").click();
  await tab.fill("#_search", "status");
  const shown = await rows(tab);
  const first = tab.locator(".suite .case").first();
  await first.locator("summary").first().click();
  const id = await first.getAttribute("id");
  await tab.waitForFunction(() => location.hash.includes("open="));
  const address = await tab.evaluate(() => location.href);
  assert.match(address, /q=status/);
  assert.match(address, /verdict=fail/);
  await tab.goto("about:blank");
  await tab.goto(address);
  assert.equal(await rows(tab), shown, "an address repeats search and filters");
  assert.ok(await tab.locator(here(id)).evaluate((one) => one.open), "and opened cases");
});
await visit(file, { viewport: SIZES.wide }, async (tab) => {
  const order = [];
  for (const [key, times] of [["n", 3], ["p", 2]]) {
    for (let time = 0; time < times; time += 1) {
      await tab.keyboard.press(key);
      const box = tab.locator(".case.here");
      assert.ok(await box.evaluate((one) => one.open && one.dataset.v === "fail"), `${key} opens a failure`);
      order.push(await box.getAttribute("id"));
      const { top } = await box.evaluate((one) => one.getBoundingClientRect());
      assert.ok(top >= 0 && top < SIZES.wide.height, "in sight");
    }
  }
  assert.equal(new Set(order.slice(0, 3)).size, 3, "n goes on");
  assert.deepEqual(order.slice(3), [order[1], order[0]], "p goes back");
});
console.log("the address holds search, filters and opened cases; n and p go to failures");

await visit(file, { viewport: SIZES.wide }, async (tab) => {
  const problem = tab.locator(".problem").first();
  await problem.locator("summary").first().click();
  const card = problem.locator(".finding").first();
  const id = await card.locator("h4 a").textContent();
  const known = run.requirements.find((one) => one.id === id);
  const text = (await card.innerText()).replaceAll("`", "");
  assert.ok(text.includes(known.says.replaceAll("`", "")), "the requirement in words");
  assert.ok(text.includes(`${known.level}: `), "and what its level rests on");
  assert.match(text, /expected .* got |Expected[^]*Actual/);
  const violates = run.cases.filter((one) => one.checks.some((check) => check.requirement === id && check.verdict === "fail"));
  assert.match(text, new RegExp(`${violates.length} of \\d+ cases? fails?:`));
  assert.ok(await card.locator(".named a").count() <= 4, "at most four cases are named");
  await card.locator(".command .copy").first().click();
  assert.equal(await tab.evaluate(() => window.copied), `assay run ${run.target.url} --only ${id} --out rerun`);
  const reproduce = await card.locator(".actions .command pre").nth(1).textContent();
  assert.ok(reproduce.startsWith(`assay reproduce ${file.replace("report.html", "report.json")} `), reproduce);
  if (violates.length > 4) {
    await card.locator(".more").click();
    assert.equal(await card.locator(".named a").count(), violates.length, "the rest on demand");
  }
  await card.locator(".named a").first().click();
  assert.ok(await tab.locator(".case.here").evaluate((one) => one.open), "a link opens its case");
});
console.log("a card says what is required, why, and how to see it");

await visit(`${file}#${encodeURIComponent(failing.id)}`, { viewport: SIZES.wide }, async (tab) => {
  const box = tab.locator(here(failing.id));
  const there = async () => {
    assert.ok(await box.evaluate((one) => one.open), "a link opens its case");
    await tab.waitForFunction((id) => { const { top } = document.getElementById(id).getBoundingClientRect(); return top >= 0 && top < innerHeight; }, failing.id);
  };
  await there();
  await tab.reload();
  await there();
  const violated = failing.checks.find((one) => one.verdict === "fail");
  const plain = (said) => said.replaceAll("`", "").replaceAll(/\s+/g, " ");
  const said = await box.locator(".violation").first().innerText();
  for (const value of [violated.expected, violated.actual]) { assert.ok(plain(said).includes(plain(value)), value); }
  assert.ok(!said.includes("`"), "what stands in backticks is code");
  assert.match(await box.locator(".violation a:text('Specification')").first().getAttribute("href"), /^https:\/\/.*spec\.md(\?plain=1)?#/);
  const levels = await box.locator(".violation > p:first-child .level").allTextContents();
  assert.deepEqual(levels, Array.from(levels).sort(), "MUST before SHOULD");
  const exchange = failing.exchanges[violated.exchange];
  const exchangeBox = tab.locator(here(`${failing.id}@${violated.exchange + 1}`));
  for (const [name, value] of exchange.response_headers) {
    assert.ok((await exchangeBox.locator(".messages > div").nth(1).textContent()).includes(`${name}: ${value}`.slice(0, 1000)), name);
  }
  await exchangeBox.locator(".copy").click();
  assert.equal(await tab.evaluate(() => window.copied), exchange.curl, "the whole curl line is copied");
  assert.equal(await tab.textContent("#_status"), "Copied");
});
const prepared = run.cases.find((one) => one.verdict === "fail" && one.exchanges.length > 1 && one.exchanges[0].status < 300 && !one.checks.some((check) => check.exchange === 0));
await visit(`${file}#${encodeURIComponent(prepared.id)}`, { viewport: SIZES.wide }, async (tab) => {
  const set = tab.locator(here(prepared.id)).locator(".set-up").first();
  assert.ok(!await set.evaluate((one) => one.open), "requests that only prepare are folded");
});
console.log("a link opens its case, also after a reload; its evidence is there, and its curl line is copied");

await visit(file, { viewport: SIZES.wide }, async (tab) => {
  const first = tab.locator(".case > summary").first();
  await first.focus();
  await tab.keyboard.press("Enter");
  await tab.waitForSelector(".case[open] .steps, .case[open] .actions");
  await tab.emulateMedia({ media: "print" });
  await tab.pdf({ path: join(folder, "print.pdf"), format: "A4" });
});

await visit(file, { viewport: SIZES.wide, javaScriptEnabled: false }, async (tab) => {
  const text = await tab.innerText("noscript");
  for (const one of run.requirements.filter((row) => row.verdict === "fail")) { assert.ok(text.includes(one.id), `without scripts: ${one.id}`); }
});
console.log("without scripts, the violated requirements are there");

await visit(page("hostile", hostile()), { viewport: SIZES.wide }, async (tab) => {
  await tab.evaluate(() => { for (const box of document.querySelectorAll("details, .suite .case")) { box.open = true; } });
  await tab.waitForSelector(".case");
  await tab.evaluate(() => { for (const box of document.querySelectorAll("details")) { box.open = true; } });
  await tab.waitForSelector(".case[open] .steps");
  const text = await tab.evaluate(() => document.documentElement.outerHTML);
  assert.ok(!/[\u0000-\u0008\u001b\u202a-\u202e]/.test(text), "no control character is left");
  assert.notEqual(await tab.title(), "taken");
  assert.equal(await tab.locator("img").count(), 0);
});
console.log("what a hostile target sends stays text");

/** The same registry eight times, each with other requirements violated. */
function compared() {
  const files = [0, 1, 2, 3, 4, 5, 6, 7].map((number) => {
    const one = JSON.parse(JSON.stringify(run));
    one.requirements.forEach((row, at) => { if (at % 9 === number) { row.verdict = row.verdict === "fail" ? "pass" : "fail"; } });
    one.target.url = `http://registry-${number}.example`;
    const within = resolve(folder, `compared-${number}`);
    mkdirSync(within, { recursive: true });
    if (number === 0) { writeFileSync(join(within, "report.html"), "<title>its report</title>"); }
    const at = join(within, "report.json");
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
  const columns = () => tab.evaluate(() => Array.from(document.querySelectorAll(".group[open] thead th"), (one) => Math.round(one.getBoundingClientRect().left)));
  const before = await columns();
  const cell = tab.locator(".row td button").first();
  await cell.click();
  assert.deepEqual(await columns(), before, "a cell opens without moving columns");
  assert.equal(await cell.getAttribute("aria-expanded"), "true");
  assert.ok((await tab.locator(".opened").textContent()).includes(await cell.getAttribute("data-m")));
  await accessible(tab, "compared, a cell open");
  await cell.click();
  assert.equal(await tab.locator(".opened").count(), 0);
  await tab.evaluate(() => scrollTo(0, 2500));
  const [bar, head] = await tab.evaluate(() => [".filters", ".group[open] thead th"].map((one) => document.querySelector(one).getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]));
  assert.ok(Math.abs(head[0] - bar[1]) < 2, "the names of the columns stay in sight");
  assert.equal(await tab.locator(".grid thead a").first().getAttribute("href"), "compared-0/report.html");
  const first = JSON.parse(readFileSync(join(folder, "compared-0", "report.json"), "utf8")).requirements.filter((one) => one.level === "MUST");
  const number = (...verdicts) => first.filter((one) => verdicts.includes(one.verdict)).length;
  assert.equal(await tab.locator("td.number").first().textContent(), `${number("pass")} of ${number("pass", "fail", "warn", "blocked", "error")} met`);
  const sections = await tab.locator(".group").first().locator(".part").allTextContents();
  assert.equal(new Set(sections).size, sections.length, "each section once");
  await tab.evaluate(() => scrollTo(0, 0));
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
await visit(comparison, { viewport: SIZES.narrow }, async (tab) => {
  const wide = tab.locator(".group[open] .wide").first();
  assert.ok(await wide.evaluate((one) => one.scrollWidth > one.clientWidth && one.scrollHeight > one.clientHeight), "on a phone, a table scrolls in its place");
});
await visit(`${comparison}#${encodeURIComponent(run.requirements.at(-1).id)}`, { viewport: SIZES.wide }, async (tab) => {
  const row = tab.locator(".row.here");
  assert.ok(await row.isVisible(), "a link opens its group");
  await tab.reload();
  assert.ok(await row.isVisible(), "after a reload too");
});
console.log("eight runs compared: axe finds nothing, search, filters and links show what they name");

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
