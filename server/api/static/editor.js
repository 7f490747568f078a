"use strict";
// The query page with script: the editor with completion from our own data, runs of the gallery,
// downloads from the server, links that keep the query in their fragment, and queries kept here.
(() => {
  const place = document.getElementById("editor");
  if (!place || typeof Yasgui === "undefined") return;
  const { element } = PeelgraphResults;
  const { Yasqe, Yasr } = Yasgui;
  const plain = document.querySelector("#plain textarea");
  const take = document.getElementById("take"), keep = document.getElementById("keep");
  const told = document.getElementById("told");
  const KEPT = "peelgraph-own-queries";
  const MOST_SHOWN = 50;

  // Completion: classes, properties and prefixes of the version that is served.
  let known = { prefixes: {}, classes: [], properties: [] };
  const terms = fetch(place.dataset.terms).then((response) => response.json())
    .then((found) => { known = found; return found; }, () => known);

  function completions(kind) {
    return async (yasqe, token) => {
      const offered = (await terms)[kind];
      const written = (token && (token.autocompletionString || token.string)) || "";
      const word = written.replace(/^.*[:#/]/, "").toLowerCase();
      const fits = (term) => term.iri.startsWith(written) ||
        (!written.includes("/") && (nameOf(term.iri).toLowerCase().includes(word) ||
          (term.label || "").toLowerCase().includes(word)));
      const first = (term) => (nameOf(term.iri).toLowerCase().startsWith(word) ? 0 : 1);
      return offered.filter(fits).sort((one, other) => first(one) - first(other))
        .slice(0, MOST_SHOWN).map((term) => term.iri);
    };
  }

  const nameOf = (iri) => iri.replace(/^.*[#/]/, "");

  /** The shortest way to write an address under the prefixes that the query declares. */
  function shortened(yasqe, token, iri) {
    for (const [prefix, whole] of Object.entries(yasqe.getPrefixesFromQuery())) {
      if (whole && iri.startsWith(whole) && /^[\w-]+$/.test(iri.slice(whole.length))) {
        return `${prefix}:${iri.slice(whole.length)}`;
      }
    }
    return `<${iri}>`;
  }

  const local = { bulk: false, persistenceId: null, postProcessSuggestion: shortened };
  Yasqe.forkAutocompleter("class", { ...local, name: "local-class", get: completions("classes") });
  Yasqe.forkAutocompleter("property", { ...local, name: "local-property", get: completions("properties") });
  Yasqe.forkAutocompleter("prefixes", {
    name: "local-prefixes", bulk: true, persistenceId: null,
    get: async () => Object.entries((await terms).prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
  });

  for (const name of ["pivot", "map", "chart"]) Yasr.registerPlugin(name, PeelgraphResults[name]);
  Yasr.defaults.pluginOrder = ["table", "pivot", "map", "chart", "response"];
  Yasr.defaults.errorRenderers = [problem];
  Yasr.defaults.plugins.table.dynamicConfig = { compact: true, isEllipsed: false };

  /** A problem document in words, with a link to what it means. */
  async function problem(error) {
    let found;
    try { found = JSON.parse(error.text); } catch { return undefined; }
    if (!found || typeof found.type !== "string" || !found.type.startsWith("/problems/")) return undefined;
    const lines = ["place", "expected", "action"].filter((name) => found[name])
      .map((name) => element("p", { textContent: `${name[0].toUpperCase()}${name.slice(1)}: ${found[name]}` }));
    return element("div", {},
      element("p", {}, element("b", { textContent: String(found.title) }), ` ${found.detail}`), ...lines,
      element("p", {}, element("a", { href: found.type, textContent: "What this means" })));
  }

  document.getElementById("plain").hidden = true;
  for (const each of [place, take, keep, document.getElementById("keys")]) each.hidden = false;
  const watch = new MutationObserver(() => name(place));
  watch.observe(place, { childList: true, subtree: true });

  const yasgui = new Yasgui(place, {
    persistenceId: "peelgraph",
    populateFromUrl: false,
    autofocus: false,
    requestConfig: { endpoint: new URL(place.dataset.endpoint, location.href).href, method: "POST" },
    endpointCatalogueOptions: { getData: () => [], keys: [] },
    yasr: { prefixes: () => known.prefixes },
    yasqe: {
      value: plain.value,
      autocompleters: ["local-class", "local-property", "local-prefixes", "variables"],
      prefixCcApi: null,
      createShortLink: undefined,
      createShareableLink: undefined,
      resizeable: true,
    },
  });
  const tab = yasgui.getTab();
  tab.setEndpoint(new URL(place.dataset.endpoint, location.href).href);
  const editor = tab.getYasqe();
  // Tab moves on to the next control, as everywhere; in a list of completions it takes one.
  editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: false, "Shift-Tab": false });
  name(place);

  /** Names for what the editor leaves nameless; the observer calls this after each change. */
  function name(root) {
    for (const area of root.querySelectorAll(".CodeMirror textarea:not([aria-label])")) {
      area.setAttribute("aria-label", "SPARQL query");
    }
    for (const scrolled of root.querySelectorAll('.CodeMirror-scroll[tabindex="-1"]')) {
      scrolled.setAttribute("tabindex", "0");
    }
    for (const size of root.querySelectorAll("select.tableSizer:not([aria-label])")) {
      size.setAttribute("aria-label", "Rows on a page");
    }
    for (const field of root.querySelectorAll("input.tableFilter:not([aria-label])")) {
      field.setAttribute("aria-label", "Filter the rows");
    }
    for (const head of root.querySelectorAll("table.dataTable thead th:empty")) {
      head.append(element("span", { className: "unseen", textContent: "Row" }));
    }
    for (const scrolled of root.querySelectorAll(".yasr_results:not([tabindex])")) {
      scrolled.setAttribute("tabindex", "0");
      scrolled.setAttribute("role", "region");
      scrolled.setAttribute("aria-label", "Answer");
    }
  }

  // Downloads come from the server, so that they are what programs get.
  const graphs = /^\s*(?:(?:#.*|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)\s*)*(?:CONSTRUCT|DESCRIBE)\b/i;
  function suit() {
    const graph = graphs.test(editor.getValue());
    take.querySelector(".for-table").hidden = graph;
    take.querySelector(".for-graph").hidden = !graph;
  }
  editor.on("change", suit);
  suit();
  take.addEventListener("submit", () => { take.elements.query.value = editor.getValue(); });
  document.getElementById("share").addEventListener("click", async () => {
    const link = new URL(location.href);
    link.hash = `query=${encodeURIComponent(editor.getValue())}`;
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link.href);
      told.textContent = "The link is copied.";
    } catch {
      told.textContent = "The link is in the address bar.";
    }
  });

  function set(text) {
    tab.setQuery(text);
    editor.setValue(text);
  }

  function run() {
    editor.query().catch(() => {});
    place.scrollIntoView({ block: "start" });
  }

  /** Put a saved query with its parameters into the editor, and run it. */
  async function ask(query, parameters) {
    const given = new URLSearchParams([...parameters].filter(([, value]) => value));
    const response = await fetch(`/q/${encodeURIComponent(query)}.rq?${given}`, { headers: { Accept: "application/sparql-query, application/problem+json" } });
    if (!response.ok) {
      const found = await response.json();
      told.textContent = [found.detail, found.expected].filter(Boolean).join(" Expected: ");
      told.scrollIntoView({ block: "center" });
      return;
    }
    told.textContent = "";
    set(await response.text());
    run();
  }

  document.getElementById("gallery").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(event.target.dataset.name, new FormData(event.target));
  });

  // The user's own queries, in this browser alone.
  function own() {
    try { return JSON.parse(localStorage.getItem(KEPT)) || {}; } catch { return {}; }
  }

  function list() {
    const queries = own();
    document.getElementById("kept").replaceChildren(...Object.keys(queries).map((title) => {
      const open = element("button", { type: "button", textContent: title });
      const drop = element("button", { type: "button", textContent: "×" });
      drop.setAttribute("aria-label", `Forget ${title}`);
      open.addEventListener("click", () => set(queries[title]));
      drop.addEventListener("click", () => {
        const { [title]: gone, ...left } = own();
        localStorage.setItem(KEPT, JSON.stringify(left));
        list();
      });
      return element("li", {}, open, " ", drop);
    }));
  }
  keep.addEventListener("submit", (event) => {
    event.preventDefault();
    const title = document.getElementById("keep-name");
    localStorage.setItem(KEPT, JSON.stringify({ ...own(), [title.value]: editor.getValue() }));
    title.value = "";
    list();
  });
  list();

  // A link to a query: its text after #query=, or the name and parameters of a saved one.
  function follow() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("query")) set(asked.get("query"));
    if (asked.has("q")) {
      const query = asked.get("q");
      asked.delete("q");
      ask(query, asked);
    }
  }
  addEventListener("hashchange", follow);
  follow();
})();
