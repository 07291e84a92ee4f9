// A case, laid out when it is opened. The data is described in evidence.rs. Nothing of it is ever taken for HTML:
// every text goes through textContent.
"use strict";
const evidence = JSON.parse(document.getElementById("_evidence").textContent);
const rerun = document.getElementById("_evidence").dataset.rerun;

function text(position) {
  return position === null || position === undefined ? "" : evidence.texts[position];
}

/** An element of a class with what is in it: elements and texts. */
function make(tag, name, ...inside) {
  const element = document.createElement(tag);
  if (name) { element.className = name; }
  element.append(...inside.filter((part) => part !== null && part !== ""));
  return element;
}

function link(name, address, ...inside) {
  const element = make("a", name, ...inside);
  element.href = address;
  return element;
}

function sign(verdict) {
  const [character, word] = evidence.verdicts[verdict];
  const element = make("span", "sign t-" + verdict, character);
  element.title = word;
  return element;
}

/** Text that may be longer than its place: it can be reached and scrolled with the keyboard. */
function block(label, ...inside) {
  const element = make("pre", "", ...inside);
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  return element;
}

function command(label, line) {
  const button = make("button", "copy", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", "Copy " + label);
  return make("div", "command", block(label, line), button);
}

/** Pieces: every second one differs between expected and actual. */
function pieces(list) {
  return list.map((piece, at) => (at % 2 && piece ? make("mark", "", piece) : piece));
}

function both(expected, actual) {
  const side = (word, list) => make("div", "", make("dt", "", word), make("dd", "", make("pre", "", ...pieces(list))));
  return make("dl", "both", side("Expected", expected), side("Actual", actual));
}

/** A requirement's name, its level, and the sentence and section that the page has of it. */
function requirement(id, level) {
  const row = document.getElementById("requirement/" + id);
  const name = row ? link("id", "#requirement/" + encodeURIComponent(id), id) : make("span", "id", id);
  const parts = [name, " ", make("span", "level", level), " "];
  if (row) {
    const section = row.closest(".topic").querySelector("a.spec").href;
    parts.push(row.querySelector(".says").textContent, " ", link("", section, "Specification"));
  }
  return parts;
}

/** A violated check: the requirement, and expected beside actual. */
function violation([id, level, verdict, message, expected, actual, at], name) {
  const where = at === null ? null : make("p", "where", link("", "#" + name + "@" + (at + 1), "Seen in exchange " + (at + 1)));
  const head = make("p", "", sign(verdict), " ", ...requirement(text(id), level));
  return make("div", "violation v-" + verdict, head, text(message) ? make("p", "step", text(message)) : null, both(expected, actual), where);
}

/** A check where it was made, in a line. */
function check([id, level, verdict, message, expected]) {
  const detail = Array.isArray(expected) ? expected.join("") : text(expected) || text(message);
  return make("li", "", sign(verdict), make("span", "", make("span", "id", text(id)), " ", make("span", "level", level), " ", detail));
}

/** Headers, an empty line and the body. */
function message(label, [headers, body, about]) {
  const parts = [headers.map(text).join("\n")];
  if (body !== undefined) {
    parts.push("\n\n" + text(body), make("span", "of-body", "\n[" + text(about) + "]"));
  }
  const empty = !headers.length && body === undefined;
  return make("div", "", make("h5", "", label), empty ? make("p", "none", "no headers, no body") : block(label, ...parts));
}

function exchange(fields, number, name, checks) {
  const [, method, address, status, took, error, request, response, curl] = fields;
  const url = text(address);
  const path = url.startsWith(evidence.base) ? url.slice(evidence.base.length) : url;
  const kind = status ? String(status)[0] : "x";
  const telling = ["fail", "warn"].find((verdict) => checks.some((one) => one[2] === verdict));
  const line = [make("b", telling ? "t-" + telling : "s" + kind, status || "no response"), " ", make("code", "", text(method) + " " + path), " ", make("small", "", took)];
  const item = make("li", "");
  item.id = name + "@" + number;
  if (request) {
    const inside = make("div", "messages", message("Request", request), message("Response", response));
    const box = make("details", "", make("summary", "", ...line), inside);
    if (error !== null) { inside.after(make("p", "t-error", text(error))); }
    if (curl.length) { box.append(command("curl line", curl.map(text).join("'"))); }
    box.open = Boolean(telling) || error !== null;
    item.append(box);
  } else {
    item.append(make("p", "line", ...line));
    if (error !== null) { item.append(make("p", "t-error", text(error))); }
  }
  if (checks.length) { item.append(make("ul", "checks", ...checks.map(check))); }
  return item;
}

/** The exchanges under the steps that they belong to. */
function steps(exchanges, checks, name) {
  const list = make("ol", "steps");
  let last = null, within = null;
  exchanges.forEach((fields, at) => {
    if (fields[0] !== last || !within) {
      last = fields[0];
      within = make("ol", "exchanges");
      list.append(make("li", "", make("h4", "", text(last) || "A request"), within));
    }
    const item = exchange(fields, at + 1, name, checks.filter((one) => one[6] === at));
    item.dataset.number = at + 1;
    within.append(item);
  });
  return list;
}

/** Lays a case out, once. */
function layOut(box) {
  if (box.dataset.done) { return; }
  box.dataset.done = "yes";
  const name = encodeURIComponent(box.id);
  const [notes, checks, exchanges] = evidence.cases[box.dataset.at];
  const inside = box.querySelector(".inside");
  if (notes.length) { inside.append(make("ul", "notes", ...notes.map((note) => make("li", "", text(note))))); }
  const violated = checks.filter((one) => one[2] === "fail" || one[2] === "warn");
  inside.append(...violated.map((one) => violation(one, name)));
  const apart = checks.filter((one) => one[6] === null || !exchanges[one[6]]);
  if (apart.length) { inside.append(make("ul", "checks", ...apart.map(check))); }
  if (exchanges.length) { inside.append(steps(exchanges, checks, box.id)); }
  inside.append(make("p", "rerun", "Run this case again"), command("command", rerun + " '" + box.id + "'"));
}
