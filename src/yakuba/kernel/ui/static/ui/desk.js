// The desk's keyboard and its source lines; both only improve what links already do.
import { enhance, make, tell } from "./common.js";

const STORED = "yakuba.keys";
const english = document.documentElement.lang.startsWith("en");
const KEYS = english
  ? [["j", "next row"], ["k", "previous row"], ["Enter", "open the row"], ["/", "search"], ["Esc", "leave the form without saving"], ["?", "these keys"]]
  : [["j", "次の行"], ["k", "前の行"], ["Enter", "行を開く"], ["/", "検索"], ["Esc", "直すのをやめる"], ["?", "このキーの一覧"]];

// A browser that cannot unfold the menu by its style sheet has it unfolded here, where there is room.
const fold = document.querySelector(".desk-fold");
if (fold && !CSS.supports("selector(::details-content)") && matchMedia("(min-width: 60rem)").matches) fold.open = true;

const keysAreOn = () => localStorage.getItem(STORED) !== "off";
const markKeys = () => document.documentElement.classList.toggle("keys-off", !keysAreOn());
const TYPED_INTO = "input, textarea, select, [contenteditable], dialog";

/** The switch that turns single keys off and on. */
function keySwitch() {
  const label = make("label", "", "choice");
  const box = make("input");
  box.type = "checkbox";
  box.checked = keysAreOn();
  box.addEventListener("change", () => {
    localStorage.setItem(STORED, box.checked ? "on" : "off");
    markKeys();
  });
  label.append(box, make("span", english ? "Use these keys" : "これらのキーを使う"));
  return label;
}

/** Single keys must be possible to turn off (WCAG 2.1.4): people dictate, and switch controls send letters. */
function showKeys() {
  const body = make("div", "", "flow");
  const list = make("dl", "", "facts");
  for (const [key, meaning] of KEYS) {
    const row = make("div");
    const term = make("dt");
    term.append(make("kbd", key));
    row.append(term, make("dd", meaning));
    list.append(row);
  }
  body.append(list, keySwitch());
  tell(english ? "Keys" : "キー操作", body);
}

function move(list, by) {
  const rows = [...list.querySelectorAll("tbody tr")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
  next?.querySelector("a, button, input")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function listKeys() {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.(TYPED_INTO);
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "?") return document.querySelector("[data-keys-of-page]") ? openPageKeys() : showKeys();
    const list = document.activeElement?.closest("[data-list]") ?? document.querySelector("[data-list]");
    if (!list || !keysAreOn()) return;
    if (event.key === "j") move(list, 1);
    else if (event.key === "k") move(list, -1);
    else if (event.key === "/") {
      event.preventDefault();
      list.querySelector("[data-list-search]")?.focus();
    }
  });
}

/** A page with keys of its own lists them itself. */
function openPageKeys() {
  const place = document.querySelector("[data-keys-of-page]");
  place.open = true;
  place.querySelector("summary").focus();
}

/** Buttons, links and folds that name keys in data-key are pressed by them: one press sends one answer. */
function pageKeys() {
  document.querySelector("[data-keys-of-page]")?.append(keySwitch());
  let going = false;
  addEventListener("pageshow", () => (going = false));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.(TYPED_INTO) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.repeat || going || !keysAreOn()) return;
    // What has the focus keeps its own Enter, and a frame that scrolls its arrows.
    if (event.key === "Enter" && event.target.closest?.("a, button, summary")) return;
    if (event.key.startsWith("Arrow") && event.target.closest?.(".table-scroll, summary")) return;
    const found = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key.split(" ").includes(event.key));
    if (!found) return;
    event.preventDefault();
    if (found.tagName === "SUMMARY") {
      found.parentElement.open = true;
      return found.parentElement.querySelector(".input")?.select();
    }
    going = true;
    setTimeout(() => (going = false), 5000);
    found.click();
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("details > form");
    if (!form || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key === "Escape") {
      form.parentElement.open = false;
      form.parentElement.querySelector("summary").focus();
    }
  });
}

/** Escape leaves an opened field by its own way out (unsaved text is asked about), and an input method keeps its Escape. */
function leaveForm() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || event.target.closest?.("dialog")) return;
    const form = event.target.closest?.("form[data-edit]") ?? document.querySelector("form[data-edit]");
    form?.querySelector(".form-actions a[href]")?.click();
  });
}

/** Who does not know the keys finds them above the list. */
function offerKeys() {
  for (const head of document.querySelectorAll("[data-list] .list-head")) {
    const button = make("button", english ? "Keys " : "キー操作 ", "button text small keys");
    button.type = "button";
    button.append(make("kbd", "?"));
    button.addEventListener("click", showKeys);
    head.append(button);
  }
}

/** Beside a draft: a field with data-source="line-203" marks that line of the document while it has the focus. */
function sourceLines() {
  const mark = (event, on) => {
    const id = event.target.closest?.("[data-source]")?.dataset.source;
    const line = id && document.getElementById(id);
    line?.classList.toggle("here", on);
    if (!on || !line) return;
    // Only the document's own frame moves: a page that scrolls under a pressed pointer swallows the click.
    const frame = line.closest("aside") ?? line.closest(".source");
    if (frame.scrollHeight <= frame.clientHeight) return;
    const above = line.getBoundingClientRect().top - frame.getBoundingClientRect().top;
    if (above < 0 || above > frame.clientHeight - 80) frame.scrollTop += above - 80;
  };
  // What the page opened with may stand below the end of its frame.
  const opened = document.querySelector("aside .source :is(mark, .whole)");
  const frame = opened?.closest("aside");
  if (frame && frame.scrollHeight > frame.clientHeight) {
    const below = opened.getBoundingClientRect().bottom - frame.getBoundingClientRect().bottom;
    if (below > -40) frame.scrollTop += below + 120;
  }
  document.addEventListener("focusin", (event) => mark(event, true));
  document.addEventListener("focusout", (event) => mark(event, false));
}

/** A form that came into the page takes the focus, as it would on a page of its own. */
function openedForms() {
  document.addEventListener("htmx:afterSettle", (event) => {
    const place = document.getElementById(event.detail.target?.id);
    place?.querySelector("[data-edit] .input")?.focus();
    // On a phone the source stands below everything; on a desk it is in view already.
    if (place?.id === "source" && place.getBoundingClientRect().top > innerHeight) place.scrollIntoView();
  });
}

enhance();
openedForms();
markKeys();
listKeys();
pageKeys();
leaveForm();
offerKeys();
sourceLines();
