// Improvements for both faces. Every page works without them.

/** Builds an element from text alone, so that nothing on a page can become markup. */
export function make(tag, text = "", className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

const words = document.documentElement.lang.startsWith("en")
  ? { cancel: "Cancel", close: "Close" }
  : { cancel: "やめる", close: "閉じる" };

/** Shows a modal dialog and resolves with the pressed button's value ("" when it was left). */
export function ask(title, body, buttons) {
  const dialog = document.createElement("dialog");
  const form = make("form");
  form.method = "dialog";
  const heading = make("h2", title);
  heading.id = "dialog-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  const row = make("div", "", "row");
  for (const [value, label, look] of buttons) {
    const button = make("button", label, `button ${look}`);
    button.value = value;
    row.append(button);
  }
  form.append(heading, ...(body ? [body] : []), row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** Says one thing in a dialog. */
export const tell = (title, body) => ask(title, body, [["", words.close, "outlined"]]);

/** Buttons with data-question ask before their form goes. */
function confirmDanger() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-question]");
    if (!button?.form || button.dataset.answered) return;
    event.preventDefault();
    if (!button.form.reportValidity()) return;
    const answer = await ask(button.dataset.question, null, [
      ["", words.cancel, "outlined"],
      ["yes", button.textContent.trim(), "filled danger"],
    ]);
    if (answer !== "yes") return button.focus();
    button.dataset.answered = "yes";
    button.form.requestSubmit(button);
    delete button.dataset.answered;
  });
}

/** Leaving a page with text that was not sent asks the browser's own question. */
function guardUnsaved() {
  const dirty = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.method === "post") dirty.add(form);
  });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });
}

/** After a refused form the summary of its errors has the focus. */
function focusErrors() {
  document.querySelector("[data-focus]")?.focus();
}

/** Copies an address; without a secure context (a town hall's own network) the selection is copied instead. */
async function copy(field) {
  field.select();
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  document.execCommand("copy");
}

/** Buttons that only a script can serve are hidden until one is there. */
function scriptButtons() {
  for (const button of document.querySelectorAll("button[data-copy], button[data-print]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("button[data-copy], button[data-print]");
    if (!button) return;
    if ("print" in button.dataset) return window.print();
    await copy(document.getElementById(button.dataset.copy));
    button.nextElementSibling.textContent = button.dataset.done;
  });
}

export function enhance() {
  scriptButtons();
  confirmDanger();
  guardUnsaved();
  focusErrors();
}
