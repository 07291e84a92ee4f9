// Search: in the texts of a case, and in all that its evidence has.

const lower = (value) => value.toLowerCase();
const textsLower = () => (textsLower.made ??= evidence.texts.map(lower));

/** The positions of the texts of a case's evidence, and its other words: statuses and marked differences. */
function uses(at) {
  const [notes, checks, exchanges] = evidence.cases[at];
  const positions = new Set(notes), words = [];
  for (const [id, , , extra, expected, actual] of checks) {
    positions.add(id).add(extra);
    if (Array.isArray(expected)) { words.push(expected.join(""), actual.join("")); } else { positions.add(expected); }
  }
  for (const [step, method, address, status, , error, request, response, curl] of exchanges) {
    for (const one of [step, method, address, error]) { positions.add(one); }
    if (status) { words.push(String(status)); }
    for (const [headers, body, about] of request ? [request, response] : []) {
      for (const one of [...headers, body, about]) { positions.add(one); }
    }
    for (const one of curl || []) { positions.add(one); }
  }
  return { positions, words: lower(words.join("\n")) };
}

const known = new Map();
const usesOf = (at) => known.get(at) || (known.set(at, uses(at)), known.get(at));

/** For each word, whether a case has it. */
function inEvidence(words) {
  const found = words.map((word) => new Set(textsLower().flatMap((line, position) => (line.includes(word) ? [position] : []))));
  return (at, n) => {
    const { positions, words: own } = usesOf(at);
    if (own.includes(words[n])) { return true; }
    for (const position of found[n]) { if (positions.has(position)) { return true; } }
    return false;
  };
}

const caseWords = index.cases.map((one) => lower([one.id, one.title, one.suite].join(" ")));
const requirementWords = index.requirements.map((one) => lower([one.id, one.says, one.section].join(" ")));
const levelsOf = index.cases.map((one, at) => new Set(evidence.cases[at][1].map((check) => check[1])));
const featuresOf = index.requirements.map((one) => new Set(one.cases.flatMap((at) => index.cases[at].features)));

/** What the filters ask for, as tests of cases and requirements; null where they ask for nothing. */
function fitting({ q, verdict, level, category, feature }) {
  const words = lower(q).split(/\s+/).filter(Boolean);
  if (!words.length && ![verdict, level, category, feature].some((one) => one.size)) { return null; }
  const evident = inEvidence(words);
  const among = (wanted, has) => !wanted.size || has.some((one) => wanted.has(one));
  return {
    case: (at) => {
      const one = index.cases[at];
      return among(verdict, [one.verdict]) && among(category, [one.category]) && among(level, Array.from(levelsOf[at])) && among(feature, one.features) &&
        words.every((word, n) => caseWords[at].includes(word) || evident(at, n));
    },
    requirement: (at) => {
      const one = index.requirements[at];
      return among(verdict, [one.verdict]) && among(category, [one.category]) && among(level, [one.level]) && among(feature, Array.from(featuresOf[at])) &&
        words.every((word) => requirementWords[at].includes(word));
    },
  };
}
