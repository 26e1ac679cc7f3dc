// The public map: it draws what the list beside it says, and each shows what the other selects.
import { make } from "../ui/common.js";
import { begun, open } from "./drawing.js";

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
