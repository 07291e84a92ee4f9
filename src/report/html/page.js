// Search and filters, links to a case, and copying.
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const form = document.querySelector(".filters");
const cases = all(".case").map((box) => ({
  box,
  words: [box.id, box.querySelector(".title").textContent, box.dataset.r, box.parentNode.getAttribute("aria-label")].join(" ").toLowerCase(),
}));
// Newer cases are found like others, and not counted.
const uncounted = new Set(all(".uncounted .case"));
const requirements = all(".requirement").map((box) => ({ box, words: box.querySelector(".what").textContent.toLowerCase() }));
const topics = all(".topic").map((box) => ({ box, open: box.open }));

function chosen(name) {
  return all("input[name=" + name + "]:checked", form).map((box) => box.value);
}

function among(list, value) {
  return !list.length || value.split(" ").some((one) => list.includes(one));
}

/** The filter of the form: whether it shows a row; null where it shows all. */
function rowFilter() {
  const words = byId("_search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [verdicts, categories, levels] = ["verdict", "category", "level"].map(chosen);
  const feature = byId("_feature") ? byId("_feature").value : "";
  if (!words.length && !verdicts.length && !categories.length && !levels.length && !feature) { return null; }
  return (row) => {
    const { v, c, l, f } = row.box.dataset;
    return among(verdicts, v) && among(categories, c) && among(levels, l) && (!feature || f.split(" ").includes(feature)) &&
      words.every((word) => row.words.includes(word));
  };
}

/** Shows the rows that fit, and returns their number. */
function show(rows, fits) {
  let shown = 0;
  for (const row of rows) {
    row.box.hidden = fits !== null && !fits(row);
    shown += row.box.hidden || uncounted.has(row.box) ? 0 : 1;
  }
  return shown;
}

function filter() {
  const fits = rowFilter();
  const [shownRequirements, shownCases] = [show(requirements, fits), show(cases, fits)];
  for (const suite of all(".suite")) { suite.hidden = !suite.querySelector(".case:not([hidden])"); }
  for (const topic of topics) {
    topic.box.hidden = !topic.box.querySelector(".requirement:not([hidden])");
    topic.box.open = fits === null ? topic.open : !topic.box.hidden;
  }
  const count = (shown, rows, word) => (fits ? shown + " of " + (rows === cases ? rows.length - uncounted.size : rows.length) : shown) + " " + word;
  byId("_shown").textContent = count(shownRequirements, requirements, "requirements") + ", " + count(shownCases, cases, "cases");
  const none = all(".lead.none");
  none[0].hidden = shownRequirements > 0;
  none[1].hidden = shownCases > 0;
}

/** Brings what the address names into view: a case, an exchange of it, a requirement, a part of the page. */
function reveal() {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch (error) { /* Not an address that this page made. */ }
  const named = byId(id) || byId("requirement/" + id);
  const [owner] = id.split("@");
  const box = named || byId(owner);
  if (!id || !box) { return; }
  const row = box.closest(".case, .requirement");
  if (row && row.hidden) { form.reset(); filter(); }
  for (let part = box; part; part = part.parentElement) {
    if (part.tagName === "DETAILS") { open(part); }
  }
  const target = byId(id) || box;
  for (const part of all(":scope > details", target)) { part.open = true; }
  target.scrollIntoView();
  for (const part of all(".here")) { part.classList.remove("here"); }
  target.classList.add("here");
}

function open(details) {
  if (details.classList.contains("case")) { layOut(details); }
  details.open = true;
}

function copy(button) {
  const source = button.parentNode.querySelector("pre");
  const report = (word) => {
    byId("_status").textContent = word;
    button.textContent = word;
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  // Pages opened from a file have no clipboard in some browsers: then the command is selected instead.
  const select = () => {
    getSelection().selectAllChildren(source);
    report(document.execCommand("copy") ? "Copied" : "Selected");
  };
  if (navigator.clipboard) {
    navigator.clipboard.writeText(source.textContent).then(() => report("Copied"), select);
  } else {
    select();
  }
}

function openFailing() {
  for (const { box } of cases) {
    if (!box.hidden && (box.dataset.v === "fail" || box.dataset.v === "warn")) { open(box); }
  }
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter, 0));
byId("_expand").addEventListener("click", openFailing);
for (const { box } of cases) {
  box.addEventListener("toggle", () => { if (box.open) { layOut(box); } });
}
document.addEventListener("click", (event) => {
  if (event.target.classList.contains("copy")) { copy(event.target); }
  // An address that is there already changes nothing, and is to be followed all the same.
  const followed = event.target.closest('a[href^="#"]');
  if (followed && followed.getAttribute("href") === location.hash) { setTimeout(reveal, 0); }
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId("_search").focus();
  }
});
addEventListener("hashchange", reveal);
addEventListener("beforeprint", openFailing);
filter();
reveal();
// A reload would put the page back where it was before the case was opened.
if (location.hash) { history.scrollRestoration = "manual"; }
addEventListener("load", reveal);
