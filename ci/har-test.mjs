// Validates HAR files by the schema of HAR 1.2, and opens each in the developer tools of headless Chromium, by the
// same code as their "Import HAR file": node har-test.mjs FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";
const require = createRequire(import.meta.url);
const Ajv = require("ajv");
const schemas = require("har-schema");
const TOOLS = "devtools://devtools/bundled";

const ajv = new Ajv({ meta: require("ajv/lib/refs/json-schema-draft-06.json") });
ajv.addSchema(Object.values(schemas));

/** What the Network panel shows once it has opened a file. Runs in the page of the developer tools. */
async function opened([text, tools]) {
  const { ViewManager } = await import(`${tools}/ui/legacy/legacy.js`);
  const { NetworkPanel } = await import(`${tools}/panels/network/network.js`);
  const { NetworkLog } = await import(`${tools}/models/logs/logs.js`);
  await ViewManager.ViewManager.instance().showView("network");
  const panel = NetworkPanel.NetworkPanel.instance();
  await panel.networkLogView.onLoadFromFile(new File([text], "exchanges.har"));
  return Promise.all(NetworkLog.NetworkLog.instance().requests().map(async (one) => ({
    url: one.url(),
    method: one.requestMethod,
    status: one.statusCode,
    statusText: one.statusText,
    protocol: one.protocol,
    from: one.remoteAddress(),
    began: Math.round(one.issueTime() * 1000),
    took: Math.round(one.duration * 1000),
    sent: await one.requestFormData(),
    headers: one.responseHeaders.map(({ name, value }) => [name, value]),
    body: await one.requestContentData().then((data) => data.isTextContent ? data.text : data.base64),
  })));
}

// The forms in which the tools may show a body.
const bodies = ({ text, encoding }) => (encoding === "base64" ? [text, Buffer.from(text, "base64").toString()] : [text]);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, "utf8");
  const har = JSON.parse(text);
  assert.ok(ajv.validate("har.json#", har), `${file}: ${JSON.stringify(ajv.errors?.slice(0, 5))}`);
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const trouble = [];
  tab.on("pageerror", (error) => trouble.push(error.message));
  await tab.goto(`${TOOLS}/devtools_app.html`);
  const shown = await tab.evaluate(opened, [text, TOOLS]);
  // The tools show what began first first; the sort is stable.
  const entries = har.log.entries.toSorted((a, b) => Date.parse(a.startedDateTime) - Date.parse(b.startedDateTime));
  assert.equal(shown.length, entries.length, `${file}: every exchange is shown`);
  for (const [index, { request, response, ...entry }] of entries.entries()) {
    const written = {
      url: request.url,
      method: request.method,
      status: response.status,
      statusText: response.statusText,
      protocol: response.httpVersion.toLowerCase().replace("http/2.0", "h2"),
      from: `${entry.serverIPAddress ?? ""}:${entry.connection ?? 80}`,
      began: Date.parse(entry.startedDateTime),
      took: entry.time,
      sent: request.postData?.text ?? null,
      headers: response.headers.map(({ name, value }) => [name, value]),
      // The tools decode bytes whose type is a text for them (multipart).
      body: bodies(response.content).includes(shown[index].body) ? shown[index].body : response.content.text,
    };
    assert.deepEqual(shown[index], written, `${file}: entry ${index}`);
  }
  await tab.screenshot({ path: file.replace(/\.har$/, ".png") });
  assert.deepEqual(trouble, [], file);
  await tab.close();
  console.log(`${file}: ${shown.length} exchanges, as the developer tools show them`);
}
await browser.close();
