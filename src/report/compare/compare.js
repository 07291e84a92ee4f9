// Search, filters, and what a row opens. Nothing here makes HTML of a text.
"use strict";
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const form = document.querySelector(".filters");
const groups = all(".group").map((box) => ({ box, open: box.open, parts: all(".part", box), rows: all(".row", box) }));
const words = new Map(groups.flatMap((group) => group.rows).map((row) => [row, (row.id + " " + row.dataset.s).toLowerCase()]));

function chosen(name) {
  return all("input[name=" + name + "]:checked", form).map((box) => box.value);
}

function among(list, value) {
  return !list.length || value.split(" ").some((one) => list.includes(one));
}

function filter() {
  const asked = byId("_search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [verdicts, levels, categories] = ["verdict", "level", "category"].map(chosen);
  const whole = !asked.length && !verdicts.length && !levels.length && !categories.length;
  let shown = 0, number = 0;
  for (const { box, open, parts, rows } of groups) {
    let within = 0;
    for (const row of rows) {
      const { v, l, c } = row.dataset;
      const fits = among(verdicts, v) && among(levels, l) && among(categories, c) && asked.every((word) => words.get(row).includes(word));
      row.hidden = !fits;
      if (!fits) { close(row); }
      within += fits ? 1 : 0;
    }
    for (const part of parts) {
      let next = part.nextElementSibling, any = false;
      for (; next && !next.classList.contains("part"); next = next.nextElementSibling) { any = any || !next.hidden; }
      part.hidden = !any;
    }
    box.hidden = !within;
    box.open = whole ? open : within > 0;
    shown += within;
    number += rows.length;
  }
  byId("_shown").textContent = (whole ? shown : shown + " of " + number) + " requirements";
  byId("_none").hidden = shown > 0;
  byId("_clear").hidden = whole;
}

function make(tag, name, ...inside) {
  const element = document.createElement(tag);
  element.className = name;
  element.append(...inside);
  return element;
}

const isOpen = (row) => row.nextElementSibling !== null && row.nextElementSibling.classList.contains("opened");

function close(row) {
  if (isOpen(row)) { row.nextElementSibling.remove(); }
  for (const one of all("button", row)) { one.setAttribute("aria-expanded", "false"); }
}

/** Opens a row below the row of a requirement: its sentence, and what each registry answered. */
function open(row) {
  const cell = document.createElement("td");
  cell.colSpan = row.children.length;
  const inside = make("div", "", make("p", "", row.dataset.s));
  for (const one of all("td button", row)) {
    const { n, m, k } = one.dataset;
    inside.append(make("p", "by", make("b", "", n), ": ", m, make("span", "id", k ? " (" + k + ")" : "")));
  }
  cell.append(inside);
  row.after(make("tr", "opened", cell));
  for (const one of all("button", row)) { one.setAttribute("aria-expanded", "true"); }
}

function reveal() {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch (error) { /* Not an address that this page made. */ }
  const row = id && byId(id);
  if (!row) { return; }
  if (row.hidden) { form.reset(); filter(); }
  const group = row.closest("details.group");
  if (group) { group.open = true; }
  row.scrollIntoView({ block: "center" });
  for (const other of all(".here")) { other.classList.remove("here"); }
  row.classList.add("here");
  if (row.classList.contains("row") && !isOpen(row)) { open(row); }
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter, 0));
document.addEventListener("click", (event) => {
  const pressed = event.target.closest(".row button");
  if (!pressed) { return; }
  const row = pressed.closest(".row");
  const was = isOpen(row);
  close(row);
  if (!was) {
    open(row);
    history.replaceState(null, "", "#" + encodeURIComponent(row.id));
  }
});
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    byId("_search").focus();
  }
});
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => { for (const { box } of groups) { box.open = true; } });
// The heads of the tables stand below the bar that stays in sight.
new ResizeObserver(() => document.documentElement.style.setProperty("--bar", form.offsetHeight + "px")).observe(form);
filter();
reveal();
