// Holds HAR files against the schema of HAR 1.2: node har-test.mjs FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
const Ajv = require("ajv");
const schemas = require("har-schema");

const ajv = new Ajv({ meta: require("ajv/lib/refs/json-schema-draft-06.json") });
ajv.addSchema(Object.values(schemas));
for (const file of process.argv.slice(2)) {
  const har = JSON.parse(readFileSync(file, "utf8"));
  if (!ajv.validate("har.json#", har)) {
    console.error(file, ajv.errors.slice(0, 5));
    process.exit(1);
  }
}
