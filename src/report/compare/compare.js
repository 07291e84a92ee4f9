// Search and filters. What is shown is only hidden or not: nothing here makes HTML of a text.
"use strict";
const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
const form = document.querySelector(".filters");
const groups = all(".group").map((box) => ({ box, open: box.open, parts: all(".part", box), rows: all(".row", box) }));
const words = new Map(groups.flatMap((group) => group.rows).map((row) => [row, row.dataset.w.toLowerCase()]));

function chosen(name) {
  return all("input[name=" + name + "]:checked", form).map((box) => box.value);
}

function among(list, value) {
  return !list.length || value.split(" ").some((one) => list.includes(one));
}

function filter() {
  const asked = document.getElementById("_search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [verdicts, categories] = ["verdict", "category"].map(chosen);
  const whole = !asked.length && !verdicts.length && !categories.length;
  let shown = 0, number = 0;
  for (const { box, open, parts, rows } of groups) {
    let within = 0;
    for (const row of rows) {
      const fits = among(verdicts, row.dataset.v) && among(categories, row.dataset.c) && asked.every((word) => words.get(row).includes(word));
      row.hidden = !fits;
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
  document.getElementById("_shown").textContent = (whole ? shown : shown + " of " + number) + " requirements";
  document.getElementById("_none").hidden = shown > 0;
}

function reveal() {
  let id = location.hash.slice(1);
  try { id = decodeURIComponent(id); } catch (error) { /* Not an address that this page made. */ }
  const row = id && document.getElementById(id);
  if (!row) { return; }
  if (row.hidden) { form.reset(); filter(); }
  const group = row.closest("details.group");
  if (group) { group.open = true; }
  row.scrollIntoView({ block: "center" });
  for (const other of all(".here")) { other.classList.remove("here"); }
  row.classList.add("here");
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter, 0));
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("_search").focus();
  }
});
addEventListener("hashchange", reveal);
addEventListener("beforeprint", () => { for (const { box } of groups) { box.open = true; } });
filter();
reveal();
