// Elements. Nothing that a target sent is ever taken for HTML: every text goes through textContent.
"use strict";
const data = (id) => JSON.parse(document.getElementById(id).textContent);
const index = data("_index");
const evidence = data("_evidence");
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const MOST_NAMED = 4;

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

/** A sentence, with what stands in backticks as code. */
function coded(sentence) {
  const parts = sentence.split("`");
  // A backtick without its partner is a backtick.
  if (parts.length % 2 === 0) { return [sentence]; }
  return parts.map((part, at) => (at % 2 ? make("code", "", part) : part)).filter((part) => part !== "");
}

/** Text that may be longer than its place: it can be reached and scrolled with the keyboard. */
function block(label, ...inside) {
  const element = make("pre", "", ...inside);
  element.tabIndex = 0;
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  return element;
}

function button(word, name, action) {
  const element = make("button", name, word);
  element.type = "button";
  if (action) { element.addEventListener("click", action); }
  return element;
}

/** A command that can be copied. Its lines break between words: `--only` is whole. */
function command(label, line) {
  const copy = button("Copy", "copy");
  copy.setAttribute("aria-label", "Copy " + label);
  const words = line.split(" ").flatMap((word, at) => [at ? " " : "", make("span", "", word)]);
  return make("div", "command", block(label, ...words), copy);
}

/** The curl line of a request, where the report has one. The run deletes its content, so that most lines find it no longer. */
function curlLine(words) {
  if (!words.length) { return null; }
  const deleted = make("p", "none", "The run deletes its content at its end: this line may return 404 then. The script of the case pushes content of its own.");
  return make("div", "curl", command("curl line", words.map(text).join("'")), index.deletes ? deleted : null);
}

/** The address at a position, without the target's. */
function pathOf(position) {
  const url = text(position);
  return url.startsWith(evidence.base) ? url.slice(evidence.base.length) : url;
}

/** A word of a shell: quoted where it needs to be. */
function shell(word) {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : "'" + word.replaceAll("'", "'\\''") + "'";
}

/** Hands a text over as a file. */
function download(name, content) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/x-shellscript" }));
  const target = link("", address);
  target.download = name;
  target.click();
  URL.revokeObjectURL(address);
}

/** How to see the failure of a case without assay: a script of curl, or why there is none. */
function reproduction(at) {
  const script = index.scripts.cases[at];
  if (typeof script === "string") { return make("p", "no-script", ...coded("No curl script: " + script + ".")); }
  const { id } = index.cases[at];
  const line = index.reproduce === null ? make("div", "command")
    : command("command that reproduces it with curl", index.reproduce.replace("{id}", () => shell(id)));
  if (script) {
    const content = script.map((number) => index.scripts.lines[number]).join("\n") + "\n";
    const copying = button("Copy script", "script", () => copyText(content, copying, () => {}));
    line.append(copying, button("Download", "script", () => download(id.replaceAll(/[^\w.-]+/g, "-") + ".sh", content)));
  }
  return line;
}

/** How to run a requirement, or a case, with these cases again, and how to see the failure of a case. */
function commands(id, cases, failing) {
  const whole = cases.every((at) => index.cases[at].whole);
  const again = command("command that runs it again", whole ? index.whole : index.command.replace("{id}", () => shell(id)));
  return make("div", "actions", again, failing === null ? null : reproduction(failing));
}

/** Copies a text, and says so in the button for a moment; `select` is the way out where there is no clipboard. */
function copyText(content, from, select) {
  const word = from.textContent;
  const report = (said) => {
    byId("_status").textContent = said;
    from.textContent = said;
    setTimeout(() => { from.textContent = word; }, 1500);
  };
  // Pages opened from a file have no clipboard in some browsers.
  const instead = () => { select(); report(document.execCommand("copy") ? "Copied" : "Selected"); };
  if (navigator.clipboard) { navigator.clipboard.writeText(content).then(() => report("Copied"), instead); } else { instead(); }
}

/** Pieces: every second one differs between expected and actual. What stands in backticks is code, also over several pieces. */
function pieces(list) {
  const paired = list.join("").split("`").length % 2 === 1;
  let quoted = false;
  return list.flatMap((piece, at) => (paired ? piece.split("`") : [piece]).map((part, number) => {
    if (number) { quoted = !quoted; }
    if (!part) { return ""; }
    const shown = quoted ? make("code", "", part) : part;
    return at % 2 ? make("mark", "", shown) : shown;
  }));
}

/** Expected and actual: in one line where both are short, otherwise side by side. */
function both(expected, actual) {
  const length = (list) => list.join("").length;
  if (length(expected) + length(actual) < 90 && !expected.concat(actual).some((piece) => piece.includes("\n"))) {
    return make("p", "difference", "expected ", make("span", "want", ...pieces(expected)), " got ", make("span", "was", ...pieces(actual)));
  }
  const side = (word, list, name) => make("div", name, make("dt", "", word), make("dd", "", block(word, ...pieces(list))));
  return make("dl", "both", side("Expected", expected, ""), side("Actual", actual, "was"));
}

const anchor = (id) => "#" + encodeURIComponent(id).replaceAll("%2F", "/").replaceAll("%3A", ":");

/** Links to cases: the first few, and a button for the rest. */
function named(cases) {
  const one = (at) => link("id", anchor(index.cases[at].id), index.cases[at].id);
  const list = make("span", "named", ...cases.slice(0, MOST_NAMED).flatMap((at) => [one(at), " "]));
  const rest = cases.slice(MOST_NAMED);
  if (rest.length) {
    list.append(button("and " + rest.length + " more", "more", (event) => {
      event.target.replaceWith(...rest.flatMap((at) => [one(at), " "]));
    }));
  }
  return list;
}

const count = (number, word) => number + " " + word + (number === 1 ? "" : "s");
