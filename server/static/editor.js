// The editor of the query page: colours, brackets, completion, Ctrl-Enter. Without it the page has
// a plain text field that does the same.
import {
  autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completionKeymap,
  defaultKeymap, EditorState, EditorView, HighlightStyle, highlightSpecialChars, history,
  historyKeymap, keymap, lineNumbers, sparql, StreamLanguage, syntaxHighlighting, tags,
} from "./vendor/codemirror.js";

const field = document.getElementById("query");
const form = field.form;
const root = new URL("..", import.meta.url);

const KEYWORDS = (
  "ASK BASE BIND BY CONSTRUCT COUNT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP HAVING IN LIMIT " +
  "MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT UNION VALUES WHERE ASC DESC AS AVG " +
  "COALESCE CONCAT CONTAINS DATATYPE IF LANG LANGMATCHES MAX MIN REGEX REPLACE ROUND SAMPLE STR " +
  "STRENDS STRSTARTS SUM UCASE YEAR"
).split(" ");

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "#0b4f8a", fontWeight: "600" },
  { tag: [tags.variableName, tags.local(tags.variableName)], color: "#7a3e00" },
  { tag: [tags.string, tags.meta], color: "#1b6135" },
  { tag: tags.comment, color: "#565d66", fontStyle: "italic" },
  { tag: tags.atom, color: "#5b2a86" },
]);

let terms;
async function known() {
  terms ??= fetch(new URL(`query-terms.json?lang=${document.documentElement.lang}`, root))
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .catch(() => ({ prefixes: {}, terms: [] }));
  return terms;
}

// A term whose prefix the query does not declare yet brings the declaration along.
function applying(prefix, namespace) {
  return (view, completion, from, to) => {
    const text = view.state.doc.toString();
    const declared = new RegExp(`\\bprefix\\s+${prefix}:`, "i").test(text);
    const changes = [{ from, to, insert: completion.label }];
    if (!declared) changes.unshift({ from: 0, insert: `PREFIX ${prefix}: <${namespace}>\n` });
    const added = declared ? 0 : changes[0].insert.length;
    view.dispatch({ changes, selection: { anchor: from + added + completion.label.length } });
  };
}

async function complete(context) {
  const word = context.matchBefore(/[?$]?[\w-]*:?[\w-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  if (/^[?$]/.test(word.text)) {
    const variables = new Set(context.state.doc.toString().match(/[?$]\w+/g) ?? []);
    variables.delete(word.text);
    return { from: word.from, options: [...variables].map((label) => ({ label, type: "variable" })) };
  }
  const { prefixes, terms: named } = await known();
  const options = named.map(([label, detail]) => {
    const prefix = label.slice(0, label.indexOf(":"));
    return { label, detail, apply: applying(prefix, prefixes[prefix]) };
  });
  if (!word.text.includes(":")) {
    for (const label of KEYWORDS) options.push({ label, type: "keyword", boost: 1 });
    for (const [prefix, namespace] of Object.entries(prefixes)) {
      options.push({ label: `${prefix}:`, detail: namespace, apply: applying(prefix, namespace) });
    }
  }
  return { from: word.from, options, validFor: /^[\w-]*:?[\w-]*$/ };
}

// What is typed over a selection a browser gives the style of what stood there, as an attribute,
// which the policy of the page refuses.
function overSelection(event, view) {
  if (event.inputType !== "insertText" || view.state.selection.main.empty) return false;
  if (!event.data || /[()[\]{}"'\n]/.test(event.data)) return false;
  event.preventDefault();
  view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
  return true;
}

function run() {
  form.requestSubmit();
  return true;
}

// In a shadow tree its styles are made by script, which the policy of the page allows.
const host = document.createElement("div");
host.className = "editor";
const shadow = host.attachShadow({ mode: "open" });
field.after(host);
field.hidden = true;

const view = new EditorView({
  root: shadow,
  parent: shadow,
  doc: field.value,
  extensions: [
    lineNumbers(),
    highlightSpecialChars(),
    history(),
    bracketMatching(),
    closeBrackets(),
    StreamLanguage.define(sparql),
    syntaxHighlighting(colours),
    autocompletion({ override: [complete], icons: false }),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": field.labels[0].textContent,
      "aria-describedby": "query-help",
    }),
    keymap.of([
      { key: "Mod-Enter", run },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    EditorView.domEventHandlers({ beforeinput: overSelection }),
    EditorState.tabSize.of(2),
    EditorView.theme({
      "&": { border: "1px solid #848c97", backgroundColor: "#fff", fontSize: "14.5px" },
      "&.cm-focused": { outline: "3px solid #b35900", outlineOffset: "1px" },
      ".cm-scroller": { fontFamily: "ui-monospace, Menlo, Consolas, monospace", minHeight: "14rem" },
      ".cm-gutters": { color: "#565d66", backgroundColor: "#f3f5f8" },
      ".cm-completionDetail": { color: "#565d66", fontStyle: "normal" },
      ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "#0b4f8a", color: "#fff" },
      ".cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail": { color: "#fff" },
    }),
  ],
});

// What is written is what is sent, and what a share link holds.
function written() {
  return view.state.doc.toString();
}

form.addEventListener("submit", () => {
  field.value = written();
  // Servers and proxies bound addresses: a long query goes in the body.
  form.method = encodeURIComponent(field.value).length > 6000 ? "post" : "get";
});

const share = document.getElementById("share");
if (share) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const address = new URL(form.action);
    address.search = new URLSearchParams({ edit: written() });
    const told = document.getElementById("shared");
    told.value = address.href;
    told.hidden = false;
    told.select();
    try {
      await navigator.clipboard.writeText(address.href);
      document.getElementById("share-status").textContent = share.dataset.copied;
    } catch {
      document.getElementById("share-status").textContent = share.dataset.copy;
    }
  });
}
