// Narrows a long list of what may be placed to what somebody types; what is chosen stays chosen, seen or not.

const form = document.getElementById("pick");
const wanted = document.getElementById("cari");
const told = form.querySelector("[role=status]");
wanted.parentElement.hidden = false;
wanted.addEventListener("input", () => {
  const words = wanted.value.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const one of form.querySelectorAll("li")) {
    const fits = words.every((word) => one.dataset.words.includes(word));
    one.hidden = !fits;
    left += fits;
  }
  for (const part of form.querySelectorAll("fieldset")) part.hidden = !part.querySelector("li:not([hidden])");
  told.textContent = left ? "" : told.dataset.none;
});
// Enter in the field narrows, and places nothing yet.
wanted.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
