// What is chosen for this device is worn at once and kept in its cookie, also without a link (lms/web/look.py).

const KEPT = 400 * 24 * 60 * 60; // seconds

export function begin(form) {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => wear(form));
  wear(form);
}

function wear(form) {
  const words = [...form.querySelectorAll("select")].map((select) => select.value).filter(Boolean);
  const { cookie, path } = form.dataset;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}=${words.join(".")}; path=${path}; max-age=${KEPT}; samesite=lax${secure}`;
  document.documentElement.dataset.look = words.join(" ");
  const paper = getComputedStyle(document.body).backgroundColor;
  for (const frame of document.querySelectorAll("[name=theme-color]")) frame.content = paper;
}
