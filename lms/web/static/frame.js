// A page within a page of a platform: tells how tall it is, so that nobody scrolls in two places (LTI, lti.frameResize).
// The height is no secret: whoever is around us may know it.

// What stays at an edge of the screen – the clock of a quiz, that the link is lost, what is done with a passage – would be
// out of sight in a frame as tall as the page: such a page asks for most of a screen, and scrolls by itself.
const most = document.querySelector(".desk, [data-notes]") ? Math.round(screen.availHeight * 0.85) : Infinity;
const tell = () => {
  const height = Math.min(most, Math.ceil(document.documentElement.getBoundingClientRect().height));
  window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
};

// Many sites may stand in no frame, and would leave it empty: they open in a tab of their own.
const leave = ({ target }) => {
  const link = target.closest?.("a[href^='http']");
  if (link && link.origin !== location.origin) link.target = "_blank";
};

if (window.parent !== window) {
  new ResizeObserver(tell).observe(document.documentElement);
  // The page around may be there later than we are, and hear nothing of what was said before.
  for (const moment of [500, 2_000, 8_000, 20_000]) setTimeout(tell, moment);
  addEventListener("click", leave, true);
}
