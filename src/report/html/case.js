// A case, laid out when it is opened. The data is described in evidence.rs.

/** A requirement's name, its level, and the sentence and section that the page has of it. */
function requirement(id, level) {
  const known = requirementOf.get(id);
  const name = known ? link("id", anchor("requirement/" + id), id) : make("span", "id", id);
  const parts = [name, " ", make("span", "level", level), " "];
  if (known) { parts.push(...coded(known.says), " ", link("", known.link, "Specification")); }
  return parts;
}

/** What is the same by a key, together. */
function grouped(list, key) {
  const groups = new Map();
  for (const one of list) {
    const name = key(one);
    if (groups.has(name)) { groups.get(name).push(one); } else { groups.set(name, [one]); }
  }
  return Array.from(groups.values());
}

/** Checks that say the same, once, with how often. */
const folded = (checks) => grouped(checks, (one) => JSON.stringify([one[0], one[2], one[3], one[4], one[5]]));

const times = (number) => (number > 1 ? make("span", "times", "×" + number) : null);

/** A violated requirement: how it is violated first, and the other times folded. */
function violation(checks, name) {
  const [[id, level, verdict]] = checks;
  const [first, ...others] = folded(checks);
  const box = make("div", "violation v-" + verdict, make("p", "", sign(verdict), " ", ...requirement(text(id), level)), ...difference(first, name));
  if (others.length) {
    box.append(make("details", "others", make("summary", "", "and otherwise " + count(others.length, "time")), ...others.flatMap((group) => difference(group, name))));
  }
  return box;
}

/** Expected and actual of checks that say the same, and where they were made. */
function difference(group, name) {
  const [, , , message, expected, actual] = group[0];
  const seen = group.map((one) => one[6]).filter((at) => at !== null);
  const where = seen.length ? make("p", "where", "Seen in ", ...seen.slice(0, MOST_NAMED).flatMap((at, n) => [n ? ", " : "", link("", "#" + name + "@" + (at + 1), "exchange " + (at + 1))]),
    seen.length > MOST_NAMED ? " and " + (seen.length - MOST_NAMED) + " more" : "") : null;
  return [text(message) ? make("p", "step", ...coded(text(message))) : null, both(expected, actual), where].filter(Boolean);
}

/** A check where it was made, in a line. */
function check(group) {
  const [id, level, verdict, message, expected] = group[0];
  const detail = Array.isArray(expected) ? expected.join("") : text(expected) || text(message);
  return make("li", "", sign(verdict), make("span", "", make("span", "id", text(id)), " ", make("span", "level", level), " ", ...coded(detail), " ", times(group.length)));
}

const byLevel = (a, b) => a[1].localeCompare(b[1]);

function checks(list) {
  return make("ul", "checks", ...folded(list).map(check));
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

function exchange(fields, number, name, own) {
  const [, method, address, status, took, error, request, response, curl] = fields;
  const kind = status ? String(status)[0] : "x";
  const telling = ["fail", "warn"].find((verdict) => own.some((one) => one[2] === verdict));
  const line = [make("b", telling ? "t-" + telling : "s" + kind, status || "no response"), " ", make("code", "", text(method) + " " + pathOf(address)), " ", make("small", "", took)];
  const item = make("li", "");
  item.id = name + "@" + number;
  if (request) {
    const inside = make("div", "messages", message("Request", request), message("Response", response));
    const box = make("details", "", make("summary", "", ...line), inside);
    if (error !== null) { inside.after(make("p", "t-error", text(error))); }
    box.append(curlLine(curl) ?? "");
    box.open = Boolean(telling) || error !== null;
    item.append(box);
  } else {
    item.append(make("p", "line", ...line));
    if (error !== null) { item.append(make("p", "t-error", text(error))); }
  }
  if (own.length) { item.append(checks(own)); }
  return item;
}

/** Whether an exchange only prepares others: the case does not judge it, and it succeeded. */
function prepares(fields, own) {
  const [, , , status, , error] = fields;
  return !own.length && error === null && status >= 200 && status < 400;
}

/** The exchanges under the steps that they belong to; those that only prepare others are folded. */
function steps(exchanges, list, name) {
  const found = make("ol", "steps");
  let last = null, within = null, set = null;
  exchanges.forEach((fields, at) => {
    const own = list.filter((one) => one[6] === at);
    const item = exchange(fields, at + 1, name, own);
    item.dataset.number = at + 1;
    if (prepares(fields, own)) {
      if (!set) {
        set = make("details", "set-up", make("summary", ""), make("ol", "exchanges"));
        found.append(make("li", "", set));
      }
      item.prepend(make("h4", "", text(fields[0]) || "A request"));
      set.lastChild.append(item);
      set.firstChild.textContent = "Set-up: " + count(set.lastChild.children.length, "request");
      [last, within] = [null, null];
      return;
    }
    set = null;
    if (fields[0] !== last || !within) {
      last = fields[0];
      within = make("ol", "exchanges");
      found.append(make("li", "", make("h4", "", text(last) || "A request"), within));
    }
    within.append(item);
  });
  return found;
}

/** A note; the case that it refers to is a link. */
function noted(note) {
  const parts = note.match(/^(.*\(see )([^()\s]+)(\).*)$/s);
  const named = parts && index.cases.find((one) => one.id === parts[2]);
  return named ? [...coded(parts[1]), link("id", anchor(named.id), named.id), ...coded(parts[3])] : coded(note);
}

/** Lays a case out, once. */
function layOut(box) {
  if (box.querySelector(".inside")) { return; }
  const known = index.cases[box.dataset.at];
  const name = anchor(known.id).slice(1);
  const [notes, list, exchanges] = evidence.cases[box.dataset.at];
  const waited = known.waited ? ", waited " + known.waited : "";
  const inside = make("div", "inside", make("p", "about", link("", known.link, known.section), make("span", "", known.duration + waited), link("self", "#" + name, "Link to this case")));
  inside.append(commands(known.id, [box.dataset.at], ["fail", "warn"].includes(known.verdict) ? Number(box.dataset.at) : null));
  if (notes.length) { inside.append(make("ul", "notes", ...grouped(notes, (note) => text(note).replaceAll(/\d+ ms/g, "")).map((group) => make("li", "", ...noted(text(group[0])), " ", times(group.length))))); }
  const violated = list.filter((one) => one[2] === "fail" || one[2] === "warn").sort(byLevel);
  inside.append(...grouped(violated, (one) => one[0] + one[2]).map((group) => violation(group, name)));
  const apart = list.filter((one) => one[6] === null || !exchanges[one[6]]);
  if (apart.length) { inside.append(checks(apart)); }
  if (exchanges.length) { inside.append(steps(exchanges, list, known.id)); }
  box.append(inside);
}
