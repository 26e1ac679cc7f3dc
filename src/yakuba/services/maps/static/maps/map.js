// The public map: it draws what the list beside it says, and each shows what the other selects.
import { make } from "../ui/common.js";
import { begun, open } from "./drawing.js";

// Nearest first from where one is: the place is rounded to about a hundred metres before it leaves the device, and asked for only when pressed.
const near = document.querySelector("[data-near]");
if (near && "geolocation" in navigator && isSecureContext) {
  near.hidden = false;
  near.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      near.form.elements.namedItem("near").value = `${coords.latitude.toFixed(3)}, ${coords.longitude.toFixed(3)}`;
      near.form.requestSubmit();
    },
    () => { near.after(make("p", document.querySelector("[data-map]")?.dataset.nowhere ?? "", "muted")); },
  ));
}

begun((box, canvas) => {
  const words = box.dataset;
  const card = make("div", "", "map-card");
  card.setAttribute("role", "status");
  card.hidden = true;
  function show(title, href = "") {
    card.replaceChildren();
    const close = make("button", words.close);
    close.type = "button";
    close.addEventListener("click", () => { card.hidden = true; mark(null); drawing.focus(); });
    card.append(close, make("h3", title));
    if (href) {
      const link = make("a", words.open);
      link.href = href;
      card.append(link);
    }
    card.hidden = false;
  }
  const { drawing, mark } = open(box, canvas, { show, none: () => { card.hidden = true; }, notFound: show });
  box.append(card);
});
