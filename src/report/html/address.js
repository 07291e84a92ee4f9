// The address: `#ID` names a case, an exchange (`ID@3`), a requirement or a part of the page; `?` and what follows are the
// filters, the search and the opened cases. Ids have no `?`: links escape it.

const KINDS = ["verdict", "level", "category", "feature"];
const state = { q: "", open: new Set(), ...Object.fromEntries(KINDS.map((kind) => [kind, new Set()])) };
/** The most opened cases that an address names. */
const MOST_OPEN = 20;

function decoded(part) {
  try { return decodeURIComponent(part); } catch (error) { return part; }
}

/** Reads the address into the state, and returns the id that it names. */
function readAddress() {
  const [named, query = ""] = location.hash.slice(1).split("?", 2);
  const asked = new URLSearchParams(query);
  state.q = asked.get("q") || "";
  for (const kind of [...KINDS, "open"]) { state[kind] = new Set(asked.getAll(kind)); }
  return decoded(named);
}

function query() {
  const asked = new URLSearchParams();
  if (state.q) { asked.set("q", state.q); }
  for (const kind of KINDS) { for (const one of state[kind]) { asked.append(kind, one); } }
  for (const one of Array.from(state.open).slice(-MOST_OPEN)) { asked.append("open", one); }
  return asked.toString();
}

/** Writes the state into the address, with the id that it names; without one, the id stays. */
function writeAddress(id) {
  const [before] = location.hash.slice(1).split("?", 1);
  const name = id === undefined ? before : anchor(id).slice(1);
  const asked = query();
  const hash = "#" + name + (asked ? "?" + asked : "");
  if (hash !== location.hash && (hash !== "#" || location.hash)) { history.replaceState(null, "", hash); }
}
