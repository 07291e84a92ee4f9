// Rows, filters, links and keys.
const form = document.querySelector(".filters");
const suites = all(".suite").map((box) => ({ box, open: box.open, rows: box.querySelector(".list"), cases: index.suites[box.dataset.at] }));
const topics = all(".topic").map((box) => ({ box, open: false, rows: box.querySelector(".requirements"), requirements: index.sections[box.dataset.at] }));
const problems = all(".problem").map((box) => ({ box, ...index.problems[box.dataset.at] }));
const positionOf = new Map(index.cases.map((one, at) => [one.id, at]));
const counted = index.cases.filter((one) => one.counts).length;
let fits = null;

const needsAttention = (at) => ["fail", "error", "blocked", "warn"].includes(index.cases[at].verdict);
const isFailure = (at) => ["fail", "error"].includes(index.cases[at].verdict);

/** The row of a case, made once. */
const rows = new Map();
function row(at) {
  if (!rows.has(at)) {
    const one = index.cases[at];
    const word = make("span", "word t-" + one.verdict, one.verdict === "pass" ? "" : evidence.verdicts[one.verdict][1], one.tag ? make("span", "tag", one.tag) : null);
    const box = make("details", "case", make("summary", "", sign(one.verdict), make("span", "id", one.id), make("span", "title", ...coded(one.title)), word, make("span", "ms", one.duration)));
    box.id = one.id;
    box.dataset.at = at;
    box.dataset.v = one.verdict;
    box.addEventListener("toggle", () => {
      if (box.open) { layOut(box); state.open.add(one.id); } else { state.open.delete(one.id); }
      writeAddress();
    });
    rows.set(at, box);
  }
  return rows.get(at);
}

const requirementRows = new Map();
function requirementRow(at) {
  if (!requirementRows.has(at)) {
    const one = index.requirements[at];
    const [, word] = evidence.verdicts[one.verdict];
    const what = make("span", "what", make("span", "id", one.id), " ", make("span", "level", one.level), " ", make("span", "word t-" + one.verdict, word), make("br"), make("span", "says", ...coded(one.says)), basis(one));
    const item = make("li", "requirement", sign(one.verdict), what, make("span", "by", named(one.cases)));
    item.id = "requirement/" + one.id;
    item.dataset.v = one.verdict;
    requirementRows.set(at, item);
  }
  return requirementRows.get(at);
}

/** Fills an open suite: what needs attention, and the rest folded; with a filter, what it shows. */
function fillSuite({ rows: within, cases }, whole) {
  if (fits) { within.replaceChildren(...cases.filter(fits.case).map(row)); return; }
  const acted = cases.filter(needsAttention);
  const rest = cases.filter((at) => !needsAttention(at));
  if (whole || !acted.length || !rest.length) { within.replaceChildren(...cases.map(row)); return; }
  const words = new Map();
  for (const at of rest) { const [, word] = evidence.verdicts[index.cases[at].verdict]; words.set(word, (words.get(word) || 0) + 1); }
  const label = Array.from(words, ([word, number]) => number + " " + word).join(", ");
  within.replaceChildren(...acted.map(row), button("Show " + label, "rest", () => fillSuite({ rows: within, cases }, true)));
}

function showSuites() {
  let shown = 0;
  for (const suite of suites) {
    const { box, open, cases } = suite;
    const fit = fits ? cases.filter(fits.case) : cases;
    shown += fit.filter((at) => index.cases[at].counts).length;
    box.hidden = !fit.length;
    box.open = fits ? fit.length > 0 : open;
    const label = box.querySelector(".counts");
    label.textContent = fits ? fit.length + " of " + cases.length : label.dataset.all;
    if (box.open) { fillSuite(suite); } else { suite.rows.replaceChildren(); }
  }
  return shown;
}

function showTopics() {
  let shown = 0;
  for (const topic of topics) {
    const { box, open, rows: within, requirements } = topic;
    const fit = fits ? requirements.filter(fits.requirement) : requirements;
    shown += fit.length;
    box.hidden = !fit.length;
    box.open = fits ? fit.length > 0 && fit.length <= 60 : open;
    within.replaceChildren(...(box.open ? fit.map(requirementRow) : []));
  }
  return shown;
}

function showProblems() {
  for (const { box, cases, blocks } of problems) { box.hidden = fits !== null && !cases.concat(blocks).some(fits.case); }
  for (const section of new Set(problems.map(({ box }) => box.closest("section")))) {
    section.hidden = !section.querySelector(".problem:not([hidden])");
  }
}

/** The filters that no chip of the bar shows, each with a button that takes it away. */
function showActive() {
  const active = [];
  for (const one of all(".pick-one")) {
    const on = state[one.dataset.name].has(one.dataset.value);
    one.setAttribute("aria-pressed", on);
    if (on) {
      const chip = button(one.dataset.word + " ×", "active", () => toggleFilter(one.dataset.name, one.dataset.value));
      chip.setAttribute("aria-label", "Remove the filter " + one.dataset.word);
      active.push(chip);
    }
  }
  byId("_active").replaceChildren(...active);
}

/** Shows what fits the state. */
function show() {
  fits = fitting(state);
  const [shownCases, shownRequirements] = [showSuites(), showTopics()];
  showProblems();
  showActive();
  const amount = (shown, of, word) => (fits ? shown + " of " : "") + count(of, word);
  for (const [id, shown, of] of [["_cases", shownCases, counted], ["_requirements", shownRequirements, index.requirements.length]]) {
    byId(id).querySelector("small").textContent = (fits ? shown + " of " : "") + of;
  }
  // What a search does not look through does not stand above what it finds.
  for (const section of all(".beside")) { section.hidden = state.q !== ""; }
  byId("_shown").textContent = amount(shownRequirements, index.requirements.length, "requirement") + ", " + amount(shownCases, counted, "case");
  byId("_clear").hidden = !fits;
  const [noCase, noRequirement] = all(".lead.none");
  noCase.hidden = shownCases > 0;
  noRequirement.hidden = shownRequirements > 0;
}

/** Puts the state into the form. */
function showForm() {
  if (byId("_search").value !== state.q) { byId("_search").value = state.q; }
  for (const box of all("input[type=checkbox]", form)) { box.checked = state[box.name].has(box.value); }
}

function toggleFilter(kind, value) {
  if (!state[kind].delete(value)) { state[kind].add(value); }
  changed();
}

function changed() {
  writeAddress("");
  showForm();
  show();
}

function readForm() {
  state.q = byId("_search").value.trim();
  for (const kind of ["verdict", "level"]) { state[kind] = new Set(all("input[name=" + kind + "]:checked", form).map((box) => box.value)); }
  changed();
}

function clear() {
  state.q = "";
  for (const kind of KINDS) { state[kind].clear(); }
}

/** Brings the row of a case into the page, and opens what it stands in. */
function revealCase(at) {
  if (fits && !fits.case(at)) { clear(); showForm(); show(); }
  const suite = suites.find(({ cases }) => cases.includes(at));
  if (!suite) { return null; }
  suite.box.open = true;
  if (!row(at).isConnected) { fillSuite(suite); }
  if (!row(at).isConnected) { fillSuite(suite, true); }
  layOut(row(at));
  row(at).open = true;
  return row(at);
}

function revealRequirement(at) {
  if (fits && !fits.requirement(at)) { clear(); showForm(); show(); }
  const topic = topics.find(({ requirements }) => requirements.includes(at));
  if (!topic) { return null; }
  topic.box.open = true;
  if (!requirementRow(at).isConnected) { topic.rows.replaceChildren(...(fits ? topic.requirements.filter(fits.requirement) : topic.requirements).map(requirementRow)); }
  return requirementRow(at);
}

/** What an id names, brought into the page. */
function bring(id) {
  const number = index.requirements.findIndex((one) => "requirement/" + one.id === id || (one.id === id && !positionOf.has(id)));
  if (number >= 0) { return revealRequirement(number); }
  const [owner] = positionOf.has(id) ? [id] : id.split("@");
  if (!positionOf.has(owner)) { return byId(id); }
  const box = revealCase(positionOf.get(owner));
  return byId(id) || box;
}

function mark(target) {
  for (const part of all(".here")) { part.classList.remove("here"); }
  target.classList.add("here");
}

/** Brings what the address names into view. */
function reveal(id) {
  if (!id) { return; }
  const target = bring(id);
  if (!target) { return; }
  if (target.closest(".beside[hidden]")) { clear(); changed(); }
  for (let part = target.parentElement; part; part = part.parentElement) { if (part.tagName === "DETAILS") { part.open = true; } }
  if (target.classList.contains("problem")) { target.open = true; }
  for (const part of all(":scope > details", target)) { part.open = true; }
  target.scrollIntoView();
  mark(target);
}

function followAddress() {
  const id = readAddress();
  const opened = Array.from(state.open);
  showForm();
  show();
  for (const one of opened) { if (positionOf.has(one)) { revealCase(positionOf.get(one)); } }
  reveal(id);
}

/** The next failure, or the previous one, among what is shown; warnings where there is no failure. */
function jump(step) {
  const shown = suites.flatMap(({ cases }) => cases).filter((at) => !fits || fits.case(at));
  let list = shown.filter(isFailure);
  if (!list.length) { list = shown.filter(needsAttention); }
  if (!list.length) { return; }
  const here = document.querySelector(".case.here");
  const from = here ? Number(here.dataset.at) : null;
  const order = step > 0 ? list : Array.from(list).reverse();
  const next = from === null ? order[0] : order.find((at) => (step > 0 ? at > from : at < from));
  const at = next === undefined ? order[0] : next;
  const box = revealCase(at);
  box.scrollIntoView();
  mark(box);
  box.firstChild.focus({ preventScroll: true });
  writeAddress(index.cases[at].id);
  byId("_status").textContent = index.cases[at].id;
}

function copy(from) {
  const source = from.parentNode.querySelector("pre");
  copyText(source.textContent, from, () => getSelection().selectAllChildren(source));
}

form.addEventListener("input", readForm);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => { event.preventDefault(); clear(); changed(); });
byId("_next").addEventListener("click", () => jump(1));
byId("_previous").addEventListener("click", () => jump(-1));
for (const one of all(".pick-one")) { one.addEventListener("click", () => toggleFilter(one.dataset.name, one.dataset.value)); }
for (const { box } of problems) { box.addEventListener("toggle", () => { if (box.open) { layOutProblem(box); } }); }
for (const suite of suites) {
  suite.box.addEventListener("toggle", () => {
    if (!fits) { suite.open = suite.box.open; }
    if (suite.box.open && !suite.rows.childElementCount) { fillSuite(suite); }
  });
}
for (const topic of topics) {
  topic.box.addEventListener("toggle", () => {
    if (!fits) { topic.open = topic.box.open; }
    if (topic.box.open && !topic.rows.childElementCount) { topic.rows.replaceChildren(...topic.requirements.filter((at) => !fits || fits.requirement(at)).map(requirementRow)); }
  });
}
document.addEventListener("click", (event) => {
  if (event.target.classList.contains("copy")) { copy(event.target); }
  // Links within the page keep the filters of the address.
  const followed = event.target.closest('a[href^="#"]');
  if (followed && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const id = decoded(followed.getAttribute("href").slice(1));
    const asked = query();
    history.pushState(null, "", followed.getAttribute("href") + (asked ? "?" + asked : ""));
    reveal(id);
  }
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  const action = { "/": () => byId("_search").focus(), n: () => jump(1), p: () => jump(-1) }[event.key];
  if (action) { event.preventDefault(); action(); }
});
addEventListener("hashchange", followAddress);
addEventListener("popstate", followAddress);
addEventListener("beforeprint", () => {
  for (const { box } of problems) { if (!box.hidden) { layOutProblem(box); box.open = true; } }
});
// What is jumped to stands below the bar that stays in sight.
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", form.offsetHeight + "px")).observe(form);
if (problems.length === 1) { layOutProblem(problems[0].box); problems[0].box.open = true; }
followAddress();
// A reload would put the page back where it was before the case was opened.
if (location.hash) { history.scrollRestoration = "manual"; }
addEventListener("load", () => reveal(decoded(location.hash.slice(1).split("?", 1)[0])));
