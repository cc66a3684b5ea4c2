// Says that what was typed is no number as soon as its field is left, and takes it back as soon as it is one. A first
// look only: what the pattern lets pass the server judges, and it says the same.

addEventListener("focusout", ({ target }) => judge(target));
addEventListener("input", ({ target }) => isDoubted(target) && judge(target));
addEventListener("written", ({ target }) => target.querySelectorAll("[data-number-like]").forEach(judge), true);

function judge(field) {
  const pattern = field.dataset?.numberLike;
  if (!pattern) return;
  const text = field.value.normalize("NFKC").toLowerCase().trim();
  const wrong = text !== "" && !new RegExp(`^(?:${pattern})$`).test(text);
  field.setAttribute("aria-invalid", wrong);
  const told = document.getElementById(field.getAttribute("aria-errormessage"));
  told.hidden = !wrong;
  told.nextElementSibling.hidden = wrong; // the hint says less of the same
}

function isDoubted(field) {
  return field.getAttribute?.("aria-invalid") === "true";
}
