import { enhance, make, tell } from "./common.js";

/**
 * Forms with data-unsent stay on the screen while the line is down: a browser would put its own page in their place, and what was
 * typed would be gone. Before such a form goes, the server is asked for the style sheet's head.
 */
function holdUnsent() {
  const there = document.querySelector("link[rel=stylesheet]").href;
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const { unsent, unsentMore } = form.dataset;
      if (!unsent || form.dataset.going === "yes") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (form.dataset.going) return;
      form.dataset.going = "asked";
      const button = event.submitter;
      const reached = await fetch(there, { method: "HEAD", cache: "no-store" }).catch(() => null);
      if (reached) {
        form.dataset.going = "yes";
        form.requestSubmit(button);
      }
      delete form.dataset.going;
      if (!reached) tell(unsent, make("p", unsentMore));
    },
    true,
  );
}

enhance();
holdUnsent();
