// A violated requirement as a card, and the content of a problem, made when it is opened.

const requirementOf = new Map(index.requirements.map((one) => [one.id, one]));

/** The cases that test a requirement and came to a verdict about it. */
function tried(known, failing) {
  const reached = (at) => ["pass", "fail", "warn"].includes(index.cases[at].verdict);
  return new Set(known.cases.filter(reached).concat(failing)).size;
}

/** The request that shows a violation, and its response, folded. */
function shownBy(at, checkAt) {
  const [, checks, exchanges] = evidence.cases[at];
  const seen = checks[checkAt][6];
  const fields = seen === null ? undefined : exchanges[seen];
  if (!fields || !fields[6]) { return null; }
  const [step, method, address, status, , , request, response, curl] = fields;
  const line = make("code", "", text(method) + " " + pathOf(address) + ": " + (status || "no response"));
  const box = make("details", "shown-by", make("summary", "", "Request and response: ", line));
  box.addEventListener("toggle", () => {
    if (box.children.length > 1) { return; }
    box.append(make("p", "step", text(step)), make("div", "messages", message("Request", request), message("Response", response)), curlLine(curl) ?? "");
  });
  return box;
}

/** The reason of the level: what it rests on, and why. */
function basis(known) {
  if (!known || !(known.basis || known.why)) { return null; }
  const parts = known.basis ? coded(known.basis) : [];
  if (known.why) { parts.push(" ", ...coded(known.why)); }
  return make("p", "basis", ...parts);
}

/** A card: the requirement, its basis, the difference, the commands, and its cases. `reproducible` is the case whose script shows it. */
function card(id, evidenceOf, reproducible) {
  const [[at, checkAt]] = evidenceOf;
  const [, level, verdict, extra, expected, actual] = evidence.cases[at][1][checkAt];
  const known = requirementOf.get(id);
  const failing = evidenceOf.map(([one]) => one);
  const head = make("h4", "", sign(verdict), " ", link("id", anchor("requirement/" + id), id), " ", make("span", "level", level));
  const says = known ? make("p", "says", ...coded(known.says), " ", link("nowrap", known.link, known.section)) : null;
  const all = known ? tried(known, failing) : failing.length;
  return make("article", "finding v-" + verdict, head, says,
    both(expected, actual),
    text(extra) ? make("p", "step", ...coded(text(extra))) : null,
    basis(known),
    commands(id, failing, reproducible),
    shownBy(at, checkAt),
    make("p", "shown", make("span", "", failing.length + " of " + count(all, "case") + (failing.length === 1 && all === 1 ? " fails: " : " fail: ")), named(failing)));
}

/** The content of a problem, once. */
function layOutProblem(box) {
  const inside = box.querySelector(".inside");
  if (inside.dataset.done) { return; }
  inside.dataset.done = "yes";
  const { findings, cases, blocks } = index.problems[box.dataset.at];
  inside.append(...findings.filter(([, shown]) => shown.length).map((finding) => card(...finding)));
  if (!findings.length && cases.length) {
    inside.append(make("p", "shown", make("span", "", count(cases.length, "case") + ": "), named(cases)));
  }
  if (blocks.length) {
    inside.append(make("p", "shown t-blocked", make("span", "", "⊘ blocks " + count(blocks.length, "case") + ": "), named(blocks)));
  }
}
